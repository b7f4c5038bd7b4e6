//! Instructions of the hot paths under callgrind: `benches/counts/check.sh` holds them against a record.
//!
//! Elementary functions of the C library differ by processor; the environment of the runs asks for those of the
//! smallest x86-64, so that counts repeat on every one.

#![allow(missing_docs)] // of what gungraun's macros make

use counts::*;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate;
use reparam::prelude::*;
use reparam::program::Sobol;
use std::hint::black_box;

/// Draws of a case.
const DRAWS: usize = 1000;

#[library_benchmark]
#[bench::normal(plain::<Normal<f64>>(&[0.3, 1.2]))]
#[bench::normal_1(jet::<Normal<f64>, 1>(&[0.3, 1.2]))]
#[bench::normal_2(jet::<Normal<f64>, 2>(&[0.3, 1.2]))]
#[bench::normal_3(jet::<Normal<f64>, 3>(&[0.3, 1.2]))]
#[bench::normal_4(jet::<Normal<f64>, 4>(&[0.3, 1.2]))]
#[bench::exponential(plain::<Exponential<f64>>(&[2.0]))]
#[bench::gumbel_2(jet::<Gumbel<f64>, 2>(&[0.3, 1.2]))]
#[bench::gamma(plain::<Gamma<f64>>(&[2.5, 2.0]))]
#[bench::gamma_1(jet::<Gamma<f64>, 1>(&[2.5, 2.0]))]
#[bench::gamma_2(jet::<Gamma<f64>, 2>(&[2.5, 2.0]))]
#[bench::gamma_3(jet::<Gamma<f64>, 3>(&[2.5, 2.0]))]
#[bench::gamma_4(jet::<Gamma<f64>, 4>(&[2.5, 2.0]))]
#[bench::gamma_2_below_one(jet::<Gamma<f64>, 2>(&[0.3, 2.0]))]
#[bench::gamma_2_large(jet::<Gamma<f64>, 2>(&[50.0, 2.0]))]
#[bench::gamma_hessian(second::<Gamma<f64>>([2.5, 2.0]))]
#[bench::gamma_2_prepared(jet::<Gamma<f64>, 2>(&[2.5, 2.0]).prepared())]
#[bench::beta(plain::<Beta<f64>>(&[2.0, 3.0]))]
#[bench::beta_1(jet::<Beta<f64>, 1>(&[2.0, 3.0]))]
#[bench::beta_2(jet::<Beta<f64>, 2>(&[2.0, 3.0]))]
#[bench::beta_2_prepared(jet::<Beta<f64>, 2>(&[2.0, 3.0]).prepared())]
#[bench::student_t(plain::<StudentT<f64>>(&[0.0, 1.0, 5.0]))]
#[bench::student_t_3(jet::<StudentT<f64>, 3>(&[0.0, 1.0, 5.0]))]
#[bench::student_t_3_prepared(jet::<StudentT<f64>, 3>(&[0.0, 1.0, 5.0]).prepared())]
#[bench::von_mises(plain::<VonMises<f64>>(&[0.0, 3.0]))]
#[bench::von_mises_2(jet::<VonMises<f64>, 2>(&[0.0, 3.0]))]
#[bench::von_mises_2_prepared(jet::<VonMises<f64>, 2>(&[0.0, 3.0]).prepared())]
#[bench::truncated_normal(plain::<TruncatedNormal<f64>>(&[0.0, 1.0, -1.0, 2.0]))]
#[bench::truncated_normal_4(jet::<TruncatedNormal<f64>, 4>(&[0.0, 1.0, -1.0, 2.0]))]
#[bench::mixture_of_normals(mixture([1.0, 2.0, 0.5]))]
#[bench::mixture_of_normals_3(mixture(Jet::variables([1.0, 2.0, 0.5])))]
fn draw<T, L: Distribution<T>>(law: L) -> L {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for _ in 0..DRAWS {
        black_box(law.sample(&mut rng));
    }
    law
}

#[library_benchmark]
#[bench::dirichlet_5(dirichlet())]
#[bench::dirichlet_5_prepared(dirichlet().prepared())]
#[bench::multivariate_normal_3(multivariate_normal())]
fn vector<T, L: Distribution<T>>(law: L) -> L {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for _ in 0..DRAWS {
        black_box(law.sample(&mut rng));
    }
    law
}

#[library_benchmark]
#[bench::gamma(jet::<Gamma<f64>, 2>(&[2.5, 2.0]))]
#[bench::beta(jet::<Beta<f64>, 2>(&[2.0, 3.0]))]
#[bench::student_t(jet::<StudentT<f64>, 2>(&[0.0, 1.0, 5.0]))]
fn density_tail_and_quantile<L: Continuous<Jet<f64, 2>>>(law: L) -> L {
    for k in 1..100 {
        let x = law.quantile(black_box(Jet::from(f64::from(k) / 100.0)));
        black_box((law.ln_pdf(x), law.cdf(x)));
    }
    law
}

/// Samples of a case.
const SAMPLES: u64 = 1000;

#[library_benchmark]
fn pathwise() {
    black_box(estimate::pathwise_program([100.0, 0.2], call()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn quasi() {
    black_box(estimate::quasi([100.0, 0.2], call()).points(128).samples(8).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn adjoint() {
    let volatilities = [0.2; 20];
    let e = reparam_adjoint::pathwise_program(&volatilities, basket()).samples(SAMPLES).run_seed(1);
    black_box(e).expect("an estimate");
}

#[library_benchmark]
fn score() {
    black_box(estimate::score([0.6], exit_time()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn replay() {
    black_box(estimate::replay([0.6], exit_time()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn martingale() {
    black_box(estimate::martingale([0.6], exit_time()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn mix() {
    black_box(estimate::mix([0.6], exit_time()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn score_dyn() {
    black_box(estimate::score_dyn(&[0.3; 100], coins()).samples(SAMPLES).run_seed(1)).expect("an estimate");
}

#[library_benchmark]
fn sobol() {
    let mut points = Sobol::new(1);
    for _ in 0..DRAWS {
        for d in 0..8 {
            black_box(points.coordinate(d));
        }
        points.advance();
    }
}

library_benchmark_group!(name = laws; benchmarks = draw, vector, density_tail_and_quantile);
library_benchmark_group!(
    name = estimates;
    benchmarks = pathwise, quasi, adjoint, score, replay, martingale, mix, score_dyn, sobol
);

/// The C library's functions for the smallest x86-64.
const SMALLEST: &str =
    "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4,-SSE4_1,-SSE4_2,-SSSE3,-ERMS,-FSRM,-AVX_Fast_Unaligned_Load";

main!(
    config = LibraryBenchmarkConfig::default()
        .env("GLIBC_TUNABLES", SMALLEST)
        .tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = laws, estimates
);
