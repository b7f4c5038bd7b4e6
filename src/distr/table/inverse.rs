//! Quantile functions as piecewise polynomials of the probability.

use super::chebyshev::{Chebyshev, evaluate, rescaled};
use crate::noise::gamma::GammaNoise;
use crate::scalar::math;
use crate::special::inc_gamma::{self, Probability};
use crate::special::{logit_inc_beta_complement_inv_ln, logit_inc_beta_inv_ln};

/// A probability by the tail that is not above 1/2, in the reach of tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearer {
    pub(crate) p: f64,
    pub(crate) upper: bool,
}

impl Nearer {
    /// That of the lower tail or of the upper one; `None` where the tables do not reach.
    #[inline(always)]
    pub(crate) fn new(p: f64, upper: bool) -> Option<Self> {
        // above 1/2 the difference is exact; at 1/2 the lower tail, so that the median is one number
        let exchange = if upper { p >= 0.5 } else { p > 0.5 };
        let (p, upper) = if exchange { (1.0 - p, !upper) } else { (p, upper) };
        (p >= LEAST).then_some(Nearer { p, upper })
    }

    /// The same of a law that is turned round.
    #[inline(always)]
    pub(crate) fn turned(self) -> Self {
        Nearer { upper: !self.upper, ..self }
    }

    /// The logarithms of the lower and of the upper tail.
    #[inline]
    fn logarithms(self) -> [f64; 2] {
        let (near, far) = (math::ln(self.p), math::ln_1p(-self.p));
        if self.upper { [far, near] } else { [near, far] }
    }
}

/// Without a table: quantiles by the law's formulas.
#[derive(Clone, Copy, Debug)]
pub struct NoInverse;

/// Cells reach from 2^-11 to 1/2, 2^BITS of them an octave.
const OCTAVES: usize = 10;
const BITS: u32 = 2;
const CELLS: usize = OCTAVES << BITS;

/// The lower end of the first cell, and its leading bits.
const LEAST: f64 = 0.5 / (1u64 << OCTAVES) as f64;
const FIRST: u64 = LEAST.to_bits() >> (52 - BITS);

/// Coefficients of a cell's polynomial: degree 11.
const TERMS: usize = 12;

/// A polynomial in t = (p - c)/(p (1 - 2c) + c): tanh of half the distance of the logits of p and c, so that 0 and 1,
/// where quantiles are singular, are at -1 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    middle: f64,
    polynomial: [f64; TERMS],
}

impl Cell {
    /// By interpolation on [low, high].
    fn new(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Self {
        let odds = math::sqrt(low / (1.0 - low) * (high / (1.0 - high)));
        let middle = odds / (1.0 + odds);
        let empty = Cell { middle, polynomial: [0.0; TERMS] };
        let reach = empty.variable(high);
        let values = Chebyshev::NODES.map(|x| {
            let t = reach * x;
            f(middle * (1.0 + t) / (1.0 - t * (1.0 - 2.0 * middle)))
        });
        Cell { polynomial: rescaled(Chebyshev::interpolated(values), reach), ..empty }
    }

    #[inline(always)]
    fn variable(&self, p: f64) -> f64 {
        (p - self.middle) / (p * (1.0 - 2.0 * self.middle) + self.middle)
    }
}

/// A smooth function of a tail's probability from 2^-11 to 1/2; of one draw in a thousand neither tail is in it.
#[derive(Clone, Debug, PartialEq)]
struct Function {
    count: usize,
    cells: [Cell; CELLS],
}

impl Function {
    const EMPTY: Self = Function { count: 0, cells: [Cell { middle: 0.0, polynomial: [0.0; TERMS] }; CELLS] };

    /// By interpolation.
    fn new(f: impl Fn(f64) -> f64) -> Self {
        let mut function = Function { count: CELLS, ..Self::EMPTY };
        for (i, cell) in function.cells.iter_mut().enumerate() {
            let [low, high] = [i, i + 1].map(|i| f64::from_bits((FIRST + i as u64) << (52 - BITS)));
            *cell = Cell::new(low, high, &f);
        }
        function
    }

    /// The function at p; `None` outside of the cells.
    #[inline(always)]
    fn at(&self, p: f64) -> Option<f64> {
        // 1/2 is in the last cell
        let i = (p.to_bits() >> (52 - BITS)).wrapping_sub(FIRST) as usize;
        let i = if p == 0.5 { CELLS - 1 } else { i };
        if i >= self.count {
            return None;
        }
        let cell = self.cells.get(i)?;
        Some(evaluate(&cell.polynomial, cell.variable(p)))
    }
}

/// A function of the nearer tail, one for either.
#[derive(Clone, Debug, PartialEq)]
struct Halves([Function; 2]);

impl Halves {
    const EMPTY: Self = Halves([Function::EMPTY; 2]);

    fn new(f: impl Fn(Nearer) -> f64) -> Self {
        Halves([false, true].map(|upper| Function::new(|p| f(Nearer { p, upper }))))
    }

