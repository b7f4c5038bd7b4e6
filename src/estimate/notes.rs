//! What an estimate can see of its own weaknesses.

use super::components::{Component, Components};
use super::moments::Moments;
use crate::program::Values;
use core::fmt;

/// What an estimate has to say against itself. None of it is proof of a mistake; each is worth a look.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // a jump: the pathwise derivative is 0 in every sample, and wrong
/// let jump = |[x]: [Jet<f64, 1>; 1], chance: &mut program::Plain<_, _>| {
///     Jet::from(f64::from(u8::from(chance.normal() < x.re)))
/// };
/// let e = estimate::pathwise([0.3], jump).run_seed(1).unwrap();
/// assert!(e.notes.is_flat(0));
/// assert!(e.to_string().contains("0 in every sample"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Notes {
    /// Bits of the first 64 parameters whose derivative is exactly 0 in all samples.
    flat: u64,
    /// The number of further parameters of which that is true.
    pub flat_beyond: usize,
    /// All second derivatives are exactly 0 in all samples although the first ones vary: a kink (`max`, `abs`) loses
    /// them.
    pub flat_hessian: bool,
    /// A few observations in a row have far more than their share of all squared deviations of a value or derivative
    /// (64 of many have a tenth and more), so most likely one of them: the standard error is not to be trusted, and a
    /// tail may be missing altogether.
    pub dominated: bool,
    /// All samples are the same, of an estimator that sees only what has been drawn: if choices decide the result, what they
    /// decide is too rare to have been seen, and the standard error of 0 means nothing.
    #[cfg_attr(feature = "serde", serde(default))]
    pub still: bool,
    /// Coefficients of control variates are fitted on fewer than 32 samples: intervals are too short.
    #[cfg_attr(feature = "serde", serde(default))]
    pub few_for_controls: bool,
    /// Some randomness has no score where scores are to carry what a jump or kink says: plain noise, laws of vectors.
    #[cfg_attr(feature = "serde", serde(default))]
    pub plain_noise: bool,
    /// The support of a law that draws move by scores ends where its density is not 0, and the end moves with the
    /// parameters: scores miss that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub moving_support: bool,
}

/// Observations below which intervals are wide and rest on normality.
const FEW: u64 = 30;

/// Which of the parameters from the 65th on have a derivative that is not 0.
#[derive(Default)]
struct Beyond {
    #[cfg(feature = "alloc")]
    moving: alloc::vec::Vec<bool>,
}

#[cfg(feature = "alloc")]
impl Beyond {
    fn note(&mut self, parameter: usize, moves: bool) {
        let i = parameter - 64;
        if i >= self.moving.len() {
            self.moving.resize(i + 1, false);
        }
        self.moving[i] |= moves;
    }

    fn flat(&self) -> usize {
        self.moving.iter().filter(|moves| !**moves).count()
    }
}

/// Without a heap there are no estimates of so many parameters but of a fixed number: they are not looked at.
#[cfg(not(feature = "alloc"))]
impl Beyond {
    fn note(&mut self, _: usize, _: bool) {}

    fn flat(&self) -> usize {
        0
    }
}

impl Notes {
    /// Whether the derivative in this parameter, one of the first 64, is exactly 0 in all samples although the value
    /// varies: the program does not depend on it, or loses its derivative at a branch, a comparison or a detached
    /// number.
    pub fn is_flat(&self, parameter: usize) -> bool {
        parameter < 64 && self.flat >> parameter & 1 == 1
    }

    /// What these moments show, of numbers whose components are those of one result each.
    pub(super) fn of<V: Values, S: Components>(moments: &Moments<V, S>) -> Self {
        Notes::located(moments, |_, component| component)
    }

    /// The same of an estimator that sees only what has been drawn.
    pub(super) fn of_drawn<V: Values, S: Components>(moments: &Moments<V, S>) -> Self {
        Notes { still: moments.are_still(), ..Notes::of(moments) }
    }

    /// What these moments show, with the component that one of number k is.
    pub(super) fn located<V: Values, S: Components>(
        moments: &Moments<V, S>,
        locate: impl Fn(usize, Component) -> Component,
    ) -> Self {
        let (mut seen, mut moving) = (0u64, 0u64);
        let mut beyond = Beyond::default();
        let (mut varies, mut gradient_varies, mut second, mut second_moves) = (false, false, false, false);
        let mut note = |component: Component, x: f64, is_deviation: bool| match component {
            Component::Value => varies |= is_deviation && x > 0.0,
            Component::Gradient(i) => {
                gradient_varies |= is_deviation && x > 0.0;
                if i < 64 {
                    seen |= 1 << i;
                    moving |= u64::from(x != 0.0) << i;
                } else {
                    beyond.note(i, x != 0.0);
                }
            }
            Component::Hessian(..) | Component::Product(_) => {
                second = true;
                second_moves |= x != 0.0;
            }
        };
        let deviations = moments.standard_error();
        for (k, x) in V::slice(moments.mean()).iter().enumerate() {
            let x: &S = x;
            x.visit(&mut |c, x| note(locate(k, c), x, false));
        }
        for (k, x) in V::slice(&deviations).iter().enumerate() {
            let x: &S = x;
            x.visit(&mut |c, x| note(locate(k, c), x, true));
        }

        let limit = 0.1 + 200.0 / moments.count() as f64;
        let mut dominated = false;
        V::slice(&moments.largest_share()).iter().for_each(|x: &S| x.visit(&mut |_, share| dominated |= share > limit));
        Notes {
            flat: if varies { seen & !moving } else { 0 },
            flat_beyond: if varies { beyond.flat() } else { 0 },
            flat_hessian: second && !second_moves && gradient_varies,
            dominated,
            still: false,
            few_for_controls: false,
            plain_noise: false,
            moving_support: false,
        }
    }

    /// One line each.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, observations: u64, names: &[&str]) -> fmt::Result {
        for i in (0..64).filter(|i| self.is_flat(*i)) {
            f.write_str("\nnote: the derivative in ")?;
            match names.get(i) {
                Some(name) => f.write_str(name)?,
                None => write!(f, "θ[{i}]")?,
            }
            f.write_str(
                " is 0 in every sample although the value varies: is it lost at a branch on a draw or a detached number?",
            )?;
        }
        if self.flat_beyond > 0 {
            write!(
                f,
                "\nnote: so are the derivatives in {} parameters from θ[64] on: are there enough samples?",
                self.flat_beyond
            )?;
        }
        if self.flat_hessian {
            f.write_str("\nnote: all second derivatives are 0 in every sample: a kink (max, abs) loses what is at it")?;
        }
        if self.dominated {
            f.write_str(
                "\nnote: a single observation has a large part of the variance: more samples, or another estimator",
            )?;
        }
        if self.still {
            f.write_str(
                "\nnote: no sample differs from another: if choices decide the result, what they decide is too rare to have been seen, and `replay` looks at it",
            )?;
        }
        if self.few_for_controls {
            f.write_str(
                "\nnote: control variates fitted on fewer than 32 samples: at 10 of them, 95 % intervals cover in about 90 %",
            )?;
        }
        if self.plain_noise {
            f.write_str(
                "\nnote: plain noise and laws of vectors have no score: what a jump or kink says through them is lost; draw from laws",
            )?;
        }
        if self.moving_support {
            f.write_str(
                "\nnote: the support of a law that is drawn from ends at a parameter: scores miss how it moves, so derivatives are wrong",
            )?;
        }
        if observations < FEW {
            write!(f, "\nnote: only {observations} observations: use intervals of Student's t")?;
        }
        Ok(())
    }
}
