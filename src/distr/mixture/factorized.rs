//! Mixtures of products: multivariate laws with independent coordinates in each component.

use super::weights::Weights;
use super::{Component, Components, Mixture};
use crate::distr::{Coordinates, Joint, draw_at};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// A mixture of K laws in several dimensions, each a product of univariate laws.
///
/// A row of the components is the product: an array of laws of one type, or a tuple of different ones.
///
/// # Density function
/// f(x) = Σ w_k Π f_kn(x_n).
///
/// # Derivatives
/// The component and the draw x are chosen in plain numbers. Then u_1 = F_1(x_1), u_2 = F_2(x_2 | x_1) and so on are held fixed: the
/// law of x_n given those before it is a univariate [`Mixture`] whose weights are the posterior ones, w_k Π f_km(x_m) over m < n, so
/// x_n moves with all parameters of the components, with the weights and with the coordinates before it (Graves 2016). All orders.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [weight, mean] = Jet::variables([0.3, 2.0]);
/// let normal = |m: Jet<f64, 2>| Normal::new(m, 1.0.into());
/// let law = FactorizedMixture::new(
///     [weight, -weight + 1.0],
///     [[normal(mean)?, normal(-mean)?], [normal(0.0.into())?, normal(1.0.into())?]],
/// )?;
/// let [x, y] = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// println!("({}, {}) moves with the weight by ({}, {})", x.re, y.re, x.eps[0], y.eps[0]);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The derivatives depend on the order of the coordinates; their expectations do not.
#[derive(Clone, Copy, Debug)]
pub struct FactorizedMixture<S, R, const K: usize> {
    pub(super) rows: [R; K],
    pub(super) weights: Weights<S, [S; K]>,
}

/// Coordinate n of all components.
struct Column<'a, R, const K: usize> {
    rows: &'a [R; K],
    n: usize,
}

impl<S: Scalar, R: Components<S>, const K: usize> Components<S> for Column<'_, R, K> {
    type Values = [S; K];

    fn count(&self) -> usize {
        K
    }
    fn get(&self, k: usize) -> &dyn Component<S> {
        self.rows[k].get(self.n)
    }
    fn sample<Z: Rng + ?Sized>(&self, k: usize, rng: &mut Z) -> S {
        self.rows[k].sample(self.n, rng)
    }
    fn values(&self, f: impl FnMut(usize) -> S) -> [S; K] {
        core::array::from_fn(f)
    }
}

impl<S: Scalar, R: Components<S>, const K: usize> FactorizedMixture<S, R, K> {
    /// The mixture of these products with weights proportional to these: they are divided by their sum.
    ///
    /// # Errors
    /// If a weight is not in [0, 1e150] or none is at least 1e-150, if there is no component, or if dimensions differ or are 0.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let product = (Normal::new(0.0, 1.0).unwrap(), Exponential::new(2.0).unwrap());
    /// let law = FactorizedMixture::new([1.0, 3.0], [product; 2]).unwrap();
    /// assert_eq!(law.mean(), Some([0.0, 0.5]));
    /// ```
    pub fn new(weights: [S; K], rows: [R; K]) -> Result<Self, LawError> {
        let column = Self::checked(&rows)?;
        Ok(FactorizedMixture { weights: Weights::from_weights(weights, &column)?, rows })
    }

    /// The mixture of these products with weights proportional to the exponentials of these. A logit of -inf is a weight of 0.
    ///
    /// # Errors
    /// If a logit is not in [-1e150, 1e150] and not -inf, if all are -inf, if there is no component, or if dimensions differ or are 0.
    pub fn from_logits(logits: [S; K], rows: [R; K]) -> Result<Self, LawError> {
        let column = Self::checked(&rows)?;
        Ok(FactorizedMixture { weights: Weights::from_logits(logits, &column)?, rows })
    }

