//! Six programs as their users write them: with data, with a number of parameters known at run time, with several
//! results, with choices. Each is run by the estimator that suits it, and held against something else.

use reparam::distr::LawError;
use reparam::{estimate, prelude::*};

/// There are fewer weekly rates than weeks.
#[derive(Debug)]
struct TooFewRates;

impl std::fmt::Display for TooFewRates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("fewer weekly rates than weeks")
    }
}

impl std::error::Error for TooFewRates {}

/// An epidemic: contacts of every day, a rate of infection for each week and one of recovery; the peak of the infected.
fn epidemic<'a>(
    contacts: &'a [f64],
    people: u64,
) -> impl Program<Theta = [f64], Output = Result<f64, TooFewRates>> + Copy + 'a {
    program!(|rates: &[S], chance| using (contacts: &[f64], people: u64) -> Result<S, TooFewRates> {
        let (recovery, infection) = rates.split_last().ok_or(TooFewRates)?;
        let (mut healthy, mut ill, mut peak) = (people - 5, 5, 5);
        for (day, contacts) in contacts.iter().enumerate() {
            let hazard = *infection.get(day / 7).ok_or(TooFewRates)? * (contacts * ill as f64 / people as f64);
            let infected = chance.binomial(healthy, -(-hazard).exp_m1());
            let recovered = chance.binomial(ill, -(-*recovery).exp_m1());
            (healthy, ill) = (healthy - infected, ill + infected - recovered);
            peak = peak.max(ill);
        }
        Ok(S::from(peak as f64))
    })
}

/// A call that is worthless once the price is below 90 on one of some days: each day's survival is a choice.
fn barrier(days: u32) -> impl Program<Theta = [f64; 2], Output = Result<f64, LawError>> + Copy {
    program!(|[spot, vol]: [S; 2], chance| using (days: u32) -> Result<S, LawError> {
        let dt = 1.0 / f64::from(days);
        let mut ln_price = spot.ln();
        for _ in 0..days {
            let law = Normal::new(ln_price - vol * vol * (0.5 * dt), vol * dt.sqrt())?;
            let (alive, next) = chance.threshold(&law, S::from(90f64.ln()));
            if !alive {
                return Ok(S::from(0.0));
            }
            ln_price = next;
        }
        Ok((ln_price.exp() - 100.0).max(S::from(0.0)))
    })
}

/// The same with survival as a weight.
fn barrier_by_weight(days: u32) -> impl Program<Theta = [f64; 2], Output = Result<f64, LawError>> + Copy {
    program!(|[spot, vol]: [S; 2], chance| using (days: u32) -> Result<S, LawError> {
        let dt = 1.0 / f64::from(days);
        let (mut ln_price, mut ln_weight) = (spot.ln(), S::from(0.0));
        for _ in 0..days {
            let law = Normal::new(ln_price - vol * vol * (0.5 * dt), vol * dt.sqrt())?;
            let (next, ln_alive) = chance.threshold_weight(&law, S::from(90f64.ln()));
            (ln_price, ln_weight) = (next, ln_weight + ln_alive);
        }
        Ok((ln_price.exp() - 100.0).max(S::from(0.0)) * ln_weight.exp())
    })
}

/// Rows of a design matrix with labels of 1 and -1.
struct Data {
    rows: Vec<[f64; 3]>,
    labels: Vec<f64>,
}

/// The evidence lower bound of logistic regression, by independent normal factors: means, then logarithms of deviations.
fn evidence(data: &Data) -> impl Program<Theta = [f64], Output = f64> + Copy + '_ {
    program!(|theta: &[S], chance| using (data: &Data) -> S {
        let (means, ln_deviations) = theta.split_at(3);
        let weights: Vec<S> = means.iter().zip(ln_deviations).map(|(m, l)| *m + l.exp() * chance.normal()).collect();
        let mut sum = S::from(0.0);
        for (row, label) in data.rows.iter().zip(&data.labels) {
            let score = weights.iter().zip(row).fold(S::from(0.0), |sum, (w, x)| sum + *w * *x);
            sum -= (score * -label).softplus();
        }
        for (w, l) in weights.iter().zip(ln_deviations) {
            sum += *l - *w * *w * 0.5;
        }
        sum
    })
}

/// Prey and predators with noise, in logarithms: both at six times.
fn predators(steps: u32) -> impl Program<Theta = [f64; 6], Output = [f64; 12]> + Copy {
    program!(|[birth, hunt, death, feed, s, t]: [S; 6], chance| using (steps: u32) -> [S; 12] {
        let (mut prey, mut predators, mut out) = (S::from(0.5), S::from(0.2), [S::from(0.0); 12]);
        let dt = 1.0 / f64::from(steps);
        for k in 0..6 {
            for _ in 0..steps {
                let (x, y) = (prey.exp(), predators.exp());
                prey += (birth - hunt * y) * dt + s * (dt.sqrt() * chance.normal());
                predators += (feed * x - death) * dt + t * (dt.sqrt() * chance.normal());
            }
            (out[2 * k], out[2 * k + 1]) = (prey.exp(), predators.exp());
        }
        out
    })
}

