//! Inputs that once gave NaN, each with neighbours; `tests/reference/make_vector_faults.py` prints the values.

use reparam::prelude::*;
use reparam::special::{inc_beta, inc_beta_complement, ln_inc_beta, ln_inc_beta_complement, ln_inc_beta_logit};
use reparam::special::{logit_inc_beta_complement_inv_ln, logit_inc_beta_inv_ln};

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

#[test]
fn incomplete_beta_at_huge_shapes() {
    assert_eq!((inc_beta(1e110, 1e108, 0.9), inc_beta_complement(1e110, 1e108, 0.9)), (0.0, 1.0));
    assert_eq!((inc_beta(1e108, 1e110, 0.1), inc_beta_complement(1e108, 1e110, 0.1)), (1.0, 0.0));
    assert_eq!((inc_beta(1e200, 3.0, 0.5), inc_beta(1.5e308, 1.5e308, 0.6)), (0.0, 1.0));
    close(ln_inc_beta(1e110, 1e108, 0.9), -7.228483056618606e108, 1e-14);
    close(ln_inc_beta_complement(1e108, 1e110, 0.1), -7.22848305661861e108, 1e-14);
    close(ln_inc_beta(1e200, 3.0, 0.5), -6.931471805599453e199, 1e-14);
    close(ln_inc_beta(1.5e308, 1.5e308, 0.4), -6.123299178038267e306, 1e-13);
    close(inc_beta(1.5e308, 1.5e308, 0.5), 0.5, 1e-14);
    // with b x fixed it is the gamma law's
    close(inc_beta(3.0, 1e200, 1e-200), 0.08030139707139419, 1e-13);
    close(ln_inc_beta_logit(3.0, 1e200, -200.0 * 10f64.ln()), 0.08030139707139419f64.ln(), 1e-12);
}

/// Tails that add up and inverses that invert, in all corners of the shapes.
#[test]
fn incomplete_beta_is_a_number_everywhere() {
    let shapes = [1e-300, 1e-10, 0.5, 3.0, 1e50, 1e104, 1e110, 1e150, 1e200, 1e300, 1.7e308];
    for (a, b) in shapes.iter().flat_map(|a| shapes.iter().map(move |b| (*a, *b))) {
        for x in [1e-300, 1e-110, 1e-5, 0.1, 0.5, 0.9, 1.0 - 1e-15] {
            let (p, q) = (inc_beta(a, b, x), inc_beta_complement(a, b, x));
            assert!((p + q - 1.0).abs() < 1e-12, "{a:e} {b:e} {x:e}: {p} {q}");
            let (ln_p, ln_q) = (ln_inc_beta(a, b, x), ln_inc_beta_complement(a, b, x));
            assert!(ln_p <= 0.0 && ln_q <= 0.0, "{a:e} {b:e} {x:e}: {ln_p} {ln_q}");
            let jets = Jet::variables([a, b]);
            assert_eq!(inc_beta(jets[0], jets[1], x.into()).re.to_bits(), p.to_bits());
        }
        for ln_p in [-1e-10, -0.5, -30.0, -1e10] {
            let (lower, upper) = (logit_inc_beta_inv_ln(a, b, ln_p), logit_inc_beta_complement_inv_ln(a, b, ln_p));
            assert!(!lower.is_nan() && !upper.is_nan(), "{a:e} {b:e} {ln_p}: {lower} {upper}");
        }
    }
}
