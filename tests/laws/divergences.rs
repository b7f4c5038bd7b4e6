//! Divergences between laws of different families; `tests/reference/make_divergences.py` prints the numbers.

use reparam::prelude::*;
use reparam::verify;

/// The divergence is this number, in jets too.
macro_rules! near {
    ($($from:expr, $to:expr, $want:expr;)+) => {
        $(let (got, want): (f64, f64) = ($from.kl_divergence(&$to), $want);
        assert!((got - want).abs() <= 2e-14 * want, "{} from {}: {got:e}, not {want:e}", stringify!($from), stringify!($to));)+
    };
}

#[test]
fn of_the_gamma_family() {
    let (gamma, exponential) = (Gamma::new(2.5, 1.5).unwrap(), Exponential::new(0.7).unwrap());
    let (erlang, chi_squared) = (Erlang::new(3, 1.1).unwrap(), ChiSquared::new(3.2).unwrap());
    near! {
        gamma, exponential, 0.19885880920850904;
        gamma, erlang, 0.32068410800925645;
        gamma, chi_squared, 0.3266793356133528;
        exponential, gamma, 0.3880133805651194;
        exponential, erlang, 1.0630517105624107;
        exponential, chi_squared, 0.4863789261238189;
        erlang, gamma, 0.3684496276116995;
        erlang, exponential, 0.5134975224709553;
        erlang, chi_squared, 0.11132726310034881;
        chi_squared, gamma, 0.7373012070032721;
        chi_squared, exponential, 0.4917480007396286;
        chi_squared, erlang, 0.18390043128102382;
    }
    assert_eq!(Gamma::new(1.0, 0.7).unwrap().kl_divergence(&exponential), 0.0);
    let (gamma, other) = (InverseGamma::new(2.5, 1.5).unwrap(), InverseChiSquared::new(3.2).unwrap());
    let scaled = ScaledInverseChiSquared::new(5.0, 0.8).unwrap();
    near! {
        gamma, other, 0.3266793356133528;
        gamma, scaled, 0.114128152203881;
        other, gamma, 0.7373012070032721;
        other, scaled, 1.6180960258738197;
        scaled, gamma, 0.09420518112945232;
        scaled, other, 0.5786373182028689;
    }
}

#[test]
fn of_any_law() {
    let normal = Normal::new(1.0, 3.0).unwrap();
    let near = |got: f64, want: f64| assert!((got - want).abs() < 4e-15, "{got:e}, not {want:e}");
    near(normal.kl_divergence_of(&Gumbel::new(0.3, 2.0).unwrap()), 0.12420153757238694);
    near(normal.kl_divergence_of(&StudentT::new(0.0, 1.0, 5.0).unwrap()), 0.5381962976065346);
    near(
        normal.kl_divergence_of(&Normal::new(0.5, 2.0).unwrap()),
        Normal::new(0.5, 2.0).unwrap().kl_divergence(&normal),
    );
    let exponential = Exponential::new(0.4).unwrap();
    near(exponential.kl_divergence_of(&Weibull::new(2.0, 1.5).unwrap()), 0.15839967214927675);
    // no variance, no mean, draws outside
    for heavy in [StudentT::new(0.0, 1.0, 2.0).unwrap(), StudentT::new(0.0, 1.0, 0.5).unwrap()] {
        assert_eq!(normal.kl_divergence_of(&heavy), f64::INFINITY);
    }
    assert_eq!(exponential.kl_divergence_of(&Pareto::new(1.0, 1.0).unwrap()), f64::INFINITY);
    assert_eq!(exponential.kl_divergence_of(&Uniform::new(-0.1, 1.0).unwrap()), f64::INFINITY);
    // points with mass
    let censored = Censored::new(Normal::new(0.0, 1.0).unwrap(), 0.0, f64::INFINITY).unwrap();
    let delta = Delta::new(1.0).unwrap();
    let mixture = Mixture::new([0.5, 0.5], (Delta::new(1.0).unwrap(), Normal::new(1.0, 1.0).unwrap())).unwrap();
    assert_eq!(normal.kl_divergence_of(&censored), f64::INFINITY);
    assert_eq!(exponential.kl_divergence_of(&Tweedie::new(1.0, 1.0, 1.5).unwrap()), f64::INFINITY);
    assert_eq!(Uniform::new(0.0, 2.0).unwrap().kl_divergence_of(&delta), f64::INFINITY);
    assert_eq!(normal.kl_divergence_of(&mixture), f64::INFINITY);
    let truncated = Truncated::new(censored, 0.0, 1.0).unwrap();
    assert!(truncated.has_atoms() && !Truncated::new(normal, 0.0, 1.0).unwrap().has_atoms());
    let uniform = Uniform::new(0.0, 2.0).unwrap();
    assert_eq!(uniform.kl_divergence_of(&Uniform::new(0.0, 2.0 + 1e-15).unwrap()), f64::INFINITY);
    assert_eq!(uniform.kl_divergence_of(&Uniform::new(0.0, 1.0).unwrap()), core::f64::consts::LN_2);
}

// derivatives in the parameters of both laws against differences
#[test]
fn derivatives() {
    fn all<S: Scalar>([a, b, c]: [S; 3]) -> [S; 4] {
        [
            Gamma::new(a, b).unwrap().kl_divergence(&Exponential::new(c).unwrap()),
            ChiSquared::new(a).unwrap().kl_divergence(&Gamma::new(b, c).unwrap()),
            Normal::new(a, b).unwrap().kl_divergence_of(&Gumbel::new(b, c).unwrap()),
            Exponential::new(c).unwrap().kl_divergence_of(&Weibull::new(a, b).unwrap()),
        ]
    }
    let at = [1.3, 2.1, 0.8];
    let (jets, plain) = (all(Jet::variables(at)), all(at));
    for k in 0..4 {
        assert_eq!(jets[k].re.to_bits(), plain[k].to_bits());
        for i in 0..3 {
            let along = |x: f64| {
                let mut at = at;
                at[i] = x;
                all(at)[k]
            };
            let d = verify::derivative(along, at[i]);
            assert!((jets[k].eps[i] - d.value).abs() <= 20.0 * d.error + 1e-9, "{k} {i}: {} {d:?}", jets[k].eps[i]);
        }
    }
}
