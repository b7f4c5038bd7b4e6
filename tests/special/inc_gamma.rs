//! Incomplete gamma functions against mpmath: values and derivatives within a table of budgets, both tails, inverses, edges,
//! and the same bits from every scalar type.

use crate::assert_within;
use crate::common::{Table, Worst, reference_folder, relative, second_order};
use proptest::prelude::*;
use reparam::prelude::*;
use reparam::special::*;

type Second = Jet<Jet<f64, 2>, 2>;

/// Where the tables are.
const RANGE: &str = "a in [1e-4, 1e7], both tails to 1e-306";

fn table(name: &str) -> Table {
    Table::read(&reference_folder().join(name))
}

/// P, Q and their logarithms; what it catches: digits lost in either tail.
#[test]
fn values() {
    let [mut p, mut q, mut ln_p, mut ln_q] = [const { Worst { error: 0.0, at: String::new() } }; 4];
    for name in ["special_inc_gamma.csv", "special_inc_gamma_edges.csv"] {
        let t = table(name);
        for row in &t.rows {
            let at = || format!("{:?}", &row[..2]);
            let (a, x, log_p, log_q) = (row[0], row[1], row[2], row[3]);
            // a logarithm of size L, rounded, gives its exponential no better than L roundings
            let scale = |log: f64| 1.0 + log.abs() / 50.0;
            if log_p > -690.0 {
                p.add(relative(inc_gamma_p(a, x), log_p.exp(), 0.0) / scale(log_p), at);
            }
            if log_q > -690.0 {
                q.add(relative(inc_gamma_q(a, x), log_q.exp(), 0.0) / scale(log_q), at);
            }
            // the first table has 1 - Q from 60 digits
            if name.contains("edges") || log_p < -1e-40 {
                ln_p.add(relative(inc_gamma_ln_p(a, x), log_p, 0.0) / scale(log_p.abs().ln()), at);
            }
            if name.contains("edges") || log_q < -1e-40 {
                ln_q.add(relative(inc_gamma_ln_q(a, x), log_q, 0.0) / scale(log_q.abs().ln()), at);
            }
        }
    }
    assert_within(RANGE, &[("P", &p, 2e-14), ("Q", &q, 2e-14), ("ln P", &ln_p, 2e-14), ("ln Q", &ln_q, 2e-14)]);
}

/// dP/da, d²P/da² where they are normal numbers.
#[test]
fn derivatives_in_a() {
    let t = table("special_inc_gamma.csv");
    let [mut first, mut second] = [const { Worst { error: 0.0, at: String::new() } }; 2];
    for row in &t.rows {
        let [a, x] = second_order::<2>(&row[..2]);
        for (sign, f) in [(1.0, inc_gamma_p(a, x)), (-1.0, inc_gamma_q(a, x))] {
            let (_, gradient, hessian) = f.hessian();
            let at = || format!("{:?} got {gradient:?} {hessian:?}", &row[..2]);
            let (d1, d2) = (sign * row[4], sign * row[5]);
            if d1.abs() > 1e-290 {
                first.add(relative(gradient[0], d1, 0.0), at);
            }
            // it crosses zero: no better than the first squared over P, Q or a
            if d2.abs() > 1e-290 {
                second.add(relative(hessian[0][0], d2, 1e-3 * d1.abs() / row[0].max(1.0)), at);
            }
        }
    }
    assert_within("a in [1e-3, 8e4], both tails to 1e-129", &[("dP/da", &first, 1e-12), ("d²P/da²", &second, 1e-10)]);
}

