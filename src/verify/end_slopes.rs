//! Derivatives at the finite ends of the support and next to them.

use super::any_law::{AnyLaw, Laws};
use super::any_number::{AnyNumber, Kind, in_kind};
use super::failure::{Failure, Failures, ensure};
use super::in_scalars::InScalars;
use crate::scalar::Scalar;
use std::format;
use std::string::String;
use std::vec::Vec;

/// A number of the second order.
type Second = AnyNumber<2>;
type First = AnyNumber<1>;

impl InScalars<'_> {
    /// Tails have the density from inside as their slope, quantiles its reciprocal, and no derivative is NaN; at an end and next to it
    /// the curvature of tails is the slope of the density, which is that from inside.
    pub(super) fn end_slopes(&self) -> Result<(), Failures> {
        let of_first = in_kind(Kind::First, || self.slopes_at_ends(self.family as &dyn Laws<First>))?;
        in_kind(Kind::Second, || {
            let family: &dyn Laws<Second> = self.family;
            let parameters: Vec<Second> = self.parameters.iter().map(|p| Second::from(*p)).collect();
            let law = family.law(&parameters)?;
            let (low, high) = law.support();
            let mut failures = Failures::default();
            let of_second = self.slopes_at_ends(family)?;
            let pairs = || of_first.iter().flatten().zip(of_second.iter().flatten());
            let agree = pairs().all(|(a, b)| a == b || (a - b).abs() <= 1e-13 * b.abs());
            failures.add(ensure_that(agree, "slopes at an end do not depend on the order", || {
                format!("{of_first:?} and {of_second:?}")
            }));
            for (end, is_upper) in [(low.re(), false), (high.re(), true)].into_iter().filter(|end| end.0.is_finite()) {
                slopes(&*law, end, is_upper, &mut failures);
                reciprocals(&*law, end, is_upper, &mut failures);
                curvatures(&*law, end, &mut failures);
                densities(&*law, end, is_upper, &mut failures);
            }
            for i in 0..parameters.len() {
                let law_at = |value: Second| {
                    let mut moved = parameters.clone();
                    moved[i] = value;
                    family.law(&moved)
                };
                // a parameter at the edge of its range moves to one side only
                let beside =
                    |step: f64| law_at(Second::from(self.parameters[i] + step * self.parameters[i].abs().max(1.0)));
                if beside(1e-7).is_err() || beside(-1e-7).is_err() {
                    continue;
                }
                let law = law_at(Second::variable(self.parameters[i]))?;
                let (low, high) = law.support();
                [low, high]
                    .into_iter()
                    .filter(|end| end.re().is_finite())
                    .for_each(|end| moves(&*law, end, &mut failures));
            }
            failures.into_result()
        })
    }
}

impl InScalars<'_> {
    /// The slopes of all that is asked at the finite ends, in x.
    fn slopes_at_ends<const ORDER: usize>(
        &self,
        family: &dyn Laws<AnyNumber<ORDER>>,
    ) -> Result<Vec<[f64; 6]>, Failures> {
        let parameters: Vec<_> = self.parameters.iter().map(|p| AnyNumber::from(*p)).collect();
        let law = family.law(&parameters)?;
        let (low, high) = law.support();
        let ends = [low.re(), high.re()].into_iter().filter(|end| end.is_finite());
        Ok(ends
            .map(|end| {
                let x = AnyNumber::variable(end);
                let answers = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)];
                answers.map(|y| y.derivatives()[1])
            })
            .collect())
    }
}

