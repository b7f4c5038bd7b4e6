//! The bias of each relaxation against its temperature, as the tables of the documentation show it.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::noise;
use reparam::prelude::*;
use reparam::rejection::{Candidate, Rejection, Relaxed};
use reparam::relax::*;
use reparam::scalar::softmax;
use reparam::verify::{MeanTest, mean_of};
use std::cell::Cell;

type Xoshiro = Xoshiro256PlusPlus;
type Dual = Jet<f64, 1>;

const SAMPLES: u32 = 200_000;

/// The derivative's bias and the standard deviation of one sample, both relative to the exact derivative.
fn row(exact: f64, draw: impl FnMut(u32) -> Dual) -> (f64, f64) {
    let MeanTest { mean, standard_error } = mean_of((0..SAMPLES).map(draw).map(|y| y.eps[0]));
    (100.0 * (mean / exact - 1.0), standard_error * f64::from(SAMPLES).sqrt() / exact.abs())
}

const TEMPERATURES: [f64; 5] = [0.1, 0.2, 0.5, 1.0, 2.0];

/// One line of the table: the exact derivative, and what a relaxation of a temperature makes of it.
fn line(name: &str, exact: f64, mut draw: impl FnMut(f64, &mut Xoshiro) -> Dual) {
    print!("| {name} |");
    for temperature in TEMPERATURES {
        let mut rng = Xoshiro::seed_from_u64(1);
        let (bias, deviation) = row(exact, |_| draw(temperature, &mut rng));
        print!(" {bias:+.1} ({deviation:.1}) |");
    }
    println!();
}

fn main() {
    println!("| relaxation | τ = 0.1 | 0.2 | 0.5 | 1 | 2 |\n|---|---|---|---|---|---|");
    one_of_three();
    coin();
    subset_and_order();
    matching();
    counts();
    mixture();
    chain();
    println!();
    rejection();
}

const VALUES: [f64; 3] = [3.5, 5.2, 8.4];

/// Σ y_k v_k
fn choose(y: &[Dual]) -> Dual {
    y.iter().zip(VALUES).map(|(y, v)| *y * v).sum()
}

/// The square of a value less 5, of three values with logits 0, 0.5, -0.5: the derivative in the third logit.
fn one_of_three() {
    let logits = [Dual::from(0.0), Dual::from(0.5), Jet::variable(-0.5, 0)];
    let cost = |y: [Dual; 3]| (choose(&y) - 5.0).powi(2);
    let mut p = logits;
    softmax(&mut p);
    let exact: Dual = p.iter().zip(VALUES).map(|(p, v)| *p * (v - 5.0).powi(2)).sum();
    let exact = exact.eps[0];
    let law = |t: f64| RelaxedOneHotCategorical::new(t.into(), logits).expect("valid");
    line("one-hot", exact, |t, rng| cost(law(t).sample(rng)));
    line("one-hot, straight-through", exact, |t, rng| cost(straight_through(law(t).sample(rng))));
    line("one-hot, Gumbel-Rao of 10", exact, |t, rng| cost(law(t).gumbel_rao(10, rng)));
    line("one-hot, ReinMax", exact, |t, rng| cost(reinmax(t, &logits, rng).expect("valid")));
}

/// (y - 0.2)² of a coin with logit 0.3.
fn coin() {
    let logit = Dual::variable(0.3, 0);
    let exact = (logit.sigmoid() * 0.6).eps[0];
    let law = |t: f64| RelaxedBernoulli::new(t.into(), logit).expect("valid");
    line("Bernoulli", exact, |t, rng| (law(t).sample(rng) - 0.2).powi(2));
    line("Bernoulli, straight-through", exact, |t, rng| {
        (law(t).straight_through(noise::uniform(rng).logit()) - 0.2).powi(2)
    });
}

/// Two of three without replacement, and the order of all three, by the Plackett-Luce law.
fn subset_and_order() {
    let scores = [Dual::from(0.0), Dual::from(0.5), Jet::variable(-0.5, 0)];
    let mut p = scores;
    softmax(&mut p);
    let subset_cost = |y: [Dual; 3]| (choose(&y) - 9.0).powi(2);
    let order_cost = |rows: [Dual; 3]| (rows[0] * 2.0 + rows[1] - rows[2] - 5.0).powi(2);
    let (mut subset, mut order) = (Dual::from(0.0), Dual::from(0.0));
    for (i, j) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
        let k = 3 - i - j;
        let chance = p[i] * p[j] / (-p[i] + 1.0);
        subset += chance * (VALUES[i] + VALUES[j] - 9.0).powi(2);
        order += chance * order_cost([VALUES[i], VALUES[j], VALUES[k]].map(Dual::from));
    }
    line("subset of 2", subset.eps[0], |t, rng| {
        subset_cost(RelaxedSubset::new(2, t.into(), scores).expect("valid").sample(rng))
    });
    for (name, sort) in [("NeuralSort", neural_sort::<Dual, 3> as fn(_, &_) -> _), ("SoftSort", soft_sort)] {
        line(name, order.eps[0], |t, rng| {
            let noise: [f64; 3] = gumbel_noise(rng);
            let rows = sort(t.into(), &std::array::from_fn(|k| scores[k] + noise[k])).expect("valid");
            order_cost(rows.map(|row| choose(&row)))
        });
    }
}

