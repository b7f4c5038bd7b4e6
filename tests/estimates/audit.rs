//! What an audit must see, and what it must not.

use reparam::prelude::*;
use reparam::verify::{Audited, audit, audit_program};
use std::convert::Infallible;

/// A comparison of a draw on a line whose number is known.
fn compares<S: Scalar>([mean, std_dev]: [S; 2], line: &mut u32) -> Result<S, LawError> {
    let z = Normal::new(mean, std_dev)?.sample(&mut program::Stream::new(1));
    *line = line!() + 1;
    let sign = if z.re() > 0.0 { 1.0 } else { -1.0 };
    Ok(z * sign)
}

#[test]
fn the_line_of_a_comparison() {
    let mut line = 0;
    let found = audit([0.3, 1.2], |theta| compares(theta, &mut line)).unwrap();
    let [read] = found.reads[..] else { panic!("{found:?}") };
    assert_eq!((read.location.file(), read.location.line(), read.count), (file!(), line, 1));
    assert!(found.depends);
    assert!(found.to_string().starts_with(&format!("{}:{line}:", file!())), "{found}");
}

/// Everything the library does with its own branches: shape laws, special functions, truncation, choices.
#[test]
fn the_library_is_not_reported() {
    let f = program!(|[a, b]: [S; 2], chance| -> Result<S, Box<dyn std::error::Error>> {
        let z =
            chance.draw(&Gamma::new(a, b)?) + chance.draw(&Beta::new(a, b)?) + chance.draw(&StudentT::new(b, b, a)?);
        let t = chance.draw(&TruncatedNormal::new(a, b, S::from(0.0), S::from(2.0))?);
        let k = chance.poisson(a) + chance.binomial(5, b.sigmoid()) + chance.geometric(b.sigmoid());
        let cells = [a, b, a * b];
        let c = chance.categorical(&cells) + chance.categorical_logits(&cells);
        Ok(z.max(t).min(a * 9.0).powd(b) + reparam::special::inc_gamma_p(a, b) + (k as f64 + c as f64))
    });
    let found = audit_program([1.3, 0.8], &f, 50).unwrap();
    assert!(found.reads.is_empty(), "{found}");
}

/// Constants may be looked at, and what has cancelled is one.
#[test]
fn constants_are_not_reported() {
    let found = audit([0.3], |[x]| {
        let zero = x - x;
        let y = if zero.re() == 0.0 { x } else { -x };
        Ok::<_, Infallible>(if compare(y - y + 2.0) { y } else { -y })
    });
    assert!(found.unwrap().reads.is_empty());
}

fn compare<S: Scalar>(x: S) -> bool {
    x.re() > 1.0
}

/// Two lines, each with its count; and a result that has lost its derivative.
#[test]
fn counts() {
    let found = audit([0.1, 0.2], |[x, y]| {
        let mut steps = 0.0;
        let mut sum = x;
        while sum.re() < 1.0 {
            sum += y;
            steps += 1.0;
        }
        let _ = compare(sum);
        Audited::from(steps)
    })
    .unwrap();
    assert_eq!(found.reads.iter().map(|r| r.count).collect::<Vec<_>>(), [6, 1]);
    assert!(!found.depends && found.value == 5.0);
}

/// What was found before an error is not left for the next audit, nor what an outer one has found.
#[test]
fn audits_are_apart() {
    assert_eq!(audit([1.0], |[x]| if compare(x * 2.0) { Err(()) } else { Ok(x) }).err(), Some(()));
    let outer = audit([1.0], |[x]| {
        let _ = compare(x);
        let inner = audit([2.0], |[y]| {
            let _ = y.re();
            Ok::<_, Infallible>(y)
        })
        .unwrap();
        assert_eq!(inner.reads.len(), 1);
        Ok::<_, Infallible>(x)
    });
    assert_eq!(outer.unwrap().reads.len(), 1);
}

/// A maximum of two numbers that move alike is none; a clamp has one for each bound.
#[test]
fn kinks_are_reported() {
    let f = program!(|[x]: [S; 1], chance| -> S {
        let z = x + chance.normal();
        let payoff = (z - 1.0).max(S::from(0.0));
        payoff + z.abs() + z.min(z) + S::from(-3.0).abs()
    });
    let audit = audit_program([0.3], &f, 50).unwrap();
    assert!(audit.reads.is_empty());
    let lines: Vec<u32> = audit.kinks.iter().map(|kink| kink.location.line()).collect();
    assert_eq!((lines.len(), lines[1] - lines[0]), (2, 1));
    assert!(audit.kinks.iter().all(|kink| kink.count == 50) && audit.to_string().contains("a kink"));
}
