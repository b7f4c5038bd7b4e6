//! Laws with tables of how their draws move: the bits of the law's draws, its derivatives to its accuracy.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;

const DRAWS: usize = 4000;

/// The largest error of each derivative, over the larger of itself and a twentieth of the mean of its size: some go
/// through 0.
fn worst(pairs: &[(Vec<f64>, Vec<f64>)]) -> f64 {
    let mut largest = 0.0f64;
    for k in 0..pairs[0].0.len() {
        let mean = pairs.iter().map(|(_, want)| want[k].abs()).sum::<f64>() / pairs.len() as f64;
        for (got, want) in pairs {
            let error = (got[k] - want[k]).abs();
            if error > 0.0 {
                largest = largest.max(error / want[k].abs().max(0.05 * mean));
            }
        }
    }
    largest
}

/// What both draw at one seed, as lists of numbers; the values must be the same bits.
fn pairs<S: Scalar>(
    law: &impl Distribution<S>,
    table: &impl Distribution<S>,
    numbers: impl Fn(S) -> Vec<f64>,
) -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut rngs = [5, 5].map(Xoshiro256PlusPlus::seed_from_u64);
    (0..DRAWS)
        .map(|_| {
            let (want, got) = (law.sample(&mut rngs[0]), table.sample(&mut rngs[1]));
            assert_eq!(want.re().to_bits(), got.re().to_bits());
            (numbers(got), numbers(want))
        })
        .collect()
}

/// A law with N parameters at each of these points: errors of first and second derivatives are below the bounds.
macro_rules! compare {
    ($($law:ident $n:literal $first:literal $second:literal: $($point:expr),+;)+) => {$(
        let mut found = [(0.0, [0.0; $n]); 3];
        for point in [$($point),+] {
            let law = <$law<f64> as Family>::law(&Jet::<f64, $n>::variables(point)).unwrap();
            let first = worst(&pairs(&law, &law.prepared(), |x: Jet<f64, $n>| x.eps.to_vec()));
            let by_second = worst(&pairs(&law, &law.prepared_to_second_order(), |x: Jet<f64, $n>| x.eps.to_vec()));
            let law = <$law<f64> as Family>::law(&Jet::<_, $n>::second_order(point)).unwrap();
            let second = worst(&pairs(&law, &law.prepared_to_second_order(), |x| x.hessian().2.as_flattened().to_vec()));
            for (worst, error) in found.iter_mut().zip([first, by_second, second]) {
                if error > worst.0 {
                    *worst = (error, point);
                }
            }
        }
        let name = stringify!($law);
        println!("{name}: {found:?}");
        assert!(found[0].0 < $first && found[1].0 < $first && found[2].0 < $second, "{name}: {found:?}");
    )+};
}

#[test]
fn gamma_family() {
    compare! {
        Gamma 2 1e-13 2e-11: [0.02, 2.0], [0.1, 2.0], [0.14, 2.0], [0.3, 2.0], [0.7, 2.0], [0.999, 2.0], [1.0, 2.0], [1.5, 2.0],
            [2.0, 2.0], [2.5, 2.0], [7.0, 2.0], [15.9, 2.0], [16.0, 2.0], [19.0, 2.0], [50.0, 2.0], [63.0, 2.0], [300.0, 2.0],
            [1e4, 2.0], [1e7, 2.0], [1e12, 2.0], [1e-5, 2.0];
        Chi 1 1e-13 2e-11: [0.5], [5.0], [40.0];
        ChiSquared 1 1e-13 2e-11: [0.5], [5.0], [40.0];
        InverseGamma 2 1e-13 2e-11: [0.5, 2.0], [5.0, 0.3], [40.0, 1.0];
        InverseChiSquared 1 1e-13 2e-11: [0.5], [5.0], [40.0];
        ScaledInverseChiSquared 2 1e-12 2e-11: [0.5, 2.0], [5.0, 0.3], [40.0, 1.0];
        Nakagami 2 1e-12 2e-11: [0.5, 2.0], [5.0, 0.3], [40.0, 1.0];
        GeneralizedGamma 3 1e-13 2e-11: [1.0, 0.5, 2.0], [2.0, 5.0, 0.3], [0.3, 40.0, 1.0];
        GeneralizedNormal 3 1e-13 2e-11: [1.0, 0.5, 2.0], [2.0, 5.0, 0.5], [0.3, 4.0, 1.0];
        LogGamma 2 1e-13 2e-11: [0.5, 2.0], [5.0, 0.3], [40.0, 1.0];
    }
}

