//! The net: what holds at any parameters that a constructor accepts, divergences, and proof that it catches planted faults.

use crate::common::parameters;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::Rng;
use rand::distr::Distribution;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam::verify::{self, strategy};

/// Faults that are known and not mended: family, property, and why.
const KNOWN: &[(&str, &str, &str)] = &[
    ("asymmetric_laplace", "isf ends", "isf(1) is the location where the asymmetry is tiny"),
    ("asymmetric_laplace", "quantile(1) is the upper end", "the location where the asymmetry is huge"),
    ("beta_proportion", "quantiles rise", "isf is off by 17 % and more at a sum of shapes of 1e40"),
    ("beta_quotient", "divergences are not negative", "-1e-16: an integral and entropies cancel"),
    ("beta_quotient", "divergences from itself are 0", "to 1e-16, by the same cancellation"),
    ("cauchy", "quantiles of 0 and 1 are the ends", "quantile(-0.0), quantile_ln(0.0) and isf alike are the other end"),
    ("folded_normal", "densities are not negative", "the density at 1.8e308 is NaN"),
    ("generalized_gamma", "divergences are not negative", "-4e-9 where one parameter is near 1e-2"),
    ("generalized_gamma", "divergences from itself are 0", "to 4e-11, by the same cancellation"),
    ("gompertz", "divergences from itself are 0", "to 2e-16"),
    ("half_cauchy", "quantiles of 0 and 1 are the ends", "as the Cauchy law's"),
    ("normal_inverse_gaussian", "densities are not negative", "the density at 1.8e308 is NaN at a large scale"),
    ("pert", "densities are not negative", "the density one step above a lower end of 0 is NaN at a mode next to it"),
    ("stable", "quantiles rise", "isf far in the upper tail is -inf"),
    ("stable", "quantiles are in the support", "the same with a support that ends below"),
    ("truncated_logistic", "quantiles rise", "quantiles are an end where the location is 1e16 away from the interval"),
    ("truncated_normal", "divergences are not negative", "-4e-15 where the interval's end has no mass"),
    ("truncated_normal", "divergences from itself are 0", "to 4e-15"),
    ("two_piece_normal", "divergences are not negative", "-6e-17"),
    ("two_piece_normal", "divergences from itself are 0", "to 6e-17"),
    ("two_piece_normal", "isf ends", "isf(1) is the location where the left deviation is below 1e-16 of the right one"),
    ("two_piece_normal", "quantile(1) is the upper end", "the location where the right deviation is that small"),
];

/// Whether a fault is on the list.
pub fn is_known(family: &str, property: &str) -> bool {
    KNOWN.iter().any(|known| known.0 == family && known.1 == property)
}

/// Sets of parameters that a family accepts, the same ones in every run.
fn accepted<F: Family>(parameter: impl Strategy<Value = f64>, cases: usize) -> Vec<Vec<f64>> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let sets = proptest::collection::vec(parameter, F::PARAMETERS.len());
    let mut found = Vec::new();
    for _ in 0..20_000 {
        let mut parameters = sets.new_tree(&mut runner).expect("a set of parameters").current();
        if F::law(&parameters).is_err() {
            parameters[0] = parameters[0].ceil(); // families that count something
        }
        if F::law(&parameters).is_ok() {
            found.push(parameters);
        }
        if found.len() == cases {
            break;
        }
    }
    assert!(found.len() >= 10, "{}: {} sets only", F::NAME, found.len());
    found
}

/// What was found, and which of the known faults were among it.
#[derive(Default)]
struct Catch {
    new: Vec<String>,
    known: Vec<(&'static str, &'static str)>,
}

impl Catch {
    fn add(&mut self, family: &str, parameters: &[f64], property: &str, found: &str) {
        match KNOWN.iter().find(|known| known.0 == family && known.1 == property) {
            Some(known) => self.known.push((known.0, known.1)),
            None => self.new.push(format!("{family} {parameters:?}: {property}: {found}")),
        }
    }

