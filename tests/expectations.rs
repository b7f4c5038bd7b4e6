//! Expectations of whole programs with gradients and Hessians, against `expectations.csv`.
//!
//! Each program runs with the estimators that are natural for it, with as many samples as bring the standard error below 1 % of
//! the gradient's norm, and must be within 5 standard errors everywhere. One line for each: `program estimator z-scores`, of
//! the value, the gradient and, where the estimator gives it, the Hessian; `MISSING program` for a program unknown here.

use nalgebra::{SMatrix, SVector};
use rand_xoshiro::Xoshiro256PlusPlus;
use reparam::estimate::{self, HessianEstimate, pathwise_hessian};
use reparam::linalg::Entry;
use reparam::prelude::*;
use reparam::rejection::{Candidate, Rejection, ln_normalizer};

mod common;
use common::{Expectation, expectations};

/// A program without discrete choices.
trait Program<const N: usize>: Sync {
    fn run<S: Entry, R: Rng>(&self, theta: [S; N], rng: &mut R) -> S;
}

/// A row of the table, and what is wrong with the estimates of it.
struct Row<'a> {
    exact: &'a Expectation,
    wrong: Vec<String>,
}

impl Row<'_> {
    fn theta<const N: usize>(&self) -> [f64; N] {
        self.exact.theta.as_slice().try_into().expect("the number of parameters")
    }

    fn norm(&self) -> f64 {
        self.exact.gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
    }

    /// The samples that bring every standard error of the gradient below 1 % of its norm, from those of a pilot run.
    fn samples(&self, pilot: u64, se: &[f64]) -> u64 {
        let factor = se.iter().fold(0.0, |m: f64, se| m.max(*se)) / (0.008 * self.norm());
        ((pilot as f64 * factor * factor) as u64).clamp(1 << 16, 1 << 28)
    }

    /// Value, gradient and Hessian of a program that carries derivatives: `run(n)` is the estimate from n samples.
    fn second_order<const N: usize>(&mut self, estimator: &str, run: impl Fn(u64) -> HessianEstimate<N>) {
        const PILOT: u64 = 1 << 15;
        let e = run(self.samples(PILOT, &run(PILOT).gradient_se));
        let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
        let hessian: Vec<_> = upper.map(|(i, j)| (e.hessian[i][j], e.hessian_se[i][j])).collect();
        let gradient: Vec<_> = e.gradient.into_iter().zip(e.gradient_se).collect();
        self.compare(estimator, (e.value, e.value_se), &gradient, &hessian);
    }

    /// By pathwise derivatives.
    fn pathwise<const N: usize>(&mut self, program: impl Program<N>) {
        let theta = self.theta();
        self.second_order("pathwise", |samples| {
            pathwise_hessian(theta, |theta: [Jet<Jet<f64, N>, N>; N], rng: &mut Xoshiro256PlusPlus| {
                program.run(theta, rng)
            })
            .samples(samples)
            .par_run(estimate::streams(1))
            .expect("finite samples")
        });
    }

    /// Prints the line of an estimate, pairs of numbers and their standard errors, and keeps it if it is wrong.
    fn compare(&mut self, estimator: &str, value: (f64, f64), gradient: &[(f64, f64)], hessian: &[(f64, f64)]) {
        let exact = self.exact;
        let mut line = format!("{} {estimator}", exact.program);
        let mut right = gradient.len() == exact.gradient.len();
        let mut within = |(got, se): (f64, f64), want: f64| {
            // what does not vary is off by rounding
            let z = (got - want) / se.max(2e-13 * want.abs().max(exact.value.abs()));
            line += &format!(" {z:.2}");
            right &= z.abs() <= 5.0;
        };
        within(value, exact.value);
        for (got, want) in gradient.iter().zip(&exact.gradient) {
            within(*got, *want);
        }
        for (got, want) in hessian.iter().zip(&exact.hessian) {
            within(*got, *want);
        }
        println!("{line}");
        let worst = gradient.iter().fold(0.0, |m: f64, g| m.max(g.1)) / self.norm();
        if !right || worst > 0.01 {
            self.wrong.push(format!("{line}; the largest standard error of the gradient is {worst:.1e} of its norm"));
        }
    }
}

/// `program!(Name, [a, b], rng => body)`: a program as a type, whose body may use the scalar `S`.
macro_rules! program {
    ($name:ident, [$($parameter:ident),+], $rng:ident => $body:expr) => {
        struct $name;
        impl Program<{ [$(stringify!($parameter)),+].len() }> for $name {
            fn run<S: Entry, R: Rng>(&self, [$($parameter),+]: [S; { [$(stringify!($parameter)),+].len() }], $rng: &mut R) -> S {
                $body
            }
        }
    };
}

/// A draw of a law whose parameters are valid.
fn draw<S, L: Distribution<S>, E: std::error::Error>(law: Result<L, E>, rng: &mut impl Rng) -> S {
    law.expect("valid parameters").sample(rng)
}

