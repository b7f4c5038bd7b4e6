//! Programs with choices against the table of expectations: gradients and Hessians, by score, by replay and by
//! enumeration.

use crate::common::expectation;
use reparam::estimate::{self, Estimator, HessianEstimate, Sampler};
use reparam::prelude::*;
use reparam::program::Outcome;
use std::fmt::Debug;

type Hyper<const N: usize> = Jet<Jet<f64, N>, N>;

/// A row of expectations.csv: θ, value, gradient, upper triangle of the Hessian.
struct Exact<const N: usize> {
    theta: [f64; N],
    value: f64,
    gradient: [f64; N],
    hessian: Vec<f64>,
}

fn exact<const N: usize>(program: &str) -> Exact<N> {
    let row = expectation(program);
    let array = |numbers: Vec<f64>| <[f64; N]>::try_from(numbers).expect("N parameters");
    Exact { theta: array(row.theta), value: row.value, gradient: array(row.gradient), hessian: row.hessian }
}

/// The largest standard errors allowed: 1 % of the gradient's norm, and a tenth of the Hessian's or of the gradient's.
fn close<M, const N: usize>(name: &str, e: Estimator<M>, exact: &Exact<N>, samples: u64)
where
    M: Sampler<Values = f64, Number = Hyper<N>, Estimate = HessianEstimate<[[f64; N]; N], [f64; N]>> + Sync,
    M::Error: Debug + Send,
{
    let e = e.samples(samples).par_run_seed(1).unwrap();
    let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    let near = |what: &str, got: f64, want: f64, se: f64, largest: f64| {
        assert!((got - want).abs() <= 5.0 * se + 1e-11 * want.abs(), "{name}: {what} {got} ± {se}, not {want}");
        assert!(se <= largest, "{name}: {what}: standard error {se} above {largest}");
    };
    near("value", e.value, exact.value, e.value_se, f64::INFINITY);
    let gradient = norm(&exact.gradient);
    for i in 0..N {
        near("gradient", e.gradient[i], exact.gradient[i], e.gradient_se[i], 0.01 * gradient);
    }
    let largest = 0.1 * norm(&exact.hessian).max(gradient);
    let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
    for ((i, j), want) in upper.zip(&exact.hessian) {
        near("Hessian", e.hessian[i][j], *want, e.hessian_se[i][j], largest);
        assert!((e.hessian[i][j] - e.hessian[j][i]).abs() < 1e-9 * largest, "{name}: symmetry");
    }
    let sd = norm(&e.hessian_se.concat()) * (e.samples as f64).sqrt();
    println!("{name}: standard deviation of a sample's Hessian {sd:.3}");
}

fn check<P, const N: usize>(name: &str, program: P, samples: u64)
where
    P: Program<Theta = [f64; N], Output: Outcome<Values = f64, Error: Debug + Send>> + Copy + Sync,
{
    let exact = exact::<N>(name);
    close(&format!("{name}, score"), estimate::score_hessian(exact.theta, program), &exact, samples);
    close(&format!("{name}, replay"), estimate::replay_hessian(exact.theta, program), &exact, samples);
}

fn check_finite<P, const N: usize>(name: &str, program: P, samples: u64)
where
    P: Program<Theta = [f64; N], Output: Outcome<Values = f64, Error: Debug + Send>> + Copy + Sync,
{
    check(name, program, samples);
    let exact = exact::<N>(name);
    let (value, gradient, hessian) =
        reparam::program::enumerate(&Jet::second_order(exact.theta), program).run().unwrap().value.hessian();
    let near =
        |got: f64, want: f64| assert!((got - want).abs() < 1e-11 * want.abs().max(1.0), "{name}: {got}, not {want}");
    near(value, exact.value);
    (0..N).for_each(|i| near(gradient[i], exact.gradient[i]));
    let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
    upper.zip(&exact.hessian).for_each(|((i, j), want)| near(hessian[i][j], *want));
}

#[test]
fn bernoulli() {
    let f = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 1f64.exp() } else { 1.0 }) });
    check_finite("bernoulli(p): E[exp(k)]", f, 1 << 16);
}

