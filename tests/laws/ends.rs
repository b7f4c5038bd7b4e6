//! Derivatives in x at the finite ends of the support: tails have the density as their slope, that from inside.

use crate::common::parameters;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam::verify;

fn slopes<F: Family>(failures: &mut Vec<String>) {
    for chosen in parameters::chosen(F::NAME) {
        if let Err(found) = verify::family::<F>(chosen).check_end_slopes() {
            failures.push(format!("{} {chosen:?}: {found}", F::NAME));
        }
    }
}

/// Shapes at which a density begins as a constant, a line, a parabola, or a power between them.
fn slopes_of_powers<F: Family>(failures: &mut Vec<String>) -> usize {
    let Some(chosen) = parameters::chosen(F::NAME).first() else { return 0 };
    let mut checked = 0;
    for i in 0..chosen.len() {
        for shape in [0.5, 1.0, 1.5, 2.0, 2.5, 3.0] {
            let mut parameters = chosen.to_vec();
            parameters[i] = shape;
            if F::law::<f64>(&parameters).is_err() {
                continue;
            }
            checked += 1;
            if let Err(found) = verify::family::<F>(&parameters).check_end_slopes() {
                failures.push(format!("{} {parameters:?}: {found}", F::NAME));
            }
        }
    }
    checked
}

