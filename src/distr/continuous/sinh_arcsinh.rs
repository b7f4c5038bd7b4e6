//! The sinh-arcsinh law.

use crate::distr::form::{Increasing, OfNormal, Placed, law_of, ln_hypot_1, product, sinh};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::{mean_across_kink, mean_of_even};
use core::f64::consts::LN_2;

/// The sinh-arcsinh law of [Jones & Pewsey 2009](https://doi.org/10.1093/biomet/asp053), Biometrika 96: with location ξ, scale η,
/// skewness ε and tail weight δ, sinh(δ asinh((X - ξ)/η) - ε) is standard normal.
///
/// # Density function
/// f(x) = δ cosh(w) φ(sinh w) / (η sqrt(1 + z²)) on the real line, with z = (x - ξ)/η, w = δ asinh(z) - ε and φ the standard normal
/// density.
///
/// # Derivatives
/// A draw is x = ξ + η sinh y with y = (asinh(n) + ε)/δ and standard normal n: dx/dξ = 1, dx/dη = sinh y, dx/dε = η cosh(y)/δ,
/// dx/dδ = -η y cosh(y)/δ. Defined everywhere; a draw beyond the range of doubles is infinite and has no derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [skewness, tail] = Jet::variables([0.5, 2.0]);
/// let x = SinhArcsinh::new(0.0.into(), 1.0.into(), skewness, tail)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((x.eps[0] - (1.0 + x.re * x.re).sqrt() / 2.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The paper's convention: ε > 0 skews to the right, δ < 1 has heavier tails than the normal law and δ > 1 lighter ones; ε = 0, δ = 1 is the
/// normal law. TensorFlow Probability's `tailweight` is 1/δ up to a constant.
///
/// Mean, variance and entropy are sums of the trapezoidal and double exponential rules, with a relative error of about 1e-14 (of
/// the entropy's parts). The mode is the root of δ tanh(w) sinh²(w) + tanh(s), s = asinh z, which is unique.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SinhArcsinh<S> {
    location: S,
    scale: S,
    skewness: S,
    tail: S,
}

parameters! {
    SinhArcsinh, "sinh_arcsinh", "a sinh-arcsinh law";
    /// The law with location ξ, scale η, skewness ε and tail weight δ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(SinhArcsinh::new(3.0, 1.0, 0.0, 0.5).unwrap().median(), 3.0);
    /// assert_eq!(SinhArcsinh::new(3.0, 1.0, 0.0, 0.0).unwrap_err().parameter(), "tail");
    /// ```
    new(location: REAL, scale: POSITIVE, skewness: REAL, tail: POSITIVE)
}

law_of!(SinhArcsinh, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: OfNormal(Shape { skewness: law.skewness, tail: law.tail }),
});

/// z = sinh((asinh(n) + ε)/δ).
#[derive(Clone, Copy)]
struct Shape<S> {
    skewness: S,
    tail: S,
}

impl<S: Scalar> Shape<S> {
    /// The integrands of E[2 sinh²(A/2)], E[(2 sinh²(A/2))²] and E[sinh² A], A = asinh(N)/δ, with their normal weight but for
    /// its constant.
    fn weighted_powers(&self, t: f64) -> [S; 3] {
        let a = self.tail.recip() * math::asinh(t);
        // in logarithms: the powers may be beyond the range of doubles where their products with the weight are not
        let half_weighted = (a - t * t * 0.25).exp() * 0.5;
        let near = (-a).exp_m1();
        let cosh_m1 = half_weighted * near * near;
        let sinh = half_weighted * (-a * 2.0).exp_m1();
        [cosh_m1 * math::exp(-t * t * 0.25), cosh_m1 * cosh_m1, sinh * sinh]
    }

    /// The expectation of one of these. The largest power of N among them is 2/δ, whose integrand peaks at its square root.
    fn power(&self, index: usize) -> S {
        let power = mean_of_even(math::sqrt(2.0 / self.tail.re()) + 10.0, |t| self.weighted_powers(t)[index]);
        // of positive terms: only overflow makes it NaN
        if power.re().is_nan() { S::from(f64::INFINITY) } else { power }
    }
}

