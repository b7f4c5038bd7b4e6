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
use std::sync::LazyLock;

/// Vectors in a call, and those whose mean is a sample of an estimate: each sample's gradient has moments to keep.
const DRAWS: usize = 512;
const BATCH: usize = 16;

fn weight(i: usize) -> f64 {
    static WEIGHTS: LazyLock<[f64; 20]> = LazyLock::new(|| array::from_fn(|i| (i as f64).sin()));
    WEIGHTS[i]
}

fn weighted<S: Scalar>(z: &[S]) -> S {
    z.iter().enumerate().fold(S::from(0.0), |sum, (i, z)| sum + *z * weight(i))
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
    gradients(cases, &format!("{name}, sum/adjoint"), D, move || {
        let (_, gradient) = reparam_adjoint::gradient(&theta, |theta| {
            let law = reverse(theta);
            (0..DRAWS).fold(Var::from(0.0), |sum, _| sum + weighted(law.sample(&mut c).as_ref())) / DRAWS as f64
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

/// Of each of some numbers that are drawn `BATCH` times.
type Lanes = [f64; BATCH];

/// An estimate by `local` of the mean of a model of draws of `D` numbers, each number with one parameter. The model gets
/// all draws of a sample, number after number, writes the gradient of their sum and returns it.
fn local<const D: usize>(
    theta: &[f64; D],
    seed: u64,
    draw: impl Fn(usize, Jet<f64, 1>, &mut DrawHandle<'_, 1>) -> Jet<f64, 1>,
    model: impl Fn(&[Lanes], &mut [Lanes]) -> Lanes,
) -> Vec<f64> {
    let draws = |draws: &mut Draws<'_, Infallible>| -> Result<(), Infallible> {
        (0..D).try_for_each(|i| draws.draw([i], |[t], chance| [(); BATCH].map(|()| draw(i, t, chance))))
    };
    let mean = |z: &[f64], gradient: &mut [f64]| {
        let value = model(z.as_chunks().0, gradient.as_chunks_mut().0);
        gradient.iter_mut().for_each(|g| *g /= BATCH as f64);
        value.iter().sum::<f64>() / BATCH as f64
    };
    let e = estimate::local(theta, draws, mean).samples((DRAWS / BATCH) as u64);
    e.run_seed(seed).expect("an estimate").gradient
}

/// Σ z_i and Σ c_i z_i of each draw.
fn sums(z: &[Lanes]) -> (Lanes, Lanes) {
    let (mut total, mut weighted) = ([0.0; BATCH], [0.0; BATCH]);
    for (i, z) in z.iter().enumerate() {
        for k in 0..BATCH {
            total[k] += z[k];
            weighted[k] += weight(i) * z[k];
        }
    }
    (total, weighted)
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
    let mut seed = 0;
    gradients(cases, "Dirichlet (10), sum/local, tables", 10, move || {
        let model = |g: &[Lanes], gradient: &mut [Lanes]| {
            let (total, weighted) = sums(g);
            let value: Lanes = array::from_fn(|k| weighted[k] / total[k]);
            for (i, d) in gradient.iter_mut().enumerate() {
                *d = array::from_fn(|k| (weight(i) - value[k]) / total[k]);
            }
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
    let mut seed = 0;
    gradients(cases, "Gumbel-softmax (20), sum/local", 20, move || {
        // the softmax and its gradient: y_i (c_i - Σ c y)/τ
        let model = |keys: &[Lanes], y: &mut [Lanes]| {
            let mut largest = keys[0];
            for key in keys {
                largest = array::from_fn(|k| largest[k].max(key[k]));
            }
            for (y, key) in y.iter_mut().zip(keys) {
                *y = array::from_fn(|k| ((key[k] - largest[k]) / TEMPERATURE).exp());
            }
            let (total, weighted) = sums(y);
            let value: Lanes = array::from_fn(|k| weighted[k] / total[k]);
            let scale: Lanes = array::from_fn(|k| 1.0 / (total[k] * TEMPERATURE));
            for (i, y) in y.iter_mut().enumerate() {
                *y = array::from_fn(|k| y[k] * (weight(i) - value[k]) * scale[k]);
            }
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

/// The multivariate normal law by hand, the mean of some draws a sample: z = μ + L e moves by 1 with μ and by e_j with L_ij.
struct ByHand;

/// Some function of a draw, its slopes written into the second argument.
fn model(z: &[f64; 10], slopes: &mut [f64; 10]) -> f64 {
    *slopes = array::from_fn(weight);
    weighted(z)
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
            row[0] += model(&z, &mut slopes);
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
        let e = estimate::with_gradient(&theta, ByHand).samples((DRAWS / BATCH) as u64);
        e.run_seed(seed).expect("an estimate").gradient
    });
}
