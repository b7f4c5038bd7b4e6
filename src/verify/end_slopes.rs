//! Derivatives in x at the finite ends of the support.

use super::any_law::{AnyLaw, Laws};
use super::any_number::{AnyNumber, Kind, in_kind};
use super::failure::{Failure, Failures, ensure};
use super::in_scalars::InScalars;
use crate::scalar::Scalar;
use std::format;
use std::vec::Vec;

/// A number of the second order.
type Second = AnyNumber<2>;

impl InScalars<'_> {
    /// Tails have the density from inside as their slope, and no derivative is NaN.
    pub(super) fn end_slopes(&self) -> Result<(), Failures> {
        in_kind(Kind::Second, || {
            let family: &dyn Laws<Second> = self.family;
            let parameters: Vec<Second> = self.parameters.iter().map(|p| Second::from(*p)).collect();
            let law = family.law(&parameters)?;
            let (low, high) = law.support();
            let mut failures = Failures::default();
            for (end, is_upper) in [(low.re(), false), (high.re(), true)].into_iter().filter(|end| end.0.is_finite()) {
                slopes(&*law, end, is_upper, &mut failures);
            }
            failures.into_result()
        })
    }
}

fn slopes(law: &dyn AnyLaw<Second>, end: f64, is_upper: bool, failures: &mut Failures) {
    let x = Second::variable(end);
    let density = law.pdf(Second::from(end)).re();
    let [near, far] = if is_upper { [law.ln_cdf(x), law.ln_sf(x)] } else { [-law.ln_sf(x), law.ln_cdf(x)] };
    for tail in [law.cdf(x), -law.sf(x), near] {
        failures.add(is_density(tail, end, density));
    }
    for other in [law.pdf(x), law.ln_pdf(x), far] {
        failures.add(is_number(other, end));
    }
}

fn is_density(tail: Second, end: f64, density: f64) -> Result<(), Failure> {
    let [_, slope, curvature, _] = tail.derivatives();
    let close = slope == density || (slope - density).abs() <= 1e-13 * density;
    ensure!(close, "tails have the density as their slope at an end", "at {end}: {slope} for {density}");
    ensure!(!curvature.is_nan(), "derivatives at an end are numbers", "at {end}: {tail:?}");
    Ok(())
}

fn is_number(x: Second, end: f64) -> Result<(), Failure> {
    let [_, slope, curvature, _] = x.derivatives();
    ensure!(!slope.is_nan() && !curvature.is_nan(), "derivatives at an end are numbers", "at {end}: {x:?}");
    Ok(())
}
