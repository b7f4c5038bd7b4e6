//! The Maxwell law.

use crate::distr::form::{NearEnd, Placed, Standard, law_of, squared_ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::{LN_2, SQRT_2};
use rand::Rng;

/// The [Maxwell law](https://en.wikipedia.org/wiki/Maxwell%E2%80%93Boltzmann_distribution) with scale σ: the length of a vector in
/// space whose three components are normal of mean 0 and standard deviation σ.
///
/// # Density function
/// f(x) = sqrt(2/π) x² exp(-(x/σ)² / 2) / σ³ for x >= 0.
///
/// # Derivatives
/// A draw is σ sqrt(ε₁² + ε₂² + ε₃²) with standard normal ε, so dz/dσ = z/σ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [sigma] = Jet::variables([2.0]);
/// let z = Maxwell::new(sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], z.re / 2.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For the speed of a gas of temperature T and molecules of mass m, σ is sqrt(k T / m). The quantile is found by Newton's
/// method on the smaller tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Maxwell<S> {
    sigma: S,
}

parameters! {
    Maxwell, "maxwell", "a Maxwell law";
    /// The law with scale σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Maxwell::new(1.0).unwrap().mode(), Some(2f64.sqrt()));
    /// assert!(Maxwell::new(-1.0).is_err());
    /// ```
    new(sigma: POSITIVE)
}

law_of!(Maxwell, |law| Placed { location: None, scale: law.sigma, standard: StandardMaxwell });

impl<S: Scalar> KlDivergence<S> for Maxwell<S> {
    /// 3 (r - 1 - ln r)/2 with r = (σ₁/σ₂)²
    fn kl_divergence(&self, other: &Self) -> S {
        squared_ratio_divergence(self.sigma, other.sigma) * 1.5
    }
}

/// Scale 1.
#[derive(Clone, Copy)]
struct StandardMaxwell;

/// ln(sqrt(2/π)/3), the constant of F(z) = sqrt(2/π)/3 z³ + ...
const LN_LEADING: f64 = -1.324_403_641_312_837;
/// ln sqrt(2/π).
const LN_FACTOR: f64 = -0.22579135264472744;
/// The solution of F(z) = 1/2 (mpmath, root of `gammainc(3/2, 0, z*z/2, regularized=True) - 1/2`).
const MEDIAN: f64 = 1.5381722544550523;

/// M(w) = 1 + w/5 + w²/(5 7) + w³/(5 7 9) + ..., where F(z) = sqrt(2/π)/3 z³ exp(-w/2) M(w), w = z² (DLMF 8.7.1). For w < 3.
fn series<S: Scalar>(w: S) -> S {
    (0..28).rev().fold(S::from(1.0), |sum, k| sum * w / (2.0 * f64::from(k) + 5.0) + 1.0)
}

/// The z with F(z) = p, for p in (0, 1/2].
fn lower_root<S: Scalar>(p: S) -> S {
    let p0 = p.re();
    let start = math::cbrt(p0) * math::exp(-LN_LEADING / 3.0);
    let root = find_root(start * (1.0 - 1e-9), 1.6, start, |z| {
        let cdf: f64 = StandardMaxwell.cdf(z);
        (math::ln(cdf / p0), StandardMaxwell.pdf(z) / cdf)
    });
    lift_root(root, |z: S| (StandardMaxwell.ln_cdf(z) - p.ln()).over((StandardMaxwell.ln_pdf(z) - p.ln()).exp()))
}

/// The density over 1 - F, z² / (z + Q(z)/φ(z)): no difference of logarithms, which far out has no digits.
fn hazard<S: Scalar>(z: S) -> S {
    (z * z).over(z + special::normal_hazard(z).recip())
}

/// The z with ln(1 - F(z)) = `ln_q`, for `ln_q` finite and at most -ln 2.
fn upper_root<S: Scalar>(ln_q: S) -> S {
    let high = math::sqrt(-2.0 * ln_q.re()) * (1.0 + 1e-9) + 2.0;
    let root = find_root(1.5, high, high - 1.0, |z| (StandardMaxwell.ln_sf(z) - ln_q.re(), -hazard(z)));
    lift_root(root, |z: S| (ln_q - StandardMaxwell.ln_sf(z)).over(hazard(z)))
}

