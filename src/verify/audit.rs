//! Where a program looks at the value of a number that carries a derivative.

use crate::estimate::Returned;
use crate::program::{ErrorOf, Program, ResultsOf, RunError, Values};
use crate::scalar::{Scalar, zero_and_one};
use core::fmt;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use core::panic::Location;
use std::cell::RefCell;
use std::vec::Vec;

/// Runs a program on N parameters and reports each line of its source that reads the value of a number that depends on
/// them ([`Scalar::re`]): what an `if` or a comparison there decides has no derivative, and the gradient misses it
/// silently. The program is a closure that returns a number, an array or a `Vec` of them, or a `Result` of one of
/// these.
///
/// Reading a value is no mistake in itself (a region of a formula, a stopping rule, a printed number); each line
/// reported wants a look. Branches inside of this crate are not reported: they choose between formulas for the same
/// function, or draw.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
///
/// let audit = verify::audit([1.5], |[x]| {
///     let y = x * x - 1.0;
///     if y.re() > 0.0 { y } else { -y } // a kink
/// });
/// let reads = audit.unwrap().reads;
/// assert_eq!(reads.len(), 1);
/// assert_eq!(reads[0].location.file(), file!());
///
/// let audit = verify::audit([1.5], |[x]| (x * x - 1.0).softplus());
/// assert!(audit.unwrap().reads.is_empty());
/// ```
///
/// Not checked: whether derivatives are right (see [`gradient`](super::gradient)), branches that were not taken, what
/// the code compares of numbers that carry no derivative.
///
/// A [`Program`](crate::program::Program) is audited run by run, each with a seed: see [`audit_program`].
///
/// # Errors
/// The program's own.
pub fn audit<const N: usize, O: Returned<Audited>>(
    theta: [f64; N],
    f: impl FnOnce([Audited; N]) -> O,
) -> Result<Audit, O::Error> {
    let before = (READS.take(), KINKS.take());
    // of results that differ in slope, not a difference that cancels
    let sum = |values: &[Audited]| values.iter().fold(Audited::from(0.0), |sum, x| sum + *x);
    let result = f(variables(theta)).result().map(|values| sum(O::Values::slice(&values)));
    let (reads, kinks) = (READS.replace(before.0), KINKS.replace(before.1));
    let y = result?;
    Ok(Audit { value: y.value, depends: y.slope != 0.0, reads, kinks })
}

/// The [`audit`] of a program with choices, over runs on the seeds 0 to `runs` - 1: other runs may take other branches.
///
/// # Errors
/// Those of a run.
///
/// ```
/// use reparam::{prelude::*, verify};
/// let f = program!(|[p]: [S; 1], chance| -> S {
///     let x = p * chance.normal();
///     if x.re() > 0.0 { x } else if chance.bernoulli(p) { -x } else { S::from(0.0) }
/// });
/// let audit = verify::audit_program([0.5], &f, 100).unwrap();
/// assert_eq!(audit.reads.len(), 1); // the first `if`
/// assert_eq!(audit.reads[0].count, 100);
/// ```
pub fn audit_program<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: &P,
    runs: u64,
) -> Result<Audit, RunError<ErrorOf<P>>> {
    audit(theta, |theta| {
        let mut total = Audited::from(0.0);
        for seed in 0..runs {
            let values = crate::program::run::<Audited, P>(program, &theta, seed)?;
            // of results that differ in slope, not a difference that cancels
            total = ResultsOf::<P>::slice(&values).iter().fold(total, |sum, x: &Audited| sum + *x);
        }
        Ok(total)
    })
}

/// What an [`audit`] found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Audit {
    /// The result's value.
    pub value: f64,
    /// Whether the result depends on the parameters: if it does not, all derivatives come out 0.
    pub depends: bool,
    /// The lines that read a value that depends on the parameters, in the order of their first reading.
    pub reads: Vec<Read>,
    /// The lines that take a maximum, minimum or absolute value of such numbers: first derivatives are right there,
    /// second ones miss what is at the kink.
    pub kinks: Vec<Read>,
}

