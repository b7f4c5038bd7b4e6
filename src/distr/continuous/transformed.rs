//! The law of a monotone map of a variable.

use crate::distr::Continuous;
use crate::distr::bijection::Monotone;
use crate::parameter::{LawError, check};
use crate::quadrature::mean_over_levels;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// The law of Y = b(X), X of the law `base` and b a [monotone map](crate::distr::bijection::Monotone).
///
/// # Density function
/// f(y) = f_X(x) / |b'(x)| with b(x) = y.
///
/// # Derivatives
/// A draw is the image of a draw, b(x), so that dy = b'(x) dx plus the derivative in parameters of b.
///
/// # Example
/// ```
/// use reparam::distr::bijection::Exp;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Transformed::new(Normal::new(0.5, 2.0)?, Exp)?;
/// let same = LogNormal::new(0.5, 2.0)?;
/// assert!((law.ln_pdf(3.0) - same.ln_pdf(3.0)).abs() < 1e-15);
/// assert!((law.isf(1e-10) / same.isf(1e-10) - 1.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Tails are as accurate as X resolves them: those of the logit of a beta variable, say, end where the variable rounds to 1
/// ([`LogitBeta`](crate::distr::LogitBeta) has no such end). Mean, variance and mode are known for maps a + b x, mean and variance also where the support is bounded (by quadrature of the
/// quantile); otherwise they are `None`. The entropy is that of `base` and, by quadrature, the mean of ln |b'|: to 1e-10 or so
/// for smooth maps and quantiles, and without notice of integrals that diverge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transformed<L, B> {
    base: L,
    map: B,
}

impl<L, B> Transformed<L, B> {
    /// The law of `map` of a variable of the law `base`.
    ///
    /// # Errors
    /// If the support of the base is not in the domain of the map.
    ///
    /// ```
    /// use reparam::distr::bijection::Ln;
    /// use reparam::prelude::*;
    /// assert!(Transformed::new(Gamma::new(2.0, 1.0).unwrap(), Ln).is_ok());
    /// assert_eq!(Transformed::new(Normal::new(2.0, 1.0).unwrap(), Ln).unwrap_err().parameter(), "support");
    /// ```
    pub fn new<S: Scalar>(base: L, map: B) -> Result<Self, LawError>
    where
        L: Continuous<S>,
        B: Monotone<S>,
    {
        let ((low, high), (from, to)) = (base.support(), map.domain());
        // written so that NaN is refused
        let end = if low.re() >= from { high } else { low };
        check!("a transformed law", support, end.re(); "in the domain of the map" if low.re() >= from && high.re() <= to);
        Ok(Transformed { base, map })
    }

    /// The law of the variable that is mapped.
    pub fn base(&self) -> &L {
        &self.base
    }

    /// The map.
    pub fn map(&self) -> &B {
        &self.map
    }

    /// `f` of the x of a y, from the same tail or from the other one; a limit outside the image.
    fn tail<S: Scalar>(
        &self,
        y: S,
        [below, above]: [f64; 2],
        same: impl Fn(&L, S) -> S,
        other: impl Fn(&L, S) -> S,
    ) -> S
    where
        B: Monotone<S>,
    {
        if y.re().is_nan() {
            return S::from(f64::NAN);
        }
        match self.map.inverse(&y) {
            Some(x) if self.map.is_increasing() => same(&self.base, x),
            Some(x) => other(&self.base, x),
            None => S::from(if y.re() < self.map.image().0 { below } else { above }),
        }
    }

    /// The point of a level, by the quantile of the base from the same tail or from the other one.
    #[inline]
    fn at<S: Scalar>(&self, level: S, same: impl Fn(&L, S) -> S, other: impl Fn(&L, S) -> S) -> S
    where
        B: Monotone<S>,
    {
        let x = if self.map.is_increasing() { same(&self.base, level) } else { other(&self.base, level) };
        self.map.forward(&x)
    }

    /// E[g(X)]
    fn expectation<S: Scalar>(&self, g: impl Fn(S) -> S) -> S
    where
        L: Continuous<S>,
    {
        mean_over_levels(|ln_u: S, ln_v: S| {
            g(if ln_u.re() <= -LN_2 { self.base.quantile_ln(ln_u) } else { self.base.isf_ln(ln_v) })
        })
    }
}

impl<S: Scalar, L: Continuous<S>, B: Monotone<S>> Distribution<S> for Transformed<L, B> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.map.forward(&self.base.sample(rng))
    }
}

impl<S: Scalar, L: Continuous<S>, B: Monotone<S>> Continuous<S> for Transformed<L, B> {
    fn has_atoms(&self) -> bool {
        self.base.has_atoms()
    }