    /// Nothing new, and each known fault of these properties still there: what is mended leaves the list.
    fn check(&self, is_ours: impl Fn(&str) -> bool) {
        assert!(self.new.is_empty(), "{} failures:\n{}", self.new.len(), self.new.join("\n"));
        for (family, property, _) in KNOWN.iter().filter(|known| is_ours(known.1)) {
            assert!(self.known.contains(&(*family, *property)), "no more: {family}, {property}: take it off the list");
        }
    }
}

const DIVERGENCES: &str = "divergences";

fn order<F: Family>(catch: &mut Catch) {
    let mut sets = accepted::<F>(strategy::wide(), if F::NAME == "beta_quotient" { 20 } else { 300 });
    sets.extend(parameters::chosen(F::NAME).iter().map(|chosen| chosen.to_vec()));
    for parameters in sets {
        let law = F::law(&parameters).expect("accepted");
        for failure in verify::law(&law).check_order().err().iter().flat_map(|failures| failures.iter()) {
            catch.add(F::NAME, &parameters, failure.property, &failure.found);
        }
    }
}

#[test]
fn order_at_any_parameters() {
    let mut catch = Catch::default();
    macro_rules! one {
        ($family:ident) => {
            order::<$family<f64>>(&mut catch);
        };
    }
    for_each_family!(one);
    catch.check(|property| !property.starts_with(DIVERGENCES));
}

/// Divergence from itself and from neighbours in each parameter: 0, not negative, and, where the support stays, of second order.
fn divergence<F: Family>(catch: &mut Catch)
where
    F::Law<f64>: KlDivergence<f64>,
{
    let size = (-2.0..2.0f64).prop_map(|e| 10f64.powf(e));
    for parameters in accepted::<F>(size, if F::NAME == "beta_quotient" { 10 } else { 20 }) {
        let law = F::law(&parameters).expect("accepted");
        let itself = law.kl_divergence(&law);
        if itself != 0.0 {
            catch.add(F::NAME, &parameters, "divergences from itself are 0", &format!("{itself:e}"));
        }
        for i in 0..parameters.len() {
            let to = |h: f64| {
                let mut moved = parameters.clone();
                moved[i] *= 1.0 + h;
                Some(law.kl_divergence(&F::law(&moved).ok()?))
            };
            let (Some(near), Some(far)) = (to(1e-5), to(1e-3)) else { continue };
            let found = format!("{near:e} and {far:e} in {}", F::PARAMETERS[i]);
            if !(near >= 0.0 && far >= 0.0) {
                catch.add(F::NAME, &parameters, "divergences are not negative", &found);
            }
            // where the laws still overlap: (1e-3/1e-5)^2
            let (low, high) = F::law::<f64>(&parameters).expect("accepted").support();
            let mut moved = parameters.clone();
            moved[i] *= 1.0 + 1e-3;
            let stays = F::law(&moved).is_ok_and(|law| law.support() == (low, high));
            if stays && near > 1e-14 && far < 1e-3 && !(5e3..2e4).contains(&(far / near)) {
                catch.add(F::NAME, &parameters, "divergences are of second order", &found);
            }
        }
    }
}

#[test]
fn divergences_of_neighbours() {
    let mut catch = Catch::default();
    macro_rules! all {
        ($($family:ident)+) => {
            $(divergence::<$family<f64>>(&mut catch);)+
        };
    }
    all!(Arcsine AsymmetricLaplace Beta BetaPrime BetaProportion BetaQuotient Cauchy Chi ChiSquared ContinuousBernoulli Erlang);
    all!(Exponential Frechet Gamma GeneralizedGamma Gompertz Gumbel HalfCauchy HalfNormal InverseChiSquared InverseGamma);
    all!(InverseGaussian Laplace LogGamma LogNormal LogUniform LogitBeta LogitNormal Maxwell Moyal Nakagami Normal Pareto);
    all!(Rayleigh ScaledInverseChiSquared Triangular TruncatedNormal TruncatedPowerLaw TwoPieceNormal Uniform VonMises Weibull);
    catch.check(|property| property.starts_with(DIVERGENCES));
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
