//! Gradients through coins, by this crate's estimators and by those of the literature on binary latent variables: variance,
//! time, and their product, which is what a given accuracy costs.
//!
//! Written out here: ARM (Yin & Zhou 2019), DisARM (Dong, Mnih & Tucker 2020), REBAR (Tucker et al. 2017) with the best
//! of three temperatures, the best weight and a constant baseline, RELAX (Grathwohl et al. 2018) likewise, whose surrogate
//! is learned: the best sum of REBAR's and a function of each coin, by least squares in place of descent.
//!
//! `cargo run --release --example binary_gradients`

mod coins;
mod written;

use coins::{Coins, LATENT, MANY, Net, ONE, PIXELS, RARE, Sum, Toy, exact, ln_q};
use reparam::estimate::{self, Estimate, Handle};
use reparam::objective::{self, ImportanceWeighted};
use reparam::prelude::*;
use std::error::Error;
use std::time::Instant;
use written::{Source, Written};

/// An estimate's gradient, its standard errors, and the number of samples.
struct Found {
    gradient: Vec<f64>,
    se: Vec<f64>,
    samples: u64,
}

type Tool<'a> = (String, Box<dyn Fn(u64, u64) -> Result<Found, Box<dyn Error>> + 'a>);

fn found<G: AsRef<[f64]>, E: Error + 'static>(e: Result<Estimate<G>, E>) -> Result<Found, Box<dyn Error>> {
    let e = e?;
    Ok(Found { gradient: e.gradient.as_ref().to_vec(), se: e.gradient_se.as_ref().to_vec(), samples: e.samples })
}

/// The crate's estimators on a program.
macro_rules! of_the_crate {
    ($theta:expr, $program:expr, $most:expr) => {{
        let (theta, program) = ($theta, $program);
        let tools: Vec<Tool> = vec![
            ("`score`".into(), Box::new(move |n, s| found(estimate::score(theta, program).samples(n).run_seed(s)))),
            (
                "`martingale`".into(),
                Box::new(move |n, s| found(estimate::martingale(theta, program).samples(n).run_seed(s))),
            ),
            ("`replay`".into(), Box::new(move |n, s| found(estimate::replay(theta, program).samples(n).run_seed(s)))),
            (
                "`replay`, every coin".into(),
                Box::new(move |n, s| {
                    found(estimate::replay(theta, program).exhaustive($most).samples(n / 8).run_seed(s))
                }),
            ),
            ("`mix`".into(), Box::new(move |n, s| found(estimate::mix(theta, program).samples(n).run_seed(s)))),
        ];
        tools
    }};
}

/// Those that are written out.
fn written<'a, P: Coins<N>, const N: usize>(coins: &'a P, theta: &'a [f64; N]) -> Vec<Tool<'a>> {
    let tool = |written: Written| -> Tool<'a> {
        let (name, source) = (written.to_string(), Source { coins, written });
        (name, Box::new(move |n, seed| found(estimate::with_gradient(theta, &source).samples(n).run_seed(seed))))
    };
    let [rebar, relax] = [false, true].map(|is_learned| Written::relaxed(coins, theta, is_learned));
    [Written::Arm, Written::DisArm, rebar, relax].map(tool).into()
}

/// A ratio in a table; variances of rounding count as none.
fn ratio(x: f64) -> String {
    match x {
        x if x < 1e-4 => "0".into(),
        x if x < 0.1 => format!("{x:.4}"),
        x if x < 100.0 => format!("{x:.2}"),
        x => format!("{x:.0}"),
    }
}

/// Rounds of which the fastest counts; tools take turns.
const ROUNDS: u64 = 5;

