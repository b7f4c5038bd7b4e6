//! Draws from several laws with jets and prints the bits of values and derivatives: without std, without an allocator,
//! with a panic handler of its own. Built with the feature `hosted` it is an ordinary program that prints the same.
#![cfg_attr(not(feature = "hosted"), no_std, no_main)]

use nalgebra::{Matrix2, Vector2};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;

/// Calls `print` with each number's bits.
fn draws(mut print: impl FnMut(u64)) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2026);
    let [x, y] = Jet::second_order([1.5, 0.5]);
    let mut all = |z: Jet<Jet<f64, 2>, 2>| {
        let (value, gradient, hessian) = z.hessian();
        print(value.to_bits());
        gradient.iter().chain(hessian.iter().flatten()).for_each(|d| print(d.to_bits()));
    };
    let (Ok(normal), Ok(weibull), Ok(gumbel)) = (Normal::new(x, y), Weibull::new(x, y), Gumbel::new(x, y)) else {
        return;
    };
    let (Ok(truncated), Ok(kumaraswamy)) = (TruncatedNormal::new(x, y, 4.0, 5.0), Kumaraswamy::new(x, y)) else {
        return;
    };
    // vectors and matrices of static sizes
    let factor = Matrix2::new(x, 0.0.into(), y, x);
    let (Ok(gaussian), Ok(dirichlet), Ok(wishart)) = (
        MultivariateNormal::from_cholesky(Vector2::new(x, y), factor),
        Dirichlet::new(Vector2::new(x, y)),
        Wishart::new(x + 1.0, factor),
    ) else {
        return;
    };
    for _ in 0..100 {
        gaussian.sample(&mut rng).iter().for_each(|z| all(*z));
        dirichlet.sample(&mut rng).iter().for_each(|z| all(*z));
        let matrix = wishart.sample(&mut rng);
        matrix.iter().for_each(|z| all(*z));
        all(wishart.ln_pdf(&matrix));
        all(normal.sample(&mut rng));
        all(weibull.sample(&mut rng));
        all(gumbel.sample(&mut rng));
        all(truncated.sample(&mut rng));
        all(kumaraswamy.sample(&mut rng));
    }
    all(reparam::special::ln_gamma(x * y));
    all(reparam::special::normal_ln_cdf(x * -20.0));
}

#[cfg(feature = "hosted")]
fn main() {
    draws(|bits| println!("{bits:016x}"));
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
        super::draws(|bits| {
            // SAFETY: the format asks for one 64-bit number and ends with a zero
            unsafe { printf(c"%016llx\n".as_ptr(), bits) };
        });
        0
    }
}