impl<S: Scalar> Standard<S> for StandardMaxwell {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let (x, y, z) = (noise::normal(rng), noise::normal(rng), noise::normal(rng));
        math::sqrt(x * x + y * y + z * z)
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        Some(NearEnd { exponent: S::from(2.0), ln_factor: z * z * -0.5 + LN_FACTOR })
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { z.ln() * 2.0 - z * z * 0.5 + LN_FACTOR }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(0.0) } else { z * (z * special::normal_pdf(z)) * 2.0 }
    }
    fn cdf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(0.0),
            x if x < MEDIAN => {
                let w = z * z;
                // sqrt(2/π)/3
                z * w * (-w * 0.5).exp() * series(w) * 0.2659615202676218
            }
            _ => -self.sf(z) + 1.0,
        }
    }
    fn sf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(1.0),
            x if x < MEDIAN => -self.cdf(z) + 1.0,
            _ => (special::normal_sf(z) + z * special::normal_pdf(z)) * 2.0,
        }
    }
    fn ln_cdf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(f64::NEG_INFINITY),
            x if x < MEDIAN => {
                let w = z * z;
                z.ln() * 3.0 - w * 0.5 + series(w).ln() + LN_LEADING
            }
            _ => (-self.sf(z)).ln_1p(),
        }
    }
    fn ln_sf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(0.0),
            x if x < MEDIAN => (-self.cdf(z)).ln_1p(),
            // 2 φ(z) (z + Q(z)/φ(z))
            _ => special::normal_ln_pdf(z) + (z + special::normal_hazard(z).recip()).ln() + LN_2,
        }
    }
    fn quantile(&self, p: S) -> S {
        match p.re() {
            0.0 => S::from(0.0),
            u if u > 0.5 => self.isf(-p + 1.0),
            _ => lower_root(p),
        }
    }
    fn isf(&self, q: S) -> S {
        match q.re() {
            0.0 => S::from(f64::INFINITY),
            u if u >= 0.5 => self.quantile(-q + 1.0),
            _ => upper_root(q.ln()),
        }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        match ln_p.re() {
            l if l > -LN_2 => self.isf(-ln_p.exp_m1()),
            // F is its leading term here, whose cube root may be a double where p is none
            l if l < -120.0 => ((ln_p - LN_LEADING) / 3.0).exp(),
            _ => lower_root(ln_p.exp()),
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        match ln_q.re() {
            f64::NEG_INFINITY => S::from(f64::INFINITY),
            l if l > -LN_2 => self.quantile(-ln_q.exp_m1()),
            _ => upper_root(ln_q),
        }
    }
    fn mean(&self) -> Option<S> {
        // 2 sqrt(2/π)
        Some(S::from(1.5957691216057308))
    }
    fn variance(&self) -> Option<S> {
        // 3 - 8/π
        Some(S::from(0.45352091052967463))
    }
    fn entropy(&self) -> S {
        // ln sqrt(2π) + γ - 1/2
        S::from(0.9961541981062056)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(SQRT_2))
    }
    fn median(&self) -> S {
        S::from(MEDIAN)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got} for {want}");
    }

    // values: closed forms by mpmath; kl by quadrature
    #[test]
    fn tails_and_divergence() {
        let law = Maxwell::new(2.0).unwrap();
        close(law.quantile(1e-300), 3.1099761613393145e-100);
        close(law.quantile_ln(-1e3).ln(), -332.1987182723358);
        close(law.isf(1e-300), 74.52078297642036);
        close(law.isf_ln(-1e10), 282842.7126391445);
        close(law.isf(1.0 - 1e-16), 1.4947221490343255e-5);
        close(law.kl_divergence(&Maxwell::new(3.0).unwrap()), 0.3830619909911598);
        assert!(Maxwell::new(f64::NAN).is_err());
        // the branches meet at the median
        for x in [3.0763445089101044, 3.0763445089101053] {
            close(law.cdf(x), 0.5);
            close(law.ln_sf(x), -core::f64::consts::LN_2);
        }
    }
}
