//! The hazard φ/Q of the standard normal law and its excess over the argument.
//!
//! Everything about the normal's tail rests on the tower K_j(z) = j/(z + K_(j+1)(z)), the tails of Laplace's continued
//! fraction for Mills' ratio, Q/φ = 1/(z + K_1) (DLMF 7.9.4). They are ratios of repeated integrals of erfc, all positive
//! and smooth, with K_j' = K_j (K_j - K_(j+1)), a difference that loses nothing.

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, Scalar};
use crate::special::normal::bell::{INV_SQRT_2PI, INV_SQRT_PI, bell_derivatives, exp_square};
use crate::special::polynomial::polynomial;
use core::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// K_1(z) (z + 1) in powers of (z - 4)/(z + 4). Printed, like the next, by `tests/reference/make_hazard_fit.py`.
#[rustfmt::skip]
const EXCESS: [f64; 29] = [
    1.1280357224473554, -0.062056379981136396, -0.19210374819083545, 0.19293246887907772, -0.06107108420325223,
    -0.030769392021608697, 0.03242420504653714, -0.0011290861298264801, -0.010605538986473222, 0.0032926607008123714,
    0.0027520374543344803, -0.0016937145418632258, -0.0005603845255541623, 0.0006390045057596706, 6.874450378806255e-05,
    -0.00020243786497594704, 9.202628913895238e-06, 5.532513419793487e-05, -1.0256678150071215e-05, -1.279242295862494e-05,
    4.571418677630219e-06, 2.3310414860421705e-06, -1.5175782382554816e-06, -2.7929054520015153e-07, 3.9092359936618567e-07,
    9.891843154641498e-09, -7.036600499390639e-08, 1.698305015683087e-09, 6.506735139487786e-09,
];

/// K_18(z) (z + 4)/18 in powers of (z - 10)/(z + 10).
#[rustfmt::skip]
const LAST_TAIL: [f64; 38] = [
    1.20439502760956, -0.10012603071519348, -0.27821004109663533, 0.21174736584915171, 0.036166244022861296,
    -0.11937908942809036, 0.015129936925732767, 0.06680271041791913, -0.02641246106814951, -0.036880275798314786,
    0.026173120355647093, 0.019313948302610604, -0.02241334815976335, -0.008903534107971369, 0.017886875512451498,
    0.00282713836773917, -0.013619751819977884, 0.0005591776037312328, 0.009968913679154274, -0.0022543277532243574,
    -0.007005652006928815, 0.0028699193836222866, 0.004680435755078871, -0.0027822849781642084, -0.002910508291019507,
    0.0022542183686975656, 0.0016273119325668866, -0.0015277001507208432, -0.0007795921001902962, 0.000840084326068405,
    0.000300685848258099, -0.00035687683314169523, -8.589183139040606e-05, 0.00010891751301420261, 1.5918329144779255e-05,
    -2.1102389986886194e-05, -1.4210124800727872e-06, 1.9394383332256454e-06,
];

/// The tail that the last table gives: one above the highest that derivatives of order `MAX_ORDER` ask for.
const LAST: usize = MAX_ORDER + 2;
const _: () = assert!(LAST == 18, "the table is that of K_18");

/// K_1(z) = φ(z)/Q(z) - z for z >= 0.
#[inline]
pub(in crate::special) const fn excess_value(z: f64) -> f64 {
    // the polynomial's argument is 1 from here on, and NaN at inf
    if z > 1e16 { 1.0 / z } else { polynomial(&EXCESS, (z - 4.0) / (z + 4.0)) / (z + 1.0) }
}

/// K_1(z) ... K_17(z) in entries 1 to 17, for z >= 0: downward from K_18, which loses nothing.
pub(in crate::special) const fn tower(z: f64) -> [f64; LAST] {
    let mut tower = [0.0; LAST];
    let mut k = if z > 1e16 { 0.0 } else { 18.0 * polynomial(&LAST_TAIL, (z - 10.0) / (z + 10.0)) / (z + 4.0) };
    let mut j = LAST;
    while j > 1 {
        j -= 1;
        k = j as f64 / (z + k);
        tower[j] = k;
    }
    tower
}

/// φ/Q and K1 at a point z.
#[derive(Clone, Copy)]
pub(in crate::special) struct Hazard {
    pub(in crate::special) z: f64,
    /// φ(z)/Q(z)
    pub(in crate::special) value: f64,
    /// φ(z)/Q(z) - z
    pub(in crate::special) excess: f64,
}

impl Hazard {
    #[inline]
    pub(in crate::special) fn at(z: f64) -> Self {
        if z < 0.0 {
            Self::below_zero(z, INV_SQRT_2PI * exp_square(z, -0.5) / (0.5 * libm::erfc(z * FRAC_1_SQRT_2)))
        } else {
            let excess = excess_value(z);
            Hazard { z, value: z + excess, excess }
        }
    }

    /// At z = sqrt 2 x; below 0 the rounding of z would cost z^2 ulps, so the value is that of the exact point.
    #[inline]
    pub(in crate::special) fn at_sqrt_2_times(x: f64) -> Self {
        if x < 0.0 {
            Self::below_zero(SQRT_2 * x, SQRT_2 * INV_SQRT_PI * exp_square(x, -1.0) / libm::erfc(x))
        } else {
            Self::at(SQRT_2 * x)
        }
    }

