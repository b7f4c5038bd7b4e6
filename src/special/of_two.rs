//! Functions of two numbers that carry many derivatives.

use crate::scalar::{Jet, Scalar};

/// A function of two numbers of any scalar type.
pub(crate) trait OfTwo {
    /// f(x, y).
    fn at<S: Scalar>(&self, x: S, y: S) -> S;
}

/// f(x, y), where f is a long loop: its derivatives in x and y alone, in the smallest type that has them, and then the chain rule
/// in the scalar's own. For types of more components than that, of the first and second order.
#[inline]
pub(crate) fn of_two<S: Scalar>(f: &impl OfTwo, x: S, y: S) -> S {
    const FIRST: usize = size_of::<Jet<f64, 2>>();
    const SECOND: usize = size_of::<Jet<Jet<f64, 2>, 2>>();
    let (dx, dy) = (x.with_re(0.0), y.with_re(0.0));
    match S::ORDER {
        1 if size_of::<S>() > FIRST => {
            let [x, y] = Jet::variables([x.re(), y.re()]);
            let Jet { re, eps: [fx, fy] } = f.at(x, y);
            dx.chain(S::from(fx)) + dy.chain(S::from(fy)) + re
        }
        2 if size_of::<S>() > SECOND => {
            let [x, y] = Jet::second_order([x.re(), y.re()]);
            let (value, [fx, fy], [[fxx, fxy], [_, fyy]]) = f.at(x, y).hessian();
            let in_x = dx.chain(S::from(0.5 * fxx)) + dy.chain(S::from(fxy)) + fx;
            let in_y = dy.chain(S::from(0.5 * fyy)) + fy;
            dx.chain(in_x) + dy.chain(in_y) + value
        }
        _ => f.at(x, y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Power;

    impl OfTwo for Power {
        fn at<S: Scalar>(&self, x: S, y: S) -> S {
            (x.ln() * y).exp() * y
        }
    }

    /// Arguments that move with three variables, linearly and not: the same as without the detour.
    #[test]
    fn chain_rule() {
        let arguments = |[a, b, c]: [Jet<Jet<f64, 3>, 3>; 3]| (a * b + c, a - b * b * c);
        let (x, y) = arguments(Jet::second_order([0.5, 1.5, 0.7]));
        let (got, want) = (of_two(&Power, x, y), Power.at(x, y));
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-14 * b.abs().max(1.0);
        let (got, want) = (got.hessian(), want.hessian());
        assert!(close(got.0, want.0));
        for i in 0..3 {
            assert!(close(got.1[i], want.1[i]), "{got:?} {want:?}");
            assert!((0..3).all(|j| close(got.2[i][j], want.2[i][j])), "{got:?} {want:?}");
        }
        let x: Jet<f64, 3> = Jet::variables([1.2, 1.0, 1.0])[0];
        let (got, want) = (of_two(&Power, x, x * x), Power.at(x, x * x));
        assert!(close(got.eps[0], want.eps[0]) && got.eps[1] == 0.0);
    }
}
