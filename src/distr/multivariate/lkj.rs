//! The law of Lewandowski, Kurowicka and Joe of correlation matrices, by their Cholesky factors.

use super::parameters::parameters;
use super::{Multivariate, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::of_logit::{BetaLogit, LogitLift as _};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{Square, sum};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::{beta_divergence, digamma_difference, half_step_growth, ln_beta, ln_gamma};
use core::f64::consts::PI;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1};
use rand::Rng;
use rand::distr::Distribution;

/// The law of Cholesky factors L of D by D correlation matrices C = L Lᵀ whose density is proportional to det C^(η - 1): uniform over
/// correlation matrices for η = 1, close to the identity for large η.
///
/// # Density function
/// f(L) = Π l_ii^(D - i + 2η - 2) / Z for i = 2 to D, with respect to the entries below the diagonal, which follow one row after the
/// other: row i without its diagonal is a point w of the ball of dimension i - 1 with density proportional to
/// (1 - |w|²)^(b_i - 1), b_i = η + (D - i)/2. L is in the support if it is lower triangular with positive diagonal and rows
/// of length 1, up to 1e-10. Derivatives in L are those of the formula, with l_ii as variables of their own.
///
/// # Derivatives
/// The onion method: |w|² has the beta law with shapes (i - 1)/2 and b_i, the direction is uniform. The logit of the beta draw
/// carries its derivatives in η to any order (see [`LogitBeta`](crate::distr::LogitBeta)); directions do not move.
///
/// # Example
/// ```
/// use nalgebra::Const;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{linalg, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [concentration] = Jet::variables([1.5]);
/// let l = LkjCholesky::new(Const::<3>, concentration)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// let correlation = linalg::from_cholesky(&l);
/// assert!((correlation[(1, 1)].re - 1.0).abs() < 1e-15 && correlation[(1, 1)].eps[0].abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// With a small η diagonal entries may underflow to 0. Source: Lewandowski, Kurowicka & Joe 2009, "Generating random
/// correlation matrices based on vines and extended onion method", J. Multivariate Analysis 100, section 3.2.
#[derive(Clone, Debug, PartialEq)]
pub struct LkjCholesky<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    concentration: S,
    /// The beta law of each row but the first.
    rows: OVector<Option<BetaLogit<S>>, D>,
}

impl<S: Scalar, D: Dim> LkjCholesky<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law of factors of this size (`Const::<3>`, or `Dyn(3)`) with concentration η.
    ///
    /// # Errors
    /// If the size is 0 or the concentration not in [1e-100, 1e100].
    pub fn new(size: D, concentration: S) -> Result<Self, LawError> {
        let d = size.value();
        check!("an LKJ law", size, d as f64; "1 or larger" if d > 0);
        check!("an LKJ law", concentration: [1e-100, 1e100]);
        let rows = OVector::from_fn_generic(size, U1, |i, _| {
            let b = concentration + (d - 1 - i) as f64 * 0.5;
            (i > 0).then(|| BetaLogit::new(S::from(i as f64 * 0.5), b))
        });
        Ok(LkjCholesky { concentration, rows })
    }

    /// The concentration η.
    pub fn concentration(&self) -> S {
        self.concentration
    }

    /// The factor whose rows have lengths by θ and directions by normal noise, both from the same source.
    fn made_of<N: ?Sized>(
        &self,
        source: &mut N,
        theta: impl Fn(&BetaLogit<S>, &mut N) -> S,
        normal: impl Fn(&mut N) -> f64,
    ) -> OMatrix<S, D, D> {
        let n = self.rows.shape_generic().0;
        let mut l = OMatrix::from_element_generic(n, n, S::from(0.0));
        for (i, row) in self.rows.iter().enumerate() {
            let Some(row) = row else {
                l[(i, i)] = S::from(1.0);
                continue;
            };
            let theta = theta(row, source);
            // |w|² = 1/(1 + e^-θ) and l_ii² = 1/(1 + e^θ)
            let length = ((-theta).softplus() * -0.5).exp();
            l[(i, i)] = (theta.softplus() * -0.5).exp();
            let direction = OVector::<f64, D>::from_fn_generic(n, U1, |j, _| if j < i { normal(source) } else { 0.0 });
            let norm = math::sqrt(sum(direction.iter().map(|u| u * u)));
            for j in 0..i {
                l[(i, j)] = length * (direction[j] / norm);
            }
        }
        l
    }

    /// Σ over the rows but the first of a function of the beta law's shapes, the number of entries before the diagonal over 2 and b.
    fn over_rows(&self, f: impl Fn(usize, S, S) -> S) -> S {
        sum(self.rows.iter().enumerate().filter_map(|(i, row)| row.as_ref().map(|row| f(i, row.a, row.b))))
    }

    /// ln of the constant of row i: Γ(a + b)/(Γ(b) π^a) of (1 - |w|²)^(b - 1).
    fn ln_constant(a: S, b: S) -> S {
        ln_gamma(a) - a * math::ln(PI) - ln_beta(a, b)
    }
}

