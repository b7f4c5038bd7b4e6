//! Draws at fixed u, their derivatives, densities and distribution functions against tables computed with mpmath.
//!
//! Reads every family's table in the folder named by `REPARAM_REFERENCE`, by default `tests/reference`, and prints one
//! line a family. The error of a derivative is |got - want| / max(|want|, 1e-6 row), row being the largest of that
//! order in the row of the table. That of a quantile is |got - want| / (|want| + u/f): u carries a relative error of its
//! own, which moves the quantile by u/f times that. At a median, where a derivative is zero but for the distance from it,
//! that rounding is all there is: what the neighbouring doubles of u change is no error of a derivative.

use crate::common::mixtures::{NormalMixture2, NormalMixture3};
use crate::common::written::hold_table;
use crate::common::{Table, Worst, reference_folder, relative, second_order};
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use std::collections::BTreeMap;

const FIRST: f64 = 1e-12;
const SECOND: f64 = 1e-10;
const LN_PDF: f64 = 1e-12;
const LN_CDF: f64 = 1e-12;
const QUANTILE: f64 = 1e-14;

#[derive(Default)]
struct Errors {
    first: Worst,
    second: Worst,
    ln_pdf: Worst,
    ln_pdf_slope: Worst,
    ln_cdf: Worst,
    quantile: Worst,
}

fn check<F: Family, const N: usize>(table: &Table) -> Errors {
    let mut worst = Errors::default();
    let [ln_cdf, ln_sf, ln_pdf, slope] = ["logcdf", "logsf", "logpdf", "dlogpdf_z"].map(|c| table.column(c));
    assert_eq!(table.columns[..N], *F::PARAMETERS, "{}", F::NAME);
    assert_eq!(table.columns[N], "z");
    let dz = slope + 1 + N;
    assert!(table.columns[dz].starts_with("dz_"));
    let has_second = table.columns.len() > dz + N;
    for (i, row) in table.rows.iter().enumerate() {
        let at = || format!("line {}: {:?}", i + 2, &row[..=N]);
        let (theta, z) = (&row[..N], row[N]);
        let law = F::law(&second_order::<N>(theta)).unwrap_or_else(|e| panic!("{}: {e}", at()));
        // from the smaller tail
        let lower = row[ln_cdf] < row[ln_sf];
        let u = row[ln_cdf].min(row[ln_sf]).exp();
        let at_u = |u: f64| if lower { law.quantile(u.into()) } else { law.isf(u.into()) };
        let (value, gradient, hessian) = at_u(u).hessian();
        let neighbours = [u.next_down(), u.next_up()].map(|u| at_u(u).hessian());
        let beyond_rounding = |got: f64, want: f64, neighbours: [f64; 2]| {
            let rounding = neighbours.iter().fold(0.0, |m: f64, n| m.max(2.0 * (n - got).abs()));
            if (got - want).abs() <= rounding { want } else { got }
        };
        let u_over_f = (row[ln_cdf].min(row[ln_sf]) - row[ln_pdf]).exp();
        worst.quantile.add((value - z).abs() / (z.abs() + u_over_f), at);
        let largest = |values: &[f64]| values.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let want = &row[dz..dz + N];
        for (j, got) in gradient.iter().enumerate() {
            let got = beyond_rounding(*got, want[j], neighbours.map(|(_, g, _)| g[j]));
            worst.first.add(relative(got, want[j], 1e-6 * largest(want)), || format!("{} [{j}] got {got:e}", at()));
        }
        // the tables' script differentiates ln f in z with steps of about 1e-64: closer to 0 its digits are not
        let resolved = z.abs() > 1e-55;
        if has_second && resolved {
            let want = &row[dz + N..];
            let pairs = (0..N).flat_map(|j| (j..N).map(move |k| (j, k)));
            for ((j, k), want_jk) in pairs.zip(want) {
                let floor = 1e-6 * largest(want);
                for (j, k) in [(j, k), (k, j)] {
                    let got = beyond_rounding(hessian[j][k], *want_jk, neighbours.map(|(_, _, h)| h[j][k]));
                    worst.second.add(relative(got, *want_jk, floor), || format!("{} [{j}][{k}] got {got:e}", at()));
                }
            }
        }
        // the density's derivatives in z and in the parameters
        let mut point = [0.0; 10];
        point[..=N].copy_from_slice(&row[..=N]);
        worst.add_density::<F, N>(&point[..=N], &row[ln_pdf..=slope + N], resolved, at);
        let law = F::law(theta).unwrap();
        worst.ln_cdf.add(relative(law.ln_cdf(z), row[ln_cdf], 0.0), || format!("{} ln_cdf {}", at(), law.ln_cdf(z)));
        worst.ln_cdf.add(relative(law.ln_sf(z), row[ln_sf], 0.0), || format!("{} ln_sf {}", at(), law.ln_sf(z)));
    }
    worst
}

