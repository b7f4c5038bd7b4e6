//! Covariances of a fixed number of numbers, without a heap.

/// Count, means and sums of products of deviations of P numbers: their covariances, one observation at a time, by
/// Welford's recurrence. Numbers beyond 1e150 make infinities. For loops of your own; estimates have [`Estimator::covariances`](super::Estimator::covariances).
///
/// ```
/// use reparam::estimate::Scatter;
/// let mut scatter = Scatter::new();
/// for x in [1.0, 2.0, 3.0, 4.0] {
///     scatter.push(&[1e9 + x, -2.0 * x]);
/// }
/// assert_eq!(scatter.mean(), &[1e9 + 2.5, -5.0]);
/// // the variance of 1, 2, 3, 4 is 5/3
/// assert!((scatter.covariance().unwrap()[1][0] + 10.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scatter<const P: usize> {
    count: u64,
    mean: [f64; P],
    products: [[f64; P]; P],
}

impl<const P: usize> Default for Scatter<P> {
    fn default() -> Self {
        Scatter::new()
    }
}

impl<const P: usize> Scatter<P> {
    /// Of no observations.
    pub const fn new() -> Self {
        Scatter { count: 0, mean: [0.0; P], products: [[0.0; P]; P] }
    }

    /// Adds an observation.
    #[inline]
    pub fn push(&mut self, x: &[f64; P]) {
        self.count += 1;
        let before: [f64; P] = core::array::from_fn(|i| x[i] - self.mean[i]);
        for (mean, d) in self.mean.iter_mut().zip(before) {
            *mean += d / self.count as f64;
        }
        for (row, (x, mean)) in self.products.iter_mut().zip(x.iter().zip(self.mean)) {
            for (product, d) in row.iter_mut().zip(before) {
                *product += (x - mean) * d;
            }
        }
    }

    /// Adds what others have seen (Chan, Golub & LeVeque 1983).
    ///
    /// ```
    /// use reparam::estimate::Scatter;
    /// let (mut left, mut right, mut all) = (Scatter::new(), Scatter::new(), Scatter::new());
    /// for i in 0..10 {
    ///     let x = [f64::from(i), f64::from(i * i)];
    ///     if i < 4 { left.push(&x) } else { right.push(&x) }
    ///     all.push(&x);
    /// }
    /// left.merge(&right);
    /// let (a, b) = (left.covariance().unwrap(), all.covariance().unwrap());
    /// assert!((a[0][1] - b[0][1]).abs() < 1e-12 && left.count() == 10);
    /// ```
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let d: [f64; P] = core::array::from_fn(|i| other.mean[i] - self.mean[i]);
        self.count += other.count;
        for i in 0..P {
            self.mean[i] += d[i] * (b / (a + b));
            for j in 0..P {
                self.products[i][j] += other.products[i][j] + d[i] * d[j] * (a / (a + b) * b);
            }
        }
    }

    /// The number of observations.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their means; 0 where there are none.
    pub const fn mean(&self) -> &[f64; P] {
        &self.mean
    }

    /// The sample covariances of one observation; over the number of observations they are those of the means. `None`
    /// below two observations.
    pub fn covariance(&self) -> Option<[[f64; P]; P]> {
        let n = self.count.checked_sub(1).filter(|n| *n > 0)? as f64;
        // both triangles are the same but for rounding
        Some(core::array::from_fn(|i| core::array::from_fn(|j| 0.5 * (self.products[i][j] + self.products[j][i]) / n)))
    }
}
