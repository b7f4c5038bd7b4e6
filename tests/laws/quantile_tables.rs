//! Laws with tables of quantiles: the quantiles of mpmath's tables, both tails, ends, order, jets and handles.

use crate::common::{Table, Worst, reference_folder, relative, second_order};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;

/// Those of the law's own formulas in `reference.rs`; of a quantile times Lebesgue's constant of twelve Chebyshev nodes,
/// by which interpolation may enlarge the errors at its nodes.
const QUANTILE: f64 = 2.5e-14;
const FIRST: f64 = 1e-12;
const SECOND: f64 = 1e-10;

/// Tells probabilities whose quantiles are from the tables.
fn is_inside(p: f64) -> bool {
    (2f64.powi(-11)..=1.0 - 2f64.powi(-11)).contains(&p)
}

/// Quantiles and their derivatives against a table of mpmath, for the rows of probabilities inside.
macro_rules! by_mpmath {
    ($($law:ident $n:literal;)+) => {$({
        let table = Table::read(&reference_folder().join(format!("{}.csv", <$law<f64> as Family>::NAME)));
        let [ln_cdf, ln_sf, ln_pdf, dz] =
            ["logcdf", "logsf", "logpdf", "dlogpdf_z"].map(|c| table.column(c));
        let (first, second) = (dz + 1 + $n, dz + 1 + 2 * $n);
        let mut worst: [Worst; 3] = Default::default();
        let mut inside = 0;
        for row in &table.rows {
            let (lower, p) = (row[ln_cdf] < row[ln_sf], row[ln_cdf].min(row[ln_sf]).exp());
            // beside the median of a symmetric law the table's derivatives have few digits: `reference.rs` says why
            if !is_inside(p) || p > 0.4999 {
                continue;
            }
            inside += 1;
            let (theta, z) = (&row[..$n], row[$n]);
            let at = || format!("{theta:?} {z} {p}");
            let law = <$law<f64> as Family>::law(&second_order::<$n>(theta)).unwrap();
            let law = law.prepared_to_second_order().with_quantiles();
            let (value, gradient, hessian) = if lower { law.quantile(p.into()) } else { law.isf(p.into()) }.hessian();
            let u_over_f = (row[ln_cdf].min(row[ln_sf]) - row[ln_pdf]).exp();
            worst[0].add((value - z).abs() / (z.abs() + u_over_f), at);
            let largest = |values: &[f64]| values.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
            let want = &row[first..first + $n];
            for j in 0..$n {
                worst[1].add(relative(gradient[j], want[j], 1e-3 * largest(want)), at);
            }
            if let Some(want) = row.get(second..).filter(|w| !w.is_empty()) {
                let pairs = (0..$n).flat_map(|j| (j..$n).map(move |k| (j, k)));
                for ((j, k), want_jk) in pairs.zip(want) {
                    worst[2].add(relative(hessian[j][k], *want_jk, 1e-3 * largest(want)), at);
                }
            }
        }
        let name = stringify!($law);
        println!("{name}: {inside} of {} rows, {worst:?}", table.rows.len());
        assert!(inside >= 5, "{name}: {inside} rows");
        for (worst, bound) in worst.iter().zip([QUANTILE, FIRST, SECOND]) {
            assert!(worst.error < bound, "{name}: {worst:?}");
        }
    })+};
}

#[test]
fn quantiles_are_those_of_mpmath() {
    by_mpmath! {
        Gamma 2;
        Chi 1;
        ChiSquared 1;
        InverseGamma 2;
        InverseChiSquared 1;
        ScaledInverseChiSquared 2;
        Nakagami 2;
        GeneralizedGamma 3;
        GeneralizedNormal 3;
        LogGamma 2;
        Beta 2;
        BetaPrime 2;
        BetaProportion 2;
        LogitBeta 2;
        FisherF 2;
        GammaGamma 3;
        Pert 4;
        StudentT 3;
        HalfStudentT 2;
        VonMises 2;
    }
}

/// A law and the same with tables.
macro_rules! each {
    ($check:ident: $($law:ident $point:expr;)+) => {$({
        let law = <$law<f64> as Family>::law(&$point).unwrap();
        $check(&law, &law.prepared().with_quantiles(), &format!("{} {:?}", stringify!($law), $point));
    })+};
}

