//! What is done with relaxed one-hot vectors: choosing by them, and hardening them.

use super::largest;
use crate::scalar::Scalar;
use core::array;

/// Σ_k y_k c_k: the component that a one-hot vector y chooses, or a blend of components by a relaxed one.
///
/// For a mixture: draw y relaxed, c_k from component k, all with their derivatives. A blend of components lies between them,
/// where the mixture may have nothing. Of a function f of the draw one can also blend the f(c_k): that is linear in y, so that
/// only the mean of y is biased, and f is never taken where the mixture has nothing.
///
/// ```
/// use reparam::relax::select;
/// assert_eq!(select(&[0.25, 0.75], &[[0.0, 10.0], [4.0, 20.0]]), [3.0, 17.5]);
/// ```
pub fn select<S: Scalar, const K: usize, const D: usize>(y: &[S; K], components: &[[S; D]; K]) -> [S; D] {
    array::from_fn(|d| y.iter().zip(components).fold(S::from(0.0), |sum, (y, c)| sum + *y * c[d]))
}

/// The hard one-hot vector of a relaxed one: 1 at the first largest entry, 0 elsewhere, with the relaxed one's
/// derivatives. NaN everywhere if an entry is NaN: none is the largest then.
///
/// Biased by what the function does between the hard and the relaxed value.
///
/// Source: Bengio, Léonard & Courville 2013, "Estimating or propagating gradients through stochastic neurons".
///
/// ```
/// use reparam::prelude::*;
/// use reparam::relax::straight_through;
/// let [a] = Jet::variables([0.7]);
/// assert_eq!(straight_through([a, -a + 1.0]), [Jet { re: 1.0, eps: [1.0] }, Jet { re: 0.0, eps: [-1.0] }]);
/// ```
pub fn straight_through<S: Scalar, const K: usize>(soft: [S; K]) -> [S; K] {
    if soft.iter().any(|y| y.re().is_nan()) {
        return soft.map(|y| y.with_re(f64::NAN));
    }
    let hard = largest(&soft);
    array::from_fn(|k| soft[k].with_re(if k == hard { 1.0 } else { 0.0 }))
}
