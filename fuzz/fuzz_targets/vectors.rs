//! Laws of vectors, matrices and counts in cells at parameters of any size: no panic, draws where they must be, densities that are no NaN at
//! own draws, one value in every scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nalgebra::{Const, Matrix3, Vector2, Vector3};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::LawError;
use reparam::prelude::*;
use reparam_fuzz::{same, wide};

/// A draw's entries and ln f there.
type Drawn<S> = (Vec<S>, S);

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// A lower triangular matrix of the last six.
fn factor<S: Scalar>(p: &[S; 10]) -> Matrix3<S> {
    let zero = S::from(0.0);
    Matrix3::new(p[4], zero, zero, p[5], p[6], zero, p[7], p[8], p[9])
}

fn run<S: Scalar>(kind: u8, p: &[S; 10], seed: u64) -> Result<Drawn<S>, LawError> {
    let (head, middle) = (Vector3::new(p[0], p[1], p[2]), Vector3::new(p[4], p[5], p[6]));
    let rng = &mut rng(seed);
    macro_rules! drawn {
        ($law:expr) => {{
            let law = $law;
            let x = law.sample(rng);
            (x.iter().copied().collect(), law.ln_pdf(&x))
        }};
    }
    Ok(match kind % 15 {
        0 => drawn!(MultivariateNormal::from_cholesky(head, factor(p))?),
        1 => drawn!(MultivariateNormal::from_covariance(head, factor(p) * factor(p).transpose())?),
        2 => drawn!(LowRankNormal::new(head, Vector3::new(p[7], p[8], p[9]), middle)?),
        3 => drawn!(MultivariateStudentT::from_cholesky(head, factor(p), p[3])?),
        4 => drawn!(Dirichlet::new(head)?),
        5 => drawn!(LogDirichlet::new(head)?),
        6 => drawn!(LogisticNormal::new(MultivariateNormal::from_cholesky(head, factor(p))?)),
        7 => drawn!(VonMisesFisher::new(head, p[3])?),
        8 => drawn!(PowerSpherical::new(head, p[3])?),
        9 => {
            let plane = MultivariateNormal::from_std_devs(Vector2::new(p[0], p[1]), Vector2::new(p[4], p[6]))?;
            drawn!(ProjectedNormal::new(plane)?)
        }
        10 => drawn!(Wishart::from_cholesky(p[3], factor(p))?),
        11 => drawn!(InverseWishart::from_cholesky(p[3], factor(p))?),
        12 => drawn!(LkjCholesky::new(Const::<3>, p[3])?),
        13 => drawn!(Independent::new(Vector2::new(Normal::new(p[0], p[4])?, Normal::new(p[1], p[6])?))),
        _ => {
            let law = MatrixNormal::from_cholesky(factor(p) * p[0], factor(p), factor(p))?;
            drawn!(law)
        }
    })
}

/// Where the draws of the kinds above lie.
fn lies_well(kind: u8, x: &[f64]) -> bool {
    let sum: f64 = x.iter().sum();
    let square: f64 = x.iter().map(|x| x * x).sum();
    match kind % 15 {
        4 | 6 => x.iter().all(|x| (0.0..=1.0).contains(x)) && (sum - 1.0).abs() < 1e-12,
        5 => x.iter().all(|x| *x <= 0.0),
        7..=9 => (square - 1.0).abs() < 1e-12,
        // a factor of a correlation matrix: rows of length 1
        12 => (square - 3.0).abs() < 1e-12,
        _ => true,
    }
}

fuzz_target!(|input: (u8, [u32; 10], u64)| {
    let (kind, parameters, seed) = input;
    let parameters = parameters.map(wide);
    let Ok((draw, ln_pdf)) = run(kind, &parameters, seed) else { return };
    // products and squares of parameters stay inside the doubles
    let moderate = parameters.iter().all(|p| *p == 0.0 || (1e-20..1e20).contains(&p.abs()));
    assert!(!moderate || draw.iter().all(|x| !x.is_nan()), "kind {} {parameters:?}: {draw:?}", kind % 15);
    assert!(!moderate || lies_well(kind, &draw), "kind {} {parameters:?}: {draw:?}", kind % 15);
    assert!(!moderate || !ln_pdf.is_nan(), "kind {} {parameters:?}: {draw:?}, {ln_pdf}", kind % 15);
    for i in 0..10 {
        let mut variables = parameters.map(Jet::<f64, 1>::from);
        [variables[i]] = Jet::variables([parameters[i]]);
        let Ok((moved, moved_ln)) = run(kind, &variables, seed) else { panic!("accepted without derivatives") };
        let equal = moved.iter().zip(&draw).all(|(a, b)| same(a.re, *b)) && same(moved_ln.re, ln_pdf);
        assert!(equal, "kind {} {parameters:?}, in {i}: {moved:?} {moved_ln} for {draw:?} {ln_pdf}", kind % 15);
    }
});
