//! Truncated laws where others fail: far out, one-sided, narrow; derivatives of high order; errors.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;

const INF: f64 = f64::INFINITY;

/// Intervals in standard units.
const INTERVALS: [[f64; 2]; 14] = [
    [8.0, 9.0],
    [13.0, 15.0],
    [-16.0, -15.0],
    [30.0, 31.0],
    [38.0, 39.0],
    [100.0, 101.0],
    [1000.0, 1000.5],
    [1000.0, INF],
    [-INF, -38.0],
    [-INF, INF],
    [-INF, 2.0],
    [-1e-7, 1e-7],
    [5.0, 5.000001],
    [-40.0, 40.0],
];

/// Every law that truncates, behind one closure per law.
fn each(
    mut f: impl FnMut(&str, [f64; 4], &dyn Fn(f64) -> Jet<f64, 4>, &dyn Fn(&mut Xoshiro256PlusPlus) -> Jet<f64, 4>),
) {
    for [lower, upper] in INTERVALS {
        for (location, scale) in [(0.0, 1.0), (0.5382424, 0.05)] {
            let p = [location, scale, location + scale * lower, location + scale * upper];
            let [m, s, l, u] = Jet::variables(p);
            let law = TruncatedNormal::new(m, s, l, u).unwrap();
            f("normal", p, &|p| law.quantile(p.into()), &|rng| law.sample(rng));
            let law = TruncatedLogistic::new(m, s, l, u).unwrap();
            f("logistic", p, &|p| law.quantile(p.into()), &|rng| law.sample(rng));
        }
    }
}

#[test]
fn draws_are_inside_and_move_with_what_they_should() {
    each(|name, [location, scale, lower, upper], _, draw| {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
        for _ in 0..1000 {
            let x = draw(&mut rng);
            let [by_location, by_scale, by_lower, by_upper] = x.eps;
            let at = format!("{name} {location} {scale} {lower} {upper}: {x:?}");
            assert!(lower <= x.re && x.re <= upper && x.eps.iter().all(|e| e.is_finite()), "{at}");
            // moving location and bounds together moves x along; stretching all stretches x
            assert!((by_location + by_lower + by_upper - 1.0).abs() < 1e-14, "{at}");
            assert!(by_location >= 0.0 && by_lower >= 0.0 && by_upper >= 0.0, "{at}");
            let ends: f64 = [(lower, by_lower), (upper, by_upper)]
                .iter()
                .filter(|(end, _)| end.is_finite())
                .map(|(end, by)| (end - location) * by)
                .sum();
            let size = ((x.re - location) / scale).abs().max(1.0);
            assert!((by_scale + ends / scale - (x.re - location) / scale).abs() < 1e-13 * size, "{at}");
        }
    });
}

/// The closed forms of first derivatives of draws against the lift by which second derivatives are had.
#[test]
fn first_derivatives_of_draws_are_those_of_the_second_order() {
    let more = [
        [0.0, INF],
        [-0.3, INF],
        [0.5, 3.0],
        [-0.2, 0.9],
        [-1.0, 0.5],
        [-3.0, 0.5],
        [1.0, 1.01],
        [0.9, 2.0],
        [2.0, 40.0],
    ];
    for [lower, upper] in INTERVALS.into_iter().chain(more) {
        for (location, scale) in [(0.0, 1.0), (0.5382424, 0.05)] {
            let p = [location, scale, location + scale * lower, location + scale * upper];
            let [m, s, l, u] = Jet::variables(p);
            let [mm, ss, ll, uu] = Jet::second_order(p);
            let (mut a, mut b) = (Xoshiro256PlusPlus::seed_from_u64(7), Xoshiro256PlusPlus::seed_from_u64(7));
            for _ in 0..1000 {
                for logistic in [false, true] {
                    let (x, y) = if logistic {
                        let x = TruncatedLogistic::new(m, s, l, u).unwrap().sample(&mut a);
                        (x, TruncatedLogistic::new(mm, ss, ll, uu).unwrap().sample(&mut b))
                    } else {
                        let x = TruncatedNormal::new(m, s, l, u).unwrap().sample(&mut a);
                        (x, TruncatedNormal::new(mm, ss, ll, uu).unwrap().sample(&mut b))
                    };
                    let want = y.re.eps;
                    assert_eq!(x.re.to_bits(), y.re.re.to_bits());
                    for i in [0, 2, 3] {
                        let error = (x.eps[i] / want[i] - 1.0).abs();
                        assert!(
                            error < 1e-12 || (x.eps[i] - want[i]).abs() < 1e-40,
                            "{p:?} {i} {logistic}: {x:?}, {want:?}, {error:e}"
                        );
                    }
                    // has a zero where a bound pulls as much as the location pushes
                    let size = want[0].abs() + ((x.re - location) / scale * want[0]).abs();
                    assert!((x.eps[1] - want[1]).abs() < 1e-12 * size.max(want[1].abs()), "{p:?} {x:?}, {want:?}");
                }
            }
        }
    }
}

