//! Nine problems, each by every tool that could be taken for it: what each finds, how much one sample spreads, and how
//! long it takes until the standard error is one per cent of the derivative. Every problem has a closed form, so a wrong
//! tool shows.
//!
//! `cargo run --release --example which_tool`

use reparam::estimate::{self, WeakDerivative};
use reparam::prelude::*;
use reparam::rejection::{Rejection, RejectionError};
use reparam::scalar::softmax;
use reparam::weighted::{Weighted, score_component};
use std::error::Error;
use std::time::Instant;

/// A derivative and its standard error.
type Found = Result<(f64, f64), Box<dyn Error>>;

/// One problem's table.
struct Table {
    exact: f64,
}

impl Table {
    /// The problem's name, what is differentiated, and the closed form of that.
    fn new(problem: &str, what: &str, exact: f64) -> Self {
        println!("\n### {problem}\n\n{what} Exactly {}.\n", number(exact));
        println!("| tool | found | spread of a sample | time of a sample | time to 1 % |");
        println!("|---|---|---|---|---|");
        Table { exact }
    }

    /// One tool with this many samples.
    fn row(&self, tool: &str, samples: u64, run: impl FnOnce(u64) -> Found) -> Result<(), Box<dyn Error>> {
        let start = Instant::now();
        let (derivative, se) = run(samples)?;
        let seconds = start.elapsed().as_secs_f64() / samples as f64;
        let spread = se * (samples as f64).sqrt() / self.exact.abs();
        let is_wrong = (derivative - self.exact).abs() > f64::max(5.0 * se, 1e-9 * self.exact.abs());
        let (mark, needed) = match is_wrong {
            true => (" **wrong**", "never".to_string()),
            false => ("", time(seconds * f64::max(1.0, (spread / 0.01).powi(2)))),
        };
        println!("| {tool} | {}{mark} | {} | {} | {needed} |", with_error(derivative, se), of(spread), time(seconds));
        Ok(())
    }
}

/// A number in a table: four digits.
fn number(x: f64) -> String {
    match x.abs() {
        0.0 => "0".to_string(),
        size if (1e-3..1e5).contains(&size) => format!("{x:.*}", (3 - size.log10().floor() as i32).max(0) as usize),
        _ => format!("{x:.3e}"),
    }
}

/// A number with its standard error.
fn with_error(x: f64, se: f64) -> String {
    format!("{} ± {}", number(x), if se == 0.0 { "0".into() } else { format!("{se:.1e}") })
}

/// A spread relative to the derivative.
fn of(spread: f64) -> String {
    if spread < 1e-9 {
        "0".into()
    } else if spread < 100.0 {
        format!("{spread:.2}")
    } else {
        format!("{spread:.0}")
    }
}

/// A time in the unit that suits it.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 1e4 => format!("{s:.1} s"),
        _ => "hours".into(),
    }
}

/// The first derivative of an estimate of one result.
macro_rules! first {
    ($estimator:expr) => {{
        let e = $estimator.run_seed(1)?;
        Ok((e.gradient[0], e.gradient_se[0]))
    }};
}

fn main() -> Result<(), Box<dyn Error>> {
    smooth()?;
    jump()?;
    counts()?;
    kink_and_hessian()?;
    two_hundred()?;
    rejection()?;
    mixture()?;
    rare()?;
    long_loop()
}

fn smooth() -> Result<(), Box<dyn Error>> {
    let call = program!(|[vol]: [S; 1], chance| -> S {
        (((vol * chance.normal() - vol * vol * 0.5).exp() - 1.0) * 100.0).max(S::from(0.0))
    });
    let exact = 100.0 * Normal::new(0.0, 1.0)?.pdf(0.1);
    let table = Table::new("Smooth, or a kink", "The vega of a call option, in one parameter.", exact);
    table.row("`pathwise`", 65_536, |n| first!(estimate::pathwise_program([0.2], call).samples(n)))?;
    table.row("`quasi`, points of 1024", 65_536, |n| first!(estimate::quasi([0.2], call).samples(n / 1024)))?;
    table.row("`finite_difference`, step 0.01", 65_536, |n| {
        first!(estimate::finite_difference([0.2], call, 0.01).samples(n))
    })
}

