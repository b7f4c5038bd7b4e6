//! The divergence between two beta laws.

use super::{entropy_of_logit_beta, ln_beta};
use crate::scalar::Scalar;
use crate::special::gamma::divergence::{LARGEST_RATIO, mean_on_the_way, sum_of_less_rounding, trigamma_excess};
use crate::special::{digamma_difference, trigamma, trigamma_difference};

/// The divergence from the beta law with shapes a₁, b₁ to that with a₂ = a₁ + δ, b₂ = b₁ + ε, the steps δ and ε being
/// given for where sums are rounded: ln B(a₂, b₂) - ln B(a₁, b₁) + (a₂ - a₁) (ψ(s₁) - ψ(a₁)) + (b₂ - b₁) (ψ(s₁) -
/// ψ(b₁)), s = a + b.
///
/// As ∫ (1 - t) Q dt over the way from one to the other, Q = C²/(a b s) + e(a) (δ/a)² + e(b) (ε/b)² - e(s) ((δ + ε)/s)²
/// with C = b₁ δ - a₁ ε and e(x) = x² (ψ'(x) - 1/x), for shapes below 1 Q = (ψ'(a) - ψ'(s)) δ² + (ψ'(b) - ψ'(s)) ε² - 2 ψ'(s) δ ε:
/// accurate for close laws and for large and small shapes.
pub(crate) fn beta_divergence<S: Scalar>([a, b]: [S; 2], [a2, b2]: [S; 2], [d, e]: [S; 2]) -> S {
    let ratios = [a2.re() / a.re(), b2.re() / b.re()];
    let (smallest, largest) = (ratios[0].min(ratios[1]).min(1.0), ratios[0].max(ratios[1]).max(1.0));
    // the entropy across less the law's own
    let plain =
        [ln_beta(a2, b2), a2 * digamma_difference(a, b), b2 * digamma_difference(b, a), -entropy_of_logit_beta(a, b)];
    sum_of_less_rounding(plain, || {
        if !(smallest >= 1.0 / LARGEST_RATIO && largest <= LARGEST_RATIO) {
            return None;
        }
        let cross = (b * d - a * e).with_re(difference_of_products(b.re(), d.re(), a.re(), e.re()));
        let integral = mean_on_the_way(smallest, largest, |t, rest| {
            let (x, y) = (a * rest + a2 * t, b * rest + b2 * t);
            let s = x + y;
            if x.re().min(y.re()) < 1.0 {
                // what has ψ'(s) would cancel what has ψ' of the other
                let (of_first, of_second) = (-trigamma_difference(x, y), -trigamma_difference(y, x));
                return d * (d * of_first) + e * (e * of_second) - d * (e * trigamma(s)) * 2.0;
            }
            let [u, v, w] = [d.over(x), e.over(y), (d + e).over(s)];
            let of_means = cross.over(x).over(y) * cross.over(s);
            of_means + u * u * trigamma_excess(x) + v * v * trigamma_excess(y) - w * w * trigamma_excess(s)
        });
        Some([integral])
    })
}

/// a b - c d, to a rounding or two (Kahan's way).
fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let product = c * d;
    libm::fma(a, b, -product) + libm::fma(-c, d, product)
}
