//! Laws of unit vectors. Numbers from outside are printed by `tests/reference/make_sphere_laws.py`.

use crate::harness::*;
use crate::normal::vector;
use nalgebra::{Const, DVector, Dyn, Matrix2, Matrix4, Vector2, Vector4, vector};
use reparam::prelude::*;

/// A' and A of the von Mises-Fisher law in R^5 at κ = 2.
const SLOPE: f64 = 0.147_388_686_763_073_48;
const LENGTH: f64 = 0.361_106_650_206_708_3;

/// Entries of a vector in the mean direction, then κ.
struct Fisher<const D: usize>;

impl<const D: usize> Fisher<D> {
    fn law<S: Scalar>(t: &[S]) -> VonMisesFisher<S, Const<D>> {
        VonMisesFisher::new(vector(&t[..D]), t[D]).expect("valid")
    }
}

impl<const D: usize> Simulation for Fisher<D> {
    const THETA: &'static [f64] = match D {
        2 => &[0.6, 0.8, 0.5],
        3 => &[1.0, -2.0, 0.5, 3.0],
        _ => &[1.0, 2.0, 2.0, 0.0, 0.0, 2.0],
    };
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

divergence!(Fisher<2>, Fisher<3>, Fisher<5>);

#[test]
fn divergences() {
    divergence_is_that_of_draws::<Fisher<2>>(&[-0.3, 0.7, 1.5]);
    divergence_is_that_of_draws::<Fisher<3>>(&[0.5, -1.0, 2.0, 1.0]);
    divergence_is_that_of_draws::<Fisher<5>>(&[1.0, 1.0, 3.0, 0.5, -1.0, 4.0]);
    let uniform = |n| UniformSphere::<f64, _>::new(Dyn(n)).unwrap();
    assert_eq!(uniform(3).kl_divergence(&uniform(3)), 0.0);
    assert!(uniform(3).kl_divergence(&uniform(2)).is_nan());
}

#[test]
fn modes() {
    mode_is_highest::<Fisher<3>>(Fisher::<3>::law(Fisher::<3>::THETA).mode().unwrap().as_slice(), &[1.0]);
    mode_is_highest::<Power>(Power::law(Power::THETA).mode().unwrap().as_slice(), &[1.0]);
    assert_eq!(VonMisesFisher::new(vector![1.0, 0.0], 0.0).unwrap().mode(), None);
    assert_eq!(PowerSpherical::new(vector![1.0, 0.0], 0.0).unwrap().mode(), None);
}

/// The same of the power spherical law in R^3.
struct Power;

impl Power {
    fn law<S: Scalar>(t: &[S]) -> PowerSpherical<S, Const<3>> {
        PowerSpherical::new(vector(&t[..3]), t[3]).expect("valid")
    }
}

impl Simulation for Power {
    const THETA: &'static [f64] = &[0.0, 3.0, 4.0, 2.0];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

/// Means and a covariance's three entries.
struct Projected;

impl Projected {
    fn law<S: Scalar>(t: &[S]) -> ProjectedNormal<S, Const<2>> {
        let normal =
            MultivariateNormal::from_covariance(Vector2::new(t[0], t[1]), Matrix2::new(t[2], t[3], t[3], t[4]));
        ProjectedNormal::new(normal.expect("valid")).expect("valid")
    }
}

impl Simulation for Projected {
    const THETA: &'static [f64] = &[1.0, -2.0, 2.0, 0.5, 1.0];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

/// κ with the first axis as the mean direction: the cosine is the first entry.
struct Concentration<const D: usize>;

impl<const D: usize> Simulation for Concentration<D> {
    const THETA: &'static [f64] = &[2.0];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        let axis: Vec<S> = (0..D).map(|i| S::from(if i == 0 { 1.0 } else { 0.0 })).collect();
        let law = VonMisesFisher::<S, Const<D>>::new(vector(&axis), theta[0]).expect("valid");
        chance.draw_joint(&law).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], _: &[S]) -> S {
        theta[0]
    }
}

#[test]
fn same_values_in_every_scalar() {
    same_values::<Fisher<2>>();
    same_values::<Fisher<3>>();
    same_values::<Fisher<5>>();
    same_values::<Power>();
    same_values::<Projected>();
}

