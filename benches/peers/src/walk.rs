//! A walk of 50 steps of ±1, up with probability exp(-x/p), and how the mean square of its end moves with p: to a
//! standard error of 1 % of the gradient. A unit is a sample.

use crate::{Cases, figures};
use reparam::estimate;
use reparam::prelude::*;
use std::hint::black_box;

const STEPS: u32 = 50;
const P: f64 = 100.0;
const SAMPLES: u64 = 8192;

fn walk() -> impl Program<Theta = [f64; 1], Output = f64> + Copy {
    program!(|[p]: [S; 1], chance| -> S {
        let mut x = 0.0;
        for _ in 0..STEPS {
            x += if chance.bernoulli((-S::from(x).over(p)).exp()) { 1.0 } else { -1.0 };
        }
        S::from(x * x)
    })
}

macro_rules! ways {
    ($cases:ident, $($way:ident),+) => {$({
        let mut seed = 0;
        let name = concat!("walk of 50 choices, gradient to 1 %/", stringify!($way));
        let case = $cases.add(name, SAMPLES as usize, move || {
            seed += 1;
            black_box(estimate::$way([P], walk()).samples(SAMPLES).run_seed(seed)).expect("an estimate");
        });
        fn many() -> (f64, f64, f64, f64) {
            let e = estimate::$way([P], walk()).samples(8 * SAMPLES).run_seed(0).expect("an estimate");
            (e.value, e.value_se, e.gradient[0], e.gradient_se[0])
        }
        case.job = || {
            let (_, _, gradient, error) = many();
            8.0 * SAMPLES as f64 * (error / (0.01 * gradient)).powi(2)
        };
        case.draws = Some(Box::new(|| {
            let (value, value_error, gradient, error) = many();
            figures(([value, gradient], [value_error, error]))
        }));
    })+};
}

pub fn add(cases: &mut Cases) {
    ways!(cases, replay, score, mix, martingale);
}
