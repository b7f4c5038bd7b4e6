//! The normal inverse Gaussian law.

use super::inverse_gaussian;
use crate::distr::form::{ByRoot, Inverted, Moments, Placed, Rooted, exp, law_of, lift_by_tail, tail_root};
use crate::distr::{family, getters};
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::quadrature::integrate;
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::PI;
use rand::Rng;

/// The [normal inverse Gaussian law](https://en.wikipedia.org/wiki/Normal-inverse_Gaussian_distribution) with location
/// μ, scale δ, tail parameter α and asymmetry β (Barndorff-Nielsen 1997, "Normal inverse Gaussian distributions and
/// stochastic volatility modelling", Scandinavian Journal of Statistics 24).
///
/// # Density function
/// f(x) = α K_1(α δ ω) / (π ω) exp(δ γ + β (x - μ)) with ω = sqrt(1 + ((x - μ)/δ)²), γ = sqrt(α² - β²) and the modified Bessel function
/// K_1, on the real line.
///
/// # Derivatives
/// dz/dθ = -(∂F/∂θ)/f at fixed u = F(z), by a Newton step on the smaller tail in the caller's arithmetic; dz/dμ = 1 exactly. Defined
/// everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [alpha, beta] = Jet::variables([2.0, 0.5]);
/// let law = NormalInverseGaussian::new(0.0.into(), 1.0.into(), alpha, beta)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // more asymmetry moves draws to the right
/// assert!(z.eps[1] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is β δ Z + δ sqrt(Z) N with standard normal N and Z of the inverse Gaussian law with mean 1/(δ γ) and shape 1. The tails are
/// integrals of the moment generating function along the path of steepest descent through the saddle point, which is a straight
/// line in the angle whose sine is (β + s)/α; by the trapezoidal rule with its poles' part in closed form, some 20 evaluations
/// of an exponential. Between the saddle point of the mean and the mean the upper tail is a complement: for β near α, where that is small,
/// it has the absolute error of a double.
/// Third derivatives of quantiles in β keep five digits where α δ is above 1e10, all but a normal law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalInverseGaussian<S> {
    location: S,
    scale: S,
    alpha: S,
    beta: S,
    /// sqrt(α² - β²)
    gamma: S,
    /// 1/(δ γ), the mean of the mixing law of draws
    mixing_mean: f64,
}

impl<S: Scalar> NormalInverseGaussian<S> {
    /// The law with location `location`, scale `scale`, tail parameter `alpha` and asymmetry `beta`.
    ///
    /// # Errors
    /// If `location` is not in [-1e150, 1e150], `scale` or `alpha` not in [1e-150, 1e150], or |`beta`| not below
    /// `alpha`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(NormalInverseGaussian::new(1.0, 2.0, 5.0, 3.0).unwrap().mean(), Some(2.5));
    /// assert_eq!(NormalInverseGaussian::new(0.0, 1.0, 1.0, 1.0).unwrap_err().parameter(), "beta");
    /// ```
    #[inline]
    pub fn new(location: S, scale: S, alpha: S, beta: S) -> Result<Self, LawError> {
        check!("a normal inverse Gaussian law", location: REAL);
        check!("a normal inverse Gaussian law", scale: POSITIVE);
        check!("a normal inverse Gaussian law", alpha: POSITIVE);
        check!("a normal inverse Gaussian law", beta: "between -alpha and alpha" if beta.re().abs() < alpha.re());
        let mut gamma = (alpha - beta).sqrt() * (alpha + beta).sqrt();
        if S::ORDER > 0 && beta.re().abs() < 0.5 * alpha.re() {
            // by the quotient its slope in β is no difference
            let ratio = beta.over(alpha);
            gamma = (alpha * (-ratio * ratio + 1.0).sqrt()).with_re(gamma.re());
        }
        let mixing_mean = 1.0 / (gamma.re() * scale.re());
        Ok(NormalInverseGaussian { location, scale, alpha, beta, gamma, mixing_mean })
    }
}

