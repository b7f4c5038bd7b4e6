//! What an estimate says, and how it is printed.

use super::components::Components;
use super::moments::Moments;
use super::notes::Notes;
use crate::program::Values;
use crate::scalar::{Jet, math};
use core::fmt;

/// The value and gradient of an expectation, with standard errors. For a program that returns one number, `value` is an
/// `f64` and `gradient` is `[f64; N]` or `Vec<f64>`; for one that returns several, `value[k]` is result k, and
/// `gradient[k][i]` its derivative in parameter i.
///
/// The standard errors are those of the means of independent observations: s / sqrt(n), s the sample standard
/// deviation. They mean what they say where the variance is finite. [`Estimate::half_width`] makes confidence intervals
/// of them.
///
/// Printed, it is one line for the value and one for each derivative, with two digits of the standard error or with the
/// formatter's precision, and what the estimate has to say against itself ([`Notes`]):
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
///
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let e = estimate::pathwise([2.0], |[x], _| x * x).samples(100).run(&mut rng).unwrap();
/// assert_eq!(e.to_string(), "value    4 ± 0\nd/dθ[0]  4 ± 0");
/// assert_eq!(e.named(&["x"]).to_string(), "value  4 ± 0\nd/dx   4 ± 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Estimate<G, V = f64> {
    /// The number of samples.
    pub samples: u64,
    /// The number of independent observations: samples, or batches of them.
    pub observations: u64,
    /// The mean of the samples.
    pub value: V,
    /// Its standard error.
    pub value_se: V,
    /// The mean of the samples' derivatives, one for each parameter.
    pub gradient: G,
    /// Their standard errors.
    pub gradient_se: G,
    /// What there is to say against it.
    pub notes: Notes,
}

/// The value, gradient and Hessian of an expectation, with standard errors.
///
/// Printed, it is an [`Estimate`] followed by a line for each entry of the Hessian's upper triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "H: serde::Serialize, G: serde::Serialize, V: serde::Serialize",
        deserialize = "H: serde::Deserialize<'de>, G: serde::Deserialize<'de>, V: serde::Deserialize<'de>"
    ))
)]
#[non_exhaustive]
pub struct HessianEstimate<H, G, V = f64> {
    /// The number of samples.
    pub samples: u64,
    /// The number of independent observations: samples, or batches of them.
    pub observations: u64,
    /// The mean of the samples.
    pub value: V,
    /// Its standard error.
    pub value_se: V,
    /// The mean of the samples' derivatives.
    pub gradient: G,
    /// Their standard errors.
    pub gradient_se: G,
    /// The mean of the samples' second derivatives.
    pub hessian: H,
    /// Their standard errors.
    pub hessian_se: H,
    /// What there is to say against it.
    pub notes: Notes,
}

/// The numbers that an estimate can run on: `Jet<f64, N>` for gradients, `Jet<Jet<f64, N>, N>` for Hessians. Sealed.
pub trait Order<const N: usize>: Components {
    /// What is estimated, for this many results.
    type Estimate<V: Values>;

    #[doc(hidden)]
    fn variables(theta: [f64; N]) -> [Self; N];

    /// The mean of what stands twice: of second derivatives, and of derivatives of derivatives by another way.
    #[doc(hidden)]
    fn symmetric(self) -> Self {
        self
    }

    #[doc(hidden)]
    fn report<V: Values>(summary: Summary<V, Self>) -> Self::Estimate<V>;

    #[doc(hidden)]
    fn estimate<V: Values>(moments: &Moments<V, Self>, batch: u64) -> Self::Estimate<V> {
        Self::noted(moments, batch, Notes::of(moments))
    }

    /// The estimate with these notes.
    #[doc(hidden)]
    fn noted<V: Values>(moments: &Moments<V, Self>, batch: u64, notes: Notes) -> Self::Estimate<V> {
        Self::report(Summary {
            samples: moments.count() * batch,
            observations: moments.count(),
            mean: moments.mean().clone(),
            se: moments.standard_error(),
            notes,
        })
    }
}

/// What an estimate is made of.
#[doc(hidden)]
#[derive(Debug)]
pub struct Summary<V: Values, S: Components> {
    pub samples: u64,
    pub observations: u64,
    pub mean: V::Of<S>,
    pub se: V::Of<S>,
    pub notes: Notes,
}

impl<const N: usize> Order<N> for Jet<f64, N> {
    type Estimate<V: Values> = Estimate<V::Of<[f64; N]>, V::Of<f64>>;

