//! Mixtures of products: derivatives of draws against the chain of conditional laws, and of expectations in closed form.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::verify;

const POINT: [f64; 6] = [0.3, -1.0, 0.7, 2.0, 0.5, 1.2];

type Law<S> = FactorizedMixture<S, (Normal<S>, Gamma<S>), 2>;

fn rows<S: Scalar>([_, m1, s1, a1, m2, a2]: [S; 6]) -> [(Normal<S>, Gamma<S>); 2] {
    let row = |m, s, a| (Normal::new(m, s).unwrap(), Gamma::new(a, S::from(1.5)).unwrap());
    [row(m1, s1, a1), row(m2, S::from(0.9), a2)]
}

fn law<S: Scalar>(p: [S; 6]) -> Law<S> {
    FactorizedMixture::new([p[0], -p[0] + 1.0], rows(p)).unwrap()
}

/// The law of x, and that of y given x, from the laws' definitions.
fn marginal<S: Scalar>(p: [S; 6]) -> Mixture<S, [Normal<S>; 2]> {
    Mixture::new([p[0], -p[0] + 1.0], rows(p).map(|row| row.0)).unwrap()
}

fn conditional<S: Scalar>(p: [S; 6], x: S) -> Mixture<S, [Gamma<S>; 2]> {
    let [first, second] = rows(p);
    Mixture::new([p[0] * first.0.pdf(x), (-p[0] + 1.0) * second.0.pdf(x)], [first.1, second.1]).unwrap()
}

/// (x, y) at fixed probabilities.
fn at<S: Scalar>(p: [S; 6], u: [f64; 2]) -> [S; 2] {
    let x = marginal(p).quantile(u[0].into());
    [x, conditional(p, x).quantile(u[1].into())]
}

/// A point of the unit square.
struct Pair(std::array::IntoIter<f64, 2>);

impl Coordinates for Pair {
    fn uniform(&mut self) -> f64 {
        self.0.next().expect("two coordinates")
    }
    fn generator(&mut self) -> impl Rng {
        Xoshiro256PlusPlus::seed_from_u64(1)
    }
}

#[test]
fn draws_at_coordinates_are_conditional_quantiles() {
    for u in [[0.5, 0.5], [1e-9, 0.3], [0.7, 1e-12], [0.999_999_9, 0.01], [0.2, 0.9]] {
        let point = || Pair(u.into_iter());
        let plain = law(POINT).draw_at(&mut point());
        let jets = law(Jet::second_order(POINT)).draw_at(&mut point());
        let want = at(Jet::second_order(POINT), u);
        for n in 0..2 {
            assert_eq!(jets[n].re().to_bits(), plain[n].to_bits());
            let ((got, g, h), (value, gradient, hessian)) = (jets[n].hessian(), want[n].hessian());
            assert!((got - value).abs() < 1e-13 * value.abs().max(1.0), "{u:?} {n}: {got} {value}");
            for i in 0..6 {
                assert!(
                    (g[i] - gradient[i]).abs() < 1e-9 * (1.0 + gradient[i].abs()),
                    "{u:?} {n} {i}: {g:?} {gradient:?}"
                );
                for j in 0..6 {
                    let (got, want) = (h[i][j], hessian[i][j]);
                    assert!((got - want).abs() < 1e-7 * (1.0 + want.abs()), "{u:?} {n} {i} {j}: {got} {want}");
                }
            }
        }
    }
}