/// Kolmogorov-Smirnov at 4.7 standard errors: one interval for each law that draws are accepted from, on both sides.
#[test]
fn draws_have_their_law() {
    for [lower, upper] in [
        [-1.0, 1.0],
        [-0.8, 0.8],
        [-3.0, 0.5],
        [0.3, 1.5],
        [-INF, 0.0],
        [2.0, 3.0],
        [0.9, INF],
        [-5.1, -5.0],
        [38.0, 39.0],
    ] {
        let law = TruncatedNormal::new(1.0, 2.0, 1.0 + 2.0 * lower, 1.0 + 2.0 * upper).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut draws: Vec<f64> = (0..200_000).map(|_| law.sample(&mut rng)).collect();
        draws.sort_by(f64::total_cmp);
        let n = draws.len() as f64;
        let distance =
            draws.iter().enumerate().map(|(i, x)| (law.cdf(*x) - (i as f64 + 0.5) / n).abs()).fold(0.0, f64::max);
        // 2 exp(-2 d² n) = 2.7e-6
        assert!(distance * n.sqrt() < 2.6, "[{lower}, {upper}]: {distance}");
    }
}

/// Median, its derivatives in location and scale, mean, variance, entropy (mpmath, 60 digits).
const A_THOUSAND: [f64; 6] = [
    1000.0006931462472,
    6.93144380454917e-07,
    0.0013862906276443817,
    1000.000999998,
    9.999940000499995e-07,
    -5.907757278974637,
];

#[test]
fn one_sided_at_a_thousand_sigma() {
    let a = 1000.0;
    let [mu, sigma, lower, upper] = Jet::variables([0.0, 1.0, a, INF]);
    let law = TruncatedNormal::new(mu, sigma, lower, upper).unwrap();
    // findroot of erfc(z/sqrt 2) = erfc(a/sqrt 2)/2, and dz/dmu = (h(z) - h(a))/h(z)
    let x = law.quantile(0.5.into());
    assert!((x.re - A_THOUSAND[0]).abs() < 2e-13, "{x:?}");
    assert!((x.eps[0] / A_THOUSAND[1] - 1.0).abs() < 1e-13, "{x:?}");
    assert!((x.eps[1] / A_THOUSAND[2] - 1.0).abs() < 1e-13, "{x:?}");
    assert_eq!(x.eps[3], 0.0);
    assert!((law.mean().unwrap().re - A_THOUSAND[3]).abs() < 2e-13);
    assert!((law.variance().unwrap().re / A_THOUSAND[4] - 1.0).abs() < 1e-13);
    assert!((law.entropy().re / A_THOUSAND[5] - 1.0).abs() < 1e-13);
}

/// Third derivatives in the bounds against central differences of second ones.
#[test]
fn third_derivatives() {
    type Third = Jet<Jet<Jet<f64, 4>, 4>, 4>;
    for p in [[0.2, 1.3, -1.0, 2.0], [0.0, 1.0, 8.0, 9.0], [0.0, 1.0, -31.0, -30.0]] {
        let variables: [Third; 4] = Jet::variables(Jet::second_order(p));
        let [m, s, l, u] = variables;
        let normal = TruncatedNormal::new(m, s, l, u).unwrap().quantile(0.3.into());
        let logistic = TruncatedLogistic::new(m, s, l, u).unwrap().quantile(0.3.into());
        for k in 0..4 {
            let h = 1e-4;
            let second = |t: f64| {
                let mut q = p;
                q[k] += t;
                let [m, s, l, u] = Jet::second_order(q);
                let normal = TruncatedNormal::new(m, s, l, u).unwrap().quantile(0.3.into());
                let logistic = TruncatedLogistic::new(m, s, l, u).unwrap().quantile(0.3.into());
                [normal.hessian().2, logistic.hessian().2]
            };
            let [far, near] = [2.0 * h, h].map(|h| (second(h), second(-h)));
            for (law, x) in [normal, logistic].iter().enumerate() {
                for i in 0..4 {
                    for j in 0..4 {
                        let [far, near] = [far, near].map(|(up, down)| up[law][i][j] - down[law][i][j]);
                        let want = (4.0 * near / (2.0 * h) - far / (4.0 * h)) / 3.0;
                        let got = x.eps[i].eps[j].eps[k];
                        assert!((got - want).abs() < 1e-6 * (1.0 + want.abs()), "{law} {p:?} {i}{j}{k}: {got} {want}");
                    }
                }
            }
        }
    }
}

