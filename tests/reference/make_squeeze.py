"""The squeeze of `src/noise/gamma.rs`: 9 c² max over n of (1 - e^h)/(c n)⁴ by shapes, with the bound that the crate takes.

Marsaglia and Tsang accept u if ln u < h = n²/2 + d (1 - v + ln v), v = (1 + c n)³, c = 1/sqrt(9 d). With y = c n that is
h = d (3 ln(1 + y) - 3 y + 3 y²/2 - y³), about -3 d y⁴/4; u < 1 - k n⁴ implies it where k >= max (1 - e^h)/n⁴.
"""
from math import expm1, log1p, sqrt


def h_over_d(y):
    if abs(y) < 0.05:
        return 3 * sum((-1) ** (n + 1) * y**n / n for n in range(4, 40))
    return 3 * log1p(y) - 3 * y + 1.5 * y * y - y**3


def largest(d):
    width = d**-0.25
    points = [-i / 4000 for i in range(1, 4000)] + [3 * width * i / 4000 for i in range(-4000, 4001) if i]
    return max(-expm1(d * h_over_d(y)) / (d * y**4) for y in points if y > -1)


for shape in [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 16, 30, 50, 100, 1e3, 1e4, 1e6, 1e9]:
    d = shape - 1 / 3
    c = 1 / sqrt(9 * d)
    exact, bound = largest(d), 0.78 + 2.47 * c
    assert exact < bound
    print(f"shape {shape}: {exact:.4f} < {bound:.4f}, k = {bound * c * c / 9:.3g}, beyond the squeeze {3 * bound * c * c / 9:.2%}")
