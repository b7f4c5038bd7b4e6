//! Pictures of one look: panels beside each other, each with lines, points, error bars and a legend, as SVG.

mod legend;

use crate::Error;
use legend::{Corner, along};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

/// Colours that people with any kind of colour vision can tell apart (Okabe & Ito 2008).
pub const COLORS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(60, 60, 60),
];

/// One chart. Series take the colours in order.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    title: String,
    x: Axis,
    y: Axis,
    equal: bool,
    rows: Vec<String>,
    legend: Corner,
    series: Vec<Series>,
}

#[derive(Clone, Debug, Default)]
struct Axis {
    label: String,
    log: bool,
    range: Option<(f64, f64)>,
}

#[derive(Clone, Debug)]
struct Series {
    name: String,
    kind: Kind,
    color: usize,
}

#[derive(Clone, Debug)]
enum Kind {
    Line(Vec<(f64, f64)>),
    Dashed(Vec<(f64, f64)>),
    Dots(Vec<(f64, f64)>, u32),
    /// x, y, half of the bar's height
    Bars(Vec<(f64, f64, f64)>),
    /// x, lower end, upper end
    Band(Vec<(f64, f64, f64)>),
    Circle((f64, f64), f64),
    Spans(Vec<Span>),
    /// Columns, and darkness from 0 to 1, row by row
    Shades(usize, Vec<f64>),
}

/// A horizontal bar with a point in it, in a row that is counted from 0 at the top, or between rows.
///
/// Infinite ends are drawn to the edge of the picture, as arrows.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The row.
    pub row: f64,
    /// Where the point is.
    pub middle: f64,
    /// The left end.
    pub low: f64,
    /// The right end.
    pub high: f64,
}

impl Panel {
    /// A chart with nothing in it.
    pub fn new(title: impl Into<String>, x_label: &str, y_label: &str) -> Self {
        let axis = |label: &str| Axis { label: label.into(), ..Axis::default() };
        Panel { title: title.into(), x: axis(x_label), y: axis(y_label), ..Panel::default() }
    }

    /// x on a logarithmic scale; points that are not positive are left out.
    pub fn log_x(mut self) -> Self {
        self.x.log = true;
        self
    }

    /// y on a logarithmic scale; points that are not positive are left out.
    pub fn log_y(mut self) -> Self {
        self.y.log = true;
        self
    }

    /// The range of x, in place of that of the points.
    pub fn x_range(mut self, low: f64, high: f64) -> Self {
        self.x.range = Some((low, high));
        self
    }

    /// The range of y, in place of that of the points.
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.y.range = Some((low, high));
        self
    }

    /// The same scale on both axes, for maps.
    pub fn equal(mut self) -> Self {
        self.equal = true;
        self
    }

    /// Rows with names from the top down, in place of a scale of y.
    pub fn rows(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.rows = names.into_iter().collect();
        let count = self.rows.len() as f64;
        self.y_range(0.5 - count, 0.5)
    }

    /// The legend on the left, unless another corner is emptier.
    pub fn legend_left(mut self) -> Self {
        self.legend.left = true;
        self
    }

    /// The legend below, unless another corner is emptier.
    pub fn legend_low(mut self) -> Self {
        self.legend.low = true;
        self
    }

    fn push(mut self, name: impl Into<String>, kind: Kind) -> Self {
        let color = self.series.iter().map(|s| s.color + 1).max().unwrap_or(0);
        self.series.push(Series { name: name.into(), kind, color });
        self
    }

    /// A line; a series without a name is not in the legend.
    pub fn line(self, name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        self.push(name, Kind::Line(points))
    }

    /// A dashed line.
    pub fn dashed(self, name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        self.push(name, Kind::Dashed(points))
    }

    /// Dots of a radius in pixels.
    pub fn dots(self, name: impl Into<String>, points: Vec<(f64, f64)>, radius: u32) -> Self {
        self.push(name, Kind::Dots(points, radius))
    }

    /// Points with vertical error bars: x, y and half of the bar's height.
    pub fn bars(self, name: impl Into<String>, points: Vec<(f64, f64, f64)>) -> Self {
        self.push(name, Kind::Bars(points))
    }

    /// A band between two curves: x, lower end, upper end.
    pub fn band(self, name: impl Into<String>, points: Vec<(f64, f64, f64)>) -> Self {
        self.push(name, Kind::Band(points))
    }

    /// A circle in the coordinates of the axes.
    pub fn circle(self, center: (f64, f64), radius: f64) -> Self {
        self.push("", Kind::Circle(center, radius))
    }

    /// Horizontal bars.
    pub fn spans(self, name: impl Into<String>, spans: Vec<Span>) -> Self {
        self.push(name, Kind::Spans(spans))
    }

    /// Cells of a darkness from 0 to 1, row by row from the top: the first is around x = 0.
    pub fn shades(self, columns: usize, darkness: Vec<f64>) -> Self {
        self.push("", Kind::Shades(columns, darkness))
    }

    /// The last series in the colour of the one before it: a fit and its data, say.
    pub fn same_color(mut self) -> Self {
        if let [.., before, last] = self.series.as_mut_slice() {
            last.color = before.color;
        }
        self
    }

    /// The last series in a colour by its number in [`COLORS`].
    pub fn color(mut self, color: usize) -> Self {
        if let Some(last) = self.series.last_mut() {
            last.color = color;
        }
        self
    }
}