macro_rules! laws {
    ($check:ident) => {
        each! { $check:
            Gamma [0.01, 2.0]; Gamma [0.3, 2.0]; Gamma [0.4, 2.0]; Gamma [1.0, 2.0]; Gamma [2.5, 2.0]; Gamma [50.0, 2.0];
            Gamma [1e7, 2.0]; InverseGamma [0.3, 1.0]; InverseGamma [3.0, 1.0]; Nakagami [2.0, 3.0]; LogGamma [0.2, 1.0];
            GeneralizedNormal [1.0, 2.0, 1.5]; GeneralizedNormal [0.0, 2.0, 0.4]; GeneralizedNormal [0.0, 2.0, 8.0];
            Beta [2.0, 3.0]; Beta [0.5, 0.5]; Beta [0.1, 0.2]; Beta [0.4, 100.0]; Beta [90.0, 0.4];
            Beta [300.0, 200.0]; Beta [1e5, 7.0]; Beta [1e-3, 1e-3]; LogitBeta [2.0, 2.0]; LogitBeta [1e4, 1e4];
            FisherF [5.0, 8.0]; Pert [-1.0, 5.0, 0.5, 4.0];
            StudentT [0.0, 1.0, 0.3]; StudentT [0.0, 1.0, 0.4]; StudentT [0.0, 1.0, 5.0]; StudentT [3.0, 2.0, 100.0];
            StudentT [0.0, 1.0, 1e8]; HalfStudentT [1.0, 0.5]; HalfStudentT [2.0, 7.0];
            VonMises [0.0, 0.0]; VonMises [0.0, 1e-3]; VonMises [0.0, 2.0]; VonMises [0.0, 7.0];
            VonMises [0.0, 100.0]; VonMises [0.0, 1e6];
        }
    };
}

/// Probabilities beside every border of cells, beside 1/2, and in between, of one tail and by its complement.
fn probabilities() -> impl Iterator<Item = f64> {
    let borders = (4..=48).map(|i| 2f64.powi(-(i / 4)) * (1.0 - 0.125 * f64::from(i % 4)));
    let near = borders.flat_map(|p| [p.next_down(), p, p.next_up(), 0.93 * p]);
    let small = near.chain([0.5 - 1e-9, 0.499]).filter(|p| *p <= 0.5);
    small.flat_map(|p| [p, 1.0 - p])
}

/// Going there and back, in both tails: F(F^-1(p)) = p and the same for 1 - F, to what a rounded x changes of it, and to
/// what is left by formulas around p, from which the tables are made.
fn round_trip<L: Continuous<f64>>(law: &L, table: &impl Continuous<f64>, at: &str) {
    for p in probabilities() {
        let (x, y) = (table.quantile(p), table.isf(p));
        let rounding = |x: f64| (4.0 * f64::EPSILON * x.abs() + 5e-324) * law.pdf(x);
        let around = [0.97, 0.98, 0.99, 1.0].map(|part| part * p);
        let left = around.map(|p| [law.cdf(law.quantile(p)) - p, law.sf(law.isf(p)) - p]).into_iter();
        let left = left.fold([0.0f64; 2], |m, left| [0, 1].map(|k| m[k].max(left[k].abs())));
        for (got, x, left) in [(law.cdf(x), x, left[0]), (law.sf(y), y, left[1])] {
            let bound = 2e-14 * p + rounding(x) + 2.5 * left;
            assert!((got - p).abs() <= bound, "{at}: {p:e} came back from {x:e} as {got:e}");
        }
    }
}

#[test]
fn quantiles_come_back() {
    laws!(round_trip);
}

/// Larger for larger probabilities (a part in 10^9 more, where the law's own differ by more than their rounding), inside
/// the support, and one number from either side.
fn in_order<L: Continuous<f64>>(law: &L, table: &impl Continuous<f64>, at: &str) {
    let (low, high) = law.support();
    let step = 1e-9;
    for p in probabilities() {
        let (x, y) = (table.quantile(p), table.quantile(p * (1.0 + step)));
        assert!(low <= x && x <= y && y <= high, "{at}: {x:e} and {y:e} at {p:e}");
        let f = law.pdf(x);
        if p < 0.5 && step * p > 1e-13 * x.abs() * f && f.is_finite() {
            assert!(x < y, "{at}: {x:e} and {y:e} at {p:e}");
        }
        let other = table.isf(1.0 - p);
        if p >= 0.5 {
            assert_eq!(x.to_bits(), other.to_bits(), "{at}: at {p:e}");
        }
    }
}

