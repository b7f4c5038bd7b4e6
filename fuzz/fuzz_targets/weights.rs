//! Relaxations, rejection, weighted draws, particles and bijections at numbers of any size: no panic and no hang, weights that add up, maps
//! that come back, one value in every scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nalgebra::Vector3;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::bijection::{
    Bijection, Exp, Inverse, LocationScale, Ordered, Sigmoid, Simplex, Softplus, Tanh, Then,
};
use reparam::prelude::*;
use reparam::rejection::{AdaptiveRejection, LnDensity, Rejection, Relaxed};
use reparam::relax::{
    self, RelaxedBernoulli, RelaxedCount, RelaxedOneHotCategorical, RelaxedPermutation, RelaxedSubset,
};
use reparam::weighted::{self, Resampling, Weighted};
use reparam_fuzz::{same, wide};

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// e^(-|x|^a - b x), of which the constructor knows whether it is log-concave.
#[derive(Clone, Copy)]
struct Tilted;

impl LnDensity<2> for Tilted {
    fn ln_density<T: Scalar>(&self, &[a, b]: &[T; 2], x: T) -> T {
        -x.abs().powd(a) - b * x
    }
}

/// Numbers made of four numbers, and how many there are whose sum is known.
fn relaxed<S: Scalar>(kind: u8, [t, a, b, c]: [S; 4], seed: u64) -> Option<(Vec<S>, f64)> {
    let rng = &mut rng(seed);
    Some(match kind {
        0 => (vec![RelaxedBernoulli::new(t, a).ok()?.sample(rng)], f64::NAN),
        1 => (RelaxedOneHotCategorical::new(t, [a, b, c]).ok()?.sample(rng).to_vec(), 1.0),
        2 => (RelaxedSubset::new(2, t, [a, b, c]).ok()?.sample(rng).to_vec(), 2.0),
        3 => (RelaxedCount::<S, 6>::poisson(t, a).ok().map(|law| vec![law.sample(rng)])?, f64::NAN),
        4 => (RelaxedPermutation::new(t, [[a, b], [c, a]]).ok()?.sample(rng).concat(), 2.0),
        5 => (relax::neural_sort(t, &[a, b, c]).ok()?.concat(), 3.0),
        6 => (relax::soft_sort(t, &[a, b, c]).ok()?.concat(), 3.0),
        7 => {
            let mut density = AdaptiveRejection::new(Tilted, [t, a], (f64::NEG_INFINITY, f64::INFINITY), 0.5).ok()?;
            (vec![density.draw(rng).ok()?], f64::NAN)
        }
        8 => {
            let (proposal, target) = (Normal::new(a, t).ok()?, Normal::new(b, c).ok()?);
            let bound = (t.re() / c.re()).ln().clamp(0.0, 3.0);
            let rejection = Rejection::from_law(bound, &proposal, |x| target.ln_pdf(x)).ok()?.at_most(1000);
            let Weighted { value, weight } = rejection.draw(rng).ok()?;
            (vec![value, weight], f64::NAN)
        }
        _ => {
            let relaxation = Relaxed::new(t.re()).ok()?.at_most(1000);
            let law = Normal::new(a, b).ok()?;
            let draw = relaxation.draw(rng, |rng| ([law.sample(rng)], -(c * c) - 0.1)).ok()?;
            (draw.value.to_vec(), f64::NAN)
        }
    })
}

fn particles<S: Scalar>(scheme: u8, weights: [S; 4], seed: u64) -> Option<Vec<S>> {
    let mut parents: Vec<Weighted<usize, S>> =
        weights.iter().enumerate().map(|(value, weight)| Weighted { value, weight: *weight }).collect();
    let mut offspring = parents.clone();
    let scheme = [Resampling::Multinomial, Resampling::Stratified, Resampling::Systematic][usize::from(scheme % 3)];
    scheme.run(&parents, &mut offspring, &mut rng(seed)).ok()?;
    assert!(offspring.iter().all(|o| weights[o.value].re() > 0.0), "{:?}", weights.map(S::re));
    weighted::normalize(&mut parents);
    Some(offspring.iter().chain(&parents).map(|p| p.weight).collect())
}

/// The image and ln |det|, and what comes back.
fn mapped<S: Scalar>(kind: u8, [x, y, a, b]: [S; 4]) -> Option<Vec<S>> {
    fn one<S: Scalar>(map: impl Bijection<S, Scalar = S, Image = S>, x: S) -> Vec<S> {
        let image = map.forward(&x);
        let back = map.inverse(&image).expect("an image has an inverse");
        assert!(!back.re().is_nan() && !map.ln_abs_det_jacobian(&x).re().is_nan(), "{x:?} {image:?} {back:?}");
        vec![image, map.ln_abs_det_jacobian(&x)]
    }
    let v = Vector3::new(x, y, b);
    Some(match kind {
        0 => one(Exp, x),
        1 => one(Sigmoid, x),
        2 => one(Softplus, x),
        3 => one(Tanh, x),
        4 => one(Then(LocationScale::new(a, b).ok()?, Exp), x),
        // of e^x that is lost beside the location the image may be one of nothing
        5 if x.re().exp() > 1e-12 * a.re().abs() => one(Then(Exp, Inverse(LocationScale::new(a, b).ok()?)), x),
        5 => return None,
        6 => {
            let image = Simplex.forward(&v);
            assert!((image.iter().map(|p| p.re()).sum::<f64>() - 1.0).abs() < 1e-12, "{v:?} {image:?}");
            image.iter().copied().chain([Simplex.ln_abs_det_jacobian(&v)]).collect()
        }
        _ => Ordered.forward(&v).iter().copied().chain([Ordered.ln_abs_det_jacobian(&v)]).collect(),
    })
}

fn numbers<S: Scalar>(which: u8, kind: u8, p: [S; 4], seed: u64) -> Option<Vec<S>> {
    match which % 3 {
        0 => relaxed(kind % 10, p, seed).map(|(found, sum)| {
            let total: f64 = found.iter().map(|x| x.re()).sum();
            assert!(sum.is_nan() || (total - sum).abs() < 1e-6, "kind {kind} {:?}: {found:?}", p.map(S::re));
            found
        }),
        1 => particles(kind, p, seed),
        _ => mapped(kind % 8, p),
    }
}

fuzz_target!(|input: (u8, u8, [u32; 4], u64)| {
    let (which, kind, p, seed) = input;
    let p = p.map(wide);
    let Some(plain) = numbers(which, kind, p, seed) else { return };
    assert!(plain.iter().all(|x| !x.is_nan()), "{which} {kind} {p:?}: {plain:?}");
    for i in 0..4 {
        let mut variables = p.map(Jet::<Jet<f64, 1>, 1>::from);
        [variables[i]] = Jet::second_order([p[i]]);
        let moved = numbers(which, kind, variables, seed).expect("accepted without derivatives");
        let equal = moved.len() == plain.len() && moved.iter().zip(&plain).all(|(a, b)| same(a.re(), *b));
        assert!(equal, "{which} {kind} {p:?}, in {i}: {moved:?} for {plain:?}");
    }
});
