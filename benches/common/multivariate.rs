//! Draws of vectors and matrices against rand_distr's, and those that carry derivatives against plain ones.

use crate::{Ratios, rng};
use nalgebra::{Const, Matrix3, SMatrix, SVector, Vector3};
use rand_distr::multi::MultiDistribution;
use reparam::prelude::*;

fn dirichlet<const D: usize>(ratios: &Ratios, alpha: [f64; D]) {
    let name = format!("dirichlet {alpha:?}").replace(", ", " ");
    let theirs = rand_distr::multi::Dirichlet::new(&alpha).unwrap();
    let plain = Dirichlet::new(SVector::from(alpha)).unwrap();
    let jet = Dirichlet::new(SVector::from(Jet::variables(alpha))).unwrap();
    let (mut a, mut b) = (rng(), rng());
    let rival = move || {
        let mut x = [0.0; D];
        theirs.sample_to_slice(&mut b, &mut x);
        x
    };
    let rival_name = "rand_distr::multi::Dirichlet";
    ratios.case(&format!("draw {name}"), move || plain.sample(&mut a), rival_name, rival.clone());
    let mut a = rng();
    let prepared = jet.prepared();
    let law = jet.clone();
    ratios.case(&format!("draw with all partials {name}"), move || jet.sample(&mut a), rival_name, rival);
    ratios.draws(
        &format!("draw with all partials {name} from a table"),
        prepared,
        &format!("all partials {name}"),
        law,
    );
}

/// A draw whose law has three variables against a plain one.
fn three<P, Q>(ratios: &Ratios, name: &str, plain: impl Distribution<P>, jet: impl Distribution<Q>) {
    ratios.draws(&format!("draw with three partials {name}"), jet, &format!("plain {name}"), plain);
}

fn normal<S: Scalar>(t: [S; 3]) -> MultivariateNormal<S, Const<3>> {
    let zero = S::from(0.0);
    let factor = Matrix3::new(t[0], zero, zero, t[1], t[0], zero, t[2], t[1], t[0]);
    MultivariateNormal::from_cholesky(Vector3::from_element(zero), factor).unwrap()
}

fn wishart<S: Scalar>(t: [S; 3]) -> Wishart<S, Const<3>> {
    let identity = SMatrix::from_fn(|i, j| S::from(if i == j { 1.0 } else { 0.0 }));
    Wishart::from_cholesky(t[0] + t[1] * t[2], identity).unwrap()
}

pub fn run(ratios: &Ratios) {
    dirichlet(ratios, [0.3, 1.0, 2.5]);
    dirichlet(ratios, [2.0, 3.0, 4.0, 5.0, 6.0]);
    dirichlet(ratios, [0.05, 0.05, 0.05]);
    let point = [1.5, 0.5, 4.0];
    three(ratios, "multivariate_normal", normal(point), normal(Jet::variables(point)));
    three(ratios, "wishart", wishart(point), wishart(Jet::variables(point)));
}