#[test]
fn derivatives_are_those_at_fixed_conditional_probabilities() {
    for seed in 0..20 {
        let rng = || Xoshiro256PlusPlus::seed_from_u64(seed);
        let plain = law(POINT).sample(&mut rng());
        let second = law(Jet::second_order(POINT)).sample(&mut rng());
        let u = [marginal(POINT).cdf(plain[0]), conditional(POINT, plain[0]).cdf(plain[1])];
        let chain = at(Jet::second_order(POINT), u);
        for n in 0..2 {
            assert_eq!(second[n].re().to_bits(), plain[n].to_bits());
            let ((_, g, h), (_, want, wants)) = (second[n].hessian(), chain[n].hessian());
            let scale = want.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
            for i in 0..6 {
                assert!((g[i] - want[i]).abs() < 1e-11 * scale, "{seed} {n} {i}: {} {}", g[i], want[i]);
                for (j, (got, want)) in h[i].into_iter().zip(wants[i]).enumerate() {
                    let scale = wants.concat().iter().fold(scale, |m: f64, x| m.max(x.abs()));
                    assert!((got - want).abs() < 1e-9 * scale, "{seed} {n} {i} {j}: {got} {want}");
                }
                // differences of plain numbers, and of first derivatives
                let step = 1e-5;
                let shifted = |by: f64| {
                    let mut p = POINT;
                    p[i] += by;
                    (at(p, u)[n], at(Jet::variables(p), u)[n].eps)
                };
                let (up, down) = (shifted(step), shifted(-step));
                let difference = (up.0 - down.0) / (2.0 * step);
                assert!((g[i] - difference).abs() < 1e-6 * scale, "{seed} {n} {i}: {} {difference}", g[i]);
                for (j, got) in h[i].into_iter().enumerate() {
                    let difference = (up.1[j] - down.1[j]) / (2.0 * step);
                    let scale = wants.concat().iter().fold(scale, |m: f64, x| m.max(x.abs()));
                    assert!((got - difference).abs() < 1e-5 * scale, "{seed} {n} {i} {j}: {difference}");
                }
            }
        }
    }
}

/// E[x y] = Σ w_k m_k a_k / 1.5, its gradient and Hessian by draws: it hangs on the dependence of the coordinates.
#[test]
fn expectation_of_the_product() {
    let p = Jet::second_order(POINT);
    let [w, m1, _, a1, m2, a2] = p;
    let (want, want_gradient, want_hessian) = ((w * m1 * a1 + (-w + 1.0) * m2 * a2) / 1.5).hessian();
    let law = law(p);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(9);
    let draws: Vec<_> = (0..4_000)
        .map(|_| {
            let [x, y] = law.sample(&mut rng);
            (x * y).hessian()
        })
        .collect();
    let check = |values: Vec<f64>, want: f64, at: &str| {
        let found = verify::mean_of(values);
        assert!((found.mean - want).abs() <= 5.0 * found.standard_error, "{at}: {found:?} for {want}");
    };
    check(draws.iter().map(|d| d.0).collect(), want, "value");
    for i in 0..6 {
        check(draws.iter().map(|d| d.1[i]).collect(), want_gradient[i], "gradient");
        for (j, want) in want_hessian[i].into_iter().enumerate() {
            check(draws.iter().map(|d| d.2[i][j]).collect(), want, "hessian");
        }
    }
}

#[test]
fn densities_and_edges() {
    let law = law(POINT);
    let [first, second] = rows(POINT);
    let x = [0.3, 0.8];
    let of = |row: &(Normal<f64>, Gamma<f64>)| row.0.pdf(x[0]) * row.1.pdf(x[1]);
    let want = 0.3 * of(&first) + 0.7 * of(&second);
    assert!((law.ln_pdf(&x) - want.ln()).abs() < 1e-14);
    assert!((law.responsibilities(&x)[0] - 0.3 * of(&first) / want).abs() < 1e-14);
    assert_eq!(law.ln_pdf(&[0.3, -1.0]), f64::NEG_INFINITY);
    assert!(law.ln_pdf(&[f64::NAN, 1.0]).is_nan());
    let mean = law.mean().unwrap();
    assert!((mean[0] - (-0.3 + 0.7 * 0.5)).abs() < 1e-15 && mean[1] > 0.0);
    assert_eq!(law.dimension(), 2);

    let row = [Normal::new(0.0, 1.0).unwrap(); 3];
    let one = FactorizedMixture::new([2.0], [row]).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
    assert!(one.sample(&mut rng).iter().all(|x| x.is_finite()));
    assert_eq!(FactorizedMixture::new([0.0, 0.0], [row; 2]).unwrap_err().parameter(), "weights");
    let error = FactorizedMixture::from_logits([0.0, f64::NAN], [row; 2]).unwrap_err();
    assert_eq!(error.parameter(), "logits");
    let rows = [vec![row[0]; 2], vec![row[0]; 3]];
    let error = FactorizedMixture::new([0.5, 0.5], rows).unwrap_err();
    assert_eq!((error.parameter(), error.value()), ("rows", 3.0));
    let none: [[Normal<f64>; 2]; 0] = [];
    assert_eq!(FactorizedMixture::new([], none).unwrap_err().parameter(), "rows");
}