#[test]
fn beta_family() {
    compare! {
        Beta 2 2e-13 2e-11: [2.0, 3.0], [0.5, 0.5], [0.1, 0.2], [1.0, 1.0], [20.0, 30.0], [2.0, 1000.0], [300.0, 200.0], [49.0, 49.0],
            [0.3, 40.0], [90.0, 5.0], [1e5, 3e4], [1e-3, 1.0], [1e3, 1e7];
        BetaPrime 2 2e-13 2e-11: [2.0, 3.0], [0.5, 40.0];
        BetaProportion 2 1e-12 2e-11: [0.3, 4.0], [0.7, 40.0];
        LogitBeta 2 2e-13 2e-11: [2.0, 3.0], [0.5, 40.0];
        FisherF 2 2e-13 2e-11: [2.0, 3.0], [0.5, 40.0];
        GammaGamma 3 2e-13 2e-11: [2.0, 3.0, 0.5], [0.5, 40.0, 3.0];
        Pert 4 2e-13 2e-11: [-1.0, 5.0, 0.5, 4.0];
    }
}

/// From 40 degrees of freedom on, where the law moves at a fixed probability as well.
#[test]
fn student_t_and_von_mises() {
    compare! {
        StudentT 3 2e-13 2e-12: [0.0, 1.0, 40.0], [0.0, 1.0, 41.0], [0.0, 1.0, 100.0], [0.0, 1.0, 1e4], [0.0, 1.0, 1e8];
        HalfStudentT 2 2e-13 2e-12: [1.0, 40.0], [2.0, 1000.0];
        VonMises 2 2e-13 2e-12: [0.0, 0.0], [0.0, 1e-3], [0.0, 0.5], [0.0, 2.0], [0.0, 4.4], [0.0, 4.5], [0.0, 10.0], [0.0, 100.0],
            [0.0, 1e5];
    }
}

/// E[t²] = ν/(ν - 2): its derivative is -2/9 at 5, by another coupling than the law's.
#[test]
fn few_degrees_of_freedom() {
    let [location, scale, df] = Jet::variables([0.0, 1.0, 5.0]);
    let law = StudentT::new(location, scale, df).unwrap().prepared();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    const N: usize = 200_000;
    let slopes: Vec<f64> = (0..N).map(|_| law.sample(&mut rng)).map(|t: Jet<f64, 3>| 2.0 * t.re * t.eps[2]).collect();
    let mean = slopes.iter().sum::<f64>() / N as f64;
    let error = (slopes.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>()).sqrt() / N as f64;
    assert!((mean + 2.0 / 9.0).abs() < 4.0 * error, "{mean} to {error}");
}

type Third = Jet<Jet<Jet<f64, 2>, 2>, 2>;