impl Errors {
    fn add_density<F: Family, const N: usize>(
        &mut self,
        point: &[f64],
        want: &[f64],
        resolved: bool,
        at: impl Fn() -> String,
    ) {
        // N parameters and z: an array of at most ten partials serves every family
        let variables: Vec<Jet<f64, 10>> = point.iter().enumerate().map(|(i, x)| Jet::variable(*x, i)).collect();
        let law = F::law(&variables[..N]).unwrap();
        let got = law.ln_pdf(variables[N]);
        self.ln_pdf.add(relative(got.re, want[0], 1.0), || format!("{} got {}", at(), got.re));
        let row = want[1..].iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        for j in usize::from(!resolved)..=N {
            let got = got.eps[(j + N) % (N + 1)];
            self.ln_pdf_slope.add(relative(got, want[1 + j], 1e-3 * row), || format!("{} [{j}] got {got:e}", at()));
        }
    }
}

/// At the median, z = location, the derivatives of Student's t are (1, 0, 0) and all second ones 0 by symmetry. The
/// table has 0.99999 and the like: it differentiates numerically across the kink that its formula, in t², has there.
fn mend_median_of_student_t(table: &mut Table) {
    let [location, z, dz_location] = ["location", "z", "dz_location"].map(|c| table.column(c));
    for row in table.rows.iter_mut().filter(|row| row[z] == row[location]) {
        row[dz_location..].fill(0.0);
        row[dz_location] = 1.0;
    }
}

#[test]
fn families_match_their_tables() {
    let folder = reference_folder();
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "csv") {
            let header = std::fs::read_to_string(&path).expect("text").lines().next().unwrap_or_default().to_owned();
            if header.contains(",z,logcdf,logsf,logpdf,") {
                let mut table = Table::read(&path);
                if stem == "student_t" {
                    mend_median_of_student_t(&mut table);
                }
                tables.insert(stem, table);
            }
        }
    }
    assert!(!tables.is_empty(), "no tables in {}", folder.display());

    let (mut failures, mut rows) = (Vec::new(), Vec::new());
    macro_rules! family {
        ($family:ident) => {
            type F = $family<f64>;
            if let Some(table) = tables.remove(F::NAME) {
                let worst = check::<F, { F::PARAMETERS.len() }>(&table);
                println!(
                    "{} {} first={:.1e} second={:.1e} logpdf={:.1e} cdf={:.1e} quantile={:.1e} (logpdf slopes={:.1e})",
                    F::NAME,
                    table.rows.len(),
                    worst.first.error,
                    worst.second.error,
                    worst.ln_pdf.error,
                    worst.ln_cdf.error,
                    worst.quantile.error,
                    worst.ln_pdf_slope.error,
                );
                let columns = [&worst.first, &worst.second, &worst.ln_pdf, &worst.ln_cdf, &worst.quantile];
                let name = [F::NAME.replace('_', " "), table.rows.len().to_string()];
                rows.push(name.into_iter().chain(columns.map(|worst| format!("{:.1e}", worst.error))).collect());
                for (what, worst, budget) in [
                    ("first", worst.first, FIRST),
                    ("second", worst.second, SECOND),
                    ("logpdf", worst.ln_pdf, LN_PDF),
                    ("logpdf slope", worst.ln_pdf_slope, FIRST),
                    ("log cdf", worst.ln_cdf, LN_CDF),
                    ("quantile", worst.quantile, QUANTILE),
                ] {
                    // NaN is beyond every budget
                    if worst.error > budget || worst.error.is_nan() {
                        failures.push(format!("{} {what}: {:.2e} > {budget:e} at {}", F::NAME, worst.error, worst.at));
                    }
                }
            }
        };
    }
    macro_rules! in_a_block {
        ($family:ident) => {{
            family!($family);
        }};
    }
    for_each_family!(in_a_block);
    in_a_block!(Tweedie);
    in_a_block!(NormalMixture2);
    in_a_block!(NormalMixture3);
    for name in tables.keys() {
        println!("MISSING {name}");
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let header = ["law", "rows", "first", "second", "ln pdf", "ln cdf, ln sf", "quantile"];
    // other tables have other errors
    if std::env::var_os("REPARAM_REFERENCE").is_none() {
        hold_table("accuracy.md", "laws", &header, &rows);
    }
}
