#!/usr/bin/env bash
# What other libraries report of derivatives of draws, held against closed forms and mpmath: the tables of the guide's
# chapters "Moving from other libraries" and "Why your gradient is wrong". Installs the libraries (gigabytes).
set -euo pipefail
cd "$(dirname "$0")"
source ../benches/peers/environments.sh

"$new" peers.py means
echo
date +%F
echo "| library | what | found | truth |"
echo "|---|---|---|---|"
"$new" peers.py torch jax numpyro
"$old" peers.py tfp
