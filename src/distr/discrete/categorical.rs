//! The categorical law.

use super::alias::{self, Column};
use super::cell::{divergence_of_cell, entropy_of_cell, sum_of_cells};
use super::{Cells, Discrete, DiscreteUnivariate, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, ln_sum_exp};
use rand::Rng;
use rand::distr::Distribution;

/// The [categorical law](https://en.wikipedia.org/wiki/Categorical_distribution): cell i of 0 to K - 1 with probability `p_i`.
///
/// Cells are an array, or with the feature `alloc` a `Vec`: `Categorical<[f64; 3]>`, `Categorical<Vec<Jet<f64, 2>>>`.
///
/// # Mass function
/// `p_i` = `w_i` / Σ `w_j` for weights, e^(`l_i`) / Σ e^(`l_j`) for logits. Cells may be empty (weight 0, logit -inf): they are never drawn.
/// The pmf of an empty cell keeps its derivative, which its logarithm has not.
///
/// # Derivatives
/// Draws are plain indices. d ln `p_i` / d ln `w_j` = [i = j] - `p_j`.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Categorical::from_logits(Jet::variables([0.0, 0.0]))?;
/// assert_eq!(law.pmf(&1), Jet { re: 0.5, eps: [-0.25, 0.25] });
/// # Ok(()) }
/// ```
///
/// # Notes
/// [`Categorical::new`] and [`Categorical::from_logits`] draw by the alias method (Vose 1991), in constant time, from a table that costs them
/// a pass over the cells: for many draws of one law. [`Categorical::linear`] and [`Categorical::linear_from_logits`] make no table, and
/// a draw adds up probabilities until a uniform number is passed: for laws that are made anew for every draw, for few cells or a first
/// cell that is likely. The table is of plain numbers; what the probabilities cost, which carry derivatives, is the same for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Categorical<C: Cells> {
    p: C,
    ln_p: C,
    /// None for a linear search.
    table: Option<C::Like<Column>>,
}

impl<S: Scalar, C: Cells<Entry = S>> Categorical<C> {
    /// The law with probabilities proportional to these weights.
    ///
    /// # Errors
    /// If there are no weights, one is not in [0, 1e150], or all are below 1e-150.
    pub fn new(weights: C) -> Result<Self, LawError> {
        Self::linear(weights).map(Self::with_table)
    }

    /// The same without a table: a draw searches the cells from the first to the last.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::prelude::*;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = Categorical::linear([0.0, 1.0, 0.0])?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
    /// assert_eq!(cell, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`Categorical::new`].
    pub fn linear(weights: C) -> Result<Self, LawError> {
        let w = weights.as_ref();
        check_weights(w)?;
        let total = w.iter().fold(S::from(0.0), |sum, w| sum + *w);
        let mut p = weights;
        for p in p.as_mut() {
            *p = p.over(total);
        }
        Ok(Self::of_probabilities(p))
    }

    /// The law with probabilities proportional to the exponentials of these logits.
    ///
    /// # Errors
    /// If there are no logits, one is above 1e150 or NaN, or all are below -1e150.
    pub fn from_logits(logits: C) -> Result<Self, LawError> {
        Self::linear_from_logits(logits).map(Self::with_table)
    }

    /// The same without a table: a draw searches the cells from the first to the last.
    ///
    /// # Errors
    /// Those of [`Categorical::from_logits`].
    pub fn linear_from_logits(logits: C) -> Result<Self, LawError> {
        let l = logits.as_ref();
        check_logits(l)?;
        // relative to the largest, beside which their sum may not show
        let largest = l.iter().fold(f64::NEG_INFINITY, |m, l| m.max(l.re()));
        let (mut ln_p, mut p) = (logits.clone(), logits);
        for ln in ln_p.as_mut() {
            *ln = if ln.re() < -1e150 { S::from(f64::NEG_INFINITY) } else { *ln - largest };
        }
        let total = ln_sum_exp(ln_p.as_ref());
        for (p, ln) in p.as_mut().iter_mut().zip(ln_p.as_mut()) {
            *ln -= total;
            *p = if ln.re() < -1e150 { S::from(0.0) } else { ln.exp() };
        }
        if let Some(i) = p.as_ref().iter().position(|p| p.re() > 0.5) {
            ln_p.as_mut()[i] = ln_of_cell(p.as_ref(), i);
        }
        Ok(Categorical { p, ln_p, table: None })
    }

