//! Dagum's law.

use crate::distr::form::{ExpOf, Placed, Standard, exp_times_exp_m1, law_of, times_exp};
use crate::distr::parameters;
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::{self, ln_gamma_curvature};
use core::f64::consts::EULER_GAMMA;
use rand::Rng;

/// [Dagum's law](https://en.wikipedia.org/wiki/Dagum_distribution) (type I) with scale b and shapes a and p, of
/// incomes.
///
/// # Density function
/// f(x) = (a p/x) (x/b)^(a p) / (1 + (x/b)^a)^(p + 1) for x > 0; F(x) = (1 + (x/b)^-a)^-p.
///
/// # Derivatives
/// A draw is z = b exp(t/a) with t = -ln(exp(ε/p) - 1), ε standard exponential. So dz/db = z/b, dz/da = -z t/a² and
/// dz/dp = z ε/(a p² (1 - exp(-ε/p))), by the chain rule. Defined everywhere.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the median is b (2^(1/p) - 1)^(-1/a)
/// let [scale, a, p] = Jet::variables([3.0, 2.0, 1.0]);
/// let z = Dagum::new(scale, a, p)?.median();
/// assert!((z.re - 3.0).abs() < 1e-14 && (z.eps[0] - 1.0).abs() < 1e-14);
/// assert!((z.eps[2] - 3.0 * 2f64.ln()).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For p = 1 the log-logistic law; the reciprocal is of Singh and Maddala's (Burr XII). Draws outside the range of doubles,
/// as they occur where a or a p is below 0.06, are infinite or 0. The variance of laws that are narrow (a above 1e3) is
/// accurate to about 1e-12.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dagum<S> {
    scale: S,
    a: S,
    p: S,
}

parameters! {
    Dagum, "dagum", "a Dagum law";
    /// The law with scale b and shapes a and p.
    ///
    /// ```
    /// use reparam::distr::Dagum;
    /// assert!(Dagum::new(1.0, 3.0, 0.5).is_ok());
    /// assert_eq!(Dagum::new(1.0, -3.0, 0.5).unwrap_err().parameter(), "a");
    /// ```
    new(scale: POSITIVE, a: POSITIVE, p: POSITIVE)
}

/// E[X]/b = Γ(p + r) Γ(1 - r)/Γ(p) = p B(p + r, 1 - r) with r = 1/a, its logarithm.
pub(super) fn ln_mean<S: Scalar>(p: S, r: S) -> S {
    special::ln_beta(p + r, -r + 1.0) + p.ln()
}

/// ln E[X²] - 2 ln E[X].
pub(super) fn ln_excess<S: Scalar>(p: S, r: S) -> S {
    let of_one = (ln_gamma_curvature(r * -2.0) * 4.0 - ln_gamma_curvature(-r) * 2.0) * r * r;
    of_one + second_difference(p, r)
}

law_of!(
    Dagum,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: law.a.recip(), standard: StandardDagum { p: law.p } },
    },
    moments {
        /// b Γ(p + 1/a) Γ(1 - 1/a)/Γ(p) for a > 1
        fn mean(&self) -> Option<S> {
            if self.a.re() <= 1.0 {
                return Some(S::from(f64::INFINITY));
            }
            Some(times_exp(self.scale, ln_mean(self.p, self.a.recip())))
        }

        /// b² Γ(p + 2/a) Γ(1 - 2/a)/Γ(p) - (E X)² for a > 2
        fn variance(&self) -> Option<S> {
            if self.a.re() <= 1.0 {
                return None;
            }
            if self.a.re() <= 2.0 {
                return Some(S::from(f64::INFINITY));
            }
            let r = self.a.recip();
            Some(exp_times_exp_m1((ln_mean(self.p, r) + self.scale.ln()) * 2.0, ln_excess(self.p, r)))
        }

        /// b ((a p - 1)/(a + 1))^(1/a) for a p > 1; below, the density falls from 0 on
        fn mode(&self) -> Option<S> {
            let excess = self.a * self.p - 1.0;
            if excess.re() <= 0.0 {
                return None;
            }
            Some(times_exp(self.scale, excess.over(self.a + 1.0).ln().over(self.a)))
        }
    }
);

/// ln Γ(p + 2 r) - 2 ln Γ(p + r) + ln Γ(p), for small r as the series Σ 2 r^n/n! ψ^(n-1)(p + r) over even n.
fn second_difference<S: Scalar>(p: S, r: S) -> S {
    let middle = p + r;
    if r.re().abs() > 0.05 * p.re() {
        return special::ln_gamma(middle + r) - special::ln_gamma(middle) * 2.0 + special::ln_gamma(p);
    }
    let w = r * r;
    let (mut sum, mut power) = (S::from(0.0), S::from(2.0));
    for n in [2, 4, 6, 8, 10] {
        let k = f64::from(n);
        power = power * w / (k * (k - 1.0));
        sum += power * special::polygamma(n - 1, middle);
    }
    sum
}

/// The law of a ln(X/b): F(t) = (1 + e^-t)^-p, the generalized logistic law of type I.
#[derive(Clone, Copy)]
pub(super) struct StandardDagum<S> {
    pub p: S,
}

impl<S: Scalar> StandardDagum<S> {
    /// The t with F(t) = e^-e.
    #[inline]
    fn at_exponential(&self, e: S) -> S {
        match e.re() {
            0.0 => S::from(f64::INFINITY),
            f64::INFINITY => S::from(f64::NEG_INFINITY),
            _ => -e.over(self.p).ln_exp_m1(),
        }
    }
}

