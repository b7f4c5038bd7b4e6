//! Steps of stochastic gradient descent by Adam (Kingma & Ba 2015): ten lines, where crates of optimizers want a
//! function without noise.

/// Running averages of gradients and of their squares.
#[derive(Clone, Debug)]
pub struct Adam {
    mean: Vec<f64>,
    square: Vec<f64>,
    steps: i32,
}

impl Adam {
    /// For this many parameters.
    pub fn new(parameters: usize) -> Self {
        Adam { mean: vec![0.0; parameters], square: vec![0.0; parameters], steps: 0 }
    }

    /// A step downhill, of about `rate` in each parameter.
    pub fn step<'a>(
        &mut self,
        parameters: impl Iterator<Item = &'a mut f64>,
        gradient: impl Iterator<Item = f64>,
        rate: f64,
    ) {
        self.steps += 1;
        let unbiased = |average: f64, decay: f64| average / (1.0 - decay.powi(self.steps));
        let averages = self.mean.iter_mut().zip(&mut self.square);
        for ((x, g), (mean, square)) in parameters.zip(gradient).zip(averages) {
            *mean += 0.1 * (g - *mean);
            *square += 0.001 * (g * g - *square);
            *x -= rate * unbiased(*mean, 0.9) / (unbiased(*square, 0.999).sqrt() + 1e-8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_downhill_by_the_rate_at_first_and_ends_at_the_minimum() {
        let (mut x, mut adam) = ([3.0, -2.0], Adam::new(2));
        let slopes = |x: [f64; 2]| [2.0 * (x[0] - 1.0), 200.0 * x[1]];
        let gradient = slopes(x);
        adam.step(x.iter_mut(), gradient.into_iter(), 0.1);
        assert!((x[0] - 2.9).abs() < 1e-6 && (x[1] + 1.9).abs() < 1e-6, "{x:?}");
        for step in 0..2000 {
            let gradient = slopes(x);
            adam.step(x.iter_mut(), gradient.into_iter(), 0.1 / (1.0 + f64::from(step) / 50.0));
        }
        assert!((x[0] - 1.0).abs() < 1e-3 && x[1].abs() < 1e-3, "{x:?}");
    }
}
