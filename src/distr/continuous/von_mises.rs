//! The von Mises law.

use crate::distr::form::{NearEnd, Placed, Standard, Tabled, known_by, law_of};
use crate::distr::table::{Nearer, SymmetricInverse, VonMisesTable};
use crate::distr::{Continuous, KlDivergence, parameters};
use crate::noise;
use crate::parameter::LawError;
use crate::quadrature::integrate;
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::{self, LN_SQRT_2PI, von_mises_ln_pdf};
use core::f64::consts::PI;
use rand::Rng;

/// The [von Mises law](https://en.wikipedia.org/wiki/Von_Mises_distribution) on the circle with mean direction μ and
/// concentration κ, as a law of angles in [μ - π, μ + π], in radians.
///
/// # Density function
/// f(x) = e^(κ cos(x - μ)) / (2π I0(κ)) for |x - μ| <= π; uniform for κ = 0. As angles are doubles and π is not, the ends of
/// the support are μ ∓ 3.14..., the doubles.
///
/// # Derivatives
/// A draw is μ + θ, so dz/dμ = 1 exactly. dz/dκ = ∫ e^(κ (cos t - cos θ)) (cos t - A(κ)) dt over [θ, π], A = I1/I0: that is
/// -(∂F/∂κ)/f at a fixed value of the distribution function, computed by series of positive terms around 0 and around π, an
/// expansion in 1/(κ cos²(θ/2)), or a quadrature between. Higher orders follow from the same formulas in Taylor arithmetic.
/// Defined everywhere; at κ = 0 it is -sin θ. The mean direction on the circle does not jump where a draw crosses the end of
/// the interval, but a function of x that is not periodic does: its expectation depends on the density at the cut.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, kappa] = Jet::variables([0.5, 4.0]);
/// let z = VonMises::new(location, kappa)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// // more concentration brings draws nearer to the middle
/// assert!(z.eps[1] * (z.re - 0.5) < 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// [`mean`](Continuous::mean) and [`variance`](Continuous::variance) are those of the number x; the moments of the point on
/// the circle are [`circular_mean`](Self::circular_mean) and [`circular_variance`](Self::circular_variance).
///
/// Draws: rejection from the wrapped Cauchy law of Best & Fisher (1979), "Efficient simulation of the von Mises distribution",
/// with the half-angle's tangent as the variable, which loses no digits for κ from 0 to the largest. Tables and tests go to
/// κ = 1e7; beyond, where the law is the normal law with variance 1/κ to all digits, the same formulas hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VonMises<S> {
    location: S,
    kappa: S,
    standard: StandardVonMises<S>,
}

parameters! {
    VonMises, "von_mises", "a von Mises law";
    /// The law with mean direction `location`, in radians, and concentration `kappa`.
    ///
    /// ```
    /// use reparam::distr::VonMises;
    /// assert!(VonMises::new(0.0, 0.0).is_ok());
    /// assert_eq!(VonMises::new(0.0, -1.0).unwrap_err().parameter(), "kappa");
    /// ```
    new(location: REAL, kappa: [0.0, 1e150]) => VonMises { location, kappa, standard: StandardVonMises::new(kappa) }
}

impl<S: Scalar> VonMises<S> {
    /// The mean resultant length A(κ) = I1(κ)/I0(κ) = E[cos(X - μ)], from 0 to 1.
    pub fn mean_resultant_length(&self) -> S {
        special::bessel_i_ratio(self.kappa)
    }

    /// The direction μ of E[(cos X, sin X)]; `None` for κ = 0, where that is the zero vector.
    pub fn circular_mean(&self) -> Option<S> {
        self.mode()
    }

    /// 1 - A(κ), from 1 for κ = 0 to 0; accurate in relative terms for large κ.
    pub fn circular_variance(&self) -> S {
        special::bessel_i_ratio_complement(self.kappa)
    }
}

law_of!(VonMises, |law| Placed { location: Some(law.location), scale: S::from(1.0), standard: law.standard }, by VonMisesTable<1, 2>);

impl<S: Scalar> KlDivergence<S> for VonMises<S> {
    /// (κ₂ - κ₁)(1 - A(κ₁)) + 2 κ₂ A(κ₁) sin²((μ₁ - μ₂)/2) + ln(I0(κ₂)/e^κ₂) - ln(I0(κ₁)/e^κ₁), of the laws on the circle: where
    /// on it the angles are cut does not matter. Where the concentrations are close all but the second is the integral of A'.
    fn kl_divergence(&self, other: &Self) -> S {
        let sine = ((self.location - other.location) * 0.5).sin();
        let of_location = other.kappa * self.mean_resultant_length() * sine * sine * 2.0;
        of_location + ln_i0_above_tangent(self.kappa, other.kappa)
    }
}