/// Writes panels of different sizes beside each other.
///
/// # Errors
/// The file cannot be written.
pub fn write_beside(path: &Path, panels: &[((u32, u32), Panel)]) -> Result<(), Error> {
    let whole = panels.iter().fold((0, 0), |(w, h), (size, _)| (w + size.0, h.max(size.1)));
    let failed = |e: &dyn std::fmt::Display| Error::from(format!("{}: {e}", path.display()));
    let area = SVGBackend::new(path, whole).into_drawing_area();
    area.fill(&WHITE).map_err(|e| failed(&e))?;
    let mut left = 0;
    for (size, panel) in panels {
        let place = area.clone().shrink((left, 0), *size);
        draw(panel, &place, *size).map_err(|e| failed(&e))?;
        left += size.0;
    }
    area.present().map_err(|e| failed(&e))
}

/// Writes panels, `columns` of them beside each other, each `size` pixels wide and high.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, columns: usize, size: (u32, u32), panels: &[Panel]) -> Result<(), Error> {
    let rows = panels.len().div_ceil(columns);
    let whole = (size.0 * columns as u32, size.1 * rows as u32);
    let failed = |e: &dyn std::fmt::Display| Error::from(format!("{}: {e}", path.display()));
    let area = SVGBackend::new(path, whole).into_drawing_area();
    area.fill(&WHITE).map_err(|e| failed(&e))?;
    for (panel, area) in panels.iter().zip(area.split_evenly((rows, columns))) {
        draw(panel, &area, size).map_err(|e| failed(&e))?;
    }
    area.present().map_err(|e| failed(&e))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl Axis {
    /// The place on the axis: the number, or its logarithm to the base 10. NaN is drawn nowhere.
    fn place(&self, x: f64) -> f64 {
        match self.log {
            true if x > 0.0 => x.log10(),
            true => f64::NAN,
            false => x,
        }
    }

    fn ends(&self, places: impl Iterator<Item = f64>) -> (f64, f64) {
        if let Some((low, high)) = self.range {
            return (self.place(low), self.place(high));
        }
        let finite = places.filter(|x| x.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        match high - low {
            width if width > 0.0 => (low - 0.04 * width, high + 0.04 * width),
            0.0 => (low - 0.5, high + 0.5),
            _ => (0.0, 1.0),
        }
    }

    fn text(&self, place: f64) -> String {
        let x = if self.log { 10f64.powf(place) } else { place };
        match x.abs() {
            size if size != 0.0 && !(1e-3..1e5).contains(&size) => format!("{x:.0e}"),
            size if self.log && size < 1.0 => format!("{x:.digits$}", digits = (-size.log10()).ceil() as usize + 1),
            _ if self.log => format!("{x:.0}"),
            _ => format!("{}", (x * 1e6).round() / 1e6),
        }
    }
}

impl Kind {
    /// All points that must be in the picture.
    fn corners(&self) -> Vec<(f64, f64)> {
        match self {
            Kind::Line(points) | Kind::Dashed(points) | Kind::Dots(points, _) => points.clone(),
            Kind::Bars(points) => points.iter().flat_map(|(x, y, e)| [(*x, y - e), (*x, y + e), (*x, *y)]).collect(),
            Kind::Band(points) => points.iter().flat_map(|(x, low, high)| [(*x, *low), (*x, *high)]).collect(),
            Kind::Spans(spans) => spans.iter().flat_map(|s| [s.low, s.middle, s.high].map(|x| (x, -s.row))).collect(),
            Kind::Shades(columns, darkness) => {
                let rows = darkness.len() as f64 / *columns as f64;
                vec![(-0.5, 0.5), (*columns as f64 - 0.5, 0.5 - rows)]
            }
            Kind::Circle((x, y), r) => vec![(x - r, y - r), (x + r, y + r)],
        }
    }
}

impl Kind {
    /// Points all over what is drawn.
    fn ink(&self) -> Vec<(f64, f64)> {
        match self {
            Kind::Line(points) | Kind::Dashed(points) if points.len() > 1 => along(points, 8).collect(),
            Kind::Bars(points) => {
                points.iter().flat_map(|(x, y, e)| (-4..=4).map(move |k| (*x, y + e * f64::from(k) / 4.0))).collect()
            }
            Kind::Band(points) => {
                let (low, high): (Vec<_>, Vec<_>) =
                    points.iter().map(|(x, low, high)| ((*x, *low), (*x, *high))).unzip();
                along(&low, 4).chain(along(&high, 4)).collect()
            }
            Kind::Spans(spans) => {
                let bar = |s: &Span| along(&[(s.low, -s.row), (s.high, -s.row)], 20).collect::<Vec<_>>();
                spans.iter().flat_map(bar).collect()
            }
            Kind::Circle((x, y), r) => {
                (0..40).map(|k| (x + r * (f64::from(k) / 6.3).cos(), y + r * (f64::from(k) / 6.3).sin())).collect()
            }
            other => other.corners(),
        }
    }
}

impl Panel {
    /// The corner for the legend when the axes have these ends, and the end of y that leaves room for it there.
    fn corner(&self, x: (f64, f64), y: (f64, f64), size: (u32, u32), names: u32) -> (Corner, f64) {
        let part = |v: f64, (low, high): (f64, f64)| (v - low) / (high - low);
        let place = |(a, b): (f64, f64)| (part(self.x.place(a), x), part(self.y.place(b), y));
        let is_seen = |(a, b): &(f64, f64)| (0.0..=1.0).contains(a) && (0.0..=1.0).contains(b);
        let ink: Vec<_> = self.series.iter().flat_map(|s| s.kind.ink()).map(place).filter(is_seen).collect();
        let named: Vec<&str> = self.series.iter().map(|s| s.name.as_str()).filter(|name| !name.is_empty()).collect();
        // what labels and caption leave of the panel
        let area = (f64::from(size.0.saturating_sub(20 + names)), f64::from(size.1.saturating_sub(85)));
        let of_legend = legend::size(&named, area);
        match legend::corner(self.legend, of_legend, &ink) {
            (_, false) if self.y.range.is_none() && !self.equal && of_legend.1 < 0.5 => {
                let room = (y.1 - y.0) * of_legend.1 / (1.0 - of_legend.1);
                (Corner { low: false, ..self.legend }, y.1 + room)
            }
            (corner, _) => (corner, y.1),
        }
    }
}

fn draw(panel: &Panel, area: &Area, size: (u32, u32)) -> Result<(), Box<dyn std::error::Error>> {
    let corners: Vec<(f64, f64)> = panel.series.iter().flat_map(|s| s.kind.corners()).collect();
    let (mut x, mut y) = (
        panel.x.ends(corners.iter().map(|c| panel.x.place(c.0))),
        panel.y.ends(corners.iter().map(|c| panel.y.place(c.1))),
    );
    if panel.equal {
        // what the labels leave of the panel
        let (width, height) = (f64::from(size.0) - 80.0, f64::from(size.1) - 85.0);
        let scale = f64::max((x.1 - x.0) / width, (y.1 - y.0) / height);
        let around = |(low, high): (f64, f64), pixels: f64| {
            let (middle, half) = ((low + high) / 2.0, scale * pixels / 2.0);
            (middle - half, middle + half)
        };
        (x, y) = (around(x, width), around(y, height));
    }
    let names = if panel.rows.is_empty() { 60 } else { width_of_names(&panel.rows) };
    let corner;
    (corner, y.1) = panel.corner(x, y, size, names);
    let mut chart = ChartBuilder::on(area)
        .caption(&panel.title, ("sans-serif", 17))
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(names)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    let mut mesh = chart.configure_mesh();
    if !panel.rows.is_empty() {
        mesh.disable_y_mesh();
    }
    mesh.max_light_lines(0)
        .x_labels(8)
        .y_labels(if panel.rows.is_empty() { 8 } else { 0 })
        .x_desc(&panel.x.label)
        .y_desc(&panel.y.label)
        .x_label_formatter(&|v| panel.x.text(zero_if_tiny(*v, x)))
        .y_label_formatter(&|v| panel.y.text(zero_if_tiny(*v, y)))
        .draw()?;
    for series in &panel.series {
        draw_series(&mut chart, panel, series, x)?;
    }
    let right = Pos::new(HPos::Right, VPos::Center);
    for (row, name) in panel.rows.iter().enumerate() {
        let (x, y) = chart.plotting_area().map_coordinate(&(x.0, -(row as f64)));
        let corner = area.get_base_pixel();
        let place = (x - 8 - corner.0, y - corner.1);
        area.draw(&Text::new(shortened(name), place, ("sans-serif", 13).into_font().color(&BLACK).pos(right)))?;
    }
    if panel.series.iter().any(|s| !s.name.is_empty()) {
        chart
            .configure_series_labels()
            .background_style(WHITE.mix(0.8).filled())
            .border_style(BLACK.mix(0.3))
            .position(match (corner.left, corner.low) {
                (false, false) => SeriesLabelPosition::UpperRight,
                (false, true) => SeriesLabelPosition::LowerRight,
                (true, false) => SeriesLabelPosition::UpperLeft,
                (true, true) => SeriesLabelPosition::LowerLeft,
            })
            .draw()?;
    }
    Ok(())
}

fn draw_series<'a>(
    chart: &mut Chart<'a, 'a>,
    panel: &Panel,
    series: &Series,
    ends: (f64, f64),
) -> Result<(), Box<dyn std::error::Error>> {
    let color = COLORS[series.color % COLORS.len()];
    let place = |x: f64, y: f64| (panel.x.place(x), panel.y.place(y));
    let drawn = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        points.iter().map(|p| place(p.0, p.1)).filter(|p| p.0.is_finite() && p.1.is_finite()).collect()
    };
    let annotated = match &series.kind {
        Kind::Line(points) => chart.draw_series(LineSeries::new(drawn(points), color.stroke_width(2)))?,
        Kind::Dashed(points) => chart.draw_series(DashedLineSeries::new(drawn(points), 6, 4, color.stroke_width(2)))?,
        Kind::Dots(points, radius) => {
            chart.draw_series(drawn(points).into_iter().map(|p| Circle::new(p, *radius, color.filled())))?
        }
        Kind::Bars(points) => {
            let centers: Vec<(f64, f64)> = points.iter().map(|p| (p.0, p.1)).collect();
            let bar = |p: &(f64, f64, f64)| {
                PathElement::new(drawn(&[(p.0, p.1 - p.2), (p.0, p.1 + p.2)]), color.stroke_width(2))
            };
            chart.draw_series(points.iter().map(bar))?;
            chart.draw_series(drawn(&centers).into_iter().map(|p| Circle::new(p, 3, color.filled())))?
        }
        Kind::Band(points) => {
            let there = points.iter().map(|p| (p.0, p.1));
            let back = points.iter().rev().map(|p| (p.0, p.2));
            let outline = drawn(&there.chain(back).collect::<Vec<_>>());
            chart.draw_series(std::iter::once(Polygon::new(outline, color.mix(0.2))))?
        }
        Kind::Spans(spans) => {
            let inside = |x: f64| panel.x.place(x).clamp(ends.0, ends.1);
            let bar =
                |s: &Span| PathElement::new([(inside(s.low), -s.row), (inside(s.high), -s.row)], color.stroke_width(2));
            chart.draw_series(spans.iter().map(bar))?;
            chart.draw_series(spans.iter().flat_map(|s| arrows(s, ends, color)))?;
            let middles = spans.iter().filter(|s| s.middle.is_finite());
            chart.draw_series(middles.map(|s| Circle::new((panel.x.place(s.middle), -s.row), 3, color.filled())))?
        }
        Kind::Shades(columns, darkness) => chart.draw_series(darkness.iter().enumerate().map(|(i, darkness)| {
            let (x, y) = ((i % columns) as f64, -((i / columns) as f64));
            Rectangle::new([(x - 0.5, y - 0.5), (x + 0.5, y + 0.5)], shade(*darkness).filled())
        }))?,
        Kind::Circle((x, y), r) => {
            let angles = (0..=120).map(|i| f64::from(i) * std::f64::consts::TAU / 120.0);
            let round = angles.map(|a| (x + r * a.cos(), y + r * a.sin())).collect::<Vec<_>>();
            chart.draw_series(LineSeries::new(drawn(&round), BLACK.mix(0.5).stroke_width(1)))?
        }
    };
    if !series.name.is_empty() {
        annotated
            .label(&series.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(3)));
    }
    Ok(())
}