    /// With probabilities as they are, which sum to 1 within rounding.
    fn of_probabilities(p: C) -> Self {
        let mut ln_p = p.clone();
        for (i, ln) in ln_p.as_mut().iter_mut().enumerate() {
            *ln = ln_of_cell(p.as_ref(), i);
        }
        Categorical { p, ln_p, table: None }
    }

    /// With a table for draws in constant time.
    fn with_table(self) -> Self {
        Categorical { table: Some(alias::table(&self.p, |p| p.re())), ..self }
    }

    /// The cells as they are stored.
    pub(crate) fn cells(&self) -> &C {
        &self.p
    }

    /// The probabilities of the cells.
    pub fn probabilities(&self) -> &[S] {
        self.p.as_ref()
    }

    /// The covariance of the indicators of cells i and j, `p_i` ([i = j] - `p_j`); what is left to 1 from the other cells, which a rounded 1 - p would lose.
    pub(super) fn covariance_of_cells(&self, i: usize, j: usize) -> S {
        if i != j {
            return -self.pmf(&i) * self.pmf(&j);
        }
        let others = self.p.as_ref().iter().enumerate().filter(|(k, _)| *k != i);
        self.pmf(&i) * others.fold(S::from(0.0), |sum, (_, p)| sum + *p)
    }

    /// The probability of the cells up to and with k, or of those beyond it, as a sum of the fewer large ones.
    fn tail(&self, k: usize, upper: bool) -> S {
        let p = self.p.as_ref();
        let (below, above) = p.split_at(k.saturating_add(1).min(p.len()));
        let add = |p: &[S]| p.iter().fold(S::from(0.0), |sum, p| sum + *p);
        let (below, above) = (add(below), add(above));
        let (own, other) = if upper { (above, below) } else { (below, above) };
        if own.re() > other.re() { -other + 1.0 } else { own }
    }

    fn ln_tail(&self, k: usize, upper: bool) -> S {
        let (own, other) = (self.tail(k, upper), self.tail(k, !upper));
        if own.re() > 0.5 {
            (-other).ln_1p()
        } else if own.re() == 0.0 {
            S::from(f64::NEG_INFINITY)
        } else {
            own.ln()
        }
    }

    /// E[g(i)].
    fn expectation(&self, g: impl Fn(f64) -> S) -> S {
        self.p.as_ref().iter().enumerate().fold(S::from(0.0), |sum, (i, p)| sum + *p * g(i as f64))
    }
}

/// Whether weights are those of a law.
fn check_weights<S: Scalar>(weights: &[S]) -> Result<(), LawError> {
    let (count, largest) = (weights.len(), weights.iter().fold(0.0, |m: f64, w| m.max(w.re())));
    check!("a categorical or multinomial law", weights, count as f64; "at least one" if count > 0);
    check!("a categorical or multinomial law", weights: each [0.0, 1e150]);
    check!("a categorical or multinomial law", weights, largest; "at least 1e-150 in one of the cells"
        if largest >= 1e-150);
    Ok(())
}

/// Whether logits are those of a law.
fn check_logits<S: Scalar>(logits: &[S]) -> Result<(), LawError> {
    let (count, largest) = (logits.len(), logits.iter().fold(f64::NEG_INFINITY, |m, l| m.max(l.re())));
    let fault = logits.iter().find(|l| l.re().is_nan() || l.re() > 1e150).map(|l| l.re());
    check!("a categorical or multinomial law", logits, count as f64; "at least one" if count > 0);
    check!("a categorical or multinomial law", logits; "at most 1e150" unless fault);
    check!("a categorical or multinomial law", logits, largest; "at least -1e150 in one of the cells"
        if largest >= -1e150);
    Ok(())
}

/// `ln p_i`, of a cell that is almost certain from the others.
fn ln_of_cell<S: Scalar>(p: &[S], i: usize) -> S {
    if p[i].re() == 0.0 {
        S::from(f64::NEG_INFINITY)
    } else if p[i].re() > 0.5 {
        let others = p.iter().enumerate().filter(|(j, _)| *j != i);
        (-others.fold(S::from(0.0), |sum, (_, p)| sum + *p)).ln_1p()
    } else {
        p[i].ln()
    }
}