family!(NormalInverseGaussian, LawError, "normal_inverse_gaussian", [location, scale, alpha, beta]);
getters!(NormalInverseGaussian, [location, scale, alpha, beta]);
law_of!(NormalInverseGaussian, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: ByRoot(StandardNig {
        alpha: law.alpha,
        beta: law.beta,
        scale: law.scale,
        gamma: law.gamma,
        mixing_mean: law.mixing_mean
    }),
});

/// Location 0, scale 1, with α δ and β δ for α and β.
#[derive(Clone, Copy)]
pub(crate) struct StandardNig<S> {
    alpha: S,
    beta: S,
    scale: S,
    gamma: S,
    mixing_mean: f64,
}

impl<S: Scalar> StandardNig<S> {
    fn frame(&self) -> Frame<S> {
        let ratio = self.beta.over(self.alpha);
        let centre = if ratio.re().abs() < 0.5 {
            ratio.atanh()
        } else {
            (self.alpha + self.beta).over(self.alpha - self.beta).ln() * 0.5
        };
        Frame { a: self.alpha * self.scale, gamma: self.gamma * self.scale, centre }
    }
}

/// The law of v = asinh y: its density is exp(-2 γ sinh²((v - c)/2)) x e^x K_1(x) / (π cosh v), x = a cosh v, with tanh c = β/α.
#[derive(Clone, Copy)]
struct Frame<S> {
    a: S,
    gamma: S,
    centre: S,
}

/// Below, the exponent is the logarithm of density and tail to all digits: the other factors are between e^-1000 and e^1000.
const DOMINANT: f64 = -1e20;

impl<S: Scalar> Frame<S> {
    fn re(&self) -> Frame<f64> {
        Frame { a: self.a.re(), gamma: self.gamma.re(), centre: self.centre.re() }
    }

    fn reflected(&self) -> Self {
        Frame { centre: -self.centre, ..*self }
    }

    /// -2 γ sinh²((v - c)/2), at the saddle point the exponent of the moment generating function over e^(s x).
    fn exponent(&self, v: S) -> S {
        let half = ((v - self.centre) * 0.5).sinh();
        self.gamma * half * half * -2.0
    }

    /// ln of the density of y = sinh v.
    fn ln_pdf(&self, v: S) -> S {
        let exponent = self.exponent(v);
        if exponent.re() < DOMINANT {
            return if exponent.re().is_infinite() { S::from(exponent.re()) } else { exponent };
        }
        let cosh = v.cosh();
        // ln π
        special::scaled_bessel_k1(self.a * cosh).ln - cosh.ln() * 2.0 + exponent - 1.1447298858494002
    }

