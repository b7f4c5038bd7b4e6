//! The net: what holds at any parameters that a constructor accepts, divergences, and proof that it catches planted faults.

use crate::common::parameters;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::Rng;
use rand::distr::Distribution;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam::verify::{self, Failures, strategy};

/// A family as functions of plain numbers, so that what runs over all families is compiled once.
struct Functions {
    name: &'static str,
    parameters: &'static [&'static str],
    support: fn(&[f64]) -> Option<(f64, f64)>,
}

impl Functions {
    fn accepts(&self, parameters: &[f64]) -> bool {
        (self.support)(parameters).is_some()
    }

    /// Sets of parameters that the family accepts, the same ones in every run.
    fn accepted(&self, parameter: BoxedStrategy<f64>, cases: usize) -> Vec<Vec<f64>> {
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let sets = proptest::collection::vec(parameter, self.parameters.len());
        let mut found = Vec::new();
        for _ in 0..20_000 {
            let mut parameters = sets.new_tree(&mut runner).expect("a set of parameters").current();
            if !self.accepts(&parameters) {
                parameters[0] = parameters[0].ceil(); // families that count something
            }
            if self.accepts(&parameters) {
                found.push(parameters);
            }
            if found.len() == cases {
                break;
            }
        }
        assert!(found.len() >= 10, "{}: {} sets only", self.name, found.len());
        found
    }

    fn order(&self, check: &dyn Fn(&[f64]) -> Result<(), Failures>, failures: &mut Vec<String>) {
        let cases = match self.name {
            "beta_quotient" => 20,
            "generalized_inverse_gaussian" | "noncentral_t" | "skew_t" => 100,
            _ => 300,
        };
        let mut sets = self.accepted(strategy::wide().boxed(), cases);
        sets.extend(parameters::chosen(self.name).iter().map(|chosen| chosen.to_vec()));
        for parameters in sets {
            if let Err(found) = check(&parameters) {
                failures.push(format!("{} {parameters:?}: {found}", self.name));
            }
        }
    }

    /// Divergence from itself and from neighbours in each parameter: 0, not negative, and, where the support stays, of second
    /// order.
    fn divergence(&self, divergence: &dyn Fn(&[f64], &[f64]) -> Option<f64>, failures: &mut Vec<String>) {
        let size = (-2.0..2.0f64).prop_map(|e| 10f64.powf(e)).boxed();
        for parameters in self.accepted(size, if self.name == "beta_quotient" { 10 } else { 20 }) {
            let itself = divergence(&parameters, &parameters).expect("accepted");
            if itself != 0.0 {
                failures.push(format!("{} {parameters:?}: {itself:e} from itself", self.name));
            }
            for i in 0..parameters.len() {
                let moved = |h: f64| {
                    let mut moved = parameters.clone();
                    moved[i] *= 1.0 + h;
                    moved
                };
                let to = |h: f64| divergence(&parameters, &moved(h));
                let (Some(near), Some(far)) = (to(1e-5), to(1e-3)) else { continue };
                let found = format!("{} {parameters:?}: {near:e} and {far:e} in {}", self.name, self.parameters[i]);
                if !(near >= 0.0 && far >= 0.0) {
                    failures.push(format!("{found}: negative"));
                }
                // where the laws still overlap: (1e-3/1e-5)^2
                let stays = (self.support)(&moved(1e-3)) == (self.support)(&parameters);
                if stays && near > 1e-14 && far < 1e-3 && !(5e3..2e4).contains(&(far / near)) {
                    failures.push(format!("{found}: not of second order"));
                }
            }
        }
    }
}

fn support<F: Family>(parameters: &[f64]) -> Option<(f64, f64)> {
    Some(F::law(parameters).ok()?.support())
}

fn functions<F: Family>() -> Functions {
    Functions { name: F::NAME, parameters: F::PARAMETERS, support: support::<F> }
}

fn order<F: Family>(failures: &mut Vec<String>) {
    let check = |parameters: &[f64]| verify::law(&F::law(parameters).expect("accepted")).check_order();
    functions::<F>().order(&check, failures);
}

fn divergence<F: Family<Law<f64>: KlDivergence<f64>>>(failures: &mut Vec<String>) {
    let between = |a: &[f64], b: &[f64]| Some(F::law(a).ok()?.kl_divergence(&F::law(b).ok()?));
    functions::<F>().divergence(&between, failures);
}

