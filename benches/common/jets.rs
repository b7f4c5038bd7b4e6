//! Arithmetic of jets against num-dual's vectors, on the same expressions, and against derivatives written by hand.

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

/// The chain's derivatives as one would write them by hand for this expression alone, without care for the edges of the functions' domains.
fn chain_by_hand<const N: usize>(x: &[Jet<f64, N>; N]) -> (f64, [f64; N]) {
    let mut s = 0.5;
    for (i, x) in x.iter().enumerate() {
        s += x.re * (i as f64 + 1.0);
    }
    let (inside, damping, root) = (s * s + 1.0, (s * -0.1).exp(), (s * s + 2.0).sqrt());
    let logarithm = inside.ln();
    let value = logarithm * damping / root;
    let (slope_ln, slope_sqrt, inverse) = (1.0 / inside, 0.5 / root, 1.0 / root);
    let partials = std::array::from_fn(|k| {
        let mut ds = 0.0;
        for (i, x) in x.iter().enumerate() {
            ds += x.eps[k] * (i as f64 + 1.0);
        }
        let square = 2.0 * s * ds;
        let product = square * slope_ln * damping + logarithm * (ds * -0.1 * damping);
        (product - value * (square * slope_sqrt)) * inverse
    });
    (value, partials)
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
    let (a, b, c) = (chain_of_jets(&jets), duals::chain(&duals), chain_by_hand(&jets));
    assert!((a.re() - b.re).abs() < 1e-14 && a.re() == c.0, "all compute the same value");
    assert!((0..N).all(|i| (a.eps[i] - c.1[i]).abs() < 1e-14), "all compute the same derivatives");
    ratios.case(
        &format!("jet chain N={N}"),
        || chain_of_jets(black_box(&jets)),
        "num_dual::DualSVec64",
        || duals::chain(black_box(&duals)),
    );
    ratios.case(
        &format!("jet chain N={N}"),
        || chain_of_jets(black_box(&jets)),
        "derivatives by hand",
        || chain_by_hand(black_box(&jets)),
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