    /// ln P(V > v) for v at or above the centre.
    ///
    /// With d = v - c, A = a cosh v and q = cosh τ - 1 it is the exponent plus the logarithm of
    /// (C/(π cosh v)) ∫_0^∞ exp(-A q) (σ - sinh(c) q) / (σ² + 2 C κ q + C² q²) dτ, where C = cosh c, σ = sinh d/cosh v and
    /// κ = cosh d/cosh v. What the midpoint rule with step h misses of a pole at the distance η from the path is its residue over
    /// 1 + exp(2π η/h): the poles are at s = 0, η = gd v - gd c, and at its mirror image in the angle, η = π - |gd v + gd c|.
    fn ln_upper(&self, v: S) -> S {
        let exponent = self.exponent(v);
        if exponent.re() < DOMINANT {
            return if exponent.re().is_infinite() { S::from(exponent.re()) } else { exponent };
        }
        let (d, cosh_v) = (v - self.centre, v.cosh());
        let (cosh_c, sinh_c) = (self.centre.cosh(), self.centre.sinh());
        let large = self.a * cosh_v;
        let a0 = large.re();
        // what is missed beyond the poles is below 1e-16: exp(-A cosh τ) decays where |Im τ| < π/2, and for large A is a Gaussian
        let h = 0.5 / math::sqrt(a0 + 4.0);
        let inverse = cosh_v.recip();
        // where sinh d overflows both functions of either argument are exponential ones
        let ratio = |f: S| if d.re() < 700.0 { f * inverse } else { (d - v).exp() };
        let (sigma, kappa) = (ratio(d.sinh()), ratio(d.cosh()));
        let factor = cosh_c * inverse;
        let (mut sum, mut size) = (S::from(0.0), 0.0);
        for k in 0..4000 {
            let half = math::sinh(0.5 * (f64::from(k) + 0.5) * h);
            let q = 2.0 * half * half;
            if a0 * q > 42.0 {
                break;
            }
            let cq = cosh_c * q;
            let term = (sigma - sinh_c * q).over(sigma * sigma + kappa * cq * 2.0 + cq * cq);
            let term = term * (large * -q).exp();
            sum += term;
            size += term.re().abs();
        }
        let mut integral = sum * factor * (h / PI);
        size *= factor.re() * (h / PI);
        // the strip that the error comes from
        let reach = (2.0 * PI / (a0 * h)).min(PI);
        let (half, middle) = (d * 0.5, (v + self.centre) * 0.5);
        let eta = half.sinh().over(middle.cosh()).atan() * 2.0;
        if eta.re() < reach {
            let residue = exp(-exponent - (eta * (2.0 * PI / h)).softplus());
            integral += residue;
            size += residue.re();
        }
        let sign = if middle.re() > 0.0 { 1.0 } else { -1.0 };
        let mirrored = 2.0 * math::atan(math::cosh(half.re()) / math::sinh(middle.re().abs()));
        if mirrored < reach {
            let eta = half.cosh().over(middle.sinh() * sign).atan() * 2.0;
            integral -= exp(self.gamma * 2.0 - exponent - (eta * (2.0 * PI / h)).softplus()) * sign;
        }
        // next to nothing is left of terms of both signs between δ and 1/α in the lighter tail of a skewed law
        if integral.re() > 0.01 * size { exponent + integral.ln() } else { self.ln_integral_of_density(v) }
    }

    /// ln ∫ of the density of V over all above v, to where it has fallen by e^-45.
    fn ln_integral_of_density(&self, v: S) -> S {
        let density = |v: S| self.ln_pdf(v) + v.cosh().ln();
        let Frame { gamma, centre, .. } = self.re();
        let v0 = v.re();
        let end = (centre + math::acosh(math::cosh(v0 - centre) + 45.0 / gamma)).min(v0.max(0.0) + 45.0);
        let unit = density(v).re();
        let integral = integrate(v, S::from(end), 1 + (end - v0) as usize, |w| exp(density(w) - unit));
        integral.ln() + unit
    }

    /// ln of a tail at v: the one beyond the centre, or its complement.
    fn ln_tail(&self, v: S, upper: bool) -> S {
        let beyond = v.re() >= self.centre.re();
        let ln = if beyond { self.ln_upper(v) } else { self.reflected().ln_upper(-v) };
        if beyond == upper { ln } else { (-exp(ln)).ln_1p() }
    }

    /// Minus the slope of ln f in v, and the slope of that.
    fn fall(&self, v: S) -> (S, S) {
        let (cosh, sinh, tanh) = (v.cosh(), v.sinh(), v.tanh());
        let x = self.a * cosh;
        let slope = special::scaled_bessel_k1(x).slope;
        // of the logarithm of x K_1, whose second derivative is that of Bessel's equation
        let rho = slope - 1.0;
        let curvature = rho.over(x) - rho * rho + 1.0;
        let (d, power) = (v - self.centre, -(x * slope) + 2.0);
        (
            self.gamma * d.sinh() + tanh * power,
            self.gamma * d.cosh() + power.over(cosh * cosh) - tanh * self.a * sinh * (slope + x * curvature),
        )
    }
}

