//! How draws of the standard gamma law move with its shape.

use super::cells::{Cells, TAYLOR};
use crate::noise::gamma::GammaNoise;
use crate::scalar::{Jet, Scalar, math};
use crate::special::inc_gamma::{self, Draw, LARGE};
use core::f64::consts::LN_2;

/// How a plain draw of the gamma law gets its derivatives.
pub(crate) trait GammaLift {
    /// The draw x with its derivatives in whatever the shape a depends on; `psi` is ψ(1 + a).
    fn lift<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> Draw<S>;

    /// ln x^a of a draw with a shape below 1.
    fn lift_ln_power<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S;

    /// x itself with its derivatives.
    #[inline(always)]
    fn lift_x<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        self.lift(a, psi, noise, x).x(a, x)
    }
}

/// By formulas, without a table.
pub(crate) struct Formulas;

impl GammaLift for Formulas {
    #[inline(always)]
    fn lift<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> Draw<S> {
        inc_gamma::lift_draw(a, psi, x, noise.ln())
    }

    #[inline(always)]
    fn lift_ln_power<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        inc_gamma::lift_ln_power(a, psi, x, noise.ln())
    }
}

/// Cells of a table.
const CELLS: usize = 128;

/// The derivatives of ln G, or from shape 16 on of ln(G/a), in a/re a: M orders of them.
///
/// Cells of 1/8 of an octave, fewer for narrow laws, on all but one draw in 10 000 at each end. Towards 0 the slope is
/// A(G) ln G + B(G) with power series A and B, which serve below the cells.
#[derive(Clone, Debug, PartialEq)]
pub struct GammaTable<const M: usize> {
    /// 1/a
    inverse: f64,
    is_central: bool,
    /// Below it, the series.
    split: f64,
    series: [[f64; 2]; TERMS],
    cells: Cells<M, CELLS>,
}

/// Terms of A and B, which are as good as all for x up to 3/4.
const TERMS: usize = 16;

impl<const M: usize> GammaTable<M> {
    /// The table of a valid shape.
    pub(crate) fn new(a: f64) -> Self {
        let psi = crate::special::digamma(1.0 + a);
        let table = GammaTable {
            inverse: 1.0 / a,
            is_central: a >= LARGE,
            split: split(a),
            series: series(a, psi),
            cells: Cells::EMPTY,
        };
        if a > 1e10 {
            return table;
        }
        let [low, high] = range(a);
        // narrow laws have a smaller range of ratios
        let bits = if a < 64.0 { 3 } else { 3 + (0.5 * math::ln(a / 16.0) / LN_2) as u32 };
        let low = low.max(table.split);
        let cells = if M > 1 {
            Cells::new(low, high, bits, |x| movement(a, psi, x))
        } else if table.is_central {
            let c = inc_gamma::central_polynomial(a);
            Cells::new(low, high, bits, |x| {
                let mu = math::ln_1p((x - a) / a);
                [c.iter().rev().fold(0.0, |sum, c| sum * mu + c); M]
            })
        } else {
            Cells::by_taylor(low, high, bits, |x, half| {
                let w = math::ln(x);
                let ratio = Jet::<f64, 1>::variable(1.0, 0);
                let [slope] = inc_gamma::lift_draw(ratio * a, psi, x, w).variable().eps;
                [taylor([a, psi], [x, w], half, slope); M]
            })
        };
        GammaTable { cells, ..table }
    }
}

/// Below which the series serve: where few draws are, as its branch costs time.
fn split(a: f64) -> f64 {
    match a {
        a if a < 0.15 => 0.75,
        a if a < 1.0 => 1.0 / 4096.0,
        a if a < 2.0 => 1.0 / 64.0,
        a if a < LARGE => 0.125,
        _ => 0.0,
    }
}