#[test]
fn binomial() {
    let f = program!(|[p]: [S; 1], chance| -> S { S::from((1.0 + chance.binomial(12, p) as f64).sqrt()) });
    check_finite("binomial(12,p): E[sqrt(1+k)]", f, 1 << 22);
}

#[test]
fn poisson() {
    let f = program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64 + 1.0).powi(2)) });
    check("poisson(rate): E[(k+1)^2]", f, 1 << 20);
    let f = program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64).sin()) });
    check("poisson(rate): E[sin k]", f, 1 << 20);
}

#[test]
fn geometric() {
    let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.geometric(p) as f64).ln_1p()) });
    check("geometric(p), failures before the first success: E[ln(1+k)]", f, 1 << 20);
}

#[test]
fn categorical() {
    let f = program!(|logits: [S; 3], chance| -> S {
        S::from([3.5f64, 5.2, 8.4][chance.categorical_logits(&logits)].powi(2))
    });
    check_finite("categorical(softmax(l1,l2,l3)) on values 3.5, 5.2, 8.4: E[v^2]", f, 1 << 20);
}

#[test]
fn product_with_a_normal_draw() {
    let f = program!(|[p]: [S; 1], chance| -> Result<S, LawError> {
        let a = p * (-p + 1.0);
        let b = chance.binomial(10, p) as f64;
        let c = 2.0 * b + if chance.bernoulli(p) { 3.0 } else { 0.0 };
        let y = chance.draw(&Normal::new(S::from(b), a)?);
        Ok(a * c * y)
    });
    check("a = p(1-p), b ~ Bin(10,p), c = 2b + 3 Ber(p), y ~ N(b, a): E[a c y]", f, 1 << 21);
}

#[derive(Clone, Copy)]
struct Walk {
    steps: u32,
}

impl Program for Walk {
    type Theta = [f64; 1];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[p]: &[S; 1], chance: &mut C) -> S {
        let mut x = 0.0;
        for _ in 0..self.steps {
            x += if chance.bernoulli((-S::from(x).over(p)).exp()) { 1.0 } else { -1.0 };
        }
        S::from(x * x)
    }
}

#[test]
fn random_walk() {
    check_finite("random walk, 10 steps of +-1, P(+1) = exp(-X/p), X_0 = 0: E[X^2]", Walk { steps: 10 }, 1 << 20);
    check("random walk, 50 steps of +-1, P(+1) = exp(-X/p), X_0 = 0: E[X^2]", Walk { steps: 50 }, 1 << 20);
}

#[test]
fn mixture() {
    let f = program!(|[w, m1, m2]: [S; 3], chance| -> Result<S, LawError> {
        let law = if chance.bernoulli(w) { Normal::new(m1, S::from(1.0))? } else { Normal::new(m2, S::from(0.5))? };
        Ok(chance.draw(&law).powi(3))
    });
    check("mixture w N(m1,1) + (1-w) N(m2,.5): E[z^3]", f, 1 << 20);
}

#[test]
fn rejection() {
    let f = program!(|[a]: [S; 1], chance| -> S {
        let target = |x: f64| (a * x.ln()).exp() * ((1.0 - x).powi(2) * (1.0 + (3.0 * x).sin().powi(2)));
        let mut x = chance.uniform();
        // the target is below 1
        while !chance.accept(target(x)) {
            x = chance.uniform();
        }
        S::from(x)
    });
    let name = "exact rejection: density on [0,1] proportional to x^a (1-x)^2 (1 + sin(3x)^2): E[x]";
    check(name, f, 1 << 21);
}

#[test]
fn divergence() {
    let f = program!(|[rate]: [S; 1], chance| -> S {
        let k = chance.poisson(rate);
        // ln of C(k+9, k) k!, 9 factors
        let paths = (1..=9).map(|i| ((k + i) as f64 / i as f64).ln()).sum::<f64>();
        let factorial = (1..=k).map(|i| (i as f64).ln()).sum::<f64>();
        rate.ln() * k as f64 - rate - factorial - (paths + 10.0 * 0.25f64.ln() + k as f64 * 0.75f64.ln())
    });
    check("KL(Poisson(rate) || NegativeBinomial(r=10, p=1/4)) = E[ln P - ln NB]", f, 1 << 21);
}
