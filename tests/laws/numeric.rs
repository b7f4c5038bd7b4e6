//! Laws from distribution functions and log-densities, against laws in closed form.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::verify;

/// The logistic law by its distribution function, without its density.
#[derive(Clone, Copy, Debug)]
struct LogisticCdf;

impl Cdf<2> for LogisticCdf {
    fn cdf<S: Scalar>(&self, [m, s]: [S; 2], x: S) -> S {
        (x - m).over(s).sigmoid()
    }
    fn sf<S: Scalar>(&self, [m, s]: [S; 2], x: S) -> S {
        (m - x).over(s).sigmoid()
    }
}

/// Kumaraswamy's law, with a density and a draw of its own.
#[derive(Clone, Copy, Debug)]
struct KumaraswamyCdf;

impl Cdf<2> for KumaraswamyCdf {
    fn support<S: Scalar>(&self, _: [S; 2]) -> (S, S) {
        (0.0.into(), 1.0.into())
    }
    fn cdf<S: Scalar>(&self, p: [S; 2], x: S) -> S {
        -(self.ln_sf(p, x)).exp_m1()
    }
    fn sf<S: Scalar>(&self, p: [S; 2], x: S) -> S {
        self.ln_sf(p, x).exp()
    }
    fn pdf<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        a * b * x.powd(a - 1.0) * ((-x.powd(a)).ln_1p() * (b - 1.0)).exp()
    }
    fn draw<R: Rng + ?Sized>(&self, [a, b]: [f64; 2], rng: &mut R) -> Option<f64> {
        Some(Kumaraswamy::new(a, b).ok()?.sample(rng))
    }
}

impl KumaraswamyCdf {
    fn ln_sf<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        (-x.powd(a)).ln_1p() * b
    }
}

#[derive(Clone, Copy, Debug)]
struct GammaDensity;

impl LogDensity<2> for GammaDensity {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
    fn ln_density<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        (a - 1.0) * x.ln() - b * x
    }
}

#[derive(Clone, Copy, Debug)]
struct BetaDensity;

impl LogDensity<2> for BetaDensity {
    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }
    fn ln_density<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        (a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p()
    }
}

#[derive(Clone, Copy, Debug)]
struct NormalDensity;

impl LogDensity<2> for NormalDensity {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
    fn ln_density<S: Scalar>(&self, [m, s]: [S; 2], x: S) -> S {
        let z = (x - m).over(s);
        z * z * -0.5
    }
}

#[derive(Clone, Copy, Debug)]
struct CauchyDensity;

impl LogDensity<2> for CauchyDensity {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
    fn ln_density<S: Scalar>(&self, [m, s]: [S; 2], x: S) -> S {
        let z = (x - m).over(s);
        -(z * z).ln_1p()
    }
}

type Second = Jet<Jet<f64, 2>, 2>;

/// Errors of quantile, first and second derivatives at fixed probabilities, and of density and tails. Those of derivatives are
/// relative to the largest of their order at the point, or to (dz/dθ)² over a tenth of the width. All are divided by the condition of a
/// tail p at its quantile x: what a relative error in x is in p.
fn errors(name: &str, got: &impl Continuous<Second>, want: &impl Continuous<Second>) -> [f64; 4] {
    let mut worst = [0.0f64; 4];
    let width = (want.isf(0.25.into()) - want.quantile(0.25.into())).re();
    for p in [1e-12, 1e-6, 1e-3, 0.1, 0.3, 0.5] {
        for upper in [false, true] {
            let of = |law: &dyn Continuous2| if upper { law.isf2(p).hessian() } else { law.quantile2(p).hessian() };
            let ((x, dx, ddx), (y, dy, ddy)) = (of(got), of(want));
            let slope = p / want.pdf(y.into()).re();
            let condition = 1.0 + y.abs() / slope;
            // next to an end that is not 0 no digits are left
            if condition > 1e8 {
                continue;
            }
            let largest = |v: &[f64]| v.iter().fold(1e-300, |m: f64, x| m.max(x.abs()));
            let mut add = |k: usize, error: f64| {
                worst[k] = worst[k].max(if error.is_nan() { f64::INFINITY } else { error / condition });
            };
            add(0, (x - y).abs() / slope);
            for i in 0..2 {
                add(1, (dx[i] - dy[i]).abs() / largest(&dy));
                for j in 0..2 {
                    let scale = largest(&ddy.concat()).max(0.1 * largest(&dy).powi(2) / width);
                    add(2, (ddx[i][j] - ddy[i][j]).abs() / scale);
                }
            }
            let at = Second::from(y);
            add(3, (got.cdf(at).re() / want.cdf(at).re() - 1.0).abs());
            add(3, (got.sf(at).re() / want.sf(at).re() - 1.0).abs());
            add(3, (got.pdf(at).re() / want.pdf(at).re() - 1.0).abs());
        }
    }
    println!("{name}: quantile {:.1e} first {:.1e} second {:.1e} tails {:.1e}", worst[0], worst[1], worst[2], worst[3]);
    worst
}

