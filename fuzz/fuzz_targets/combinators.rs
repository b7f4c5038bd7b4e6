//! Laws made of other laws and of functions: truncated, censored, transformed, factorized, from a distribution function, a quantile or a
//! density. What a law must obey, one value in every scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::bijection::{Exp, Inverse, LocationScale, Monotone, Sigmoid, Softplus, Tanh, Then};
use reparam::distr::{FactorizedMixture, Quantile};
use reparam::prelude::*;
use reparam_fuzz::{probability, same, wide};

type Second = Jet<Jet<f64, 1>, 1>;

/// F(x) = 1 - exp(-(x/b)^a), as a user would write it.
#[derive(Clone, Copy)]
struct OfWeibull;

impl Cdf<2> for OfWeibull {
    fn support<S: Scalar>(&self, _: [S; 2]) -> (S, S) {
        (0.0.into(), f64::INFINITY.into())
    }
    fn cdf<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        -(-x.over(b).powd(a)).exp_m1()
    }
    fn sf<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        (-x.over(b).powd(a)).exp()
    }
}

impl Quantile<2> for OfWeibull {
    fn quantile<S: Scalar>(&self, [a, b]: [S; 2], p: S, q: S) -> S {
        let hazard = if p.re() < 0.5 { -(-p).ln_1p() } else { -q.ln() };
        hazard.powd(a.recip()) * b
    }
}

/// e^(-(x/b)²) (1 + x²/a²)
#[derive(Clone, Copy)]
struct Bump;

impl LogDensity<2> for Bump {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
    fn ln_density<S: Scalar>(&self, [a, b]: [S; 2], x: S) -> S {
        let (y, z) = (x.over(a), x.over(b));
        (y * y).ln_1p() - z * z
    }
}

struct At {
    x: f64,
    p: [f64; 2],
    seed: u64,
}

impl At {
    /// What every law obeys.
    fn law(&self, name: &str, parameters: &[f64], law: &impl Continuous<f64>) -> [f64; 4] {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let (draw, (low, high)) = (law.sample(&mut rng), law.support());
        assert!(low <= draw && draw <= high, "{name} {parameters:?}: draw {draw:e} of [{low:e}, {high:e}]");
        let x = self.x;
        let found = [law.pdf(x), law.cdf(x), law.sf(x), law.ln_pdf(x), law.ln_cdf(x), law.ln_sf(x)];
        assert!(found.iter().all(|y| !y.is_nan()) && found[0] >= 0.0, "{name} {parameters:?} at {x:e}: {found:?}");
        let unit = |p: &f64| (0.0..=1.0 + 1e-12).contains(p);
        assert!(found[1..3].iter().all(unit), "{name} {parameters:?} at {x:e}: {found:?}");
        let [p, p2] = self.p;
        let inverse = [law.quantile(p), law.isf(p), law.quantile_ln(p.ln()), law.quantile(p2)];
        let inside = inverse.iter().all(|y| low <= *y && *y <= high);
        assert!(inside, "{name} {parameters:?} at {p:e}, {p2:e}: {inverse:?} of [{low:e}, {high:e}]");
        // quantiles may be infinite
        let is_before = inverse[0] <= inverse[3] || inverse[0] - inverse[3] <= 1e-9 * inverse[0].abs();
        assert!(p > p2 || is_before, "{name} {parameters:?} at {p:e}, {p2:e}: {inverse:?}");
        [draw, found[3], found[1], inverse[0]]
    }

    /// The same in plain numbers and with derivatives in each parameter.
    fn check<const N: usize, L: Continuous<f64>, J: Continuous<Second>>(
        &self,
        name: &str,
        parameters: [f64; N],
        plain: impl Fn([f64; N]) -> Option<L>,
        jets: impl Fn([Second; N]) -> Option<J>,
    ) {
        let Some(law) = plain(parameters) else { return };
        let wanted = self.law(name, &parameters, &law);
        for i in 0..N {
            let mut variables = parameters.map(Second::from);
            [variables[i]] = Jet::second_order([parameters[i]]);
            let law = jets(variables).expect("accepted above");
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
            let (x, p) = (self.x.into(), self.p[0].into());
            let found = [law.sample(&mut rng), law.ln_pdf(x), law.cdf(x), law.quantile(p)].map(|y| y.re());
            // a density that is a derivative depends on the scalar in its last bits and where it underflows: docs/limits.md
            let is_compared = |k: usize| k != 1 || !name.starts_with("from ");
            let equal = (0..4).all(|k| !is_compared(k) || same(found[k], wanted[k]));
            assert!(equal, "{name} {parameters:?}, derivatives in {i}: {found:?} for {wanted:?}");
        }
    }
}

