//! Gradients through coins, by this crate's estimators and by those of the literature on binary latent variables: variance,
//! time, and their product, which is what a given accuracy costs.
//!
//! Written out here: ARM (Yin & Zhou 2019), DisARM (Dong, Mnih & Tucker 2020), REBAR (Tucker et al. 2017) with the best of three
//! temperatures, the best weight and a constant baseline.
//!
//! `cargo run --release --example binary_gradients`

use reparam::estimate::{self, Estimate, GradientSource, Handle};
use reparam::objective::{self, ImportanceWeighted};
use reparam::prelude::*;
use reparam::program::{Plain, Stream};
use reparam::relax::RelaxedBernoulli;
use std::convert::Infallible;
use std::error::Error;
use std::time::Instant;

/// A function of N coins that is defined between heads and tails, too.
trait Coins<const N: usize>: Sync {
    /// f at coins that are 0 or 1, or relaxed.
    fn value(&self, b: &[f64; N]) -> f64;

    /// Its gradient.
    fn slopes(&self, b: &[f64; N]) -> [f64; N];
}

/// Logits of P(1).
const ONE: [f64; 1] = [0.0];
const RARE: [f64; 1] = [-4.0];

/// (b - 0.499)² (Tucker et al. 2017).
#[derive(Clone, Copy, Debug)]
struct Toy;

impl Coins<1> for Toy {
    fn value(&self, [b]: &[f64; 1]) -> f64 {
        (b - 0.499).powi(2)
    }
    fn slopes(&self, [b]: &[f64; 1]) -> [f64; 1] {
        [2.0 * (b - 0.499)]
    }
}

/// Coins of the sum.
const MANY: usize = 40;

/// e^(s/10) of the number s of heads: bent, and every coin counts.
#[derive(Clone, Copy, Debug)]
struct Sum;

impl Coins<MANY> for Sum {
    fn value(&self, b: &[f64; MANY]) -> f64 {
        (0.1 * b.iter().sum::<f64>()).exp()
    }
    fn slopes(&self, b: &[f64; MANY]) -> [f64; MANY] {
        [0.1 * self.value(b); MANY]
    }
}

/// Latent coins and pixels of the network.
const LATENT: usize = 12;
const PIXELS: usize = 40;

/// A layer of a sigmoid belief net: coins with even odds, pixels of logit W b + c, one image; and ln p(x, b) - ln q(b) with q
/// where it is.
#[derive(Clone, Debug)]
struct Net {
    weights: [[f64; LATENT]; PIXELS],
    image: [f64; PIXELS],
    q: [f64; LATENT],
}

fn softplus(x: f64) -> f64 {
    Scalar::softplus(x)
}

impl Net {
    fn new() -> Self {
        let mut rng = Stream::new(7);
        let mut normal = |scale: f64| scale * reparam::noise::normal(&mut rng);
        let weights = [(); PIXELS].map(|()| [(); LATENT].map(|()| normal(0.8)));
        let image = [(); PIXELS].map(|()| f64::from(u8::from(normal(1.0) > 0.0)));
        Net { weights, image, q: [(); LATENT].map(|()| normal(1.0)) }
    }

    fn logits(&self, b: &[f64; LATENT]) -> [f64; PIXELS] {
        self.weights.map(|row| row.iter().zip(b).map(|(w, b)| w * (b - 0.5)).sum())
    }

    /// ln p(x, b)
    fn ln_joint(&self, b: &[f64; LATENT]) -> f64 {
        let pixels = self.logits(b).into_iter().zip(self.image);
        pixels.map(|(logit, x)| x * logit - softplus(logit)).sum::<f64>() - LATENT as f64 * 2f64.ln()
    }
}

/// ln q(b) of coins with these logits.
fn ln_q<S: Scalar>(b: &[f64; LATENT], q: &[S; LATENT]) -> S {
    b.iter().zip(q).fold(S::from(0.0), |sum, (b, q)| sum + *q * *b - q.softplus())
}

impl Coins<LATENT> for Net {
    fn value(&self, b: &[f64; LATENT]) -> f64 {
        self.ln_joint(b) - ln_q(b, &self.q)
    }
    fn slopes(&self, b: &[f64; LATENT]) -> [f64; LATENT] {
        let logits = self.logits(b);
        let of_pixel = |j: usize| self.image[j] - logits[j].sigmoid();
        std::array::from_fn(|i| (0..PIXELS).map(|j| of_pixel(j) * self.weights[j][i]).sum::<f64>() - self.q[i])
    }
}

/// The estimators that are written out.
#[derive(Clone, Copy, Debug)]
enum Written {
    /// f at two antithetic draws, times the uniform numbers.
    Arm,
    /// The same, averaged over the uniform numbers given the coins.
    DisArm,
    /// Scores with the relaxed function at this temperature, times a weight, as control.
    Rebar { temperature: f64, weight: f64, baseline: f64 },
}

/// One of them on some coins.
struct Source<'a, P, const N: usize> {
    coins: &'a P,
    written: Written,
}

