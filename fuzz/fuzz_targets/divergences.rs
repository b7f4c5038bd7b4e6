//! Divergences between two laws of a family, far apart or close: no panic, no hang, a number or infinite, not below 0, one value in every
//! scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nalgebra::{Const, Matrix3, Vector3};
use reparam::distr::{Family, KlDivergence, LawError};
use reparam::prelude::*;
use reparam_fuzz::{same, wide};

type Second = Jet<Jet<f64, 1>, 1>;

fn of_family<F: Family, S: Scalar>(first: &[S], second: &[S]) -> Option<S>
where
    F::Law<S>: KlDivergence<S>,
{
    Some(F::law(first).ok()?.kl_divergence(&F::law(second).ok()?))
}

fn run<F: Family>(name: &str, first: &[f64], second: &[f64])
where
    F::Law<f64>: KlDivergence<f64>,
    F::Law<Second>: KlDivergence<Second>,
{
    let n = F::PARAMETERS.len();
    let Some(got) = of_family::<F, f64>(&first[..n], &second[..n]) else { return };
    assert!(got >= 0.0, "{name} {:?} {:?}: {got:e}", &first[..n], &second[..n]);
    for i in 0..2 * n {
        let mut variables: Vec<Second> = first[..n].iter().chain(&second[..n]).map(|x| Jet::from(*x)).collect();
        [variables[i]] = Jet::second_order([variables[i].re.re]);
        let jet = of_family::<F, Second>(&variables[..n], &variables[n..]).expect("accepted above");
        assert!(same(jet.re(), got), "{name} {:?} {:?}, in {i}: {jet} for {got:e}", &first[..n], &second[..n]);
    }
}

/// A lower triangular matrix of the last six.
fn factor<S: Scalar>(p: &[S]) -> Matrix3<S> {
    let zero = S::from(0.0);
    Matrix3::new(p[4], zero, zero, p[5], p[6], zero, p[7], p[8], p[9])
}

/// Between laws of vectors or matrices.
fn of_vectors<S: Scalar>(kind: u8, first: &[S], second: &[S]) -> Result<S, LawError> {
    let head = |p: &[S]| Vector3::new(p[0], p[1], p[2]);
    let normal = |p: &[S]| MultivariateNormal::from_cholesky(head(p), factor(p));
    macro_rules! between {
        (|$p:ident| $law:expr) => {{
            let law = |$p: &[S]| Ok::<_, LawError>($law);
            law(first)?.kl_divergence(&law(second)?)
        }};
    }
    Ok(match kind % 11 {
        0 => between!(|p| normal(p)?),
        1 => between!(|p| LowRankNormal::new(head(p), Vector3::new(p[7], p[8], p[9]), Vector3::new(p[4], p[5], p[6]))?),
        2 => between!(|p| Dirichlet::new(head(p))?),
        3 => between!(|p| LogDirichlet::new(head(p))?),
        4 => between!(|p| LogisticNormal::new(normal(p)?)),
        5 => between!(|p| VonMisesFisher::new(head(p), p[3])?),
        6 => {
            // of other directions it is documented to be NaN
            let law = |kappa| PowerSpherical::new(head(first), kappa);
            law(first[3])?.kl_divergence(&law(second[3])?)
        }
        7 => between!(|p| Wishart::from_cholesky(p[3], factor(p))?),
        8 => between!(|p| InverseWishart::from_cholesky(p[3], factor(p))?),
        9 => between!(|p| LkjCholesky::new(Const::<3>, p[3])?),
        _ => between!(|p| MatrixNormal::from_cholesky(factor(p) * p[0], factor(p), factor(p))?),
    })
}

fn run_vectors(kind: u8, first: &[f64; 10], second: &[f64; 10]) {
    let Ok(got) = of_vectors(kind, first, second) else { return };
    // products and squares of parameters stay inside the doubles
    let moderate = first.iter().chain(second).all(|p| *p == 0.0 || (1e-20..1e20).contains(&p.abs()));
    // those of low-rank normal laws are differences of determinants and traces, and rounded as such
    let may_be_below = kind % 11 == 1 && !got.is_nan();
    assert!(!moderate || got >= 0.0 || may_be_below, "kind {} {first:?} {second:?}: {got:e}", kind % 11);
    let mut variables: Vec<Jet<f64, 1>> = first.iter().chain(second).map(|x| Jet::from(*x)).collect();
    [variables[3]] = Jet::variables([first[3]]);
    let Ok(jet) = of_vectors(kind, &variables[..10], &variables[10..]) else { panic!("accepted without derivatives") };
    assert!(same(jet.re, got), "kind {} {first:?} {second:?}: {jet} for {got:e}", kind % 11);
}

fuzz_target!(|input: (u8, u8, [u32; 10], [u32; 10])| {
    let (family, kind, first, other) = input;
    let first = first.map(wide);
    // some parameters the same, some close, some anywhere
    let second: [f64; 10] = std::array::from_fn(|i| match other[i] & 7 {
        0..3 => first[i],
        3 => first[i] * (1.0 + 1e-3 * wide(other[i] >> 3 << 2)),
        _ => wide(other[i] >> 3),
    });
    let mut left = family % 54;
    macro_rules! each {
        ($($family:ident)+) => {
            $(if left == 0 {
                return run::<$family<f64>>(stringify!($family), &first, &second);
            }
            left -= 1;)+
        };
    }
    // the other families' divergences are integrals
    each! {
        Arcsine AsymmetricLaplace Beta BetaPrime BetaProportion Cauchy Chi ChiSquared ContinuousBernoulli Delta Erlang Exponential Frechet
        Gamma GeneralizedGamma GeneralizedInverseGaussian Gompertz Gumbel HalfCauchy HalfNormal InverseChiSquared InverseGamma
        InverseGaussian Laplace LogGamma LogNormal LogUniform LogitBeta LogitNormal Maxwell Moyal Nakagami Normal Pareto Rayleigh
        ScaledInverseChiSquared Triangular TruncatedNormal TruncatedPowerLaw TwoPieceNormal Uniform VonMises Weibull
    }
    let _ = left;
    run_vectors(kind, &first, &second);
});