/// Quantiles behind a reference.
trait Continuous2 {
    fn quantile2(&self, p: f64) -> Second;
    fn isf2(&self, q: f64) -> Second;
}

impl<L: Continuous<Second>> Continuous2 for L {
    fn quantile2(&self, p: f64) -> Second {
        self.quantile(p.into())
    }
    fn isf2(&self, q: f64) -> Second {
        self.isf(q.into())
    }
}

fn within(name: &str, got: &impl Continuous<Second>, want: &impl Continuous<Second>, bounds: [f64; 4]) {
    let errors = errors(name, got, want);
    assert!(errors.iter().zip(bounds).all(|(e, b)| *e <= b), "{name}: {errors:?} beyond {bounds:?}");
}

#[test]
fn from_distribution_functions() {
    let bounds = [1e-14, 1e-12, 1e-10, 1e-13];
    for p in [[0.0, 1.0], [-3.0, 0.01], [1e3, 20.0]] {
        let [m, s] = Jet::second_order(p);
        let law = FromCdf::new(LogisticCdf, [m, s]).unwrap();
        within(&format!("logistic {p:?}"), &law, &Logistic::new(m, s).unwrap(), bounds);
    }
    for p in [[2.0, 3.0], [0.5, 0.5], [5.0, 0.3]] {
        let [a, b] = Jet::second_order(p);
        let law = FromCdf::new(KumaraswamyCdf, [a, b]).unwrap();
        within(&format!("kumaraswamy {p:?}"), &law, &Kumaraswamy::new(a, b).unwrap(), bounds);
        let plain = FromCdf::new(KumaraswamyCdf, p).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut same = Xoshiro256PlusPlus::seed_from_u64(1);
        assert_eq!(plain.sample(&mut rng), Kumaraswamy::new(p[0], p[1]).unwrap().sample(&mut same));
    }
}

#[test]
fn from_log_densities() {
    let bounds = [1e-14, 1e-13, 2e-12, 1e-13];
    for p in [[2.5, 3.0], [1.0, 1.0], [0.5, 0.1], [100.0, 20.0]] {
        let [a, b] = Jet::second_order(p);
        let law = FromLogDensity::new(GammaDensity, [a, b]).unwrap();
        within(&format!("gamma {p:?} {:.1e}", law.accuracy()), &law, &Gamma::new(a, b).unwrap(), bounds);
    }
    for p in [[2.5, 3.5], [0.5, 1.0], [30.0, 2.0]] {
        let [a, b] = Jet::second_order(p);
        let law = FromLogDensity::new(BetaDensity, [a, b]).unwrap();
        within(&format!("beta {p:?} {:.1e}", law.accuracy()), &law, &Beta::new(a, b).unwrap(), bounds);
    }
    for p in [[0.0, 1.0], [-3.0, 0.01], [1e5, 1e-2]] {
        let [m, s] = Jet::second_order(p);
        let law = FromLogDensity::new(NormalDensity, [m, s]).unwrap();
        within(&format!("normal {p:?} {:.1e}", law.accuracy()), &law, &Normal::new(m, s).unwrap(), bounds);
        if p[0] > 1e3 {
            continue; // the rounding of x in the middle is more than the tails' own
        }
        let law = FromLogDensity::new(CauchyDensity, [m, s]).unwrap();
        within(&format!("cauchy {p:?} {:.1e}", law.accuracy()), &law, &Cauchy::new(m, s).unwrap(), bounds);
    }
}

#[test]
fn draws_and_moments() {
    verify::law(&FromCdf::new(LogisticCdf, [1.0, 2.0]).unwrap()).check().unwrap();
    let law = FromLogDensity::new(BetaDensity, [2.5, 3.5]).unwrap();
    let want = Beta::new(2.5, 3.5).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    let draws: Vec<f64> = (0..100_000).map(|_| law.sample(&mut rng)).collect();
    assert!(verify::kolmogorov_smirnov(draws, |x| want.cdf(x)) > verify::FIVE_SIGMA);
    for (got, want) in [
        (law.mean().unwrap(), want.mean().unwrap()),
        (law.variance().unwrap(), want.variance().unwrap()),
        (law.entropy(), want.entropy()),
        (law.ln_normalization(), reparam::special::ln_beta(2.5, 3.5)),
    ] {
        assert!((got - want).abs() < 1e-11 * want.abs().max(0.1), "{got} {want}");
    }
    // a law without a mean is known as one
    assert_eq!(FromLogDensity::new(CauchyDensity, [0.0, 1.0]).unwrap().mean(), None);
}