/// What holds all but one draw in 10 000 at each end, by Wilson & Hilferty's quantiles.
fn range(a: f64) -> [f64; 2] {
    let quantile = |n: f64| {
        let root = 1.0 - 1.0 / (9.0 * a) + n / (3.0 * math::sqrt(a));
        a * root * root * root
    };
    let [low, high] = [quantile(-3.8), if a < 1.0 { 12.0 } else { quantile(3.8) }];
    // cells are inside of where the expansion for large a holds
    if a >= LARGE { [low.max(0.42 * a), high.min(2.38 * a)] } else { [low, high] }
}

/// A and B of the slope in a/re a, Σ -x^n/(a+1)_n and Σ x^n/(a+1)_n (ψ(1 + a) + Σ_(k<=n) 1/(a + k)).
fn series(a: f64, psi: f64) -> [[f64; 2]; TERMS] {
    let (mut term, mut harmonic) = (1.0, 0.0);
    core::array::from_fn(|n| {
        if n > 0 {
            let r = 1.0 / (a + n as f64);
            (term, harmonic) = (term * r, harmonic + r);
        }
        [-term, term * (psi + harmonic)]
    })
}

/// Taylor's polynomial of the slope f in a/re a around x, in steps of `half`, from z f' = (z - a) f - a (ln z - ψ(a)).
fn taylor([a, psi]: [f64; 2], [x, w]: [f64; 2], half: f64, slope: f64) -> [f64; TAYLOR] {
    let q = half / x;
    let mut c = [0.0; TAYLOR];
    c[0] = slope;
    // a (ln z - ψ(a)) by powers of the step; a ψ(a) = a ψ(1 + a) - 1
    let mut logarithm = a * (w - psi) + 1.0;
    let mut power = -a;
    for n in 0..TAYLOR - 1 {
        let before = if n > 0 { half * c[n - 1] } else { 0.0 };
        c[n + 1] = q / (n as f64 + 1.0) * ((x - a - n as f64) * c[n] + before - logarithm);
        power *= -q;
        logarithm = power / (n as f64 + 1.0);
    }
    c
}

/// The derivatives of a draw x in the shape in units of its own.
fn movement<const M: usize>(a: f64, psi: f64, x: f64) -> [f64; M] {
    let [ratio] = Jet::<Jet<f64, 1>, 1>::second_order([1.0]);
    let (_, first, second) = inc_gamma::lift_draw(ratio * a, psi, x, math::ln(x)).variable().hessian();
    core::array::from_fn(|i| if i == 0 { first[0] } else { second[0][0] })
}

impl<const M: usize> GammaTable<M> {
    /// The slope below the split. `first` is the first term of A, -1, or 0 for that of ln x^a over a, to which ln x adds 1.
    #[inline(never)]
    fn by_series(&self, first: f64, x: f64, w: f64) -> f64 {
        let [a, b] = self.series[1..].iter().rev().fold([0.0; 2], |[a, b], c| [a * x + c[0], b * x + c[1]]);
        (a * x + first) * w + (b * x + self.series[0][1])
    }
}

impl<const M: usize> GammaTable<M> {
    /// What [`GammaLift::lift`] gives, where the table reaches.
    #[inline(always)]
    fn reached<S: Scalar>(&self, a: S, noise: &GammaNoise, x: f64) -> Option<Draw<S>> {
        if S::ORDER == 1 {
            if let Some(d) = self.cells.at(x, 1) {
                // the value is the caller's
                return Some(Draw::new(self.is_central, a.lift(&[0.0, d[0] * self.inverse])));
            }
            if x < self.split {
                let w = noise.ln();
                return Some(Draw::Log(a.lift(&[w, self.by_series(-1.0, x, w) * self.inverse])));
            }
        } else if S::ORDER == 2
            && M == 2
            && let Some(d) = self.cells.at(x, 2)
        {
            let value = if self.is_central { math::ln_1p((x - a.re()) * self.inverse) } else { noise.ln() };
            return Some(Draw::new(self.is_central, (a * self.inverse).lift(&[value, d[0], d[M - 1]])));
        }
        None
    }
}