impl<S: Scalar> Inverted<S> for StandardNig<S> {
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, y: S) -> S {
        self.frame().ln_pdf(y.asinh())
    }
    fn ln_tail(&self, y: S, upper: bool) -> S {
        self.frame().ln_tail(y.asinh(), upper)
    }
    /// One frame for tail and density.
    fn lift(&self, y: f64, ln: S, upper: bool) -> S {
        let frame = self.frame();
        lift_by_tail(y, ln, upper, |y: S| [frame.ln_tail(y.asinh(), upper), frame.ln_pdf(y.asinh())])
    }
    /// Either tail is at most the exponential of the exponent at the saddle point (Chernoff's bound).
    fn root(&self, ln: S, upper: bool) -> S {
        let (frame, l) = (self.frame().re(), ln.re());
        let reach = |l: f64| 2.0 * math::asinh(math::sqrt(-0.5 * l / frame.gamma)) + 1e-9;
        let (far, near) = (reach(l), reach(l.ln_1m_exp()));
        let (low, high) =
            if upper { (frame.centre - near, frame.centre + far) } else { (frame.centre - far, frame.centre + near) };
        let v = tail_root([low.max(-710.0), high.min(710.0)], if upper { high } else { low }, l, upper, |v| {
            (frame.ln_tail(v, upper), frame.ln_pdf(v) + math::ln(math::cosh(v)))
        });
        self.lift(math::sinh(v), ln, upper)
    }
}

impl<S: Scalar> Rooted<S> for StandardNig<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let z = inverse_gaussian::draw(self.mixing_mean, 1.0, rng);
        let y = self.beta.re() * self.scale.re() * z + math::sqrt(z) * noise::normal(rng);
        if S::ORDER == 0 {
            return S::from(y);
        }
        let upper = math::asinh(y) >= self.frame().centre.re();
        self.lift(y, S::from(0.0), upper)
    }
    /// -∫ f ln f by the trapezoidal rule in v, whose error is exp(-39).
    fn entropy(&self) -> S {
        let frame = self.frame();
        let Frame { gamma, centre, .. } = frame.re();
        let h = (0.6 / math::sqrt(gamma)).min(0.25);
        // to where exp(-γ (cosh - 1)) is exp(-45), or 1/cosh is
        let reach = 2.0 * math::asinh(math::sqrt(22.5 / gamma));
        let low = (centre - reach).max(centre.min(0.0) - 45.0);
        let high = (centre + reach).min(centre.max(0.0) + 45.0);
        (0..=((high - low) / h) as i32).fold(S::from(0.0), |sum, k| {
            let v = S::from(low + f64::from(k) * h);
            let ln = frame.ln_pdf(v);
            sum - exp(ln + v.cosh().ln()) * ln * h
        })
    }
}

impl<S: Scalar> Moments<S> for StandardNig<S> {
    /// β/γ
    fn mean(&self) -> Option<S> {
        Some(self.beta.over(self.gamma))
    }
    /// α²/(δ γ³)
    fn variance(&self) -> Option<S> {
        let ratio = self.alpha.over(self.gamma);
        Some((ratio * ratio).over(self.gamma).over(self.scale))
    }
    /// The root of the density's slope, between 0 and the centre.
    fn mode(&self) -> Option<S> {
        let frame = self.frame();
        let plain = frame.re();
        let (low, high) = (plain.centre.min(0.0), plain.centre.max(0.0));
        let v = find_root(low, high, 0.5 * plain.centre, |v| plain.fall(v));
        Some(
            lift_root(v, |v: S| {
                let (fall, slope) = frame.fall(v);
                fall.over(slope)
            })
            .sinh(),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-14 * want.abs().max(1.0), "{got} for {want}");
    }

