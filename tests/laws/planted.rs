//! Proof that the checks over several scalars catch planted faults: an exponential law with one fault.

use rand::Rng;
use rand::distr::Distribution;
use reparam::distr::Family;
use reparam::prelude::*;
use reparam::verify::{self, Failures};

const NONE: u8 = 0;
/// Quantiles and draws without their derivatives.
const DETACHED: u8 = 1;
/// Other quantiles and draws in numbers of the third order.
const OF_THE_THIRD_ORDER: u8 = 2;
/// Twice the density.
const DENSITY: u8 = 3;

#[derive(Clone, Copy)]
struct Faulty<S, const FAULT: u8>(Exponential<S>);

impl<S: Scalar, const FAULT: u8> Faulty<S, FAULT> {
    fn faulty(self, z: S) -> S {
        match FAULT {
            DETACHED => z.detach(),
            OF_THE_THIRD_ORDER if S::ORDER == 3 => z * 1.001,
            _ => z,
        }
    }
}

impl<S: Scalar, const FAULT: u8> Distribution<S> for Faulty<S, FAULT> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.faulty(self.0.sample(rng))
    }
}

macro_rules! same {
    ($($method:ident($($x:ident)?) -> $result:ty;)+) => {
        $(fn $method(&self $(, $x: S)?) -> $result {
            self.0.$method($($x)?)
        })+
    };
}

impl<S: Scalar, const FAULT: u8> Continuous<S> for Faulty<S, FAULT> {
    same! {
        support() -> (S, S);
        ln_pdf(x) -> S;
        cdf(x) -> S;
        sf(x) -> S;
        ln_cdf(x) -> S;
        ln_sf(x) -> S;
        mean() -> Option<S>;
        variance() -> Option<S>;
        entropy() -> S;
        mode() -> Option<S>;
    }
    fn pdf(&self, x: S) -> S {
        self.0.pdf(x) * if FAULT == DENSITY { 2.0 } else { 1.0 }
    }
    fn quantile(&self, p: S) -> S {
        self.faulty(self.0.quantile(p))
    }
    fn isf(&self, q: S) -> S {
        self.faulty(self.0.isf(q))
    }
}

struct Planted<const FAULT: u8>;

impl<const FAULT: u8> Family for Planted<FAULT> {
    type Law<S: Scalar> = Faulty<S, FAULT>;
    type Error = LawError;
    const NAME: &'static str = "planted";
    const PARAMETERS: &'static [&'static str] = &["rate"];

    fn law<S: Scalar>(parameters: &[S]) -> Result<Self::Law<S>, LawError> {
        Exponential::new(parameters[0]).map(Faulty)
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
    let check = verify::family::<Planted<NONE>>(&[2.0]);
    assert_eq!(check.check_values(), Ok(()));
    assert_eq!(check.check_derivatives(), Ok(()));
    assert_eq!(check.check_end_slopes(), Ok(()));
    assert_eq!(check.draws_in_every_scalar(1, 5).map(|draws| draws.len()), Ok(5));
}

#[test]
fn a_lost_derivative_is_found() {
    let found = verify::family::<Planted<DETACHED>>(&[2.0]).check_derivatives();
    fails(found, "derivatives agree with differences", "order 1 in rate");
}

/// Of the types, only the one of the third order is wrong, and it is named.
#[test]
fn a_value_of_its_own_is_found() {
    let check = verify::family::<Planted<OF_THE_THIRD_ORDER>>(&[2.0]);
    let failures = check.check_values().expect_err("values differ");
    assert!(failures.iter().all(|f| f.property == "one value in every scalar"), "{failures}");
    assert!(failures.iter().all(|f| f.found.contains("Dual3_64")), "{failures}");
    fails(check.draws_in_every_scalar(1, 5).map(|_| ()), "one value in every scalar", "Dual3_64");
}

#[test]
fn a_slope_that_is_not_the_density_is_found() {
    let found = verify::family::<Planted<DENSITY>>(&[2.0]).check_end_slopes();
    fails(found, "tails have the density as their slope at an end", "at 0: 2 for 4");
}
