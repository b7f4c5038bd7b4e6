//! Derivatives in x at the finite ends of the support: tails have the density as their slope, that from inside.

use crate::common::parameters;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;

type Second = Jet<Jet<f64, 1>, 1>;

fn slopes<F: Family>(failures: &mut Vec<String>) {
    for chosen in parameters::chosen(F::NAME) {
        let parameters: Vec<Second> = chosen.iter().map(|p| Second::from(*p)).collect();
        let law = F::law(&parameters).expect("chosen parameters");
        let (low, high) = law.support();
        for (end, is_upper) in [(low.re(), false), (high.re(), true)].into_iter().filter(|end| end.0.is_finite()) {
            let [x] = Jet::second_order([end]);
            let density = law.pdf(Second::from(end)).re();
            let near = if is_upper { law.ln_cdf(x) } else { -law.ln_sf(x) };
            for tail in [law.cdf(x), -law.sf(x), near] {
                let (_, [slope], [[curvature]]) = tail.hessian();
                let close = slope == density || (slope - density).abs() <= 1e-13 * density;
                if !close || curvature.is_nan() {
                    failures.push(format!("{} {chosen:?} at {end}: {slope}, {curvature} for {density}", F::NAME));
                }
            }
            let far = if is_upper { law.ln_sf(x) } else { law.ln_cdf(x) };
            for other in [law.pdf(x), law.ln_pdf(x), far] {
                let (_, [slope], [[curvature]]) = other.hessian();
                if slope.is_nan() || curvature.is_nan() {
                    failures.push(format!("{} {chosen:?} at {end}: NaN in {other:?}", F::NAME));
                }
            }
        }
    }
}

#[test]
fn tails_have_the_density_as_their_slope() {
    let mut failures = Vec::new();
    macro_rules! one {
        ($family:ident) => {
            slopes::<$family<f64>>(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
