//! Draws and special functions in detail, by scalar type: `cargo bench --bench draws`.

use criterion::{Criterion, criterion_group, criterion_main};
use num_dual::DualSVec64;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;
use std::hint::black_box;

/// A draw of one law over several scalars.
macro_rules! draws {
    ($c:ident, $name:literal, $law:ident($x:expr, $y:expr)) => {{
        let mut group = $c.benchmark_group($name);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let law = $law::new($x, $y).unwrap();
        group.bench_function("f64", |b| b.iter(|| -> f64 { law.sample(&mut rng) }));
        let [x, y] = Jet::variables([$x, $y]);
        let law = $law::new(x, y).unwrap();
        group.bench_function("Jet<f64, 2>", |b| b.iter(|| law.sample(&mut rng)));
        let [x, y] = Jet::second_order([$x, $y]);
        let law = $law::new(x, y).unwrap();
        group.bench_function("Jet<Jet<f64, 2>, 2>", |b| b.iter(|| law.sample(&mut rng)));
        let law = $law::new(DualSVec64::<2>::from($x), DualSVec64::<2>::from($y)).unwrap();
        group.bench_function("DualSVec64<2>", |b| b.iter(|| law.sample(&mut rng)));
        group.finish();
    }};
}

fn laws(c: &mut Criterion) {
    draws!(c, "normal", Normal(1.0, 2.0));
    draws!(c, "weibull", Weibull(1.0, 1.5));
    draws!(c, "gumbel", Gumbel(1.0, 2.0));
    draws!(c, "kumaraswamy", Kumaraswamy(2.0, 3.0));
}

fn special_functions(c: &mut Criterion) {
    let mut group = c.benchmark_group("special");
    let x = black_box(1.7);
    let [jet] = Jet::variables([x]);
    group.bench_function("normal_quantile f64", |b| b.iter(|| reparam::special::normal_quantile(black_box(0.3))));
    group.bench_function("erfcx f64", |b| b.iter(|| reparam::special::erfcx(black_box(x))));
    group.bench_function("ln_gamma f64", |b| b.iter(|| reparam::special::ln_gamma(black_box(x))));
    group.bench_function("ln_gamma Jet<f64, 1>", |b| b.iter(|| reparam::special::ln_gamma(black_box(jet))));
    group.bench_function("digamma f64", |b| b.iter(|| reparam::special::digamma(black_box(x))));
    group.finish();
}

criterion_group!(benches, laws, special_functions);
criterion_main!(benches);
