//! Truncated laws from the bulk to 100 standard deviations out: what the textbook's formula gives there, and what draws
//! of a thin and of a fat tail know of their parameters.
//!
//! A draw beyond a bound a is z = F⁻¹(F(a) + u (1 - F(a))). Written that way it is differentiable on paper only: where
//! F(a) is 1 to the last digit, z is infinite and its derivatives are 0 or NaN; shortly before they are off by any factor. What simulations of rare events need of draws
//! out there, dz/da, dz/dmu and dz/dsigma, is perfectly ordinary: only dz/du = 1/f(z) of the whole law explodes.

use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;

/// Whose tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tail {
    /// The standard normal law's: thin.
    Normal,
    /// The standard logistic law's: fat.
    Logistic,
}

impl Tail {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Tail::Normal => "normal",
            Tail::Logistic => "logistic",
        }
    }

    /// z at a probability u of the law beyond the bound, by this crate.
    ///
    /// # Errors
    /// A parameter is outside of the law's range.
    pub fn quantile<S: Scalar>(self, [location, scale, bound]: [S; 3], u: f64) -> Result<S, LawError> {
        let infinite = S::from(f64::INFINITY);
        Ok(match self {
            Tail::Normal => TruncatedNormal::new(location, scale, bound, infinite)?.quantile(S::from(u)),
            Tail::Logistic => TruncatedLogistic::new(location, scale, bound, infinite)?.quantile(S::from(u)),
        })
    }

    /// The same by the textbook: F⁻¹(F(a) + u (1 - F(a))), with good F and F⁻¹ of the whole law.
    ///
    /// # Errors
    /// A parameter is outside of the law's range.
    pub fn textbook<S: Scalar>(self, [location, scale, bound]: [S; 3], u: f64) -> Result<S, LawError> {
        Ok(match self {
            Tail::Normal => by_distribution_function(&Normal::new(location, scale)?, bound, u),
            Tail::Logistic => by_distribution_function(&Logistic::new(location, scale)?, bound, u),
        })
    }

    /// The mean of the law beyond the bound, with its derivatives, without sampling.
    ///
    /// # Errors
    /// A parameter is outside of the law's range.
    pub fn mean<S: Scalar>(self, [location, scale, bound]: [S; 3]) -> Result<S, LawError> {
        let infinite = S::from(f64::INFINITY);
        let mean = match self {
            Tail::Normal => TruncatedNormal::new(location, scale, bound, infinite)?.mean(),
            Tail::Logistic => TruncatedLogistic::new(location, scale, bound, infinite)?.mean(),
        };
        Ok(mean.unwrap_or(S::from(f64::NAN)))
    }

    /// The mean excess over a bound, and its derivatives, from draws of the standard law.
    ///
    /// # Errors
    /// The bound is outside of the law's range.
    pub fn excess(self, bound: f64, draws: u64, rng: &mut Generator) -> Result<Estimate<[f64; 3]>, Error> {
        type Three = Jet<f64, 3>;
        let f = |theta: [Three; 3], rng: &mut estimate::Handle<Three>| -> Result<Three, LawError> {
            let [location, scale, at] = theta;
            let infinite = Three::from(f64::INFINITY);
            // z minus a number: the derivatives are those of z
            Ok(match self {
                Tail::Normal => TruncatedNormal::new(location, scale, at, infinite)?.sample(rng),
                Tail::Logistic => TruncatedLogistic::new(location, scale, at, infinite)?.sample(rng),
            } - bound)
        };
        Ok(estimate::pathwise([0.0, 1.0, bound], f).samples(draws).run(rng)?)
    }

    /// |dz/du| of the whole standard law at z: 1/f(z), as its logarithm to the base 10.
    pub fn ln10_slope(self, z: f64) -> f64 {
        let ln_pdf = match self {
            Tail::Normal => Normal::new(0.0, 1.0).map(|law| law.ln_pdf(z)),
            Tail::Logistic => Logistic::new(0.0, 1.0).map(|law| law.ln_pdf(z)),
        };
        -ln_pdf.unwrap_or(f64::NAN) / std::f64::consts::LN_10
    }
}

fn by_distribution_function<S: Scalar>(law: &impl Continuous<S>, bound: S, u: f64) -> S {
    let below = law.cdf(bound);
    law.quantile(below + (-below + 1.0) * u)
}

