//! The picture: the schools' effects, with means and standard deviations of the posterior, on the left; the density of
//! ln tau on the right.

use super::Reference;
use super::data::School;
use super::exact::{Posterior, Summary};
use super::model::Fitted;
use gallery::Error;
use gallery::plot::{self, Panel, Span};
use reparam::prelude::*;
use std::path::Path;

/// The most schools in the picture.
const MOST: usize = 60;

/// Writes the picture.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    path: &Path,
    schools: &[School],
    fitted: &Fitted,
    exact: &Posterior,
    reference: Option<&Reference>,
) -> Result<(), Error> {
    let shown = shown(schools);
    // low enough for a screen, and no lower than letters
    let height = (1000 / (shown.len() as u32 + 2)).clamp(16, 44);
    let left = (720, 110 + height * (shown.len() as u32 + 2));
    let panels = [(left, intervals(schools, &shown, fitted, exact, reference)), ((480, 420), density(fitted, exact))];
    plot::write_beside(path, &panels)
}

/// The schools in the picture: all, or some of them evenly along the order of their effects.
fn shown(schools: &[School]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..schools.len()).collect();
    if schools.len() <= MOST {
        return all;
    }
    all.sort_by(|i, j| schools[*i].effect.total_cmp(&schools[*j].effect));
    (0..MOST).map(|k| all[k * (schools.len() - 1) / (MOST - 1)]).collect()
}

/// One row for mu, tau and each school.
fn intervals(
    schools: &[School],
    shown: &[usize],
    fitted: &Fitted,
    exact: &Posterior,
    reference: Option<&Reference>,
) -> Panel {
    let names = ["mu".into(), "tau".into()].into_iter().chain(shown.iter().map(|j| schools[*j].name.clone()));
    let span = |row: usize, offset: f64, middle: f64, spread: f64| Span {
        row: row as f64 + offset,
        middle,
        low: middle - spread,
        high: middle + spread,
    };
    let summaries = |offset: f64, mu: Summary, tau: Summary, theta: &[Summary]| -> Vec<Span> {
        let all = [mu, tau].into_iter().chain(shown.iter().map(|j| theta[*j]));
        all.enumerate().map(|(row, s)| span(row, offset, s.mean, s.std_dev)).collect()
    };
    let data = shown.iter().enumerate();
    let data = data.map(|(row, j)| span(row + 2, -0.25, schools[*j].effect, schools[*j].standard_error)).collect();
    let title = match shown.len() < schools.len() {
        true => format!("effects: {} of {} schools", shown.len(), schools.len()),
        false => "effects of the schools, ± one standard deviation".into(),
    };
    let panel = Panel::new(title, "effect", "")
        .rows(names)
        .spans("data, ± standard error", data)
        .color(6)
        .spans("exact posterior", summaries(0.0, exact.mu, exact.tau, &exact.theta))
        .color(1)
        .spans("fitted Gaussian", summaries(0.25, fitted.mu, fitted.tau, &fitted.theta))
        .color(0);
    let Some(reference) = reference else { return panel };
    let means = [reference.mu, reference.tau].into_iter().chain(shown.iter().map(|j| reference.theta[*j]));
    let dots = means.enumerate().map(|(row, mean)| (mean, -(row as f64))).collect();
    panel.dots("posteriordb, mean", dots, 2).color(5)
}

/// The posterior density of ln tau, where the two must differ.
fn density(fitted: &Fitted, exact: &Posterior) -> Panel {
    let mean = fitted.ln_tau.mean().unwrap_or(0.0);
    let width = fitted.ln_tau.variance().unwrap_or(1.0).sqrt();
    let (low, high) = (mean - 5.0 * width, mean + 4.0 * width);
    let seen = || exact.ln_tau.iter().copied().filter(|(t, _)| (low..high).contains(t));
    Panel::new("posterior density of ln tau", "ln tau", "density")
        .legend_left()
        .line("exact posterior", seen().collect())
        .color(1)
        .line("fitted Gaussian", seen().map(|(t, _)| (t, fitted.ln_tau.pdf(t))).collect())
        .color(0)
}