/// Draws and their derivatives have the value of the plain draw, at every order.
#[test]
fn one_value() {
    type Third = Jet<Second, 2>;
    let draw = |seed| Xoshiro256PlusPlus::seed_from_u64(seed);
    for seed in 0..50 {
        let plain = FromLogDensity::new(GammaDensity, [2.5, 3.0]).unwrap().sample(&mut draw(seed));
        let jets: [Third; 2] = Jet::variables(Jet::second_order([2.5, 3.0]));
        let third = FromLogDensity::new(GammaDensity, jets).unwrap().sample(&mut draw(seed));
        assert_eq!(third.re().to_bits(), plain.to_bits());
        // x is a function of b x alone: x_b = -x/b, x_bbb = -6 x/b³
        assert!((third.re.re.eps[1] / (-plain / 3.0) - 1.0).abs() < 1e-12);
        assert!((third.eps[1].eps[1].eps[1] / (-6.0 * plain / 27.0) - 1.0).abs() < 1e-9);
        let dual = num_dual::Dual2_64::new(1.5, 1.0, 0.0);
        let law = FromCdf::new(LogisticCdf, [dual, dual]).unwrap();
        let plain = FromCdf::new(LogisticCdf, [1.5, 1.5]).unwrap();
        assert_eq!(law.sample(&mut draw(seed)).re, plain.sample(&mut draw(seed)));
    }
}

/// x^a (1 - x)² (1 + sin(3x)²).
#[derive(Clone, Copy, Debug)]
struct Wavy;

impl LogDensity<1> for Wavy {
    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }
    fn ln_density<S: Scalar>(&self, [a]: [S; 1], x: S) -> S {
        let s = (x * 3.0).sin();
        a * x.ln() + (-x).ln_1p() * 2.0 + (s * s).ln_1p()
    }
}

