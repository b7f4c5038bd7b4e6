//! How an angle of the von Mises law moves with the concentration at a fixed value of its distribution function:
//! q = dθ/dκ = ∫ e^(κ (cos t - cos θ)) (cos t - A) dt over [θ, π], A = I1(κ)/I0(κ); odd in θ.

use crate::implicit::{Flow, lift_along};
use crate::scalar::Scalar;
use crate::special::bessel_i_ratio_complement;
use crate::special::von_mises::magnitude;
use crate::special::von_mises::parts::{Angle, Region, core_sum, end_sum, region, rise, tail_integral};

/// θ with its derivatives in whatever κ depends on. `complement` is 1 - A(κ).
#[inline]
pub(crate) fn lift<S: Scalar>(kappa: S, complement: f64, theta: f64) -> S {
    lift_along(theta, kappa, &VonMisesFlow { complement })
}

struct VonMisesFlow {
    complement: f64,
}

impl Flow for VonMisesFlow {
    #[inline]
    fn slope<S: Scalar>(&self, kappa: S, theta: S) -> S {
        let at = Angle::new(magnitude(theta));
        let slope = if kappa.re() * at.c.re() >= FAR {
            expansion(kappa, &at)
        } else {
            let complement = if S::ORDER == 0 {
                S::from(self.complement)
            } else {
                bessel_i_ratio_complement(kappa).with_re(self.complement)
            };
            integral(kappa, complement, &at)
        };
        if theta.re() < 0.0 { -slope } else { slope }
    }
}

/// q from sums of positive terms.
#[inline]
fn integral<S: Scalar>(kappa: S, complement: S, at: &Angle<S>) -> S {
    match region(kappa.re(), &at.re()) {
        Region::Core => {
            let [all, squares] = [0.5, 1.5].map(|m| core_sum(kappa, at.s, m));
            at.sine * (at.s * squares * 2.0 - complement * all)
        }
        Region::End => {
            let [all, squares] = [0.5, 1.5].map(|m| end_sum(kappa, at.c, m));
            (kappa * at.c * -2.0).exp() * at.cosine * (at.c * squares * 2.0 - (-complement + 2.0) * all)
        }
        Region::Tail => tail_integral(kappa, at, rise(kappa.re()), |s| complement - s * 2.0),
    }
}

/// From here on κ cos²(θ/2) is large: the expansion in its powers holds.
const FAR: f64 = 20.0;

/// How many powers there are.
const POWERS: usize = 28;

/// P_1, P_2, ... of the expansion: P_k(c) has the coefficients [k-1][0..k].
///
/// The equation ∂q/∂θ = κ sin θ q - (cos θ - A) gives them one from the other,
/// 2 P_k = (k - 1) P_(k-1) - c P'_(k-1) + (P_(k-1)/2 + A_k c^k)/(1 - c), where A_k, which makes the division exact, is the
/// coefficient of A's expansion; so coefficient j is (k - 1 - j)/2 that of P_(k-1) plus a quarter of the sum of those up to it.
const P: [[f64; POWERS]; POWERS] = {
    let mut rows = [[0.0; POWERS]; POWERS];
    // P_0 = 1
    let mut last = [0.0; POWERS];
    last[0] = 1.0;
    let mut k = 1;
    while k <= POWERS {
        let (mut j, mut sum) = (0, 0.0);
        while j < k {
            sum += last[j];
            rows[k - 1][j] = 0.5 * (k - 1 - j) as f64 * last[j] + 0.25 * sum;
            j += 1;
        }
        last = rows[k - 1];
        k += 1;
    }
    rows
};

/// q = -(tan(θ/2)/κ) (1 + Σ P_k(c) (κc)^-k), c = cos²(θ/2).
#[inline]
fn expansion<S: Scalar>(kappa: S, at: &Angle<S>) -> S {
    let terms = match kappa.re() * at.c.re() {
        x if x < 28.0 => POWERS,
        x if x < 40.0 => 20,
        x if x < 60.0 => 15,
        x if x < 120.0 => 12,
        x if x < 500.0 => 9,
        x if x < 1e4 => 6,
        _ => 4,
    };
    let r = (kappa * at.c).recip();
    let mut sum = S::from(0.0);
    for (k, row) in P.iter().enumerate().take(terms).rev() {
        let polynomial = row[..=k].iter().rev().fold(S::from(0.0), |p, a| p * at.c + *a);
        sum = (sum + polynomial) * r;
    }
    -(at.sine.over(at.cosine) * (sum + 1.0)).over(kappa)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// dθ/dκ and d²θ/dκ² of the table that `tests/reference/make_special_von_mises.py` prints, in every region.
    #[test]
    fn first_and_second_order() {
        // read here: a package has no tables to include
        let table =
            std::fs::read_to_string("tests/reference/special_von_mises.csv").expect("a table of the repository");
        let (mut worst, mut regions) = ([0.0, 0.0], [0; 4]);
        for line in table.lines().skip(1) {
            let row: std::vec::Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let [kappa] = Jet::second_order([row[0]]);
            let (theta, q, q2) = lift(kappa, bessel_i_ratio_complement(row[0]), row[1]).hessian();
            assert_eq!(theta, row[1]);
            let floor = 0.1 * row[7].abs() / (1.0 + row[0]);
            let errors = [(q[0] / row[7] - 1.0).abs(), (q2[0][0] - row[8]).abs() / row[8].abs().max(floor)];
            worst = [0, 1].map(|i| errors[i].max(worst[i]));
            let at = Angle::new(row[1]);
            regions[if row[0] * at.c >= FAR { 3 } else { region(row[0], &at) as usize }] += 1;
        }
        std::println!("{worst:?} {regions:?}");
        assert!(worst[0] < 2e-14 && worst[1] < 1e-12, "{worst:?}");
        assert!(regions.iter().all(|n| *n > 10), "{regions:?}");
    }
}