impl<const M: usize> GammaLift for GammaTable<M> {
    #[inline(always)]
    fn lift<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> Draw<S> {
        Some(self).lift(a, psi, noise, x)
    }

    #[inline(always)]
    fn lift_ln_power<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        Some(self).lift_ln_power(a, psi, noise, x)
    }

    #[inline(always)]
    fn lift_x<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        Some(self).lift_x(a, psi, noise, x)
    }
}

/// By a table, if there is one and where it reaches. The formulas are in one place, where they can be inlined.
impl<const M: usize> GammaLift for Option<&GammaTable<M>> {
    #[inline(always)]
    fn lift<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> Draw<S> {
        self.and_then(|table| table.reached(a, noise, x)).unwrap_or_else(|| Formulas.lift(a, psi, noise, x))
    }

    #[inline(always)]
    fn lift_ln_power<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        if let Some(table) = self {
            if S::ORDER == 1 && x < table.split {
                let w = noise.ln();
                return a.lift(&[a.re() * w, table.by_series(0.0, x, w)]);
            }
            // from the split on ln x is no large number
            if let Some(draw) = table.reached(a, noise, x) {
                return a * draw.variable().with_re(noise.ln());
            }
        }
        Formulas.lift_ln_power(a, psi, noise, x)
    }

    #[inline(always)]
    fn lift_x<S: Scalar>(&self, a: S, psi: f64, noise: &GammaNoise, x: f64) -> S {
        if S::ORDER == 1
            && let Some(table) = self
            && let Some(d) = table.cells.at(x, 1)
        {
            let slope = if table.is_central { d[0] + 1.0 } else { d[0] };
            return a.lift(&[x, x * slope * table.inverse]);
        }
        self.lift(a, psi, noise, x).x(a, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::table::reference;

    /// dz/dshape and d²z/dshape² where they are from the cells and, first derivatives, from the series.
    #[test]
    fn against_mpmath() {
        let (mut worst, mut inside) = ([0.0f64; 3], [0; 2]);
        for row in reference("gamma") {
            let (a, rate, z) = (row[0], row[1], row[2]);
            let (x, psi) = (z * rate, crate::special::digamma(1.0 + a));
            let noise = GammaNoise { g: x, e: 0.0 };
            let [shape] = Jet::second_order([a]);
            let (first, second) = (GammaTable::<1>::new(a), GammaTable::<2>::new(a));
            let in_cells = first.cells.at(x, 1).is_some();
            if !(in_cells || x < first.split) {
                continue;
            }
            inside[usize::from(in_cells)] += 1;
            for slope in [
                first.lift_x(Jet::<f64, 1>::variable(a, 0), psi, &noise, x).eps[0],
                first.lift(Jet::<f64, 1>::variable(a, 0), psi, &noise, x).x(Jet::variable(a, 0), x).eps[0],
                second.lift_x(Jet::<f64, 1>::variable(a, 0), psi, &noise, x).eps[0],
            ] {
                worst[0] = worst[0].max((slope / (row[9] * rate) - 1.0).abs());
            }
            let (_, slope, curvature) = second.lift_x(shape, psi, &noise, x).hessian();
            worst[1] = worst[1].max((slope[0] / (row[9] * rate) - 1.0).abs());
            let floor = 0.05 * (row[9] * rate).powi(2) / (x * (1.0 + a.sqrt()));
            worst[2] = worst[2].max((curvature[0][0] - row[11] * rate).abs() / (row[11] * rate).abs().max(floor));
        }
        std::println!("{worst:?} {inside:?}");
        assert!(worst[0] < 5e-14 && worst[1] < 5e-14 && worst[2] < 1e-12, "{worst:?}");
        assert!(inside.iter().all(|n| *n > 5), "{inside:?}");
    }
}
