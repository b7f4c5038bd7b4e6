//! Draws from several laws with jets and prints the bits of values and derivatives: without std, without an allocator,
//! with a panic handler of its own. Built with the feature `hosted` it is an ordinary program that prints the same.
#![cfg_attr(not(feature = "hosted"), no_std, no_main)]

use nalgebra::{SMatrix, SVector};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::estimate;
use reparam::prelude::*;
use reparam::relax::{RelaxedBernoulli, RelaxedOneHotCategorical};
use reparam::weighted::{Resampling, Weighted};

type Hyper = Jet<Jet<f64, 2>, 2>;

/// Calls `print` with each number's bits; `None` if a parameter is refused.
fn draws(mut print: impl FnMut(u64)) -> Option<()> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2026);
    let [x, y] = Jet::second_order([1.5, 0.5]);
    let mut all = |z: Hyper| {
        let (value, gradient, hessian) = z.hessian();
        print(value.to_bits());
        gradient.iter().chain(hessian.iter().flatten()).for_each(|d| print(d.to_bits()));
    };
    let zero = Hyper::from(0.0);
    let normal = Normal::new(x, y).ok()?;
    let weibull = Weibull::new(x, y).ok()?;
    let gumbel = Gumbel::new(x, y).ok()?;
    let truncated = TruncatedNormal::new(x, y, 4.0.into(), 5.0.into()).ok()?;
    let kumaraswamy = Kumaraswamy::new(x, y).ok()?;
    let gamma = Gamma::new(x, y).ok()?;
    let beta = Beta::new(x, y).ok()?;
    let von_mises = VonMises::new(y, x).ok()?;
    let mixture = Mixture::new([y, x], [normal, Normal::new(zero, x).ok()?]).ok()?;
    let factor = SMatrix::<Hyper, 2, 2>::new(x, zero, y, x);
    let multivariate = MultivariateNormal::from_cholesky(SVector::from([x, y]), factor).ok()?;
    let dirichlet = Dirichlet::new(SVector::from([x, y])).ok()?;
    let wishart = Wishart::from_cholesky(x + 1.0, factor).ok()?;
    let relaxed = RelaxedOneHotCategorical::new(y, [x, y, zero]).ok()?;
    for _ in 0..100 {
        all(normal.sample(&mut rng));
        all(weibull.sample(&mut rng));
        all(gumbel.sample(&mut rng));
        all(truncated.sample(&mut rng));
        all(kumaraswamy.sample(&mut rng));
        all(gamma.sample(&mut rng));
        all(beta.sample(&mut rng));
        all(von_mises.sample(&mut rng));
        all(mixture.sample(&mut rng));
        multivariate.sample(&mut rng).iter().for_each(|z| all(*z));
        dirichlet.sample(&mut rng).iter().for_each(|z| all(*z));
        let matrix = wishart.sample(&mut rng);
        matrix.iter().for_each(|z| all(*z));
        all(wishart.ln_pdf(&matrix));
        relaxed.sample(&mut rng).into_iter().for_each(&mut all);
    }
    all(reparam::special::ln_gamma(x * y));
    all(reparam::special::normal_ln_cdf(x * -20.0));

    // choices in a loop of random length
    let exit_time = program!(|[up, height]: [S; 2], chance| -> S {
        let (mut at, mut steps) = (S::from(0.0), 0.0);
        while at.re().abs() < 3.0 {
            at += if chance.bernoulli(up) { height } else { -height };
            steps += 1.0;
        }
        at * steps
    });
    let e = estimate::mix([0.6, 1.0], exit_time).samples(1000).run(&mut rng).ok()?;
    print(e.value.to_bits());
    e.gradient.iter().chain(&e.gradient_se).for_each(|d| print(d.to_bits()));
    print(of_all_kinds(2.0, &mut rng).ok()?.to_bits());
    print(of_all_kinds(-2.0, &mut rng).err()?.value().to_bits());
    Some(())
}

/// Continuous and discrete laws, a relaxation and a resampler: one error, without a heap.
fn of_all_kinds(rate: f64, rng: &mut Xoshiro256PlusPlus) -> Result<f64, LawError> {
    let particles = [1.0, 3.0].map(|weight| Weighted { value: weight, weight });
    let mut offspring = particles;
    Resampling::Systematic.run(&particles, &mut offspring, rng)?;
    let waiting = Exponential::new(offspring[0].weight)?.sample(rng);
    Ok(waiting + Poisson::new(rate)?.sample(rng) as f64 + RelaxedBernoulli::new(0.5, 0.0)?.sample(rng))
}

#[cfg(feature = "hosted")]
fn main() {
    draws(|bits| println!("{bits:016x}")).expect("valid parameters");
}

#[cfg(not(feature = "hosted"))]
mod bare {
    use core::ffi::{c_char, c_int};

    #[link(name = "c")]
    unsafe extern "C" {
        fn printf(format: *const c_char, ...) -> c_int;
        fn abort() -> !;
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo) -> ! {
        // SAFETY: abort has no preconditions
        unsafe { abort() }
    }

    /// The compiled core library names it, though nothing here unwinds.
    #[unsafe(no_mangle)]
    extern "C" fn rust_eh_personality() {}

    #[unsafe(no_mangle)]
    extern "C" fn main() -> c_int {
        let done = super::draws(|bits| {
            // SAFETY: the format asks for one 64-bit number and ends with a zero
            unsafe { printf(c"%016llx\n".as_ptr(), bits) };
        });
        c_int::from(done.is_none())
    }
}
