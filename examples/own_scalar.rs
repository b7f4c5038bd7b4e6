//! A scalar type of one's own: truncated Taylor polynomials in one variable, and with them the first sixteen
//! derivatives of a quantile of a Weibull law in its shape.

use reparam::prelude::*;
use reparam::scalar::{One, Zero};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// The number of coefficients: orders 0 to 16, the largest that a scalar may carry.
const K: usize = reparam::scalar::MAX_ORDER + 1;

/// c[0] + c[1] t + ... + c[16] t^16, forgetting all higher powers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Taylor([f64; K]);

impl Taylor {
    /// The variable t around a point.
    fn variable(at: f64) -> Self {
        let mut c = [0.0; K];
        (c[0], c[1]) = (at, 1.0);
        Taylor(c)
    }
}

impl From<f64> for Taylor {
    fn from(constant: f64) -> Self {
        let mut c = [0.0; K];
        c[0] = constant;
        Taylor(c)
    }
}

impl Mul for Taylor {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Taylor(std::array::from_fn(|k| (0..=k).map(|j| self.0[j] * o.0[k - j]).sum()))
    }
}

impl Div for Taylor {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let mut q = [0.0; K];
        for k in 0..K {
            let known: f64 = (0..k).map(|j| q[j] * o.0[k - j]).sum();
            q[k] = (self.0[k] - known) / o.0[0];
        }
        Taylor(q)
    }
}

impl Add for Taylor {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Taylor(std::array::from_fn(|k| self.0[k] + o.0[k]))
    }
}

impl Sub for Taylor {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Taylor(std::array::from_fn(|k| self.0[k] - o.0[k]))
    }
}

impl Neg for Taylor {
    type Output = Self;
    fn neg(self) -> Self {
        Taylor(self.0.map(|c| -c))
    }
}

impl Add<f64> for Taylor {
    type Output = Self;
    fn add(mut self, o: f64) -> Self {
        self.0[0] += o;
        self
    }
}

impl Sub<f64> for Taylor {
    type Output = Self;
    fn sub(self, o: f64) -> Self {
        self + -o
    }
}

impl Mul<f64> for Taylor {
    type Output = Self;
    fn mul(self, o: f64) -> Self {
        Taylor(self.0.map(|c| c * o))
    }
}

impl Div<f64> for Taylor {
    type Output = Self;
    fn div(self, o: f64) -> Self {
        Taylor(self.0.map(|c| c / o))
    }
}

macro_rules! assigning {
    ($($trait:ident $method:ident $op:tt)*) => {
        $(impl $trait for Taylor {
            fn $method(&mut self, o: Self) {
                *self = *self $op o;
            }
        })*
    };
}
assigning! { AddAssign add_assign + SubAssign sub_assign - MulAssign mul_assign * DivAssign div_assign / }

impl Zero for Taylor {
    fn zero() -> Self {
        Taylor::from(0.0)
    }
    fn is_zero(&self) -> bool {
        *self == Taylor::zero()
    }
}

impl One for Taylor {
    fn one() -> Self {
        Taylor::from(1.0)
    }
}

impl Scalar for Taylor {
    const ORDER: usize = K - 1;

    fn re(self) -> f64 {
        self.0[0]
    }

    fn max_abs(self) -> f64 {
        self.0.iter().fold(0.0, |m, c| m.max(c.abs()))
    }

    /// The chain rule to every order: f(c0 + n) = sum_k f^(k)(c0) n^k / k!, by Horner's scheme in the part n without
    /// c0.
    fn lift(self, derivatives: &[f64]) -> Self {
        let moving = Taylor::from(0.0) + self - self.0[0];
        let mut sum = Taylor::from(0.0);
        for k in (0..K).rev() {
            // a derivative that is infinite must not meet the zeros of a number that does not move
            sum = moving.chain(sum / (k as f64 + 1.0)) + derivatives[k];
        }
        sum
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shape = 1.5;
    let quantile = Weibull::new(2.0.into(), Taylor::variable(shape))?.quantile(0.9.into());
    println!("The 90 % quantile of a Weibull law with scale 2 and shape {shape}, and its derivatives in the shape:");
    // z = 2 e^(l / shape), l = ln(-ln 0.1); the derivatives by the recurrence of e^(l/s): s^2 z' = -l z
    let l = (-0.1f64.ln()).ln();
    let mut want = [0.0; K];
    want[0] = 2.0 * (l / shape).exp();
    for n in 0..K - 1 {
        let nf = n as f64;
        let below = if n > 0 { nf * (nf - 1.0) * want[n - 1] } else { 0.0 };
        want[n + 1] = (-l * want[n] - 2.0 * shape * nf * want[n] - below) / (shape * shape);
    }
    let mut factorial = 1.0;
    for (k, c) in quantile.0.iter().enumerate() {
        factorial *= (k as f64).max(1.0);
        let derivative = c * factorial;
        println!("order {k}: {derivative:22.15e}   closed form {:22.15e}", want[k]);
        if (derivative - want[k]).abs() > 1e-10 * want[k].abs() {
            return Err(format!("order {k} differs from the closed form").into());
        }
    }
    Ok(())
}
