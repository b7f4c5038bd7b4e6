//! Traffic lights on a grid of one-way streets.

use reparam::prelude::*;

/// Streets that cross, as many in each direction, with a light at each crossing: it is green for one of them, and changes
/// with a hazard that depends on which. Parameters are the logarithms of these hazards in a minute, two for each light.
#[derive(Clone, Copy, Debug)]
pub struct Lights {
    /// The streets of each direction.
    pub side: usize,
    /// Minutes.
    pub steps: u32,
}

impl Lights {
    pub fn parameters(&self) -> usize {
        2 * self.side * self.side
    }

    /// The minutes that cars wait in all, per street.
    pub fn run<S: Scalar>(&self, ln_hazards: &[S], chance: &mut impl Chance<S>) -> S {
        let n = self.side;
        // cars in front of each crossing, by direction
        let mut queues = vec![[0u32; 2]; n * n];
        let mut green = vec![0; n * n];
        let mut waited = 0u32;
        for step in 0..self.steps {
            // eastward streets are busier, and the farther down the more
            for street in 0..n {
                if step as usize % 2 == street % 2 || street > n / 2 {
                    queues[street * n][0] += 1;
                }
                if step as usize % 4 == street % 4 {
                    queues[street][1] += 1;
                }
            }
            // from the end of the streets, so that a car passes one crossing in a minute
            for at in (0..n * n).rev() {
                let direction = green[at];
                if queues[at][direction] > 0 {
                    queues[at][direction] -= 1;
                    let (row, column) = (at / n, at % n);
                    match direction {
                        0 if column + 1 < n => queues[at + 1][0] += 1,
                        1 if row + 1 < n => queues[at + n][1] += 1,
                        _ => {}
                    }
                }
                if chance.event(ln_hazards[2 * at + direction].exp()) {
                    green[at] = 1 - direction;
                }
            }
            waited += queues.iter().flatten().sum::<u32>();
        }
        S::from(f64::from(waited) / (2 * n) as f64)
    }
}
