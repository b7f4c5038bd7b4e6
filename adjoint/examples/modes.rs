//! Which way to a gradient costs what: the tables of the crate's page.
//!
//! `cargo run --release -p reparam-adjoint --example modes > adjoint/src/modes.md`

use reparam::estimate;
use reparam::prelude::*;
use reparam::program::{Plain, Stream};
use reparam::scalar::{gradient_dyn, hessian_vector_dyn};
use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

/// Columns and rows of the regression.
const COLUMNS: usize = 100;
const ROWS: usize = 200;

/// A way to a result, and what it is called.
type Way<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// Microseconds of each: the lower fifth of rounds in which all take turns, as many calls in a turn as take a
/// millisecond.
fn times(ways: &mut [Way<'_>]) -> Vec<f64> {
    let mut rounds = vec![Vec::new(); ways.len()];
    for _ in 0..60 {
        for ((_, way), times) in ways.iter_mut().zip(&mut rounds) {
            let (start, mut calls) = (Instant::now(), 0);
            while calls == 0 || start.elapsed().as_micros() < 1000 {
                way();
                calls += 1;
            }
            times.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
        }
    }
    rounds.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    rounds.iter().map(|times| times[times.len() / 5]).collect()
}

/// A table: the first way is what the others are compared with.
fn table(title: &str, mut ways: Vec<Way<'_>>) {
    println!("| {title} | µs | ratio |\n|---|---|---|");
    let times = times(&mut ways);
    for ((name, _), time) in ways.iter().zip(&times) {
        println!("| {name} | {time:.1} | {:.2} |", time / times[0]);
    }
    println!();
}

/// Data of a logistic regression.
struct Regression {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Regression {
    fn new() -> Self {
        let mut noise = Stream::new(7);
        let x = (0..COLUMNS * ROWS).map(|_| reparam::noise::normal(&mut noise)).collect();
        let y = (0..ROWS).map(|_| if noise.unit() < 0.5 { 1.0 } else { -1.0 }).collect();
        Regression { x, y }
    }

    /// Means, then logarithms of standard deviations.
    fn theta() -> Vec<f64> {
        (0..2 * COLUMNS).map(|i| 0.1 * (i as f64).sin() - if i < COLUMNS { 0.0 } else { 1.0 }).collect()
    }

    /// The logarithm of the joint density at weights w, its gradient added to `gradient`.
    fn ln_joint(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (x, y) in self.x.chunks(COLUMNS).zip(&self.y) {
            let t = -y * w.iter().zip(x).fold(0.0, |t, (w, x)| t + w * x);
            // ln(1 + e^t) and its derivative share an exponential
            let e = (-t.abs()).exp();
            sum -= t.max(0.0) + e.ln_1p();
            let slope = y * if t > 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
            gradient.iter_mut().zip(x).for_each(|(g, x)| *g += slope * x);
        }
        for (w, g) in w.iter().zip(gradient) {
            sum -= w * w * 0.5;
            *g -= w;
        }
        sum
    }

    /// A sample of the ELBO and its gradient, all by hand.
    fn by_hand(&self, theta: &[f64], noise: &mut Stream, gradient: &mut [f64]) -> f64 {
        let (mean, ln_sd) = theta.split_at(COLUMNS);
        let (mut w, mut moved) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        for j in 0..COLUMNS {
            moved[j] = ln_sd[j].exp() * reparam::noise::normal(noise);
            w[j] = mean[j] + moved[j];
        }
        let (by_mean, by_ln_sd) = gradient.split_at_mut(COLUMNS);
        by_mean.fill(0.0);
        let value = self.ln_joint(&w, by_mean) + ln_sd.iter().sum::<f64>();
        for j in 0..COLUMNS {
            by_ln_sd[j] = by_mean[j] * moved[j] + 1.0;
        }
        value
    }

    /// The same as a program.
    fn program(&self) -> impl Program<Theta = [f64], Output = f64> + Copy + '_ {
        program!(|theta: &[S], chance| using (data: &Regression = self) -> S {
            let (mean, ln_sd) = theta.split_at(COLUMNS);
            let w: Vec<S> = mean.iter().zip(ln_sd).map(|(m, l)| *m + l.exp() * chance.normal()).collect();
            let mut sum = S::from(0.0);
            for (x, y) in data.x.chunks(COLUMNS).zip(&data.y) {
                let mut t = S::from(0.0);
                for (w, x) in w.iter().zip(x) {
                    t += *w * *x;
                }
                sum -= (t * -*y).softplus();
            }
            for (w, l) in w.iter().zip(ln_sd) {
                sum += *l - *w * *w * 0.5;
            }
            sum
        })
    }

    /// By [`estimate::local`], for this many samples.
    fn local(&self, theta: &[f64], samples: u64) -> Vec<f64> {
        let draws = |draws: &mut estimate::Draws<'_, Infallible>| -> Result<(), Infallible> {
            for j in 0..COLUMNS {
                draws.draw([j, COLUMNS + j], |[mean, ln_sd], chance| mean + ln_sd.exp() * chance.normal())?;
                draws.add([COLUMNS + j], |[ln_sd], _| ln_sd)?;
            }
            Ok(())
        };
        let model = |w: &[f64], gradient: &mut [f64]| self.ln_joint(w, gradient);
        estimate::local(theta, draws, model).samples(samples).run_seed(1).expect("a finite estimate").gradient
    }
}

