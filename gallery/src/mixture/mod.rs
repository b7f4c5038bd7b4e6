//! A mixture of two normal laws fitted to Old Faithful's eruptions, or a user's numbers, by draws from the mixture.
//!
//! A simulator that one can only draw from is fitted by a distance between its draws and the data. Here it is the energy
//! distance (the continuous ranked probability score, averaged over the data y_1, ..., y_n),
//!
//! ```text
//! loss = mean over i of E|X - y_i| - E|X - X'| / 2,
//! ```
//!
//! with X and X' independent draws of the model. A mixture is a good test: for its draws there are four gradients, and a
//! closed form to compare with. One of the four, the exact derivative of the draw, has the least variance where components
//! overlap and must not be used where they are far apart; [`apart`] shows it.

mod loss;

pub use loss::{Loss, read};

use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use reparam::relax::{RelaxedOneHotCategorical, select};
use reparam::step::{Adam, Rule, Schedule};
use reparam::weighted::{self, Weighted};

/// ln(w / (1 - w)) with the first component's weight w, the means, the logarithms of the standard deviations.
pub type Theta = [f64; 5];

/// The parameters' names.
pub const NAMES: [&str; 5] = ["logit w", "mean 1", "mean 2", "ln sd 1", "ln sd 2"];

type J = Jet<f64, 5>;
type Handle = estimate::Handle<J>;

/// Where the derivatives of a draw come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The draw moves with all parameters, the weights too, at a fixed probability.
    Exact,
    /// The draw moves with its component; the choice of the component is weighted by its score.
    Component,
    /// The draw is a number; it is weighted by its density's score.
    Score,
    /// A blend of draws of both components by a relaxed choice of this temperature.
    Relaxed(f64),
}

impl Method {
    /// The name in tables.
    pub fn name(self) -> String {
        match self {
            Method::Exact => "exact derivative of draws".into(),
            Method::Component => "score of the component".into(),
            Method::Score => "score of the draw".into(),
            Method::Relaxed(temperature) => format!("relaxed choice at {temperature}"),
        }
    }

    /// One sample of the loss.
    fn sample(self, theta: [J; 5], loss: &Loss, rng: &mut Handle) -> Result<J, Error> {
        if let Method::Relaxed(temperature) = self {
            let [x, other] = [relaxed(theta, temperature, rng)?, relaxed(theta, temperature, rng)?];
            return Ok(loss.of_draws(x, other));
        }
        let law = law(theta)?;
        let mut draw = || match self {
            Method::Component => weighted::score_component(&law, rng),
            Method::Score => weighted::score(&law, rng),
            _ => Weighted::one(law.sample(rng)),
        };
        let pair = draw().zip(draw());
        let weight = pair.weight;
        let value = loss.of_draws(pair.value.0, pair.value.1);
        // a weight has the mean 1: the loss itself is a baseline
        let baseline = J::from(loss.exact(theta.map(|t| t.re)));
        Ok(Weighted { value, weight }.with_baseline(baseline))
    }

    /// The loss and its gradient.
    ///
    /// # Errors
    /// Parameters outside of the laws' ranges.
    pub fn gradient(
        self,
        theta: Theta,
        loss: &Loss,
        samples: u64,
        rng: &mut Generator,
    ) -> Result<Estimate<[f64; 5]>, Error> {
        let f = |theta: [J; 5], rng: &mut Handle| self.sample(theta, loss, rng);
        Ok(estimate::pathwise(theta, f).samples(samples).par_run(rng)?)
    }
}

/// The mixture of these parameters.
///
/// # Errors
/// Parameters outside of the laws' ranges.
pub fn law<S: Scalar>([logit, m1, m2, s1, s2]: [S; 5]) -> Result<Mixture<S, [Normal<S>; 2]>, LawError> {
    Mixture::from_logits([logit, S::from(0.0)], [Normal::new(m1, s1.exp())?, Normal::new(m2, s2.exp())?])
}

fn relaxed([logit, m1, m2, s1, s2]: [J; 5], temperature: f64, rng: &mut Handle) -> Result<J, Error> {
    let choice = RelaxedOneHotCategorical::new(J::from(temperature), [logit, J::from(0.0)])?.sample(rng);
    let components = [[Normal::new(m1, s1.exp())?.sample(rng)], [Normal::new(m2, s2.exp())?.sample(rng)]];
    Ok(select(&choice, &components)[0])
}

/// How the fit goes.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// Steps.
    pub steps: u32,
    /// Samples for each.
    pub samples: u64,
}

/// Parameters after each step of Adam with steps that shrink; relaxed choices are annealed, from a temperature of 1 down to
/// their own.
///
/// # Errors
/// Parameters have left the laws' ranges.
pub fn fit(method: Method, start: Theta, loss: &Loss, plan: Fit, rng: &mut Generator) -> Result<Vec<Theta>, Error> {
    let (mut theta, mut adam) = (start, Adam::new(&start).decays(0.9, 0.99)?);
    let schedule = Schedule::cosine(0.1, 0.0, plan.steps.into())?;
    let mut path = vec![start];
    for step in 1..=plan.steps {
        let part = f64::from(step) / f64::from(plan.steps);
        let method = match method {
            Method::Relaxed(end) => Method::Relaxed(end.powf(part)),
            other => other,
        };
        let e = method.gradient(theta, loss, plan.samples, rng)?;
        adam.step(&mut theta, &e.gradient, schedule.rate(step.into()))?;
        path.push(theta);
    }
    Ok(path)
}