/// What rounding has left of 0.
fn zero_if_tiny(v: f64, (low, high): (f64, f64)) -> f64 {
    if v.abs() < 1e-9 * (high - low) { 0.0 } else { v }
}

/// Arrow heads where a bar goes on beyond the picture.
fn arrows(span: &Span, (left, right): (f64, f64), color: RGBColor) -> Vec<PathElement<(f64, f64)>> {
    let (length, row) = (0.015 * (right - left), -span.row);
    let head = |tip: f64, foot: f64| {
        PathElement::new([(foot, row + 0.12), (tip, row), (foot, row - 0.12)], color.stroke_width(2))
    };
    let low = (span.low == f64::NEG_INFINITY).then(|| head(left, left + length));
    let high = (span.high == f64::INFINITY).then(|| head(right, right - length));
    low.into_iter().chain(high).collect()
}

/// From white to dark blue.
fn shade(darkness: f64) -> RGBColor {
    let part = |light: f64, dark: f64| (light + darkness.clamp(0.0, 1.0) * (dark - light)) as u8;
    RGBColor(part(255.0, 0.0), part(255.0, 40.0), part(255.0, 110.0))
}

/// The longest name of a row that is written out, in letters.
const LONGEST: usize = 28;

/// A name cut to fit, in the middle: names in a series differ at their ends.
pub fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= LONGEST {
        return name.into();
    }
    let end = (LONGEST - 1) / 2;
    let (first, last) = (&letters[..LONGEST - 1 - end], &letters[letters.len() - end..]);
    first.iter().chain(&['…']).chain(last).collect()
}

