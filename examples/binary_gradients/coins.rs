//! Functions of coins whose gradients are wanted.

use reparam::prelude::*;
use reparam::program::Stream;

/// A function of N coins that is defined between heads and tails, too.
pub trait Coins<const N: usize>: Sync {
    /// f at coins that are 0 or 1, or relaxed.
    fn value(&self, b: &[f64; N]) -> f64;

    /// Its gradient.
    fn slopes(&self, b: &[f64; N]) -> [f64; N];
}

/// Logits of P(1).
pub const ONE: [f64; 1] = [0.0];
pub const RARE: [f64; 1] = [-4.0];

/// (b - 0.499)² (Tucker et al. 2017).
#[derive(Clone, Copy, Debug)]
pub struct Toy;

impl Coins<1> for Toy {
    fn value(&self, [b]: &[f64; 1]) -> f64 {
        (b - 0.499).powi(2)
    }
    fn slopes(&self, [b]: &[f64; 1]) -> [f64; 1] {
        [2.0 * (b - 0.499)]
    }
}

/// Coins of the sum.
pub const MANY: usize = 40;

/// e^(s/10) of the number s of heads: bent, and every coin counts.
#[derive(Clone, Copy, Debug)]
pub struct Sum;

impl Coins<MANY> for Sum {
    fn value(&self, b: &[f64; MANY]) -> f64 {
        (0.1 * b.iter().sum::<f64>()).exp()
    }
    fn slopes(&self, b: &[f64; MANY]) -> [f64; MANY] {
        [0.1 * self.value(b); MANY]
    }
}

/// Latent coins and pixels of the network.
pub const LATENT: usize = 12;
pub const PIXELS: usize = 40;

/// A layer of a sigmoid belief net: coins with even odds, pixels of logit W b + c, one image; and
/// ln p(x, b) - ln q(b) with q where it is.
#[derive(Clone, Debug)]
pub struct Net {
    weights: [[f64; LATENT]; PIXELS],
    image: [f64; PIXELS],
    pub q: [f64; LATENT],
}

fn softplus(x: f64) -> f64 {
    Scalar::softplus(x)
}

impl Net {
    pub fn new() -> Self {
        let mut rng = Stream::new(7);
        let mut normal = |scale: f64| scale * reparam::noise::normal(&mut rng);
        let weights = [(); PIXELS].map(|()| [(); LATENT].map(|()| normal(0.8)));
        let image = [(); PIXELS].map(|()| f64::from(u8::from(normal(1.0) > 0.0)));
        Net { weights, image, q: [(); LATENT].map(|()| normal(1.0)) }
    }

    fn logits(&self, b: &[f64; LATENT]) -> [f64; PIXELS] {
        self.weights.map(|row| row.iter().zip(b).map(|(w, b)| w * (b - 0.5)).sum())
    }

    /// ln p(x, b)
    pub fn ln_joint(&self, b: &[f64; LATENT]) -> f64 {
        let pixels = self.logits(b).into_iter().zip(self.image);
        pixels.map(|(logit, x)| x * logit - softplus(logit)).sum::<f64>() - LATENT as f64 * 2f64.ln()
    }
}

/// ln q(b) of coins with these logits.
pub fn ln_q<S: Scalar>(b: &[f64; LATENT], q: &[S; LATENT]) -> S {
    b.iter().zip(q).fold(S::from(0.0), |sum, (b, q)| sum + *q * *b - q.softplus())
}

impl Coins<LATENT> for Net {
    fn value(&self, b: &[f64; LATENT]) -> f64 {
        self.ln_joint(b) - ln_q(b, &self.q)
    }
    fn slopes(&self, b: &[f64; LATENT]) -> [f64; LATENT] {
        let logits = self.logits(b);
        let of_pixel = |j: usize| self.image[j] - logits[j].sigmoid();
        std::array::from_fn(|i| (0..PIXELS).map(|j| of_pixel(j) * self.weights[j][i]).sum::<f64>() - self.q[i])
    }
}

/// The derivatives of E f in the logits, by all 2^N outcomes.
pub fn exact<const N: usize>(coins: &impl Coins<N>, theta: &[f64; N]) -> Vec<f64> {
    let p = theta.map(Scalar::sigmoid);
    let mut gradient = vec![0.0; N];
    for outcome in 0..1u64 << N {
        let b: [f64; N] = std::array::from_fn(|i| (outcome >> i & 1) as f64);
        let mass: f64 = b.iter().zip(p).map(|(b, p)| if *b == 1.0 { p } else { 1.0 - p }).product();
        let f = coins.value(&b);
        gradient.iter_mut().zip(b.iter().zip(p)).for_each(|(g, (b, p))| *g += mass * f * (b - p));
    }
    gradient
}