parameters!([S: Scalar, D: Dim] LkjCholesky<S, D> where [DefaultAllocator: Square<D>], over [S], "lkj_cholesky",
    law => { size: Rows(D) = law.rows.shape_generic().0, concentration: Number(S) = &law.concentration },
    LkjCholesky::new(size, concentration));

impl<S: Scalar, D: Dim> Distribution<OMatrix<S, D, D>> for LkjCholesky<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OMatrix<S, D, D> {
        self.made_of(rng, |row, rng| row.lift_draw(row.draw(rng)), |rng| noise::normal(rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for LkjCholesky<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OMatrix<S, D, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OMatrix<S, D, D> {
        self.made_of(coordinates, |row, u| row.draw_at(u.uniform()), |u| u.normal())
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for LkjCholesky<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        (self.rows.len(), self.rows.len())
    }

    fn ln_pdf(&self, l: &OMatrix<S, D, D>) -> S {
        if let Some(limit) = not_a_number_or_infinite(l, self.shape()) {
            return limit;
        }
        let is_factor = (0..l.nrows()).all(|i| {
            let square = sum((0..=i).map(|j| l[(i, j)].re() * l[(i, j)].re()));
            (square - 1.0).abs() <= 2e-10 && l[(i, i)].re() >= 0.0 && (i + 1..l.nrows()).all(|j| l[(i, j)].re() == 0.0)
        });
        if !is_factor {
            return S::from(f64::NEG_INFINITY);
        }
        let at_0 = || self.rows.iter().enumerate().filter(|(i, _)| l[(*i, *i)].re() == 0.0);
        let powers = || at_0().filter_map(|(_, row)| row.as_ref().map(|row| row.b.re() - 1.0));
        if powers().any(|power| power > 0.0) {
            return S::from(f64::NEG_INFINITY);
        }
        if powers().any(|power| power < 0.0) {
            return S::from(f64::INFINITY);
        }
        self.over_rows(|i, a, b| {
            let power = (b - 1.0) * 2.0;
            // l^0 at l = 0, which falls infinitely fast with the power
            let of_zero = || power.chain(S::from(f64::NEG_INFINITY));
            let ln = if l[(i, i)].re() == 0.0 { of_zero() } else { power * l[(i, i)].ln() };
            ln + Self::ln_constant(a, b)
        })
    }

    /// 0 below the diagonal, B(a, b + 1/2)/B(a, b) on it.
    fn mean(&self) -> Option<OMatrix<S, D, D>> {
        let n = self.rows.shape_generic().0;
        Some(OMatrix::from_fn_generic(n, n, |i, j| match &self.rows[i] {
            _ if i != j => S::from(0.0),
            Some(row) => (ln_beta(row.a, row.b + 0.5) - ln_beta(row.a, row.b)).exp(),
            None => S::from(1.0),
        }))
    }

    fn variance(&self) -> Option<OMatrix<S, D, D>> {
        let n = self.rows.shape_generic().0;
        Some(OMatrix::from_fn_generic(n, n, |i, j| match &self.rows[i] {
            // E[y] - E[√y]² for y of the beta law with shapes b and a
            Some(row) if i == j => -(row.b.over(row.a + row.b) * (-half_step_growth(row.b, row.a)).exp_m1()),
            Some(row) if j < i => row.a.over((row.a + row.b) * i as f64),
            _ => S::from(0.0),
        }))
    }

    /// The unit matrix for η > 1.
    fn mode(&self) -> Option<OMatrix<S, D, D>> {
        let n = self.rows.shape_generic().0;
        let is_bounded = self.rows.iter().flatten().all(|row| row.b.re() > 1.0);
        is_bounded.then(|| OMatrix::from_fn_generic(n, n, |i, j| S::from(if i == j { 1.0 } else { 0.0 })))
    }

    /// Σ (b - 1) (ψ(a + b) - ψ(b)) less the logarithms of the rows' constants.
    fn entropy(&self) -> Option<S> {
        Some(self.over_rows(|_, a, b| (b - 1.0) * digamma_difference(b, a) - Self::ln_constant(a, b)))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for LkjCholesky<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// Σ ln B(a_i, b_i₂) - ln B(a_i, b_i₁) - (b_i₁ - b_i₂) (ψ(a_i + b_i₁) - ψ(b_i₁)) with a_i = (i - 1)/2: that of the rows' beta laws, and
    /// of the laws of correlation matrices. NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        let difference = self.concentration - other.concentration;
        self.over_rows(|_, a, b| beta_divergence([a, b], [a, b - difference], [S::from(0.0), -difference]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, Matrix2, Matrix3, matrix};

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs().max(1.0), "{got:e}, not {want:e}");
    }

    /// One correlation r = l_21 has the density (1 - r²)^(η - 1) / (2^(2η - 1) B(η, η)); for η = 2 that is 3/4 (1 - r²).
    #[test]
    fn one_correlation() {
        let law = LkjCholesky::new(Const::<2>, 2.0).unwrap();
        close(law.ln_pdf(&matrix![1.0, 0.0; 0.6, 0.8]), (0.75f64 * 0.64).ln());
        // E ln(1 - r²) = ψ(2) - ψ(5/2) = 2 ln 2 - 5/3
        close(law.entropy().unwrap(), -(0.75f64.ln()) - (2.0 * 2f64.ln() - 5.0 / 3.0));
    }

    /// The volume of 3 by 3 correlation matrices is π²/2 (Joe 2006, J. Multivariate Analysis 97), and the Jacobian from
    /// the factor to the correlations is l_22: so the density of the factor at η = 1 is l_22 2/π².
    #[test]
    fn uniform_correlations() {
        let law = LkjCholesky::new(Const::<3>, 1.0).unwrap();
        let l: Matrix3<f64> = matrix![1.0, 0.0, 0.0; 0.6, 0.8, 0.0; 0.5, 0.5, 0.5f64.sqrt()];
        close(law.ln_pdf(&l), (0.8 * 2.0 / (PI * PI)).ln());
    }

    #[test]
    fn refused_and_outside() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(LkjCholesky::new(Const::<2>, bad).unwrap_err().parameter(), "concentration");
        }
        assert_eq!(LkjCholesky::new(Const::<0>, 1.0).unwrap_err().parameter(), "size");
        let law = LkjCholesky::new(Const::<2>, 2.0).unwrap();
        for outside in [matrix![1.0, 0.0; 0.6, 0.7], matrix![1.0, 0.1; 0.6, 0.8], matrix![1.0, 0.0; 0.6, -0.8]] {
            assert_eq!(law.ln_pdf(&outside), f64::NEG_INFINITY);
        }
        assert!(law.ln_pdf(&(Matrix2::identity() * f64::NAN)).is_nan());
    }
}