#[test]
fn quantiles_are_in_order() {
    laws!(in_order);
}

/// The ends, tails far out, and what is no probability: the law's own, every bit of them.
fn beyond<L: Continuous<f64>>(law: &L, table: &impl Continuous<f64>, at: &str) {
    for p in
        [0.0, -0.0, 1.0, 1e-4, 1e-17, 1e-300, 5e-324, 1.0 - 1e-4, 1.0 - 1e-15, -1e-300, 1.1, f64::NAN, f64::INFINITY]
    {
        let want = [law.quantile(p), law.isf(p)].map(f64::to_bits);
        assert_eq!([table.quantile(p), table.isf(p)].map(f64::to_bits), want, "{at}: at {p:e}");
    }
    for ln_p in [-1e5, -800.0, -0.3, 0.0] {
        assert_eq!(table.quantile_ln(ln_p).to_bits(), law.quantile_ln(ln_p).to_bits(), "{at}: at e^{ln_p}");
        assert_eq!(table.isf_ln(ln_p).to_bits(), law.isf_ln(ln_p).to_bits(), "{at}: at e^{ln_p}");
    }
}

#[test]
fn what_is_beyond_is_the_law() {
    laws!(beyond);
}

type First<const N: usize> = Jet<f64, N>;
type Second<const N: usize> = Jet<First<N>, N>;
type Third<const N: usize> = Jet<Second<N>, N>;

/// Derivatives of one law's quantiles at an order, by its tables and by formulas: real parts are those of doubles.
fn same<S: Scalar>(
    law: &impl Continuous<S>,
    table: &impl Continuous<S>,
    plain: &impl Continuous<f64>,
    p: S,
    close: impl Fn(S, S),
) {
    for (got, want, value) in
        [(table.quantile(p), law.quantile(p), plain.quantile(p.re())), (table.isf(p), law.isf(p), plain.isf(p.re()))]
    {
        assert_eq!(got.re().to_bits(), value.to_bits(), "at {}", p.re());
        close(got, want);
    }
}

/// Numbers to a part of the larger of them.
fn agree(got: &[f64], want: &[f64], bound: f64) {
    let size = want.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    for (got_k, want_k) in got.iter().zip(want) {
        assert!((got_k - want_k).abs() <= bound * want_k.abs().max(1e-3 * size), "{got:?}, not {want:?}");
    }
}

macro_rules! jets {
    ($($law:ident $n:literal $point:expr;)+) => {$({
        let plain = <$law<f64> as Family>::law(&$point).unwrap().prepared().with_quantiles();
        let second = <$law<f64> as Family>::law(&Jet::<First<$n>, $n>::second_order($point)).unwrap();
        let by_first = second.prepared().with_quantiles();
        let by_second = second.prepared_to_second_order().with_quantiles();
        let first = <$law<f64> as Family>::law(&First::<$n>::variables($point)).unwrap();
        let once = first.prepared().with_quantiles();
        let third: [Third<$n>; $n] = Jet::variables(Jet::second_order($point));
        let third = <$law<f64> as Family>::law(&third).unwrap();
        let thrice = third.prepared().with_quantiles();
        for p in [0.001, 0.02, 0.3, 0.49, 0.5, 0.77, 0.999] {
            same(&first, &once, &plain, p.into(), |got, want| agree(&got.eps, &want.eps, 1e-12));
            // what moves with the probability as well
            let moving = First::<$n>::variable(p, 0);
            same(&first, &once, &plain, moving, |got, want| agree(&got.eps, &want.eps, 1e-12));
            let numbers = |x: Second<$n>| {
                let (_, gradient, hessian) = x.hessian();
                (gradient, hessian.as_flattened().to_vec())
            };
            let close = |got: Second<$n>, want: Second<$n>| {
                let (got, want) = (numbers(got), numbers(want));
                agree(&got.0, &want.0, 1e-12);
                agree(&got.1, &want.1, 1e-10);
            };
            same(&second, &by_first, &plain, p.into(), close);
            same(&second, &by_second, &plain, p.into(), close);
            same(&third, &thrice, &plain, p.into(), |got, want| {
                close(got.re, want.re);
                for (got, want) in got.eps.into_iter().zip(want.eps) {
                    agree(&numbers(got).1, &numbers(want).1, 1e-7);
                }
            });
        }
    })+};
}

