//! A comparison in a table and in words.

use super::{Compared, Comparison, Kind, Verdict, WRONG};
use crate::estimate::report::with_error;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A number with its standard error, as a table prints it.
struct WithError(f64, f64);

impl fmt::Display for WithError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        with_error(f, self.0, self.1)
    }
}

/// The mark of a verdict, behind the number.
fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees | Verdict::Vague => "",
        Verdict::Wrong(_) => " !",
        Verdict::Unsure(_) | Verdict::Blind => " ?",
    }
}

/// "score by 7 standard errors"
fn by_how_much(kind: Kind, z: f64) -> String {
    if z < 1e6 { format!("{kind} by {z:.0} standard errors") } else { format!("{kind} by far") }
}

/// "θ\[0\]"
fn name(parameter: usize) -> String {
    format!("θ[{parameter}]")
}

impl<const N: usize, E: fmt::Display> fmt::Display for Comparison<N, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = alloc::vec![self.header()];
        table.extend(self.rows.iter().map(|row| self.cells(row)));
        table.push(self.referee_cells());
        let width = |column: usize| table.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
        let widths: Vec<usize> = (0..N + 3).map(|column| width(column).unwrap_or(0)).collect();
        for row in &table {
            for (cell, width) in row.iter().zip(&widths) {
                write!(f, "{cell:<width$}  ", width = *width)?;
            }
            f.write_str("\n")?;
        }
        for line in self.words() {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

impl<const N: usize, E: fmt::Display> Comparison<N, E> {
    fn header(&self) -> Vec<String> {
        let mut cells = alloc::vec!["".to_string(), "value".to_string()];
        cells.extend((0..N).map(|i| format!("d/d{}", name(i))));
        cells.push("variance × time, least 1".to_string());
        cells
    }

    fn cells(&self, row: &Compared<N, E>) -> Vec<String> {
        let mut cells = alloc::vec![row.kind.to_string()];
        match &row.estimate {
            Ok(e) => {
                cells.push(WithError(e.value, e.value_se).to_string());
                let cell =
                    |i: usize| format!("{}{}", WithError(e.gradient[i], e.gradient_se[i]), mark(row.verdicts[i]));
                cells.extend((0..N).map(cell));
                cells.push(self.prices(row));
            }
            Err(e) => cells.push(format!("failed: {e}")),
        }
        cells
    }

    /// The prices of a row relative to the least of those that are usable.
    fn prices(&self, row: &Compared<N, E>) -> String {
        let least = |i: usize| self.usable().map(|row| row.prices()[i]).fold(f64::INFINITY, f64::min);
        if !self.usable().any(|usable| usable.kind == row.kind) {
            return "-".to_string();
        }
        let price = |i: usize| match row.prices()[i] / least(i) {
            relative if relative < 1e4 => format!("{relative:.2}"),
            _ => "large".to_string(),
        };
        (0..N).map(price).collect::<Vec<_>>().join(" ")
    }

    fn referee_cells(&self) -> Vec<String> {
        let mut cells = alloc::vec!["differences".to_string(), "".to_string()];
        let r = &self.referee;
        cells.extend((0..N).map(|i| WithError(r.gradient[i], r.gradient_se[i].max(r.bias[i])).to_string()));
        cells
    }

    /// What there is to say, one line each.
    pub fn words(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for i in 0..N {
            lines.extend(self.alarm(i));
        }
        lines.extend((0..N).filter_map(|i| self.blindness(i)));
        if self.has_choices {
            lines.push(
                "pathwise does not see the choices, whose probabilities depend on the parameters: do not use it here."
                    .into(),
            );
        }
        lines.extend(self.advice());
        lines.extend((0..N).filter_map(|i| self.resolution(i)));
        lines
    }

    /// What is wrong with the derivative in a parameter.
    fn alarm(&self, i: usize) -> Option<String> {
        let wrong: Vec<(Kind, f64)> = self
            .applies()
            .filter_map(|row| match row.verdicts[i] {
                Verdict::Wrong(z) => Some((row.kind, z)),
                _ => None,
            })
            .collect();
        let by = wrong.iter().map(|(kind, z)| by_how_much(*kind, *z)).collect::<Vec<_>>().join(", ");
        if self.is_wrong(i) {
            let is_flat = self
                .applies()
                .all(|row| row.estimate.as_ref().is_ok_and(|e| e.gradient[i] == 0.0 && e.gradient_se[i] == 0.0));
            let cause = if is_flat {
                "the program uses the parameter without its derivative: a branch on a draw, a comparison, or a number \
                 that was detached"
            } else {
                "the program has a jump that is not drawn as a choice, a mixture whose components are apart, a number \
                 that was detached, or a derivative or density written by hand that is wrong"
            };
            return Some(format!(
                "WRONG in {}: no estimator agrees with finite differences ({by}). Look for the cause in the program: {cause}.",
                name(i)
            ));
        }
        if wrong.is_empty() {
            return None;
        }
        Some(format!("WRONG in {}: {by} from finite differences, while others agree: do not use these here.", name(i)))
    }

    /// Who has seen nothing of the derivative in a parameter.
    fn blindness(&self, i: usize) -> Option<String> {
        let blind: Vec<String> =
            self.applies().filter(|row| row.verdicts[i] == Verdict::Blind).map(|row| row.kind.to_string()).collect();
        if blind.is_empty() {
            return None;
        }
        Some(format!(
            "In {} no sample of {} has what decides, which is rare: an error of 0 means nothing there.",
            name(i),
            blind.join(", ")
        ))
    }

    fn advice(&self) -> Option<String> {
        let Some(best) = self.best() else {
            return Some("No estimator is right everywhere: none is recommended.".into());
        };
        let unsure = self.row(best).is_some_and(|row| row.verdicts.iter().any(|v| matches!(v, Verdict::Unsure(_))));
        let doubt = if unsure {
            ", though rare differences make most of what it is held against: take more samples"
        } else {
            ""
        };
        Some(format!("Use {best}: it has the least variance × time{doubt}."))
    }

    /// The smallest error that would have been seen, where it is not small.
    fn resolution(&self, i: usize) -> Option<String> {
        let best = self.best().and_then(|kind| self.row(kind)).and_then(|row| row.estimate.as_ref().ok())?;
        let r = &self.referee;
        let seen = WRONG * best.gradient_se[i].hypot(r.gradient_se[i]) + r.bias[i];
        let size = best.gradient[i].abs().max(r.gradient[i].abs());
        if seen <= 0.1 * size {
            return None;
        }
        Some(format!("In {} an error below {:.0} % cannot be seen with so few samples.", name(i), 100.0 * seen / size))
    }
}
