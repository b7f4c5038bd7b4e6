//! Special functions of any scalar.

mod stub {
    use crate::scalar::Scalar;
    macro_rules! stub { ($($n:ident)*) => { $(
        /// stand-in until the real one lands
        pub fn $n<S: Scalar>(_x: S) -> S { S::from(f64::NAN) } )* } }
    stub! { normal_ln_pdf normal_pdf normal_cdf normal_sf normal_ln_cdf normal_ln_sf normal_quantile normal_isf normal_quantile_ln normal_isf_ln
    normal_hazard normal_hazard_excess erf erfc erfcx ln_erfc erf_inv erfc_inv
    ln_gamma gamma ln_gamma_1p digamma trigamma lambert_w0 lambert_wm1 ln_bessel_i0 ln_bessel_i1 }
}
pub use stub::*;
mod exp_m1_minus;
mod ln_1p_minus;
mod ln_2_cosh;
pub use exp_m1_minus::exp_m1_minus;
pub use ln_1p_minus::ln_1p_minus;
pub use ln_2_cosh::ln_2_cosh;
