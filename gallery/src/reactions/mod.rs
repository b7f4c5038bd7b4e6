//! Chemical reactions by Gillespie's algorithm: how the mean number of molecules depends on the rates, though every
//! reaction is a jump.
//!
//! Which reaction is next is a race of exponential clocks: one call, and the program is ordinary code in a loop of
//! random length. The waiting time carries its pathwise derivative, the choice a score or a replay. Systems with few
//! states have an exact answer, the master equation dp/dt = Q p, which is differentiable too.

use crate::Error;
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use std::time::Instant;

/// Times at which molecules are counted.
pub const TIMES: usize = 6;

/// The logarithms of the two rates.
pub type Theta<S> = [S; 2];

/// Molecules of the two kinds.
pub type State = [u64; 2];

/// Two kinds of molecules and two reactions by mass action.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// In words.
    pub name: &'static str,
    /// What the rates are of.
    pub rates: [&'static str; 2],
    /// Molecules at time 0.
    pub start: State,
    /// The last time.
    pub end: f64,
    /// How many of each kind a reaction takes, and makes.
    pub reactions: [(State, State); 2],
    /// Counts of the first kind beyond this are not in the master equation.
    pub most: u64,
}

/// ∅ → A and A → ∅.
pub const BIRTH_DEATH: System = System {
    name: "birth and death",
    rates: ["birth", "death"],
    start: [5, 0],
    end: 3.0,
    reactions: [([0, 0], [1, 0]), ([1, 0], [0, 0])],
    most: 80,
};

/// 2 A → B and B → 2 A.
pub const DIMERIZATION: System = System {
    name: "dimerization",
    rates: ["pairing", "parting"],
    start: [40, 0],
    end: 3.0,
    reactions: [([2, 0], [0, 1]), ([0, 1], [2, 0])],
    most: 40,
};

impl System {
    /// Rates for a first look.
    pub fn default_rates(&self) -> [f64; 2] {
        if self.most == BIRTH_DEATH.most { [20.0, 1.0] } else { [0.05, 0.5] }
    }

    /// How many ways there are for a reaction to happen: Π C(n, taken).
    fn ways(&self, reaction: usize, state: State) -> f64 {
        let ways = |n: u64, taken: u64| match taken {
            0 => 1.0,
            1 => n as f64,
            _ => n as f64 * (n as f64 - 1.0) / 2.0,
        };
        let (taken, _) = self.reactions[reaction];
        ways(state[0], taken[0]) * ways(state[1], taken[1])
    }

    fn after(&self, reaction: usize, state: State) -> State {
        let (taken, made) = self.reactions[reaction];
        [0, 1].map(|kind| state[kind] - taken[kind] + made[kind])
    }

    /// The times of the counts.
    pub fn times(&self) -> [f64; TIMES] {
        std::array::from_fn(|i| self.end * (i as f64 + 1.0) / TIMES as f64)
    }

    /// Gillespie's algorithm: molecules of the first kind at each of the times.
    fn simulate<S: Scalar>(&self, ln_rates: Theta<S>, chance: &mut impl Chance<S>) -> [S; TIMES] {
        let rates = ln_rates.map(|ln| ln.exp());
        let mut state = self.start;
        std::array::from_fn(|_| {
            // clocks have no memory: they may start again at every time
            let mut left = S::from(self.end / TIMES as f64);
            loop {
                let speeds: [S; 2] = std::array::from_fn(|r| rates[r] * self.ways(r, state));
                let Some((reaction, wait)) = chance.race(&speeds, left) else { break };
                state = self.after(reaction, state);
                left -= wait;
            }
            S::from(state[0] as f64)
        })
    }

