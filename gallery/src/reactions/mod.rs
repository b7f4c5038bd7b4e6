//! Chemical reactions by Gillespie's algorithm: how the mean number of molecules depends on the rates, though every
//! reaction is a jump.
//!
//! Which reaction is next is a race of exponential clocks: one call, and the program is ordinary code in a loop of
//! random length. The waiting time carries its pathwise derivative, the choice a score or a replay. Systems with few
//! states have an exact answer, the master equation dp/dt = Q p, which is differentiable too.

use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use reparam::program::Plain;
use std::collections::HashMap;
use std::time::Instant;

/// Times at which molecules are counted.
pub const TIMES: usize = 6;

/// The logarithms of the two rates.
pub type Theta<S> = [S; 2];

/// Molecules of the two kinds.
pub type State = [u64; 2];

/// A reaction: in how many ways it happens in a state, and what it takes and makes.
#[derive(Clone, Copy, Debug)]
pub struct Reaction {
    /// Molecules of each kind that it takes.
    taken: State,
    /// Molecules of each kind that it makes.
    made: State,
    /// Which of the two rates it has; without one, its speed does not depend on them.
    rate: Option<usize>,
    /// How fast it is, over the rate.
    ways: fn(State) -> f64,
}

/// Two kinds of molecules, and reactions between them.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// In words.
    pub name: &'static str,
    /// What the rates are of.
    pub rates: [&'static str; 2],
    /// Rates for a first look.
    pub default_rates: [f64; 2],
    /// Molecules at time 0.
    pub start: State,
    /// The last time.
    pub end: f64,
    /// At most [`REACTIONS`].
    pub reactions: &'static [Reaction],
    /// Counts beyond these are not in the master equation.
    pub most: State,
}

/// Reactions of a system at the most.
pub const REACTIONS: usize = 4;

/// ∅ → A and A → ∅.
pub const BIRTH_DEATH: System = System {
    name: "birth and death",
    rates: ["birth", "death"],
    default_rates: [20.0, 1.0],
    start: [5, 0],
    end: 3.0,
    reactions: &[
        Reaction { taken: [0, 0], made: [1, 0], rate: Some(0), ways: |_| 1.0 },
        Reaction { taken: [1, 0], made: [0, 0], rate: Some(1), ways: |[a, _]| a as f64 },
    ],
    most: [80, 0],
};

/// 2 A → B and B → 2 A.
pub const DIMERIZATION: System = System {
    name: "dimerization",
    rates: ["pairing", "parting"],
    default_rates: [0.05, 0.5],
    start: [40, 0],
    end: 3.0,
    reactions: &[
        Reaction { taken: [2, 0], made: [0, 1], rate: Some(0), ways: |[a, _]| a as f64 * (a as f64 - 1.0) / 2.0 },
        Reaction { taken: [0, 1], made: [2, 0], rate: Some(1), ways: |[_, b]| b as f64 },
    ],
    most: [40, 20],
};

/// A genetic clock: an activator turns on a repressor, which binds the activator. The two slow variables of Vilar, Kueh,
/// Barkai & Leibler 2002, "Mechanisms of noise-resistance in genetic oscillators", PNAS 99, with the parameters there
/// (hours), in a tenth of the volume: ∅ → R, R + activator → C, C → R as its activator decays, R → ∅.
pub const OSCILLATOR: System = System {
    name: "genetic oscillator",
    rates: ["making", "decay"],
    default_rates: [10.0, 0.2],
    start: [0, 0],
    end: 15.0,
    reactions: &[
        Reaction { taken: [0, 0], made: [1, 0], rate: Some(0), ways: |[r, _]| vilar::transcription(r) },
        Reaction {
            taken: [1, 0],
            made: [0, 1],
            rate: None,
            ways: |[r, _]| vilar::BINDING * vilar::activator(r) * r as f64,
        },
        Reaction { taken: [0, 1], made: [1, 0], rate: None, ways: |[_, c]| vilar::ACTIVATOR_DECAY * c as f64 },
        Reaction { taken: [1, 0], made: [0, 0], rate: Some(1), ways: |[r, _]| r as f64 },
    ],
    most: [80, 130],
};