    /// At a z < 0 where the caller knows the hazard.
    #[inline]
    pub(in crate::special) fn below_zero(z: f64, value: f64) -> Self {
        Hazard { z, value, excess: value - z }
    }

    /// The Taylor coefficients of the hazard around z.
    #[inline]
    pub(in crate::special) fn series(self, order: usize) -> Derivatives {
        if self.z < 0.0 || order < 2 {
            return self.by_differential_equation(order).0;
        }
        let mut c = self.excess_by_tower(order);
        c[0] = self.value;
        c[1] = self.slope();
        c
    }

    /// The Taylor coefficients of the hazard's excess around z.
    pub(in crate::special) fn excess_series(self, order: usize) -> Derivatives {
        if self.z < 0.0 || order == 0 { self.by_differential_equation(order).1 } else { self.excess_by_tower(order) }
    }

    /// hz' = hz K1, and its limits.
    fn slope(self) -> f64 {
        match self.z {
            f64::INFINITY => 1.0,
            f64::NEG_INFINITY => 0.0,
            _ => self.value * self.excess,
        }
    }

    /// hz' = hz K1, K1' = hz' - 1: no cancellation for z < 0.
    #[inline]
    fn by_differential_equation(self, order: usize) -> (Derivatives, Derivatives) {
        let (mut hazard, mut excess) = (ZERO, ZERO);
        hazard[0] = self.value;
        excess[0] = self.excess;
        if order > 0 {
            hazard[1] = self.slope();
            excess[1] = hazard[1] - 1.0;
        }
        if self.z.is_infinite() {
            return (hazard, excess);
        }
        for k in 2..=order {
            hazard[k] = taylor::product_term(&hazard, &excess, k - 1) / k as f64;
            excess[k] = hazard[k];
        }
        (hazard, excess)
    }

    /// The tower's equations, K_j to order n + 1 - j.
    fn excess_by_tower(self, order: usize) -> Derivatives {
        let mut k = [ZERO; LAST];
        for (series, value) in k.iter_mut().zip(tower(self.z)) {
            series[0] = value;
        }
        k[1][0] = self.excess;
        for m in 1..=order {
            for j in 1..=order + 1 - m {
                let sum: f64 = (0..m).map(|i| k[j][i] * (k[j][m - 1 - i] - k[j + 1][m - 1 - i])).sum();
                k[j][m] = sum / m as f64;
            }
        }
        k[1]
    }
}

/// The hazard's derivatives where z is so low that Q is 1 to all digits: those of the density.
pub(in crate::special) fn far_below(z: f64, order: usize) -> Option<Derivatives> {
    (z < -9.0).then(|| bell_derivatives(z, 0.5, order).map(|d| INV_SQRT_2PI * d))
}

/// The hazard φ(z)/Q(z) of the standard normal law, Q being its upper tail: the reciprocal of Mills' ratio.
///
/// From φ(z) for z far below 0 to z + 1/z far above; 0 at -inf, inf at inf.
///
/// For z >= 0 it is z + K1(z) (see [`normal_hazard_excess`]); the derivative is hz K1, and higher ones come from those of
/// K1.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_hazard};
/// let [z] = Jet::variables([0.0]);
/// let hazard = normal_hazard(z);
/// assert!((hazard.re - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// assert!((hazard.eps[0] - 2.0 / std::f64::consts::PI).abs() < 1e-15);
/// assert_eq!(normal_hazard(1e10), 1e10);
/// ```
#[inline]
pub fn normal_hazard<S: Scalar>(z: S) -> S {
    let hazard = Hazard::at(z.re());
    let mut d = ZERO;
    if S::ORDER > 0 {
        d = far_below(z.re(), S::ORDER).unwrap_or_else(|| {
            let mut c = hazard.series(S::ORDER);
            taylor::to_derivatives(&mut c, S::ORDER);
            c
        });
    }
    d[0] = hazard.value;
    z.lift(&d)
}

/// The excess K1(z) = φ(z)/Q(z) - z of the standard normal's hazard, without the cancellation for large z.
///
/// Positive and decreasing: about -z far below 0, 1/z - 2/z^3 far above; inf at -inf, 0 at inf.
///
/// For z >= 0 the value is a polynomial in (z - 4)/(z + 4) over z + 1; the derivatives come from the tower
/// K_j' = K_j (K_j - K_(j+1)), K_j = j/(z + K_(j+1)).
///
/// ```
/// use reparam::{scalar::Jet, special::normal_hazard_excess};
/// let [z] = Jet::variables([1e10]);
/// let excess = normal_hazard_excess(z);
/// assert!((excess.re / 1e-10 - 1.0).abs() < 1e-15);
/// assert!((excess.eps[0] / -1e-20 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_hazard_excess<S: Scalar>(z: S) -> S {
    let hazard = Hazard::at(z.re());
    let mut d = ZERO;
    if S::ORDER > 0 {
        if let Some(density) = far_below(z.re(), S::ORDER) {
            d = density;
            d[1] -= 1.0;
        } else {
            d = hazard.excess_series(S::ORDER);
            taylor::to_derivatives(&mut d, S::ORDER);
        }
    }
    d[0] = hazard.excess;
    z.lift(&d)
}
