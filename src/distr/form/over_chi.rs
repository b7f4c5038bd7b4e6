//! What Student's t laws that are not central share: a variable over sqrt(V/ν), V chi-squared with ν degrees of freedom.

use super::over_less;
use crate::noise::gamma::GammaSampler;
use crate::scalar::{Scalar, math};
use crate::special::half_step_growth;
use rand::Rng;

/// A plain draw of the variable x over that root, from a gamma variable's logarithm.
#[inline]
pub(crate) fn draw<R: Rng + ?Sized>(x: f64, df: f64, rng: &mut R) -> f64 {
    let half = 0.5 * df;
    x * math::exp(0.5 * (math::ln(half) - GammaSampler::new(half).draw(rng).ln()))
}

/// E[sqrt(ν/V)] = sqrt(ν/2) Γ((ν - 1)/2)/Γ(ν/2); `None` up to one degree of freedom.
pub(crate) fn mean<S: Scalar>(df: S) -> Option<S> {
    let below = df - 1.0;
    (below.re() > 0.0).then(|| over_less(df, 1.0).sqrt() * (ln_growth(df) * -0.5).exp())
}

/// ln of ν/(ν - 1) over the square of [`mean`], ν > 1: about -1/(2 (ν - 1)).
pub(crate) fn ln_growth<S: Scalar>(df: S) -> S {
    // g(x) = 2 ln(Γ(x + 1/2)/Γ(x)) - ln x, which vanishes far out
    -half_step_growth((df - 1.0) * 0.5, S::from(1e60))
}
