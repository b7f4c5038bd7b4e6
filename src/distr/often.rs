//! Tables of the laws that a program draws again and again.

use super::continuous::{StandardT, StandardVonMises};
use super::form::Tabled;
use super::form::of_gamma::StandardGamma;
use super::form::of_logit::BetaLogit;
use super::table::{Shapes, Table, Tables};
use alloc::vec::Vec;
use core::fmt;

/// Laws by their shapes: first how often each is drawn, then tables of those that are drawn often enough.
#[derive(Clone, Default)]
pub(crate) struct Often {
    seen: Vec<(Shapes, u32)>,
    tables: Vec<(Shapes, Tables)>,
}

/// So many laws are counted: those of a program whose shapes are draws themselves are all different.
const MOST: usize = 32;

impl Often {
    /// One more draw.
    pub fn count(&mut self, shapes: Shapes) {
        if let Some((_, count)) = self.seen.iter_mut().find(|(seen, _)| *seen == shapes) {
            *count += 1;
        } else if self.seen.len() < MOST {
            self.seen.push((shapes, 1));
        }
    }

    /// Makes tables of the laws that were drawn `enough` times.
    pub fn prepare(&mut self, enough: u32) {
        let often = self.seen.iter().filter(|(_, count)| *count >= enough);
        self.tables = often.map(|(shapes, _)| (*shapes, tables_of(*shapes))).collect();
    }

    /// The tables of a law, if there are any.
    #[inline]
    pub fn tables(&self, shapes: Shapes) -> Option<&Tables> {
        self.tables.iter().find(|(known, _)| *known == shapes).map(|(_, tables)| tables)
    }
}

fn both<T: Table>(law: &impl Tabled<f64, T>) -> (T, T::Inverse) {
    (law.table(), law.inverse())
}

fn tables_of(shapes: Shapes) -> Tables {
    match shapes {
        Shapes::Gamma(a) => {
            let (table, inverse) = both(&StandardGamma::new(a));
            Tables::Gamma(table, inverse)
        }
        Shapes::Beta(a, b) => {
            let law = BetaLogit::<f64>::new(a, b);
            Tables::Beta(law.table(), law.inverse())
        }
        Shapes::StudentT(df) => {
            let (table, inverse) = both(&StandardT::new(df));
            Tables::StudentT(table, inverse)
        }
        Shapes::VonMises(kappa) => {
            let (table, inverse) = both(&StandardVonMises::new(kappa));
            Tables::VonMises(table, inverse)
        }
    }
}

impl fmt::Debug for Often {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Often").field("seen", &self.seen).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Beta, Continuous, FisherF, Gamma, HalfStudentT, InverseGamma, StudentT, VonMises};
    use crate::distr::{GeneralizedNormal, LogGamma, Normal, table::Nearer};
    use crate::scalar::Jet;

    /// A law's draws by the tables of what it was counted as, against its quantiles; another law's tables are not its own.
    fn drawn<const N: usize>(law: &impl Continuous<Jet<f64, N>>) {
        let mut often = Often::default();
        let shapes = law.shapes().unwrap();
        for _ in 0..3 {
            often.count(shapes);
        }
        often.count(Shapes::Gamma(17.0));
        often.prepare(3);
        assert!(often.tables(Shapes::Gamma(17.0)).is_none());
        let tables = often.tables(shapes).unwrap();
        // at 1/2 the generalized normal law has its formula
        for u in [0.001, 0.2, 0.49, 0.9, 0.999] {
            let got = law.draw_by_tables(tables, Nearer::new(u, false).unwrap()).unwrap();
            let want = crate::distr::draw_at(law, u);
            assert!((got.re - want.re).abs() <= 2e-14 * want.re.abs() + 1e-300, "{got:?}, not {want:?}");
            for (got, want) in got.eps.iter().zip(&want.eps) {
                assert!((got - want).abs() <= 1e-12 * want.abs() + 1e-14, "{got:?}, not {want:?}");
            }
        }
        let other =
            tables_of(if matches!(shapes, Shapes::Gamma(_)) { Shapes::VonMises(1.0) } else { Shapes::Gamma(1.0) });
        assert!(law.draw_by_tables(&other, Nearer::new(0.3, false).unwrap()).is_none());
    }

    #[test]
    fn laws_by_their_shapes() {
        let [a, b] = Jet::variables([2.5, 3.0]);
        drawn(&Gamma::new(a, b).unwrap());
        drawn(&InverseGamma::new(a, b).unwrap());
        drawn(&LogGamma::new(a, b).unwrap());
        drawn(&GeneralizedNormal::new(a, b, 1.5.into()).unwrap());
        drawn(&Beta::new(a, b).unwrap());
        drawn(&FisherF::new(a, b).unwrap());
        drawn(&StudentT::new(a, 1.0.into(), b).unwrap());
        drawn(&HalfStudentT::new(a, b).unwrap());
        drawn(&VonMises::new(a, b).unwrap());
        assert_eq!(Normal::new(a, b).unwrap().shapes(), None);
    }

    /// No more laws are counted than are kept.
    #[test]
    fn many_laws() {
        let mut often = Often::default();
        for i in 0..1000 {
            often.count(Shapes::Gamma(1.0 + f64::from(i)));
        }
        assert_eq!(often.seen.len(), MOST);
        often.prepare(2);
        assert!(often.tables(Shapes::Gamma(1.0)).is_none());
    }
}