fn jump() -> Result<(), Box<dyn Error>> {
    let branch = program!(|[mean]: [S; 1], chance| -> S {
        let x = mean + chance.normal();
        if x.re() > 1.0 { x * x } else { S::from(0.0) }
    });
    let choice = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
        let (above, x) = chance.threshold(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
        Ok(if above { x * x } else { S::from(0.0) })
    });
    let weight = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
        let (x, ln_p) = chance.threshold_weight(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
        Ok(x * x * ln_p.exp())
    });
    // ∫ x³ φ(x) dx from 1 on is 3 φ(1)
    let table = Table::new(
        "A jump",
        "E\\[X²; X > 1\\] of a normal X, in its mean: X² counts only above 1.",
        3.0 * Normal::new(0.0, 1.0)?.pdf(1.0),
    );
    table.row("`pathwise`, a plain `if`", 65_536, |n| first!(estimate::pathwise_program([0.0], branch).samples(n)))?;
    table.row("`threshold` with `score`", 65_536, |n| first!(estimate::score([0.0], choice).samples(n)))?;
    table.row("`threshold` with `mix`", 65_536, |n| first!(estimate::mix([0.0], choice).samples(n)))?;
    table.row("`threshold_weight`", 65_536, |n| first!(estimate::pathwise_program([0.0], weight).samples(n)))?;
    table
        .row("`threshold_weight` with `quasi`", 65_536, |n| first!(estimate::quasi([0.0], weight).samples(n / 1024)))?;
    let law = WeakDerivative::normal_mean(0.0, 1.0)?;
    table.row("`measure_valued`, a plain `if`", 65_536, |n| {
        first!(estimate::measure_valued(law, |x, _: &mut _| if x > 1.0 { x * x } else { 0.0 }).samples(n))
    })?;
    table.row("`finite_difference`, step 0.1", 65_536, |n| {
        first!(estimate::finite_difference([0.0], branch, 0.1).samples(n))
    })
}

/// A population of 50 in which everyone has a child with probability p, for ten years.
fn counts() -> Result<(), Box<dyn Error>> {
    let [p] = Jet::variables([0.1]);
    let (m, n0) = (p + 1.0, 50.0);
    let variance = p * -(p - 1.0) * m.powi(9) * (m.powi(10) - 1.0) / p * n0;
    let exact = (variance + m.powi(20) * (n0 * n0)).eps[0];
    let squared = program!(|[p]: [S; 1], chance| -> S {
        let mut n = 50;
        for _ in 0..10 {
            n += chance.binomial(n, p);
        }
        S::from((n * n) as f64)
    });
    let table = Table::new(
        "Counts",
        "The mean square of a population of 50 after ten years of births, in the rate of births.",
        exact,
    );
    table.row("`score`", 16_384, |n| first!(estimate::score([0.1], squared).samples(n)))?;
    table.row("`replay`", 16_384, |n| first!(estimate::replay([0.1], squared).samples(n)))?;
    table.row("`mix`", 16_384, |n| first!(estimate::mix([0.1], squared).samples(n)))?;
    table.row("`martingale`", 16_384, |n| first!(estimate::martingale([0.1], squared).samples(n)))?;
    table.row("`finite_difference`, step 0.01", 16_384, |n| {
        first!(estimate::finite_difference([0.1], squared, 0.01).samples(n))
    })
}

fn kink_and_hessian() -> Result<(), Box<dyn Error>> {
    let plain = program!(|[spot]: [S; 1], chance| -> S {
        (spot * (0.2 * chance.normal() - 0.02).exp() - 100.0).max(S::from(0.0))
    });
    let choice = program!(|[spot]: [S; 1], chance| -> Result<S, LawError> {
        let law = Normal::new(spot.ln() - 0.02, S::from(0.2))?;
        let (above, x) = chance.threshold(&law, S::from(100f64.ln()));
        Ok(if above { x.exp() - 100.0 } else { S::from(0.0) })
    });
    let weight = program!(|[spot]: [S; 1], chance| -> Result<S, LawError> {
        let law = Normal::new(spot.ln() - 0.02, S::from(0.2))?;
        let (x, ln_p) = chance.threshold_weight(&law, S::from(100f64.ln()));
        Ok((x.exp() - 100.0) * ln_p.exp())
    });
    macro_rules! second {
        ($estimator:expr) => {{
            let e = $estimator.run_seed(1)?;
            Ok((e.hessian[0][0], e.hessian_se[0][0]))
        }};
    }
    let exact = Normal::new(0.0, 1.0)?.pdf(0.1) / 20.0;
    let table = Table::new("A kink and a Hessian", "The gamma of a call option, a second derivative.", exact);
    table.row("`pathwise_hessian`, a plain `max`", 65_536, |n| {
        second!(estimate::pathwise_program_hessian([100.0], plain).samples(n))
    })?;
    table.row("`threshold` with `score_hessian`", 65_536, |n| {
        second!(estimate::score_hessian([100.0], choice).samples(n))
    })?;
    table.row("`threshold_weight` with `pathwise_hessian`", 65_536, |n| {
        second!(estimate::pathwise_program_hessian([100.0], weight).samples(n))
    })?;
    table.row("`threshold_weight` with `quasi_hessian`", 65_536, |n| {
        second!(estimate::quasi_hessian([100.0], weight).samples(n / 1024))
    })
}