/// d ln P and d ln Q in a (twice) and x, of the smaller tail, a from 1e-4 to 1e7.
#[test]
fn derivatives_of_logarithms() {
    let t = table("special_inc_gamma_edges.csv");
    let [mut first, mut second, mut slope] = [const { Worst { error: 0.0, at: String::new() } }; 3];
    for row in &t.rows {
        let [a, x] = second_order::<2>(&row[..2]);
        let f = if row[2] < row[3] { inc_gamma_ln_p(a, x) } else { inc_gamma_ln_q(a, x) };
        let (_, gradient, hessian) = f.hessian();
        let at = || format!("{:?} got {gradient:?} {hessian:?}", &row[..2]);
        first.add(relative(gradient[0], row[4], 0.0), at);
        second.add(relative(hessian[0][0], row[5], 0.0), at);
        slope.add(relative(gradient[1], row[6], 0.0), at);
    }
    assert_within(
        RANGE,
        &[("d ln P/da", &first, 1e-12), ("d² ln P/da²", &second, 1e-10), ("d ln P/dx", &slope, 1e-12)],
    );
}

/// The inverses give back x, up to what the rounding of the probability moves it by.
#[test]
fn inverses() {
    let [mut from_p, mut from_ln] = [const { Worst { error: 0.0, at: String::new() } }; 2];
    for name in ["special_inc_gamma.csv", "special_inc_gamma_edges.csv"] {
        for row in &table(name).rows {
            let (a, x, log_p, log_q) = (row[0], row[1], row[2], row[3]);
            let ln_density = (a - 1.0) * x.ln() - x - ln_gamma(a);
            let lower = log_p < log_q;
            let log = log_p.min(log_q);
            let condition = (log - ln_density).exp() / x;
            let at = || format!("{:?} {log}", &row[..2]);
            if log > -690.0 {
                let got = if lower { inc_gamma_p_inv(a, log.exp()) } else { inc_gamma_q_inv(a, log.exp()) };
                from_p.add(relative(got, x, 0.0) / (1.0 + condition * (1.0 + log.abs())), at);
            }
            let got = if lower { inc_gamma_ln_p_inv(a, log_p) } else { inc_gamma_ln_q_inv(a, log_q) };
            from_ln.add(relative(got, x, 0.0) / (1.0 + condition * (1.0 + log.abs())), at);
        }
    }
    assert_within(RANGE, &[("x from P, Q", &from_p, 1e-14), ("x from ln P, ln Q", &from_ln, 1e-14)]);
}

/// Closed forms: P(1, x) = 1 - e^-x, P(1/2, x) = erf(sqrt x), Q(2, x) = (1 + x) e^-x, E_1 for a tiny shape.
#[test]
fn closed_forms() {
    for x in [1e-300, 1e-9, 0.3, 1.0, 1.5, 5.0, 40.0] {
        assert!(relative(inc_gamma_p(1.0, x), -(-x).exp_m1(), 0.0) < 4e-15, "{x}");
        assert!(relative(inc_gamma_q(1.0, x), (-x).exp(), 0.0) < 4e-15, "{x}");
        assert!(relative(inc_gamma_p(0.5, x), erf(x.sqrt()), 0.0) < 4e-15, "{x}");
        assert!(relative(inc_gamma_q(2.0, x), (1.0 + x) * (-x).exp(), 0.0) < 6e-15, "{x}");
    }
    // Q(a, x) -> a E_1(x): E_1(1), E_1(2), and so does -ln P
    for (x, e1) in [(1.0, 0.21938393439552029), (2.0, 0.04890051070806112)] {
        for a in [1e-300, 1e-100, 1e-20] {
            assert!(relative(inc_gamma_q(a, x), a * e1, 0.0) < 1e-14, "{a} {x}");
            assert!(relative(-inc_gamma_ln_p(a, x), a * e1, 0.0) < 1e-14, "{a} {x}");
        }
    }
}