/// A new generator for every call, the same for all ways.
fn seeds() -> impl FnMut() -> Stream {
    let mut seed = 0;
    move || {
        seed += 1;
        Stream::new(seed)
    }
}

fn regression() {
    let data = Regression::new();
    let (theta, program) = (Regression::theta(), data.program());
    let direction: Vec<f64> = (0..theta.len()).map(|i| (i as f64).cos()).collect();
    let mut gradient = vec![0.0; theta.len()];
    // all ways agree before they are timed
    data.by_hand(&theta, &mut Stream::new(3), &mut gradient);
    let (_, reverse) = reparam_adjoint::gradient(&theta, |t| program.run(t, &mut Plain::new(Stream::new(3))));
    assert!(gradient.iter().zip(&reverse).all(|(a, b)| (a - b).abs() < 1e-11 * (1.0 + a.abs())));

    let (mut a, mut b, mut c, mut d) = (seeds(), seeds(), seeds(), seeds());
    let mut noise = Stream::new(1);
    const SAMPLES: u64 = 32;
    let mut ways: Vec<Way<'_>> = vec![
        ("gradient by hand", {
            Box::new(|| {
                black_box(data.by_hand(&theta, &mut noise, &mut gradient));
            })
        }),
        ("`estimate::local`, the model's gradient by hand", {
            Box::new(|| {
                black_box(data.local(&theta, SAMPLES));
            })
        }),
        ("`reparam_adjoint`", {
            Box::new(|| {
                black_box(reparam_adjoint::gradient(&theta, |t| program.run(t, &mut Plain::new(a()))));
            })
        }),
        ("chunks of eight, `pathwise_dyn`", {
            Box::new(|| {
                let noise = b();
                black_box(gradient_dyn(&theta, |t| program.run(t, &mut Plain::new(noise.clone()))));
            })
        }),
        ("Hessian times a vector, `reparam_adjoint`", {
            Box::new(|| {
                let f = |t: &[_]| program.run(t, &mut Plain::new(c()));
                black_box(reparam_adjoint::hessian_vector(&theta, &direction, f));
            })
        }),
        ("Hessian times a vector, chunks", {
            Box::new(|| {
                let noise = d();
                let f = |t: &[_]| program.run(t, &mut Plain::new(noise.clone()));
                black_box(hessian_vector_dyn(&theta, &direction, f));
            })
        }),
    ];
    let title = "a sample of a logistic regression's ELBO: 200 parameters, 100 draws, 200 rows";
    println!("| {title} | µs | ratio |\n|---|---|---|");
    let mut times = times(&mut ways);
    // an estimate runs its first sample twice
    times[1] /= (SAMPLES + 1) as f64;
    for ((name, _), time) in ways.iter().zip(&times) {
        println!("| {name} | {time:.1} | {:.2} |", time / times[0]);
    }
    println!();
}