impl<S: Scalar> Increasing<S> for Shape<S> {
    #[inline]
    fn at(&self, n: S) -> S {
        if n.re().is_infinite() { n } else { sinh((n.asinh() + self.skewness).over(self.tail)) }
    }
    fn normal(&self, z: S) -> S {
        sinh(self.tail * z.asinh() - self.skewness)
    }
    fn ln_slope(&self, z: S, n: S) -> S {
        self.tail.ln() + ln_hypot_1(n) - ln_hypot_1(z)
    }
    #[inline]
    fn draw(&self, noise: f64) -> S {
        sinh((self.skewness + math::asinh(noise)).over(self.tail))
    }
    /// sinh(b) E[cosh A], b = ε/δ
    fn mean(&self) -> S {
        product(self.skewness.over(self.tail).sinh(), self.power(0) + 1.0)
    }
    /// cosh²(b) E[sinh² A] + sinh²(b) Var[cosh A]
    fn variance(&self) -> S {
        let b = self.skewness.over(self.tail);
        let (sinh_b, cosh_b) = (b.sinh(), b.cosh());
        let [mean, square, sinh2] = [0, 1, 2].map(|index| self.power(index));
        if square.re().is_infinite() {
            return square;
        }
        product(cosh_b, product(cosh_b, sinh2)) + product(sinh_b, product(sinh_b, square - mean * mean))
    }
    /// E[ln cosh y] - ln δ - E[ln sqrt(1 + N²)]
    fn mean_ln_slope(&self) -> S {
        let mean = mean_across_kink(-self.skewness.re(), |v| {
            let y = (self.skewness + v).over(self.tail);
            let y = if y.re() < 0.0 { -y } else { y };
            y + (-y * 2.0).softplus()
        });
        // E[ln sqrt(1 + N²)] (mpmath, quadrature)
        mean - LN_2 - self.tail.ln() - 0.26672658992206742
    }
    fn mode(&self) -> S {
        let (skewness, tail) = (self.skewness.re(), self.tail.re());
        let end = skewness / tail;
        let root = find_root(end.min(0.0), end.max(0.0), 0.5 * end, |s| {
            let w = tail * s - skewness;
            let (sinh, t, ts) = (math::sinh(w), math::tanh(w), math::tanh(s));
            (tail * t * sinh * sinh + ts, tail * tail * sinh * sinh * (3.0 - t * t) + 1.0 - ts * ts)
        });
        let s = lift_root(root, |s: S| {
            let w = self.tail * s - self.skewness;
            let (sinh2, t, ts) = (w.sinh() * w.sinh(), w.tanh(), s.tanh());
            let slope = self.tail * self.tail * sinh2 * (-t * t + 3.0) - ts * ts + 1.0;
            (self.tail * t * sinh2 + ts).over(slope)
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
        for (skewness, tail, mean, variance, entropy, mode) in [
            (0.0, 1.0, 1.0, 4.0, 2.112085713764618, 1.0),
            (0.5, 1.5, 1.7795494374853827, 1.5483929868672767, 1.6127151909899492, 1.1628115953893744),
            (-2.0, 0.125, -158110564490.3946, 6.807471318168798e+24, 19.232151181638358, -5.271958738280001),
            (3.0, 8.0, 1.771506313710805, 0.04574082972353548, -0.161056596495734, 1.6767711642580524),
            (0.001, 20.0, 1.0001000791672214, 0.00633873376237586, -1.1495821455746858, 1.0000000399520767),
            (0.25, 0.015625, 1.1856728549460422e+70, 2.846932482013036e159, 49.87212137076097, 1.0004883835934514),
        ] {
            let law = SinhArcsinh::new(1.0, 2.0, skewness, tail).unwrap();
            close(law.mean().unwrap(), mean);
            close(law.variance().unwrap(), variance);
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
        let law = SinhArcsinh::new(0.0, 1.0, 0.0, 1e-3).unwrap();
        assert_eq!(law.variance(), Some(f64::INFINITY));
        assert_eq!(law.isf(1e-300), f64::INFINITY);
        let [skewness, tail] = Jet::second_order([0.1, 1e-3]);
        let law = SinhArcsinh::new(0.0.into(), 1.0.into(), skewness, tail).unwrap();
        assert_eq!(law.isf(1e-9.into()), f64::INFINITY.into());
    }
}