program!(NormalSquare, [mu, sigma], rng => draw(Normal::new(mu, sigma), rng).powi(2));
program!(NormalCos, [mu, sigma], rng => (draw(Normal::new(mu, sigma), rng) * 5.0).cos());
program!(NormalSoftplus, [mu, sigma], rng => draw(Normal::new(mu, sigma), rng).softplus());
program!(NormalFourth, [mu, sigma], rng => (draw(Normal::new(mu, sigma), rng) - 1.0).powi(4));
program!(GammaSquare, [shape, rate], rng => draw(Gamma::new(shape, rate), rng).powi(2));
// in logarithms: a draw of a small shape may underflow
program!(GammaLn, [shape, rate], rng => draw(LogGamma::new(shape, rate), rng));
program!(GammaCos, [shape, rate], rng => draw(Gamma::new(shape, rate), rng).cos());
program!(GammaSqrt, [shape, rate], rng => (draw(Gamma::new(shape, rate), rng) + 1.0).sqrt());
program!(BetaSquare, [alpha, beta], rng => draw(Beta::new(alpha, beta), rng).powi(2));
program!(BetaExp, [alpha, beta], rng => (draw(Beta::new(alpha, beta), rng) * 3.0).exp());
program!(BetaSin, [alpha, beta], rng => (draw(Beta::new(alpha, beta), rng) * 6.0).sin());
program!(StudentCos, [df, loc, scale], rng => draw(StudentT::new(df, loc, scale), rng).cos());
program!(TruncatedSquare, [mu, sigma, lower, upper], rng => {
    draw(TruncatedNormal::new(mu, sigma, lower, upper), rng).powi(2)
});
program!(WeibullMean, [scale, shape], rng => draw(Weibull::new(scale, shape), rng));
program!(GumbelExp, [mu, beta], rng => (-draw(Gumbel::new(mu, beta), rng)).exp());

program!(VonMisesCos, [kappa], rng => draw(VonMises::new(0.0.into(), kappa), rng).cos());
program!(MultivariateCos, [m1, m2, l11, l21, l22], rng => {
    let mean = SVector::from([m1, m2]);
    let x = draw(MultivariateNormal::from_cholesky(mean, SMatrix::<S, 2, 2>::new(l11, 0.0.into(), l21, l22)), rng);
    (x[0] * 0.5 + x[1] * 0.75).cos()
});
program!(DirichletMoment, [a1, a2, a3], rng => {
    let x = draw(Dirichlet::new(SVector::from([a1, a2, a3])), rng);
    x[0] * x[0] * x[1]
});

/// ln of x^a (1-x)² (1 + sin(3x)²).
fn ln_arbitrary<S: Scalar>(a: S, x: S) -> S {
    a * x.ln() + (-x).ln_1p() * 2.0 + (x * 3.0).sin().powi(2).ln_1p()
}

/// Uniform proposals: all derivatives come from the dual weight.
fn exact_rejection(row: &mut Row) {
    let theta: [f64; 1] = row.theta();
    let [a] = Jet::second_order(theta);
    let ln_z = ln_normalizer(0.0, 1.0, 64, |x| ln_arbitrary(a, x));
    row.second_order("exact rejection", |samples| {
        pathwise_hessian(theta, |[a]: [Jet<Jet<f64, 1>, 1>; 1], rng: &mut Xoshiro256PlusPlus| {
            let sampler = Rejection::new(1.0, move |rng: &mut _| {
                let x = Jet::from(reparam::noise::uniform(rng));
                Candidate { value: x, ln_ratio: ln_arbitrary(a, x) - ln_z }
            })?;
            sampler.draw(rng).map(|draw| draw.term())
        })
        .samples(samples)
        .par_run(estimate::streams(1))
        .expect("finite samples")
    });
}

#[test]
fn programs_have_their_expectations() {
    let mut wrong = Vec::new();
    for exact in &expectations() {
        let mut row = Row { exact, wrong: Vec::new() };
        match exact.program.as_str() {
            "normal: E[z^2]" => row.pathwise(NormalSquare),
            "normal: E[cos(5 z)]" => row.pathwise(NormalCos),
            "normal: E[softplus(z)]" => row.pathwise(NormalSoftplus),
            "normal: E[(z-1)^4]" => row.pathwise(NormalFourth),
            "gamma(shape,rate): E[z^2]" => row.pathwise(GammaSquare),
            "gamma(shape,rate): E[ln z]" => row.pathwise(GammaLn),
            "gamma(shape,rate): E[cos z]" => row.pathwise(GammaCos),
            "gamma(shape,rate): E[sqrt(1+z)]" => row.pathwise(GammaSqrt),
            "beta: E[z^2]" => row.pathwise(BetaSquare),
            "beta: E[exp(3 z)]" => row.pathwise(BetaExp),
            "beta: E[sin(6 z)]" => row.pathwise(BetaSin),
            "student_t(df,loc,scale): E[cos z]" => row.pathwise(StudentCos),
            "von_mises(0,kappa): E[cos z]" => row.pathwise(VonMisesCos),
            "truncated_normal(mu,sigma,lower,upper): E[z^2]" => row.pathwise(TruncatedSquare),
            "weibull(scale,shape): E[z]" => row.pathwise(WeibullMean),
            "gumbel: E[exp(-z)]" => row.pathwise(GumbelExp),
            "exact rejection: density on [0,1] proportional to x^a (1-x)^2 (1 + sin(3x)^2): E[x]" => {
                exact_rejection(&mut row);
            }
            "multivariate normal, x = L e + m (d=2, L = [[l11,0],[l21,l22]]): E[cos(.5 x1 + .75 x2)]" => {
                row.pathwise(MultivariateCos);
            }
            "dirichlet(a1,a2,a3): E[x1^2 x2]" => row.pathwise(DirichletMoment),
            missing => println!("MISSING {missing}"),
        }
        wrong.extend(row.wrong);
    }
    assert!(wrong.is_empty(), "{} estimates:\n{}", wrong.len(), wrong.join("\n"));
}
