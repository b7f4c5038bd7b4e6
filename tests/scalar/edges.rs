//! Inputs at the ends of what there is: no variables, empty slices, the ends of the doubles.

use reparam::prelude::*;
use reparam::scalar::{ln_sum_exp, softmax};

#[test]
fn no_variables() {
    let none: [Jet<f64, 0>; 0] = Jet::variables([]);
    assert!(none.is_empty());
    let x = Jet::<f64, 0>::from(0.3);
    let law = Normal::new(x, x).expect("valid");
    assert_eq!(law.quantile(x).re, Normal::new(0.3, 0.3).expect("valid").quantile(0.3));
    assert_eq!(Jet::<Jet<f64, 0>, 0>::second_order([]).len(), 0);
}

#[test]
fn empty_slices() {
    assert_eq!(ln_sum_exp::<f64>(&[]), f64::NEG_INFINITY);
    assert_eq!(ln_sum_exp::<Jet<f64, 2>>(&[]).eps, [0.0, 0.0]);
    softmax::<f64>(&mut []);
}

/// Every double that is special is refused or answered, by a law and its truncation.
#[test]
fn special_doubles() {
    let special =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::MIN];
    for scale in special {
        assert!(Normal::new(0.0, scale).is_err(), "{scale}");
        assert!(Weibull::new(scale, 1.0).is_err() && Weibull::new(1.0, scale).is_err(), "{scale}");
        assert!(Gamma::new(1.0, scale).is_err(), "{scale}");
    }
    let law = Normal::new(0.0, 1.0).expect("valid");
    for x in special.into_iter().filter(|x| !x.is_nan()) {
        let ln = [law.ln_pdf(x), law.ln_cdf(x), law.ln_sf(x)];
        assert!(ln.iter().all(|y| *y <= 0.0), "{x}: {ln:?}");
        assert!((law.cdf(x) + law.sf(x) - 1.0).abs() < 1e-15, "{x}");
    }
    for bound in special {
        // equal, reversed and NaN bounds
        assert!(Truncated::new(law, bound, bound).is_err(), "{bound}");
        assert!(Truncated::new(law, f64::INFINITY, bound).is_err(), "{bound}");
        assert!(TruncatedNormal::new(0.0, 1.0, bound, f64::NEG_INFINITY).is_err(), "{bound}");
    }
    // the smallest probabilities of either kind
    assert!((law.cdf(law.quantile(5e-324)).ln() - 5e-324f64.ln()).abs() < 0.7);
    assert!(law.quantile_ln(-1e300).is_finite() && law.quantile_ln(-5e-324).is_finite());
}
