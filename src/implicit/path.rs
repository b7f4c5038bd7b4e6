//! Numbers that move with several parameters along known slopes.

use crate::scalar::{MAX_ORDER, Scalar};

/// How a number x moves with N parameters θ: the partial derivatives dx/dθ_i as functions of all of them and x.
///
/// They are those of one function x(θ): mixed derivatives agree in either order.
pub trait Slopes<const N: usize> {
    /// dx/dθ_i for every i.
    fn slopes<S: Scalar>(&self, parameters: [S; N], x: S) -> [S; N];
}

/// The number `x` that moves with the `parameters` along `slopes`, with its derivatives of every order.
///
/// `x` belongs to the real parts of the parameters and is the real part of the result. Along the line from these to the
/// parameters themselves, θ(t) = re θ + t δ, x solves dx/dt = Σ δ_i dx/dθ_i. A method of order p for differential equations errs
/// in powers of δ beyond p, which a scalar of order p does not carry: Euler's step from t = 0 to 1, with slopes in plain numbers,
/// is exact for first derivatives, and its extrapolation from 1, 2, ..., p steps for those of order p.
///
/// ```
/// use reparam::implicit::{Slopes, lift_along_all};
/// use reparam::scalar::{Jet, Scalar};
/// /// x = a e^b
/// struct Growth;
/// impl Slopes<2> for Growth {
///     fn slopes<S: Scalar>(&self, [a, _]: [S; 2], x: S) -> [S; 2] {
///         [x.over(a), x]
///     }
/// }
/// let x = lift_along_all(2.0, Jet::second_order([2.0, 0.0]), &Growth);
/// assert_eq!(x.hessian(), (2.0, [1.0, 2.0], [[0.0, 1.0], [1.0, 2.0]]));
/// ```
#[inline]
pub fn lift_along_all<S: Scalar, const N: usize>(x: f64, parameters: [S; N], slopes: &impl Slopes<N>) -> S {
    if S::ORDER == 0 {
        return S::from(x);
    }
    let step = parameters.map(|p| p.with_re(0.0));
    let along = |slopes: [S; N]| step.iter().zip(slopes).fold(S::from(0.0), |sum, (d, slope)| sum + d.chain(slope));
    let point = parameters.map(S::re);
    let first = along(slopes.slopes(point, x).map(S::from)).with_re(0.0);
    // the real parts stay where they are, whatever they become in a sum with infinite slopes
    let rate = |t: f64, moved: S| {
        let there = core::array::from_fn(|i| (step[i] * t).with_re(point[i]));
        along(slopes.slopes(there, moved.with_re(x))).with_re(0.0)
    };
    // the lower edge of Neville's triangle, a row for each number of steps
    let mut row = [first; MAX_ORDER];
    for n in 2..=S::ORDER {
        let h = 1.0 / n as f64;
        let mut moved = first * h;
        for i in 1..n {
            moved += rate(i as f64 * h, moved) * h;
        }
        for k in 1..n {
            let better = moved + (moved - row[k - 1]) * ((n - k) as f64 / k as f64);
            row[k - 1] = moved;
            moved = better;
        }
        row[n - 1] = moved;
    }
    row[S::ORDER - 1].with_re(x)
}

#[cfg(test)]
mod tests {
    use super::{Slopes, lift_along_all};
    use crate::scalar::{Jet, Scalar};

    /// x = e^(a b)
    struct Exponential;

    impl Slopes<2> for Exponential {
        fn slopes<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> [S; 2] {
            [b * x, a * x]
        }
    }

    type Third = Jet<Jet<Jet<f64, 2>, 2>, 2>;

    #[test]
    fn third_order() {
        let [a, b] = Jet::variables(Jet::second_order([0.7, 1.3]));
        let (want, got): (Third, Third) = ((a * b).exp(), lift_along_all((0.7f64 * 1.3).exp(), [a, b], &Exponential));
        assert!((got - want).max_abs() < 4e-15 * want.max_abs(), "{got:?}\n{want:?}");
    }

    #[test]
    fn fifth_order() {
        type Fifth = Jet<Jet<Jet<Jet<Jet<f64, 1>, 1>, 1>, 1>, 1>;
        let a = Fifth::variable(Jet::variable(Jet::variable(Jet::variable(Jet::variable(0.7, 0), 0), 0), 0), 0);
        let (want, got) = ((a * 1.3).exp(), lift_along_all((0.7f64 * 1.3).exp(), [a, 1.3.into()], &Exponential));
        assert!((got - want).max_abs() < 1e-13 * want.max_abs(), "{got:?}\n{want:?}");
    }

    #[test]
    fn constants_stay_constants() {
        let [a] = Jet::variables([2.0]);
        assert_eq!(lift_along_all(1.0, [Jet::from(0.0), a], &Exponential), Jet::from(1.0));
        assert_eq!(lift_along_all(3.0, [1.0, 2.0], &Exponential), 3.0);
    }
}