/// A weight of 0 changes no value, but each coordinate moves with it at its conditional probability:
/// dx_1/dw = (F_1 - F_2)(x_1)/f_1(x_1), and dx_2/dw likewise times the posterior weight's slope f_2(x_1)/f_1(x_1).
#[test]
fn weights_of_zero() {
    let [w] = Jet::second_order([0.0]);
    let (first, second) = (Normal::new(0.0, 1.0).unwrap(), Normal::new(1.0, 0.5).unwrap());
    let constant = |m: f64, s: f64| Normal::new(Jet::from(m), Jet::from(s)).unwrap();
    let rows = [[constant(0.0, 1.0); 2], [constant(1.0, 0.5); 2]];
    let law = FactorizedMixture::new([-w + 1.0, w], rows).unwrap();
    let plain = FactorizedMixture::new([1.0, 0.0], [[first; 2], [second; 2]]).unwrap();
    let (mut rng, mut same) = (Xoshiro256PlusPlus::seed_from_u64(6), Xoshiro256PlusPlus::seed_from_u64(6));
    for _ in 0..100 {
        let draw = law.sample(&mut rng);
        let x = plain.sample(&mut same);
        assert_eq!(draw.map(|x| x.re()), x);
        let slope = |x: f64| (first.cdf(x) - second.cdf(x)) / first.pdf(x);
        let want = [slope(x[0]), slope(x[1]) * second.pdf(x[0]) / first.pdf(x[0])];
        for (got, want) in draw.map(|x| x.hessian().1[0]).into_iter().zip(want) {
            assert!((got - want).abs() < 1e-11 * want.abs().max(1e-3), "{got} {want}");
        }
    }
}

/// The first coordinate tells the component: the second moves with its own ends alone.
#[test]
fn disjoint_supports() {
    let [w, a, b] = Jet::second_order([0.25, 2.0, 3.0]);
    let (zero, one) = (Jet::from(0.0), Jet::from(1.0));
    let rows = [[Uniform::new(zero, one).unwrap(); 2], [Uniform::new(a, b).unwrap(); 2]];
    let law = FactorizedMixture::new([w, -w + 1.0], rows).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    for _ in 0..100 {
        let [x, y] = law.sample(&mut rng).map(|x| x.hessian());
        let near = |got: [f64; 3], want: [f64; 3]| got.iter().zip(want).all(|(g, w)| (g - w).abs() < 1e-12);
        // u = w x below, w + (1 - w) (x - a)/(b - a) above
        let in_w = if x.0 < 1.0 { -x.0 / 0.25 } else { (x.0 - 3.0) / 0.75 };
        let ends = |x: f64| if x < 1.0 { [0.0, 0.0] } else { [3.0 - x, x - 2.0] };
        assert!(near(x.1, [in_w, ends(x.0)[0], ends(x.0)[1]]), "{x:?}");
        assert!(near(y.1, [0.0, ends(y.0)[0], ends(y.0)[1]]), "{y:?}");
        assert!((x.0 < 1.0) == (y.0 < 1.0) && y.2.iter().flatten().all(|h| h.is_finite()));
    }
}