#[test]
fn an_expectation_of_the_table() {
    // expectations.csv, "exact rejection": a, E[x], its first and second derivative
    let [a, value, first, second] = [1.564143658725929, 0.47314712124121, 0.0789646821960598, -0.0283991919515328];
    let law = FromLogDensity::new(Wavy, Jet::second_order([a])).unwrap();
    let (got, gradient, hessian) = law.mean().unwrap().hessian();
    for (got, want) in [(got, value), (gradient[0], first), (hessian[0][0], second)] {
        assert!((got / want - 1.0).abs() < 1e-12, "{got} {want}");
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    let draws: Vec<_> = (0..20_000).map(|_| law.sample(&mut rng).hessian()).collect();
    let check = |values: Vec<f64>, want: f64| {
        let found = verify::mean_of(values);
        assert!((found.mean - want).abs() < 5.0 * found.standard_error, "{found:?} for {want}");
    };
    check(draws.iter().map(|d| d.0).collect(), value);
    check(draws.iter().map(|d| d.1[0]).collect(), first);
    check(draws.iter().map(|d| d.2[0][0]).collect(), second);
}

/// exp(κ cos x) on (-π, π).
#[derive(Clone, Copy, Debug)]
struct Circular;

impl LogDensity<1> for Circular {
    fn support(&self) -> (f64, f64) {
        (-core::f64::consts::PI, core::f64::consts::PI)
    }
    fn ln_density<S: Scalar>(&self, [kappa]: [S; 1], x: S) -> S {
        kappa * x.cos()
    }
}

#[test]
fn on_a_circle() {
    for kappa in [0.1, 2.0, 50.0] {
        let law = FromLogDensity::new(Circular, Jet::variables([kappa])).unwrap();
        // ln ∫ = ln(2π I0(κ)), whose derivative is I1/I0
        let want = reparam::special::ln_bessel_i0(kappa) + (2.0 * core::f64::consts::PI).ln();
        let got = law.ln_normalization();
        assert!((got.re / want - 1.0).abs() < 1e-13, "{kappa}: {got:?} {want}");
        assert!((got.eps[0] / reparam::special::bessel_i_ratio(kappa) - 1.0).abs() < 1e-12, "{kappa}: {got:?}");
        assert!(law.median().re.abs() < 1e-14 && law.median().eps[0].abs() < 1e-13);
    }
}

#[test]
fn refused_functions() {
    struct Of<F>(f64, f64, F);
    impl<F: Fn(f64) -> f64> LogDensity<0> for Of<F> {
        fn support(&self) -> (f64, f64) {
            (self.0, self.1)
        }
        fn ln_density<S: Scalar>(&self, _: [S; 0], x: S) -> S {
            S::from((self.2)(x.re()))
        }
    }
    impl<F: Fn(f64) -> f64> Cdf<0> for Of<F> {
        fn support<S: Scalar>(&self, _: [S; 0]) -> (S, S) {
            (self.0.into(), self.1.into())
        }
        fn cdf<S: Scalar>(&self, _: [S; 0], x: S) -> S {
            S::from((self.2)(x.re()))
        }
        fn pdf<S: Scalar>(&self, _: [S; 0], _: S) -> S {
            1.0.into()
        }
    }
    let inf = f64::INFINITY;
    fn density<F: Fn(f64) -> f64>(low: f64, high: f64, f: F) -> Option<String> {
        FromLogDensity::<_, f64, 0>::new(Of(low, high, f), []).err().map(|e| e.to_string())
    }
    let refused = |error: Option<String>, reason: &str| {
        let error = error.expect(reason);
        assert!(error.contains(reason), "{error}");
    };
    refused(density(1.0, 1.0, |_| 0.0), "the support of a law from a log-density");
    refused(density(f64::NAN, 1.0, |_| 0.0), "the support of a law from a log-density");
    refused(density(0.0, 1.0, |_| f64::NAN), "a number, or -inf");
    refused(density(0.0, 1.0, |_| f64::NEG_INFINITY), "a number, or -inf");
    refused(density(0.0, 1.0, |_| inf), "a number, or -inf");
    refused(density(-inf, inf, |_| 0.0), "falling towards both ends");
    refused(density(0.0, inf, |x| -x.ln()), "falling towards both ends");
    refused(density(0.0, 1.0, |x| (1e5 * x).sin()), "96 panels");
    assert_eq!(density(0.0, 1.0, |_| 0.0), None);

    fn distribution<F: Fn(f64) -> f64>(low: f64, high: f64, f: F) -> Option<String> {
        FromCdf::<_, f64, 0>::new(Of(low, high, f), []).err().map(|e| e.to_string())
    }
    refused(distribution(1.0, 0.0, |x| x), "the support of a law from a distribution function");
    refused(distribution(0.0, 1.0, |x| 2.0 * x), "in [0, 1]");
    refused(distribution(0.0, 1.0, |_| f64::NAN), "in [0, 1]");
    refused(distribution(0.0, 1.0, |x| 1.0 - x), "not smaller than before");
    refused(distribution(0.0, 1.0, |x| 0.5 * x), "near 1 at the upper end");
    refused(distribution(-inf, inf, |x| 0.5 + 0.1 * x.atan()), "near 0 at the lower end");
    assert_eq!(distribution(0.0, 1.0, |x| x), None);
}

/// F(x) = x^k on [0, 1], whose levels near 1 round to the end, and (1 - exp(-x²))^k, whose x² overflows.
#[test]
fn ends_of_a_distribution_function() {
    #[derive(Clone, Copy, Default)]
    struct Power;
    impl Cdf<1> for Power {
        fn support<S: Scalar>(&self, _: [S; 1]) -> (S, S) {
            (0.0.into(), 1.0.into())
        }
        fn cdf<S: Scalar>(&self, [k]: [S; 1], x: S) -> S {
            x.powd(k)
        }
        fn sf<S: Scalar>(&self, [k]: [S; 1], x: S) -> S {
            -(x.ln() * k).exp_m1()
        }
    }
    #[derive(Clone, Copy, Default)]
    struct Burr;
    impl Cdf<1> for Burr {
        fn support<S: Scalar>(&self, _: [S; 1]) -> (S, S) {
            (0.0.into(), f64::INFINITY.into())
        }
        fn cdf<S: Scalar>(&self, [k]: [S; 1], x: S) -> S {
            (-(-x * x).exp_m1()).powd(k)
        }
        fn sf<S: Scalar>(&self, [k]: [S; 1], x: S) -> S {
            -((-(-x * x).exp()).ln_1p() * k).exp_m1()
        }
    }
    for k in [0.3, 0.5, 1.0, 2.5] {
        let power = FromCdf::new(Power, [k]).unwrap();
        // 1 - 1/k - ln k
        assert!((power.entropy() - (1.0 - 1.0 / k - f64::ln(k))).abs() < 1e-9, "{k}: {}", power.entropy());
        reparam::verify::law(&power).tails_from(1e-3).tolerance(1e-10).check().unwrap();
        let burr = FromCdf::new(Burr, [k]).unwrap();
        assert_eq!([1e160, f64::MAX].map(|x| burr.pdf(x)), [0.0; 2]);
        reparam::verify::law(&burr).tails_from(1e-3).tolerance(1e-10).check().unwrap();
    }
}
