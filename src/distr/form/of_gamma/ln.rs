//! The law of ln G.

use super::StandardGamma;
use crate::distr::form::{Standard, Tabled, TabledInLanes, known_by};
use crate::distr::in_lanes::FirstOrder;
use crate::distr::table::{GammaInverse, GammaTable, Nearer};
use crate::noise::Lanes;
use crate::noise::gamma::GammaNoise;
use crate::scalar::Scalar;
use crate::special::inc_gamma::{self, Point, Probability, Tail};
use crate::special::{digamma, trigamma};
use rand::Rng;

/// The law of ln G.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LnGamma<S>(pub StandardGamma<S>);

impl<S: Scalar> LnGamma<S> {
    #[inline]
    fn at(&self, w: S) -> Point<S> {
        Point::from_ln(self.0.shape, w)
    }
}

impl<S: Scalar> Standard<S> for LnGamma<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.0.lift_ln(&self.0.noise(rng))
    }
    fn ln_pdf(&self, w: S) -> S {
        // where e^w overflows the density is 0
        if w.re() > 710.0 { S::from(f64::NEG_INFINITY) } else { self.0.ln_pdf_of_ln(&self.at(w)) }
    }
    fn cdf(&self, w: S) -> S {
        if w.re() > 710.0 { S::from(1.0) } else { inc_gamma::probability(Tail::Lower, &self.at(w)) }
    }
    fn sf(&self, w: S) -> S {
        if w.re() > 710.0 { S::from(0.0) } else { inc_gamma::probability(Tail::Upper, &self.at(w)) }
    }
    fn ln_cdf(&self, w: S) -> S {
        if w.re() > 710.0 { S::from(0.0) } else { inc_gamma::ln_probability(Tail::Lower, &self.at(w)) }
    }
    fn ln_sf(&self, w: S) -> S {
        if w.re() > 710.0 { S::from(f64::NEG_INFINITY) } else { inc_gamma::ln_probability(Tail::Upper, &self.at(w)) }
    }
    fn quantile(&self, p: S) -> S {
        inc_gamma::ln_inverse(self.0.shape, Probability::P(p))
    }
    fn isf(&self, q: S) -> S {
        inc_gamma::ln_inverse(self.0.shape, Probability::Q(q))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        inc_gamma::ln_inverse(self.0.shape, Probability::LnP(ln_p))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        inc_gamma::ln_inverse(self.0.shape, Probability::LnQ(ln_q))
    }
    fn mean(&self) -> Option<S> {
        Some(digamma(self.0.shape))
    }
    fn variance(&self) -> Option<S> {
        Some(trigamma(self.0.shape))
    }
    fn entropy(&self) -> S {
        self.0.entropy_of_ln()
    }
    fn mode(&self) -> Option<S> {
        Some(self.0.shape.ln())
    }
    known_by!(|law| Gamma(law.0.shape.re()), SecondOfGamma, GammaTable);
}

impl<S: Scalar, const M: usize> Tabled<S, GammaTable<M>> for LnGamma<S> {
    fn table(&self) -> GammaTable<M> {
        self.0.table()
    }
    fn inverse(&self) -> GammaInverse {
        self.0.inverse()
    }

    type Noise = GammaNoise;

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        self.0.noise(rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&GammaTable<M>>, noise: GammaNoise) -> S {
        self.0.lift_ln_by(&table, &noise)
    }
    #[inline(always)]
    fn quantile_by(&self, table: &GammaTable<M>, inverse: &GammaInverse, at: Nearer) -> Option<S> {
        Some(self.0.lift_ln_by(table, &inverse.noise(at)?))
    }
}

impl<S: FirstOrder<N>, const M: usize, const N: usize> TabledInLanes<S, GammaTable<M>, N> for LnGamma<S> {
    #[inline(always)]
    fn draw_in_lanes(&self, table: &GammaTable<M>, lanes: &mut Lanes, draws: usize, mut each: impl FnMut(usize, S)) {
        self.0.noise_in_lanes(lanes, draws, |i, noise, _| each(i, self.0.lift_ln_by(table, &noise)));
    }
}
