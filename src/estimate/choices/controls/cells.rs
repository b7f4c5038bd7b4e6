//! Controls from choices among cells that have no order: of each cell whether it was chosen less its probability.

use super::{CONTROLS, LEAST_VARIANCE, NODES, Past, Plan, Residual, SHAPES};
use crate::estimate::choices::linear::Partials;
use crate::program::{ChoiceLaw, Site};

/// Cells that are told apart, four nodes in time each: as many as a kind has controls for.
pub(super) const MOST_CELLS: usize = CONTROLS / NODES;

/// The fewest cells of which z and z² - 1 do not say all.
pub(super) const FEWEST_CELLS: u64 = 4;

/// How often a cell must have been chosen in the runs that are watched, as for the clocks of a race.
const CHOSEN: f64 = 20.0;

impl Past {
    /// Calls `f` with the residual of each cell of the choice that was noted last: E[score · residual] = p' given the past.
    #[inline]
    pub(super) fn cells<L: ChoiceLaw<S>, S: Partials>(
        &self,
        plan: &Plan,
        law: &L,
        site: Site,
        k: u64,
        mut f: impl FnMut(Residual<S, 1, 1>),
    ) {
        let cells = law.cells();
        if cells < FEWEST_CELLS {
            return;
        }
        let Some(kind) = plan.kind(site.location) else { return };
        let Some((block, chosen)) = plan.cells_of(kind) else { return };
        let turns = &plan.kinds[kind].turns;
        let Some(turn) = turns.get(self.turn[kind] - 1).or(turns.last()) else { return };
        let (node, share) = ((turn.node.0 - kind * CONTROLS) / SHAPES, turn.node.1);
        for (cell, chosen) in (0..cells).zip(chosen) {
            let p = law.pmf(cell);
            if *chosen < CHOSEN || p.re() < LEAST_VARIANCE {
                continue;
            }
            f(Residual {
                node: (block * CONTROLS + cell as usize * NODES + node, share),
                z: f64::from(u8::from(k == cell)) - p.re(),
                slope: p,
                spread: S::from(0.0),
                shapes: [1.0],
            });
        }
    }
}
