//! The standard gamma law G, its powers and its logarithm, of which the laws of the gamma family are made.

mod ln;
mod power;

pub(crate) use ln::LnGamma;
pub(crate) use power::GammaPower;

use super::{NearEnd, Standard, Tabled, TabledInLanes, known_by};
use crate::distr::in_lanes::FirstOrder;
use crate::distr::table::{Formulas, GammaInverse, GammaLift, GammaTable, Nearer};
use crate::noise::Lanes;
use crate::noise::gamma::{GammaNoise, GammaSampler};
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{self, LARGE, Point};
use crate::special::{
    digamma, entropy_of_ln_gamma, inc_gamma_ln_p, inc_gamma_ln_p_inv, inc_gamma_ln_q, inc_gamma_ln_q_inv, inc_gamma_p,
    inc_gamma_p_inv, inc_gamma_q, inc_gamma_q_inv, ln_gamma,
};
use rand::Rng;

/// The gamma law with rate 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardGamma<S> {
    pub shape: S,
    sampler: GammaSampler,
    /// ψ(1 + a), which every lift needs.
    psi: f64,
}

impl<S: Scalar> StandardGamma<S> {
    /// The law with a valid shape.
    #[inline]
    pub fn new(shape: S) -> Self {
        let psi = if S::ORDER == 0 { 0.0 } else { digamma(1.0 + shape.re()) };
        StandardGamma { shape, sampler: GammaSampler::new(shape.re()), psi }
    }

    /// The plain draw, before its derivatives.
    #[inline(always)]
    pub fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        self.sampler.draw(rng)
    }

    /// The quantile function.
    pub fn inverse(&self) -> GammaInverse {
        GammaInverse::new(self.shape.re())
    }

    /// Plain draws in lanes.
    #[inline(always)]
    fn noise_in_lanes(&self, lanes: &mut Lanes, draws: usize, each: impl FnMut(usize, GammaNoise, f64)) {
        self.sampler.draw_in_lanes(lanes, draws, each);
    }

    /// G of a draw, whose value is x.
    #[inline(always)]
    fn of_noise(&self, by: &impl GammaLift, noise: &GammaNoise, x: f64) -> S {
        if S::ORDER == 0 || x == 0.0 {
            return S::from(x);
        }
        by.lift_x(self.shape, self.psi, noise, x)
    }

    /// ln G of a draw.
    #[inline]
    pub fn lift_ln(&self, noise: &GammaNoise) -> S {
        self.lift_ln_by(&Formulas, noise)
    }

    /// The same by formulas or a table.
    #[inline(always)]
    pub fn lift_ln_by(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        let w = noise.ln();
        if S::ORDER == 0 {
            return S::from(w);
        }
        by.lift(self.shape, self.psi, noise, noise.value()).ln_x(self.shape, w)
    }

    /// ln G^a of a draw, for shapes a below 1.
    #[inline(always)]
    fn lift_ln_power(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        by.lift_ln_power(self.shape, self.psi, noise, noise.value())
    }

    /// ln G at a uniform number in (0, 1), with its derivatives there.
    #[cfg(feature = "nalgebra")]
    pub fn ln_at(&self, u: f64) -> S {
        let at =
            if u <= 0.5 { inc_gamma::Probability::P(S::from(u)) } else { inc_gamma::Probability::Q(S::from(1.0 - u)) };
        inc_gamma::ln_inverse(self.shape, at)
    }

    /// ln(G/α) of a draw.
    #[inline]
    pub fn lift_ln_ratio(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        let value = noise.ln() - math::ln(self.shape.re());
        if S::ORDER == 0 {
            return S::from(value);
        }
        by.lift(self.shape, self.psi, noise, noise.value()).ln_ratio(self.shape, value)
    }

    /// The logarithm of the density of ln G at a point.
    #[inline]
    pub fn ln_pdf_of_ln(&self, at: &Point<S>) -> S {
        if self.shape.re() < LARGE {
            self.shape * at.w - at.x - ln_gamma(self.shape)
        } else {
            inc_gamma::ln_weight(at) + self.shape.ln()
        }
    }

    /// -E[ln f(ln G)]: the entropy of ln G.
    pub fn entropy_of_ln(&self) -> S {
        entropy_of_ln_gamma(self.shape)
    }
}

