//! Expectations of whole programs with gradients and Hessians, against `expectations.csv`.
//!
//! Each program runs with the estimators that are natural for it, with as many samples as bring the standard error
//! below 1 % of the gradient's norm, and must be within 5 standard errors everywhere. One line for each: `program
//! estimator z-scores`, of the value, the gradient and, where the estimator gives it, the Hessian; `MISSING program`
//! for a program unknown here.

use crate::common::{Expectation, expectations};
use nalgebra::{SMatrix, SVector};
use reparam::estimate::{self, HessianEstimate, pathwise_hessian};
use reparam::prelude::*;
use reparam::rejection::{Candidate, Rejection, ln_normalizer};

/// A program without discrete choices.
trait Smooth<const N: usize>: Sync {
    fn run<S: Scalar, R: Rng>(&self, theta: [S; N], rng: &mut R) -> S;
}

/// Samples of a pilot run.
const PILOT: u64 = 1 << 15;

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
    fn second_order<const N: usize>(
        &mut self,
        estimator: &str,
        run: impl Fn(u64) -> HessianEstimate<[[f64; N]; N], [f64; N]>,
    ) {
        let e = run(self.samples(PILOT, &run(PILOT).gradient_se));
        let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
        let hessian: Vec<_> = upper.map(|(i, j)| (e.hessian[i][j], e.hessian_se[i][j])).collect();
        let gradient: Vec<_> = e.gradient.into_iter().zip(e.gradient_se).collect();
        self.compare(estimator, (e.value, e.value_se), &gradient, &hessian);
    }

    /// By pathwise derivatives.
    fn pathwise<const N: usize>(&mut self, program: impl Smooth<N>) {
        let theta = self.theta();
        self.second_order("pathwise", |samples| {
            pathwise_hessian(theta, |theta: [Jet<Jet<f64, N>, N>; N], rng: &mut _| program.run(theta, rng))
                .samples(samples)
                .par_run_seed(1)
                .expect("finite samples")
        });
    }

    /// By score weights, by replay, and by their mix.
    fn choices<P: Program<Theta = [f64; N], Output = f64> + Copy + Sync, const N: usize>(&mut self, program: P) {
        let theta = self.theta();
        self.second_order("score", |samples| {
            estimate::score_hessian(theta, program).samples(samples).par_run_seed(1).expect("finite samples")
        });
        self.second_order("replay", |samples| {
            estimate::replay_hessian(theta, program).samples(samples).par_run_seed(1).expect("finite samples")
        });
        let run = |samples| estimate::mix(theta, program).samples(samples).par_run_seed(1).expect("finite samples");
        let e = run(self.samples(PILOT, &run(PILOT).gradient_se));
        let gradient: Vec<_> = e.gradient.into_iter().zip(e.gradient_se).collect();
        self.compare("mix", (e.value, e.value_se), &gradient, &[]);
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

/// `smooth!(Name, [a, b], rng => body)`: a program as a type, whose body may use the scalar `S`.
macro_rules! smooth {
    ($name:ident, [$($parameter:ident),+], $rng:ident => $body:expr) => {
        struct $name;
        impl Smooth<{ [$(stringify!($parameter)),+].len() }> for $name {
            fn run<S: Scalar, R: Rng>(&self, [$($parameter),+]: [S; { [$(stringify!($parameter)),+].len() }], $rng: &mut R) -> S {
                $body
            }
        }
    };
}

/// A draw of a law whose parameters are valid.
fn draw<S, L: Distribution<S>, E: std::error::Error>(law: Result<L, E>, rng: &mut impl Rng) -> S {
    law.expect("valid parameters").sample(rng)
}

smooth!(NormalSquare, [mu, sigma], rng => draw(Normal::new(mu, sigma), rng).powi(2));
smooth!(NormalCos, [mu, sigma], rng => (draw(Normal::new(mu, sigma), rng) * 5.0).cos());
smooth!(NormalSoftplus, [mu, sigma], rng => draw(Normal::new(mu, sigma), rng).softplus());
smooth!(NormalFourth, [mu, sigma], rng => (draw(Normal::new(mu, sigma), rng) - 1.0).powi(4));
smooth!(GammaSquare, [shape, rate], rng => draw(Gamma::new(shape, rate), rng).powi(2));
// in logarithms: a draw of a small shape may underflow
smooth!(GammaLn, [shape, rate], rng => draw(LogGamma::new(shape, rate), rng));
smooth!(GammaCos, [shape, rate], rng => draw(Gamma::new(shape, rate), rng).cos());
smooth!(GammaSqrt, [shape, rate], rng => (draw(Gamma::new(shape, rate), rng) + 1.0).sqrt());
smooth!(BetaSquare, [alpha, beta], rng => draw(Beta::new(alpha, beta), rng).powi(2));
smooth!(BetaExp, [alpha, beta], rng => (draw(Beta::new(alpha, beta), rng) * 3.0).exp());
smooth!(BetaSin, [alpha, beta], rng => (draw(Beta::new(alpha, beta), rng) * 6.0).sin());
smooth!(StudentCos, [df, location, scale], rng => draw(StudentT::new(location, scale, df), rng).cos());
smooth!(TruncatedSquare, [mu, sigma, lower, upper], rng => {
    draw(TruncatedNormal::new(mu, sigma, lower, upper), rng).powi(2)
});
smooth!(WeibullMean, [scale, shape], rng => draw(Weibull::new(scale, shape), rng));
smooth!(GumbelExp, [mu, beta], rng => (-draw(Gumbel::new(mu, beta), rng)).exp());

smooth!(VonMisesCos, [kappa], rng => draw(VonMises::new(0.0.into(), kappa), rng).cos());
smooth!(MultivariateCos, [m1, m2, l11, l21, l22], rng => {
    let mean = SVector::from([m1, m2]);
    let x = draw(MultivariateNormal::from_cholesky(mean, SMatrix::<S, 2, 2>::new(l11, 0.0.into(), l21, l22)), rng);
    (x[0] * 0.5 + x[1] * 0.75).cos()
});
smooth!(DirichletMoment, [a1, a2, a3], rng => {
    let x = draw(Dirichlet::new(SVector::from([a1, a2, a3])), rng);
    x[0] * x[0] * x[1]
});

smooth!(MixtureCube, [w, m1, m2], rng => {
    let normals = [Normal::new(m1, 1.0.into()), Normal::new(m2, 0.5.into())].map(|law| law.expect("valid parameters"));
    draw(Mixture::new([w, -w + 1.0], normals), rng).powi(3)
});
smooth!(SphereCosine, [kappa], rng => {
    let mu = SVector::<S, 5>::from_fn(|i, _| S::from(if i == 2 { 1.0 } else { 0.0 }));
    draw(VonMisesFisher::new(mu, kappa), rng)[2]
});

/// The square of a walk of ±1 from 0 that goes up with probability exp(-X/p).
fn walk<S: Scalar>(steps: u32, p: S, chance: &mut impl Chance<S>) -> S {
    let mut x = 0.0;
    for _ in 0..steps {
        let up = (p.recip() * -x).exp();
        x += if chance.bernoulli(up) { 1.0 } else { -1.0 };
    }
    S::from(x * x)
}

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
        pathwise_hessian(theta, |[a]: [Jet<Jet<f64, 1>, 1>; 1], rng: &mut _| {
            let sampler = Rejection::new(1.0, move |rng: &mut _| {
                let x = Jet::from(reparam::noise::uniform(rng));
                Candidate { value: x, ln_ratio: ln_arbitrary(a, x) - ln_z }
            })?;
            sampler.draw(rng).map(|draw| draw.term())
        })
        .samples(samples)
        .par_run_seed(1)
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
            "mixture w N(m1,1) + (1-w) N(m2,.5): E[z^3]" => row.pathwise(MixtureCube),
            "von Mises-Fisher on the sphere in R^5: E[mu . x]" => row.pathwise(SphereCosine),
            "bernoulli(p): E[exp(k)]" => row.choices(program!(|[p]: [S; 1], chance| -> S {
                S::from(if chance.bernoulli(p) { 1f64.exp() } else { 1.0 })
            })),
            "binomial(12,p): E[sqrt(1+k)]" => row.choices(program!(|[p]: [S; 1], chance| -> S {
                S::from((chance.binomial(12, p) as f64 + 1.0).sqrt())
            })),
            "poisson(rate): E[(k+1)^2]" => row.choices(program!(|[rate]: [S; 1], chance| -> S {
                S::from((chance.poisson(rate) as f64 + 1.0).powi(2))
            })),
            "poisson(rate): E[sin k]" => {
                row.choices(program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64).sin()) }))
            }
            "geometric(p), failures before the first success: E[ln(1+k)]" => {
                row.choices(program!(|[p]: [S; 1], chance| -> S { S::from((chance.geometric(p) as f64).ln_1p()) }));
            }
            "categorical(softmax(l1,l2,l3)) on values 3.5, 5.2, 8.4: E[v^2]" => {
                row.choices(program!(|[a, b, c]: [S; 3], chance| -> S {
                    S::from([3.5f64, 5.2, 8.4][chance.categorical_logits(&[a, b, c])].powi(2))
                }));
            }
            "a = p(1-p), b ~ Bin(10,p), c = 2b + 3 Ber(p), y ~ N(b, a): E[a c y]" => {
                row.choices(program!(|[p]: [S; 1], chance| -> S {
                    let a = p * (-p + 1.0);
                    let b = chance.binomial(10, p) as f64;
                    let c = 2.0 * b + if chance.bernoulli(p) { 3.0 } else { 0.0 };
                    let y = chance.draw(&Normal::new(S::from(b), a).expect("valid parameters"));
                    a * y * c
                }));
            }
            "random walk, 10 steps of +-1, P(+1) = exp(-X/p), X_0 = 0: E[X^2]" => {
                row.choices(program!(|[p]: [S; 1], chance| -> S { walk(10, p, chance) }));
            }
            "random walk, 50 steps of +-1, P(+1) = exp(-X/p), X_0 = 0: E[X^2]" => {
                row.choices(program!(|[p]: [S; 1], chance| -> S { walk(50, p, chance) }));
            }
            "KL(Poisson(rate) || NegativeBinomial(r=10, p=1/4)) = E[ln P - ln NB]" => {
                row.choices(program!(|[rate]: [S; 1], chance| -> S {
                    let k = chance.poisson(rate);
                    let p = Poisson::new(rate).expect("a valid rate");
                    let q = NegativeBinomial::new(10.0, 0.25).expect("valid parameters");
                    p.ln_pmf(&k) - q.ln_pmf(&k)
                }));
            }
            missing => println!("MISSING {missing}"),
        }
        wrong.extend(row.wrong);
    }
    assert!(wrong.is_empty(), "{} estimates:\n{}", wrong.len(), wrong.join("\n"));
}
