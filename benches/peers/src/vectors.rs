//! Laws of vectors. A unit is a component of a draw; the function whose gradient is taken is Σ c_i z_i with weights c.

use crate::laws::rng;
use crate::{Cases, repeated};
use nalgebra::{Const, SMatrix, SVector};
use reparam::distr::Prepared;
use reparam::estimate::{self, DrawHandle, Draws, GradientSource, Handle};
use reparam::prelude::*;
use reparam::relax::RelaxedOneHotCategorical;
use reparam_adjoint::Var;
use std::array;
use std::cell::RefCell;
use std::convert::Infallible;
use std::hint::black_box;
use std::rc::Rc;

/// Vectors in a call, and those whose mean is a sample of an estimate: each sample's gradient has moments to keep.
const DRAWS: usize = 512;
const BATCH: usize = 16;

/// The c of Σ c_i z_i.
fn weights() -> [f64; 20] {
    array::from_fn(|i| (i as f64).sin())
}

fn weighted<S: Scalar>(c: &[f64; 20], z: &[S]) -> S {
    z.iter().zip(c).fold(S::from(0.0), |sum, (z, c)| sum + *z * *c)
}

/// Gradients of the mean of Σ c_i z_i over draws.
fn gradients(cases: &mut Cases, name: &str, size: usize, gradient: impl FnMut() -> Vec<f64> + 'static) {
    let timed = Rc::new(RefCell::new(gradient));
    let shown = timed.clone();
    let case = cases.add(name, size * DRAWS, move || {
        black_box(timed.borrow_mut()());
    });
    case.draws = Some(Box::new(move || repeated(&mut *shown.borrow_mut())));
}

/// A law of vectors: plain, in jets, and in reverse mode.
fn vectors<const D: usize, const N: usize, V, W, U, L>(
    cases: &mut Cases,
    name: &str,
    plain: impl Distribution<V> + 'static,
    jet: impl Distribution<W> + 'static,
    reverse: impl Fn(&[Var]) -> L + 'static,
    theta: [f64; N],
) where
    W: AsRef<[Jet<f64, N>]>,
    U: AsRef<[Var]>,
    L: Distribution<U>,
{
    let (mut a, mut b, mut c) = (rng(), rng(), rng());
    cases.add(format!("{name}, plain/draws"), D * DRAWS, move || {
        (0..DRAWS).for_each(|_| {
            black_box(plain.sample(&mut a));
        });
    });
    cases.add(format!("{name}, each/jets"), D * DRAWS, move || {
        (0..DRAWS).for_each(|_| {
            black_box(jet.sample(&mut b));
        });
    });
    let weights = weights();
    gradients(cases, &format!("{name}, sum/adjoint"), D, move || {
        let (_, gradient) = reparam_adjoint::gradient(&theta, |theta| {
            let law = reverse(theta);
            (0..DRAWS).fold(Var::from(0.0), |sum, _| sum + weighted(&weights, law.sample(&mut c).as_ref()))
                / DRAWS as f64
        });
        gradient
    });
}

/// Columns of a nalgebra vector as a slice.
struct Slices<L>(L);

impl<S: Scalar, L: Distribution<SVector<S, 10>>> Distribution<[S; 10]> for Slices<L> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> [S; 10] {
        self.0.sample(rng).into()
    }
}

/// The gradient by `local` of the mean of a model of draws of `D` numbers, each number with one parameter.
fn local<const D: usize>(
    theta: &[f64; D],
    seed: u64,
    draw: impl Fn(usize, Jet<f64, 1>, &mut DrawHandle<'_, 1>) -> Jet<f64, 1>,
    model: impl Fn(&[f64], &mut [f64]) -> f64,
) -> Vec<f64> {
    let draws = |draws: &mut Draws<'_, Infallible>| -> Result<(), Infallible> {
        (0..BATCH).try_for_each(|_| (0..D).try_for_each(|i| draws.draw([i], |[t], chance| draw(i, t, chance))))
    };
    let mean = |z: &[f64], gradient: &mut [f64]| {
        let each = z.chunks(D).zip(gradient.chunks_mut(D)).map(|(z, gradient)| {
            let value = model(z, gradient);
            gradient.iter_mut().for_each(|g| *g /= BATCH as f64);
            value
        });
        each.sum::<f64>() / BATCH as f64
    };
    let e = estimate::local(theta, draws, mean).samples((DRAWS / BATCH) as u64);
    e.run_seed(seed).expect("an estimate").gradient
}

fn dirichlet(cases: &mut Cases) {
    let alpha: [f64; 10] = array::from_fn(|i| 0.5 + 0.5 * i as f64);
    fn law<S: Scalar>(alpha: &[S]) -> Slices<Dirichlet<S, Const<10>>> {
        Slices(Dirichlet::new(SVector::from_column_slice(alpha)).expect("valid parameters"))
    }
    let jet = law(&Jet::variables(alpha));
    let table = jet.0.prepared();
    vectors::<10, 10, [f64; 10], [Jet<f64, 10>; 10], [Var; 10], _>(
        cases,
        "Dirichlet (10)",
        law(&alpha),
        jet,
        law::<Var>,
        alpha,
    );
    let mut own = rng();
    cases.add("Dirichlet (10), each/a table", 10 * DRAWS, move || {
        (0..DRAWS).for_each(|_| {
            black_box(table.sample(&mut own));
        });
    });

    // gamma variables with one partial each, and the model z = g / Σ g with its gradient
    let gammas = alpha.map(|a| {
        let [a] = Jet::variables([a]);
        Gamma::new(a, 1.0.into()).expect("valid parameters").prepared()
    });
    let gammas: &'static [Prepared<Gamma<Jet<f64, 1>>>; 10] = Box::leak(Box::new(gammas));
    let (c, mut seed) = (weights(), 0);
    gradients(cases, "Dirichlet (10), sum/local, tables", 10, move || {
        let model = |g: &[f64], gradient: &mut [f64]| {
            let scale = 1.0 / g.iter().sum::<f64>();
            let value = weighted(&c, g) * scale;
            gradient.iter_mut().zip(&c).for_each(|(d, c)| *d = (c - value) * scale);
            value
        };
        seed += 1;
        local(&alpha, seed, |i, _, chance| gammas[i].sample(chance), model)
    });
}

