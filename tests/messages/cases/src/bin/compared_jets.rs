//! binary operation `<` cannot be applied to type `reparam::scalar::Jet<f64, 2>`
use reparam::prelude::*;

fn main() {
    let [x, y] = Jet::variables([1.0, 2.0]);
    let _ = x < y;
}
