//! Tails so far out that only their logarithms are doubles, and parameters over fifty powers of ten: logarithms of tails are finite where
//! that of the density is, quantiles of logarithms are where the distribution function has them, and slopes of the logarithms are those of
//! the density.

use proptest::test_runner::{RngAlgorithm, TestRng};
use rand::RngExt;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;

/// A function of a law.
#[derive(Clone, Copy)]
enum Of {
    LnPdf,
    LnCdf,
    LnSf,
    QuantileLn,
    IsfLn,
}

/// A family as functions of plain numbers, so that what runs over all families is compiled once.
struct Functions {
    name: &'static str,
    parameters: &'static [&'static str],
    support: fn(&[f64]) -> Option<(f64, f64)>,
    of: fn(&[f64], Of, f64) -> f64,
}

fn functions<F: Family>() -> Functions {
    Functions {
        name: F::NAME,
        parameters: F::PARAMETERS,
        support: |parameters| Some(F::law(parameters).ok()?.support()),
        of: |parameters, of, x| {
            let law = F::law(parameters).expect("accepted");
            match of {
                Of::LnPdf => law.ln_pdf(x),
                Of::LnCdf => law.ln_cdf(x),
                Of::LnSf => law.ln_sf(x),
                Of::QuantileLn => law.quantile_ln(x),
                Of::IsfLn => law.isf_ln(x),
            }
        },
    }
}

/// 10^e with e uniform on this interval.
fn power(rng: &mut TestRng, from: f64, to: f64) -> f64 {
    10f64.powf(from + (to - from) * rng.random::<f64>())
}

impl Functions {
    /// Parameters of any size, of which a fifth is negative, that the family accepts.
    fn parameters(&self, rng: &mut TestRng) -> Option<(Vec<f64>, (f64, f64))> {
        let mut parameters: Vec<f64> = self
            .parameters
            .iter()
            .map(|_| if rng.random::<f64>() < 0.2 { -power(rng, -25.0, 25.0) } else { power(rng, -25.0, 25.0) })
            .collect();
        if (self.support)(&parameters).is_none() {
            parameters[0] = parameters[0].ceil(); // families that count something
        }
        let support = (self.support)(&parameters)?;
        Some((parameters, support))
    }

    /// How far rounding moves a number of this law: by that of the parameters that numbers are relative to.
    fn rounding(&self, parameters: &[f64], x: f64) -> f64 {
        let places = ["location", "mean", "mode", "lower", "upper", "min", "max", "mu"];
        let largest = self.parameters.iter().zip(parameters).filter(|(name, _)| places.contains(name));
        1e-11 * largest.map(|(_, p)| p.abs()).fold(x.abs(), f64::max)
    }

    /// ln F or ln(1 - F) at the quantile of l is l, as far as both are rounded.
    fn quantile(&self, parameters: &[f64], (low, high): (f64, f64), l: f64, upper: bool) -> Result<bool, String> {
        let (inverse, tail) = if upper { (Of::IsfLn, Of::LnSf) } else { (Of::QuantileLn, Of::LnCdf) };
        let x = (self.of)(parameters, inverse, l);
        let d = self.rounding(parameters, x);
        if !x.is_finite() || x.abs() < 1e-290 || x - d < low || x + d > high {
            return Ok(false);
        }
        let [one, other] = [x - d, x + d].map(|x| (self.of)(parameters, tail, x));
        let (least, most) = if upper { (other, one) } else { (one, other) };
        let holds = least <= l * (1.0 - 1e-11) && l * (1.0 + 1e-11) <= most;
        if holds {
            Ok(true)
        } else {
            Err(format!("quantile of {l:e} ({upper}): {x:e}, around it {least:e} to {most:e}"))
        }
    }

