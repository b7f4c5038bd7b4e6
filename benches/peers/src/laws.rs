//! Laws of numbers: plain draws, draws whose partials are added up, and draws each with its partials.

use crate::Cases;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;
use std::hint::black_box;

/// Draws in a call.
const DRAWS: usize = 4096;

pub fn rng() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(1)
}

fn plain(cases: &mut Cases, name: &str, law: impl Distribution<f64> + 'static) {
    let (mut rng, mut z) = (rng(), vec![0.0; DRAWS]);
    cases.add(format!("{name}, plain/draws"), DRAWS, move || {
        z.iter_mut().for_each(|z| *z = law.sample(&mut rng));
        black_box(&z);
    });
}

/// Draws in jets: the gradient of their sum, and the partials of each.
fn jets<const N: usize>(
    cases: &mut Cases,
    name: &str,
    way: &str,
    law: impl Distribution<Jet<f64, N>> + Copy + 'static,
) {
    let (mut first, mut second) = (rng(), rng());
    cases.add(format!("{name}, sum/{way}"), DRAWS, move || {
        black_box((0..DRAWS).fold(Jet::from(0.0), |sum, _| sum + law.sample(&mut first)));
    });
    let (mut z, mut partials) = (vec![0.0; DRAWS], [(); N].map(|()| vec![0.0; DRAWS]));
    cases.add(format!("{name}, each/{way}"), DRAWS, move || {
        // `fill` would make a table of its own
        for (i, z) in z.iter_mut().enumerate() {
            let draw = law.sample(&mut second);
            *z = draw.re;
            partials.iter_mut().zip(draw.eps).for_each(|(partials, e)| partials[i] = e);
        }
        black_box((&z, &partials));
    });
}

/// Lines of a draw and its partials.
fn lines<const N: usize>(law: &impl Distribution<Jet<f64, N>>) -> String {
    let draws = law.sample_iter(rng()).take(200);
    let words = draws.map(|z| [z.re].into_iter().chain(z.eps).map(|x| format!("{x:e}")).collect::<Vec<_>>().join(" "));
    words.collect::<Vec<_>>().join("\t")
}

/// A law with a table beside its formulas.
macro_rules! law {
    ($cases:ident, $name:literal, $law:ident($($x:literal),+) $(, $prepared:ident)?) => {{
        fn jet() -> $law<Jet<f64, { [$($x),+].len() }>> {
            <$law<f64> as Family>::law(&Jet::variables([$($x),+])).expect("valid parameters")
        }
        plain($cases, $name, <$law<f64> as Family>::law(&[$($x),+]).expect("valid parameters"));
        jets($cases, $name, "jets", jet());
        if let Some(case) = $cases.0.get_mut(concat!($name, ", each/jets")) {
            case.draws = Some(Box::new(|| lines(&jet())));
        }
        $({
            let law: &'static _ = Box::leak(Box::new(jet().$prepared()));
            jets($cases, $name, "a table", law);
            if let Some(case) = $cases.0.get_mut(concat!($name, ", each/a table")) {
                case.draws = Some(Box::new(|| lines(&jet().$prepared())));
            }
        })?
    }};
}

pub fn add(cases: &mut Cases) {
    law!(cases, "normal", Normal(0.3, 1.2));
    law!(cases, "gamma 2.5", Gamma(2.5, 2.0), prepared);
    law!(cases, "gamma 0.3", Gamma(0.3, 2.0), prepared);
    law!(cases, "beta (2, 3)", Beta(2.0, 3.0), prepared);
    law!(cases, "Student t 5", StudentT(0.3, 1.2, 5.0), prepared);
    law!(cases, "von Mises 3", VonMises(0.3, 3.0), prepared);
    law!(cases, "truncated normal (-1, 2)", TruncatedNormal(0.0, 1.0, -1.0, 2.0));
}