/// Two normal laws of standard deviation 1 and weights 1/2 whose means are apart: dE\[z\]/dw = -distance.
#[derive(Clone, Debug)]
pub struct Apart {
    /// Between the means.
    pub distance: f64,
    /// What `Mixture::overlap` warns with.
    pub overlap: f64,
    /// dE\[z\]/dw by the draws' own derivatives: it and its standard error.
    pub exact: (f64, f64),
    /// By the score of the component.
    pub component: (f64, f64),
}

/// The derivative in the weight by both ways.
///
/// # Errors
/// The distance is outside of the laws' range.
pub fn apart(distance: f64, draws: u64, rng: &mut Generator) -> Result<Apart, Error> {
    type One = Jet<f64, 1>;
    let law = |w: One| -> Result<_, LawError> {
        let laws = [Normal::new(One::from(0.0), One::from(1.0))?, Normal::new(One::from(distance), One::from(1.0))?];
        Mixture::new([w, -w + 1.0], laws)
    };
    let moving = |[w]: [One; 1], rng: &mut estimate::Handle<One>| -> Result<_, LawError> { Ok(law(w)?.sample(rng)) };
    let chosen = |[w]: [One; 1], rng: &mut estimate::Handle<One>| -> Result<_, LawError> {
        Ok(weighted::score_component(&law(w)?, rng).with_baseline(One::from(distance / 2.0)))
    };
    let exact = estimate::pathwise([0.5], moving).samples(draws).par_run(rng)?;
    let component = estimate::pathwise([0.5], chosen).samples(draws).par_run(rng)?;
    Ok(Apart {
        distance,
        overlap: law(One::from(0.5))?.overlap(),
        exact: (exact.gradient[0], exact.gradient_se[0]),
        component: (component.gradient[0], component.gradient_se[0]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    const THETA: Theta = [-0.4, 2.2, 4.0, -0.8, -0.5];

    fn loss() -> Loss {
        Loss::new(read(None, "eruption_min").unwrap())
    }

    #[test]
    fn three_gradients_are_right_and_differ_in_variance() {
        let loss = loss();
        let exact = loss.exact(Jet::variables(THETA));
        let mut rng = Generator::seed_from_u64(1);
        let mut variance = Vec::new();
        for method in [Method::Exact, Method::Component, Method::Score] {
            let e = method.gradient(THETA, &loss, 50_000, &mut rng).unwrap();
            for i in 0..5 {
                let off = e.gradient[i] - exact.eps[i];
                assert!(off.abs() < 5.0 * e.gradient_se[i], "{method:?} {i}: {off} ± {}", e.gradient_se[i]);
            }
            variance.push(e.gradient_se.map(|se| se * se));
        }
        // the means and standard deviations: a score knows nothing of the slope
        for i in 1..5 {
            assert!(variance[2][i] > 2.0 * variance[0][i], "{i}: {variance:?}");
        }
    }

    #[test]
    fn the_minimum_is_one() {
        let loss = loss();
        let best = loss.minimum(loss.start()).unwrap();
        for i in 0..5 {
            for step in [-0.01, 0.01] {
                let mut near = best;
                near[i] += step;
                assert!(loss.exact(near) > loss.exact(best));
            }
        }
    }

    #[test]
    fn relaxed_choices_are_biased_and_less_so_when_cold() {
        let loss = loss();
        let exact = loss.exact(Jet::variables(THETA));
        let off = |temperature: f64| {
            let e = Method::Relaxed(temperature).gradient(THETA, &loss, 100_000, &mut Generator::seed_from_u64(1));
            let e = e.unwrap();
            ((e.gradient[1] - exact.eps[1]).abs(), e.gradient_se[1])
        };
        let (warm, cold) = (off(1.0), off(0.1));
        assert!(warm.0 > 10.0 * warm.1, "{warm:?}");
        assert!(cold.0 < 0.3 * warm.0, "{warm:?} {cold:?}");
    }

    #[test]
    fn fits_end_at_the_closed_form_s_minimum() {
        let loss = loss();
        let best = loss.minimum(loss.start()).unwrap();
        let plan = Fit { steps: 250, samples: 30 };
        for method in [Method::Exact, Method::Component] {
            let mut rng = Generator::seed_from_u64(1);
            let mut end = || *fit(method, loss.start(), &loss, plan, &mut rng).unwrap().last().unwrap();
            let ends: Vec<Theta> = (0..6).map(|_| end()).collect();
            for i in 0..5 {
                let mean = ends.iter().map(|e| e[i]).sum::<f64>() / 6.0;
                let variance = ends.iter().map(|e| (e[i] - mean).powi(2)).sum::<f64>() / 5.0;
                // 5 standard errors at 5 degrees of freedom happen once in 250 times
                assert!((mean - best[i]).abs() < 5.0 * (variance / 6.0).sqrt(), "{method:?} {i}: {ends:?} {best:?}");
            }
            // and nearer than where they started
            let excess = |theta| loss.exact(theta) - loss.exact(best);
            assert!(ends.iter().all(|e| excess(*e) < 0.5 * excess(loss.start())), "{method:?}");
        }
    }

    #[test]
    fn draws_must_not_move_with_weights_far_apart() {
        let mut rng = Generator::seed_from_u64(1);
        let near = apart(2.0, 50_000, &mut rng).unwrap();
        assert!((near.exact.0 + 2.0).abs() < 5.0 * near.exact.1, "{near:?}");
        assert!((near.component.0 + 2.0).abs() < 5.0 * near.component.1, "{near:?}");
        let far = apart(40.0, 50_000, &mut rng).unwrap();
        // wrong by many of the standard errors it claims, and the overlap says so
        assert!((far.exact.0 + 40.0).abs() > 5.0 * far.exact.1, "{far:?}");
        assert!(far.overlap < 1e-14);
        assert!((far.component.0 + 40.0).abs() < 5.0 * far.component.1, "{far:?}");
    }
}