/// How far two draws with derivatives are apart: the largest relative difference of the excess over the bound and of
/// the derivatives; infinite where one is no number.
pub fn difference(found: Jet<f64, 3>, right: Jet<f64, 3>, bound: f64) -> f64 {
    let pairs = [(found.re - bound, right.re - bound)].into_iter().chain(found.eps.into_iter().zip(right.eps));
    pairs.map(|(f, r)| ((f - r) / r).abs()).fold(0.0, |m, d| if d.is_nan() { f64::INFINITY } else { d.max(m) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;
    use std::f64::consts::{FRAC_2_PI, LN_2};

    /// bound, excess of the median, its derivatives in location, scale and bound, mean excess, derivative of the mean in
    /// the bound, by mpmath at 60 digits: z from erfc(z/√2) = erfc(a/√2)/2 and dz/da = φ(a)/(2 φ(z)); with the
    /// hazard h, h - a and h (h - a)
    const NORMAL: [[f64; 7]; 5] = [
        [
            0.0,
            0.674_489_750_196_081_7,
            0.372_291_234_322_659_8,
            0.674_489_750_196_081_7,
            0.627_708_765_677_340_1,
            0.797_884_560_802_865_4,
            FRAC_2_PI,
        ],
        [
            4.0,
            0.16110427859788082,
            0.035_121_190_825_215_4,
            0.301_589_041_898_742_4,
            0.9648788091747846,
            0.22560714448947107,
            0.953_327_161_602_577_4,
        ],
        [
            8.0,
            0.084_911_007_391_544_1,
            0.01020178695867843,
            0.16652530306097154,
            0.989_798_213_041_321_5,
            0.12136811223611268,
            0.985_675_116_556_659_1,
        ],
        [
            38.0,
            0.018_223_745_586_278_16,
            0.000_478_681_225_346_623_3,
            0.036_413_632_149_449_85,
            0.999_521_318_774_653_3,
            0.026_279_466_575_868_99,
            0.999_310_340_246_533_8,
        ],
        [
            100.0,
            0.006_930_538_752_429_414,
            6.928_673_286_787_515e-5,
            0.013_859_212_039_216_93,
            0.999_930_713_267_132_1,
            0.009_998_000_999_260_705,
            0.999_900_059_950_051_7,
        ],
    ];

    /// The same for the logistic law: z = ln(2 (1 + e^a) - 1), mean excess (1 + e^a) ln(1 + e^-a)
    const LOGISTIC: [[f64; 7]; 5] = [
        [
            0.0,
            1.0986122886681097,
            0.333_333_333_333_333_3,
            1.0986122886681097,
            0.666_666_666_666_666_6,
            1.3862943611198906,
            LN_2,
        ],
        [
            4.0,
            0.7022633214390952,
            0.009074714844313747,
            0.738_562_180_816_350_2,
            0.990_925_285_155_686_2,
            1.0091024154651392,
            0.990_952_487_547_329_5,
        ],
        [
            8.0,
            0.6933148978085725,
            0.000_167_703_184_875_702_9,
            0.694_656_523_287_578_1,
            0.9998322968151243,
            1.000_167_712_561_234,
            0.999_832_306_188_338_4,
        ],
        [38.0, LN_2, 1.5695663960240148e-17, 0.693_147_180_559_946, 0.99999999999999998, 1.0, 0.99999999999999998],
        [100.0, LN_2, 1.8600379880104178e-44, LN_2, 1.0, 1.0, 1.0],
    ];

    fn theta(bound: f64) -> [Jet<f64, 3>; 3] {
        Jet::variables([0.0, 1.0, bound])
    }

    fn rows() -> impl Iterator<Item = (Tail, [f64; 7])> {
        NORMAL.map(|row| (Tail::Normal, row)).into_iter().chain(LOGISTIC.map(|row| (Tail::Logistic, row)))
    }

    #[test]
    fn medians_and_their_derivatives_are_right_at_any_distance() {
        for (tail, [bound, excess, dlocation, dscale, dbound, ..]) in rows() {
            let z = tail.quantile(theta(bound), 0.5).unwrap();
            assert!((z.re - bound - excess).abs() < 1e-15 * (1.0 + bound), "{tail:?} {bound}: {z:?}");
            for (found, right) in z.eps.iter().zip([dlocation, dscale, dbound]) {
                assert!((found - right).abs() < 1e-12 * right, "{tail:?} {bound}: {found} {right}");
            }
        }
    }

    #[test]
    fn the_textbook_loses_its_digits_and_then_everything() {
        let off = |tail: Tail, bound: f64| {
            let right = tail.quantile(theta(bound), 0.5).unwrap();
            difference(tail.textbook(theta(bound), 0.5).unwrap(), right, bound)
        };
        for tail in [Tail::Normal, Tail::Logistic] {
            assert!(off(tail, 0.0) < 1e-14);
            assert_eq!(off(tail, 100.0), f64::INFINITY);
        }
        // a digit of 1 - F(8) = 6e-16 is all that is left
        assert!(off(Tail::Normal, 8.0) > 1e-2, "{}", off(Tail::Normal, 8.0));
        assert_eq!(off(Tail::Normal, 9.0), f64::INFINITY);
    }

    #[test]
    fn expectations_of_draws_are_right_at_any_distance() {
        let mut rng = Generator::seed_from_u64(1);
        for (tail, [bound, .., mean, slope]) in rows() {
            let e = tail.excess(bound, 20_000, &mut rng).unwrap();
            assert!((e.value - mean).abs() < 5.0 * e.value_se, "{tail:?} {bound}: {e:?}");
            // far out the derivative hardly varies, and rounding is above its standard error
            assert!((e.gradient[2] - slope).abs() < 5.0 * e.gradient_se[2] + 1e-14, "{tail:?} {bound}: {e:?}");
            let exact = tail.mean(theta(bound)).unwrap();
            assert!((exact.eps[2] - slope).abs() < 1e-12, "{tail:?} {bound}: {exact:?}");
        }
    }
}