/// (y - 0.2)² of the first entry of a matching of two with two. With d = 1 the difference of the sums of scores, the
/// sum of two logistic numbers is below d with probability e^d (e^d - 1 - d)/(e^d - 1)².
fn matching() {
    let d = Dual::variable(1.0, 0);
    let chance = d.exp() * (d.exp() - d - 1.0) / d.exp_m1().powi(2);
    let zero = Dual::from(0.0);
    line("Gumbel-Sinkhorn, 2 by 2", (chance * 0.6).eps[0], |t, rng| {
        let y = RelaxedPermutation::new(t.into(), [[d, zero], [zero, zero]]).expect("valid").sample(rng);
        (y[0][0] - 0.2).powi(2)
    });
}

/// (k + 1)² of Poisson(3), k² of Binomial(10, 0.3): of the relaxed number, and mixed over the cells.
fn counts() {
    let rate = Dual::variable(3.0, 0);
    line("Poisson", 9.0, |t, rng| {
        (RelaxedCount::<_, 20>::poisson(t.into(), rate).expect("valid").sample(rng) + 1.0).powi(2)
    });
    line("Poisson, mixed", 9.0, |t, rng| {
        let y = RelaxedCount::<_, 20>::poisson(t.into(), rate).expect("valid").cells().sample(rng);
        y.iter().enumerate().map(|(k, y)| *y * (k as f64 + 1.0).powi(2)).sum()
    });
    let p = Dual::variable(0.3, 0);
    // n p (1 - p) + n² p²
    let exact = 10.0 * (1.0 - 0.6) + 200.0 * 0.3;
    line("binomial", exact, |t, rng| RelaxedCount::<_, 11>::binomial(t.into(), p).expect("valid").sample(rng).powi(2));
}

/// z² of a mixture of N(.4, .1) and N(.25, .5) with logits .1 and .5: the derivative in the first logit.
fn mixture() {
    let logits = [Dual::variable(0.1, 0), Dual::from(0.5)];
    let p = (logits[0] - logits[1]).sigmoid();
    let exact = (p * (0.17 - 0.3125)).eps[0];
    let draw = |t: f64, rng: &mut Xoshiro| {
        let y = RelaxedOneHotCategorical::new(t.into(), logits).expect("valid").sample(rng);
        (y, [0.4 + 0.1 * noise::normal(rng), 0.25 + 0.5 * noise::normal(rng)])
    };
    line("mixture, square of the blend", exact, |t, rng| {
        let (y, z) = draw(t, rng);
        select(&y, &z.map(|z| [Dual::from(z)]))[0].powi(2)
    });
    line("mixture, blend of the squares", exact, |t, rng| {
        let (y, z) = draw(t, rng);
        select(&y, &z.map(|z| [Dual::from(z * z)]))[0]
    });
}

/// (number of ones - 1)² of a chain of three bits, with a score of 0.3 for a one in the middle and of 1 for equal
/// neighbours: the derivative in either score. Noise on the states makes another law than the chain's, so the bias does
/// not go to 0.
fn chain() {
    let exact = |stay: Dual, one: Dual| {
        let (mut sum, mut mean) = (Dual::from(0.0), Dual::from(0.0));
        for x in 0..8 {
            let bits = [x & 1, x >> 1 & 1, x >> 2];
            let equal = f64::from(u8::from(bits[0] == bits[1]) + u8::from(bits[1] == bits[2]));
            let weight = (stay * equal + one * f64::from(bits[1])).exp();
            sum += weight;
            mean += weight * f64::from((bits.iter().sum::<i32>() - 1).pow(2));
        }
        (mean / sum).eps[0]
    };
    let zero = Dual::from(0.0);
    for (name, stay, one) in [
        ("chain, in a transition", Dual::variable(1.0, 0), Dual::from(0.3)),
        ("chain, in a state", Dual::from(1.0), Dual::variable(0.3, 0)),
    ] {
        let law = |t: f64| {
            let states = [[zero; 2], [zero, one], [zero; 2]];
            RelaxedChain::new(t.into(), states, [[stay, zero], [zero, stay]]).expect("valid")
        };
        let cost = |y: [[Dual; 2]; 3]| (y[0][1] + y[1][1] + y[2][1] - 1.0).powi(2);
        line(name, exact(stay, one), |t, rng| cost(law(t).sample(rng)));
        line(&format!("{name}, in turn"), exact(stay, one), |t, rng| {
            cost(law(t).relax_in_turn(&std::array::from_fn(|_| gumbel_noise(rng))))
        });
    }
}