#[test]
fn derivatives_of_densities() {
    density_derivatives::<Fisher<2>>(&[-0.8, 0.6], &[0, 1, 2]);
    density_derivatives::<Fisher<3>>(&[0.6, 0.0, 0.8], &[0, 1, 2, 3]);
    density_derivatives::<Fisher<5>>(&[0.6, 0.0, 0.0, 0.0, -0.8], &[0, 1, 3, 5]);
    density_derivatives::<Power>(&[0.6, 0.0, 0.8], &[0, 1, 2, 3]);
    density_derivatives::<Power>(&[0.6, -0.8, 0.0], &[0, 1, 2, 3]);
    density_derivatives::<Projected>(&[0.6, 0.8], &[0, 1, 2, 4]);
    // at fixed noise these draws are smooth in all parameters
    draw_derivatives::<Projected>(&[0, 1, 2, 4]);
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-14 * want.abs().max(1.0), "{got:e}, not {want:e}");
}

/// The axis of R^p and a unit vector whose cosine with it is 0.6.
fn axis_and_point(p: usize) -> [DVector<f64>; 2] {
    let entry = |i: usize, x: f64| move |j: usize, _: usize| if j == i { x } else { 0.0 };
    let axis = DVector::from_fn(p, entry(0, 1.0));
    let point = &axis * 0.6 + DVector::from_fn(p, entry(1, 0.8));
    [axis, point]
}

#[test]
fn von_mises_fisher_in_closed_form() {
    for (p, kappa, ln_pdf, entropy, length) in [
        (2, 0.5, -1.599_426_785_594_826_8, 1.778_176_979_304_425_8, 0.242_499_612_580_801_95),
        (3, 2.0, -1.926_244_439_023_513_6, 2.051_614_997_568_417_4, 0.537_314_720_727_548),
        (5, 40.0, -12.272_677_416_606_529, -1.752_963_609_034_497, 0.950_641_025_641_025_6),
        (10, 1000.0, -377.177_669_112_346, -18.330_213_743_358_148, 0.995_507_882_855_704_2),
        (1000, 300.0, 2_168.871_052_165_765, -2_071.976_385_371_552_8, 0.277_017_777_352_625_85),
    ] {
        let [axis, point] = axis_and_point(p);
        let law = VonMisesFisher::new(axis, kappa).unwrap();
        close(law.ln_pdf(&point), ln_pdf);
        close(law.entropy().unwrap(), entropy);
        close(law.mean_resultant_length(), length);
        close(law.mean().unwrap()[0], length);
    }
    let of = |mu, kappa| VonMisesFisher::new(mu, kappa).unwrap();
    let law = of(vector![0.0, 0.0, 1.0], 2.0);
    close(law.kl_divergence(&of(vector![0.6, 0.0, 0.8], 7.0)), 1.831_388_652_182_280_6);
    assert_eq!(law.kl_divergence(&law), 0.0);
}

/// The covariance V μ μᵀ + t (1 - μ μᵀ) by rows.
fn symmetric<const D: usize>(mu: [f64; D], along: f64, across: f64) -> Vec<f64> {
    let entry = |i: usize, j: usize| along * mu[i] * mu[j] + across * (if i == j { 1.0 } else { 0.0 } - mu[i] * mu[j]);
    (0..D).flat_map(|i| (0..D).map(move |j| entry(i, j))).collect()
}

#[test]
fn moments_of_draws() {
    let mu = [1.0, 2.0, 2.0, 0.0, 0.0].map(|x| x / 3.0);
    let covariance = symmetric(mu, SLOPE, (1.0 - SLOPE - LENGTH * LENGTH) / 4.0);
    moments::<Fisher<5>>(&mu.map(|m| LENGTH * m), &covariance);
    let law = Fisher::<5>::law(Fisher::<5>::THETA);
    for (got, want) in law.covariance().unwrap().iter().zip(&covariance) {
        close(*got, *want);
    }
    for i in 0..5 {
        close(law.variance().unwrap()[i], covariance[6 * i]);
    }
    let mu = [0.0, 0.6, 0.8];
    let covariance = symmetric(mu, 0.15, (1.0 - 0.15 - 0.25) / 2.0);
    moments::<Power>(&mu.map(|m| 0.5 * m), &covariance);
    for (got, want) in Power::law(Power::THETA).covariance().unwrap().iter().zip(&covariance) {
        close(*got, *want);
    }
}