/// In pixels, at 13 pixels a letter's height.
fn width_of_names(names: &[String]) -> u32 {
    let longest = names.iter().map(|name| shortened(name).chars().count()).max().unwrap_or(0);
    16 + 7 * longest as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_names_and_bars_without_end_have_arrows() {
        let path = std::env::temp_dir().join(format!("reparam-gallery-rows-{}.svg", std::process::id()));
        let names = ["short".to_string(), "a name of many, many letters that is too long".to_string()];
        let span = |row, high| Span { row, middle: 1.0, low: 0.0, high };
        let panel = |high| {
            Panel::new("", "x", "")
                .rows(names.clone())
                .x_range(-1.0, 4.0)
                .spans("", vec![span(0.0, 2.0), span(1.0, high)])
        };
        let lines = |high| {
            write_beside(
                &path,
                &[((300, 200), panel(high)), ((200, 300), Panel::new("", "", "").shades(2, vec![0.5; 4]))],
            )
            .unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::remove_file(&path).unwrap();
            assert!(text.contains("short") && text.contains("a name of many…t is too long"));
            assert!(!text.contains("NaN") && !text.contains("inf"));
            text.matches("<polyline").count()
        };
        assert_eq!(lines(f64::INFINITY), lines(3.0) + 1);
    }

    #[test]
    fn writes_what_it_is_given() {
        let path = std::env::temp_dir().join(format!("reparam-gallery-plot-{}.svg", std::process::id()));
        let panel = Panel::new("A title", "x", "y").log_y();
        let panel = panel.line("a line", vec![(0.0, 1.0), (1.0, 100.0), (2.0, 0.0), (3.0, f64::NAN)]);
        let panel = panel.bars("bars", vec![(0.5, 10.0, 2.0)]).dots("", vec![], 2);
        write(&path, 2, (400, 300), &[panel, Panel::new("empty", "", "")]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(text.contains("A title") && text.contains("a line") && text.contains("empty"));
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
}
