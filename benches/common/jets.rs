//! Arithmetic of jets against num-dual's vectors, on the same expressions.

use crate::Ratios;
use num_dual::DualSVec64;
use reparam::scalar::{Jet, Scalar};
use std::hint::black_box;

/// A chain of elementary functions of the variables' weighted sum, in jets.
fn chain_of_jets<const N: usize>(x: &[Jet<f64, N>; N]) -> Jet<f64, N> {
    let mut s = Jet::from(0.5);
    for (i, x) in x.iter().enumerate() {
        s += *x * (i as f64 + 1.0);
    }
    ((s * s + 1.0).ln() * (s * -0.1).exp()) / (s * s + 2.0).sqrt()
}

/// Products and quotients only, in jets.
fn products_of_jets<const N: usize>(x: &[Jet<f64, N>; N]) -> Jet<f64, N> {
    x.iter().fold(Jet::from(1.0), |p, x| p * *x + *x / (p * p + 1.0))
}

/// The same with num-dual's vectors and num-dual's functions: a module of its own, where [`Scalar`] does not offer its functions for them.
mod duals {
    use num_dual::{DualNum, DualSVec64};

    pub fn chain<const N: usize>(x: &[DualSVec64<N>; N]) -> DualSVec64<N> {
        let mut s = DualSVec64::from(0.5);
        for (i, x) in x.iter().enumerate() {
            s += *x * (i as f64 + 1.0);
        }
        ((s * s + 1.0).ln() * (s * -0.1).exp()) / (s * s + 2.0).sqrt()
    }

    pub fn products<const N: usize>(x: &[DualSVec64<N>; N]) -> DualSVec64<N> {
        x.iter().fold(DualSVec64::from(1.0), |p, x| p * *x + *x / (p * p + 1.0))
    }
}

fn sizes<const N: usize>(ratios: &Ratios) {
    let point: [f64; N] = std::array::from_fn(|i| 0.3 + 0.1 * i as f64);
    let jets = Jet::variables(point);
    let duals: [DualSVec64<N>; N] = std::array::from_fn(|i| {
        DualSVec64::new(point[i], num_dual::Derivative::derivative_generic(nalgebra::Const, nalgebra::Const, i))
    });
    let (a, b) = (chain_of_jets(&jets), duals::chain(&duals));
    assert!((a.re() - b.re).abs() < 1e-14, "both compute the same");
    ratios.case(
        &format!("jet chain N={N}"),
        || chain_of_jets(black_box(&jets)),
        "num_dual::DualSVec64",
        || duals::chain(black_box(&duals)),
    );
    ratios.case(
        &format!("jet products N={N}"),
        || products_of_jets(black_box(&jets)),
        "num_dual::DualSVec64",
        || duals::products(black_box(&duals)),
    );
}

pub fn run(ratios: &Ratios) {
    sizes::<1>(ratios);
    sizes::<2>(ratios);
    sizes::<4>(ratios);
    sizes::<8>(ratios);
    sizes::<16>(ratios);
}
