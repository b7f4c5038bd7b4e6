//! A kink summed out: an arithmetic Asian call given all of its path but the mean.

#[path = "../../examples/reductions/asian.rs"]
mod asian;

use reparam::estimate::{self, Estimate};

const THETA: [f64; 2] = [100.0, 0.2];

fn numbers(e: &Estimate<[f64; 2]>) -> [(f64, f64); 3] {
    [(e.value, e.value_se), (e.gradient[0], e.gradient_se[0]), (e.gradient[1], e.gradient_se[1])]
}

/// As many quasi-random points and plain samples: an error of 32 randomizations is known to an eighth.
#[test]
fn asian_option() {
    let points = 1 << 12;
    let plain = estimate::pathwise_program(THETA, asian::kinked()).samples(32 * points).run_seed(1).unwrap();
    let kinked = estimate::quasi(THETA, asian::kinked()).points(points).run_seed(1).unwrap();
    let smooth = estimate::quasi(THETA, asian::smooth()).points(points).run_seed(1).unwrap();
    for (k, name) in ["price", "delta", "vega"].into_iter().enumerate() {
        let [plain, kinked, smooth] = [&plain, &kinked, &smooth].map(|e| numbers(e)[k]);
        for (x, se) in [plain, kinked, smooth] {
            assert!((x - asian::EXACT[k]).abs() < 5.0 * se, "{name}: {x} ± {se}, not {}", asian::EXACT[k]);
        }
        let gain = |se: f64| (plain.1 / se).powi(2);
        println!("{name}: {} ± {:.1e}, not {}", smooth.0, smooth.1, asian::EXACT[k]);
        println!("{name}: variance of plain samples {:.0} times that of points", gain(kinked.1));
        println!("{name}: and {:.0} times that of points without the kink", gain(smooth.1));
        assert!(gain(smooth.1) > 1e5);
    }
}

/// Second derivatives, which need the lifted root: gamma, by differences of the delta on the grid.
#[test]
fn second_derivative_of_an_asian_option() {
    let e = estimate::quasi_hessian(THETA, asian::smooth()).points(1 << 10).run_seed(1).unwrap();
    let (gamma, se) = (e.hessian[0][0], e.hessian_se[0][0]);
    println!("gamma: {gamma} ± {se:.1e}");
    assert!((gamma - 0.03295208045).abs() < 5.0 * se && se < 1e-6, "{gamma} ± {se}");
}

/// Certain to be worth something, or nothing: the root is far from where the normal number is.
#[test]
fn far_from_the_money() {
    let far = |spot: f64| estimate::pathwise_program([spot, 0.2], asian::smooth()).samples(100).run_seed(1).unwrap();
    let (above, below) = (far(1e6), far(1e-3));
    assert!((above.value - (1e6 - 100.0)).abs() < 5.0 * above.value_se, "{above}");
    assert!((above.gradient[0] - 1.0).abs() < 5.0 * above.gradient_se[0], "{above}");
    assert!(above.gradient[1].abs() < 5.0 * above.gradient_se[1], "{above}");
    assert_eq!((below.value, below.gradient), (0.0, [0.0, 0.0]));
}
