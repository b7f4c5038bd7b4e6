#!/usr/bin/env bash
# What other libraries report of derivatives of draws, held against closed forms and mpmath: the tables of the guide's
# chapters "Moving from other libraries" and "Why your gradient is wrong". Installs the libraries into a folder of its own
# (gigabytes): TensorFlow Probability's release needs an older JAX than NumPyro's.
set -euo pipefail
cd "$(dirname "$0")"
folder=${PEERS:-${TMPDIR:-/tmp}/reparam-peers}

environment() { # name, packages
    [ -x "$folder/$1/bin/python" ] || python3 -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet mpmath==1.3.0 scipy "${@:2}" >&2
}
environment new jax==0.10.2 numpyro==0.22.0 torch==2.15.0
environment old jax==0.4.35 jaxlib==0.4.35 tensorflow-probability==0.25.0

"$folder/new/bin/python" peers.py means
echo
date +%F
echo "| library | what | found | truth |"
echo "|---|---|---|---|"
"$folder/new/bin/python" peers.py torch jax numpyro
"$folder/old/bin/python" peers.py tfp
