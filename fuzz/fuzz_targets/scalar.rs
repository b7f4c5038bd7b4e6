//! Elementary functions at arbitrary doubles: no panic, one value in every scalar, constants stay constant.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reparam::scalar::{Jet, Scalar, ln_sum_exp, softmax};

type Second = Jet<Jet<f64, 1>, 1>;

fn all<S: Scalar>(x: S, y: S, n: i32) -> [S; 39] {
    let mut p = [x, y];
    softmax(&mut p);
    [
        x.exp(),
        x.exp_m1(),
        x.ln(),
        x.ln_1p(),
        x.log2(),
        x.log10(),
        x.sqrt(),
        x.cbrt(),
        x.powi(n),
        x.powf(1.5),
        x.recip(),
        x.sin(),
        x.cos(),
        x.tan(),
        x.asin(),
        x.acos(),
        x.atan(),
        x.sinh(),
        x.cosh(),
        x.tanh(),
        x.asinh(),
        x.acosh(),
        x.atanh(),
        x.abs(),
        x.softplus(),
        x.sigmoid(),
        x.logit(),
        x.ln_1m_exp(),
        x.ln_exp_m1(),
        x.exp_m1_ratio(),
        x.ln_1p_ratio(),
        x.powd(y),
        x.hypot(y),
        x.atan2(y),
        x.min(y),
        x.max(y),
        ln_sum_exp(&[x, y]),
        p[0],
        x.over(y),
    ]
}

fuzz_target!(|input: (f64, f64, i32)| {
    let (x, y, n) = input;
    let plain = all(x, y, n);
    let [xs] = Jet::second_order([x]);
    let second: [Second; 39] = all(xs, Jet::from(y), n);
    for (i, (a, b)) in plain.iter().zip(&second).enumerate() {
        let same = a.to_bits() == b.re().to_bits() || (a.is_nan() && b.re().is_nan());
        assert!(same, "function {i} at {x:e}, {y:e}: {a:e} and {:e}", b.re());
    }
    // the last three form quotients of their arguments, where 0/0 and inf/inf leave nothing to promise
    let constant: [Second; 39] = all(Jet::from(x), Jet::from(y), n);
    for (i, c) in constant.iter().enumerate().take(36) {
        assert!(c.re().is_nan() || c.eps[0].max_abs() == 0.0, "function {i} of constants {x:e}, {y:e}: {c:?}");
    }
});