#[test]
fn order_at_any_parameters() {
    let mut failures = Vec::new();
    macro_rules! one {
        ($family:ident) => {
            order::<$family<f64>>(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{} sets:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn divergences_of_neighbours() {
    let mut failures = Vec::new();
    macro_rules! all {
        ($($family:ident)+) => {
            $(divergence::<$family<f64>>(&mut failures);)+
        };
    }
    all!(Arcsine AsymmetricLaplace Beta BetaPrime BetaProportion BetaQuotient Cauchy Chi ChiSquared ContinuousBernoulli Erlang);
    all!(Exponential Frechet Gamma GeneralizedGamma GeneralizedInverseGaussian Gompertz Gumbel HalfCauchy HalfNormal);
    all!(InverseChiSquared InverseGamma InverseGaussian Laplace LogGamma LogNormal LogUniform LogitBeta LogitNormal);
    all!(Maxwell Moyal Nakagami Normal Pareto Rayleigh ScaledInverseChiSquared Triangular TruncatedNormal);
    all!(TruncatedPowerLaw TwoPieceNormal Uniform VonMises Weibull);
    assert!(failures.is_empty(), "{} sets:\n{}", failures.len(), failures.join("\n"));
}

/// A normal law with one fault.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    UpperEnd,
    LogarithmOfOne,
    Tail,
    TailAndEntropy,
    Density,
    Slope,
    Entropy,
    Mode,
    Quantile,
    Above,
    Draws,
    FarDraw,
}

#[derive(Clone, Copy)]
struct Faulty(Normal<f64>, Fault);

impl Distribution<f64> for Faulty {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z = self.0.sample(rng);
        match self.1 {
            Fault::Draws => 1.1 * z,
            Fault::FarDraw if z > 1.5 => f64::NAN,
            _ => z,
        }
    }
}

impl Continuous<f64> for Faulty {
    fn support(&self) -> (f64, f64) {
        self.0.support()
    }
    fn ln_pdf(&self, x: f64) -> f64 {
        self.0.ln_pdf(x) + if matches!(self.1, Fault::Slope) { 1e-3 } else { 0.0 }
    }
    fn pdf(&self, x: f64) -> f64 {
        if matches!(self.1, Fault::Density) && x > f64::MAX / 2.0 { f64::NAN } else { self.ln_pdf(x).exp() }
    }
    fn cdf(&self, x: f64) -> f64 {
        if matches!(self.1, Fault::Above) && x > 9.0 { 1.0 + f64::EPSILON } else { self.0.cdf(x) }
    }
    fn sf(&self, x: f64) -> f64 {
        if matches!(self.1, Fault::Tail | Fault::TailAndEntropy) { 1.0 - self.0.cdf(x) } else { self.0.sf(x) }
    }
    fn ln_cdf(&self, x: f64) -> f64 {
        self.0.ln_cdf(x)
    }
    fn ln_sf(&self, x: f64) -> f64 {
        self.0.ln_sf(x)
    }
    fn quantile(&self, p: f64) -> f64 {
        match self.1 {
            Fault::UpperEnd if p == 1.0 => 38.0,
            Fault::Quantile if p < 1e-200 => -self.0.quantile(p),
            _ => self.0.quantile(p),
        }
    }
    fn isf(&self, q: f64) -> f64 {
        self.0.isf(q)
    }
    fn quantile_ln(&self, ln_p: f64) -> f64 {
        if matches!(self.1, Fault::LogarithmOfOne) && ln_p == 0.0 { -f64::INFINITY } else { self.0.quantile_ln(ln_p) }
    }
    fn isf_ln(&self, ln_q: f64) -> f64 {
        self.0.isf_ln(ln_q)
    }
    fn mean(&self) -> Option<f64> {
        self.0.mean()
    }
    fn variance(&self) -> Option<f64> {
        self.0.variance()
    }
    fn entropy(&self) -> f64 {
        self.0.entropy() + if matches!(self.1, Fault::Entropy | Fault::TailAndEntropy) { 1e-5 } else { 0.0 }
    }
    fn mode(&self) -> Option<f64> {
        if matches!(self.1, Fault::Mode) { Some(0.3) } else { self.0.mode() }
    }
}

#[test]
fn planted_faults_are_caught() {
    let found = |fault| verify::law(&Faulty(Normal::new(0.0, 1.0).unwrap(), fault)).check();
    assert_eq!(found(Fault::None), Ok(()));
    for (fault, property) in [
        (Fault::UpperEnd, "quantile(1) is the upper end"),
        (Fault::LogarithmOfOne, "quantiles of 0 and 1 are the ends"),
        (Fault::Tail, "ln_cdf, ln_sf are logarithms"),
        (Fault::Density, "densities are not negative"),
        (Fault::Slope, "the pdf integrates to the cdf"),
        (Fault::Entropy, "the entropy"),
        (Fault::Mode, "the mode is the highest point"),
        (Fault::Quantile, "quantiles rise"),
        (Fault::Above, "probabilities are in [0, 1]"),
        (Fault::Draws, "draws follow the cdf"),
        (Fault::FarDraw, "draws are in the support"),
    ] {
        let failures = found(fault).expect_err(&format!("{fault:?}"));
        assert!(failures.iter().any(|failure| failure.property == property), "{fault:?}: {failures}");
    }
}

/// Two faults at once are both reported, with what was allowed; a law without digits in its far tail may be looked at less.
#[test]
fn all_failures_are_reported() {
    let law = Faulty(Normal::new(0.0, 1.0).unwrap(), Fault::TailAndEntropy);
    let failures = verify::law(&law).check().unwrap_err();
    let text = failures.to_string();
    for part in ["ln_cdf, ln_sf are logarithms", "the entropy", "allowed", "give `sf`", "more"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(format!("{failures:?}"), text);
    let less = verify::law(&Faulty(law.0, Fault::Tail)).tails_from(1e-3).tolerance(1e-12).check();
    assert_eq!(less, Ok(()));
}
