//! The excess of the normal's hazard once more, for derivatives of draws: from a table, in half the time.

use crate::special::normal::hazard::{excess_value, tower};
use crate::special::polynomial::polynomial;

/// Coefficients of a cell's polynomial: Taylor's, of which the next is below 32^-12 of the first at the cell's ends.
const TERMS: usize = 12;

/// Cells an octave of z + 1, as a power of two, and how many: up to z = 63.
const BITS: u32 = 4;
const COUNT: usize = 6 << BITS;

/// The leading bits of z + 1 in the first cell.
const FIRST: u64 = 1f64.to_bits() >> (52 - BITS);

/// K_1 around the middle of each cell.
static CELLS: [[f64; TERMS]; COUNT] = {
    let mut cells = [[0.0; TERMS]; COUNT];
    let mut i = 0;
    while i < COUNT {
        cells[i] = excess_taylor(middle((FIRST + i as u64) << (52 - BITS)));
        i += 1;
    }
    cells
};

/// The middle in z of the cell that holds these bits of z + 1.
#[inline(always)]
const fn middle(bits: u64) -> f64 {
    f64::from_bits((bits >> (52 - BITS) << (52 - BITS)) | (1 << (51 - BITS))) - 1.0
}

/// Taylor's coefficients of K_1, by K_j' = K_j (K_j - K_(j+1)).
const fn excess_taylor(z: f64) -> [f64; TERMS] {
    let values = tower(z);
    let mut k = [[0.0; TERMS]; TERMS + 1];
    let mut j = 1;
    while j <= TERMS {
        k[j][0] = values[j];
        j += 1;
    }
    k[1][0] = excess_value(z);
    let mut m = 1;
    while m < TERMS {
        let mut j = 1;
        while j + m <= TERMS {
            let (mut sum, mut i) = (0.0, 0);
            while i < m {
                sum += k[j][i] * (k[j][m - 1 - i] - k[j + 1][m - 1 - i]);
                i += 1;
            }
            k[j][m] = sum / m as f64;
            j += 1;
        }
        m += 1;
    }
    k[1]
}

/// K_1(z) for z >= 0 to 4e-16, in other last bits than those of [`normal_hazard_excess`](crate::special::normal_hazard_excess),
/// which those of quantiles depend on.
#[inline(always)]
pub(crate) fn quick_hazard_excess(z: f64) -> f64 {
    let bits = (z + 1.0).to_bits();
    match CELLS.get((bits >> (52 - BITS)).wrapping_sub(FIRST) as usize) {
        Some(cell) => polynomial(cell, z - middle(bits)),
        None => excess_value(z),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::normal_hazard_excess;

    /// Against the polynomial of the whole half-line, which tables of mpmath's hold to 5e-16.
    #[test]
    fn the_same_function() {
        let mut worst = 0.0f64;
        for i in 0..=700_000 {
            let z = f64::from(i) * 1e-4;
            worst = worst.max((quick_hazard_excess(z) / normal_hazard_excess(z) - 1.0).abs());
        }
        assert!(worst < 9e-16, "{worst:e}");
        for z in [1e3, 1e20, f64::INFINITY] {
            assert_eq!(quick_hazard_excess(z), normal_hazard_excess(z));
        }
    }
}