    /// Logarithms of tails inside the support, where that of the density is finite.
    fn tails(&self, parameters: &[f64], x: f64) -> Result<bool, String> {
        let [ln_pdf, ln_cdf, ln_sf] = [Of::LnPdf, Of::LnCdf, Of::LnSf].map(|of| (self.of)(parameters, of, x));
        if !ln_pdf.is_finite() || ln_pdf < -1e30 {
            return Ok(false);
        }
        if !(ln_cdf.is_finite() && ln_sf.is_finite() && ln_cdf <= 0.0 && ln_sf <= 0.0) {
            return Err(format!("at {x:e}: ln f {ln_pdf:e}, ln F {ln_cdf:e}, ln (1 - F) {ln_sf:e}"));
        }
        let h = (1e-6 * x.abs()).max(1e3 * self.rounding(parameters, x));
        for (of, ln, sign) in [(Of::LnCdf, ln_cdf, 1.0), (Of::LnSf, ln_sf, -1.0)] {
            let [before, after] = [x - h, x + h].map(|x| (self.of)(parameters, of, x));
            let [thin, thick] = [x - h, x + h].map(|x| (self.of)(parameters, Of::LnPdf, x));
            let is_smooth = (after - before).abs() + (thick - ln_pdf).abs() + (thin - ln_pdf).abs() < 0.005;
            // what is rounded away, in the logarithms and in their difference, and logarithms that are no full doubles
            let is_known = 1e-14 * (ln_pdf.abs() + ln.abs()) < 1e-3 && ln.abs() > 1e-250;
            let (found, want) = (sign * (after - before) / (2.0 * h), (ln_pdf - ln).exp());
            // a tail has the digits that its logarithm leaves it
            let noise = (1e-13 + 2e-15 * (-ln).ln().abs()) * before.abs().max(after.abs()) / h;
            if is_smooth && is_known && (found - want).abs() > 3e-3 * want + noise {
                return Err(format!("at {x:e}: slope of {ln:e} {found:e}, by the density {want:e}"));
            }
        }
        Ok(true)
    }

    /// A number inside the support, near its ends or anywhere.
    fn inside(&self, rng: &mut TestRng, (low, high): (f64, f64)) -> Option<f64> {
        let size = power(rng, -30.0, 30.0);
        let x = match rng.random_range(0..4) {
            0 if low.is_finite() => low + size,
            1 if high.is_finite() => high - size,
            2 if low.is_finite() && high.is_finite() => low + (high - low) * rng.random::<f64>(),
            _ if rng.random() => size,
            _ => -size,
        };
        (low < x && x < high).then_some(x)
    }

    fn check(&self, failures: &mut Vec<String>) {
        let sets = match self.name {
            "beta_quotient" => 30,
            "stable" | "generalized_inverse_gaussian" | "noncentral_t" | "skew_t" | "bates" => 200,
            "noncentral_chi_squared" => 500,
            _ => 3000,
        };
        let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut compared = 0;
        let before = failures.len();
        for _ in 0..sets {
            let Some((parameters, support)) = self.parameters(&mut rng) else { continue };
            for _ in 0..4 {
                // whose exponential is no full double: docs/limits.md
                let l = Some(-power(&mut rng, -1.0, 18.0)).filter(|l| !(-746.0..-700.0).contains(l)).unwrap_or(-690.0);
                let quantiles = [false, true].map(|upper| self.quantile(&parameters, support, l, upper));
                let inside = self.inside(&mut rng, support).filter(|x| {
                    let d = self.rounding(&parameters, *x);
                    support.0 < x - d && x + d < support.1
                });
                let tails = inside.map_or(Ok(false), |x| self.tails(&parameters, x));
                for found in quantiles.into_iter().chain([tails]) {
                    match found {
                        Ok(is_compared) => compared += usize::from(is_compared),
                        Err(text) => failures.push(format!("{} {parameters:?}: {text}", self.name)),
                    }
                }
            }
        }
        println!("{}: {compared} compared, {} failed", self.name, failures.len() - before);
    }
}

