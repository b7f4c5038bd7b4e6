//! Prints the bits of all numbers that the filter and the learner compute: on a microcontroller, on a computer without
//! `std` and without an allocator, and (with the feature `hosted`) as an ordinary program. All three print the same.
#![cfg_attr(not(feature = "hosted"), no_std, no_main)]

#[cfg(feature = "hosted")]
fn main() {
    board::run(|bits| println!("{bits:016x}")).expect("valid parameters");
}

#[cfg(all(not(feature = "hosted"), target_os = "none"))]
mod microcontroller {
    use cortex_m_semihosting::{debug, hprintln};

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo) -> ! {
        debug::exit(debug::EXIT_FAILURE);
        loop {
            cortex_m::asm::wfi();
        }
    }

    #[cortex_m_rt::entry]
    fn main() -> ! {
        let done = board::run(|bits| hprintln!("{:016x}", bits));
        debug::exit(if done.is_ok() { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
        loop {
            cortex_m::asm::wfi();
        }
    }
}

#[cfg(all(not(feature = "hosted"), not(target_os = "none")))]
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
        let done = board::run(|bits| {
            // SAFETY: the format asks for one 64-bit number and ends with a zero
            unsafe { printf(c"%016llx\n".as_ptr(), bits) };
        });
        c_int::from(done.is_err())
    }
}