/// Parameters of the genetic clock: α, β, δ, γ and θ there are rates of transcription, translation, decay, binding to a gene
/// and leaving it. The rates that may be changed are β_R/δ_MR = 10 and δ_R = 0.2.
mod vilar {
    /// Of one cell.
    const VOLUME: f64 = 0.1;
    pub const BINDING: f64 = 2.0;
    pub const ACTIVATOR_DECAY: f64 = 1.0;

    /// The concentration of free activator when it is in balance with the repressor.
    pub fn activator(repressor: u64) -> f64 {
        let made = 50.0 / (10.0 * (BINDING * repressor as f64 / VOLUME + ACTIVATOR_DECAY));
        let (rest, leaving) = (50.0, 50.0);
        let half = (500.0 * made - leaving) / 2.0;
        half + (half * half + rest * made * leaving).sqrt()
    }

    /// Messengers of the repressor an hour, with its gene on and off by the activator.
    pub fn transcription(repressor: u64) -> f64 {
        let (off, on, leaving) = (0.01, 50.0, 100.0);
        let activator = activator(repressor);
        VOLUME * (off * leaving + on * activator) / (leaving + activator)
    }
}

/// The likeliest that a count beyond [`System::most`] may be.
const BEYOND: f64 = 1e-6;

impl System {
    fn speed<S: Scalar>(&self, reaction: &Reaction, rates: &[S; 2], state: State) -> S {
        let ways = (reaction.ways)(state);
        reaction.rate.map_or(S::from(ways), |rate| rates[rate] * ways)
    }

    fn after(&self, reaction: &Reaction, state: State) -> Option<State> {
        let left = [0, 1].map(|kind| state[kind].checked_sub(reaction.taken[kind]));
        Some([left[0]? + reaction.made[0], left[1]? + reaction.made[1]])
    }

    /// The times of the counts.
    pub fn times(&self) -> [f64; TIMES] {
        std::array::from_fn(|i| self.end * (i as f64 + 1.0) / TIMES as f64)
    }

    /// Gillespie's algorithm for a while: the state after it.
    fn advance<S: Scalar>(&self, rates: &[S; 2], mut state: State, time: f64, chance: &mut impl Chance<S>) -> State {
        let mut left = S::from(time);
        let mut speeds = [S::from(0.0); REACTIONS];
        let speeds = &mut speeds[..self.reactions.len()];
        loop {
            speeds.iter_mut().zip(self.reactions).for_each(|(speed, r)| *speed = self.speed(r, rates, state));
            let Some((reaction, wait)) = chance.race(speeds, left) else { return state };
            // a reaction without its molecules has speed 0, and does not win
            state = self.after(&self.reactions[reaction], state).unwrap_or(state);
            left -= wait;
        }
    }

    /// Molecules of the first kind at each of the times.
    fn simulate<S: Scalar>(&self, ln_rates: Theta<S>, chance: &mut impl Chance<S>) -> [S; TIMES] {
        let rates = ln_rates.map(|ln| ln.exp());
        let mut state = self.start;
        std::array::from_fn(|_| {
            // clocks have no memory: they may start again at every time
            state = self.advance(&rates, state, self.end / TIMES as f64, chance);
            S::from(state[0] as f64)
        })
    }

    /// One run: times, and molecules of the first kind.
    pub fn path(&self, ln_rates: Theta<f64>, points: u32, rng: &mut Generator) -> Vec<(f64, f64)> {
        let rates = ln_rates.map(f64::exp);
        let mut chance = Plain::new(rng);
        let mut state = self.start;
        let mut path = vec![(0.0, state[0] as f64)];
        for point in 1..=points {
            state = self.advance(&rates, state, self.end / f64::from(points), &mut chance);
            path.push((self.end * f64::from(point) / f64::from(points), state[0] as f64));
        }
        path
    }

