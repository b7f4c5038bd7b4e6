//! Programs whose expectations and gradients are known in closed form, for tests of estimators and tables of their cost.

use core::f64::consts::PI;
use reparam::prelude::*;
use reparam::special;

/// A program, and what is exact.
pub struct Known<const N: usize, P> {
    pub name: &'static str,
    pub theta: [f64; N],
    pub program: P,
    exact: fn([Jet<f64, N>; N]) -> Jet<f64, N>,
}

impl<const N: usize, P> Known<N, P> {
    /// Its expectation, with derivatives.
    pub fn exact(&self) -> Jet<f64, N> {
        (self.exact)(Jet::variables(self.theta))
    }
}

/// Programs with the same number of parameters are one type: what estimators make of it is compiled once.
macro_rules! known_programs {
    ($list:ident, $Which:ident, $n:literal: $(
        $Variant:ident($name:literal, $theta:expr, |$parameters:pat_param, $chance:ident| $body:block, $exact:expr);
    )*) => {
        #[derive(Clone, Copy, Debug)]
        pub enum $Which {
            $($Variant),*
        }

        impl Program for $Which {
            type Theta = [f64; $n];
            type Output = Result<f64, LawError>;

            #[inline]
            fn run<S: Scalar, C: Chance<S>>(&self, theta: &[S; $n], chance: &mut C) -> Result<S, LawError> {
                match self {
                    $($Which::$Variant => {
                        let ($parameters, $chance) = (*theta, chance);
                        $body
                    })*
                }
            }
        }

        pub fn $list() -> Vec<Known<$n, $Which>> {
            vec![$(Known { name: $name, theta: $theta, program: $Which::$Variant, exact: $exact }),*]
        }
    };
}

known_programs! {
    of_one_parameter, OfOne, 1:
    Coins(
        "fifty coins",
        [0.3],
        |[p], chance| {
            Ok(S::from((0..50).filter(|_| chance.bernoulli(p)).count() as f64))
        },
        |[p]| p * 50.0
    );
    ExitTime(
        "exit time",
        [0.6],
        |[up], chance| {
            let (mut x, mut steps) = (0i32, 0.0);
            while x.abs() <= 3 {
                x += if chance.bernoulli(up) { 1 } else { -1 };
                steps += 1.0;
            }
            Ok(S::from(steps))
        },
        |[up]| {
            let odds = (-up + 1.0).over(up).powi(4);
            ((odds + 1.0).recip() * 2.0 - 1.0).over(up * 2.0 - 1.0) * 4.0
        }
    );
    OneOfThree(
        "one of three",
        [0.3],
        |[p], chance| {
            Ok(S::from([3.5, 5.2, 8.4][chance.categorical(&[p * 0.5, p * 0.5, -p + 1.0])]))
        },
        |[p]| p * 4.35 + (-p + 1.0) * 8.4
    );
    Cube(
        "cube of a binomial",
        [0.4],
        |[p], chance| {
            Ok(S::from((chance.binomial(5, p) as f64).powi(3)))
        },
        |[p]| p * 5.0 + p * p * 60.0 + p * p * p * 60.0
    );
    Empty(
        "empty Poisson",
        [2.0],
        |[rate], chance| {
            Ok(S::from(if chance.poisson(rate) == 0 { 1.0 } else { 0.0 }))
        },
        |[rate]| (-rate).exp()
    );
    Above(
        "above a threshold, as a choice",
        [0.5],
        |[mean], chance| {
            let (above, loss) = chance.threshold(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
            Ok(if above { loss } else { S::from(0.0) })
        },
        |[mean]| {
            let beyond = -mean + 1.0;
            mean * special::normal_cdf(-beyond) + (-beyond * beyond * 0.5).exp() / (2.0 * PI).sqrt()
        }
    );
    AboveByWeight(
        "above a threshold, as a weight",
        [0.5],
        |[mean], chance| {
            let (loss, ln_above) = chance.threshold_weight(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
            Ok(loss * ln_above.exp())
        },
        |[mean]| {
            let beyond = -mean + 1.0;
            mean * special::normal_cdf(-beyond) + (-beyond * beyond * 0.5).exp() / (2.0 * PI).sqrt()
        }
    );
    Population(
        "a population that dies out",
        [0.3],
        |[death], chance| {
            let mut alive = 200u64;
            for _ in 0..5 {
                alive -= chance.binomial(alive, death);
            }
            Ok(S::from(alive as f64))
        },
        |[death]| (-death + 1.0).powi(5) * 200.0
    );
}

known_programs! {
    of_two_parameters, OfTwo, 2:
    Square(
        "square of a normal",
        [0.3, 1.2],
        |[mean, std_dev], chance| {
            Ok((mean + std_dev * chance.normal()).powi(2))
        },
        |[mean, std_dev]| mean * mean + std_dev * std_dev
    );
    Lognormal(
        "lognormal",
        [0.2, 0.6],
        |[mu, sigma], chance| {
            Ok((mu + sigma * chance.normal()).exp())
        },
        |[mu, sigma]| (mu + sigma * sigma * 0.5).exp()
    );
    OfGamma(
        "gamma",
        [2.5, 1.5],
        |[shape, rate], chance| {
            Ok(chance.draw(&Gamma::new(shape, rate)?).powi(2))
        },
        |[shape, rate]| shape.over(rate) * (shape + 1.0).over(rate)
    );
    Call(
        "call option",
        [100.0, 0.2],
        |[spot, vol], chance| {
            Ok(((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0)))
        },
        |[spot, vol]| {
            let d = (spot / 100.0).ln().over(vol) + vol * 0.5;
            spot * special::normal_cdf(d) - special::normal_cdf(d - vol) * 100.0
        }
    );
    Sum(
        "sum of twenty normals",
        [0.1, 0.5],
        |[drift, vol], chance| {
            let mut x = S::from(0.0);
            for _ in 0..20 {
                x += drift * 0.05 + vol * chance.normal() * 0.05f64.sqrt();
            }
            Ok(x.exp())
        },
        |[drift, vol]| (drift + vol * vol * 0.5).exp()
    );
    Nested(
        "nested binomials",
        [0.6, 0.3],
        |[p, q], chance| {
            let k = chance.binomial(100, p);
            Ok(S::from(chance.binomial(k, q) as f64))
        },
        |[p, q]| p * q * 100.0
    );
    RandomBias(
        "a coin of random bias",
        [2.0, 3.0],
        |[alpha, beta], chance| {
            let p = chance.draw(&Beta::new(alpha, beta)?);
            Ok(S::from((0..10).filter(|_| chance.bernoulli(p)).count() as f64))
        },
        |[alpha, beta]| alpha.over(alpha + beta) * 10.0
    );
}
