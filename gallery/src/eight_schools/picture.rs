//! The picture: means with intervals of one standard deviation on the left, the density of ln tau on the right.

use super::Reference;
use super::data::School;
use super::exact::{Posterior, Summary};
use super::model::Fitted;
use crate::Error;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use reparam::prelude::*;
use std::path::Path;

const FITTED: RGBColor = RGBColor(31, 119, 180);
const EXACT: RGBColor = RGBColor(214, 99, 20);

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
    let height = 160 + 40 * (schools.len() as u32 + 2);
    let area = SVGBackend::new(path, (1100, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(620);
    intervals(&left, schools, fitted, exact, reference)?;
    density(&right, fitted, exact)?;
    area.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Error>;

/// One row for mu, tau and each theta.
fn intervals(
    area: &Area,
    schools: &[School],
    fitted: &Fitted,
    exact: &Posterior,
    reference: Option<&Reference>,
) -> Drawn {
    let row = |name: String, fitted, exact, reference| (name, fitted, exact, reference);
    let mut rows: Vec<(String, Summary, Summary, Option<f64>)> = vec![
        row("mu".into(), fitted.mu, exact.mu, reference.map(|r| r.mu)),
        row("tau".into(), fitted.tau, exact.tau, reference.map(|r| r.tau)),
    ];
    for (j, school) in schools.iter().enumerate() {
        let name = format!("theta {}", school.name);
        rows.push(row(name, fitted.theta[j], exact.theta[j], reference.map(|r| r.theta[j])));
    }
    let spread = |s: &Summary| if s.std_dev.is_finite() { s.std_dev } else { 0.0 };
    let ends =
        |sign: f64| rows.iter().flat_map(move |r| [r.1.mean + sign * spread(&r.1), r.2.mean + sign * spread(&r.2)]);
    let (low, high) = (ends(-1.0).fold(f64::INFINITY, f64::min), ends(1.0).fold(f64::NEG_INFINITY, f64::max));
    let margin = 0.05 * (high - low);

    let count = rows.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption("Posterior means and standard deviations", ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(90)
        .build_cartesian_2d(low - margin..high + 5.0 * margin, 0.3..count + 0.7)?;
    chart.configure_mesh().disable_y_mesh().y_labels(0).x_max_light_lines(0).draw()?;

    // the first row on top
    let y = |i: usize, offset: f64| count - i as f64 + offset;
    let right = Pos::new(HPos::Right, VPos::Center);
    for (i, row) in rows.iter().enumerate() {
        let (x, y) = chart.plotting_area().map_coordinate(&(low - margin, y(i, 0.0)));
        area.draw(&Text::new(row.0.clone(), (x - 10, y), ("sans-serif", 14).into_font().color(&BLACK).pos(right)))?;
    }
    for (name, color, offset, of) in [("fitted Gaussian", FITTED, 0.12, 0), ("exact posterior", EXACT, -0.12, 1)] {
        let summaries = || rows.iter().map(move |r| if of == 0 { r.1 } else { r.2 }).enumerate();
        chart.draw_series(summaries().map(|(i, s)| {
            let ends = [s.mean - spread(&s), s.mean + spread(&s)];
            PathElement::new(ends.map(|x| (x, y(i, offset))).to_vec(), color.stroke_width(2))
        }))?;
        chart
            .draw_series(summaries().map(|(i, s)| Circle::new((s.mean, y(i, offset)), 4, color.filled())))?
            .label(name)
            .legend(move |(x, y)| Circle::new((x + 8, y), 4, color.filled()));
    }
    if reference.is_some() {
        let means = rows.iter().enumerate().filter_map(|(i, r)| Some((r.3?, y(i, -0.12))));
        chart
            .draw_series(means.map(|at| Cross::new(at, 5, BLACK.stroke_width(1))))?
            .label("posteriordb, mean")
            .legend(|(x, y)| Cross::new((x + 8, y), 5, BLACK.stroke_width(1)));
    }
    legend(&mut chart)
}

/// The posterior density of ln tau, where the two must differ.
fn density(area: &Area, fitted: &Fitted, exact: &Posterior) -> Drawn {
    let mean = fitted.ln_tau.mean().unwrap_or(0.0);
    let width = fitted.ln_tau.variance().unwrap_or(1.0).sqrt();
    let (low, high) = (mean - 5.0 * width, mean + 4.0 * width);
    let seen = || exact.ln_tau.iter().copied().filter(|(t, _)| (low..high).contains(t));
    let largest = seen().map(|(t, density)| density.max(fitted.ln_tau.pdf(t))).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption("Posterior density of ln tau", ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(40)
        .build_cartesian_2d(low..high, 0.0..1.25 * largest)?;
    chart.configure_mesh().max_light_lines(0).draw()?;
    let gaussian: Vec<_> = seen().map(|(t, _)| (t, fitted.ln_tau.pdf(t))).collect();
    let curves = [("fitted Gaussian", FITTED, gaussian), ("exact posterior", EXACT, seen().collect())];
    for (name, color, curve) in curves {
        chart
            .draw_series(LineSeries::new(curve, color.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
    }
    legend(&mut chart)
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn legend<'a>(chart: &mut Chart<'a, 'a>) -> Drawn {
    let style = WHITE.mix(0.8).filled();
    chart
        .configure_series_labels()
        .background_style(style)
        .border_style(BLACK)
        .position(SeriesLabelPosition::UpperRight)
        .draw()?;
    Ok(())
}