/// ln I0(κ) at `other` above its tangent at κ.
fn ln_i0_above_tangent<S: Scalar>(kappa: S, other: S) -> S {
    let difference = (other - kappa) * special::bessel_i_ratio_complement(kappa) + special::ln_bessel_i0_scaled(other)
        - special::ln_bessel_i0_scaled(kappa);
    if S::ORDER < MAX_ORDER {
        special::ln_total_above_tangent(0.5, kappa, other, special::bessel_i_ratio_slope).unwrap_or(difference)
    } else {
        // A' of the highest order is not to be had
        difference.with_re(ln_i0_above_tangent(kappa.re(), other.re()))
    }
}

/// Mean direction 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardVonMises<S> {
    kappa: S,
    sampler: BestFisher,
    /// 1 - A(κ), which every lift needs.
    complement: f64,
}

impl<S: Scalar> StandardVonMises<S> {
    #[inline]
    pub fn new(kappa: S) -> Self {
        let complement = if S::ORDER == 0 { 0.0 } else { special::bessel_i_ratio_complement(kappa.re()) };
        StandardVonMises { kappa, sampler: BestFisher::new(kappa.re()), complement }
    }

    /// θ with its derivatives by a table, where there is one and it reaches.
    #[inline(always)]
    fn lift_by<const M: usize>(&self, table: Option<&VonMisesTable<M>>, theta: f64) -> S {
        if S::ORDER == 0 {
            return S::from(theta);
        }
        let reached = table.and_then(|table| table.lift(self.kappa, theta));
        reached.unwrap_or_else(|| special::von_mises_lift(self.kappa, self.complement, theta))
    }
}