    fn support(&self) -> (S, S) {
        let (low, high) = self.base.support();
        let (a, b) = (self.map.forward(&low), self.map.forward(&high));
        if self.map.is_increasing() { (a, b) } else { (b, a) }
    }

    fn ln_pdf(&self, y: S) -> S {
        if y.re().is_nan() {
            return S::from(f64::NAN);
        }
        let Some(x) = self.map.inverse(&y) else { return S::from(f64::NEG_INFINITY) };
        let ln_pdf = self.base.ln_pdf(x);
        // at an end of the support the map may have no slope
        if ln_pdf.re().is_infinite() { ln_pdf } else { ln_pdf - self.map.ln_abs_det_jacobian(&x) }
    }

    fn cdf(&self, y: S) -> S {
        self.tail(y, [0.0, 1.0], L::cdf, L::sf)
    }

    fn sf(&self, y: S) -> S {
        self.tail(y, [1.0, 0.0], L::sf, L::cdf)
    }

    fn ln_cdf(&self, y: S) -> S {
        self.tail(y, [f64::NEG_INFINITY, 0.0], L::ln_cdf, L::ln_sf)
    }

    fn ln_sf(&self, y: S) -> S {
        self.tail(y, [0.0, f64::NEG_INFINITY], L::ln_sf, L::ln_cdf)
    }

    fn quantile(&self, p: S) -> S {
        self.at(p, L::quantile, L::isf)
    }

    fn isf(&self, q: S) -> S {
        self.at(q, L::isf, L::quantile)
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        self.at(ln_p, L::quantile_ln, L::isf_ln)
    }

    fn isf_ln(&self, ln_q: S) -> S {
        self.at(ln_q, L::isf_ln, L::quantile_ln)
    }

    fn mean(&self) -> Option<S> {
        if let Some((a, b)) = self.map.affine() {
            return Some(a + b * self.base.mean()?);
        }
        let (low, high) = Continuous::<S>::support(self);
        let bounded = low.re().is_finite() && high.re().is_finite();
        bounded.then(|| self.expectation(|x| self.map.forward(&x)))
    }

    fn variance(&self) -> Option<S> {
        if let Some((_, b)) = self.map.affine() {
            return Some(b * b * self.base.variance()?);
        }
        let mean: S = Continuous::<S>::mean(self)?;
        Some(self.expectation(|x| {
            let d = self.map.forward(&x) - mean;
            d * d
        }))
    }

    fn entropy(&self) -> S {
        let ln_slope = match self.map.affine() {
            Some((_, b)) => b.abs().ln(),
            None => self.expectation(|x| self.map.ln_abs_det_jacobian(&x)),
        };
        self.base.entropy() + ln_slope
    }

    fn mode(&self) -> Option<S> {
        let (a, b) = self.map.affine()?;
        Some(a + b * self.base.mode()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::bijection::{Exp, Inverse, Ln, LocationScale, Sigmoid, Softplus, Tanh, Then};
    use crate::distr::{Exponential, Gamma, LogGamma, LogNormal, LogitNormal, Normal, Uniform};
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs().max(1e-300), "{got:e}, not {want:e}");
    }

    #[track_caller]
    fn same_law(a: &impl Continuous<f64>, b: &impl Continuous<f64>, points: &[f64]) {
        for &x in points {
            close(a.ln_pdf(x), b.ln_pdf(x), 1e-13);
            close(a.ln_cdf(x), b.ln_cdf(x), 1e-13);
            close(a.ln_sf(x), b.ln_sf(x), 1e-13);
            close(a.cdf(x), b.cdf(x), 1e-13);
            close(a.sf(x), b.sf(x), 1e-13);
        }
        for p in [1e-300, 1e-10, 0.3, 0.5, 0.9] {
            close(a.quantile(p), b.quantile(p), 1e-13);
            close(a.isf(p), b.isf(p), 1e-13);
            close(a.isf_ln(p.ln()), b.isf_ln(p.ln()), 1e-13);
        }
        close(a.entropy(), b.entropy(), 1e-9);
    }