impl<S: Scalar> Standard<S> for StandardGamma<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let noise = self.noise(rng);
        self.of_noise(&Formulas, &noise, noise.value())
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        let a = self.shape;
        if z.re() <= 0.0 {
            return S::from(match a.re() {
                a if z.re() < 0.0 || a > 1.0 => f64::NEG_INFINITY,
                1.0 => 0.0,
                _ => f64::INFINITY,
            });
        }
        let at = Point::new(a, z);
        if a.re() < LARGE {
            // a ln z - ln z would round what is left of it near shape 1
            (a - 1.0) * at.w - z - ln_gamma(a)
        } else {
            self.ln_pdf_of_ln(&at) - at.w
        }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { inc_gamma_p(self.shape, z) }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { inc_gamma_q(self.shape, z) }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { inc_gamma_ln_p(self.shape, z) }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { inc_gamma_ln_q(self.shape, z) }
    }
    fn quantile(&self, p: S) -> S {
        inc_gamma_p_inv(self.shape, p)
    }
    fn isf(&self, q: S) -> S {
        inc_gamma_q_inv(self.shape, q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        inc_gamma_ln_p_inv(self.shape, ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        inc_gamma_ln_q_inv(self.shape, ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(self.shape)
    }
    fn variance(&self) -> Option<S> {
        Some(self.shape)
    }
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        Some(NearEnd { exponent: self.shape - 1.0, ln_factor: -z - ln_gamma(self.shape) })
    }
    fn entropy(&self) -> S {
        self.entropy_of_ln() + digamma(self.shape)
    }
    fn mode(&self) -> Option<S> {
        (self.shape.re() >= 1.0).then(|| self.shape - 1.0)
    }
    known_by!(|law| Gamma(law.shape.re()), SecondOfGamma, GammaTable);
}

impl<S: Scalar, const M: usize> Tabled<S, GammaTable<M>> for StandardGamma<S> {
    fn table(&self) -> GammaTable<M> {
        GammaTable::new(self.shape.re())
    }
    fn inverse(&self) -> GammaInverse {
        self.inverse()
    }

    type Noise = GammaNoise;

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        StandardGamma::noise(self, rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&GammaTable<M>>, noise: GammaNoise) -> S {
        self.of_noise(&table, &noise, noise.value())
    }
    #[inline(always)]
    fn quantile_by(&self, table: &GammaTable<M>, inverse: &GammaInverse, at: Nearer) -> Option<S> {
        let noise = inverse.noise(at)?;
        Some(self.of_noise(table, &noise, noise.value()))
    }
}

impl<S: FirstOrder<N>, const M: usize, const N: usize> TabledInLanes<S, GammaTable<M>, N> for StandardGamma<S> {
    #[inline(always)]
    fn draw_in_lanes(&self, table: &GammaTable<M>, lanes: &mut Lanes, draws: usize, mut each: impl FnMut(usize, S)) {
        self.noise_in_lanes(lanes, draws, |i, noise, x| each(i, self.of_noise(table, &noise, x)));
    }
}

#[cfg(test)]
mod tests {
    use crate::distr::{ChiSquared, Continuous, Gamma, InverseGamma, KlDivergence, LogGamma};

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs(), "{got} for {want}");
    }

    /// Integrals by mpmath; for large shapes the closed form in many digits.
    #[test]
    fn entropies_and_divergence() {
        for (shape, want) in
            [(0.3, -1.055968960722018), (2.5, 1.7299479095050544), (100.0, 3.718181948504746), (1e6, 8.326693478853393)]
        {
            close(Gamma::new(shape, 1.0).unwrap().entropy(), want, 2e-15);
        }
        close(InverseGamma::new(2.5, 1.0).unwrap().entropy(), 0.323_634_628_214_568, 4e-15);
        close(InverseGamma::new(40.0, 1.0).unwrap().entropy(), -4.097662074785109, 2e-15);
        let (f, g) = (Gamma::new(2.5, 3.0).unwrap(), Gamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        assert_eq!(f.kl_divergence(&f), 0.0);
        let (f, g) = (InverseGamma::new(2.5, 3.0).unwrap(), InverseGamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        let (f, g) = (LogGamma::new(2.5, 3.0).unwrap(), LogGamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        let (f, g) = (ChiSquared::new(5.0).unwrap(), ChiSquared::new(5.0).unwrap());
        assert_eq!(f.kl_divergence(&g), 0.0);
    }

    /// 1/(a - 1) and 1/((a - 1)² (a - 2)), where they exist.
    #[test]
    fn moments_of_the_inverse() {
        for a in [2.5, 15.0, 40.0, 1e3, 1e7] {
            let law = InverseGamma::new(a, 1.0).unwrap();
            close(law.mean().unwrap(), 1.0 / (a - 1.0), 2e-14);
            close(law.variance().unwrap(), 1.0 / ((a - 1.0) * (a - 1.0) * (a - 2.0)), 1e-13);
        }
        assert_eq!(InverseGamma::new(1.0, 1.0).unwrap().mean(), Some(f64::INFINITY));
        assert_eq!(InverseGamma::new(1.0, 1.0).unwrap().variance(), None);
        assert_eq!(InverseGamma::new(2.0, 1.0).unwrap().variance(), Some(f64::INFINITY));
    }

    /// The exponential law from shape 1, in tails beyond the range of doubles.
    #[test]
    fn far_tails() {
        let law = Gamma::new(1.0, 2.0).unwrap();
        close(law.isf_ln(-1e5), 5e4, 1e-15);
        close(law.isf(1e-300), 690.7755278982137 / 2.0, 1e-15);
        close(law.quantile(1e-300), 5e-301, 2e-15);
        let law = LogGamma::new(1e-300, 1.0).unwrap();
        close(law.quantile_ln(-2.0), -2e300, 1e-15);
    }

    #[test]
    fn refusals() {
        for shape in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-301] {
            assert_eq!(Gamma::new(shape, 1.0).unwrap_err().parameter(), "shape");
            assert!(InverseGamma::new(shape, 1.0).is_err() && LogGamma::new(shape, 1.0).is_err());
            assert!(ChiSquared::new(shape).is_err());
        }
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Gamma::new(1.0, rate).unwrap_err().parameter(), "rate");
            assert_eq!(Gamma::from_scale(1.0, rate).unwrap_err().parameter(), "scale");
            assert!(InverseGamma::new(1.0, rate).is_err() && LogGamma::new(1.0, rate).is_err());
        }
    }
}