    fn variables(theta: [f64; N]) -> [Self; N] {
        Jet::variables(theta)
    }
    fn report<V: Values>(of: Summary<V, Self>) -> Self::Estimate<V> {
        let Summary { mean, se, .. } = &of;
        Estimate {
            samples: of.samples,
            observations: of.observations,
            value: V::map(mean, |x: &Self| x.re),
            value_se: V::map(se, |x: &Self| x.re),
            gradient: V::map(mean, |x: &Self| x.eps),
            gradient_se: V::map(se, |x: &Self| x.eps),
            notes: of.notes,
        }
    }
}

impl<const N: usize> Order<N> for Jet<Jet<f64, N>, N> {
    type Estimate<V: Values> = HessianEstimate<V::Of<[[f64; N]; N]>, V::Of<[f64; N]>, V::Of<f64>>;

    fn variables(theta: [f64; N]) -> [Self; N] {
        Jet::second_order(theta)
    }
    fn symmetric(mut self) -> Self {
        for i in 0..N {
            self.eps[i].re = self.re.eps[i];
            for j in 0..i {
                let mean = 0.5 * (self.eps[i].eps[j] + self.eps[j].eps[i]);
                (self.eps[i].eps[j], self.eps[j].eps[i]) = (mean, mean);
            }
        }
        self
    }
    fn report<V: Values>(of: Summary<V, Self>) -> Self::Estimate<V> {
        let Summary { mean, se, .. } = &of;
        HessianEstimate {
            samples: of.samples,
            observations: of.observations,
            value: V::map(mean, |x: &Self| x.hessian().0),
            value_se: V::map(se, |x: &Self| x.hessian().0),
            gradient: V::map(mean, |x: &Self| x.hessian().1),
            gradient_se: V::map(se, |x: &Self| x.hessian().1),
            hessian: V::map(mean, |x: &Self| x.hessian().2),
            hessian_se: V::map(se, |x: &Self| x.hessian().2),
            notes: of.notes,
        }
    }
}

/// Results and their derivatives as rows: what is printed does not depend on how they are kept.
pub trait Rows {
    /// The number of rows.
    fn count(&self) -> usize;

    /// Row k.
    fn row(&self, k: usize) -> &[f64];
}

/// Those of one result.
macro_rules! one_row {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $type:ty;)*) => {
        $($(#[$cfg])* impl<$($generics)*> Rows for $type {
            fn count(&self) -> usize {
                1
            }
            fn row(&self, _: usize) -> &[f64] {
                self
            }
        })*
    };
}

/// Those of several.
macro_rules! rows {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $type:ty;)*) => {
        $($(#[$cfg])* impl<$($generics)*> Rows for $type {
            fn count(&self) -> usize {
                self.len()
            }
            fn row(&self, k: usize) -> &[f64] {
                &self[k]
            }
        })*
    };
}

one_row! {
    [const N: usize] [f64; N];
    #[cfg(feature = "alloc")] [] alloc::vec::Vec<f64>;
}

rows! {
    [const N: usize, const K: usize] [[f64; N]; K];
    #[cfg(feature = "alloc")] [const N: usize] alloc::vec::Vec<[f64; N]>;
    #[cfg(feature = "alloc")] [const K: usize] [alloc::vec::Vec<f64>; K];
    #[cfg(feature = "alloc")] [] alloc::vec::Vec<alloc::vec::Vec<f64>>;
}

/// The second derivatives of results.
pub trait Matrices {
    /// Those of result k in parameters i and j.
    fn entry(&self, k: usize, i: usize, j: usize) -> f64;
}

impl<const N: usize> Matrices for [[f64; N]; N] {
    fn entry(&self, _: usize, i: usize, j: usize) -> f64 {
        self[i][j]
    }
}

impl<const N: usize, const K: usize> Matrices for [[[f64; N]; N]; K] {
    fn entry(&self, k: usize, i: usize, j: usize) -> f64 {
        self[k][i][j]
    }
}

#[cfg(feature = "alloc")]
impl Matrices for alloc::vec::Vec<alloc::vec::Vec<f64>> {
    fn entry(&self, _: usize, i: usize, j: usize) -> f64 {
        self[i][j]
    }
}

#[cfg(feature = "alloc")]
impl<const K: usize> Matrices for [alloc::vec::Vec<alloc::vec::Vec<f64>>; K] {
    fn entry(&self, k: usize, i: usize, j: usize) -> f64 {
        self[k][i][j]
    }
}

#[cfg(feature = "alloc")]
impl Matrices for alloc::vec::Vec<alloc::vec::Vec<alloc::vec::Vec<f64>>> {
    fn entry(&self, k: usize, i: usize, j: usize) -> f64 {
        self[k][i][j]
    }
}

