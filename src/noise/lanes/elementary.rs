//! Elementary functions without a branch, a call or a table, of which compilers make lanes.
//!
//! Sums, products and quotients only, so that a number is the same on every target, in a lane or out of it. Polynomials
//! of logarithm, sine and cosine are those of fdlibm (`e_log.c`, `k_sin.c` and `k_cos.c`; Sun Microsystems 1993).

use core::f64::consts::{FRAC_PI_2, LOG2_E};

/// ln 2 in two parts; the first ends in 21 zeros, so that its multiples by an exponent are exact.
const LN_2_HIGH: f64 = 0.6931471803691238;
const LN_2_LOW: f64 = 1.9082149292705877e-10;

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// ln x of a positive normal x.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    // x = 2^k m with m in [sqrt(1/2), sqrt 2)
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    let above = x.to_bits().wrapping_sub(SQRT_HALF);
    // k + 1024 as the last bits of 2^52: few instruction sets convert 64-bit integers
    let k = f64::from_bits((above.wrapping_add(1024 << 52) >> 52) | TWO_52.to_bits()) - (TWO_52 + 1024.0);
    let m = f64::from_bits((above & 0x000f_ffff_ffff_ffff).wrapping_add(SQRT_HALF));
    // ln(1 + f) = f - f²/2 + s (f²/2 + r), with s = f/(2 + f) and r of s²
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
    let even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
    let half = 0.5 * f * f;
    k * LN_2_HIGH - ((half - (s * (half + (odd + even)) + k * LN_2_LOW)) - f)
}

/// c e^x, for any x and a c whose products with numbers around 1 are normal.
#[inline(always)]
pub(crate) fn times_exp(c: f64, x: f64) -> f64 {
    // beyond is 0 or infinity whatever c is
    let x = x.clamp(-1200.0, 1200.0);
    // k + 4096, of x = k ln 2 + r, as the last bits of 1.5 2^52
    let shifted = x * LOG2_E + (1.5 * TWO_52 + 4096.0);
    let k = shifted - (1.5 * TWO_52 + 4096.0);
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    // Taylor's polynomial, to 5e-18 for |r| <= ln(2)/2, in powers of r²
    let z = r * r;
    let even = INVERSE_FACTORIALS[2]
        + z * (INVERSE_FACTORIALS[4]
            + z * (INVERSE_FACTORIALS[6]
                + z * (INVERSE_FACTORIALS[8] + z * (INVERSE_FACTORIALS[10] + z * INVERSE_FACTORIALS[12]))));
    let odd = INVERSE_FACTORIALS[3]
        + z * (INVERSE_FACTORIALS[5]
            + z * (INVERSE_FACTORIALS[7]
                + z * (INVERSE_FACTORIALS[9] + z * (INVERSE_FACTORIALS[11] + z * INVERSE_FACTORIALS[13]))));
    let p = 1.0 + (r + z * (even + r * odd));
    // 2^k in two parts: only the last product leaves the range of doubles
    let k = shifted.to_bits() & 0x1fff;
    let half = k >> 1;
    let power = |part: u64| f64::from_bits(part.wrapping_sub(2048 - 1023) << 52);
    c * p * power(half) * power(k - half)
}

/// 1/n!
const INVERSE_FACTORIALS: [f64; 14] = {
    let mut inverse = [1.0; 14];
    let (mut n, mut factorial) = (1, 1.0);
    while n < 14 {
        factorial *= n as f64;
        inverse[n] = 1.0 / factorial;
        n += 1;
    }
    inverse
};

/// sin and cos of π/2 times a number in [-1/2, 1/2].
#[inline(always)]
pub(super) fn sin_cos_quarter(v: f64) -> (f64, f64) {
    let x = v * FRAC_PI_2;
    let z = x * x;
    let sin = x + x
        * z
        * (-0.16666666666666632
            + z * (0.00833333333332249
                + z * (-0.0001984126982985795
                    + z * (2.7557313707070068e-06 + z * (-2.5050760253406863e-08 + z * 1.58969099521155e-10)))));
    let cos = 1.0
        - (0.5 * z
            - z * z
                * (0.0416666666666666
                    + z * (-0.001388888888887411
                        + z * (2.480158728947673e-05
                            + z * (-2.7557314351390663e-07
                                + z * (2.087572321298175e-09 + z * -1.1359647557788195e-11))))));
    (sin, cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against libm, whose own errors are below a unit of the last place; against 50 digits they are 1.5e-16 of ln and exp,
    /// 2.5e-16 of sin and cos (`tests/reference/make_lanes.py --errors`).
    #[test]
    fn against_libm() {
        let mut worst = [0.0f64; 4];
        for i in 0..200_000 {
            let t = f64::from(i) / 200_000.0;
            for x in [t + 1e-9, 1.0 - t * 1e-3 - 1e-16, 2f64.powf(-53.0 * t), 1e-300 * (1.0 + t), 1e300 * (1.0 + t)] {
                worst[0] = worst[0].max((ln(x) / libm::log(x) - 1.0).abs());
            }
            for x in [1400.0 * t - 700.0, 2.0 * t - 1.0] {
                worst[1] = worst[1].max((times_exp(1.0, x) / libm::exp(x) - 1.0).abs());
            }
            let v = t - 0.5 + 1e-7;
            let (sin, cos) = sin_cos_quarter(v);
            worst[2] = worst[2].max((sin / libm::sin(v * FRAC_PI_2) - 1.0).abs());
            worst[3] = worst[3].max((cos / libm::cos(v * FRAC_PI_2) - 1.0).abs());
        }
        std::println!("{worst:?}");
        assert!(worst.iter().all(|error| *error < 4.5e-16), "{worst:?}");
    }

    /// Where e^x alone leaves the range of doubles, and where the product does.
    #[test]
    fn products_at_the_ends() {
        let close = |got: f64, want: f64| (got / want - 1.0).abs() < 1e-13;
        assert!(close(times_exp(1e-150, 1000.0), libm::exp(1000.0 - 150.0 * core::f64::consts::LN_10)));
        assert!(close(times_exp(1e150, -1000.0), libm::exp(150.0 * core::f64::consts::LN_10 - 1000.0)));
        assert_eq!(times_exp(1.0, 0.0), 1.0);
        assert_eq!([710.0, 1e300, f64::INFINITY].map(|x| times_exp(1.0, x)), [f64::INFINITY; 3]);
        assert_eq!([-746.0, -1e300, f64::NEG_INFINITY].map(|x| times_exp(1.0, x)), [0.0; 3]);
        assert_eq!(times_exp(1.0, -740.0), libm::exp(-740.0));
    }
}