/// What REBAR is made of: the score part, of f less a baseline, and the control, whose mean is 0.
fn rebar<const N: usize>(
    coins: &impl Coins<N>,
    theta: &[f64],
    [temperature, baseline]: [f64; 2],
    chance: &mut impl Chance<f64>,
) -> (f64, [(f64, f64); N]) {
    let (mut b, mut z, mut again) = ([0.0; N], [(0.0, 0.0); N], [(0.0, 0.0); N]);
    for i in 0..N {
        let logit = Jet::<f64, 1>::variable(theta[i], 0);
        let (p, t) = (logit.sigmoid(), Jet::from(temperature));
        let noise = chance.uniform().logit();
        b[i] = f64::from(u8::from(theta[i] + noise > 0.0));
        let law = RelaxedBernoulli::new(t, logit).expect("temperatures and logits are in range");
        let relaxed = law.relax(noise);
        // the noise again, given the coin: uniform in [1 - p, 1] or [0, 1 - p]
        let v = chance.uniform();
        let u = if b[i] == 1.0 { -p * (1.0 - v) + 1.0 } else { p.complement() * v };
        let given = ((logit + u.logit()) / t).sigmoid();
        (z[i], again[i]) = ((relaxed.re, relaxed.eps[0]), (given.re, given.eps[0]));
    }
    let values = |z: [(f64, f64); N]| z.map(|(value, _)| value);
    let (slopes, slopes_again) = (coins.slopes(&values(z)), coins.slopes(&values(again)));
    let (f, relaxed) = (coins.value(&b), coins.value(&values(again)));
    let part = |i: usize| {
        let score = b[i] - theta[i].sigmoid();
        ((f - baseline) * score, (relaxed - baseline) * score - slopes[i] * z[i].1 + slopes_again[i] * again[i].1)
    };
    (f, std::array::from_fn(part))
}

impl Written {
    /// REBAR with the temperature and the weight that a pilot likes best.
    fn best_rebar<const N: usize>(coins: &impl Coins<N>, theta: &[f64; N]) -> Self {
        const PILOT: u64 = 4000;
        let mut chance = Plain::<f64, _>::new(Stream::new(98));
        let baseline = (0..PILOT).map(|_| rebar(coins, theta, [1.0, 0.0], &mut chance).0).sum::<f64>() / PILOT as f64;
        let fits = [0.1, 0.5, 1.0].map(|temperature| {
            let mut chance = Plain::<f64, _>::new(Stream::new(99));
            let sample = |_| rebar(coins, theta, [temperature, baseline], &mut chance).1;
            let pilot: Vec<_> = (0..PILOT).map(sample).collect();
            let n = pilot.len() as f64;
            let (mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0);
            for i in 0..N {
                let mean = pilot.iter().map(|g| g[i].0).sum::<f64>() / n;
                for g in &pilot {
                    let (a, b) = (g[i].0 - mean, g[i].1);
                    (aa, ab, bb) = (aa + a * a, ab + a * b, bb + b * b);
                }
            }
            (aa - ab * ab / bb, Written::Rebar { temperature, weight: ab / bb, baseline })
        });
        fits.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).expect("three temperatures").1
    }
}

impl<P: Coins<N>, const N: usize> GradientSource for Source<'_, P, N> {
    type Scalar = f64;
    type Values = f64;
    type Error = Infallible;
    type Work = ();

    fn work(&self, _: &[f64]) {}

    fn sample(&self, theta: &[f64], _: &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, Infallible> {
        let mut row = Vec::with_capacity(1 + N);
        if let Written::Rebar { temperature, weight, baseline } = self.written {
            let (f, parts) = rebar(self.coins, theta, [temperature, baseline], chance);
            row.push(f);
            row.extend(parts.map(|(score, control)| score - weight * control));
            return Ok(row);
        }
        let p: [f64; N] = std::array::from_fn(|i| theta[i].sigmoid());
        let u = [(); N].map(|()| chance.uniform());
        let b = std::array::from_fn(|i| f64::from(u8::from(1.0 - u[i] < p[i])));
        let mirrored = std::array::from_fn(|i| f64::from(u8::from(u[i] < p[i])));
        let (f, g) = (self.coins.value(&b), self.coins.value(&mirrored));
        row.push(0.5 * (f + g));
        row.extend((0..N).map(|i| match self.written {
            Written::Arm => (f - g) * (u[i] - 0.5),
            _ if b[i] == mirrored[i] => 0.0,
            _ => 0.5 * (f - g) * (1.0 - 2.0 * mirrored[i]) * p[i].max(1.0 - p[i]),
        }));
        Ok(row)
    }
}

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
    let rebar = Written::best_rebar(coins, theta);
    let tool = |name: String, written: Written| -> Tool<'a> {
        let run =
            move |n, seed| found(estimate::with_gradient(theta, Source { coins, written }).samples(n).run_seed(seed));
        (name, Box::new(run))
    };
    let name = match rebar {
        Written::Rebar { temperature, .. } => format!("REBAR, temperature {temperature}"),
        _ => "REBAR".into(),
    };
    vec![tool("ARM".into(), Written::Arm), tool("DisARM".into(), Written::DisArm), tool(name, rebar)]
}

/// The derivatives of E f in the logits, by all 2^N outcomes.
fn exact<const N: usize>(coins: &impl Coins<N>, theta: &[f64; N]) -> Vec<f64> {
    let p = theta.map(Scalar::sigmoid);
    let mut gradient = vec![0.0; N];
    for outcome in 0..1u64 << N {
        let b: [f64; N] = std::array::from_fn(|i| (outcome >> i & 1) as f64);
        let mass: f64 = b.iter().zip(p).map(|(b, p)| if *b == 1.0 { p } else { 1.0 - p }).product();
        let f = coins.value(&b);
        gradient.iter_mut().zip(b.iter().zip(p)).for_each(|(g, (b, p))| *g += mass * f * (b - p));
    }
    gradient
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
