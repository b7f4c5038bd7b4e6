#!/usr/bin/env bash
# The race against PyTorch, JAX with NumPyro and TensorFlow Probability: one thread, float64, the same cases in turn. Writes its tables
# into docs/speed.md. Installs the libraries (CPU, gigabytes) into a folder of its own, PEERS; TensorFlow Probability's
# release needs an older JAX than NumPyro's.
#
# benches/peers/run.sh [ONLY [ROUNDS]]    cases whose names contain ONLY are printed and not written
set -euo pipefail
cd "$(dirname "$0")"
source environments.sh
cargo build --locked --release --quiet --package peers

export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
"$new" race.py "${2:-15}" "${1:-}" "ours=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/peers" \
    "torch=$new with_torch.py" "numpyro=$new with_jax.py numpyro" "tfp=$old with_jax.py tfp"
