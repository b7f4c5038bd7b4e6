//! The number itself: against jets and closed forms, at edges, in runs within runs, over long runs.

use reparam::scalar::{Jet, Scalar, ln_sum_exp};
use reparam::special;
use reparam_adjoint::{Var, gradient, hessian, hessian_vector, jacobian};

/// A function of three numbers, with its jets: values must be those of `f64`, partials within some units of the last
/// digit of the largest.
macro_rules! as_jets {
    ($($point:expr => |$x:ident, $y:ident, $z:ident| $f:expr;)*) => {
        $({
            fn f<S: Scalar>([$x, $y, $z]: [S; 3]) -> S {
                $f
            }
            let point: [f64; 3] = $point;
            let plain = f(point);
            let expected = f(Jet::variables(point));
            let (value, slope) = gradient(&point, |x| f([x[0], x[1], x[2]]));
            let text = stringify!($f);
            assert_eq!(value.to_bits(), plain.to_bits(), "{text}");
            let size = expected.eps.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            for (a, b) in slope.iter().zip(expected.eps) {
                assert!(*a == b || (a - b).abs() <= 1e-14 * size || a.is_nan() && b.is_nan(),
                    "{text}: {slope:?}, not {:?}", expected.eps);
            }
            let v = [1.0, -0.5, 2.0];
            let along: [Jet<Jet<f64, 3>, 1>; 3] =
                core::array::from_fn(|i| Jet { re: Jet::variable(point[i], i), eps: [Jet::constant(v[i])] });
            let expected = f(along);
            let (value, slope, product) = hessian_vector(&point, &v, |x| f([x[0], x[1], x[2]]));
            assert_eq!(value.to_bits(), plain.to_bits(), "{text}");
            let size = expected.eps[0].eps.iter().fold(size, |m: f64, d| m.max(d.abs()));
            let both = slope.iter().zip(expected.re.eps).chain(product.iter().zip(expected.eps[0].eps));
            for (a, b) in both {
                assert!(*a == b || (a - b).abs() <= 1e-13 * size || a.is_nan() && b.is_nan(),
                    "{text}: {slope:?} {product:?}, not {expected:?}");
            }
        })*
    };
}

#[test]
fn arithmetic_and_elementary_functions() {
    let at = [1.3, 0.7, -0.4];
    as_jets! {
        at => |x, y, z| x * y + z;
        at => |x, y, z| x * x * y - y * z / x;
        at => |x, y, z| (x - y) * (x - y) + (z - z) + x / x;
        at => |x, y, z| -(x + y) * 3.0 / 7.0 - z + 2.0;
        at => |x, y, z| x.over(y + z) * (z - 1.0).complement();
        at => |x, y, z| (x * y).exp() * z.sin() + (x + z).ln() * y.sqrt();
        at => |x, y, z| x.powd(y) + y.powi(-3) * z.powi(5) + x.powf(1.7);
        at => |x, y, z| x.hypot(z) * y.atan2(x) + z.cbrt();
        at => |x, y, z| x.min(y).max(z) + z.abs() * x.max(y * 3.0);
        at => |x, y, z| (x * z).softplus() + (y - z).sigmoid() * x.tanh() + (y * 0.5).logit();
        at => |x, y, z| ln_sum_exp(&[x, y, z, x * y]);
        at => |x, y, z| (y * z).exp_m1_ratio() + (x * y).ln_1p_ratio() + z.asinh();
    }
}

#[test]
fn special_functions() {
    let at = [2.3, 0.7, 1.4];
    as_jets! {
        at => |x, y, z| special::erf(x * y) + special::erfcx(z) * y;
        at => |x, y, z| special::ln_gamma(x + y) * special::digamma(z);
        at => |x, y, z| special::ln_beta(x, y) + special::ln_beta(y, z);
        at => |x, y, z| special::inc_gamma_p(x, y * z) + special::inc_gamma_q(z, x);
        at => |x, y, z| special::inc_beta(x, z, y * 0.5);
        at => |x, y, z| special::normal_cdf(x - z) * special::normal_quantile(y);
        at => |x, y, z| special::lambert_w0(x * y) + z;
    }
}

