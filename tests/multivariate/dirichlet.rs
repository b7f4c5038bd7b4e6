//! Laws on the simplex.

use crate::harness::*;
use crate::normal::{symmetric, vector};
use nalgebra::{Const, DVector, SVector, Vector2, Vector3};
use reparam::prelude::*;

/// Three proportions.
struct Proportions;

impl Simulation for Proportions {
    const THETA: &'static [f64] = &[0.4, 1.6, 2.0];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Dirichlet::<S, Const<3>>::new(vector(theta)).expect("valid")).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Dirichlet::<S, Const<3>>::new(vector(theta)).expect("valid").ln_pdf(&vector(x))
    }
}

/// The same with a sum of concentrations beyond which the density is summed by ratios.
struct Concentrated;

impl Simulation for Concentrated {
    const THETA: &'static [f64] = &[30.0, 0.7, 2e3];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        Proportions::draw(theta, chance)
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Proportions::ln_pdf(theta, x)
    }
}

/// Logarithms of proportions, one of a tiny concentration.
struct Logarithms;

impl Simulation for Logarithms {
    const THETA: &'static [f64] = &[0.0009765625, 0.5, 2.0];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&LogDirichlet::<S, Const<3>>::new(vector(theta)).expect("valid")).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        LogDirichlet::<S, Const<3>>::new(vector(theta)).expect("valid").ln_pdf(&vector(x))
    }
}

/// Means and covariance of two log-ratios.
struct Logistic;

impl Logistic {
    fn law<S: Scalar>(t: &[S]) -> LogisticNormal<S, Const<2>> {
        let ratios = MultivariateNormal::from_covariance(Vector2::new(t[0], t[1]), symmetric(t[2], t[3], t[4]));
        LogisticNormal::new(ratios.expect("valid"))
    }
}