#[cfg(feature = "alloc")]
impl<const N: usize> Matrices for alloc::vec::Vec<[[f64; N]; N]> {
    fn entry(&self, k: usize, i: usize, j: usize) -> f64 {
        self[k][i][j]
    }
}

/// The values of results, in a row.
pub trait Row {
    /// All of them.
    fn numbers(&self) -> &[f64];
}

impl Row for f64 {
    fn numbers(&self) -> &[f64] {
        core::slice::from_ref(self)
    }
}

impl<const K: usize> Row for [f64; K] {
    fn numbers(&self) -> &[f64] {
        self
    }
}

#[cfg(feature = "alloc")]
impl Row for alloc::vec::Vec<f64> {
    fn numbers(&self) -> &[f64] {
        self
    }
}

/// An estimate with the names of its parameters, to be printed: made by [`Estimate::named`].
#[derive(Clone, Copy, Debug)]
pub struct Named<'a, E> {
    estimate: &'a E,
    names: &'a [&'a str],
}

/// What is printed with or without names of parameters.
#[doc(hidden)]
pub trait Printed {
    fn write(&self, f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result;
}

impl<E: Printed> fmt::Display for Named<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.estimate.write(f, self.names)
    }
}

/// An estimate by differences with Richardson's correction, and the bias of plain differences that this has taken out.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // E k³: plain differences are off by 60 h²
/// let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(5, p) as f64).powi(3)) });
/// let e = estimate::finite_difference([0.4], f, 0.1).richardson().samples(40_000).run_seed(1).unwrap();
/// assert!((e.bias.gradient[0] - 0.6).abs() < 5.0 * e.bias.gradient_se[0]);
/// assert!(e.to_string().contains("plain differences"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Corrected<E> {
    /// The estimate. Its own bias is of the order of the fourth power of the step, and is not known.
    pub estimate: E,
    /// The bias of plain differences with the same step: that of the value is 0.
    pub bias: E,
}

impl<E> Corrected<E> {
    /// The estimate with names for its parameters, to be printed.
    pub fn named<'a>(&'a self, names: &'a [&'a str]) -> Named<'a, Self> {
        Named { estimate: self, names }
    }
}

impl<E: Printed> Printed for Corrected<E> {
    fn write(&self, f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
        self.estimate.write(f, names)?;
        f.write_str("\nof which the bias of plain differences, taken out:\n")?;
        self.bias.write(f, names)
    }
}

impl<E: Printed> fmt::Display for Corrected<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &[])
    }
}

/// The name of parameter i: its own, or its number.
struct Name<'a>(&'a [&'a str], usize);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.get(self.1) {
            Some(name) => f.write_str(name),
            None => write!(f, "θ[{}]", self.1),
        }
    }
}

/// The number of characters that something takes.
struct Width(usize);

impl fmt::Write for Width {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.0 += s.chars().count();
        Ok(())
    }
}

pub(super) fn width(args: fmt::Arguments<'_>) -> usize {
    let mut width = Width(0);
    let _ = fmt::Write::write_fmt(&mut width, args);
    width.0
}

/// A label in a column of this width.
pub(super) fn label(f: &mut fmt::Formatter<'_>, column: usize, args: fmt::Arguments<'_>) -> fmt::Result {
    f.write_fmt(args)?;
    for _ in width(args)..column + 2 {
        f.write_str(" ")?;
    }
    Ok(())
}

impl<G: Rows, V: Row> Estimate<G, V> {
    /// The half width of a confidence interval, in standard errors: Student's t quantile for the number of
    /// observations.
    ///
    /// The interval `value ± half_width(0.95) * value_se` covers the expectation in 95 of 100 runs where the variance
    /// is finite and observations are many, or not far from normal.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise([2.0], |[x], chance| x * chance.normal()).samples(5).run_seed(1).unwrap();
    /// assert!((e.half_width(0.95) - 2.7764451051977987).abs() < 1e-12);
    /// ```
    pub fn half_width(&self, level: f64) -> f64 {
        half_width(self.observations, level)
    }

    /// The estimate with names for its parameters, to be printed.
    pub fn named<'a>(&'a self, names: &'a [&'a str]) -> Named<'a, Self> {
        Named { estimate: self, names }
    }
}