/// Where slopes are infinite, what does not move has no derivative: as with jets.
#[test]
fn edges_are_those_of_jets() {
    as_jets! {
        [0.0, 2.0, 1.0] => |x, y, z| x.sqrt() + y * z;
        [0.0, 2.0, 1.0] => |x, y, z| (x * 0.0).sqrt() + y * z + x;
        [0.0, 2.0, 1.0] => |x, y, z| x.chain(y.ln()) + z;
        [0.0, 0.0, 1.0] => |x, y, z| x.chain(y.sqrt()) + z;
        [0.0, 0.0, 1.0] => |x, y, z| x.powd(z + 1.0) + y * y;
        [1e-160, 1e-170, 1e160] => |x, y, z| x.over(z) + y;
        [1e80, 1e-80, 1.0] => |x, y, z| x.over(y * 1e20) + z;
    }
    // 0 times an infinite slope on the way back: √u at u = 0, where u = 0 x + y
    let (value, slope) = gradient(&[3.0, 0.0], |x| (x[0] * 0.0 + x[1]).sqrt());
    assert_eq!((value, slope), (0.0, vec![0.0, f64::INFINITY]));
}

/// Which numbers are constants is known as with jets.
#[test]
fn constants_are_known() {
    gradient(&[3.0, 5.0], |x| {
        assert_eq!(Var::<f64>::from(-2.0).max_abs(), 2.0);
        assert_eq!(Var::<f64>::from(0.0).max_abs(), 0.0);
        assert_eq!(x[0].max_abs(), 3.0);
        assert_eq!((x[0] - x[0]).max_abs(), 0.0);
        assert_eq!((x[0] * 0.0 + x[1] * 0.0).max_abs(), 0.0);
        assert_eq!(x[0].detach().with_re(0.0).max_abs(), 0.0);
        assert!(x[0].with_re(0.0).max_abs() > 0.0);
        assert!((x[0] * x[1] - 15.0).max_abs() > 0.0);
        assert_eq!((x[0] - 3.0).sqrt().max_abs(), f64::INFINITY);
        x[0]
    });
}

/// Sums and products that outgrow every buffer, against closed forms.
#[test]
fn long_runs() {
    let n = 5000;
    let x: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i) / 1e4).collect();
    // Π x_i^(1/1000): the derivative is the value / (1000 x_i)
    let (value, slope) = gradient(&x, |x| x.iter().map(|x| x.powf(1e-3)).product());
    for (d, x) in slope.iter().zip(&x) {
        let exact = value / (1000.0 * x);
        assert!((d - exact).abs() < 1e-12 * exact, "{d}, not {exact}");
    }
    // Σ x_i x_(i+1)
    let (_, slope) = gradient(&x, |x| x.windows(2).map(|x| x[0] * x[1]).sum());
    for i in 1..x.len() - 1 {
        assert_eq!(slope[i], x[i - 1] + x[i + 1]);
    }
    // the logistic map, by the chain rule by hand; after a thousand turns the start is forgotten
    for turns in [20, 1000] {
        let (r, mut y) = (3.2f64, 0.4f64);
        let (_, slope) = gradient(&[r, y], |x| (0..turns).fold(x[1], |y, _| x[0] * y * (-y + 1.0)));
        let (mut dr, mut dy) = (0.0, 1.0);
        for _ in 0..turns {
            let by_y = r * (1.0 - 2.0 * y);
            (dr, dy, y) = (y * (1.0 - y) + by_y * dr, by_y * dy, r * y * (1.0 - y));
        }
        let close = |got: f64, exact: f64| (got - exact).abs() <= 1e-12 * exact.abs() + f64::MIN_POSITIVE;
        assert!(close(slope[0], dr) && close(slope[1], dy), "{turns}: {slope:?}, not {dr} {dy}");
    }
}