impl Simulation for Logistic {
    const THETA: &'static [f64] = &[0.4, -0.2, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        let x: SVector<S, 3> = chance.draw_joint(&Self::law(theta));
        x.as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

impl Divergence for Proportions {
    fn divergence<S: Scalar>(theta: &[S], other: &[S]) -> S {
        let law = |t| Dirichlet::<S, Const<3>>::new(vector(t)).expect("valid");
        law(theta).kl_divergence(&law(other))
    }
}

impl Divergence for Logarithms {
    fn divergence<S: Scalar>(theta: &[S], other: &[S]) -> S {
        let law = |t| LogDirichlet::<S, Const<3>>::new(vector(t)).expect("valid");
        law(theta).kl_divergence(&law(other))
    }
}

divergence!(Logistic);

#[test]
fn divergences() {
    divergence_is_that_of_draws::<Proportions>(&[1.0, 0.8, 2.5]);
    divergence_is_that_of_draws::<Logarithms>(&[0.00390625, 1.0, 1.5]);
    divergence_is_that_of_draws::<Logistic>(&[0.0, 0.3, 1.2, -0.2, 1.1]);
}

#[test]
fn modes() {
    let law = |alpha: [f64; 3]| Dirichlet::<f64, Const<3>>::new(alpha.into()).unwrap();
    let concentrated = law([1.5, 2.0, 3.0]);
    let mode = concentrated.mode().unwrap();
    assert!((mode - Vector3::new(1.0, 2.0, 4.0) / 7.0).norm() < 1e-15);
    let mut rng = rng(31);
    for _ in 0..2000 {
        let near = mode + (concentrated.sample(&mut rng) - mode) * 0.1;
        assert!(concentrated.ln_pdf(&near) <= concentrated.ln_pdf(&mode));
    }
    assert_eq!(law([1.0, 1.0, 3.0]).mode(), Some(Vector3::new(0.0, 0.0, 1.0)));
    assert_eq!((law([1.0; 3]).mode(), law([0.5, 2.0, 3.0]).mode()), (None, None));
    let logarithms = LogDirichlet::<f64, Const<3>>::new(vector(Logarithms::THETA)).unwrap();
    mode_is_highest::<Logarithms>(logarithms.mode().unwrap().as_slice(), &[1.0]);
}

#[test]
fn values_are_the_same_for_every_scalar() {
    same_values::<Proportions>();
    same_values::<Concentrated>();
    same_values::<Logarithms>();
    same_values::<Logistic>();
}

/// In the parameters by differences; a point may not leave the simplex, so in its entries by the closed forms.
#[test]
fn derivatives_of_densities() {
    let x = [0.25, 0.125, 0.625];
    density_derivatives::<Proportions>(&x, &[0, 1, 2]);
    density_derivatives::<Concentrated>(&x, &[0, 1, 2]);
    density_derivatives::<Logarithms>(&x.map(f64::ln), &[0, 1, 2]);
    density_derivatives::<Logistic>(&x, &[0, 1, 2, 3, 4]);
    fn at<P: Simulation>(x: [f64; 3]) -> (f64, [f64; 3], [[f64; 3]; 3]) {
        let theta: Vec<_> = P::THETA.iter().map(|t| Jet::from(*t)).collect();
        P::ln_pdf(&theta, &Jet::second_order(x)).hessian()
    }
    let theta = Proportions::THETA;
    let (_, gradient, hessian) = at::<Proportions>(x);
    for i in 0..3 {
        // (α_i - 1) ln x_i
        assert!((gradient[i] - (theta[i] - 1.0) / x[i]).abs() < 1e-14);
        for (j, second) in hessian[i].into_iter().enumerate() {
            let want = if i == j { (1.0 - theta[i]) / (x[i] * x[i]) } else { 0.0 };
            assert!((second - want).abs() < 1e-13);
        }
    }
    // Σ α_i y_i
    let (_, gradient, hessian) = at::<Logarithms>(x.map(f64::ln));
    assert_eq!((gradient.as_slice(), hessian), (Logarithms::THETA, [[0.0; 3]; 3]));
}

#[test]
fn draws_of_log_ratios_move_smoothly() {
    draw_derivatives::<Logistic>(&[0, 1, 2, 3, 4]);
}

#[test]
fn draws_have_the_moments() {
    // m_i (δ_ij - m_j) / 5 for m = (.1, .4, .5)
    moments::<Proportions>(&[0.1, 0.4, 0.5], &[0.018, -0.008, -0.01, -0.008, 0.048, -0.04, -0.01, -0.04, 0.05]);
    let law = Dirichlet::new(Vector3::new(0.4, 1.6, 2.0)).unwrap();
    assert!((law.mean().unwrap() - Vector3::new(0.1, 0.4, 0.5)).norm() < 1e-15);
    assert!((law.covariance().unwrap()[(0, 1)] + 0.008).abs() < 1e-16);
    assert!((law.variance().unwrap() - Vector3::new(0.018, 0.048, 0.05)).norm() < 1e-16);
    let law = LogDirichlet::<f64, Const<3>>::new(vector(Logarithms::THETA)).unwrap();
    let covariance = law.covariance().unwrap();
    moments::<Logarithms>(law.mean().unwrap().as_slice(), covariance.as_slice());
}

#[test]
fn densities_are_those_of_draws() {
    let law = |theta| Dirichlet::<f64, Const<3>>::new(vector(theta)).unwrap();
    density_is_that_of_draws::<Proportions>(law(Proportions::THETA).entropy());
    density_is_that_of_draws::<Concentrated>(law(Concentrated::THETA).entropy());
    let law = LogDirichlet::<f64, Const<3>>::new(vector(Logarithms::THETA)).unwrap();
    density_is_that_of_draws::<Logarithms>(law.entropy());
    density_is_that_of_draws::<Logistic>(None);
}

#[test]
fn expectation_of_a_monomial() {
    let (theta, value, gradient, hessian) = row("dirichlet(a1,a2,a3): E[x1^2 x2]");
    let (theta, gradient) = (theta.try_into().unwrap(), gradient.try_into().unwrap());
    expectation_at::<Proportions, 3>(theta, 400_000, |x| x[0] * x[0] * x[1], value, gradient, &hessian);
}

/// E ln x_1 with a concentration of 2^-10, of whose draws most underflow: `tests/reference/make_multivariate.py`.
#[test]
fn tiny_concentrations_in_logarithms() {
    let (own, other) = (1048577.1524621975, -0.49012719479900274);
    let (own2, other2) = (-2147483650.1617985, 0.23598554310700515);
    let hessian = [own2, other2, other2, other2, other2, other2];
    expectation::<Logarithms, 3>(400_000, |y| y[0], -1025.279245822386, [own, other, other], &hessian);
    // all concentrations tiny: values and derivatives are finite and not 0
    let alpha = Jet::variables([1e-3, 1e-9, 1e-30]);
    let law = LogDirichlet::new(Vector3::from(alpha)).unwrap();
    let mut rng = rng(5);
    for _ in 0..1000 {
        let y = law.sample(&mut rng);
        assert!(y.iter().all(|y| y.re.is_finite() && y.re <= 0.0 && y.eps.iter().all(|e| e.is_finite())));
        assert!(y.iter().filter(|y| y.eps.iter().any(|e| *e != 0.0)).count() >= 2);
        assert!(law.ln_pdf(&y).re.is_finite());
    }
    // proportions themselves: a vertex, never NaN
    let law = Dirichlet::new(Vector3::from(alpha)).unwrap();
    for _ in 0..1000 {
        let x = law.sample(&mut rng);
        assert!(x.iter().all(|x| (0.0..=1.0).contains(&x.re) && x.eps.iter().all(|e| e.is_finite())));
        assert!((x[0].re + x[1].re + x[2].re - 1.0).abs() < 1e-15);
    }
}

/// Log-ratios of a logistic-normal draw have the normal's mean and covariance.
#[test]
fn log_ratios_are_normal() {
    let ratio = |x: &[Jet<Jet<f64, 5>, 5>]| x[0].ln() - x[2].ln();
    expectation::<Logistic, 5>(100_000, ratio, 0.4, [1.0, 0.0, 0.0, 0.0, 0.0], &[0.0; 15]);
    let square = |x: &[Jet<Jet<f64, 5>, 5>]| (x[0].ln() - x[2].ln()) * (x[1].ln() - x[2].ln());
    // m1 m2 + v21
    expectation::<Logistic, 5>(100_000, square, 0.52, [-0.2, 0.4, 0.0, 1.0, 0.0], &[0.0, 1.0]);
}

/// Densities integrate to 1 over the triangle: the midpoint rule on a fine grid.
#[test]
fn densities_are_normalized() {
    fn total(ln_pdf: impl Fn(f64, f64) -> f64) -> f64 {
        const N: usize = 1000;
        let h = 1.0 / N as f64;
        let mut sum = 0.0;
        for i in 0..N {
            for j in 0..N - i {
                // the centre of a square, or of the half one at the edge
                let third = if j == N - i - 1 { 1.0 / 3.0 } else { 0.5 };
                let area = if j == N - i - 1 { 0.5 } else { 1.0 };
                sum += area * ln_pdf((i as f64 + third) * h, (j as f64 + third) * h).exp();
            }
        }
        sum * h * h
    }
    let dirichlet = Dirichlet::new(Vector3::new(3.0, 4.0, 2.5)).unwrap();
    assert!((total(|x, y| dirichlet.ln_pdf(&Vector3::new(x, y, 1.0 - x - y))) - 1.0).abs() < 1e-5);
    let logistic = Logistic::law(&[0.4, -0.2, 0.9, 0.3, 0.8]);
    assert!((total(|x, y| logistic.ln_pdf(&Vector3::new(x, y, 1.0 - x - y))) - 1.0).abs() < 1e-5);
}

#[test]
fn dynamic_sizes() {
    let fixed = Dirichlet::new(Vector3::new(0.3, 0.5, 2.0)).unwrap();
    let dynamic = Dirichlet::new(DVector::from_column_slice(&[0.3, 0.5, 2.0])).unwrap();
    assert_eq!(fixed.sample(&mut rng(1)).as_slice(), dynamic.sample(&mut rng(1)).as_slice());
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<Proportions>(&[0, 1, 2]);
    derivatives_at_coordinates::<Concentrated>(&[0, 1, 2]);
    derivatives_at_coordinates::<Logarithms>(&[0, 1, 2]);
    derivatives_at_coordinates::<Logistic>(&[0, 1, 2, 3, 4]);
    quasi_random::<Proportions, 3>(2.0);
    quasi_random::<Concentrated, 3>(2.0);
    quasi_random::<Logarithms, 3>(2.0);
    quasi_random::<Logistic, 5>(2.0);
}