/// Prints one problem's table; `exact` are the derivatives, where they are known.
fn table(title: &str, tools: &[Tool], samples: u64, exact: Option<&[f64]>) -> Result<(), Box<dyn Error>> {
    let mut times = vec![f64::INFINITY; tools.len()];
    let mut all: Vec<Vec<Found>> = tools.iter().map(|_| Vec::new()).collect();
    for round in 0..ROUNDS {
        for (k, (_, run)) in tools.iter().enumerate() {
            let start = Instant::now();
            let found = run(samples, 100 + round)?;
            times[k] = times[k].min(start.elapsed().as_secs_f64() / found.samples as f64);
            all[k].push(found);
        }
    }
    // over the rounds: means, and the sum of the variances of a sample
    let mean = |k: usize, of: fn(&Found, usize) -> f64, i: usize| {
        all[k].iter().map(|found| of(found, i)).sum::<f64>() / ROUNDS as f64
    };
    let parameters = all[0][0].gradient.len();
    let variance =
        |k: usize| -> f64 { (0..parameters).map(|i| mean(k, |f, i| f.se[i].powi(2) * f.samples as f64, i)).sum() };
    let error = |k: usize, i: usize| (mean(k, |f, i| f.se[i].powi(2), i) / ROUNDS as f64).sqrt();
    let gradient = |k: usize, i: usize| mean(k, |f, i| f.gradient[i], i);
    let costs: Vec<f64> = (0..tools.len()).map(|k| variance(k) * times[k]).collect();

    println!("\n### {title}\n\n| | variance | time | variance × time, over that of `score` | off, in errors |");
    println!("|---|---|---|---|---|");
    for (k, (name, _)) in tools.iter().enumerate() {
        let off = (0..parameters).map(|i| {
            let (truth, its_error) = exact.map_or((gradient(0, i), error(0, i)), |exact| (exact[i], 0.0));
            let error = error(k, i).hypot(its_error);
            (gradient(k, i) - truth).abs() / error.max(1e-12 * truth.abs()).max(f64::MIN_POSITIVE)
        });
        let off = if exact.is_none() && k == 0 { "-".into() } else { format!("{:.1}", off.fold(0.0, f64::max)) };
        let time = times[k] * 1e9;
        println!("| {name} | {:.3e} | {time:.0} ns | {} | {off} |", variance(k), ratio(costs[k] / costs[0]));
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("Variances are sums over the parameters, of one sample; times are of the fastest of {ROUNDS} rounds.");
    println!("The last column is the largest distance of a derivative from the exact one, over its standard error.");

    let toy = program!(|theta: [S; 1], chance| -> S {
        S::from(Toy.value(&theta.map(|t| f64::from(u8::from(chance.bernoulli_logit(t))))))
    });
    for (theta, name) in [(&ONE, "1/2"), (&RARE, "0.018")] {
        let tools = [of_the_crate!(*theta, toy, 1), written(&Toy, theta)].concat_tools();
        table(&format!("(b - 0.499)² of one coin with P(1) = {name}"), &tools, 100_000, Some(&exact(&Toy, theta)))?;
    }

    let theta: [f64; MANY] = std::array::from_fn(|i| -1.5 + 3.0 * i as f64 / (MANY as f64 - 1.0));
    let sum = program!(|theta: [S; MANY], chance| -> S {
        S::from(Sum.value(&theta.map(|t| f64::from(u8::from(chance.bernoulli_logit(t))))))
    });
    // E e^(s/10) is a product
    let factor = theta.map(|t| 1.0 + t.sigmoid() * 0.1f64.exp_m1());
    let whole: f64 = factor.iter().product();
    let slope = |(t, factor): (&f64, f64)| whole / factor * t.sigmoid() * (1.0 - t.sigmoid()) * 0.1f64.exp_m1();
    let derivatives: Vec<f64> = theta.iter().zip(factor).map(slope).collect();
    let sum_dyn = program!(|theta: &[S], chance| -> S {
        let mut b = [0.0; MANY];
        b.iter_mut().zip(theta).for_each(|(b, t)| *b = f64::from(u8::from(chance.bernoulli_logit(*t))));
        S::from(Sum.value(&b))
    });
    let few: Tool = (
        "`score_dyn`".into(),
        Box::new(move |n, s| found(estimate::score_dyn(&theta, sum_dyn).samples(n).run_seed(s))),
    );
    let tools = [of_the_crate!(theta, sum, MANY), vec![few]].concat_tools();
    let tools = [tools, written(&Sum, &theta)].concat_tools();
    table(&format!("e^(s/10) of the number of heads of {MANY} coins"), &tools, 16_000, Some(&derivatives))?;

    let net = &Net::new();
    let elbo = program!(|theta: [S; LATENT], chance| using (net: &Net) -> S {
        S::from(net.value(&theta.map(|t| f64::from(u8::from(chance.bernoulli_logit(t))))))
    });
    let tools = [of_the_crate!(net.q, elbo, LATENT), written(net, &net.q)].concat_tools();
    let title = format!("the ELBO of a sigmoid belief net, {LATENT} coins and {PIXELS} pixels");
    table(&title, &tools, 16_000, Some(&exact(net, &net.q)))?;

    const K: usize = 5;
    let bound = program!(|theta: [S; LATENT], chance| using (net: &Net) -> S {
        let mut bound = ImportanceWeighted::new();
        for _ in 0..K {
            let b = theta.map(|t| f64::from(u8::from(chance.bernoulli_logit(t))));
            bound.push(-ln_q(&b, &theta) + net.ln_joint(&b));
        }
        bound.value()
    });
    let draws = |theta: [Jet<f64, LATENT>; LATENT], chance: &mut Handle<Jet<f64, LATENT>>| {
        let p = net.q.map(Scalar::sigmoid);
        let drawn = [(); K].map(|()| p.map(|p| f64::from(u8::from(chance.uniform() < p))));
        let ln_q = drawn.map(|b| ln_q(&b, &theta));
        objective::vimco(&std::array::from_fn::<_, K, _>(|k| -ln_q[k] + net.ln_joint(&drawn[k])), &ln_q)
    };
    let vimco: Tool = (
        "`objective::vimco`".into(),
        Box::new(move |n, seed| found(estimate::pathwise(net.q, draws).samples(n).run_seed(seed))),
    );
    let tools = [of_the_crate!(net.q, bound, K * LATENT), vec![vimco]].concat_tools();
    table(
        &format!("the importance-weighted bound of {K} draws of the same net (off: from `score`)"),
        &tools,
        8_000,
        None,
    )
}

/// Tools one after the other.
trait ConcatTools<'a> {
    fn concat_tools(self) -> Vec<Tool<'a>>;
}

impl<'a> ConcatTools<'a> for [Vec<Tool<'a>>; 2] {
    fn concat_tools(self) -> Vec<Tool<'a>> {
        self.into_iter().flatten().collect()
    }
}
