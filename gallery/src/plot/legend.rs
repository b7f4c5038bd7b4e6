//! Where the legend is: in the corner where it hides the least.

/// A corner; on the right and above by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Corner {
    pub left: bool,
    pub low: bool,
}

/// Width and height of the legend in units of a plotting area of so many pixels.
pub fn size(names: &[&str], area: (f64, f64)) -> (f64, f64) {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    // as plotters draws it: a sample of the line, then letters
    ((52.0 + 6.2 * longest as f64) / area.0, (20.0 + 15.0 * names.len() as f64) / area.1)
}

/// The wished corner, or another if that has less ink; and whether it has none. `ink` are places in units of the plotting
/// area: 0 to 1 from the left and from below.
pub fn corner(wish: Corner, (width, height): (f64, f64), ink: &[(f64, f64)]) -> (Corner, bool) {
    let hidden = |corner: &Corner| {
        let is_under = |(x, y): &&(f64, f64)| {
            let (x, y) = (if corner.left { *x } else { 1.0 - x }, if corner.low { *y } else { 1.0 - y });
            x < width && y < height
        };
        ink.iter().filter(is_under).count()
    };
    let others = [(wish.left, !wish.low), (!wish.left, wish.low), (!wish.left, !wish.low)];
    let all = std::iter::once(wish).chain(others.map(|(left, low)| Corner { left, low }));
    let best = all.min_by_key(hidden).unwrap_or(wish);
    (best, hidden(&best) == 0)
}

/// Points along the lines through points, a twentieth of the picture apart at the most: `pieces` for each.
pub fn along(points: &[(f64, f64)], pieces: u32) -> impl Iterator<Item = (f64, f64)> + '_ {
    let between = move |pair: &[(f64, f64)]| {
        let (from, to) = (pair[0], pair[1]);
        (0..=pieces).map(move |k| {
            let part = f64::from(k) / f64::from(pieces);
            (from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1))
        })
    };
    points.windows(2).flat_map(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legend_goes_where_nothing_is() {
        let at = |wish: Corner, ink: &[(f64, f64)]| corner(wish, size(&["data"], (300.0, 200.0)), ink);
        let (right, left) = (Corner::default(), Corner { left: true, low: false });
        assert_eq!(at(right, &[]), (right, true));
        assert_eq!(at(left, &[(0.9, 0.9)]), (left, true));
        assert_eq!(at(right, &[(0.9, 0.9)]), (Corner { left: false, low: true }, true));
        let diagonal: Vec<_> = along(&[(0.0, 0.0), (1.0, 1.0)], 20).collect();
        assert!([left, Corner { left: false, low: true }].contains(&at(right, &diagonal).0));
        // where all corners are full, the emptiest
        let full = [(0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9), (0.9, 0.9), (0.1, 0.1), (0.9, 0.1)];
        assert_eq!(at(right, &full), (left, false));
    }
}