    /// Laws that exist by themselves too.
    #[test]
    fn named_laws() {
        let normal = Normal::new(0.3, 1.2).unwrap();
        let points = [1e-3, 0.4, 7.0, 1e3];
        same_law(&Transformed::new(normal, Exp).unwrap(), &LogNormal::new(0.3, 1.2).unwrap(), &points);
        let logit = Transformed::new(normal, Sigmoid).unwrap();
        let named = LogitNormal::new(0.3, 1.2).unwrap();
        same_law(&logit, &named, &[1e-3, 0.4, 0.9]);
        close(logit.mean().unwrap(), named.mean().unwrap(), 1e-12);
        close(logit.variance().unwrap(), named.variance().unwrap(), 1e-11);
        let gamma = Gamma::new(2.5, 0.7).unwrap();
        same_law(&Transformed::new(gamma, Ln).unwrap(), &LogGamma::new(2.5, 0.7).unwrap(), &[-5.0, 0.1, 2.0]);
        // a decreasing map: minus the logarithm of a uniform number
        let map = Then(Ln, LocationScale::new(0.0, -0.5).unwrap());
        let exponential = Transformed::new(Uniform::new(0.0, 1.0).unwrap(), map).unwrap();
        let named = Exponential::new(2.0).unwrap();
        for y in [0.3, 20.0] {
            close(exponential.ln_pdf(y), named.ln_pdf(y), 1e-14);
            close(exponential.ln_cdf(y), named.ln_cdf(y), 1e-14);
            close(exponential.ln_sf(y), named.ln_sf(y), 1e-14);
        }
        close(exponential.isf(1e-300), named.isf(1e-300), 1e-14);
        close(exponential.quantile(0.3), named.quantile(0.3), 1e-14);
        close(exponential.entropy(), named.entropy(), 1e-12);
        assert_eq!(exponential.cdf(-1.0), 0.0);
        assert_eq!(exponential.ln_pdf(-1.0), f64::NEG_INFINITY);
        let shifted = Transformed::new(normal, LocationScale::new(1.0, -2.0).unwrap()).unwrap();
        let named = Normal::new(0.4, 2.4).unwrap();
        same_law(&shifted, &named, &[-3.0, 0.4, 5.0]);
        assert_eq!((shifted.mean(), shifted.mode()), (named.mean(), named.mode()));
    }

    /// Outside the image, at its ends and at NaN.
    #[test]
    fn ends() {
        let law = Transformed::new(Normal::new(0.0, 1.0).unwrap(), Tanh).unwrap();
        assert_eq!((law.cdf(-1.5), law.cdf(1.5), law.sf(1.5)), (0.0, 1.0, 0.0));
        assert_eq!((law.cdf(-1.0), law.cdf(1.0)), (0.0, 1.0));
        assert_eq!((law.ln_pdf(1.0), law.ln_pdf(2.0)), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        assert!(law.cdf(f64::NAN).is_nan() && law.ln_pdf(f64::NAN).is_nan() && law.quantile(2.0).is_nan());
        assert_eq!(law.support(), (-1.0, 1.0));
        assert!(law.mean().unwrap().abs() < 1e-15);
        let law = Transformed::new(Normal::new(0.0, 1.0).unwrap(), Softplus).unwrap();
        assert_eq!((law.mean(), law.mode()), (None, None));
        assert!(Transformed::new(Exponential::new(1.0).unwrap(), Inverse(Sigmoid)).is_err());
    }

    /// d E[sigmoid(X)]/dμ in closed form is E of the slope: the mean carries derivatives.
    #[test]
    fn derivatives() {
        let [mu, sigma] = Jet::variables([0.3, 1.2]);
        let law = Transformed::new(Normal::new(mu, sigma).unwrap(), Sigmoid).unwrap();
        let named = LogitNormal::new(mu, sigma).unwrap();
        let (got, want): (Jet<f64, 2>, Jet<f64, 2>) = (law.mean().unwrap(), named.mean().unwrap());
        close(got.eps[0], want.eps[0], 1e-11);
        close(got.eps[1], want.eps[1], 1e-11);
        let (got, want) = (law.quantile(0.1.into()), named.quantile(0.1.into()));
        close(got.eps[0], want.eps[0], 1e-14);
        close(got.eps[1], want.eps[1], 1e-14);
    }

    /// Every map against the inverse, and its slope against the derivative.
    #[test]
    fn maps() {
        fn check<B: Monotone<f64> + Monotone<Jet<f64, 1>>>(map: B, points: &[f64]) {
            for &x in points {
                let [jet] = Jet::variables([x]);
                let y = map.forward(&jet);
                close(map.ln_abs_det_jacobian(&x), y.eps[0].abs().ln(), 1e-13);
                close(map.inverse(&y.re).unwrap(), x, 1e-12);
                assert_eq!(Monotone::<f64>::is_increasing(&map), y.eps[0] > 0.0);
            }
        }
        let points = [-4.0, -0.3, 0.5, 3.0];
        check(Exp, &points);
        check(Ln, &[1e-5, 0.3, 20.0]);
        check(Softplus, &points);
        check(Sigmoid, &points);
        check(Tanh, &points);
        check(Inverse(Tanh), &[-0.9, 0.1, 0.5]);
    }
}