/// Three machines that fail and are repaired: how many run at the end, and how long all did.
fn machines(horizon: f64) -> impl Program<Theta = [f64; 2], Output = [f64; 2]> + Copy {
    program!(|[fail, repair]: [S; 2], chance| using (horizon: f64) -> [S; 2] {
        let (mut up, mut left, mut all_up) = (3u32, S::from(horizon), S::from(0.0));
        loop {
            let rates = [fail * f64::from(up), repair * f64::from(3 - up)];
            let Some((who, wait)) = chance.race(&rates, left) else {
                return [S::from(f64::from(up)), all_up + if up == 3 { left } else { S::from(0.0) }];
            };
            if up == 3 {
                all_up += wait;
            }
            left -= wait;
            up = if who == 0 { up - 1 } else { up + 1 };
        }
    })
}

/// Fails loudly if two numbers are further apart than five of their standard errors.
fn agree(what: &str, (a, a_se): (f64, f64), (b, b_se): (f64, f64)) {
    println!("{what:46} {a:9.4} ± {a_se:.4}   beside {b:9.4} ± {b_se:.4}");
    assert!((a - b).abs() <= 5.0 * a_se.hypot(b_se), "{what}: {a} ± {a_se} and {b} ± {b_se}");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let contacts: Vec<f64> = (0..42).map(|day| if day % 7 < 5 { 1.1 } else { 0.75 }).collect();
    let rates = [0.5, 0.45, 0.4, 0.35, 0.3, 0.3, 0.15];
    let outbreak = epidemic(&contacts, 200);
    let by_score = estimate::score_dyn(&rates, outbreak).samples(40_000).run_seed(1)?;
    let by_replay = estimate::replay_dyn(&rates, outbreak).samples(40_000).run_seed(2)?;
    for week in [0, 2] {
        let what = format!("epidemic: peak in the rate of week {}", week + 1);
        let of = |e: &estimate::Estimate<Vec<f64>>| (e.gradient[week], e.gradient_se[week]);
        agree(&what, of(&by_score), of(&by_replay));
    }

    let by_choice = estimate::mix([100.0, 0.2], barrier(12)).samples(50_000).run_seed(3)?;
    let by_weight = estimate::quasi([100.0, 0.2], barrier_by_weight(12)).run_seed(4)?;
    for (i, what) in ["barrier option: delta", "barrier option: vega"].into_iter().enumerate() {
        agree(
            what,
            (by_choice.gradient[i], by_choice.gradient_se[i]),
            (by_weight.gradient[i], by_weight.gradient_se[i]),
        );
    }

    let data = Data {
        rows: (0..20).map(|i| [1.0, (f64::from(i) * 0.7).sin(), (f64::from(i) * 1.3).cos()]).collect(),
        labels: (0..20).map(|i| if i % 3 == 0 { -1.0 } else { 1.0 }).collect(),
    };
    let theta = [0.5, 0.1, -0.2, -1.0, -1.0, -1.0];
    let e = estimate::pathwise_program_dyn(&theta, evidence(&data)).samples(20_000).run_seed(5)?;
    // random directions know nothing of the coordinates, and have the same mean
    let random = estimate::forward_gradient(&theta, |theta, chance| evidence(&data).run(theta, chance));
    let random = random.samples(80_000).run_seed(6)?;
    agree(
        "evidence: in the first mean",
        (e.gradient[0], e.gradient_se[0]),
        (random.gradient[0], random.gradient_se[0]),
    );

    let theta = [1.1, 0.4, 0.4, 0.1, 0.1, 0.1];
    let e = estimate::pathwise_program(theta, predators(50)).samples(4000).run_seed(7)?;
    let even = estimate::quasi(theta, predators(50)).points(128).run_seed(8)?;
    agree(
        "predators: prey at the end in its births",
        (e.gradient[10][0], e.gradient_se[10][0]),
        (even.gradient[10][0], even.gradient_se[10][0]),
    );

    let (fail, repair, horizon) = (0.5, 1.0, 3.0);
    let e = estimate::mix([fail, repair], machines(horizon)).samples(50_000).run_seed(9)?;
    // each machine runs with probability (r + f e^-(f + r) t)/(f + r)
    let [f, r] = Jet::variables([fail, repair]);
    let exact: Jet<f64, 2> = (r + f * (-(f + r) * horizon).exp()) / (f + r) * 3.0;
    agree("machines: running at the end", (e.value[0], e.value_se[0]), (exact.re, 0.0));
    for (i, what) in ["machines: in the rate of failures", "machines: in the rate of repairs"].into_iter().enumerate() {
        agree(what, (e.gradient[0][i], e.gradient_se[0][i]), (exact.eps[i], 0.0));
    }
    Ok(())
}
