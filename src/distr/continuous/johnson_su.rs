//! Johnson's S_U law.

use crate::distr::form::{Increasing, OfNormal, Placed, law_of, ln_hypot_1, product, sinh};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::mean_softplus;
use core::f64::consts::LN_2;

/// [Johnson's S_U law](https://en.wikipedia.org/wiki/Johnson%27s_SU-distribution) (Johnson 1949): γ + δ asinh((X - ξ)/λ) is standard
/// normal.
///
/// # Density function
/// f(x) = δ φ(γ + δ asinh z) / (λ sqrt(1 + z²)) on the real line, z = (x - ξ)/λ, φ the standard normal density.
///
/// # Derivatives
/// A draw is x = ξ + λ sinh y with y = (ε - γ)/δ and standard normal ε: dx/dγ = -λ cosh(y)/δ, dx/dδ = -λ y cosh(y)/δ, dx/dξ = 1,
/// dx/dλ = sinh y. Defined everywhere; a draw beyond the range of doubles is infinite and has no derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [gamma, delta] = Jet::variables([1.0, 2.0]);
/// let x = JohnsonSU::new(0.0.into(), 1.0.into(), gamma, delta)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((x.eps[0] + (1.0 + x.re * x.re).sqrt() / 2.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A positive γ skews to the left; tails are the heavier the smaller δ is. The mode is the root of δ (γ + δ s) + tanh s, s = asinh z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JohnsonSU<S> {
    location: S,
    scale: S,
    gamma: S,
    delta: S,
}

parameters! {
    JohnsonSU, "johnson_su", "a Johnson SU law";
    /// The law with location ξ, scale λ and shapes γ and δ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(JohnsonSU::new(3.0, 1.0, 0.0, 1.0).unwrap().median(), 3.0);
    /// assert_eq!(JohnsonSU::new(3.0, 1.0, 0.0, 0.0).unwrap_err().parameter(), "delta");
    /// ```
    new(location: REAL, scale: POSITIVE, gamma: REAL, delta: POSITIVE)
}

law_of!(JohnsonSU, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: OfNormal(Shape { gamma: law.gamma, delta: law.delta }),
});

/// z = sinh((n - γ)/δ).
#[derive(Clone, Copy)]
struct Shape<S> {
    gamma: S,
    delta: S,
}

impl<S: Scalar> Increasing<S> for Shape<S> {
    #[inline]
    fn at(&self, n: S) -> S {
        if n.re().is_infinite() { n } else { sinh((n - self.gamma).over(self.delta)) }
    }
    fn normal(&self, z: S) -> S {
        self.delta * z.asinh() + self.gamma
    }
    fn ln_slope(&self, z: S, _: S) -> S {
        self.delta.ln() - ln_hypot_1(z)
    }
    /// -exp(1/(2δ²)) sinh(γ/δ)
    fn mean(&self) -> S {
        let r = self.delta.recip();
        -product((r * r * 0.5).exp(), (self.gamma * r).sinh())
    }
    /// (w - 1)(w cosh(2γ/δ) + 1)/2 with w = exp(1/δ²)
    fn variance(&self) -> S {
        let r2 = (self.delta * self.delta).recip();
        let cosh = (self.gamma.over(self.delta) * 2.0).cosh();
        product(r2.exp_m1(), product(r2.exp(), cosh) + 1.0) * 0.5
    }
    /// E[ln cosh y] - ln δ with y = (N - γ)/δ
    fn mean_ln_slope(&self) -> S {
        // ln cosh y = y + ln(1 + exp(-2 y)) - ln 2, and the same at -y
        let mean = if self.gamma.re() < 0.0 { -self.gamma } else { self.gamma }.over(self.delta);
        mean_softplus(-mean * 2.0, self.delta.recip() * 2.0) + mean - LN_2 - self.delta.ln()
    }
    fn mode(&self) -> S {
        let (gamma, delta) = (self.gamma.re(), self.delta.re());
        let end = -gamma / delta;
        let root = find_root(end.min(0.0), end.max(0.0), end / (1.0 + 1.0 / (delta * delta)), |s| {
            let t = math::tanh(s);
            (delta * (gamma + delta * s) + t, delta * delta + 1.0 - t * t)
        });
        let s = lift_root(root, |s: S| {
            let t = s.tanh();
            (self.delta * (self.gamma + self.delta * s) + t).over(self.delta * self.delta - t * t + 1.0)
        });
        sinh(s)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-14 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding
    #[test]
    fn moments() {
        for (gamma, delta, mean, variance, entropy, mode) in [
            (0.5, 1.5, 0.151930318180912, 3.267344543424032, 1.9367390703226868, 0.5317784248052506),
            (-2.0, 0.75, 35.838249730402295, 6035.423454878587, 4.441668336295054, 3.9830498022421078),
            (3.0, 8.0, 0.22627670169588018, 0.07291414519063104, 0.10814470095177436, 0.2441200805125054),
            (0.001, 20.0, 0.9998998749218008, 0.01002504174389606, -0.8823981158616184, 0.999900249376517),
        ] {
            let law = JohnsonSU::new(1.0, 2.0, gamma, delta).unwrap();
            close(law.mean().unwrap(), mean);
            close(law.variance().unwrap(), variance);
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
        let law = JohnsonSU::new(0.0, 1.0, 0.0, 1e-3).unwrap();
        assert_eq!((law.mean(), law.variance()), (Some(0.0), Some(f64::INFINITY)));
        assert_eq!(law.isf(1e-300), f64::INFINITY);
    }
}
