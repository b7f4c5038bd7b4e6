//! Proof that the checks over several scalars catch planted faults: an exponential law by its distribution function.

use reparam::distr::Family;
use reparam::prelude::*;
use reparam::verify::{self, Failures};

const NONE: u8 = 0;
/// The rate without its derivatives.
const DETACHED: u8 = 1;
/// Another rate in numbers of the third order.
const OF_THE_THIRD_ORDER: u8 = 2;
/// Twice the density.
const DENSITY: u8 = 3;

#[derive(Clone, Copy)]
struct Tail<const FAULT: u8>;

impl<const FAULT: u8> Tail<FAULT> {
    fn exponent<S: Scalar>(self, rate: S, x: S) -> S {
        match FAULT {
            DETACHED => x * rate.detach(),
            OF_THE_THIRD_ORDER if S::ORDER == 3 => x * rate * 1.001,
            _ => x * rate,
        }
    }
}

impl<const FAULT: u8> Cdf<1> for Tail<FAULT> {
    fn support<S: Scalar>(&self, _: [S; 1]) -> (S, S) {
        (0.0.into(), f64::INFINITY.into())
    }
    fn cdf<S: Scalar>(&self, [rate]: [S; 1], x: S) -> S {
        -(-self.exponent(rate, x)).exp_m1()
    }
    fn sf<S: Scalar>(&self, [rate]: [S; 1], x: S) -> S {
        (-self.exponent(rate, x)).exp()
    }
    fn pdf<S: Scalar>(&self, [rate]: [S; 1], x: S) -> S {
        (-self.exponent(rate, x)).exp() * rate * if FAULT == DENSITY { 2.0 } else { 1.0 }
    }
}

impl<const FAULT: u8> Family for Tail<FAULT> {
    type Law<S: Scalar> = FromCdf<Self, S, 1>;
    type Error = LawError;
    const NAME: &'static str = "tail";
    const PARAMETERS: &'static [&'static str] = &["rate"];

    fn law<S: Scalar>(parameters: &[S]) -> Result<Self::Law<S>, LawError> {
        FromCdf::new(Tail, [parameters[0]])
    }
}

fn fails(found: Result<(), Failures>, property: &str, what: &str) {
    let failures = found.expect_err(property);
    assert!(
        failures.iter().any(|f| f.property == property && f.found.contains(what)),
        "{property}, {what}: {failures}"
    );
}

#[test]
fn a_law_without_a_fault_passes() {
    let check = verify::family::<Tail<NONE>>(&[2.0]);
    assert_eq!(check.check_values(), Ok(()));
    assert_eq!(check.check_derivatives(), Ok(()));
    assert_eq!(check.check_end_slopes(), Ok(()));
    assert_eq!(check.draws_in_every_scalar(1, 5).map(|draws| draws.len()), Ok(5));
}

#[test]
fn a_lost_derivative_is_found() {
    let found = verify::family::<Tail<DETACHED>>(&[2.0]).check_derivatives();
    fails(found, "derivatives agree with differences", "order 1 in rate");
}

/// Of the types, only the one of the third order is wrong, and it is named.
#[test]
fn a_value_of_its_own_is_found() {
    let check = verify::family::<Tail<OF_THE_THIRD_ORDER>>(&[2.0]);
    let failures = check.check_values().expect_err("values differ");
    assert!(failures.iter().all(|f| f.property == "one value in every scalar"), "{failures}");
    assert!(failures.iter().all(|f| f.found.contains("Dual3_64")), "{failures}");
    fails(check.draws_in_every_scalar(1, 5).map(|_| ()), "one value in every scalar", "Dual3_64");
}

#[test]
fn a_slope_that_is_not_the_density_is_found() {
    let found = verify::family::<Tail<DENSITY>>(&[2.0]).check_end_slopes();
    fails(found, "tails have the density as their slope at an end", "at 0: 2 for 4");
}
