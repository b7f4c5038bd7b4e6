//! Quasi-random estimates of programs whose laws get tables of quantiles: the same values, whatever runs them.

use reparam::prelude::*;
use reparam::{estimate, special};

/// E[ln G + B + T² + cos θ], laws of fixed shapes that depend on the parameters.
fn sum() -> impl Program<Theta = [f64; 2], Output = Result<f64, reparam::distr::LawError>> + Clone {
    program!(|[a, b]: [S; 2], chance| -> Result<S, reparam::distr::LawError> {
        let g = chance.draw(&Gamma::new(a, S::from(1.0))?);
        let x = chance.draw(&Beta::new(a, b)?);
        let t = chance.draw(&StudentT::new(S::from(0.0), S::from(1.0), b + 6.0)?);
        let angle = chance.draw(&VonMises::new(S::from(0.0), b)?);
        Ok(g.ln() + x + t * t + angle.cos())
    })
}

/// ψ(a) + a/(a + b) + ν/(ν - 2) + A(b), ν = b + 6, with its gradient.
#[test]
fn values_are_those_of_closed_forms() {
    let [a, b] = Jet::variables([2.5, 3.0]);
    let df = b + 6.0;
    let want = special::digamma(a) + a / (a + b) + df / (df - 2.0) + special::bessel_i_ratio(b);
    let e = estimate::quasi([2.5, 3.0], sum()).points(1024).run_seed(1).unwrap();
    assert!((e.value - want.re).abs() < 5.0 * e.value_se && e.value_se < 2e-3, "{e:?}, not {want:?}");
    for k in 0..2 {
        let (got, se) = (e.gradient[k], e.gradient_se[k]);
        assert!((got - want.eps[k]).abs() < 5.0 * se && se < 2e-3, "{e:?}, not {want:?}");
    }
}

/// Tables are made before blocks run: as many threads and parts as there are, the bits are the same.
#[test]
fn the_same_bits_however_it_runs() {
    let e = || estimate::quasi([2.5, 3.0], sum()).points(256).samples(8);
    let want = e().run_seed(7).unwrap();
    assert_eq!(e().par_run_seed(7).unwrap(), want);
    assert_eq!(e().run_seed(7).unwrap(), want);
}

/// Shapes that are draws themselves are all different: they keep their formulas.
#[test]
fn shapes_that_are_draws() {
    let f = program!(|[a]: [S; 1], chance| -> Result<S, reparam::distr::LawError> {
        let shape = chance.draw(&Gamma::new(a, S::from(2.0))?) + 1.0;
        Ok(chance.draw(&Gamma::new(shape, S::from(1.0))?))
    });
    // E = a/2 + 1
    let e = estimate::quasi([3.0], f).points(512).run_seed(3).unwrap();
    assert!((e.value - 2.5).abs() < 5.0 * e.value_se && (e.gradient[0] - 0.5).abs() < 5.0 * e.gradient_se[0], "{e:?}");
}
