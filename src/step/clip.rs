//! Gradients that are no longer than a bound.

use super::StepError;
use super::error::{check_gradient, setting};
use crate::scalar::math;

/// Makes a gradient as long as `longest` if it is longer, and returns how long it was: |g| = √Σ g_i².
///
/// For gradients that are huge now and then, where a single step would undo many. A clipped gradient is biased: clip
/// seldom.
///
/// Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
///
/// # Errors
/// If an entry of the gradient is not in [-1e150, 1e150], or `longest` is not in [0, 1e150]; nothing has changed then.
///
/// ```
/// use reparam::step::clip_norm;
/// let mut gradient = [30.0, 40.0];
/// assert_eq!(clip_norm(&mut gradient, 5.0), Ok(50.0));
/// assert_eq!(gradient, [3.0, 4.0]);
/// assert_eq!(clip_norm(&mut gradient, 5.0), Ok(5.0));
/// assert_eq!(gradient, [3.0, 4.0]);
/// ```
pub fn clip_norm(gradient: &mut [f64], longest: f64) -> Result<f64, StepError> {
    check_gradient(gradient.len(), gradient)?;
    setting("longest", "in [0, 1e150]", longest, (0.0..=1e150).contains(&longest))?;
    // in units of the largest entry: squares of tiny ones would be 0
    let largest = gradient.iter().fold(0.0f64, |m, g| m.max(g.abs()));
    if largest == 0.0 {
        return Ok(0.0);
    }
    let norm = largest * math::sqrt(gradient.iter().map(|g| (g / largest) * (g / largest)).sum());
    if norm > longest {
        gradient.iter_mut().for_each(|g| *g = *g / norm * longest);
    }
    Ok(norm)
}
