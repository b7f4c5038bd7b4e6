//! `Xoshiro256PlusPlus` is not a handle for draws in `f64`
//! `Plain::new(&mut rng)`
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;

fn main() {
    let coin = program!(|[p]: [S; 1], chance| -> S { if chance.bernoulli(p) { p } else { -p } });
    let _: f64 = coin.run(&[0.5], &mut Xoshiro256PlusPlus::seed_from_u64(1));
}
