//! Closed forms, differentiable in all they depend on.

use super::{Contract, STEPS, Terms};
use gallery::Error;
use reparam::prelude::*;
use reparam::special;
use std::f64::consts::FRAC_1_SQRT_2;

/// A call on a lognormal variable of mean `forward`, whose logarithm has this standard deviation (Black 1976).
pub fn call<S: Scalar>(forward: S, strike: S, deviation: S) -> S {
    let d = forward.over(strike).ln().over(deviation) + deviation * 0.5;
    let below = |z: S| special::erfc(-z * FRAC_1_SQRT_2) * 0.5;
    forward * below(d) - strike * below(d - deviation)
}

/// A call that is void once the price touches the barrier, which is below the strike, at any time (Merton 1973): without
/// interest, the mirror image of a price S in the barrier B is B²/S, with a factor S/B.
pub fn down_and_out<S: Scalar>(spot: S, terms: Terms, deviation: S) -> S {
    if spot.re() <= terms.barrier {
        return S::from(0.0);
    }
    let strike = S::from(terms.strike);
    let image = spot.recip() * (terms.barrier * terms.barrier);
    call(spot, strike, deviation) - spot * (1.0 / terms.barrier) * call(image, strike, deviation)
}

/// The price of a contract, at a spot and a volatility.
///
/// The geometric mean of prices at n dates is lognormal: its logarithm has the variance σ² dt (n + 1) (2 n + 1)/(6 n) and
/// the mean ln S - σ² dt (n + 1)/4 (Kemna & Vorst 1990, with dates as here).
///
/// # Errors
/// A price, the volatility or the strike is not positive, or the barrier is above spot or strike.
pub fn exact<S: Scalar>(terms: Terms, [spot, vol]: [S; 2]) -> Result<S, Error> {
    let positive = spot.re() > 0.0 && vol.re() > 0.0 && terms.strike > 0.0 && terms.barrier > 0.0;
    if !positive || (terms.contract == Contract::Barrier && terms.barrier >= spot.re().min(terms.strike)) {
        let (spot, vol) = (spot.re(), vol.re());
        return Err(
            format!("spot {spot}, volatility {vol}, {terms:?}: all must be positive, the barrier lowest").into()
        );
    }
    let strike = S::from(terms.strike);
    Ok(match terms.contract {
        Contract::European => call(spot, strike, vol),
        Contract::Asian => {
            let (n, dt) = (STEPS as f64, 1.0 / STEPS as f64);
            let variance = vol * vol * (dt * (n + 1.0) * (2.0 * n + 1.0) / (6.0 * n));
            let mean = spot.ln() - vol * vol * (dt * (n + 1.0) / 4.0);
            call((mean + variance * 0.5).exp(), strike, variance.sqrt())
        }
        Contract::Barrier => down_and_out(spot, terms, vol),
    })
}