    /// The states that can be reached, and the reactions between them: from, to and speed.
    fn graph<S: Scalar>(&self, rates: &[S; 2]) -> (Vec<State>, Vec<(usize, usize, S)>) {
        let (mut states, mut arrows) = (vec![self.start], Vec::new());
        let mut places = HashMap::from([(self.start, 0)]);
        let mut at = 0;
        while at < states.len() {
            for reaction in self.reactions {
                let speed = self.speed(reaction, rates, states[at]);
                let next = self.after(reaction, states[at]).filter(|n| n[0] <= self.most[0] && n[1] <= self.most[1]);
                let (Some(next), true) = (next, speed.re() > 0.0) else { continue };
                let to = *places.entry(next).or_insert_with(|| {
                    states.push(next);
                    states.len() - 1
                });
                arrows.push((at, to, speed));
            }
            at += 1;
        }
        (states, arrows)
    }

    /// The mean counts by the master equation, as Σ_k Poisson(k; Λ t) Pᵏ p with P = 1 + Q/Λ (uniformization).
    ///
    /// # Errors
    /// Rates so large that there would be more than a million terms, or that counts leave the master equation.
    pub fn exactly<S: Scalar>(&self, ln_rates: Theta<S>, times: &[f64]) -> Result<Vec<S>, Error> {
        let (states, arrows) = self.graph(&ln_rates.map(|ln| ln.exp()));
        let mut leaving = vec![0.0; states.len()];
        arrows.iter().for_each(|(from, _, speed)| leaving[*from] += speed.re());
        let fastest = leaving.iter().copied().fold(0.0, f64::max);
        let terms = fastest * times.iter().copied().fold(0.0, f64::max);
        if terms.is_nan() || terms > 1e6 {
            return Err("rates so large that the master equation is out of reach".into());
        }
        let terms = (terms + 12.0 * terms.sqrt() + 40.0) as u64;
        let weights: Vec<_> = times.iter().map(|t| Poisson::new(fastest * t)).collect::<Result<_, _>>()?;
        let is_at_edge = |state: &State| (0..2).any(|k| state[k] == self.most[k] && self.start[k] < self.most[k]);
        let arrows: Vec<_> = arrows.into_iter().map(|(from, to, speed)| (from, to, speed / fastest)).collect();
        let mut p = vec![S::from(0.0); states.len()];
        p[0] = S::from(1.0);
        let mut before = p.clone();
        let mut means = vec![S::from(0.0); times.len()];
        for k in 0..terms {
            let mean = p.iter().zip(&states).fold(S::from(0.0), |sum, (p, state)| sum + *p * state[0] as f64);
            for (sum, weight) in means.iter_mut().zip(&weights) {
                *sum += mean * weight.pmf(&k);
            }
            before.copy_from_slice(&p);
            for (from, to, share) in &arrows {
                let flow = before[*from] * *share;
                p[*from] -= flow;
                p[*to] += flow;
            }
        }
        let at_edge: f64 = p.iter().zip(&states).filter(|(_, s)| is_at_edge(s)).map(|(p, _)| p.re()).sum();
        match self.reactions.iter().any(|r| r.taken == [0, 0]) && at_edge > BEYOND {
            false => Ok(means),
            true => Err(format!(
                "{}: rates so large that more than {} molecules are likely, which the master equation does not count",
                self.name, self.most[0]
            )
            .into()),
        }
    }
}

/// One row of the table of estimators.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name in `reparam::estimate`.
    pub name: &'static str,
    /// Means at all times, and their derivatives in the logarithms of the rates.
    pub estimate: Estimate<[[f64; 2]; TIMES], [f64; TIMES]>,
    /// Seconds that it took.
    pub seconds: f64,
}

impl Row {
    /// Variance times time of the derivative in a rate at the last time.
    pub fn cost(&self, rate: usize) -> f64 {
        self.estimate.gradient_se[TIMES - 1][rate].powi(2) * self.seconds
    }
}

