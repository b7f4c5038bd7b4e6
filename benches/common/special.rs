//! Special functions at `f64` against the crate `special`, at arguments that change from call to call.

use crate::Ratios;
use reparam::special as ours;
use special::{Beta, Error, Gamma};

/// Arguments in turn.
fn over<const K: usize, const N: usize>(points: [[f64; K]; N], f: impl Fn([f64; K]) -> f64) -> impl FnMut() -> f64 {
    let mut i = 0;
    move || {
        i = (i + 1) % N;
        f(points[i])
    }
}

/// Shapes and arguments around the mean, and in either tail.
const GAMMA: [[f64; 2]; 6] = [[0.3, 0.1], [2.5, 1.0], [2.5, 9.0], [20.0, 18.0], [50.0, 30.0], [90.0, 110.0]];
const BETA: [[f64; 3]; 6] =
    [[0.5, 0.5, 0.3], [2.0, 3.0, 0.1], [2.0, 3.0, 0.7], [20.0, 5.0, 0.8], [40.0, 60.0, 0.35], [90.0, 3.0, 0.99]];

pub fn run(ratios: &Ratios) {
    let points = [[0.02], [0.7], [1.3], [3.7], [25.0], [400.0]];
    ratios.case(
        "function ln_gamma",
        over(points, |[x]| ours::ln_gamma(x)),
        "special::Gamma::ln_gamma",
        over(points, |[x]| Gamma::ln_gamma(x).0),
    );
    ratios.case(
        "function digamma",
        over(points, |[x]| ours::digamma(x)),
        "special::Gamma::digamma",
        over(points, |[x]| Gamma::digamma(x)),
    );
    let points = [[-2.5], [-0.4], [0.1], [0.9], [1.7], [3.5]];
    ratios.case(
        "function erf",
        over(points, |[x]| ours::erf(x)),
        "special::Error::error",
        over(points, |[x]| Error::error(x)),
    );
    ratios.case(
        "function inc_gamma_p",
        over(GAMMA, |[a, x]| ours::inc_gamma_p(a, x)),
        "special::Gamma::inc_gamma",
        over(GAMMA, |[a, x]| Gamma::inc_gamma(x, a)),
    );
    // with ln B, which it takes as an argument and ours finds itself
    ratios.case(
        "function inc_beta",
        over(BETA, |[a, b, x]| ours::inc_beta(a, b, x)),
        "special::Beta::inc_beta",
        over(BETA, |[a, b, x]| x.inc_beta(a, b, a.ln_beta(b))),
    );
}