impl<S: Scalar> Standard<S> for StandardVonMises<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        special::von_mises_lift(self.kappa, self.complement, self.sampler.draw(rng))
    }
    fn support(&self) -> (S, S) {
        (S::from(-PI), S::from(PI))
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let pi = S::from(PI);
        Some(NearEnd::smooth(self.ln_pdf(if upper { pi - d } else { d - pi })))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re().abs() > PI { S::from(f64::NEG_INFINITY) } else { von_mises_ln_pdf(self.kappa, z) }
    }
    fn cdf(&self, z: S) -> S {
        special::von_mises_cdf(self.kappa, z)
    }
    fn sf(&self, z: S) -> S {
        special::von_mises_sf(self.kappa, z)
    }
    fn ln_cdf(&self, z: S) -> S {
        special::von_mises_ln_cdf(self.kappa, z)
    }
    fn ln_sf(&self, z: S) -> S {
        special::von_mises_ln_sf(self.kappa, z)
    }
    fn quantile(&self, p: S) -> S {
        special::von_mises_cdf_inv(self.kappa, p)
    }
    fn isf(&self, q: S) -> S {
        special::von_mises_sf_inv(self.kappa, q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        special::von_mises_ln_cdf_inv(self.kappa, ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        special::von_mises_ln_sf_inv(self.kappa, ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    /// 2 ∫ θ² f dθ over [0, π], as far as the density is above e^-40 of its top
    fn variance(&self) -> Option<S> {
        // of either sign of 0
        let square = 20.0 / self.kappa.re().abs();
        let end = if square < 1.0 { 2.0 * math::asin(math::sqrt(square)) } else { PI };
        let integral = integrate(S::from(0.0), S::from(end), 4, |theta: S| {
            let sine = (theta * 0.5).sin();
            (self.kappa * sine * sine * -2.0).exp() * theta * theta
        });
        Some(integral * 2.0 * von_mises_ln_pdf(self.kappa, S::from(0.0)).exp())
    }
    /// κ (1 - A) + ln(2π e^-κ I0); for small κ without what cancels, ln(2π I0) - κ A
    fn entropy(&self) -> S {
        if self.kappa.re() < 1.0 {
            return special::ln_bessel_i0(self.kappa) - self.kappa * special::bessel_i_ratio(self.kappa)
                + 2.0 * LN_SQRT_2PI;
        }
        self.kappa * special::bessel_i_ratio_complement(self.kappa) - von_mises_ln_pdf(self.kappa, S::from(0.0))
    }
    fn mode(&self) -> Option<S> {
        (self.kappa.re() > 0.0).then(|| S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
    known_by!(|law| VonMises(law.kappa.re()), SecondOfVonMises, VonMisesTable);
}

impl<S: Scalar, const M: usize> Tabled<S, VonMisesTable<M>> for StandardVonMises<S> {
    fn table(&self) -> VonMisesTable<M> {
        VonMisesTable::new(self.kappa.re())
    }

    fn inverse(&self) -> SymmetricInverse {
        let kappa = self.kappa.re();
        SymmetricInverse::new(Some(|p| special::von_mises_sf_inv(kappa, p)))
    }

    type Noise = f64;

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.sampler.draw(rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&VonMisesTable<M>>, theta: f64) -> S {
        self.lift_by(table, theta)
    }
    #[inline(always)]
    fn quantile_by(&self, table: &VonMisesTable<M>, inverse: &SymmetricInverse, at: Nearer) -> Option<S> {
        Some(self.lift_by(Some(table), inverse.at(at)?))
    }
}

/// Rejection from the wrapped Cauchy law: tan(θ/2) = β C with C from the Cauchy law.
///
/// With S = sin²(θ/2) the quotient of the densities is e^(-2κS) (β² + (1 - β²) S) up to a factor. It is largest at
/// S = β²/(1 + β²) for the best β, which solves β⁴ + 4κ β² = 1; the acceptance is 1 for κ = 0 and falls to 0.66.
#[derive(Clone, Copy, Debug, PartialEq)]
struct BestFisher {
    kappa: f64,
    /// β² and β
    square: f64,
    scale: f64,
}

impl BestFisher {
    #[inline]
    fn new(kappa: f64) -> Self {
        let square = 1.0 / (2.0 * kappa + math::sqrt(1.0 + 4.0 * kappa * kappa));
        BestFisher { kappa, square, scale: math::sqrt(square) }
    }

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let b = self.square;
        let top = b / (1.0 + b);
        // 1/(2 β²) - β²/2 too, by the equation for β
        let slope = 2.0 * self.kappa;
        loop {
            let tangent = self.scale * math::tan(PI * (noise::uniform(rng) - 0.5));
            let s = 1.0 / (1.0 + 1.0 / (tangent * tangent));
            let quotient = 0.5 * (1.0 + b) + slope * s;
            if noise::exponential(rng) >= slope * (s - top) - math::ln(quotient) {
                return 2.0 * math::atan(tangent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    /// `tests/reference/make_special_von_mises.py moments` prints them.
    #[test]
    fn moments() {
        for (kappa, variance, entropy, length) in MOMENTS {
            let law = VonMises::new(0.5, kappa).unwrap();
            close(law.variance().unwrap(), variance, 4e-15);
            close(law.entropy(), entropy, 4e-15 * (1.0 + 1.0 / entropy.abs()));
            close(law.mean_resultant_length(), length, 1e-15);
            assert_eq!((law.mean(), law.circular_mean()), (Some(0.5), Some(0.5)));
        }
        let uniform = VonMises::new(0.0, 0.0).unwrap();
        assert_eq!((uniform.circular_mean(), uniform.circular_variance()), (None, 1.0));
        close(uniform.variance().unwrap(), PI * PI / 3.0, 1e-15);
    }

    /// E[ln f - ln g] over the circle, by `mpmath.quad`: `make_special_von_mises.py moments` prints it; 0 of a law to itself.
    #[test]
    fn divergence() {
        let [p, q] = [(0.5, 2.0), (2.0, 7.0)].map(|(location, kappa)| VonMises::new(location, kappa).unwrap());
        close(p.kl_divergence(&q), DIVERGENCE, 1e-14);
        assert_eq!(p.kl_divergence(&p), 0.0);
        let far = VonMises::new(0.5 + 2.0 * PI, 2.0).unwrap();
        assert!(p.kl_divergence(&far) < 1e-15);
    }

    #[test]
    fn refuses() {
        assert_eq!(VonMises::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        for kappa in [-1e-300, f64::NAN, f64::INFINITY] {
            assert_eq!(VonMises::new(0.0, kappa).unwrap_err().parameter(), "kappa");
        }
    }

    const DIVERGENCE: f64 = 5.3535383026348216;

    /// κ, variance, entropy, A(κ).
    const MOMENTS: [(f64, f64, f64, f64); 6] = [
        (1e-8, 3.289868113696453, 1.8378770664093456, 5e-9),
        (0.3, 2.707361481973404, 1.8157505269491248, 0.14833742694087526),
        (1.0, 1.6042542988253046, 1.6274014590199897, 0.4463899658965345),
        (10.5, 0.10033299661731301, 0.2690421114030931, 0.9511187877191115),
        (200.0, 0.00501256826108111, -1.2289654296958903, 0.9974968592516436),
        (1e7, 1.0000000500000054e-7, -6.640109267274485, 0.9999999499999987),
    ];
}