/// Where an end moves with a parameter, tails at the point that it leaves move by the density times that.
fn moves(law: &dyn AnyLaw<Second>, end: Second, failures: &mut Failures) {
    let x = Second::from(end.re());
    let density = law.pdf(x).re();
    if !density.is_finite() {
        return;
    }
    let wanted = -density * end.derivatives()[1];
    for (tail, wanted) in [(law.cdf(x), wanted), (law.sf(x), -wanted)] {
        let slope = tail.derivatives()[1];
        let close = slope == wanted || (slope - wanted).abs() <= 1e-12 * wanted.abs();
        let found = || format!("at {}: {slope} for {wanted}", end.re());
        failures.add(ensure_that(close, "tails at an end move as it does", found));
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

/// dx/dp = 1/f at probabilities of 0 and 1: infinite where the density is 0.
fn reciprocals(law: &dyn AnyLaw<Second>, end: f64, is_upper: bool, failures: &mut Failures) {
    let wanted = 1.0 / law.pdf(Second::from(end)).re();
    let (p, q) = if is_upper { (1.0, 0.0) } else { (0.0, 1.0) };
    let ln = Second::variable(0.0);
    let of_ln = if is_upper { law.quantile_ln(ln) } else { -law.isf_ln(ln) };
    for x in [law.quantile(Second::variable(p)), -law.isf(Second::variable(q)), of_ln] {
        let [value, slope, curvature, _] = x.derivatives();
        let close = slope == wanted || (slope - wanted).abs() <= 1e-13 * wanted;
        failures
            .add(ensure_that(close, "quantiles move by 1/f at an end", || format!("at {end}: {slope} for {wanted}")));
        let numbers = value.abs() == end.abs() && !curvature.is_nan();
        failures.add(ensure_that(numbers, "derivatives at an end are numbers", || format!("at {end}: {x:?}")));
    }
}

/// Where the density is a number at the end, powers of the distance from it leave rounding in the curvature of a tail.
fn curvatures(law: &dyn AnyLaw<Second>, end: f64, failures: &mut Failures) {
    let width = law.median().re() - end;
    for part in [1e-12, 1e-6, 1e-2] {
        let x = Second::variable(end + part * width);
        let ([_, density, curvature, _], [_, slope, _, _]) = (law.cdf(x).derivatives(), law.pdf(x).derivatives());
        let allowed = 1e-9 * (slope.abs() + (density / width).abs());
        let close = (curvature - slope).abs() <= allowed || !allowed.is_finite();
        let found = || format!("at {end} and {part:e} of the way to the median: {curvature} for {slope}");
        failures.add(ensure_that(close, "tails have the slope of the density as their curvature", found));
    }
}

/// The slope of the density at the end is the limit of those inside, infinite where these grow like a power of the distance, and the curvature of
/// the tails.
fn densities(law: &dyn AnyLaw<Second>, end: f64, is_upper: bool, failures: &mut Failures) {
    let width = law.median().re() - end;
    let scale = law.pdf(Second::from(end + 0.5 * width)).re() / width.abs();
    let asked: [(&str, &dyn Fn(Second) -> Second); 2] = [("f", &|x| law.pdf(x)), ("ln f", &|x| law.ln_pdf(x))];
    for (name, f) in asked {
        let [at_end, inside @ ..] =
            [0.0, 1e-6, 1e-9, 1e-12].map(|part| f(Second::variable(end + part * width)).derivatives());
        // an end that is rounded is a point far out in the tail
        if !(-700.0..f64::INFINITY).contains(&at_end[0]) {
            continue;
        }
        let ([far, near, nearest], slope) = (inside.map(|d| d[1]), at_end[1]);
        let size = nearest.abs() + if name == "f" { scale } else { 1.0 / width.abs() };
        let [first, second] = [near / far, nearest / near];
        let holds = if !nearest.is_finite() {
            true
        } else if (near - nearest).abs() <= 1e-3 * size {
            (slope - nearest).abs() <= 1e-2 * size
        } else if first > 2.0 && (second / first - 1.0).abs() < 0.2 {
            slope == f64::INFINITY.copysign(nearest)
        } else {
            true
        };
        let found = || format!("of {name} at {end}: {slope}, and inside {far}, {near}, {nearest}");
        failures.add(ensure_that(holds, "slopes of a density at an end are those from inside", found));
    }
    let (x, [density, slope, ..]) = (Second::variable(end), law.pdf(Second::variable(end)).derivatives());
    if !density.is_finite() {
        return;
    }
    // of the logarithm of the tail that is 1 there: -f' - f² at a lower end
    let (far, of_ln) =
        if is_upper { (law.ln_cdf(x), slope - density * density) } else { (law.ln_sf(x), -slope - density * density) };
    for (tail, wanted) in [(law.cdf(x), slope), (law.sf(x), -slope), (far, of_ln)] {
        let curvature = tail.derivatives()[2];
        let close = curvature == wanted || (curvature - wanted).abs() <= 1e-12 * (wanted.abs() + density * density);
        let found = || format!("at {end}: {curvature} for {wanted}");
        failures.add(ensure_that(close, "tails have the slope of the density as their curvature", found));
    }
}

fn ensure_that(holds: bool, what: &'static str, found: impl Fn() -> String) -> Result<(), Failure> {
    ensure!(holds, what, "{}", found());
    Ok(())
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