impl<S: Scalar> Standard<S> for StandardDagum<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.at_exponential(S::from(noise::exponential(rng)))
    }
    /// ln p - t - (p + 1) ln(1 + e^-t)
    fn ln_pdf(&self, t: S) -> S {
        self.p.ln() - t.softplus() - self.p * (-t).softplus()
    }
    /// p e^(p t)/(1 + e^t)^(p + 1), p e^-t/(1 + e^-t)^(p + 1)
    fn exponential_tail(&self, decay: S, upper: bool) -> Option<(S, S)> {
        let power = if upper { S::from(1.0) } else { self.p };
        Some((power, self.p.ln() - (self.p + 1.0) * decay.ln_1p()))
    }
    fn cdf(&self, t: S) -> S {
        (-self.p * (-t).softplus()).exp()
    }
    fn sf(&self, t: S) -> S {
        -(-self.p * (-t).softplus()).exp_m1()
    }
    fn ln_cdf(&self, t: S) -> S {
        -self.p * (-t).softplus()
    }
    fn ln_sf(&self, t: S) -> S {
        if t.re() < 40.0 {
            return (-self.p * (-t).softplus()).ln_1m_exp();
        }
        // p e^-t, the exponent, may underflow
        let ln = self.p.ln() - t;
        if ln.re() > -40.0 { (-ln.exp()).ln_1m_exp() } else { ln }
    }
    fn quantile(&self, p: S) -> S {
        self.quantile_ln(p.ln())
    }
    fn isf(&self, q: S) -> S {
        self.at_exponential(-(-q).ln_1p())
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.at_exponential(-ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        // e = -ln(1 - q) is q to all digits below e^-40, and t = ln(p/e)
        if ln_q.re() < -40.0 && ln_q.re() < self.p.re().ln() - 40.0 {
            return self.p.ln() - ln_q;
        }
        self.at_exponential(-ln_q.ln_1m_exp())
    }
    /// ψ(p) + γ
    fn mean(&self) -> Option<S> {
        Some(special::digamma(self.p) + EULER_GAMMA)
    }
    /// ψ'(p) + π²/6
    fn variance(&self) -> Option<S> {
        Some(special::trigamma(self.p) + 1.6449340668482264)
    }
    /// 1 + γ + ψ(1 + p) - ln p
    fn entropy(&self) -> S {
        special::digamma(self.p + 1.0) - self.p.ln() + (1.0 + EULER_GAMMA)
    }
    fn mode(&self) -> Option<S> {
        Some(self.p.ln())
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-13 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms at 40 digits
    #[test]
    fn moments() {
        let law = Dagum::new(2.0, 3.0, 0.5).unwrap();
        close(law.mean().unwrap(), 1.7247397061531937);
        assert!((law.variance().unwrap() / 2.6340013673204123 - 1.0).abs() < 1e-12);
        close(law.entropy(), 1.4392895909585934);
        close(law.mode().unwrap(), 1.0);
        let law = Dagum::new(1.0, 2.5, 4.0).unwrap();
        close(law.mean().unwrap(), 2.515767384986245);
        assert!((law.variance().unwrap() / 7.319387217091389 - 1.0).abs() < 1e-12);
        close(law.entropy(), 1.514081573672621);
        close(law.mode().unwrap(), 1.459048693472258);
        let law = Dagum::new(3.0, 5.0, 10000.0).unwrap();
        close(law.mean().unwrap(), 22.037202356024608);
        assert!((law.variance().unwrap() / 47.92761079564785 - 1.0).abs() < 1e-12);
        close(law.entropy(), 3.023941247511085);
        close(law.mode().unwrap(), 18.25085725249111);
        let law = Dagum::new(1.0, 100.0, 0.2).unwrap();
        close(law.mean().unwrap(), 0.9552686850151014);
        assert!((law.variance().unwrap() / 0.002341252500283642 - 1.0).abs() < 1e-12);
        close(law.entropy(), -1.754674747561553);
        close(law.mode().unwrap(), 0.983431969503972);
        let law = Dagum::new(2.0, 10000.0, 3.0).unwrap();
        close(law.mean().unwrap(), 2.000300042903617);
        assert!((law.variance().unwrap() / 8.162821417952794e-08 - 1.0).abs() < 1e-12);
        close(law.entropy(), -6.782322146751014);
        close(law.mode().unwrap(), 2.000219707858958);
        assert_eq!(Dagum::new(2.0, 1.5, 0.5).unwrap().variance(), Some(f64::INFINITY));
        assert_eq!(Dagum::new(2.0, 1.0, 0.5).unwrap().variance(), None);
        assert_eq!(Dagum::new(2.0, 1.0, f64::NAN).unwrap_err().parameter(), "p");
    }

    #[test]
    fn is_log_logistic_for_p_1() {
        let (law, other) = (Dagum::new(2.0, 3.0, 1.0).unwrap(), LogLogistic::new(2.0, 3.0).unwrap());
        for x in [1e-90, 0.1, 2.0, 30.0, 1e100] {
            close(law.ln_pdf(x), other.ln_pdf(x));
            close(law.ln_sf(x), other.ln_sf(x));
            close(law.ln_cdf(x), other.ln_cdf(x));
        }
        close(law.isf_ln(-600.0), other.isf_ln(-600.0));
    }
}