    /// The first column, if all rows are equally long.
    fn checked(rows: &[R; K]) -> Result<Column<'_, R, K>, LawError> {
        let dimension = rows.first().map_or(0, |row| row.count());
        check!("a mixture of products", rows, dimension as f64; "products of one law or more, at least one" if dimension > 0);
        let other = rows.iter().map(R::count).find(|count| *count != dimension).map(|count| count as f64);
        check!("a mixture of products", rows; "products of equally many laws" unless other);
        Ok(Column { rows, n: 0 })
    }

    /// How many coordinates there are.
    pub fn dimension(&self) -> usize {
        self.rows.first().map_or(0, |row| row.count())
    }

    /// The weights, which add up to 1.
    pub fn weights(&self) -> &[S; K] {
        self.weights.linear()
    }

    /// ln f_k(x) = Σ ln f_kn(x_n) for each k; NaN where x has another dimension.
    fn ln_pdfs(&self, x: &R::Values) -> [S; K] {
        let x = x.as_ref();
        core::array::from_fn(|k| {
            if x.len() != self.dimension() || x.iter().any(|x| x.re().is_nan()) {
                return S::from(f64::NAN);
            }
            let row = &self.rows[k];
            x.iter().enumerate().fold(S::from(0.0), |sum, (n, x)| sum + row.get(n).ln_pdf(*x))
        })
    }

    /// The logarithm of the density; -inf outside the support.
    pub fn ln_pdf(&self, x: &R::Values) -> S {
        let ln_pdfs = self.ln_pdfs(x);
        if ln_pdfs[0].re().is_nan() { S::from(f64::NAN) } else { self.weights.ln_sum(&ln_pdfs) }
    }

    /// The probabilities that x came from each component: w_k f_k(x) / f(x). The weights where f(x) is 0.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let [left, right] = [-1.0, 1.0].map(|m| [Normal::new(m, 1.0).unwrap(); 2]);
    /// let law = FactorizedMixture::new([0.5, 0.5], [left, right]).unwrap();
    /// let p = law.responsibilities(&[0.5, 0.5]);
    /// assert!((p[1] - 1.0 / (1.0 + (-2.0f64).exp())).abs() < 1e-15);
    /// ```
    pub fn responsibilities(&self, x: &R::Values) -> [S; K] {
        *self.weights.given(&self.ln_pdfs(x), &Column { rows: &self.rows, n: 0 }).linear()
    }

    /// E\[x\], coordinate by coordinate; `None` where one has none.
    pub fn mean(&self) -> Option<R::Values> {
        let mut all = Some(());
        let mean = self.rows[0].values(|n| {
            let column = Mixture { components: Column { rows: &self.rows, n }, weights: self.weights };
            crate::distr::Continuous::mean(&column).unwrap_or_else(|| {
                all = None;
                S::from(f64::NAN)
            })
        });
        all.map(|()| mean)
    }
}

/// Each coordinate is the quantile of its law given those before it.
impl<S: Scalar, R: Components<S>, const K: usize> Joint<S> for FactorizedMixture<S, R, K> {
    type Point = R::Values;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> R::Values {
        let mut weights = self.weights;
        self.rows[0].values(|n| {
            let given_those_before = Mixture { components: Column { rows: &self.rows, n }, weights };
            let x = draw_at(&given_those_before, coordinates.uniform());
            let ln_pdfs = given_those_before.each(|c| c.ln_pdf(x));
            weights = weights.given(&ln_pdfs, given_those_before.components());
            x
        })
    }
}

impl<S: Scalar, R: Components<S>, const K: usize> Distribution<R::Values> for FactorizedMixture<S, R, K> {
    fn sample<Z: Rng + ?Sized>(&self, rng: &mut Z) -> R::Values {
        let k = if K == 1 { 0 } else { self.weights.at(noise::uniform(rng)) };
        if S::ORDER == 0 || K == 1 {
            return self.rows[k].values(|n| self.rows[k].sample(n, rng));
        }
        let mut weights = self.weights;
        self.rows[k].values(|n| {
            let z = self.rows[k].sample(n, rng).re();
            let given_those_before = Mixture { components: Column { rows: &self.rows, n }, weights };
            let x = given_those_before.lifted(z);
            let ln_pdfs = given_those_before.each(|c| c.ln_pdf(x));
            weights = weights.given(&ln_pdfs, given_those_before.components());
            x
        })
    }
}