/// Orders that no table has are the law's own, every bit of them; so is a plain draw, and every method.
#[test]
fn what_is_not_in_the_table_is_the_law() {
    let [shape, rate]: [Third; 2] = Jet::variables(Jet::second_order([2.5, 2.0]));
    let law = Gamma::new(shape, rate).unwrap();
    let (first, second) = (law.prepared(), law.prepared_to_second_order());
    let mut rngs = [1, 1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
    for _ in 0..50 {
        let want: Third = law.sample(&mut rngs[0]);
        assert_eq!((first.sample(&mut rngs[1]), second.sample(&mut rngs[2])), (want, want));
    }
    let plain = Gamma::new(2.5, 2.0).unwrap();
    let prepared = plain.prepared();
    let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
    for _ in 0..50 {
        let x: f64 = plain.sample(&mut rngs[0]);
        assert_eq!(prepared.sample(&mut rngs[1]), x);
        assert_eq!((prepared.ln_pdf(x), prepared.isf(0.3)), (plain.ln_pdf(x), plain.isf(0.3)));
    }
    assert_eq!((prepared.mean(), prepared.law()), (Some(1.25), &plain));
    assert_eq!(prepared.median(), plain.median());
}

/// Shapes that depend on other things, in other numbers, and one that does not depend on anything.
#[test]
fn shapes_are_any_numbers() {
    let [t] = Jet::variables([0.7]);
    let alone = Gamma::new(Jet::<f64, 1>::variable(0.7f64.exp(), 0), 1.0.into()).unwrap().prepared();
    let composed = Gamma::new(t.exp(), 1.0.into()).unwrap().prepared();
    let constant = Gamma::new(Jet::<f64, 1>::from(2.0), t).unwrap().prepared();
    let dual = Gamma::new(num_dual::Dual64::new(0.7, 1.0).exp(), 1.0.into()).unwrap().prepared();
    let mut rngs = [3, 3, 3].map(Xoshiro256PlusPlus::seed_from_u64);
    for _ in 0..100 {
        let (x, y, z) = (alone.sample(&mut rngs[0]), composed.sample(&mut rngs[1]), dual.sample(&mut rngs[2]));
        assert_eq!((x.re, x.re), (y.re, z.re));
        assert!((x.eps[0] * 0.7f64.exp() / y.eps[0] - 1.0).abs() < 1e-15 && (z.eps / y.eps[0] - 1.0).abs() < 1e-15);
    }
    let x = constant.sample(&mut rngs[0]);
    assert!((x.eps[0] + x.re / 0.7).abs() < 1e-15 * x.re / 0.7);
}

/// A program's draws, on a plain handle and by points.
#[test]
fn programs_draw_from_it() {
    let law = Gamma::new(2.5, 2.0).unwrap();
    let prepared = law.prepared();
    let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
    let x: f64 = program::Plain::new(&mut rngs[0]).draw(&prepared);
    assert_eq!(x, program::Plain::new(&mut rngs[1]).draw(&law));
}

/// Draws into slices are those of a loop.
#[test]
fn filled_slices() {
    let law = <Beta<f64> as Family>::law(&Jet::<f64, 2>::variables([2.0, 3.0])).unwrap().prepared();
    let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
    let (mut values, mut first, mut second) = ([0.0; 100], [0.0; 100], [0.0; 100]);
    fill(&law, &mut rngs[0], &mut values, [&mut first, &mut second]);
    for i in 0..100 {
        let x: Jet<f64, 2> = law.sample(&mut rngs[1]);
        assert_eq!((values[i], [first[i], second[i]]), (x.re, x.eps));
    }
}

/// Many draws of a law as it is take their derivatives from a table: the values have the bits of a loop's, and derivatives are near.
#[test]
fn filled_slices_by_tables_of_their_own() {
    fn check(law: &impl Continuous<Jet<f64, 2>>, draws: usize, by_a_table: bool) {
        let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
        let [mut values, mut first, mut second] = [0; 3].map(|_| vec![0.0; draws]);
        fill(law, &mut rngs[0], &mut values, [&mut first, &mut second]);
        let want: Vec<Jet<f64, 2>> = (0..draws).map(|_| law.sample(&mut rngs[1])).collect();
        assert!(values.iter().zip(&want).all(|(x, y)| x.to_bits() == y.re.to_bits()));
        let got = || first.iter().zip(&second).map(|(first, second)| [*first, *second]);
        for (got, want) in got().zip(want.iter().map(|x| x.eps)) {
            let size = want[0].abs().max(want[1].abs()).max(1e-3);
            assert!((0..2).all(|k| (got[k] - want[k]).abs() <= 1e-12 * size), "{got:?}, not {want:?}");
        }
        assert_eq!(got().ne(want.iter().map(|x| x.eps)), by_a_table);
    }
    let [a, b] = Jet::variables([2.5, 3.0]);
    for (draws, by_a_table) in [(399, false), (400, true), (5000, true)] {
        check(&Gamma::new(a, b).unwrap(), draws, by_a_table);
        check(&InverseGamma::new(a, b).unwrap(), draws, by_a_table);
    }
    for (draws, by_a_table) in [(999, false), (1000, true)] {
        check(&Beta::new(a, b).unwrap(), draws, by_a_table);
        check(&FisherF::new(a, b).unwrap(), draws, by_a_table);
    }
    check(&VonMises::new(a, b).unwrap(), 1500, true);
    check(&StudentT::new(0.0.into(), a, b * 20.0).unwrap(), 2000, true);
    check(&Normal::new(a, b).unwrap(), 10_000, false);

    // Student's t below 40 degrees of freedom moves at a fixed probability by a table: dt/dν is -F_ν/f
    let df = Jet::variable(5.0, 0);
    let law = StudentT::new(0.0.into(), 1.0.into(), df).unwrap();
    let (mut values, mut slopes) = ([0.0; 2000], [0.0; 2000]);
    fill(&law, &mut Xoshiro256PlusPlus::seed_from_u64(1), &mut values, [&mut slopes]);
    for (t, slope) in values.into_iter().zip(slopes) {
        let tail: Jet<f64, 1> = if t < 0.0 { law.cdf(t.into()) } else { -law.sf(t.into()) };
        let want = -tail.eps[0] / law.pdf(t.into()).re;
        assert!((slope - want).abs() <= 1e-11 * want.abs() + 1e-14, "{slope}, not {want} at {t}");
    }
}

#[test]
#[should_panic(expected = "100 values, but 99 partials of variable 1")]
fn slices_of_one_length() {
    let [mean, std_dev] = Jet::variables([0.0, 1.0]);
    let law = Normal::new(mean, std_dev).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    fill(&law, &mut rng, &mut [0.0; 100], [&mut [0.0; 100], &mut [0.0; 99]]);
}