#[test]
fn edges() {
    for a in [1e-300, 1e-3, 1.0, 15.9, 16.0, 1e7, 1e300] {
        assert_eq!([inc_gamma_p(a, 0.0), inc_gamma_q(a, 0.0), inc_gamma_ln_q(a, 0.0)], [0.0, 1.0, 0.0]);
        assert_eq!(inc_gamma_ln_p(a, 0.0), f64::NEG_INFINITY);
        assert_eq!([inc_gamma_p(a, f64::INFINITY), inc_gamma_q(a, f64::INFINITY)], [1.0, 0.0]);
        assert_eq!([inc_gamma_p_inv(a, 0.0), inc_gamma_q_inv(a, 1.0), inc_gamma_ln_q_inv(a, 0.0)], [0.0; 3]);
        assert_eq!([inc_gamma_p_inv(a, 1.0), inc_gamma_q_inv(a, 0.0)], [f64::INFINITY; 2]);
        for x in [1e-300, 1.0, 1e300] {
            let all = [inc_gamma_p(a, x), inc_gamma_q(a, x), inc_gamma_ln_p(a, x), inc_gamma_ln_q(a, x)];
            assert!(all.iter().all(|x| !x.is_nan()), "{a:e} {x:e}: {all:?}");
        }
    }
    for (a, x) in [(0.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::NAN), (f64::INFINITY, 1.0)] {
        let all = [inc_gamma_p(a, x), inc_gamma_q(a, x), inc_gamma_ln_p(a, x), inc_gamma_ln_q(a, x)];
        assert!(all.iter().all(|x| x.is_nan()), "{a} {x}: {all:?}");
    }
    for p in [-0.1, 1.1, f64::NAN] {
        assert!(inc_gamma_p_inv(2.0, p).is_nan() && inc_gamma_q_inv(2.0, p).is_nan());
        assert!(inc_gamma_ln_p_inv(2.0, 1e-3).is_nan() && inc_gamma_p_inv(0.0, 0.5).is_nan());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// One value in every scalar type, P + Q = 1, and the inverse of each tail leads back.
    #[test]
    fn properties(log_a in -10.0..8.0f64, log_tail in -290.0..-0.31f64, upper: bool) {
        let (a, tail) = (10f64.powf(log_a), 10f64.powf(log_tail));
        let x = if upper { inc_gamma_q_inv(a, tail) } else { inc_gamma_p_inv(a, tail) };
        prop_assert!(x >= 0.0 && x.is_finite(), "{x}");
        prop_assume!(x > 1e-300);
        let all = |a: Second, x: Second| {
            [inc_gamma_p(a, x), inc_gamma_q(a, x), inc_gamma_ln_p(a, x), inc_gamma_ln_q(a, x)]
        };
        let [ja, jx] = second_order::<2>(&[a, x]);
        let jets = all(ja, jx);
        let plain = [inc_gamma_p(a, x), inc_gamma_q(a, x), inc_gamma_ln_p(a, x), inc_gamma_ln_q(a, x)];
        prop_assert_eq!(jets.map(|j| j.re.re), plain);
        prop_assert!((plain[0] + plain[1] - 1.0).abs() < 1e-15);
        let found = if upper { plain[1] } else { plain[0] };
        // what the rounding of x may do, and errors of 5e-16 in the Y of ln P = -Y²/2, of the inverse and of the value
        let slope = if upper { jets[3].re.eps[1] } else { jets[2].re.eps[1] };
        let allowed = 4e-16 * (10.0 + (slope * x).abs()) + 2e-15 * tail.ln().abs();
        prop_assert!(relative(found, tail, 0.0) <= allowed, "a {a:e}, x {x:e}: {found:e} for {tail:e}, allowed {allowed:e}");
        // at fixed probability dx/da = -(dP/da)/(dP/dx), by another route
        let [ja] = Jet::variables([a]);
        let quantile = if upper { inc_gamma_q_inv(ja, tail.into()) } else { inc_gamma_p_inv(ja, tail.into()) };
        prop_assert_eq!(quantile.re, x);
        let log = if upper { jets[3] } else { jets[2] };
        let want = -log.re.eps[0] / log.re.eps[1];
        prop_assert!(relative(quantile.eps[0], want, 0.0) < 1e-11, "a {a:e}, x {x:e}: {} for {want}", quantile.eps[0]);
    }
}