    // values: mpmath, by the trapezoidal rule and root finding at 25 digits
    #[test]
    fn entropy_and_mode() {
        for (alpha, beta, scale, entropy, mode) in [
            (1.0, 0.0, 1.0, 1.3697590885613593, 0.0),
            (2.0, 1.5, 0.5, 1.0420203482737989, 0.14913048777441837),
            (30.0, -20.0, 4.0, 0.8486475351160495, -3.5183952647611525),
            (0.01, 0.0, 0.1, 0.21619244944380037, 0.0),
        ] {
            let law = NormalInverseGaussian::new(0.0, scale, alpha, beta).unwrap();
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
    }

    /// Thin tails far away make a normal law, heavy ones a Cauchy law.
    #[test]
    fn limits() {
        let (narrow, normal) =
            (NormalInverseGaussian::new(1.0, 1e20, 1e20, 0.0).unwrap(), Normal::new(1.0, 1.0).unwrap());
        let (heavy, cauchy) =
            (NormalInverseGaussian::new(1.0, 2.0, 1e-100, 0.0).unwrap(), Cauchy::new(1.0, 2.0).unwrap());
        for x in [-30.0, -3.0, 0.9, 1.0, 2.5, 8.0] {
            close(narrow.ln_cdf(x), normal.ln_cdf(x));
            close(narrow.ln_sf(x), normal.ln_sf(x));
            close(narrow.ln_pdf(x), normal.ln_pdf(x));
            close(heavy.ln_cdf(x), cauchy.ln_cdf(x));
            close(heavy.ln_sf(x), cauchy.ln_sf(x));
            close(heavy.ln_pdf(x), cauchy.ln_pdf(x));
        }
    }

    /// Far outside: mpmath at 50 digits.
    #[test]
    fn far_out() {
        // the exponential function's argument has an asinh of up to 710, of which 2^-53 is 0.8e-13 of the value, for either of two roundings
        let near = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1.6e-13, "{got:e} for {want:e}");
        let law = NormalInverseGaussian::new(-0.744, 1.94e19, 1.0, 0.166).unwrap();
        for (x, ln_pdf) in [(1.797e308, -1.498698e308), (1e307, -8.34e306), (1e200, -8.34e199), (-1e300, -1.166e300)] {
            near(law.ln_pdf(x), ln_pdf);
            assert_eq!((law.pdf(x), law.cdf(x), law.sf(x)), (0.0, f64::from(x > 0.0), f64::from(x < 0.0)));
            // of the tail as well, all factors beside the exponential function being nothing in its logarithm
            near(if x > 0.0 { law.ln_sf(x) } else { law.ln_cdf(x) }, ln_pdf);
        }
        // skewed to the other side, where sinh overflows
        let alpha = 2.52e-29;
        let law = NormalInverseGaussian::new(0.0, 0.0029, alpha, alpha * (1.0 - 1e-9)).unwrap();
        for (x, ln_pdf) in [(-1e302, -5.03999999748e273), (-1e305, -5.03999999748e276), (-1e150, -5.03999999748e121)] {
            near(law.ln_pdf(x), ln_pdf);
            near(law.ln_cdf(x), ln_pdf);
            assert_eq!((law.cdf(x), law.sf(x)), (0.0, 1.0));
        }
    }

    /// The lighter tail of a skewed law between δ and 1/α, where the integral's terms cancel: mpmath, the density integrated.
    #[test]
    fn light_tail_of_a_skewed_law() {
        let near = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-12, "{got:e} for {want:e}");
        let law = |p: [f64; 4]| NormalInverseGaussian::new(p[0], p[1], p[2], p[3]).unwrap();
        let skewed = law([7.918171016787382e-14, 2.6962606763119144e-26, 0.596419294769461, 0.5954588356837678]);
        for (x, sf) in [
            (8.534724467591633e-9, 1.00560303052164e-18),
            (1e-6, 8.58254302217283e-21),
            (1e-3, 8.62522704907726e-24),
            (1.0, 1.85710526148397e-26),
            (1000.0, 4.98234634911685e-29),
        ] {
            near(skewed.sf(x), sf);
        }
        let skewed = law([0.0, 1e-6, 2.0, 1.9999]);
        for (x, sf) in [(1e-3, 0.00032296073623306), (1.0, 1.1737836121563e-6), (30.0, 1.87054895512527e-7)] {
            near(skewed.sf(x), sf);
            near(law([0.0, 1e-6, 2.0, -1.9999]).cdf(-x), sf);
        }
    }
}