    #[inline(always)]
    fn at(&self, at: Nearer) -> Option<f64> {
        self.0[usize::from(at.upper)].at(at.p)
    }
}

/// From this shape on, quantiles are smooth enough to be interpolated: in a lower tail they are as p^(1/a).
const SMOOTH: f64 = 0.4;

/// The quantile function of the gamma law with rate 1: x, or for small shapes a ln x - ln P, which is bounded.
#[derive(Clone, Debug, PartialEq)]
pub struct GammaInverse {
    /// 1/a, and whether it is the logarithm.
    inverse: f64,
    of_ln: bool,
    halves: Halves,
}

impl GammaInverse {
    /// The function of a valid shape.
    pub(crate) fn new(a: f64) -> Self {
        let of_ln = a < SMOOTH;
        let halves = Halves::new(|at| {
            let probability = if at.upper { Probability::Q(at.p) } else { Probability::P(at.p) };
            if of_ln {
                a * inc_gamma::ln_inverse(a, probability) - at.logarithms()[0]
            } else {
                inc_gamma::inverse(a, probability)
            }
        });
        GammaInverse { inverse: 1.0 / a, of_ln, halves }
    }

    /// The plain draw at a probability.
    #[inline(always)]
    pub(crate) fn noise(&self, at: Nearer) -> Option<GammaNoise> {
        let value = self.halves.at(at)?;
        if self.of_ln {
            let ln = (at.logarithms()[0] + value) * self.inverse;
            return Some(GammaNoise { g: 1.0, e: -ln });
        }
        Some(GammaNoise { g: value, e: 0.0 })
    }
}

/// Laws that are narrower have θ as the difference of two large numbers in the logarithm of the odds.
const NARROW: f64 = 100.0;

/// With both shapes below this the quantile function bends too sharply where x goes from one end to the other.
const BENT: f64 = 0.15;

/// The quantile function of the beta law: the odds, or for small and for large shapes θ - ln P/a + ln Q/b, which is
/// bounded.
#[derive(Clone, Debug, PartialEq)]
pub struct BetaInverse {
    /// 1/a and 1/b, and whether it is θ.
    inverses: [f64; 2],
    of_theta: bool,
    halves: Halves,
}

impl BetaInverse {
    /// The function of valid shapes.
    pub(crate) fn new(a: f64, b: f64) -> Self {
        let of_theta = a.min(b) < SMOOTH || a / (a / b + 1.0) > NARROW;
        let inverses = [1.0 / a, 1.0 / b];
        if a.max(b) < BENT {
            return BetaInverse { inverses, of_theta, halves: Halves::EMPTY };
        }
        let halves = Halves::new(|at| {
            let ln = math::ln(at.p);
            let theta =
                if at.upper { logit_inc_beta_complement_inv_ln(a, b, ln) } else { logit_inc_beta_inv_ln(a, b, ln) };
            if of_theta { theta - ends(inverses, at) } else { math::exp(theta) }
        });
        BetaInverse { inverses, of_theta, halves }
    }

    /// The odds at a probability, as a ratio and a logarithm.
    #[inline(always)]
    pub(crate) fn odds(&self, at: Nearer) -> Option<[f64; 2]> {
        let value = self.halves.at(at)?;
        Some(if self.of_theta { [1.0, value + ends(self.inverses, at)] } else { [value, 0.0] })
    }
}

/// How θ goes to its ends: ln P/a - ln Q/b.
#[inline]
fn ends(inverses: [f64; 2], at: Nearer) -> f64 {
    let [ln_p, ln_q] = at.logarithms();
    inverses[0] * ln_p - inverses[1] * ln_q
}

/// The quantile function of a law that is symmetric around 0: -x over 1/2 - P, so that x keeps its digits around 0.
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricInverse(Function);

impl SymmetricInverse {
    /// From the upper quantiles; `None` for a law whose quantiles are too steep.
    pub(crate) fn new(isf: Option<impl Fn(f64) -> f64>) -> Self {
        SymmetricInverse(isf.map_or(Function::EMPTY, |isf| Function::new(|p| isf(p) / (0.5 - p))))
    }

    /// |x| where a tail has the probability p, `rest` being 1/2 - p.
    #[inline(always)]
    pub(crate) fn size(&self, p: f64, rest: f64) -> Option<f64> {
        Some(rest * self.0.at(p)?)
    }

    /// x at a probability.
    #[inline(always)]
    pub(crate) fn at(&self, at: Nearer) -> Option<f64> {
        let x = self.size(at.p, 0.5 - at.p)?;
        Some(if at.upper { x } else { -x })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reach of the cells, and a function with logarithms at both ends and a power.
    #[test]
    fn function_of_a_tail() {
        let f = |p: f64| p.ln() - (1.0 - p).ln() + p.powf(-2.5);
        let function = Function::new(f);
        for p in [LEAST, 0.5, 0.25, 0.25f64.next_down(), 0.3, 0.01, 0.499] {
            assert!((function.at(p).unwrap() / f(p) - 1.0).abs() < 1e-14, "{p}");
        }
        for p in [LEAST.next_down(), 0.5f64.next_up(), 0.0, -0.3, 1.0, f64::NAN, f64::INFINITY] {
            assert_eq!((function.at(p), Function::EMPTY.at(p)), (None, None), "{p}");
        }
        let nearer = |p, upper| Nearer::new(p, upper).map(|at| (at.p, at.upper));
        assert_eq!((nearer(0.75, false), nearer(0.5, true)), (Some((0.25, true)), Some((0.5, false))));
        assert_eq!([0.0, 1.0, -0.1, 1.1, f64::NAN].map(|p| nearer(p, true)), [None; 5]);
    }
}
