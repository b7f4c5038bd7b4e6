//! The incomplete beta function, its logarithms, derivatives and inverses against tables of mpmath.

use crate::assert_within;
use crate::common::{Table, Worst, reference_folder, relative};
use reparam::prelude::*;
use reparam::special::{
    inc_beta, inc_beta_complement, ln_inc_beta, ln_inc_beta_complement, logit_inc_beta_complement_inv_ln,
    logit_inc_beta_inv_ln,
};

const VALUE: f64 = 1e-13;
const LN: f64 = 1e-13;
const FIRST: f64 = 1e-12;
const SECOND: f64 = 1e-10;
const INVERSE: f64 = 1e-13;

fn check(file: &str, sizes: &str, range: &str) {
    let table = Table::read(&reference_folder().join(file));
    let [mut value, mut ln, mut first, mut second, mut inverse] =
        [const { Worst { error: 0.0, at: String::new() } }; 5];
    for row in &table.rows {
        let [a, b, x] = [row[0], row[1], row[2]];
        let at = || format!("{:?}", &row[..3]);
        let jets = Jet::second_order([a, b]);
        let constant = Jet::from(x);
        // the smaller tail, so that no derivative is one of a number next to 1
        let (want, sign, got) = if row[3] < row[4] {
            (row[3], 1.0, inc_beta(jets[0], jets[1], constant))
        } else {
            (row[4], -1.0, inc_beta_complement(jets[0], jets[1], constant))
        };
        let (re, gradient, hessian) = got.hessian();
        value.add(relative(re, want.exp(), 0.0), || format!("{} got {re:e} {:e}", at(), want.exp()));
        for (got, want) in [(ln_inc_beta(a, b, x), row[3]), (ln_inc_beta_complement(a, b, x), row[4])] {
            ln.add(relative(got, want, 0.0), || format!("{} got {got:e} want {want:e}", at()));
        }
        for j in 0..2 {
            let got = sign * gradient[j];
            first.add(relative(got, row[5 + j], 0.0), || format!("{} [{j}] got {got:e} want {:e}", at(), row[5 + j]));
        }
        // where a second derivative crosses zero, by the size of its terms
        for (j, k, want) in [(0, 0, row[7]), (0, 1, row[8]), (1, 0, row[8]), (1, 1, row[9])] {
            let got = sign * hessian[j][k];
            let floor = 1e-3 * (gradient[j] * gradient[k] / re).abs();
            second.add(relative(got, want, floor), || format!("{} [{j}][{k}] got {got:e} want {want:e}", at()));
        }
        // back from the smaller tail, by the conditioning: what relative errors of the tail and of θ amount to
        let theta = if row[3] < row[4] {
            logit_inc_beta_inv_ln(a.into(), b.into(), Jet::<f64, 1>::variable(row[3], 0))
        } else {
            logit_inc_beta_complement_inv_ln(a.into(), b.into(), Jet::<f64, 1>::variable(row[4], 0))
        };
        let want = x.logit();
        let unit = want.abs() + theta.eps[0].abs() * (1.0 + row[3].min(row[4]).abs());
        inverse.add((theta.re - want).abs() / unit, || format!("{} got {} want {want}", at(), theta.re));
    }
    println!("{file} {} rows", table.rows.len());
    let named = [
        ("I(x; a, b)", &value, VALUE),
        ("ln I", &ln, LN),
        ("dI/da, dI/db", &first, FIRST),
        ("second derivatives of I", &second, SECOND),
        ("logit x from ln I", &inverse, INVERSE),
    ];
    let names = named.map(|(name, ..)| format!("{name}, {sizes}"));
    let results: Vec<_> =
        names.iter().zip(named).map(|(name, (_, worst, budget))| (name.as_str(), worst, budget)).collect();
    assert_within(range, &results);
}

#[test]
fn random_shapes() {
    check("special_inc_beta.csv", "moderate shapes", "shapes in [0.05, 500], x in [1e-6, 1 - 1e-6]");
}

/// Shapes from 1e-4 to 1e7, skewed, in both tails.
#[test]
fn shapes_of_all_sizes() {
    check("special_inc_beta_wide.csv", "all shapes", "shapes in [1e-4, 1e7], both tails to 1e-300");
}
