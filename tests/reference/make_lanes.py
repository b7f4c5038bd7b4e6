"""The numbers in the tests of `src/noise/lanes.rs`: xoshiro256++ in eight lanes by integers, its noise in 50 digits.

`--errors` measures the polynomials of `src/noise/lanes/elementary.rs`, which Python's doubles compute as Rust's do.
"""
import random
import struct
import sys

import mpmath as mp

mp.mp.dps = 50
MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def rotated(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


def word(s):
    result = (rotated((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
    t = (s[1] << 17) & MASK
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotated(s[3], 45)
    return result


def jump(s):
    total = [0] * 4
    for w in [0x180EC6D33CFD0ABA, 0xD5A61266F0C9392C, 0xA9582618E03FC9AA, 0x39ABDC4529B1661C]:
        for bit in range(64):
            if w >> bit & 1:
                total = [a ^ x for a, x in zip(total, s)]
            word(s)
    s[:] = total


def open01(w):
    return (mp.mpf(w >> 12) * 2 + 1) / mp.mpf(2) ** 53


def noise(seed=42):
    s = [mix((seed + 0x9E3779B97F4A7C15 * (i + 1)) & MASK) for i in range(4)]
    lanes = []
    for _ in range(8):
        lanes.append(list(s))
        jump(s)
    first, second = ([word(lane) for lane in lanes] for _ in range(2))
    cosines, sines = [], []
    for u, v in zip(first, second):
        r = mp.sqrt(-2 * mp.log(open01(u)))
        t = (open01(v) - mp.mpf(1) / 2) * mp.pi / 2
        c, s = mp.cos(t), mp.sin(t)
        c = -c if v & 1 else c
        c, s = (s, c) if v >> 1 & 1 else (c, s)
        cosines.append(r * c)
        sines.append(r * s)
    for name, numbers in [
        ("uniforms", map(open01, first)),
        ("exponentials", (-mp.log(open01(u)) for u in first)),
        ("normals", cosines + sines),
    ]:
        print(name, ", ".join(mp.nstr(x, 17) for x in numbers))


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def of_bits(b):
    return struct.unpack("<d", struct.pack("<Q", b & MASK))[0]


HIGH, LOW, TWO_52 = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 2.0**52


def ln(x):
    above = (bits(x) - 0x3FE6A09E667F3BCD) & MASK
    k = float(((above + (1024 << 52)) & MASK) >> 52) - 1024.0
    f = of_bits((above & 0x000FFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * HIGH - ((half - (s * (half + (odd + even)) + k * LOW)) - f)


def exp(x):
    inverse = [1.0]
    factorial = 1.0
    for n in range(1, 14):
        factorial *= n
        inverse.append(1.0 / factorial)
    k = (x * 1.4426950408889634 + 1.5 * TWO_52) - 1.5 * TWO_52
    r = (x - k * HIGH) - k * LOW
    z = r * r
    even, odd = inverse[12], inverse[13]
    for n in (10, 8, 6, 4, 2):
        even = inverse[n] + z * even
        odd = inverse[n + 1] + z * odd
    return (1.0 + (r + z * (even + r * odd))) * 2.0 ** int(k)


def sin_cos(v):
    x = v * 1.5707963267948966
    z = x * x
    s = 1.58969099521155010221e-10
    for c in (-2.50507602534068634195e-08, 2.75573137070700676789e-06, -1.98412698298579493134e-04,
              8.33333333332248946124e-03, -1.66666666666666324348e-01):
        s = c + z * s
    c = -1.13596475577881948265e-11
    for a in (2.08757232129817482790e-09, -2.75573143513906633035e-07, 2.48015872894767294178e-05,
              -1.38888888888741095749e-03, 4.16666666666666019037e-02):
        c = a + z * c
    return x + x * z * s, 1.0 - (0.5 * z - z * z * c)


def errors(points=100_000):
    generator = random.Random(1)
    worst = [mp.mpf(0)] * 4
    for i in range(points):
        u = (generator.getrandbits(52) * 2 + 1) / 2.0**53
        u = u if i % 2 else 1.0 - u * 2.0 ** -generator.randrange(40)
        worst[0] = max(worst[0], abs(ln(u) / mp.log(u) - 1)) if u < 1.0 else worst[0]
        x = generator.uniform(-700, 700) if i % 2 else generator.uniform(-2, 2)
        worst[1] = max(worst[1], abs(exp(x) / mp.exp(x) - 1))
        v = (generator.getrandbits(52) * 2 + 1) / 2.0**53 - 0.5
        s, c = sin_cos(v)
        worst[2] = max(worst[2], abs(s / mp.sin(v * mp.pi / 2) - 1))
        worst[3] = max(worst[3], abs(c / mp.cos(v * mp.pi / 2) - 1))
    print("largest relative errors of ln, exp, sin, cos:", *(mp.nstr(w, 3) for w in worst))


if __name__ == "__main__":
    errors() if "--errors" in sys.argv else noise()
