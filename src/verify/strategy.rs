//! Proptest strategies for parameters, probabilities and jets.
//!
//! What they make is of ordinary size, from 1e-6 to 1e6, unless their page says another: what a test of them does not
//! see is the ends of a law's range of parameters, for which there is [`wide`].

use crate::scalar::Jet;
use proptest::prelude::*;

/// A positive parameter, uniform in its logarithm from 1e-6 to 1e6.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(scale in reparam::verify::strategy::positive())| {
///     prop_assert!((0.99e-6..1.01e6).contains(&scale));
/// });
/// ```
pub fn positive() -> impl Strategy<Value = f64> {
    (-6.0..6.0f64).prop_map(|e| 10f64.powf(e))
}

/// A location: of either sign, its size uniform in the logarithm from 1e-6 to 1e6, and now and then 0.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(location in reparam::verify::strategy::real())| {
///     prop_assert!(location.abs() < 1.01e6);
/// });
/// ```
pub fn real() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(0.0),
        9 => (positive(), any::<bool>()).prop_map(|(x, negative)| if negative { -x } else { x }),
    ]
}

/// A parameter that may be as extreme as constructors accept: of either sign, more often positive, its size uniform in
/// the logarithm in \[1e-2, 1e2\], \[1e-20, 1e20\] or \[1e-150, 1e150\], and now and then 0.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(parameter in reparam::verify::strategy::wide())| {
///     prop_assert!(parameter.abs() < 1.01e150);
/// });
/// ```
pub fn wide() -> impl Strategy<Value = f64> {
    let exponent = prop_oneof![-2.0..2.0f64, -20.0..20.0f64, -150.0..150.0f64];
    prop_oneof![
        1 => Just(0.0),
        19 => (exponent, 0..4).prop_map(|(e, sign)| if sign == 0 { -(10f64.powf(e)) } else { 10f64.powf(e) }),
    ]
}

/// A probability in (0, 1/2], in the bulk or far in the tail down to 1e-300; the upper tail is its complement.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(p in reparam::verify::strategy::tail())| {
///     prop_assert!(p > 0.0 && p <= 0.5);
/// });
/// ```
pub fn tail() -> impl Strategy<Value = f64> {
    prop_oneof![3 => 1e-3..0.5f64, 1 => (-300.0..-3.0f64).prop_map(|e| 10f64.powf(e))]
}

/// Parameters for a family of `n`: each a [`real()`], with positive ones more often than not.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(theta in reparam::verify::strategy::parameters(3))| {
///     prop_assert_eq!(theta.len(), 3);
/// });
/// ```
pub fn parameters(n: usize) -> impl Strategy<Value = std::vec::Vec<f64>> {
    proptest::collection::vec(prop_oneof![3 => positive(), 1 => real()], n)
}

/// A jet of N partials: its value and partials are [`real()`].
///
/// ```
/// use proptest::prelude::*;
/// proptest!(|(x in reparam::verify::strategy::jet::<2>())| {
///     prop_assert!(x.eps[1].is_finite());
/// });
/// ```
pub fn jet<const N: usize>() -> impl Strategy<Value = Jet<f64, N>> {
    (real(), proptest::collection::vec(real(), N))
        .prop_map(|(re, eps)| Jet { re, eps: core::array::from_fn(|i| eps[i]) })
}
