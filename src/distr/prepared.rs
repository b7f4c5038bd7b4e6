//! Laws with tables of how their draws move with the parameters.

use super::Continuous;
use super::law::methods;
use super::table::{Nearer, NoInverse};
use crate::scalar::Scalar;
use core::fmt;
use rand::distr::Distribution;

/// A law whose draws can take their derivatives from a table of its own.
///
/// The derivative of a draw of [`Gamma`](super::Gamma), say, in the shape is a series or a continued fraction, which
/// takes ten times as long as the draw. Of one law it is a function of the draw alone: a table has it as piecewise
/// polynomials. That pays for a law that is drawn from again and again; `docs/speed.md` says from how many draws on.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, rate] = Jet::variables([2.5, 2.0]);
/// let law = Gamma::new(shape, rate)?;
/// let often = law.prepared();
/// let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
/// let (one, other) = (law.sample(&mut rngs[0]), often.sample(&mut rngs[1]));
/// assert_eq!(one.re, other.re); // the same bits
/// assert!((one.eps[0] / other.eps[0] - 1.0).abs() < 1e-13);
/// # Ok(()) }
/// ```
pub trait Prepare: Clone {
    /// A table of first derivatives.
    type First;
    /// A table of first and second derivatives.
    type Second;
    /// A table of quantiles.
    type Inverse;

    #[doc(hidden)]
    fn first(&self) -> Self::First;

    #[doc(hidden)]
    fn second(&self) -> Self::Second;

    #[doc(hidden)]
    fn inverse(&self) -> Self::Inverse;

    /// The law with a table of first derivatives; higher orders are the law's own.
    fn prepared(&self) -> Prepared<Self> {
        Prepared { law: self.clone(), table: self.first(), inverse: NoInverse }
    }

    /// The law with a table of first and second derivatives, which takes longer to make; higher orders are the law's
    /// own.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let [alpha, beta] = Jet::second_order([2.0, 3.0]);
    /// let law = Beta::new(alpha, beta)?.prepared_to_second_order();
    /// assert_eq!(law.mean().unwrap().re.re, 0.4);
    /// # Ok(()) }
    /// ```
    fn prepared_to_second_order(&self) -> Prepared<Self, Self::Second> {
        Prepared { law: self.clone(), table: self.second(), inverse: NoInverse }
    }
}

/// A law with a table of its own: draws with the same values and, to the law's accuracy, the same derivatives in a
/// fraction of the time.
///
/// Made by [`Prepare::prepared`]. It is the law in every other respect, and draws wherever a law does. The table is of
/// the parameters' values; what these depend on may be anything. Student's t below 40 degrees of freedom is coupled
/// otherwise than the law's draws, with less variance (see [`StudentT`](super::StudentT)). It needs no heap: 10 KB for
/// laws of the gamma family, 20 KB for those of the beta family, less than 4 KB for the others; twice as much, or 50 KB
/// for the beta family, to second order. What is outside of the table, one draw in 10 000 or so, and scalars of higher
/// orders go by the law's own formulas. [`Prepared::with_quantiles`] adds a table for draws at given probabilities.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df] = Jet::variables([5.0]);
/// let law = ChiSquared::new(df)?.prepared();
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let mean = law.sample_iter(&mut rng).take(20_000).map(|x: Jet<f64, 1>| x.eps[0] / 20_000.0).sum::<f64>();
/// assert!((mean - 1.0).abs() < 0.01); // d E[X]/dν
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Prepared<L: Prepare, T = <L as Prepare>::First, Q = NoInverse> {
    law: L,
    table: T,
    inverse: Q,
}

impl<L: Prepare, T> Prepared<L, T> {
    /// The same with a table of quantiles: for draws at given probabilities, which quasi-random and mirrored handles
    /// make. By the law's formulas they take as long as 30 to 100 plain draws, from the table one or two.
    ///
    /// Where neither tail has a probability below 2^-11, [`quantile`](Continuous::quantile), [`isf`](Continuous::isf)
    /// and [`Joint::draw_at`](super::Joint::draw_at) come from it, with up to 2.5 times the errors of the formulas (2e-14
    /// at most, as a rule 5e-15); so do their derivatives from the other table. Anything else is the law's own: tails
    /// farther out, derivatives in the probability, logarithms of probabilities. Student's t below 0.4 degrees of
    /// freedom and beta laws with both shapes below 0.15 have no such table, and keep their formulas.
    ///
    /// Making it takes as long as some 500 to 1500 quantiles by formulas; it needs 8 KB, 4 for symmetric laws, and as
    /// much for each gamma variable of a law of vectors or matrices.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let [alpha, beta] = Jet::variables([2.0, 3.0]);
    /// let law = Beta::new(alpha, beta)?;
    /// let often = law.prepared().with_quantiles();
    /// let (x, want) = (often.quantile(0.3.into()), law.quantile(0.3.into()));
    /// assert!((x.re / want.re - 1.0).abs() < 1e-14 && (x.eps[0] / want.eps[0] - 1.0).abs() < 1e-13);
    /// # Ok(()) }
    /// ```
    pub fn with_quantiles(self) -> Prepared<L, T, L::Inverse> {
        let inverse = self.law.inverse();
        Prepared { law: self.law, table: self.table, inverse }
    }
}