/// The sum of the squares of n gamma variables, each with a shape of its own.
fn gammas(n: usize) {
    let shapes: Vec<f64> = (0..n).map(|i| 0.2 + 4.0 * i as f64 / n as f64).collect();
    let program = program!(|shapes: &[S], chance| -> Result<S, reparam::distr::LawError> {
        let mut sum = S::from(0.0);
        for shape in shapes {
            let z = chance.draw(&Gamma::new(*shape, S::from(1.0))?);
            sum += z * z;
        }
        Ok(sum)
    });
    let (mut a, mut b, mut c) = (seeds(), seeds(), seeds());
    table(
        &format!("the sum of {n} squared gamma variables, {n} shapes"),
        vec![
            ("value in `f64`", {
                let shapes = &shapes;
                Box::new(move || {
                    black_box(program.run(shapes.as_slice(), &mut Plain::<f64, _>::new(a())).expect("valid shapes"));
                })
            }),
            ("`reparam_adjoint`", {
                let shapes = &shapes;
                Box::new(move || {
                    let f = |t: &[_]| program.run(t, &mut Plain::new(b())).expect("valid shapes");
                    black_box(reparam_adjoint::gradient(shapes, f));
                })
            }),
            ("chunks of eight, `pathwise_dyn`", {
                let shapes = &shapes;
                Box::new(move || {
                    let noise = c();
                    let f = |t: &[_]| program.run(t, &mut Plain::new(noise.clone())).expect("valid shapes");
                    black_box(gradient_dyn(shapes, f));
                })
            }),
        ],
    );
}

/// A walk of 50 steps, whose drift and volatility all N parameters make.
fn walk<const N: usize>() {
    let theta: [f64; N] = std::array::from_fn(|i| 0.2 + 0.01 * i as f64);
    fn f<S: Scalar>(theta: &[S], chance: &mut Plain<S, Stream>) -> S {
        let (mut x, mut total) = (S::from(0.0), S::from(0.0));
        for k in 0..50 {
            let volatility = theta[k % theta.len()] * 0.1;
            x += volatility * chance.normal() - volatility * volatility * 0.5;
            total += x.exp();
        }
        (total / 50.0 - 1.0).softplus()
    }
    let (mut a, mut b, mut c) = (seeds(), seeds(), seeds());
    table(
        &format!("a walk of 50 steps, {N} parameters"),
        vec![
            (
                "value in `f64`",
                Box::new(|| {
                    black_box(f(&theta, &mut Plain::new(a())));
                }),
            ),
            (
                "jets, `pathwise`",
                Box::new(|| {
                    black_box(f(&Jet::variables(theta), &mut Plain::new(b())));
                }),
            ),
            (
                "`reparam_adjoint`",
                Box::new(|| {
                    black_box(reparam_adjoint::gradient(&theta, |t| f(t, &mut Plain::new(c()))));
                }),
            ),
        ],
    );
}

/// 400 coins with a parameter each: choices have derivatives by scores and by replay alone.
fn coins() {
    let theta = [0.3; 400];
    let coins = program!(|p: &[S], chance| -> S { S::from(p.iter().filter(|p| chance.bernoulli(**p)).count() as f64) });
    const SAMPLES: u64 = 256;
    table(
        "256 samples of 400 coins, 400 parameters",
        vec![
            (
                "values in `f64`",
                Box::new(|| {
                    for seed in 0..SAMPLES {
                        black_box(program::run::<f64, _>(&coins, &theta[..], seed).expect("valid probabilities"));
                    }
                }),
            ),
            (
                "`estimate::score_dyn`",
                Box::new(|| {
                    black_box(estimate::score_dyn(&theta, coins).samples(SAMPLES).run_seed(1).expect("an estimate"));
                }),
            ),
            (
                "`estimate::replay_dyn`",
                Box::new(|| {
                    black_box(estimate::replay_dyn(&theta, coins).samples(SAMPLES).run_seed(1).expect("an estimate"));
                }),
            ),
        ],
    );
}

fn main() {
    regression();
    [8, 64, 512, 4096].into_iter().for_each(gammas);
    walk::<2>();
    walk::<8>();
    walk::<32>();
    coins();
}