/// One law in both scalars.
macro_rules! check {
    ($at:ident, $name:literal, $parameters:expr, |[$($p:ident),+]| $law:expr) => {{
        fn law<S: Scalar>([$($p),+]: [S; const { [$(stringify!($p)),+].len() }]) -> Option<impl Continuous<S>> {
            $law.ok()
        }
        $at.check($name, $parameters, law::<f64>, law::<Second>)
    }};
}

fn transformed<S: Scalar, B: Monotone<S>>(m: S, s: S, map: B) -> Result<impl Continuous<S>, reparam::distr::LawError> {
    Transformed::new(Normal::new(m, s)?, map)
}

fn factorized([w, m, s, r]: [f64; 4], seed: u64) {
    fn law<S: Scalar>([w, m, s, r]: [S; 4]) -> Option<FactorizedMixture<S, (Normal<S>, Exponential<S>), 2>> {
        let row = |m| Some((Normal::new(m, s).ok()?, Exponential::new(r).ok()?));
        FactorizedMixture::from_logits([w, S::from(0.0)], [row(m)?, row(-m)?]).ok()
    }
    let Some(plain) = law([w, m, s, r]) else { return };
    let draw = plain.sample(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let ln_pdf = plain.ln_pdf(&draw);
    assert!(!ln_pdf.is_nan() && !draw[0].is_nan() && draw[1] >= 0.0, "{w:e} {m:e} {s:e} {r:e}: {draw:?} {ln_pdf}");
    let jets: [Jet<f64, 4>; 4] = Jet::variables([w, m, s, r]);
    let jets = law(jets).expect("accepted above");
    let moved = jets.sample(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    assert!(same(moved[0].re, draw[0]) && same(moved[1].re, draw[1]), "{w:e} {m:e} {s:e} {r:e}: {moved:?} {draw:?}");
}

fuzz_target!(|input: (u8, [u32; 4], u32, [u32; 2], u64)| {
    let (kind, parameters, x, p, seed) = input;
    let parameters @ [a, b, c, d] = parameters.map(wide);
    let at = At { x: wide(x), p: p.map(probability), seed };
    let size = |x: f64| if x == 0.0 { 1.0 } else { x.abs().clamp(1e-3, 1e3) };
    match kind % 14 {
        0 => check!(at, "truncated normal", parameters, |[m, s, l, u]| Truncated::new(Normal::new(m, s).ok()?, l, u)),
        1 => check!(at, "truncated gamma", parameters, |[k, r, l, u]| Truncated::new(Gamma::new(k, r).ok()?, l, u)),
        2 => check!(at, "truncated t", parameters, |[v, s, l, u]| {
            Truncated::new(StudentT::new(S::from(0.0), s, v).ok()?, l, u)
        }),
        3 => check!(at, "censored normal", parameters, |[m, s, l, u]| Censored::new(Normal::new(m, s).ok()?, l, u)),
        4 => check!(at, "censored gamma", parameters, |[k, r, l, u]| Censored::new(Gamma::new(k, r).ok()?, l, u)),
        5 => check!(at, "exp of normal", [a, b], |[m, s]| transformed(m, s, Exp)),
        6 => check!(at, "sigmoid of normal", [a, b], |[m, s]| transformed(m, s, Sigmoid)),
        7 => check!(at, "softplus of normal", [a, b], |[m, s]| transformed(m, s, Softplus)),
        8 => check!(at, "moved tanh of normal", parameters, |[m, s, l, u]| {
            transformed(m, s, Then(Tanh, LocationScale::new(l, u).ok()?))
        }),
        9 => check!(at, "logarithm of gamma", [a, b], |[k, r]| Transformed::new(Gamma::new(k, r).ok()?, Inverse(Exp))),
        10 => check!(at, "from cdf", [size(a), size(b)], |[k, l]| FromCdf::new(OfWeibull, [k, l])),
        11 => check!(at, "from quantile", [size(a), size(b)], |[k, l]| FromQuantile::new(OfWeibull, [k, l])),
        12 => check!(at, "from density", [size(a), size(b)], |[k, l]| FromLogDensity::new(Bump, [k, l])),
        _ => factorized([a, b, c, d], seed),
    }
});
