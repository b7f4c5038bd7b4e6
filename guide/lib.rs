//! The chapters of the guide: `cargo test --doc -p guide` runs every block of code in them. `guide/build.sh` makes the book.

/// A chapter, read for its code only.
macro_rules! chapters {
    ($($chapter:ident)*) => {
        $(#[doc = include_str!(concat!("src/", stringify!($chapter), ".md"))]
        #[cfg(doctest)]
        pub mod $chapter {})*
    };
}

chapters! {
    introduction
    derivative_of_a_draw
    first_gradient
    which_tool
    generic_code
    second_order
    discrete_choices
    truncation_and_tails
    relaxations
    fitting
    less_noise
    quasi_random
    tails_and_risk
    many_parameters
    parallel
    microcontroller
    own_laws
    verifying
    wrong_gradient
    moving
    gallery
    limits
}