/// von Mises-Fisher in R^5 by Wood's sampler (1994): d E[mu.x]/dκ at κ = 2.
fn rejection() {
    println!("rejection: d E[mu.x]/dκ of von Mises-Fisher in R^5 at κ = 2");
    println!("| τ | bias, % | deviation of one sample | proposals |\n|---|---|---|---|");
    for temperature in [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0] {
        let sampler = Relaxed::new(temperature).expect("valid");
        let mut rng = Xoshiro::seed_from_u64(1);
        let mut proposals = 0;
        let (bias, deviation) = row(0.147388687, |_| {
            let draw = sampler
                .draw(&mut rng, |rng| {
                    let proposal = wood(Jet::variable(2.0, 0), rng);
                    ([proposal.value], proposal.ln_accept)
                })
                .expect("few proposals");
            proposals += draw.proposals;
            draw.value[0]
        });
        println!("| {temperature} | {bias:.1} | {deviation:.1} | {:.1} |", proposals as f64 / f64::from(SAMPLES));
    }
    for temperature in [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0] {
        let mut rng = Xoshiro::seed_from_u64(1);
        let (bias, deviation) = row(0.147388687, |_| until_accepted(temperature, &mut rng));
        println!("| {temperature}, ended by the first accepted | {bias:.1} | {deviation:.1} | |");
    }
    let mut rng = Xoshiro::seed_from_u64(1);
    let proposals = Cell::new(0);
    let exact = Rejection::new(0.0, |rng: &mut Xoshiro| {
        proposals.set(proposals.get() + 1);
        let Proposal { value, ln_accept } = wood(Jet::variable(2.0, 0), rng);
        Candidate { value, ln_ratio: ln_accept }
    })
    .expect("a finite bound");
    let (bias, deviation) = row(0.147388687, |_| exact.draw_unnormalized(&mut rng).expect("few proposals").term());
    println!("| exact | {bias:.1} | {deviation:.1} | {:.1} |", f64::from(proposals.get()) / f64::from(SAMPLES));
}

/// The relaxed mixture of the proposals up to the first that is accepted in plain numbers, normalized.
fn until_accepted(temperature: f64, rng: &mut Xoshiro) -> Dual {
    let (mut value, mut left) = (Dual::from(0.0), Dual::from(1.0));
    loop {
        let proposal = wood(Jet::variable(2.0, 0), rng);
        let ln_u = noise::uniform(rng).ln();
        let margin = (proposal.ln_accept - ln_u) / temperature;
        value += left * margin.sigmoid() * proposal.value;
        left *= (-margin).sigmoid();
        if ln_u < proposal.ln_accept.re {
            return value.over(-left + 1.0);
        }
    }
}

/// A cosine, and the logarithm of the probability that it is accepted.
struct Proposal {
    value: Dual,
    ln_accept: Dual,
}

/// A proposal. The logarithm of its probability of acceptance is that of target over proposal, without factors of κ
/// alone.
fn wood(kappa: Dual, rng: &mut Xoshiro) -> Proposal {
    let b = ((kappa * kappa * 4.0 + 16.0).sqrt() - kappa * 2.0) / 4.0;
    let x0 = (-b + 1.0) / (b + 1.0);
    // Beta(2, 2) is the middle one of three uniform numbers
    let mut u = [0.0; 3].map(|_: f64| noise::uniform(rng));
    u.sort_by(f64::total_cmp);
    let w = (-(b + 1.0) * u[1] + 1.0) / ((b - 1.0) * u[1] + 1.0);
    let c = kappa * x0 + (-x0 * x0).ln_1p() * 4.0;
    // the proposals' density is proportional to (1 - w²)/(1 - x0 w)⁴, the target's to e^(κ w) (1 - w²)
    let ln_accept = kappa * w + (-x0 * w).ln_1p() * 4.0 - c;
    Proposal { value: w, ln_accept }
}