/// A place in the source that reads a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Read {
    /// Where.
    pub location: &'static Location<'static>,
    /// How often.
    pub count: u64,
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Read { location, count } in &self.reads {
            writeln!(f, "{location}: reads a value that carries a derivative ({count} times)")?;
        }
        for Read { location, count } in &self.kinks {
            writeln!(f, "{location}: a kink, whose second derivative is lost ({count} times)")?;
        }
        Ok(())
    }
}

std::thread_local! {
    static READS: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
    static KINKS: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
}

/// Counts a place, unless it is one of this crate.
fn count(list: &'static std::thread::LocalKey<RefCell<Vec<Read>>>, location: &'static Location<'static>) {
    if is_ours(location.file()) {
        return;
    }
    list.with_borrow_mut(|reads| match reads.iter_mut().find(|read| read.location == location) {
        Some(read) => read.count += 1,
        None => reads.push(Read { location, count: 1 }),
    });
}

/// Whether a file is one of this crate: it is below the folder that holds `src/verify/audit.rs`, as the compiler names
/// it.
fn is_ours(file: &str) -> bool {
    let here = file!();
    let root = &here[..here.len() - "verify/audit.rs".len()];
    file.starts_with(root)
}

/// The variables, with slopes that do not cancel by accident.
fn variables<const N: usize>(theta: [f64; N]) -> [Audited; N] {
    // multiples of the golden ratio
    core::array::from_fn(|i| Audited { value: theta[i], slope: 1.0 + (i as f64 * 0.618_033_988_749_895).fract() })
}

/// A number that knows whether it depends on the parameters: it carries the derivative in one direction. Made by
/// [`audit`].
#[derive(Clone, Copy, Debug)]
pub struct Audited {
    value: f64,
    slope: f64,
}

impl From<f64> for Audited {
    fn from(value: f64) -> Self {
        Audited { value, slope: 0.0 }
    }
}

/// Compares values, which counts as a look at them.
impl PartialEq for Audited {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.re() == other.re()
    }
}

zero_and_one!([] Audited);

impl Scalar for Audited {
    const ORDER: usize = 1;

    // the location is that of the call in the generic function that was instantiated
    #[track_caller]
    fn re(self) -> f64 {
        if self.slope != 0.0 {
            count(&READS, Location::caller());
        }
        self.value
    }

    #[track_caller]
    fn abs(self) -> Self {
        if self.slope != 0.0 {
            count(&KINKS, Location::caller());
        }
        if self.value < 0.0 { -self } else { self }
    }

    #[track_caller]
    fn max(self, other: Self) -> Self {
        if self.slope != other.slope {
            count(&KINKS, Location::caller());
        }
        if other.value > self.value || self.value.is_nan() { other } else { self }
    }

    #[track_caller]
    fn min(self, other: Self) -> Self {
        if self.slope != other.slope {
            count(&KINKS, Location::caller());
        }
        if other.value < self.value || self.value.is_nan() { other } else { self }
    }

    fn max_abs(self) -> f64 {
        self.value.abs().max(self.slope.abs())
    }

    fn lift(self, d: &[f64]) -> Self {
        Audited { value: d[0], slope: self.slope.chain(d[1]) }
    }
}

impl Neg for Audited {
    type Output = Self;
    fn neg(self) -> Self {
        Audited { value: -self.value, slope: -self.slope }
    }
}

impl Add for Audited {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Audited { value: self.value + o.value, slope: self.slope + o.slope }
    }
}

impl Sub for Audited {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Audited { value: self.value - o.value, slope: self.slope - o.slope }
    }
}

impl Mul for Audited {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Audited { value: self.value * o.value, slope: self.slope * o.value + self.value * o.slope }
    }
}

impl Div for Audited {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        Audited { value, slope: (self.slope - value * o.slope) / o.value }
    }
}

macro_rules! with_constant {
    ($($trait:ident $method:ident, $assign:ident $assigned:ident;)*) => {
        $(impl $trait<f64> for Audited {
            type Output = Self;
            fn $method(self, o: f64) -> Self {
                self.$method(Audited::from(o))
            }
        }

        impl $assign for Audited {
            fn $assigned(&mut self, o: Self) {
                *self = self.$method(o);
            }
        })*
    };
}

with_constant! {
    Add add, AddAssign add_assign;
    Sub sub, SubAssign sub_assign;
    Mul mul, MulAssign mul_assign;
    Div div, DivAssign div_assign;
}
