//! Draws against rand_distr's, and draws that carry derivatives against plain ones.

use crate::Ratios;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;

fn rng() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(1)
}

/// A plain draw against rand_distr's.
macro_rules! against_rand_distr {
    ($ratios:ident, $name:literal, $ours:expr, $rival:literal, $theirs:expr) => {{
        let (ours, theirs) = ($ours.unwrap(), $theirs.unwrap());
        let (mut a, mut b) = (rng(), rng());
        $ratios.case(
            concat!("draw ", $name),
            || -> f64 { ours.sample(&mut a) },
            concat!("rand_distr::", $rival),
            || -> f64 { theirs.sample(&mut b) },
        );
    }};
}

/// A draw with two partials against the plain one.
macro_rules! with_two_partials {
    ($ratios:ident, $name:literal, $law:ident($x:expr, $y:expr)) => {{
        let [x, y] = Jet::variables([$x, $y]);
        let (jet, plain) = ($law::new(x, y).unwrap(), $law::new($x, $y).unwrap());
        let (mut a, mut b) = (rng(), rng());
        $ratios.case(
            concat!("draw with two partials ", $name),
            || jet.sample(&mut a),
            concat!("plain ", $name),
            || -> f64 { plain.sample(&mut b) },
        );
    }};
}

/// A draw with its value and two partials against rand_distr's plain one.
macro_rules! with_two_partials_against_rand_distr {
    ($ratios:ident, $name:literal, $ours:expr, $rival:literal, $theirs:expr) => {{
        let (ours, theirs) = ($ours.unwrap(), $theirs.unwrap());
        let (mut a, mut b) = (rng(), rng());
        $ratios.case(
            concat!("draw with two partials ", $name),
            || -> Jet<f64, 2> { ours.sample(&mut a) },
            concat!("rand_distr::", $rival),
            || -> f64 { theirs.sample(&mut b) },
        );
    }};
}

/// The gamma law at a shape: plain, and with value and both derivatives.
macro_rules! gamma {
    ($ratios:ident, $name:literal, $shape:literal) => {{
        let theirs = rand_distr::Gamma::new($shape, 0.5);
        against_rand_distr!($ratios, $name, Gamma::new($shape, 2.0), "Gamma", theirs);
        let [shape, rate] = Jet::variables([$shape, 2.0]);
        with_two_partials_against_rand_distr!($ratios, $name, Gamma::new(shape, rate), "Gamma", theirs);
    }};
}

pub fn run(ratios: &Ratios) {
    against_rand_distr!(ratios, "normal", Normal::new(1.0, 2.0), "Normal", rand_distr::Normal::new(1.0, 2.0));
    against_rand_distr!(ratios, "exponential", Exponential::new(2.0), "Exp", rand_distr::Exp::new(2.0));
    with_two_partials!(ratios, "normal", Normal(1.0, 2.0));
    gamma!(ratios, "gamma(0.3)", 0.3);
    gamma!(ratios, "gamma(2.5)", 2.5);
    gamma!(ratios, "gamma(50)", 50.0);
}