    /// The mean counts by the master equation, as Σ_k Poisson(k; Λ t) Pᵏ p with P = 1 + Q/Λ (uniformization).
    ///
    /// # Errors
    /// Rates so large that there would be more than a million terms.
    pub fn exactly<S: Scalar>(&self, ln_rates: Theta<S>) -> Result<[S; TIMES], Error> {
        let rates = ln_rates.map(|ln| ln.exp());
        let mut states = vec![self.start];
        let mut arrows = Vec::new();
        let mut at = 0;
        while at < states.len() {
            for reaction in [0, 1] {
                let ways = self.ways(reaction, states[at]);
                if ways == 0.0 || (reaction == 0 && states[at][0] >= self.most && self.start[0] < self.most) {
                    continue;
                }
                let next = self.after(reaction, states[at]);
                let to = states.iter().position(|s| *s == next).unwrap_or_else(|| {
                    states.push(next);
                    states.len() - 1
                });
                arrows.push((at, to, rates[reaction] * ways));
            }
            at += 1;
        }
        let mut leaving = vec![0.0; states.len()];
        arrows.iter().for_each(|(from, _, speed)| leaving[*from] += speed.re());
        let fastest = leaving.iter().copied().fold(0.0, f64::max);
        let terms = fastest * self.end;
        if terms.is_nan() || terms > 1e6 {
            return Err("rates so large that the master equation is out of reach".into());
        }
        let terms = (terms + 12.0 * terms.sqrt() + 40.0) as u64;
        let weights = self.times().map(|t| Poisson::new(fastest * t));
        let mut p = vec![S::from(0.0); states.len()];
        p[0] = S::from(1.0);
        let mut means = [S::from(0.0); TIMES];
        for k in 0..terms {
            let mean = p.iter().zip(&states).fold(S::from(0.0), |sum, (p, state)| sum + *p * state[0] as f64);
            for (sum, weight) in means.iter_mut().zip(&weights) {
                *sum += mean * weight.as_ref().map_or(f64::NAN, |law| law.pmf(&k));
            }
            let before = p.clone();
            for (from, to, speed) in &arrows {
                let flow = before[*from] * *speed / fastest;
                p[*from] -= flow;
                p[*to] += flow;
            }
        }
        Ok(means)
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
        Ok(estimate::finite_difference(ln_rates, program, 0.1).richardson().samples(samples).run_seed(seed)?)
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ln_rates(system: System) -> Theta<f64> {
        system.default_rates().map(f64::ln)
    }

    /// n(t) = k/γ + (n₀ - k/γ) e^(-γ t)
    #[test]
    fn the_master_equation_of_birth_and_death_has_a_closed_form() {
        let ln = Jet::<f64, 2>::variables(ln_rates(BIRTH_DEATH));
        let found = BIRTH_DEATH.exactly(ln).unwrap();
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
        let pair = System { start: [2, 0], most: 2, ..DIMERIZATION };
        let ln = Jet::<f64, 2>::variables(ln_rates(DIMERIZATION));
        let [k, g] = ln.map(|x| x.exp());
        for (t, found) in pair.times().into_iter().zip(pair.exactly(ln).unwrap()) {
            let exact = k.over(k + g) * (-(k + g) * t).exp_m1() * 2.0 + 2.0;
            assert!((found.re - exact.re).abs() < 1e-12, "{found} {exact}");
            assert!((0..2).all(|i| (found.eps[i] - exact.eps[i]).abs() < 1e-12), "{found} {exact}");
        }
    }

    #[test]
    fn estimators_agree_with_the_master_equation() {
        for system in [BIRTH_DEATH, DIMERIZATION] {
            let exact = system.exactly(Jet::<f64, 2>::variables(ln_rates(system))).unwrap();
            for row in gradients(system, ln_rates(system), 5_000, 1, || ()).unwrap() {
                let e = &row.estimate;
                for (t, exact) in exact.iter().enumerate() {
                    let near = |found: f64, se: f64, exact: f64| {
                        assert!(
                            (found - exact).abs() < 5.0 * se,
                            "{} {}: {found} ± {se}, {exact}",
                            system.name,
                            row.name
                        );
                        assert!(se < 3.0, "{} {}: {se}", system.name, row.name);
                    };
                    near(e.value[t], e.value_se[t], exact.re);
                    near(e.gradient[t][0], e.gradient_se[t][0], exact.eps[0]);
                    near(e.gradient[t][1], e.gradient_se[t][1], exact.eps[1]);
                }
            }
        }
    }
}
