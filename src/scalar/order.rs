//! Orders of derivatives.

#[cfg(doc)]
use super::Scalar;

/// The highest order of derivative that a scalar may carry; a type of a higher one does not compile.
///
/// ```compile_fail
/// use reparam::scalar::{Jet, Scalar};
/// type Jet4<T> = Jet<Jet<Jet<Jet<T, 1>, 1>, 1>, 1>;
/// type Jet16 = Jet4<Jet4<Jet4<Jet4<f64>>>>;
/// assert_eq!(Jet16::ORDER, 16);
/// println!("{:?}", Jet::<Jet16, 1>::from(1.0).exp());
/// ```
///
/// Without the last line it does:
///
/// ```
/// use reparam::scalar::{Jet, Scalar};
/// type Jet4<T> = Jet<Jet<Jet<Jet<T, 1>, 1>, 1>, 1>;
/// type Jet16 = Jet4<Jet4<Jet4<Jet4<f64>>>>;
/// assert_eq!(Jet16::ORDER, 16);
/// ```
pub const MAX_ORDER: usize = 16;

/// The derivatives f, f', f'', ... of a univariate function at one point, as [`Scalar::lift`] takes them.
pub type Derivatives = [f64; MAX_ORDER + 1];