impl<G: Rows, V: Row> Printed for Estimate<G, V> {
    fn write(&self, f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
        let values = self.value.numbers();
        let parameters = (0..self.gradient.count()).map(|k| self.gradient.row(k).len()).max().unwrap_or(0);
        let several = values.len() > 1;
        let longest = (0..parameters).map(|i| width(format_args!("d/d{}", Name(names, i)))).max().unwrap_or(0);
        let column = longest.max(if several { width(format_args!("value[{}]", values.len() - 1)) } else { 5 });
        for (k, (value, se)) in values.iter().zip(self.value_se.numbers()).enumerate() {
            if several {
                if k > 0 {
                    f.write_str("\n")?;
                }
                label(f, column, format_args!("value[{k}]"))?;
            } else {
                label(f, column, format_args!("value"))?;
            }
            with_error(f, *value, *se)?;
            for (i, (d, se)) in self.gradient.row(k).iter().zip(self.gradient_se.row(k)).enumerate() {
                f.write_str("\n")?;
                label(f, column, format_args!("d/d{}", Name(names, i)))?;
                with_error(f, *d, *se)?;
            }
        }
        self.notes.write(f, self.observations, names)
    }
}

impl<G: Rows, V: Row> fmt::Display for Estimate<G, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &[])
    }
}

impl<H: Matrices, G: Rows, V: Row> HessianEstimate<H, G, V> {
    /// The half width of a confidence interval, in standard errors: see [`Estimate::half_width`].
    pub fn half_width(&self, level: f64) -> f64 {
        half_width(self.observations, level)
    }

    /// The estimate with names for its parameters, to be printed.
    pub fn named<'a>(&'a self, names: &'a [&'a str]) -> Named<'a, Self> {
        Named { estimate: self, names }
    }
}

impl<H: Matrices, G: Rows, V: Row> Printed for HessianEstimate<H, G, V> {
    fn write(&self, f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
        let values = self.value.numbers();
        let parameters = (0..self.gradient.count()).map(|k| self.gradient.row(k).len()).max().unwrap_or(0);
        let pairs = || (0..parameters).flat_map(|i| (i..parameters).map(move |j| (i, j)));
        let longest = pairs().map(|(i, j)| width(format_args!("d²/d{}d{}", Name(names, i), Name(names, j)))).max();
        let column = longest.unwrap_or(5).max(5);
        for (k, (value, se)) in values.iter().zip(self.value_se.numbers()).enumerate() {
            if k > 0 {
                f.write_str("\n")?;
            }
            match values.len() {
                1 => label(f, column, format_args!("value"))?,
                _ => label(f, column, format_args!("value[{k}]"))?,
            }
            with_error(f, *value, *se)?;
            for (i, (d, se)) in self.gradient.row(k).iter().zip(self.gradient_se.row(k)).enumerate() {
                f.write_str("\n")?;
                label(f, column, format_args!("d/d{}", Name(names, i)))?;
                with_error(f, *d, *se)?;
            }
            for (i, j) in pairs() {
                f.write_str("\n")?;
                label(f, column, format_args!("d²/d{}d{}", Name(names, i), Name(names, j)))?;
                with_error(f, self.hessian.entry(k, i, j), self.hessian_se.entry(k, i, j))?;
            }
        }
        self.notes.write(f, self.observations, names)
    }
}

impl<H: Matrices, G: Rows, V: Row> fmt::Display for HessianEstimate<H, G, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &[])
    }
}

/// Student's t quantile at (1 + level) / 2 for the mean of this many observations: infinite for one observation or certainty, NaN for a level
/// that is not in [0, 1].
pub(super) fn half_width(observations: u64, level: f64) -> f64 {
    use crate::special;
    let tail = 0.5 * (1.0 - level);
    let df = observations.saturating_sub(1) as f64;
    if !(0.0..=0.5).contains(&tail) {
        return f64::NAN;
    }
    if tail == 0.0 || df < 1.0 {
        return f64::INFINITY;
    }
    // P(T > t) = I_x(df/2, 1/2) / 2 at x = df / (df + t²)
    let logit = special::logit_inc_beta_inv_ln(0.5 * df, 0.5, math::ln(2.0 * tail));
    math::sqrt(df * math::exp(-logit))
}

/// A number with all its digits and no row of zeros.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            x if x == 0.0 || !x.is_finite() || (1e-5..1e16).contains(&x.abs()) => write!(f, "{x}"),
            x => write!(f, "{x:e}"),
        }
    }
}

/// `value ± se`: to the formatter's precision, or to two significant digits of the standard error.
pub(super) fn with_error(f: &mut fmt::Formatter<'_>, value: f64, se: f64) -> fmt::Result {
    if let Some(precision) = f.precision() {
        return write!(f, "{value:.precision$} ± {se:.precision$}");
    }
    if !(1e-12..1e6).contains(&se) {
        return write!(f, "{} ± {}", Short(value), Short(se));
    }
    let decimals = (1.0 - math::floor(math::log10(se))).max(0.0) as usize;
    write!(f, "{value:.decimals$} ± {se:.decimals$}")
}
