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

pub fn run(ratios: &Ratios) {
    against_rand_distr!(ratios, "normal", Normal::new(1.0, 2.0), "Normal", rand_distr::Normal::new(1.0, 2.0));
    against_rand_distr!(ratios, "exponential", Exponential::new(2.0), "Exp", rand_distr::Exp::new(2.0));
    against_rand_distr!(ratios, "beta", Beta::new(2.0, 3.0), "Beta", rand_distr::Beta::new(2.0, 3.0));
    against_rand_distr!(ratios, "student_t", StudentT::new(5.0, 0.0, 1.0), "StudentT", rand_distr::StudentT::new(5.0));
    {
        let [alpha, beta] = Jet::variables([2.0, 3.0]);
        let (ours, theirs) = (Beta::new(alpha, beta).unwrap(), rand_distr::Beta::new(2.0, 3.0).unwrap());
        let (mut a, mut b) = (rng(), rng());
        let rival = || -> f64 { theirs.sample(&mut b) };
        ratios.case("draw with two partials beta", || ours.sample(&mut a), "rand_distr::Beta", rival);
    }
    {
        let [df, location, scale] = Jet::variables([5.0, 0.0, 1.0]);
        let (ours, theirs) = (StudentT::new(df, location, scale).unwrap(), rand_distr::StudentT::new(5.0).unwrap());
        let (mut a, mut b) = (rng(), rng());
        let rival = || -> f64 { theirs.sample(&mut b) };
        ratios.case("draw with three partials student_t", || ours.sample(&mut a), "rand_distr::StudentT", rival);
    }
    with_two_partials!(ratios, "normal", Normal(1.0, 2.0));
}
