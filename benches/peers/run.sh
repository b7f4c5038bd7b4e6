#!/usr/bin/env bash
# The race against PyTorch, JAX with NumPyro and TensorFlow Probability: one thread, float64, the same cases in turn. Writes its tables
# into docs/speed.md. Installs the libraries (CPU, gigabytes) into a folder of its own, PEERS; TensorFlow Probability's
# release needs an older JAX than NumPyro's.
#
# benches/peers/run.sh [ONLY [ROUNDS]]    cases whose names contain ONLY are printed and not written
set -euo pipefail
cd "$(dirname "$0")"
folder=${PEERS:-${TMPDIR:-/tmp}/reparam-peers}

environment() { # name, packages
    [ -x "$folder/$1/bin/python" ] || python3 -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet mpmath==1.3.0 scipy "${@:2}" >&2
}
environment new jax==0.10.2 numpyro==0.22.0 torch==2.15.0
environment old jax==0.4.35 jaxlib==0.4.35 tensorflow-probability==0.25.0
cargo build --locked --release --quiet --package peers

export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
new=$folder/new/bin/python
"$new" race.py "${2:-15}" "${1:-}" "ours=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/peers" \
    "torch=$new with_torch.py" "numpyro=$new with_jax.py numpyro" "tfp=$folder/old/bin/python with_jax.py tfp"