#[test]
fn tails_have_the_density_as_their_slope() {
    let (mut failures, mut checked) = (Vec::new(), 0);
    macro_rules! one {
        ($family:ident) => {
            slopes::<$family<f64>>(&mut failures);
            checked += slopes_of_powers::<$family<f64>>(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(checked > 900, "{checked}");
}

/// At the shape between those at which the density at 0 is 0 and infinite, its logarithm falls infinitely fast; it has a value there.
#[test]
fn shapes_between() {
    let (one, c) = (Jet::<f64, 1>::variable(1.0, 0), Jet::<f64, 1>::from);
    let zero = c(0.0);
    for (name, law, density) in [
        ("gamma", Gamma::new(one, c(2.0)).unwrap().ln_pdf(zero), 2f64),
        ("beta", Beta::new(one, c(3.0)).unwrap().ln_pdf(zero), 3.0),
        ("beta at 1", Beta::new(c(3.0), one).unwrap().ln_pdf(c(1.0)), 3.0),
        ("weibull", Weibull::new(c(0.5), one).unwrap().ln_pdf(zero), 2.0),
        ("F", FisherF::new(one * 2.0, c(5.0)).unwrap().ln_pdf(zero), 1.0),
        ("log-logistic", LogLogistic::new(c(0.25), one).unwrap().ln_pdf(zero), 4.0),
        ("Burr XII", BurrXII::new(c(0.5), one, c(3.0)).unwrap().ln_pdf(zero), 6.0),
        ("Dagum", Dagum::new(c(2.0), c(2.0), one * 0.5).unwrap().ln_pdf(zero), 0.5),
        (
            "generalized gamma",
            GeneralizedGamma::new(c(1.0), one, c(2.0)).unwrap().ln_pdf(zero),
            core::f64::consts::FRAC_2_SQRT_PI,
        ),
        ("Kumaraswamy", Kumaraswamy::new(one, c(2.0)).unwrap().ln_pdf(zero), 2.0),
    ] {
        assert!((law.re - density.ln()).abs() < 1e-15, "{name}: {law:?}");
        assert_eq!(law.eps[0], f64::NEG_INFINITY, "{name}");
    }
    // on either side of it
    for (shape, density) in [(0.999, f64::INFINITY), (1.001, 0.0)] {
        assert_eq!(LogLogistic::new(0.25, shape).unwrap().pdf(0.0), density);
        assert_eq!(BurrXII::new(0.5, shape, 3.0).unwrap().pdf(0.0), density);
        assert_eq!(Dagum::new(2.0, 2.0, 0.5 * shape).unwrap().pdf(0.0), density);
    }
}

/// Where a bound cuts through a density, tails move with it, in every order of number.
#[test]
fn bounds_that_cut() {
    let density = |a: f64| Normal::new(0.0, 1.0).unwrap().pdf(a);
    let mass = Normal::new(0.0, 1.0).unwrap().cdf(1.0) - Normal::new(0.0, 1.0).unwrap().cdf(-1.0);
    let q = density(-1.0) / mass;
    let [first, second] = [Jet::<Jet<f64, 1>, 1>::second_order([-1.0])[0], Jet::from(1.0)];
    let laws: [&dyn Fn(Jet<Jet<f64, 1>, 1>) -> [Jet<Jet<f64, 1>, 1>; 3]; 2] = [
        &|x| {
            let law = TruncatedNormal::new(0.0.into(), 1.0.into(), first, second).unwrap();
            [law.cdf(x), law.sf(x), law.ln_sf(x)]
        },
        &|x| {
            let law = Truncated::new(Normal::new(0.0.into(), 1.0.into()).unwrap(), first, second).unwrap();
            [law.cdf(x), law.sf(x), law.ln_sf(x)]
        },
    ];
    for law in laws {
        // S(a) = (Φ(1) - Φ(x))/(Φ(1) - Φ(a)) and its logarithm at a = x = -1
        let wanted = [(-q, -q - 2.0 * q * q), (q, q + 2.0 * q * q), (q, q + q * q)];
        for (got, (slope, curvature)) in law((-1.0).into()).into_iter().zip(wanted) {
            let (_, first, second) = got.hessian();
            assert!(
                (first[0] / slope - 1.0).abs() < 1e-14 && (second[0][0] / curvature - 1.0).abs() < 1e-13,
                "{got:?}"
            );
        }
    }
    let law =
        Truncated::new(Normal::new(Jet::<f64, 1>::from(0.0), Jet::from(1.0)).unwrap(), Jet::from(-1.0), Jet::from(1.0))
            .unwrap();
    for (x, slope) in [(-1.0, q), (1.0, density(1.0) / mass)] {
        let got = law.cdf(Jet::variable(x, 0)).eps[0];
        assert!((got / slope - 1.0).abs() < 1e-14, "{got} for {slope}");
    }
}

/// A density at 0 is one value in every scalar, whatever powers begin it.
#[test]
fn values_at_zero() {
    fn one_value<F: Family>(parameters: &[f64]) {
        let plain = F::law::<f64>(parameters).unwrap();
        let third =
            F::law::<Jet<Jet<Jet<f64, 1>, 1>, 1>>(&parameters.iter().map(|p| (*p).into()).collect::<Vec<_>>()).unwrap();
        let [second] = Jet::<Jet<f64, 1>, 1>::second_order([0.0]);
        let x = Jet { re: second, eps: [Jet::from(1.0)] };
        let values = [plain.pdf(0.0), plain.ln_pdf(0.0), plain.cdf(0.0), plain.sf(0.0)];
        let with_derivatives = [third.pdf(x), third.ln_pdf(x), third.cdf(x), third.sf(x)].map(|y| y.re());
        assert_eq!(values, with_derivatives, "{} {parameters:?}", F::NAME);
        assert!(values.iter().all(|y| !y.is_nan()));
    }
    // powers that are rounded to -1, and powers of 1 and 1.5 that make one of 0
    one_value::<LogLogistic<f64>>(&[0.022950413041959383, 1.0001633346098194e-20]);
    one_value::<Weibull<f64>>(&[0.3, 1e-18]);
    one_value::<BurrXII<f64>>(&[2.0, 1e-17, 3.0]);
    one_value::<Gamma<f64>>(&[1e-17, 3.0]);
    one_value::<Beta<f64>>(&[1e-17, 3.0]);
    one_value::<FisherF<f64>>(&[1e-17, 1e5]);
    one_value::<GeneralizedGamma<f64>>(&[1.0, 1e-17, 3.0]);
    one_value::<Dagum<f64>>(&[2.0, 1.5, 1.0 / 1.5]);
    one_value::<Dagum<f64>>(&[2.0, 1.5, 2.0 / 1.5]);
    one_value::<GeneralizedGamma<f64>>(&[1.0, 1.0, 1.5]);
    one_value::<GeneralizedGamma<f64>>(&[1.0, 2.0, 1.5]);
    one_value::<Kumaraswamy<f64>>(&[1e-17, 2.5]);
    one_value::<Kumaraswamy<f64>>(&[1.0, 2.5]);
}

/// Second derivatives at an end that moves with the parameters, where the density is a power that is not whole: those of d^power, d being
/// the end less x, of which the second one outweighs the first times a second derivative of the end.
#[test]
fn powers_at_a_moving_end() {
    let infinity = f64::INFINITY;
    for xi in [-0.7, -1.5, -3.0, -30.0] {
        let end = GeneralizedPareto::new(1.0, 72.0, xi).unwrap().support().1;
        let [location, scale, shape, x] = Jet::second_order([1.0, 72.0, xi, end]);
        let law = GeneralizedPareto::new(location, scale, shape).unwrap();
        // the end rises with all three
        let (_, first, second) = law.sf(x).hessian();
        // 1 - F ~ d^(-1/ξ), of a power of 1.43 or below 1
        let (slope, curvature) = if xi > -1.0 { (0.0, infinity) } else { (infinity, -infinity) };
        assert_eq!(first.map(|g| g + 0.0), [slope, slope, slope, 0.0 - slope], "{xi}");
        let signed = |infinity: f64| {
            [0, 1, 2, 3].map(|i| [0, 1, 2, 3].map(|j| if (i == 3) != (j == 3) { -infinity } else { infinity }))
        };
        assert_eq!(second, signed(curvature), "{xi}");
        if xi > -1.0 {
            // f ~ d^(-1/ξ - 1), a power of 0.43
            let (value, first, second) = law.pdf(x).hessian();
            assert_eq!((value, first), (0.0, [infinity, infinity, infinity, -infinity]));
            assert_eq!(second, signed(-infinity));
        }
    }
}

/// Shapes at which the density begins as a whole power: with them the exponent moves, and x^exponent by the logarithm of x.
#[test]
fn exponents_that_move() {
    type Second = Jet<Jet<f64, 2>, 2>;
    let infinity = f64::INFINITY;
    let at_zero = |shape: f64| {
        let [a, x]: [Second; 2] = Jet::second_order([shape, 0.0]);
        let law = Gamma::new(a, Jet::from(1.0)).unwrap();
        [law.pdf(x), law.ln_pdf(x), law.cdf(x)].map(|y| y.hessian())
    };
    // of x^(a - 1) e^-x/Γ(a): -γ and ψ'(1) are those of Γ
    let [pdf, ln_pdf, cdf] = at_zero(1.0);
    assert_eq!((pdf.1, pdf.2), ([-infinity, -1.0], [[infinity, infinity], [infinity, 1.0]]));
    let curvature = ln_pdf.2[0][0];
    assert!((curvature + core::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15, "{curvature}");
    assert_eq!((ln_pdf.1, ln_pdf.2[0][1], ln_pdf.2[1]), ([-infinity, -1.0], infinity, [infinity, 0.0]));
    assert_eq!((cdf.1, cdf.2), ([0.0, 1.0], [[0.0, -infinity], [-infinity, -1.0]]));
    let [pdf, _, cdf] = at_zero(2.0);
    assert_eq!((pdf.1, pdf.2), ([0.0, 1.0], [[0.0, -infinity], [-infinity, -2.0]]));
    assert_eq!((cdf.1, cdf.2), ([0.0, 0.0], [[0.0, 0.0], [0.0, 1.0]]));
    // x^(a - 1) with a = 1 + s t at x = t is 1 + s t ln t + ...
    for sign in [1.0, -1.0] {
        let [t]: [Jet<Jet<f64, 1>, 1>; 1] = Jet::second_order([0.0]);
        let law = Gamma::new(t * sign + 1.0, Jet::from(1.0)).unwrap();
        let (_, first, second) = law.pdf(t).hessian();
        assert_eq!((first, second), ([-sign * infinity], [[sign * infinity]]));
    }
}

/// -0.0 is an end as 0.0 is one.
#[test]
fn negative_zero_at_an_end() {
    for zero in [0.0, -0.0] {
        let [p, x]: [Jet<f64, 2>; 2] = Jet::variables([0.25, zero]);
        let law = ContinuousBernoulli::new(p).unwrap();
        assert_eq!(law.ln_cdf(x), Jet::from(f64::NEG_INFINITY), "{zero}");
    }
}
