//! The multivariate t law.

use crate::harness::*;
use crate::normal::vector;
use nalgebra::{Const, Matrix2, Vector2};
use reparam::prelude::*;

/// Degrees of freedom, two locations, l11, l21, l22.
struct Moderate;

fn law<S: Scalar>(t: &[S]) -> MultivariateStudentT<S, Const<2>> {
    let factor = Matrix2::new(t[3], S::from(0.0), t[4], t[5]);
    MultivariateStudentT::from_cholesky(Vector2::new(t[1], t[2]), factor, t[0]).expect("valid")
}

impl Simulation for Moderate {
    const THETA: &'static [f64] = &[13.0, 0.4, -0.2, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        law(theta).ln_pdf(&vector(x))
    }
}

/// The same with tails so heavy that some draws overflow.
struct Heavy;

impl Simulation for Heavy {
    const THETA: &'static [f64] = &[0.03, 0.4, -0.2, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        law(theta).ln_pdf(&vector(x))
    }
}

#[test]
fn values_are_the_same_for_every_scalar() {
    same_values::<Moderate>();
    same_values::<Heavy>();
}

#[test]
fn mode() {
    mode_is_highest::<Moderate>(law(Moderate::THETA).mode().unwrap().as_slice(), &[1.0, 0.1, 1e-3]);
}

#[test]
fn derivatives_of_the_density() {
    density_derivatives::<Moderate>(&[1.3, 0.5], &[0, 1, 2, 3, 4, 5, 6, 7]);
    density_derivatives::<Heavy>(&[1.3, 0.5], &[0, 1, 2, 3, 4, 5, 6, 7]);
    draw_derivatives::<Moderate>(&[1, 2, 3, 4, 5]);
}

#[test]
fn draws_have_the_moments() {
    let covariance = [2.25, 0.9, 0.9, 1.0].map(|v| v * 13.0 / 11.0);
    moments::<Moderate>(&[0.4, -0.2], &covariance);
    let of_law = law(Moderate::THETA).covariance().unwrap();
    assert!(of_law.iter().zip(covariance).all(|(a, b)| (a - b).abs() < 1e-15));
    density_is_that_of_draws::<Moderate>(law(Moderate::THETA).entropy());
    density_is_that_of_draws::<Heavy>(law(Heavy::THETA).entropy());
}

/// E[x1 x2] = μ1 μ2 + l11 l21 ν/(ν - 2), and E[(x1 - μ1)²] likewise.
#[test]
fn expectations() {
    let second = |t: &[Jet<Jet<f64, 6>, 6>], v| v * t[0] / (t[0] - 2.0);
    expectation_in_closed_form::<Moderate, 6>(300_000, |x| x[0] * x[1], |t| t[1] * t[2] + second(t, t[3] * t[4]));
    expectation_in_closed_form::<Moderate, 6>(300_000, |x| x[0] * x[0], |t| t[1] * t[1] + second(t, t[3] * t[3]));
}

/// Neither tiny nor huge degrees of freedom give NaN.
#[test]
fn extremes() {
    let mut rng = rng(1);
    for df in [1e-99, 1e-9, 1e-3, 1e9, 1e99] {
        let theta = Jet::variables([df, 0.0, 0.0, 1.0, 0.5, 1.0]);
        for _ in 0..1000 {
            let x = law(&theta).sample(&mut rng);
            assert!(x.iter().all(|x| !x.re.is_nan() && x.eps.iter().all(|e| !e.is_nan())), "{df} {x:?}");
        }
        assert!(law(&theta).ln_pdf(&Vector2::new(1.0.into(), 2.0.into())).re.is_finite());
        assert!(law(&theta).entropy().unwrap().re.is_finite());
    }
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<Moderate>(&[0, 1, 2, 3, 4, 5]);
    quasi_random::<Moderate, 6>(2.0);
}