fn gumbel_softmax(cases: &mut Cases) {
    const TEMPERATURE: f64 = 0.5;
    let logits: [f64; 20] = array::from_fn(|i| (1.7 * i as f64).sin());
    fn law<S: Scalar>(logits: &[S]) -> RelaxedOneHotCategorical<S, 20> {
        RelaxedOneHotCategorical::new(TEMPERATURE.into(), array::from_fn(|i| logits[i])).expect("valid parameters")
    }
    vectors::<20, 20, [f64; 20], [Jet<f64, 20>; 20], [Var; 20], _>(
        cases,
        "Gumbel-softmax (20)",
        law(&logits),
        law(&Jet::variables(logits)),
        law::<Var>,
        logits,
    );
    let (c, mut seed) = (weights(), 0);
    gradients(cases, "Gumbel-softmax (20), sum/local", 20, move || {
        // the softmax and its gradient: y_i (c_i - Σ c y)/τ
        let model = |keys: &[f64], y: &mut [f64]| {
            let largest = keys.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            y.iter_mut().zip(keys).for_each(|(y, key)| *y = ((key - largest) * (1.0 / TEMPERATURE)).exp());
            let total: f64 = y.iter().sum();
            let value = weighted(&c, y) / total;
            let scale = 1.0 / (total * TEMPERATURE);
            y.iter_mut().zip(&c).for_each(|(y, c)| *y *= (c - value) * scale);
            value
        };
        seed += 1;
        local(&logits, seed, |_, logit, chance| logit - chance.exponential().ln(), model)
    });
}

/// Means, then the rows of the Cholesky factor.
fn multivariate_normal<S: Scalar>(theta: &[S]) -> Slices<MultivariateNormal<S, Const<10>>> {
    let (mean, rows) = theta.split_at(10);
    let factor = SMatrix::from_fn(|i, j| if j <= i { rows[i * (i + 1) / 2 + j] } else { S::from(0.0) });
    let law = MultivariateNormal::from_cholesky(SVector::from_column_slice(mean), factor);
    Slices(law.expect("valid parameters"))
}

/// The multivariate normal law by hand, the mean of some draws a sample: z = μ + L e moves by 1 with μ and by e_j with
/// L_ij.
struct ByHand {
    weights: [f64; 20],
}

impl ByHand {
    /// The function of a draw, its slopes written into the second argument.
    fn model(&self, z: &[f64; 10], slopes: &mut [f64; 10]) -> f64 {
        slopes.copy_from_slice(&self.weights[..10]);
        weighted(&self.weights, z)
    }
}

impl GradientSource for ByHand {
    type Scalar = f64;
    type Values = f64;
    type Error = Infallible;
    type Work = ();

    fn work(&self, _: &[f64]) {}

    fn sample(&self, theta: &[f64], _: &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, Infallible> {
        let (means, factor) = theta.split_at(10);
        let mut row = vec![0.0; 66];
        let mut slopes = [0.0; 10];
        for _ in 0..BATCH {
            let e: [f64; 10] = array::from_fn(|_| chance.normal());
            let mut rest = factor;
            let z = array::from_fn(|i| {
                let (of_row, below) = rest.split_at(i + 1);
                rest = below;
                of_row.iter().zip(&e).fold(means[i], |z, (l, e)| z + l * e)
            });
            row[0] += self.model(&z, &mut slopes);
            let (by_mean, mut rest) = row[1..].split_at_mut(10);
            for (i, slope) in slopes.iter().enumerate() {
                by_mean[i] += slope;
                let (of_row, below) = rest.split_at_mut(i + 1);
                rest = below;
                of_row.iter_mut().zip(&e).for_each(|(sum, e)| *sum += slope * e);
            }
        }
        row.iter_mut().for_each(|x| *x /= BATCH as f64);
        Ok(row)
    }
}

pub fn add(cases: &mut Cases) {
    dirichlet(cases);
    gumbel_softmax(cases);
    let place = |k: usize| (0..10).map(|i| (i, 10 + i * (i + 1) / 2)).rfind(|(_, start)| *start <= k);
    let theta: [f64; 65] = array::from_fn(|k| match place(k) {
        None => 0.1 * k as f64,
        Some((i, start)) if k - start == i => 1.0 + 0.1 * i as f64,
        Some(_) => 0.3 * (1.7 * k as f64).sin(),
    });
    vectors::<10, 65, [f64; 10], [Jet<f64, 65>; 10], [Var; 10], _>(
        cases,
        "multivariate normal (10)",
        multivariate_normal(&theta),
        multivariate_normal(&Jet::variables(theta)),
        multivariate_normal::<Var>,
        theta,
    );
    let mut seed = 0;
    gradients(cases, "multivariate normal (10), sum/by hand, `with_gradient`", 10, move || {
        seed += 1;
        let e = estimate::with_gradient(&theta, ByHand { weights: weights() }).samples((DRAWS / BATCH) as u64);
        e.run_seed(seed).expect("an estimate").gradient
    });
}