/// d E[μ·x]/dκ = A'(κ): a sampler that differentiates its proposals and not their rejection has 0.127662 here.
#[test]
fn gradient_in_the_concentration() {
    expectation::<Concentration<5>, 1>(200_000, |x| x[0], LENGTH, [SLOPE], &[-0.040_116_793_230_197_21]);
    let (theta, value, gradient, hessian) = row("von Mises-Fisher on the sphere in R^5: E[mu . x]");
    expectation_at::<Concentration<5>, 1>([theta[0]], 200_000, |x| x[0], value, [gradient[0]], &hessian);
    // R^2 at κ = 1/2: A'
    expectation_at::<Concentration<2>, 1>(
        [0.5],
        200_000,
        |x| x[0],
        0.242_499_612_580_801_95,
        [0.456_194_712_736_557_1],
        &[],
    );
}

/// The third derivative of E[μ·x] = A(κ).
#[test]
fn third_order() {
    type Third = Jet<Jet<Jet<f64, 1>, 1>, 1>;
    let axis = DVector::from_fn(5, |i, _| Third::from(if i == 0 { 1.0 } else { 0.0 }));
    let [k] = Jet::variables(Jet::second_order([2.0]));
    let law = VonMisesFisher::new(axis, k).expect("valid");
    let mut rng = rng(5);
    let test = reparam::verify::mean_of((0..50_000).map(|_| law.sample(&mut rng)[0].eps[0].eps[0].eps[0]));
    assert!(test.sigmas(-0.0005696585508703443) < 5.0, "{test:?}");
}

/// A cosine drawn and lifted has the derivative of the mean at every concentration and dimension.
#[test]
fn gradient_at_the_ends() {
    fn slope<const D: usize>(kappa: f64, want: f64) {
        let [k] = Jet::variables([kappa]);
        let axis = DVector::from_fn(D, |i, _| Jet::<f64, 1>::from(if i == 0 { 1.0 } else { 0.0 }));
        let law = VonMisesFisher::new(axis, k).expect("valid");
        assert!((law.mean_resultant_length().eps[0] / want - 1.0).abs() < 1e-12);
        let mut rng = rng(5);
        let test = reparam::verify::mean_of((0..50_000).map(|_| law.sample(&mut rng)[0].eps[0]));
        assert!(test.sigmas(want) < 5.0, "R^{D} at {kappa}: {test:?}, not {want}");
    }
    // 1/p for small κ; (p - 1)/(2 κ²) for large
    slope::<3>(1e-8, 1.0 / 3.0);
    slope::<50>(1e-8, 1.0 / 50.0);
    slope::<3>(1e6, 1e-12);
    slope::<10>(1000.0, 4.484_226_452_284_063e-6);
    slope::<1000>(300.0, 0.000_791_952_446_366_934_4);
}

/// E[x] = A μ and E[x xᵀ] at μ = m/|m|: gradient and Hessian in the entries of m, which turn the frame around μ.
#[test]
fn gradient_in_the_direction() {
    struct Direction;
    impl Simulation for Direction {
        const THETA: &'static [f64] = &[3.0, 4.0];
        fn draw<S: Scalar>(t: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
            chance.draw_joint(&Fisher::<3>::law(&[t[0], t[1], S::from(0.0), S::from(2.0)])).as_slice().to_vec()
        }
        fn ln_pdf<S: Scalar>(t: &[S], _: &[S]) -> S {
            t[0]
        }
    }
    // A(2) in R^3 and E[w²] = 1 - 2 A/κ
    let (a, square) = (0.537_314_720_727_548, 1.0 - 0.537_314_720_727_548);
    // m0/r and its derivatives at (3, 4), r = 5
    let hessian = [-9.0 / 125.0 + 81.0 / 3125.0, -4.0 / 125.0 + 108.0 / 3125.0, -3.0 / 125.0 + 144.0 / 3125.0];
    let gradient = [16.0 / 125.0, -12.0 / 125.0];
    expectation::<Direction, 2>(50_000, |x| x[0], a * 0.6, gradient.map(|g| a * g), &hessian.map(|h| a * h));
    // u² = (m0/r)²
    let (across, factor) = (0.5 * (1.0 - square), square - 0.5 * (1.0 - square));
    let squares = [(0, 0), (0, 1), (1, 1)];
    let second = std::array::from_fn::<_, 3, _>(|k| {
        let (i, j) = squares[k];
        factor * 2.0 * (gradient[i] * gradient[j] + 0.6 * hessian[k])
    });
    let first = gradient.map(|g| factor * 1.2 * g);
    expectation::<Direction, 2>(50_000, |x| x[0] * x[0], across + factor * 0.36, first, &second);
}

