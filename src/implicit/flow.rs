//! Numbers that move with one parameter along a known slope.

use crate::scalar::polynomial::Polynomial;
use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, Scalar};

/// How a number x moves with a parameter θ: dx/dθ as a function of both.
///
/// For a draw at fixed noise it is -(∂F/∂θ)/(∂F/∂x), F being the distribution function; for most laws that is a smooth
/// function which series and fractions give without ever forming F (Figurnov, Mohamed & Mnih 2018, "Implicit
/// reparameterization gradients").
pub trait Flow {
    /// dx/dθ.
    fn slope<S: Scalar>(&self, parameter: S, x: S) -> S;
}

/// The number `x` that solves dx/dθ = slope(θ, x), with its derivatives of every order in whatever θ depends on.
///
/// `x` belongs to the real part of `parameter` and is the real part of the result. The Taylor coefficients of x(θ) follow
/// one from the other: the slope in arithmetic of truncated polynomials, x known to order k, has coefficients right to order
/// k, and the next of x is the last of these over k + 1. So the slope is evaluated in plain numbers, as often as there are
/// orders, however many variables the caller differentiates in. Nothing is evaluated for a scalar without derivatives or
/// for a parameter that is a constant.
///
/// ```
/// use reparam::implicit::{Flow, lift_along};
/// use reparam::scalar::{Jet, Scalar};
/// /// x = e^(θ²): dx/dθ = 2 θ x
/// struct Gauss;
/// impl Flow for Gauss {
///     fn slope<S: Scalar>(&self, theta: S, x: S) -> S {
///         theta * x * 2.0
///     }
/// }
/// let [theta] = Jet::second_order([1.0]);
/// let (x, first, second) = lift_along(1f64.exp(), theta, &Gauss).hessian();
/// assert_eq!(x, 1f64.exp());
/// assert!((first[0] / x - 2.0).abs() < 1e-15);
/// assert!((second[0][0] / x - 6.0).abs() < 1e-15);
/// ```
#[inline]
pub fn lift_along<S: Scalar, F: Flow>(x: f64, parameter: S, flow: &F) -> S {
    if S::ORDER == 0 || parameter.with_re(0.0).max_abs() == 0.0 {
        return S::from(x);
    }
    let mut c = ZERO;
    c[0] = x;
    c[1] = flow.slope(parameter.re(), x);
    if S::ORDER >= 2 {
        next::<2, F>(&mut c, 1, parameter.re(), flow);
    }
    if S::ORDER >= 3 {
        next::<3, F>(&mut c, 2, parameter.re(), flow);
    }
    if S::ORDER >= 4 {
        next::<4, F>(&mut c, 3, parameter.re(), flow);
    }
    for k in 4..S::ORDER {
        next::<MAX_ORDER, F>(&mut c, k, parameter.re(), flow);
    }
    taylor::to_derivatives(&mut c, S::ORDER);
    parameter.lift(&c)
}

/// From the coefficients of x up to order k to the one after, by arithmetic of N > k coefficients.
#[inline]
fn next<const N: usize, F: Flow>(c: &mut Derivatives, k: usize, parameter: f64, flow: &F) {
    let slope = flow.slope(Polynomial::<N>::line(parameter, 1.0), Polynomial::<N>::of(c));
    c[k + 1] = slope.0[k] / (k as f64 + 1.0);
}

#[cfg(test)]
mod tests {
    use super::{Flow, lift_along};
    use crate::scalar::{Jet, Scalar};

    /// x = 1/(1 - θ): dx/dθ = x², all coefficients 1 at θ = 0.
    struct Geometric;

    impl Flow for Geometric {
        fn slope<S: Scalar>(&self, _: S, x: S) -> S {
            x * x
        }
    }

    type Fifth = Jet<Jet<Jet<Jet<Jet<f64, 1>, 1>, 1>, 1>, 1>;

    #[test]
    fn all_orders() {
        let theta = Fifth::variable(Jet::variable(Jet::variable(Jet::variable(Jet::variable(0.0, 0), 0), 0), 0), 0);
        let x = lift_along(1.0, theta, &Geometric);
        assert_eq!(x.re.re.re.re.eps[0], 1.0);
        assert_eq!(x.re.re.re.eps[0].eps[0], 2.0);
        assert_eq!(x.re.re.eps[0].eps[0].eps[0], 6.0);
        assert_eq!(x.re.eps[0].eps[0].eps[0].eps[0], 24.0);
        assert_eq!(x.eps[0].eps[0].eps[0].eps[0].eps[0], 120.0);
    }

    #[test]
    fn constants_stay_constants() {
        assert_eq!(lift_along(3.0, Jet::<f64, 2>::from(1.0), &Geometric), Jet::from(3.0));
        assert_eq!(lift_along(3.0, 1.0, &Geometric), 3.0);
    }
}