#[test]
fn jets_of_quantiles() {
    jets! {
        Gamma 2 [0.3, 2.0];
        Gamma 2 [2.5, 2.0];
        Gamma 2 [50.0, 2.0];
        InverseGamma 2 [3.0, 2.0];
        LogGamma 2 [3.0, 2.0];
        Beta 2 [2.0, 3.0];
        Beta 2 [0.2, 3.0];
        FisherF 2 [5.0, 8.0];
        StudentT 3 [1.0, 2.0, 5.0];
        StudentT 3 [1.0, 2.0, 60.0];
        HalfStudentT 2 [2.0, 5.0];
        VonMises 2 [1.0, 2.0];
    }
}

/// Points and mirrored generators draw by quantiles; random draws are as without them.
#[test]
fn handles_draw_by_quantiles() {
    let [a, b] = Jet::variables([2.0, 3.0]);
    let law = Beta::new(a, b).unwrap();
    let table = law.prepared().with_quantiles();
    let mut points = [1, 1].map(program::Sobol::new);
    let mut rngs = [2, 2].map(Xoshiro256PlusPlus::seed_from_u64);
    let close = |got: First<2>, want: First<2>| {
        agree(&[got.re], &[want.re], 1e-14);
        agree(&got.eps, &want.eps, 1e-12);
    };
    for i in 0..2000 {
        let [one, other] = &mut points;
        close(program::Quasi::new(one, i).draw(&table), program::Quasi::new(other, i).draw(&law));
        points.iter_mut().for_each(program::Sobol::advance);
        let [one, other] = &mut rngs;
        for mirrored in [false, true] {
            let got = program::Antithetic::new(one.clone(), mirrored).draw(&table);
            close(got, program::Antithetic::new(other.clone(), mirrored).draw(&law));
        }
        assert_eq!(table.sample(one).re, law.sample(other).re);
    }
}

/// Vectors and matrices at coordinates.
#[test]
fn joint_laws_draw_by_quantiles() {
    use nalgebra::{SMatrix, SVector};
    fn compare<const R: usize, const C: usize>(
        law: &impl Joint<First<3>, Point = SMatrix<First<3>, R, C>>,
        table: &impl Joint<First<3>, Point = SMatrix<First<3>, R, C>>,
    ) {
        let mut points = [1, 1].map(program::Sobol::new);
        for i in 0..2000 {
            let [one, other] = &mut points;
            let got: SMatrix<First<3>, R, C> = Chance::<First<3>>::draw_joint(&mut program::Quasi::new(one, i), table);
            let want = Chance::<First<3>>::draw_joint(&mut program::Quasi::new(other, i), law);
            let values = |m: &SMatrix<First<3>, R, C>| m.iter().map(|x| x.re).collect::<Vec<_>>();
            let partials = |m: &SMatrix<First<3>, R, C>| m.iter().flat_map(|x| x.eps).collect::<Vec<_>>();
            agree(&values(&got), &values(&want), 1e-11);
            agree(&partials(&got), &partials(&want), 1e-9);
            points.iter_mut().for_each(program::Sobol::advance);
        }
    }
    let alpha = SVector::from(Jet::variables([0.3, 1.0, 25.0]));
    let law = Dirichlet::new(alpha).unwrap();
    compare::<3, 1>(&law, &law.prepared().with_quantiles());
    compare::<3, 1>(&law, &law.prepared_to_second_order().with_quantiles());
    let law = LogDirichlet::new(alpha).unwrap();
    compare::<3, 1>(&law, &law.prepared().with_quantiles());
    let [df, one, other] = Jet::variables([5.5, 1.0, 0.3]);
    let factor = SMatrix::<First<3>, 2, 2>::new(one, Jet::from(0.0), other, one);
    let law = Wishart::from_cholesky(df, factor).unwrap();
    compare::<2, 2>(&law, &law.prepared().with_quantiles());
    let law = InverseWishart::from_cholesky(df, factor).unwrap();
    compare::<2, 2>(&law, &law.prepared().with_quantiles());
}
