//! Expectations of whole programs with gradients and Hessians, against `expectations.csv`.
//!
//! Each program runs with the estimators that are natural for it, with as many samples as bring the standard error below 1 % of
//! the gradient's norm, and must be within 5 standard errors everywhere. One line for each: `program estimator z-scores`, of
//! the value, the gradient and, where the estimator gives it, the Hessian; `MISSING program` for a program unknown here.

use reparam::estimate::{self, pathwise_hessian};
use reparam::prelude::*;

/// A row of expectations.csv.
struct Row {
    program: String,
    theta: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    /// The upper triangle by rows.
    hessian: Vec<f64>,
}

fn rows() -> Vec<Row> {
    let folder = std::env::var("REPARAM_REFERENCE").unwrap_or_else(|_| "tests/reference".into());
    let mut reader = csv::Reader::from_path(format!("{folder}/expectations.csv")).expect("a table of expectations");
    let row = |record: csv::StringRecord| {
        let numbers =
            |i: usize| record[i].split_whitespace().map(|x| x.parse().expect("a number")).collect::<Vec<f64>>();
        Row {
            program: record[0].into(),
            theta: numbers(2),
            value: numbers(3)[0],
            gradient: numbers(4),
            hessian: numbers(5),
        }
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

/// An estimate with standard errors; the upper triangle of the Hessian by rows, where there is one.
struct Found {
    value: (f64, f64),
    gradient: Vec<(f64, f64)>,
    hessian: Vec<(f64, f64)>,
}

impl Row {
    fn parameters<const N: usize>(&self) -> [f64; N] {
        self.theta.as_slice().try_into().expect("the number of parameters")
    }

    /// Samples that bring every standard error of the gradient below 1 % of its norm, from those of a pilot run.
    fn samples(&self, pilot: u64, se: impl IntoIterator<Item = f64>) -> u64 {
        let norm = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let factor = se.into_iter().fold(0.0, f64::max) / (0.008 * norm);
        ((pilot as f64 * factor * factor) as u64).clamp(1 << 16, 1 << 28)
    }

    /// Prints the line of this program and collects what is wrong with it.
    fn compare(&self, estimator: &str, found: &Found, wrong: &mut Vec<String>) {
        let norm = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let mut line = String::new();
        let mut within = |(got, se): (f64, f64), want: f64| {
            // 1e-12: what does not vary is off by rounding
            let z = (got - want) / se.max(2e-13 * want.abs().max(self.value.abs()));
            line += &format!(" {z:.2}");
            z.abs() <= 5.0
        };
        let mut ok = within(found.value, self.value);
        line += " |";
        for (got, want) in found.gradient.iter().zip(&self.gradient) {
            ok &= within(*got, *want) && got.1 <= 0.01 * norm;
        }
        line += " |";
        for (got, want) in found.hessian.iter().zip(&self.hessian) {
            ok &= within(*got, *want);
        }
        println!("{} {estimator}{line}", self.program);
        if !ok || found.gradient.len() != self.gradient.len() {
            let se: Vec<f64> = found.gradient.iter().map(|g| g.1 / norm).collect();
            wrong.push(format!(
                "{} {estimator}{line}; standard errors of the gradient / its norm: {se:?}",
                self.program
            ));
        }
    }
}

/// A program without discrete choices.
trait Program<const N: usize>: Sync {
    fn run<S: Scalar, R: Rng>(&self, theta: [S; N], rng: &mut R) -> S;
}

/// Value, gradient and Hessian by pathwise derivatives.
fn pathwise<const N: usize>(row: &Row, program: impl Program<N>, wrong: &mut Vec<String>) {
    let run = |samples| {
        pathwise_hessian(row.parameters(), |theta: [Jet<Jet<f64, N>, N>; N], rng: &mut _| program.run(theta, rng))
            .samples(samples)
            .par_run(estimate::streams(1))
            .expect("finite samples")
    };
    let e = run(row.samples(1 << 16, run(1 << 16).gradient_se));
    let found = Found {
        value: (e.value, e.value_se),
        gradient: e.gradient.into_iter().zip(e.gradient_se).collect(),
        hessian: (0..N).flat_map(|i| (i..N).map(move |j| (e.hessian[i][j], e.hessian_se[i][j]))).collect(),
    };
    row.compare("pathwise", &found, wrong);
}

/// `program!(Name, [a, b], rng => body)`: a program as a type, whose body may use the scalar `S`.
macro_rules! program {
    ($name:ident, [$($parameter:ident),+], $rng:ident => $body:expr) => {
        struct $name;
        impl Program<{ [$(stringify!($parameter)),+].len() }> for $name {
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

#[test]
fn programs_have_their_expectations() {
    let mut wrong = Vec::new();
    for row in rows() {
        let wrong = &mut wrong;
        match row.program.as_str() {
            "normal: E[z^2]" => pathwise(&row, NormalSquare, wrong),
            "normal: E[cos(5 z)]" => pathwise(&row, NormalCos, wrong),
            "normal: E[softplus(z)]" => pathwise(&row, NormalSoftplus, wrong),
            "normal: E[(z-1)^4]" => pathwise(&row, NormalFourth, wrong),
            "gamma(shape,rate): E[z^2]" => pathwise(&row, GammaSquare, wrong),
            "gamma(shape,rate): E[ln z]" => pathwise(&row, GammaLn, wrong),
            "gamma(shape,rate): E[cos z]" => pathwise(&row, GammaCos, wrong),
            "gamma(shape,rate): E[sqrt(1+z)]" => pathwise(&row, GammaSqrt, wrong),
            "beta: E[z^2]" => pathwise(&row, BetaSquare, wrong),
            "beta: E[exp(3 z)]" => pathwise(&row, BetaExp, wrong),
            "beta: E[sin(6 z)]" => pathwise(&row, BetaSin, wrong),
            "student_t(df,loc,scale): E[cos z]" => pathwise(&row, StudentCos, wrong),
            "truncated_normal(mu,sigma,lower,upper): E[z^2]" => pathwise(&row, TruncatedSquare, wrong),
            "weibull(scale,shape): E[z]" => pathwise(&row, WeibullMean, wrong),
            "gumbel: E[exp(-z)]" => pathwise(&row, GumbelExp, wrong),
            missing => println!("MISSING {missing}"),
        }
    }
    assert!(wrong.is_empty(), "{} programs:\n{}", wrong.len(), wrong.join("\n"));
}