/// ln Σ exp(z_i) of a hundred normal z_i, each with a mean and the logarithm of a scale of its own: of a hundred equal
/// means each has a hundredth of the derivative, which is 1 in all together.
fn two_hundred() -> Result<(), Box<dyn Error>> {
    const K: usize = 100;
    let theta: Vec<f64> = (0..2 * K).map(|i| if i < K { 0.0 } else { -1.0 }).collect();
    let exact = 1.0 / K as f64;
    let table = Table::new(
        "200 parameters",
        "ln Σ exp(z) of a hundred normal z with two parameters each. A sample is the whole gradient; shown is its first entry.",
        exact,
    );
    table.row("`pathwise_dyn`", 4096, |n| {
        let e = estimate::pathwise_dyn(&theta, |theta, chance| {
            let (means, ln_scales) = theta.split_at(K);
            let z: Vec<_> = means.iter().zip(ln_scales).map(|(m, s)| *m + s.exp() * chance.normal()).collect();
            reparam::scalar::ln_sum_exp(&z)
        });
        first!(e.samples(n))
    })?;
    table.row("`estimate::local`, with the model's own gradient", 4096, |n| {
        let e = estimate::local(
            &theta,
            |draws| -> Result<(), LawError> {
                for k in 0..K {
                    draws
                        .draw([k, K + k], |[mean, ln_scale], rng| Ok(Normal::new(mean, ln_scale.exp())?.sample(rng)))?;
                }
                Ok(())
            },
            |z, slope| {
                slope.copy_from_slice(z);
                softmax(slope);
                reparam::scalar::ln_sum_exp(z)
            },
        );
        first!(e.samples(n))
    })
}

/// A normal target of standard deviation s by proposals from a logistic law: E[x²] = s².
fn rejection() -> Result<(), Box<dyn Error>> {
    type Number = Jet<f64, 1>;
    let draw = |s: Number, rng: &mut _| -> Result<Weighted<Number, Number>, RejectionError> {
        let target = Normal::new(0.0.into(), s).expect("a positive scale");
        let proposal = Logistic::new(0.0.into(), s * 0.7).expect("a positive scale");
        Rejection::from_law(0.2, &proposal, |x| target.ln_pdf(x))?.draw(rng)
    };
    let bounded = |rng: &mut _, fixed: Number| -> Result<Weighted<Number, Number>, RejectionError> {
        let target = Normal::new(0.0.into(), fixed).expect("a positive scale");
        let proposal = Logistic::new(0.0.into(), Number::from(1.05)).expect("a positive scale");
        Rejection::from_law(0.2, &proposal, |x| target.ln_pdf(x))?.draw(rng)
    };
    let table = Table::new(
        "A rejection step",
        "E\\[x²\\] of a normal law by accepted proposals of a logistic one, in the scale of 1.5.",
        3.0,
    );
    table.row("the accepted number alone, proposals that do not move", 65_536, |n| {
        first!(
            estimate::pathwise([1.5], |[s], rng: &mut estimate::Handle<Number>| {
                bounded(rng, s).map(|x| x.value * x.value)
            })
            .samples(n)
        )
    })?;
    table.row("`Rejection`, proposals that do not move", 65_536, |n| {
        first!(
            estimate::pathwise([1.5], |[s], rng: &mut estimate::Handle<Number>| {
                bounded(rng, s).map(|x| x.map(|x: Number| x * x).term())
            })
            .samples(n)
        )
    })?;
    table.row("`Rejection`, proposals that follow the target", 65_536, |n| {
        first!(
            estimate::pathwise([1.5], |[s], rng: &mut estimate::Handle<Number>| {
                draw(s, rng).map(|x| x.map(|x: Number| x * x).term())
            })
            .samples(n)
        )
    })?;
    table.row("the law itself, `Normal`", 65_536, |n| {
        first!(
            estimate::pathwise([1.5], |[s], rng| Normal::new(0.0.into(), s).map(|law| law.sample(rng).powi(2)))
                .samples(n)
        )
    })
}

