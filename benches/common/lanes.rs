//! 4096 draws into slices in lanes against loops of `sample`.

use crate::{Ratios, rng};
use rand_xoshiro::Xoshiro256PlusPlus;
use reparam::distr::Family;
use reparam::noise;
use reparam::prelude::*;
use std::array;

const DRAWS: usize = 4096;

/// Plain noise.
fn noise(
    ratios: &Ratios,
    name: &str,
    fill: impl Fn(&mut Lanes, &mut [f64]),
    one: impl Fn(&mut Xoshiro256PlusPlus) -> f64,
) {
    let (mut lanes, mut rng) = (Lanes::seed_from_u64(1), rng());
    let (mut ours, mut theirs) = (vec![0.0; DRAWS], vec![0.0; DRAWS]);
    ratios.case(
        &format!("4096 {name} numbers in lanes"),
        move || fill(&mut lanes, &mut ours),
        &format!("noise::{name}"),
        move || theirs.iter_mut().for_each(|x| *x = one(&mut rng)),
    );
}

/// A law with all partials against a loop of a law's draws: the same one's, or those by its formulas.
fn law<const N: usize>(
    ratios: &Ratios,
    name: &str,
    law: impl InLanes<N>,
    rival: &str,
    theirs: impl Distribution<Jet<f64, N>>,
) {
    let (mut lanes, mut rng) = (Lanes::seed_from_u64(1), rng());
    let (mut values, mut partials) = (vec![0.0; DRAWS], array::from_fn::<_, N, _>(|_| vec![0.0; DRAWS]));
    let (mut their_values, mut their_partials) = (values.clone(), partials.clone());
    ratios.case(
        &format!("fill 4096 of {name} in lanes"),
        move || fill_in_lanes(&law, &mut lanes, &mut values, partials.each_mut().map(|x| &mut x[..])),
        rival,
        move || {
            for (i, value) in their_values.iter_mut().enumerate() {
                let draw = theirs.sample(&mut rng);
                *value = draw.re;
                their_partials.iter_mut().zip(draw.eps).for_each(|(partials, e)| partials[i] = e);
            }
        },
    );
}

macro_rules! laws {
    ($ratios:ident: $($law:ident $point:expr;)+) => {$({
        let point = $point;
        let drawn = <$law<f64> as Family>::law(&Jet::variables(point)).unwrap();
        law($ratios, &format!("{} {point:?}", <$law<f64> as Family>::NAME).replace(", ", " "), drawn, "a loop", drawn);
    })+};
}

pub fn run(ratios: &Ratios) {
    noise(ratios, "uniform", Lanes::uniforms, noise::uniform);
    noise(ratios, "normal", Lanes::normals, noise::normal);
    noise(ratios, "exponential", Lanes::exponentials, noise::exponential);
    laws! { ratios:
        Uniform [1.0, 3.0];
        Normal [1.0, 2.0];
        LogNormal [1.0, 0.5];
        Exponential [2.0];
        Laplace [1.0, 2.0];
        Logistic [1.0, 2.0];
        Gumbel [1.0, 2.0];
        Weibull [2.0, 1.5];
    }
    for point in [[0.3, 2.0], [2.5, 2.0], [50.0, 2.0]] {
        let [shape, rate] = Jet::variables(point);
        let gamma = Gamma::new(shape, rate).unwrap();
        let name = format!("gamma {point:?} from a table").replace(", ", " ");
        law(ratios, &name, gamma.prepared(), "a loop by formulas", gamma);
    }
}
