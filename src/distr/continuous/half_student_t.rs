//! The half-t law.

use super::student_t::StandardT;
use crate::distr::form::{NearEnd, Placed, Standard, Tabled, known_by, law_of, over_chi};
use crate::distr::parameters;
use crate::distr::table::{Nearer, StudentTable, SymmetricInverse};
use crate::noise::gamma::GammaNoise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use core::f64::consts::{LN_2, PI};
use rand::Rng;

/// The [half-t law](https://en.wikipedia.org/wiki/Folded-t_and_half-t_distributions) with scale σ and ν degrees of
/// freedom: that of |X|, X from [Student's t law](crate::distr::StudentT) around 0.
///
/// # Density function
/// f(x) = 2 (1 + t²/ν)^(-(ν+1)/2) / (σ √ν B(ν/2, 1/2)) with t = x/σ, for x >= 0.
///
/// # Derivatives
/// A draw is σ |t|, so dz/dσ = z/σ, exactly; and that in ν is Student's, of |t|: for a draw by the gamma variable of which it is made, for a
/// quantile at fixed probability (see [`StudentT`](crate::distr::StudentT)). Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, df] = Jet::variables([2.0, 3.0]);
/// let z = HalfStudentT::new(scale, df)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[1].is_finite() && (z.eps[0] - z.re / 2.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of Student's t law. ν = 1 is the half-Cauchy law. As a prior of scales: Gelman 2006, "Prior distributions for
/// variance parameters in hierarchical models", *Bayesian Analysis* 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfStudentT<S> {
    scale: S,
    df: S,
    standard: StandardHalfT<S>,
}

parameters! {
    HalfStudentT, "half_student_t", "a half-t law";
    /// The law with scale `scale` and `df` degrees of freedom.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!((HalfStudentT::new(3.0, 1.0).unwrap().median() - 3.0).abs() < 1e-14);
    /// assert!(HalfStudentT::new(3.0, 0.0).is_err());
    /// ```
    new(scale: POSITIVE, df: [1e-99, 1e99]) own coupling
        => HalfStudentT { scale, df, standard: StandardHalfT(StandardT::new(df)) }
}

law_of!(HalfStudentT, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by StudentTable<1, 2>);

/// Scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StandardHalfT<S>(StandardT<S>);

impl<S: Scalar> StandardHalfT<S> {
    fn at_plain_df(&self) -> Self {
        StandardHalfT(self.0.at_plain_df())
    }
}