fn mixture() -> Result<(), Box<dyn Error>> {
    for (problem, what, apart) in [
        (
            "A mixture whose components overlap",
            "E\\[z\\] of two normal components, two standard deviations apart, in the weight of one.",
            2.0,
        ),
        ("A mixture whose components are apart", "The same, twelve standard deviations apart.", 12.0),
    ] {
        type Number = Jet<f64, 1>;
        let law = |w: Number| -> Result<_, LawError> {
            let laws = [0.0, apart].map(|m| Normal::new(Number::from(m), Number::from(1.0)));
            let [left, right] = laws;
            Mixture::new([w, -w + 1.0], [left?, right?])
        };
        let table = Table::new(problem, what, -apart);
        table.row("draws of `Mixture`", 65_536, |n| {
            first!(estimate::pathwise([0.5], |[w], rng| law(w).map(|law| law.sample(rng))).samples(n))
        })?;
        table.row("`weighted::score_component`", 65_536, |n| {
            first!(estimate::pathwise([0.5], |[w], rng| law(w).map(|law| score_component(&law, rng).term())).samples(n))
        })?;
    }
    Ok(())
}

/// E[(X - 5)²; X > 5] of a normal X: its derivative in the mean is 2 E[X - 5; X > 5].
fn rare() -> Result<(), Box<dyn Error>> {
    let law = Normal::new(0.0, 1.0)?;
    let exact = 2.0 * (law.pdf(5.0) - 5.0 * law.sf(5.0));
    let plain = program!(|[mean]: [S; 1], chance| -> S { (mean + chance.normal() - 5.0).max(S::from(0.0)).powi(2) });
    let weight = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
        let (x, ln_p) = chance.threshold_weight(&Normal::new(mean, S::from(1.0))?, S::from(5.0));
        Ok((x - 5.0).powi(2) * ln_p.exp())
    });
    let importance = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
        let (meant, taken) = (Normal::new(mean, S::from(1.0))?, Normal::new(S::from(5.0), S::from(1.0))?);
        let x = chance.draw(&taken);
        Ok((x - 5.0).max(S::from(0.0)).powi(2) * (meant.ln_pdf(x) - taken.ln_pdf(x)).exp())
    });
    let table = Table::new("A rare event", "E\\[(X - 5)²; X > 5\\] of a standard normal X, in its mean.", exact);
    table.row("`pathwise`, plain draws", 65_536, |n| first!(estimate::pathwise_program([0.0], plain).samples(n)))?;
    table.row("importance weights, draws around 5", 65_536, |n| {
        first!(estimate::pathwise_program([0.0], importance).samples(n))
    })?;
    table.row("`threshold_weight`", 65_536, |n| first!(estimate::pathwise_program([0.0], weight).samples(n)))
}

fn long_loop() -> Result<(), Box<dyn Error>> {
    const N: f64 = 200.0;
    let walk = program!(|[p]: [S; 1], chance| -> S {
        let mut x = 0i32;
        for _ in 0..200 {
            x += if chance.bernoulli(p) { 1 } else { -1 };
        }
        S::from(f64::from(x).powi(2))
    });
    // E[x²] = n + n (n - 1) (2 p - 1)²
    let table = Table::new(
        "A long loop",
        "The mean square of a walk of 200 coins, in the probability of a step up.",
        4.0 * N * (N - 1.0) * 0.2,
    );
    table.row("`score`", 16_384, |n| first!(estimate::score([0.6], walk).samples(n)))?;
    table.row("`replay`", 16_384, |n| first!(estimate::replay([0.6], walk).samples(n)))?;
    table.row("`mix`", 16_384, |n| first!(estimate::mix([0.6], walk).samples(n)))?;
    table.row("`martingale`", 16_384, |n| first!(estimate::martingale([0.6], walk).samples(n)))?;
    table.row("`finite_difference`, step 0.01", 16_384, |n| {
        first!(estimate::finite_difference([0.6], walk, 0.01).samples(n))
    })
}