#[test]
fn refused_bounds() {
    for (lower, upper) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (INF, INF), (-INF, -INF)] {
        assert_eq!(TruncatedNormal::new(0.0, 1.0, lower, upper).unwrap_err().parameter(), "lower");
        assert_eq!(TruncatedLogistic::new(0.0, 1.0, lower, upper).unwrap_err().parameter(), "lower");
        let base = Normal::new(0.0, 1.0).unwrap();
        assert_eq!(Truncated::new(base, lower, upper).unwrap_err().parameter(), "lower");
    }
    // out of range or no number: the message says so of the bound that is
    for (lower, upper, at_fault) in [(-1e308, 1.0, "lower"), (0.0, 1e151, "upper"), (0.0, f64::NAN, "upper")] {
        let base = Normal::new(0.0, 1.0).unwrap();
        for error in [
            TruncatedNormal::new(0.0, 1.0, lower, upper).unwrap_err(),
            TruncatedLogistic::new(0.0, 1.0, lower, upper).unwrap_err(),
            Truncated::new(base, lower, upper).unwrap_err(),
            Censored::new(base, lower, upper).unwrap_err(),
        ] {
            assert_eq!(error.parameter(), at_fault);
            assert!(error.to_string().contains("infinite or in [-1e150, 1e150]"), "{error}");
        }
    }
    assert_eq!(TruncatedNormal::new(0.0, 1e-100, 1e10, 1e11).unwrap_err().parameter(), "upper");
    assert_eq!(TruncatedNormal::new(0.0, 0.0, 0.0, 1.0).unwrap_err().parameter(), "sigma");
    assert_eq!(TruncatedNormal::new(INF, 1.0, 0.0, 1.0).unwrap_err().parameter(), "mu");
    assert_eq!(Truncated::new(Exponential::new(1.0).unwrap(), -2.0, -1.0).unwrap_err().parameter(), "lower");
}

/// Any law truncated is a law: the harness, bounded on both sides, on one, and on none.
#[test]
fn truncated_laws_obey_the_harness() {
    fn check<L: Continuous<f64> + Copy>(law: L, lower: f64, upper: f64) {
        for (lower, upper) in [(lower, upper), (lower, INF), (-INF, upper), (-INF, INF)] {
            let law = Truncated::new(law, lower, upper).unwrap();
            reparam::verify::law(&law).check().unwrap_or_else(|e| panic!("on [{lower}, {upper}]: {e}"));
        }
    }
    check(Normal::new(0.0, 1.0).unwrap(), 0.5, 2.0);
    check(Gamma::new(2.5, 1.0).unwrap(), 0.5, 6.0);
    check(StudentT::new(0.0, 1.0, 3.0).unwrap(), -1.0, 30.0);
    check(InverseGaussian::new(1.0, 2.0).unwrap(), 0.1, 3.0);
    // location 0: another adds the rounding of x - μ to that of x, beside a bound
    check(VonMises::new(0.0, 2.0).unwrap(), -1.0, 2.0);
}

/// ∫ f ln(f/g) by mpmath.
#[test]
fn divergence() {
    let law = |[mu, sigma, lower, upper]: [f64; 4]| TruncatedNormal::new(mu, sigma, lower, upper).unwrap();
    for (first, second, want) in [
        ([0.0, 1.0, -1.0, 2.0], [0.5, 2.0, -1.0, 3.0], 0.27729086166545365),
        ([0.0, 1.0, 8.0, 9.0], [0.5, 2.0, 7.0, 10.0], 2.525530869546781),
        ([0.0, 1.0, 38.0, 39.0], [1.0, 1.5, 38.0, 39.0], 0.269_800_986_287_944_97),
    ] {
        let got = law(first).kl_divergence(&law(second));
        // the mean is a double, and the logarithm of the density changes by the distance in σ times what its rounding changes
        let rounding = f64::EPSILON * first[3] * first[3];
        assert!((got - want).abs() < 1e-14 + rounding, "{got:e}, not {want:e}");
    }
    assert_eq!(law([0.0, 1.0, -1.0, 2.0]).kl_divergence(&law([0.0, 1.0, -1.0, 1.5])), INF);
    assert!(law([0.0, 1.0, 100.0, INF]).kl_divergence(&law([0.0, 1.0, 100.0, INF])).abs() < 1e-12);
}
