# Python environments with PyTorch, JAX with NumPyro, and TensorFlow Probability (CPU, gigabytes), whose release needs an older JAX than
# NumPyro's: `$new` and `$old`, in a folder of their own, PEERS. To be sourced.
folder=${PEERS:-${TMPDIR:-/tmp}/reparam-peers}

environment() { # name, packages
    [ -x "$folder/$1/bin/python" ] || python3 -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet mpmath==1.3.0 scipy "${@:2}" >&2
}
environment new jax==0.10.2 numpyro==0.22.0 torch==2.15.0
environment old jax==0.4.35 jaxlib==0.4.35 tensorflow-probability==0.25.0
new=$folder/new/bin/python old=$folder/old/bin/python