#[test]
fn power_spherical_in_closed_form() {
    for (p, kappa, ln_pdf, entropy) in [
        (3, 2.0, -1.878_699_060_929_600_6, 2.099_078_624_967_848),
        (5, 40.0, -6.488_920_812_530_041, -0.554_207_729_517_861_9),
    ] {
        let [axis, point] = axis_and_point(p);
        let law = PowerSpherical::new(axis, kappa).unwrap();
        close(law.ln_pdf(&point), ln_pdf);
        close(law.entropy().unwrap(), entropy);
        assert_eq!(law.ln_pdf(&-law.mean_direction()), f64::NEG_INFINITY);
    }
    // E w = κ/(κ + p - 1) in R^3
    struct Cosine;
    impl Simulation for Cosine {
        const THETA: &'static [f64] = &[2.0];
        fn draw<S: Scalar>(t: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
            let zero = S::from(0.0);
            chance.draw_joint(&Power::law(&[S::from(1.0), zero, zero, t[0]])).as_slice().to_vec()
        }
        fn ln_pdf<S: Scalar>(t: &[S], _: &[S]) -> S {
            t[0]
        }
    }
    expectation::<Cosine, 1>(200_000, |x| x[0], 0.5, [0.125], &[-0.0625]);
}

#[test]
fn projected_normal_densities() {
    let of = |m, s| ProjectedNormal::new(MultivariateNormal::from_covariance(m, s).unwrap()).unwrap();
    let x = vector![0.6, 0.8];
    close(of(vector![1.0, -2.0], Matrix2::new(2.0, 0.5, 0.5, 1.0)).ln_pdf(&x), -6.475_460_540_404_91);
    close(of(vector![-3.0, -4.0], Matrix2::identity()).ln_pdf(&x), -17.663_239_695_865_663);
    close(of(vector![0.0, 0.0], Matrix2::identity()).ln_pdf(&x), -(2.0 * core::f64::consts::PI).ln());
    let covariance = Matrix4::from_diagonal(&vector![1.0, 2.0, 1.0, 3.0]);
    let normal = MultivariateNormal::from_covariance(vector![1.0, 2.0, 0.5, 0.0], covariance).unwrap();
    let law = ProjectedNormal::new(normal).unwrap();
    close(law.ln_pdf(&Vector4::new(0.6, 0.0, 0.8, 0.0)), -3.368_834_727_480_443_6);
    // far away it is a narrow normal law across the direction: D^2 (1 - w^2)/2
    let far = of(vector![1e8, 0.0], Matrix2::identity());
    let top = (1e8f64 / (2.0 * core::f64::consts::PI).sqrt()).ln();
    close(far.ln_pdf(&vector![1.0, 0.0]), top);
    close(far.ln_pdf(&vector![1.0, 2e-8]), top - 2.0);
}

#[test]
fn uniform_sphere() {
    let law = UniformSphere::<f64, _>::new(Dyn(4)).unwrap();
    // the area of the sphere in R^4 is 2 π²
    close(law.entropy().unwrap(), (2.0 * core::f64::consts::PI.powi(2)).ln());
    let x = law.sample(&mut rng(1));
    close(law.ln_pdf(&x), -law.entropy().unwrap());
    close(law.covariance().unwrap().trace(), 1.0);
    close(VonMisesFisher::new(x.clone(), 0.0).unwrap().ln_pdf(&x), law.ln_pdf(&x));
    close(PowerSpherical::new(x.clone(), 0.0).unwrap().ln_pdf(&-&x), law.ln_pdf(&x));
    let points = UniformSphere::<f64, _>::new(Const::<1>).unwrap();
    assert_eq!(points.sample(&mut rng(1))[0].abs(), 1.0);
    close(points.entropy().unwrap(), 2f64.ln());
    struct Uniform;
    impl Simulation for Uniform {
        const THETA: &'static [f64] = &[0.0];
        fn draw<S: Scalar>(_: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
            chance.draw_joint(&UniformSphere::<S, _>::new(Const::<3>).expect("valid")).as_slice().to_vec()
        }
        fn ln_pdf<S: Scalar>(_: &[S], x: &[S]) -> S {
            UniformSphere::<S, _>::new(Const::<3>).expect("valid").ln_pdf(&vector::<S, 3>(x))
        }
    }
    moments::<Uniform>(&[0.0; 3], &symmetric([1.0, 0.0, 0.0], 1.0 / 3.0, 1.0 / 3.0));
    same_values::<Uniform>();
}