/// Means and gradients by every estimator that applies.
///
/// # Errors
/// Rates outside of their ranges.
pub fn gradients(
    system: System,
    ln_rates: Theta<f64>,
    samples: u64,
    seed: u64,
    mut progress: impl FnMut(),
) -> Result<Vec<Row>, Error> {
    let program = program!(|ln_rates: [S; 2], chance| using (system: System) -> [S; TIMES] {
        system.simulate(ln_rates, chance)
    });
    let mut rows = Vec::new();
    let mut row = |name, run: &dyn Fn() -> Result<_, Error>| -> Result<(), Error> {
        let start = Instant::now();
        rows.push(Row { name, estimate: run()?, seconds: start.elapsed().as_secs_f64() });
        progress();
        Ok(())
    };
    row("score", &|| Ok(estimate::score(ln_rates, program).samples(samples).run_seed(seed)?))?;
    row("replay", &|| Ok(estimate::replay(ln_rates, program).samples(samples).run_seed(seed)?))?;
    row("mix", &|| Ok(estimate::mix(ln_rates, program).samples(samples).run_seed(seed)?))?;
    row("martingale", &|| Ok(estimate::martingale(ln_rates, program).samples(samples).run_seed(seed)?))?;
    row("differences", &|| {
        Ok(estimate::finite_difference(ln_rates, program, 0.1).richardson().samples(samples).run_seed(seed)?.estimate)
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ln_rates(system: System) -> Theta<f64> {
        system.default_rates.map(f64::ln)
    }

    /// n(t) = k/γ + (n₀ - k/γ) e^(-γ t)
    #[test]
    fn the_master_equation_of_birth_and_death_has_a_closed_form() {
        let ln = Jet::<f64, 2>::variables(ln_rates(BIRTH_DEATH));
        let found = BIRTH_DEATH.exactly(ln, &BIRTH_DEATH.times()).unwrap();
        let [k, g] = ln.map(|x| x.exp());
        for (t, found) in BIRTH_DEATH.times().into_iter().zip(found) {
            let level = k.over(g);
            let exact = level + (-level + BIRTH_DEATH.start[0] as f64) * (-g * t).exp();
            assert!((found.re - exact.re).abs() < 1e-10, "{found} {exact}");
            assert!((0..2).all(|i| (found.eps[i] - exact.eps[i]).abs() < 1e-9), "{found} {exact}");
        }
    }

    /// From two molecules: one pair that forms at rate k and parts at rate g, so
    /// E[A] = 2 - 2 k/(k+g) (1 - e^(-(k+g) t)).
    #[test]
    fn the_master_equation_of_one_pair_has_a_closed_form() {
        let pair = System { start: [2, 0], most: [2, 1], ..DIMERIZATION };
        let ln = Jet::<f64, 2>::variables(ln_rates(DIMERIZATION));
        let [k, g] = ln.map(|x| x.exp());
        for (t, found) in pair.times().into_iter().zip(pair.exactly(ln, &pair.times()).unwrap()) {
            let exact = k.over(k + g) * (-(k + g) * t).exp_m1() * 2.0 + 2.0;
            assert!((found.re - exact.re).abs() < 1e-12, "{found} {exact}");
            assert!((0..2).all(|i| (found.eps[i] - exact.eps[i]).abs() < 1e-12), "{found} {exact}");
        }
    }

    #[test]
    fn estimators_agree_with_the_master_equation() {
        for (system, samples) in [(BIRTH_DEATH, 5_000), (DIMERIZATION, 5_000), (OSCILLATOR, 2_000)] {
            let exact = system.exactly(Jet::<f64, 2>::variables(ln_rates(system)), &system.times()).unwrap();
            for row in gradients(system, ln_rates(system), samples, 1, || ()).unwrap() {
                let e = &row.estimate;
                for (t, exact) in exact.iter().enumerate() {
                    let near = |found: f64, se: f64, exact: f64| {
                        assert!(
                            (found - exact).abs() < 5.0 * se,
                            "{} {}: {found} ± {se}, {exact}",
                            system.name,
                            row.name
                        );
                        // scores add up a thousand reactions of the oscillator, and are mostly noise there
                        let is_noise = system.name == OSCILLATOR.name && row.name != "differences";
                        assert!(se < if is_noise { 20.0 } else { 3.0 }, "{} {}: {se}", system.name, row.name);
                    };
                    near(e.value[t], e.value_se[t], exact.re);
                    near(e.gradient[t][0], e.gradient_se[t][0], exact.eps[0]);
                    near(e.gradient[t][1], e.gradient_se[t][1], exact.eps[1]);
                }
            }
        }
    }
}