impl<L: Prepare, T, Q> Prepared<L, T, Q> {
    /// The law.
    #[inline]
    pub fn law(&self) -> &L {
        &self.law
    }

    #[inline]
    pub(crate) fn table(&self) -> &T {
        &self.table
    }

    #[inline]
    pub(crate) fn inverse(&self) -> &Q {
        &self.inverse
    }
}

/// A prepared law that draws at a probability.
pub trait Inverted<S> {
    /// The draw, with derivatives at the fixed probability; `None` where the tables do not reach.
    fn draw_at(&self, at: Nearer) -> Option<S>;
}

impl<S, L: Prepare, T> Inverted<S> for Prepared<L, T> {
    #[inline(always)]
    fn draw_at(&self, _: Nearer) -> Option<S> {
        None
    }
}

impl<L: Prepare, T, Q> Prepared<L, T, Q> {
    /// The quantile of a probability of the lower or the upper tail, which is `formula` where that carries derivatives
    /// or is not in the tables.
    #[inline(always)]
    fn at_probability<S: Scalar>(&self, p: S, upper: bool, formula: impl FnOnce() -> S) -> S
    where
        Self: Inverted<S>,
    {
        match Nearer::new(p.re(), upper).and_then(|at| self.draw_at(at)) {
            Some(x) if p.with_re(0.0).max_abs() == 0.0 => x,
            Some(x) => formula().with_re(x.re()),
            None => formula(),
        }
    }
}

impl<L: Prepare + fmt::Debug, T, Q> fmt::Debug for Prepared<L, T, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("law", &self.law).finish_non_exhaustive()
    }
}

macro_rules! those_of_the_law {
    ($($method:ident($($x:ident)?) -> $result:ty;)*) => {
        impl<S: Scalar, L: Prepare + Continuous<S>, T, Q> Continuous<S> for Prepared<L, T, Q>
        where
            Self: Distribution<S> + Inverted<S>,
        {
            $(those_of_the_law!(@ $method($($x)?) -> $result);)*

            fn has_atoms(&self) -> bool {
                self.law.has_atoms()
            }
        }
    };
    (@ quantile($p:ident) -> $result:ty) => {
        #[inline(always)]
        fn quantile(&self, $p: S) -> $result {
            self.at_probability($p, false, || self.law.quantile($p))
        }
    };
    (@ isf($q:ident) -> $result:ty) => {
        #[inline(always)]
        fn isf(&self, $q: S) -> $result {
            self.at_probability($q, true, || self.law.isf($q))
        }
    };
    (@ $method:ident($($x:ident)?) -> $result:ty) => {
        #[inline]
        fn $method(&self $(, $x: S)?) -> $result {
            self.law.$method($($x)?)
        }
    };
}
methods!(those_of_the_law);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Beta, Gamma, StudentT, VonMises};
    use crate::scalar::Jet;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    /// Values are the law's, and no derivative is NaN, at any order.
    fn draws_numbers<L, const N: usize>(law: L, at: &str)
    where
        L: Prepare + Distribution<Jet<Jet<f64, N>, N>>,
        Prepared<L>: Distribution<Jet<Jet<f64, N>, N>>,
        Prepared<L, L::Second>: Distribution<Jet<Jet<f64, N>, N>>,
    {
        let (first, second) = (law.prepared(), law.prepared_to_second_order());
        let mut rngs = [1, 1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
        for _ in 0..20 {
            let want = law.sample(&mut rngs[0]);
            for got in [first.sample(&mut rngs[1]), second.sample(&mut rngs[2])] {
                assert_eq!(got.re.re.to_bits(), want.re.re.to_bits());
                let (_, gradient, hessian) = got.hessian();
                let numbers = gradient.iter().chain(hessian.as_flattened());
                assert!(!numbers.into_iter().any(|e| e.is_nan()), "{at}: {got:?}, not {want:?}");
            }
        }
    }

    #[test]
    fn hard_parameters() {
        for shape in [1e-300, 1e-20, 1e-3, 0.999_999, 1.0, 15.999, 16.0, 1e9, 1e10, 2e10, 1e100] {
            let [shape, rate] = Jet::second_order([shape, 1.0]);
            draws_numbers(Gamma::new(shape, rate).unwrap(), &std::format!("gamma {shape:?}"));
        }
        let shapes = [1e-100, 1e-3, 1.0, 20.0, 66575.0, 1e15, 1e100];
        for (a, b) in shapes.into_iter().flat_map(|a| shapes.map(|b| (a, b))) {
            let [x, y] = Jet::second_order([a, b]);
            draws_numbers(Beta::new(x, y).unwrap(), &std::format!("beta {a:e} {b:e}"));
        }
        for df in [1e-99, 1e-3, 0.5, 39.9, 1e8, 1e99] {
            let [location, scale, df] = Jet::second_order([0.0, 1.0, df]);
            draws_numbers(StudentT::new(location, scale, df).unwrap(), &std::format!("t {df:?}"));
        }
        for kappa in [0.0, 1e-300, 4.41, 1e7, 1e150] {
            let [location, kappa] = Jet::second_order([0.0, kappa]);
            draws_numbers(VonMises::new(location, kappa).unwrap(), &std::format!("von Mises {kappa:?}"));
        }
    }
}