/// Draws are unit vectors without NaN at the ends of the range of concentrations; what is no law is refused.
#[test]
fn edges() {
    for kappa in [0.0, 1e-300, 1e-8, 1.0, 1e6, 1e99, 1e100] {
        let [k] = Jet::second_order([kappa]);
        for p in [2, 3, 10, 200] {
            let axis = axis_and_point(p)[0].map(Jet::from);
            let mut draws = vec![];
            let fisher = VonMisesFisher::new(axis.clone(), k).unwrap();
            draws.extend((0..200).map(|i| fisher.sample(&mut rng(i))));
            draws.extend(PowerSpherical::new(axis, k).map(|law| law.sample(&mut rng(2))));
            for x in &draws {
                let norm: f64 = x.iter().map(|x| x.re.re * x.re.re).sum();
                assert!((norm - 1.0).abs() < 1e-14, "{norm}");
                let numbers = x.iter().all(|x| x.hessian().1[0].is_finite() && x.hessian().2[0][0].is_finite());
                assert!(numbers, "p = {p}, kappa = {kappa:e}: {x}");
                let ln_pdf = fisher.ln_pdf(x).hessian();
                assert!(!ln_pdf.0.is_nan() && !ln_pdf.1[0].is_nan() && !ln_pdf.2[0][0].is_nan());
            }
        }
    }
    let axis = vector![1.0, 0.0];
    for bad in [vector![0.0, 0.0], vector![f64::NAN, 1.0], vector![f64::INFINITY, 1.0]] {
        assert_eq!(VonMisesFisher::new(bad, 1.0).unwrap_err().parameter(), "mean_direction");
        assert_eq!(PowerSpherical::new(bad, 1.0).unwrap_err().parameter(), "mean_direction");
    }
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(VonMisesFisher::new(axis, bad).unwrap_err().parameter(), "kappa");
        assert_eq!(PowerSpherical::new(axis, bad).unwrap_err().parameter(), "kappa");
    }
    assert_eq!(VonMisesFisher::new(vector![1.0], 1.0).unwrap_err().parameter(), "mean_direction");
    assert_eq!(UniformSphere::<f64, _>::new(Dyn(0)).unwrap_err().parameter(), "dimension");
    let line = MultivariateNormal::from_std_devs(vector![0.0], vector![1.0]).unwrap();
    assert_eq!(ProjectedNormal::new(line).unwrap_err().parameter(), "normal");
    let law = VonMisesFisher::new(DVector::from_vec(vec![1.0, 0.0]), 1.0).unwrap();
    assert_eq!(law.ln_pdf(&DVector::from_vec(vec![1.0, 1.0])), f64::NEG_INFINITY);
    assert!(law.ln_pdf(&DVector::from_vec(vec![1.0])).is_nan());
    assert!(law.ln_pdf(&DVector::from_vec(vec![f64::NAN, 1.0])).is_nan());
    let longer = VonMisesFisher::new(DVector::from_vec(vec![1.0, 0.0, 0.0]), 1.0).unwrap();
    assert!(law.kl_divergence(&longer).is_nan());
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<Power>(&[3]);
    derivatives_at_coordinates::<Projected>(&[0, 1, 2, 4]);
    // its cosine has no quantile, but a generator that a coordinate seeds
    quasi_random::<Fisher<3>, 4>(1.5);
    quasi_random::<Power, 4>(2.0);
    quasi_random::<Projected, 5>(2.0);
    quasi_random::<Concentration<5>, 1>(1.5);
}