/// The cell at which the sum of probabilities passes a uniform number; the last that is not empty for what rounding leaves over.
#[inline]
fn search<S: Scalar, R: Rng + ?Sized>(p: &[S], rng: &mut R) -> usize {
    let (mut left, mut last) = (noise::uniform(rng), 0);
    for (i, p) in p.iter().enumerate() {
        if left < p.re() {
            return i;
        }
        if p.re() > 0.0 {
            last = i;
        }
        left -= p.re();
    }
    last
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<usize> for Categorical<C> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> usize {
        match &self.table {
            Some(table) => alias::draw(table.as_ref(), rng),
            None => search(self.p.as_ref(), rng),
        }
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for Categorical<C> {
    type Outcome = usize;

    fn ln_pmf(&self, i: &usize) -> S {
        self.ln_p.as_ref().get(*i).copied().unwrap_or(S::from(f64::NEG_INFINITY))
    }
    fn pmf(&self, i: &usize) -> S {
        self.p.as_ref().get(*i).copied().unwrap_or(S::from(0.0))
    }
}

/// Of the index of the cell.
impl<S: Scalar, C: Cells<Entry = S>> DiscreteUnivariate<S> for Categorical<C> {
    fn support(&self) -> (usize, usize) {
        let p = self.ln_p.as_ref();
        let full = |i: &usize| p[*i].re() > f64::NEG_INFINITY;
        ((0..p.len()).find(full).unwrap_or(0), (0..p.len()).rev().find(full).unwrap_or(0))
    }
    tails!();
    fn mean(&self) -> S {
        self.expectation(|i| S::from(i))
    }
    fn variance(&self) -> S {
        let mean = self.mean();
        self.expectation(|i| (-mean + i) * (-mean + i))
    }
    fn entropy(&self) -> S {
        let (p, ln_p) = (self.p.as_ref(), self.ln_p.as_ref());
        p.iter().zip(ln_p).fold(S::from(0.0), |sum, (p, ln_p)| sum + entropy_of_cell(*p, *ln_p))
    }
    fn mode(&self) -> usize {
        let p = self.p.as_ref();
        (0..p.len()).reduce(|m, i| if p[i].re() > p[m].re() { i } else { m }).unwrap_or(0)
    }
}

/// For laws of the same number of cells; infinite for others.
impl<S: Scalar, C: Cells<Entry = S>> KlDivergence<S> for Categorical<C> {
    fn kl_divergence(&self, other: &Self) -> S {
        let (p, q) = (self.p.as_ref(), other.p.as_ref());
        if p.len() != q.len() {
            return S::from(f64::INFINITY);
        }
        sum_of_cells(p.iter().zip(q).map(|(p, q)| divergence_of_cell(*p, *q, *q - *p)))
    }
}

/// As the probabilities of the cells, and whether draws search them without a table; a cell that came from a logit and whose probability
/// is below the range of doubles comes back empty.
#[cfg(feature = "serde")]
mod serialization {
    use super::*;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "categorical", deny_unknown_fields)]
    struct Parameters<C> {
        probabilities: C,
        #[serde(default)]
        linear: bool,
    }

    impl<C: Cells + Serialize> Serialize for Categorical<C> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            Parameters { probabilities: &self.p, linear: self.table.is_none() }.serialize(serializer)
        }
    }

    impl<'de, S: Scalar, C: Cells<Entry = S> + Deserialize<'de>> Deserialize<'de> for Categorical<C> {
        fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
            let Parameters { probabilities, linear } = Parameters::<C>::deserialize(deserializer)?;
            let law = Self::checked(probabilities).map_err(Z::Error::custom)?;
            Ok(if linear { law } else { law.with_table() })
        }
    }

    impl<S: Scalar, C: Cells<Entry = S>> Categorical<C> {
        /// The law with these probabilities, not divided by their sum again, so that what goes out comes back.
        pub(crate) fn checked(probabilities: C) -> Result<Self, LawError> {
            check_probabilities(probabilities.as_ref())?;
            Ok(Self::of_probabilities(probabilities))
        }
    }

    fn check_probabilities<S: Scalar>(probabilities: &[S]) -> Result<(), LawError> {
        let sum = probabilities.iter().fold(0.0, |sum, p| sum + p.re());
        let rounding = 4.0 * f64::EPSILON * probabilities.len() as f64;
        check!("a categorical or multinomial law", probabilities: each UNIT);
        check!("a categorical or multinomial law", probabilities, sum; "numbers with the sum 1"
            if (sum - 1.0).abs() <= rounding);
        Ok(())
    }
}