impl<S: Scalar> Standard<S> for StandardHalfT<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.0.draw(rng).abs()
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn near_end(&self, _: bool, t: S) -> Option<NearEnd<S>> {
        Some(NearEnd::smooth(self.ln_pdf(t)))
    }
    fn ln_pdf(&self, t: S) -> S {
        if t.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { self.0.ln_pdf(t) + LN_2 }
    }
    fn cdf(&self, t: S) -> S {
        if t.re() <= 0.0 {
            S::from(0.0)
        } else if self.0.moves_along_flow(t) {
            self.at_plain_df().cdf(t) - self.0.moved_tail(t, S::from(0.0)) * 2.0
        } else if self.0.is_in_the_middle(t) {
            self.0.around_middle(t) * 2.0
        } else {
            self.0.tail(t).of(true)
        }
    }
    fn sf(&self, t: S) -> S {
        if t.re() <= 0.0 {
            S::from(1.0)
        } else if self.0.moves_along_flow(t) {
            self.at_plain_df().sf(t) + self.0.moved_tail(t, S::from(0.0)) * 2.0
        } else if self.0.is_in_the_middle(t) {
            -(self.0.around_middle(t) * 2.0) + 1.0
        } else {
            self.0.tail(t).of(false)
        }
    }
    fn ln_cdf(&self, t: S) -> S {
        if t.re() <= 0.0 {
            S::from(f64::NEG_INFINITY)
        } else if self.0.moves_along_flow(t) {
            let ln = self.at_plain_df().ln_cdf(t);
            ln + (self.0.moved_tail(t, ln) * -2.0).ln_1p()
        } else if self.0.is_in_the_middle(t) {
            (self.0.around_middle(t) * 2.0).ln()
        } else {
            self.0.tail(t).ln_of(true)
        }
    }
    fn ln_sf(&self, t: S) -> S {
        if t.re() <= 0.0 {
            S::from(0.0)
        } else if self.0.moves_along_flow(t) {
            let ln = self.at_plain_df().ln_sf(t);
            ln + (self.0.moved_tail(t, ln) * 2.0).ln_1p()
        } else if self.0.is_in_the_middle(t) {
            (self.0.around_middle(t) * -2.0).ln_1p()
        } else {
            self.0.tail(t).ln_of(false)
        }
    }
    fn quantile(&self, p: S) -> S {
        match p.re() {
            0.0 => S::from(0.0),
            u if self.0.is_beside_middle(0.5 * u) => self.0.middle_quantile(p * 0.5),
            u if u > 0.5 => self.isf(-p + 1.0),
            _ => self.0.minus_quantile((-p).ln_1p(), p),
        }
    }
    fn isf(&self, q: S) -> S {
        match q.re() {
            0.0 => S::from(f64::INFINITY),
            u if u >= 0.5 => self.quantile(-q + 1.0),
            _ => self.0.minus_quantile(q.ln(), -q + 1.0),
        }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        match ln_p.re() {
            f64::NEG_INFINITY => S::from(0.0),
            // p may be no double where p/(2 f(0)) is one
            l if l < -600.0 => (ln_p + (self.0.inverse_height() * 0.5).ln()).exp(),
            l if l < -LN_2 => self.quantile(ln_p.exp()),
            _ => self.isf(-ln_p.exp_m1()),
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        match ln_q.re() {
            f64::NEG_INFINITY => S::from(f64::INFINITY),
            l if l < -LN_2 => self.0.minus_quantile(ln_q, -ln_q.exp_m1()),
            _ => self.quantile(-ln_q.exp_m1()),
        }
    }
    /// 2 √ν / ((ν - 1) B(1/2, ν/2)) for ν > 1, else infinite
    fn mean(&self) -> Option<S> {
        let df = self.0.df();
        Some(over_chi::mean(df).map_or(S::from(f64::INFINITY), |mean| mean * math::sqrt(2.0 / PI)))
    }
    /// ν/(ν - 2) less the mean's square for ν > 2, infinite down to 1
    fn variance(&self) -> Option<S> {
        let mean = self.mean().filter(|m| m.re().is_finite())?;
        let second = self.0.variance()?;
        Some(if second.re().is_infinite() { second } else { second - mean * mean })
    }
    fn entropy(&self) -> S {
        self.0.entropy() - LN_2
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    known_by!(|law| StudentT(law.0.df().re()), SecondOfStudentT, StudentTable);
}

impl<S: Scalar, const M: usize> Tabled<S, StudentTable<M>> for StandardHalfT<S> {
    fn table(&self) -> StudentTable<M> {
        self.0.table()
    }
    fn inverse(&self) -> SymmetricInverse {
        Tabled::<S, StudentTable<M>>::inverse(&self.0)
    }

    type Noise = (f64, GammaNoise);

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> (f64, GammaNoise) {
        StandardT::noise(&self.0, rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&StudentTable<M>>, noise: (f64, GammaNoise)) -> S {
        self.0.lifted(table, noise).abs()
    }
    #[inline(always)]
    fn quantile_by(&self, table: &StudentTable<M>, inverse: &SymmetricInverse, at: Nearer) -> Option<S> {
        // the tail of T, and what is left to 1/2
        let (near, far) = (0.5 * at.p, 0.5 * (1.0 - at.p));
        let t = if at.upper { inverse.size(near, far) } else { inverse.size(far, near) };
        Some(self.0.lift_by(table, t?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, HalfCauchy};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn half_cauchy_law() {
        let (law, cauchy) = (HalfStudentT::new(2.0, 1.0).unwrap(), HalfCauchy::new(2.0).unwrap());
        for x in [1e-300, 1e-8, 0.3, 1.0, 2.0, 50.0, 1e100] {
            // the complement of an exponential of a logarithm
            close(law.ln_cdf(x), cauchy.ln_cdf(x), 1e-13);
            close(law.ln_sf(x), cauchy.ln_sf(x), 1e-13);
            close(law.ln_pdf(x), cauchy.ln_pdf(x), 1e-14);
        }
        for p in [1e-300, 1e-4, 1.9e-4, 2.1e-4, 0.3, 0.5, 0.8] {
            close(law.quantile(p), cauchy.quantile(p), 1e-13);
            close(law.isf(p), cauchy.isf(p), 1e-12);
        }
        close(law.quantile_ln(-650.0), cauchy.quantile_ln(-650.0), 1e-13);
        close(law.entropy(), cauchy.entropy(), 1e-15);
        assert_eq!((law.mean(), law.variance()), (Some(f64::INFINITY), None));
    }

    /// For ν = 3: mean 2 sqrt 3/π and second moment 3.
    #[test]
    fn moments() {
        let law = HalfStudentT::new(1.0, 3.0).unwrap();
        let mean = 2.0 * 3f64.sqrt() / core::f64::consts::PI;
        close(law.mean().unwrap(), mean, 1e-15);
        close(law.variance().unwrap(), 3.0 - mean * mean, 1e-14);
        assert_eq!(HalfStudentT::new(1.0, 1.5).unwrap().variance(), Some(f64::INFINITY));
    }
}