#[test]
fn many_results_and_no_parameters() {
    let x = [2.0, 3.0, 5.0];
    let (values, rows) = jacobian(&x, |x| vec![x[0] * x[1], x[2], x[1] * x[1] * x[2], 1.0.into()]);
    assert_eq!(values, [6.0, 5.0, 45.0, 1.0]);
    assert_eq!(rows, [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0], [0.0, 30.0, 9.0], [0.0; 3]]);
    assert_eq!(gradient(&[], |_| 2.0.into()), (2.0, vec![]));
    assert_eq!(hessian(&[], |_| 2.0.into()), (2.0, vec![], vec![]));
    assert_eq!(jacobian(&x, |_| vec![]), (vec![], vec![]));
}

/// Π x_i at 19 parameters: value / (x_i x_j) off the diagonal.
#[test]
fn hessians_of_several_chunks() {
    let x: Vec<f64> = (0..19).map(|i| 0.5 + 0.1 * f64::from(i)).collect();
    let (value, slope, rows) = hessian(&x, |x| x.iter().copied().product());
    for i in 0..19 {
        assert!((slope[i] - value / x[i]).abs() < 1e-13 * value / x[i]);
        for j in 0..19 {
            let exact = if i == j { 0.0 } else { value / (x[i] * x[j]) };
            assert!((rows[i][j] - exact).abs() <= 1e-13 * exact, "{i} {j}: {}, not {exact}", rows[i][j]);
        }
    }
}

/// Jets of adjoints and adjoints of jets are the same second derivatives.
#[test]
fn jets_of_adjoints() {
    let f = |x: Jet<Var, 1>, y: Jet<Var, 1>| (x * y).exp() + x.over(y).ln() * y;
    let (slope_in_x, second) = gradient(&[1.2, 0.7], |p| f(Jet::variable(p[0], 0), Jet::constant(p[1])).eps[0]);
    let (_, slope, product) =
        hessian_vector(&[1.2, 0.7], &[1.0, 0.0], |p| (p[0] * p[1]).exp() + p[0].over(p[1]).ln() * p[1]);
    assert!((slope_in_x - slope[0]).abs() < 1e-14 * slope[0].abs());
    assert!(second.iter().zip(&product).all(|(a, b)| (a - b).abs() < 1e-13), "{second:?}, not {product:?}");
}

/// A gradient inside a function that is differentiated: numbers of one run are constants in the other, and the outer
/// run goes on as if nothing had been.
#[test]
fn runs_within_runs() {
    let (value, slope) = gradient(&[2.0, 3.0], |x| {
        let before = x[0] * x[1];
        // the derivative of u (x u) in u at 5 is 10 x, with x = 2 a constant
        let (inner, d) = gradient(&[5.0], |u| u[0] * (x[0] * u[0]));
        assert_eq!((inner, d[0]), (50.0, 20.0));
        before * x[1] + d[0]
    });
    assert_eq!((value, slope), (38.0, vec![9.0, 12.0]));
}

/// A number that outlives its run is a constant in the next.
#[test]
fn numbers_of_a_run_that_is_over() {
    let mut kept = Var::from(0.0);
    gradient(&[2.0], |x| {
        kept = x[0] * x[0].exp() + 1.0;
        kept
    });
    let (value, slope) = gradient(&[3.0, 4.0], |x| kept * x[0] + x[1] * kept + kept * kept);
    let kept = kept.value();
    assert_eq!((value, slope), (kept * 3.0 + 4.0 * kept + kept * kept, vec![kept, kept]));
    // alone it is a result that does not move
    let (_, slope) = gradient(&[1.0], |_| Var::from(2.0));
    assert_eq!(slope, [0.0]);
}

/// A panic in a function leaves the thread's arena as it was.
#[test]
fn after_a_panic() {
    let (_, slope) = gradient(&[2.0, 3.0], |x| {
        let before = x[0] * x[1];
        let panicked = std::panic::catch_unwind(|| {
            gradient(&[1.0, 1.0], |u| if u[0].re() > 0.0 { panic!("expected") } else { u[0] * u[1] });
        });
        assert!(panicked.is_err());
        before * x[0]
    });
    assert_eq!(slope, [12.0, 4.0]);
}