#[test]
fn logarithms_of_tails_and_their_quantiles() {
    let mut failures = Vec::new();
    macro_rules! one {
        ($family:ident) => {
            functions::<$family<f64>>().check(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// One case of each kind that was wrong, with neighbours: values of mpmath at 60 digits.
#[test]
fn far_out_against_mpmath() {
    let near = |name: &str, got: f64, want: f64, bound: f64| {
        assert!((got / want - 1.0).abs() <= bound, "{name}: {got:e}, not {want:e}");
    };
    // odds beyond the range of doubles
    for (x, want) in
        [(1e286, 0.7520857374437304), (8.968068969435069e287, 0.7544155611812748), (1e300, 0.768313081940877)]
    {
        near("F", FisherF::new(1.6e5, 0.0042).unwrap().cdf(x), want, 1e-13);
        // the same as quotients of quotients
        near("1/F", FisherF::new(0.0042, 1.6e5).unwrap().sf(1.0 / x), want, 1e-13);
    }
    // the second part of the tail has no digits beside the first
    for (y, shape, want) in
        [(1e5, 1e-6, -5000000012.355222), (1e8, 1e-8, -5000000000000018.8192), (1e6, -1e-6, -500000000015.8823)]
    {
        near("skew normal", SkewNormal::new(0.0, 1.0, shape).unwrap().ln_sf(y), want, 1e-15);
        near("skew normal", SkewNormal::new(0.0, 1.0, -shape).unwrap().ln_cdf(-y), want, 1e-15);
    }
    // nearly all on the left
    for (x, want) in
        [(-1e-9, -1.5957711228789703e-09), (-1e-6, -1.5957703968455661e-06), (-1e-3, -0.0015970426517607698)]
    {
        near("two-piece normal", TwoPieceNormal::new(0.0, 0.5, 1e-15).unwrap().ln_cdf(x), want, 1e-14);
        near("two-piece normal", TwoPieceNormal::new(0.0, 1e-15, 0.5).unwrap().ln_sf(-x), want, 1e-14);
    }
    // tails that are no doubles inside a finite support
    let law = TruncatedPowerLaw::new(1e4, 1.0, 10.0).unwrap();
    for (x, want) in [(2.0, -6930.778658418893), (5.0, -16092.76968642857), (9.99, -23013.544387231548)] {
        near("truncated power law", law.ln_sf(x), want, 1e-15);
        near("truncated power law", law.isf_ln(want), x, 1e-14);
    }
    // quantiles whose slope has no digits as a difference of logarithms
    for (shape, x, want) in [
        (6.5e16, 1.04e17, -8449764099027209.0),
        (5.2e14, 1.35e15, -333903848874377.25),
        (4.8e17, 5.2e17, -1579500316702534.5),
    ] {
        let law = Gamma::new(shape, 1.0).unwrap();
        near("gamma", law.ln_sf(x), want, 1e-13);
        near("gamma", law.isf_ln(want), x, 1e-13);
    }
    for (df, t, want) in
        [(1e18, 1e9, -346573590279972676.0042468), (1e20, 7e7, -2449939976960763.5), (1e20, 1e8, -4999750016665436.0)]
    {
        let law = StudentT::new(0.0, 1.0, df).unwrap();
        near("t", law.ln_sf(t), want, 1e-14);
        near("t", law.isf_ln(want), t, 1e-13);
    }
    // next to π, where the sine of the half angle is rounded to 1
    for (d, want) in [(3e-09, -7.6e23), (1e-08, -7.6e23), (1e-07, -7.599999999999981e23)] {
        let x = core::f64::consts::PI - d;
        near("von Mises", VonMises::new(0.0, 3.8e23).unwrap().ln_sf(x), want, 1e-15);
    }
}

/// Derivatives of quantiles far out near the mean of a large shape: dx/d ln Q = -1/hazard, dx/da between those of the limits.
#[test]
fn derivatives_far_out() {
    for (shape, x) in [(1e12, 1.01e12), (1e14, 1.0005e14), (1e16, 2e16)] {
        let plain = Gamma::new(shape, 1.0).unwrap();
        let ln: f64 = plain.ln_sf(x);
        assert!(ln < -1e6);
        let [ln_q] = Jet::variables([ln]);
        let law = Gamma::new(Jet::from(shape), Jet::from(1.0)).unwrap();
        let quantile = law.isf_ln(ln_q);
        // the hazard rate 1 - (a - 1)/x + 1/x + .. is that of the density: slowly varying
        let g = 1.0 - (shape - 1.0) / x;
        let want = -1.0 / (g + (shape - 1.0) / (x * x * g));
        assert!((quantile.eps[0] / want - 1.0).abs() < 1e-9, "{quantile:?}, not {want:e}");
    }
}
