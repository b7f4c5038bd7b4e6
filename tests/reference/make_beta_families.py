#!/usr/bin/env python3
"""Writes logit_beta.csv and beta_prime.csv into the current folder, with the columns of `make_reference.py`."""
import random

from make_reference import beta_i, family, lu, mp, sigm, write_family

family(
    "logit_beta",
    ["alpha", "beta"],
    lambda x, a, b: beta_i(a, b, sigm(x)),
    lambda x, a, b: beta_i(b, a, sigm(-x)),
    lambda x, a, b: -a * mp.log1p(mp.exp(-x)) - b * mp.log1p(mp.exp(x)) - mp.log(mp.beta(a, b)),
    lambda r: [lu(r, 0.05, 200), lu(r, 0.05, 200)],
    [[1, 1], [0.05, 30]],
)
family(
    "beta_prime",
    ["alpha", "beta"],
    lambda x, a, b: beta_i(a, b, x / (1 + x)),
    lambda x, a, b: beta_i(b, a, 1 / (1 + x)),
    lambda x, a, b: (a - 1) * mp.log(x) - (a + b) * mp.log1p(x) - mp.log(mp.beta(a, b)),
    lambda r: [lu(r, 0.3, 200), lu(r, 0.3, 200)],
    [[1, 1], [0.5, 30]],
    (0, mp.inf),
)

if __name__ == "__main__":
    for name in ["logit_beta", "beta_prime"]:
        print(name, write_family(name, 8, random.Random(name), ".", False))
