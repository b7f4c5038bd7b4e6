//! Derivatives in parameters on which a law hardly depends: many degrees of freedom, large powers, scales far larger than a truncated law's interval. What
//! they move by is a small rest of what their parts do, and has all digits.

use crate::common::{constant, records, second_order};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;

type First = Jet<f64, 1>;
type Second = Jet<First, 1>;

/// A row of `hardly_matter.csv`.
struct Row {
    law: String,
    parameters: Vec<f64>,
    of: usize,
    u: f64,
    x: f64,
    /// dx, d²x, d ln F, d ln(1 - F), d ln f.
    wanted: [f64; 5],
}

fn rows() -> Vec<Row> {
    let number = |field: &String| field.parse::<f64>().expect("a number");
    let row = |fields: Vec<String>| Row {
        law: fields[0].clone(),
        parameters: fields[1..5].iter().filter(|field| !field.is_empty()).map(number).collect(),
        of: fields[5].parse().expect("a count"),
        u: number(&fields[6]),
        x: number(&fields[7]),
        wanted: std::array::from_fn(|i| number(&fields[8 + i])),
    };
    records("hardly_matter.csv").into_iter().map(row).collect()
}

/// The quantile at u and, at x, ln F, ln(1 - F) and ln f.
fn of_law<S: Scalar>(row: &Row, p: &[S]) -> [S; 4] {
    fn of<S: Scalar>(law: impl Continuous<S>, u: f64, x: f64) -> [S; 4] {
        let x = S::from(x);
        [law.quantile(S::from(u)), law.ln_cdf(x), law.ln_sf(x), law.ln_pdf(x)]
    }
    let (u, x) = (row.u, row.x);
    match row.law.as_str() {
        "fisher_f" => of(FisherF::new(p[0], p[1]).unwrap(), u, x),
        "truncated_logistic" => of(TruncatedLogistic::new(p[0], p[1], p[2], p[3]).unwrap(), u, x),
        "generalized_gamma" => of(GeneralizedGamma::new(p[0], p[1], p[2]).unwrap(), u, x),
        "half_student_t" => of(HalfStudentT::new(p[0], p[1]).unwrap(), u, x),
        "size_of_generalized_normal" => {
            let law = GeneralizedNormal::new(S::from(0.0), p[0], p[1]).unwrap();
            // |X| beyond x on one side of two
            let ln_sf = law.ln_sf(S::from(x)) + core::f64::consts::LN_2;
            [
                law.isf(S::from(0.5 * (1.0 - u))),
                ln_sf.ln_1m_exp(),
                ln_sf,
                law.ln_pdf(S::from(x)) + core::f64::consts::LN_2,
            ]
        }
        law => panic!("{law}"),
    }
}

fn variables<S: Scalar>(row: &Row, variable: S) -> Vec<S> {
    row.parameters.iter().enumerate().map(|(i, p)| if i == row.of { variable } else { constant(*p) }).collect()
}

#[test]
fn derivatives_in_parameters_that_hardly_matter() {
    let mut worst = [0.0f64; 5];
    for row in rows() {
        let at = format!("{} {:?} at {}", row.law, row.parameters, row.u);
        let parameter = row.parameters[row.of];
        let [x, ln_cdf, ln_sf, ln_pdf] = of_law(&row, &variables(&row, First::variable(parameter, 0)));
        let (value, first, second) =
            of_law(&row, &variables::<Second>(&row, second_order([parameter].as_slice())[0]))[0].hessian();
        assert!((value / row.x - 1.0).abs() < 5e-14 && x.re == value, "{at}: {value:e}, not {:e}", row.x);
        assert!((first[0] / x.eps[0] - 1.0).abs() < 1e-14, "{at}: {first:?} and {x:?}");
        let got = [x.eps[0], second[0][0], ln_cdf.eps[0], ln_sf.eps[0], ln_pdf.eps[0]];
        for (i, (got, want)) in got.into_iter().zip(row.wanted).enumerate() {
            // tails and densities of the truncated law are right to 1e-15 over the parameter, as its page says
            let size = if i > 1 && row.law == "truncated_logistic" { 0.01 / parameter } else { want.abs() };
            let error = (got - want).abs() / size;
            worst[i] = worst[i].max(error);
            assert!(error < 2e-13, "{at}, {i}: {got:e}, not {want:e}: {error:e}");
        }
    }
    println!(
        "dx {:.1e}, d2x {:.1e}, d ln F {:.1e}, d ln(1 - F) {:.1e}, d ln f {:.1e}",
        worst[0], worst[1], worst[2], worst[3], worst[4]
    );
}

/// Mean, variance, entropy or mode of the law of a row of `moment_slopes.csv`, whose name is that of the law and of one of them.
fn moment<S: Scalar>(name: &str, p: &[S]) -> S {
    fn of<S: Scalar>(law: impl Continuous<S>, moment: &str) -> S {
        match moment {
            "mean" => law.mean().unwrap(),
            "variance" => law.variance().unwrap(),
            "entropy" => law.entropy(),
            "mode" => law.mode().unwrap(),
            _ => panic!("{moment}"),
        }
    }
    let (law, moment) = name.rsplit_once('_').unwrap();
    macro_rules! among {
        ($($family:ident)*) => {$(
            if law == <$family<f64> as Family>::NAME {
                return of(<$family<f64> as Family>::law(p).unwrap(), moment);
            }
        )*};
    }
    among!(Beta BetaPrime BetaProportion FisherF FoldedNormal GammaGamma GeneralizedInverseGaussian Gompertz HalfStudentT);
    among!(InverseGaussian LogLogistic Lomax Nakagami NoncentralT NormalInverseGaussian Pareto SkewNormal SkewT StudentT);
    among!(TruncatedNormal TruncatedPowerLaw VonMises);
    panic!("{name}")
}

#[test]
fn moments_in_parameters_that_hardly_matter() {
    let mut worst = [0.0f64; 3];
    let mut found = Vec::new();
    for fields in records("moment_slopes.csv") {
        let number = |i: usize| fields[i].parse::<f64>().expect("a number");
        let parameters: Vec<f64> = (1..5).filter(|i| !fields[*i].is_empty()).map(number).collect();
        let of: usize = fields[5].parse().expect("a count");
        let at: Vec<Second> = parameters
            .iter()
            .enumerate()
            .map(|(i, p)| if i == of { second_order([*p].as_slice())[0] } else { constant(*p) })
            .collect();
        let (value, [first], [[second]]) = moment(&fields[0], &at).hessian();
        assert_eq!(value.to_bits(), moment(&fields[0], &parameters).to_bits(), "{fields:?}");
        for (i, got) in [value, first, second].into_iter().enumerate().filter(|(i, _)| !fields[6 + i].is_empty()) {
            let error = (got / number(6 + i) - 1.0).abs();
            worst[i] = worst[i].max(error);
            if error.is_nan() || error > [2e-14, 2e-13, 2e-12][i] {
                found.push(format!(
                    "{} {parameters:?} by {of}, {i}: {got:e}, not {}: {error:.1e}",
                    fields[0],
                    fields[6 + i]
                ));
            }
        }
    }
    println!("values {:.1e}, first derivatives {:.1e}, second {:.1e}", worst[0], worst[1], worst[2]);
    assert!(found.is_empty(), "{found:#?}");
}

/// Draws, by formulas and by tables, move as the quantiles at their probabilities do: to a part of z/p².
#[test]
fn draws_in_parameters_that_hardly_matter() {
    fn agree(name: &str, draw: First, plain: impl Continuous<f64>, law: impl Continuous<First>, unit: f64) {
        let (z, [ln_cdf, ln_sf]) = (draw.re, [plain.ln_cdf(draw.re), plain.ln_sf(draw.re)]);
        let q = if ln_cdf < ln_sf { law.quantile_ln(ln_cdf.into()) } else { law.isf_ln(ln_sf.into()) };
        let error = (draw.eps[0] - q.eps[0]).abs() / (q.eps[0].abs() + z.abs() * unit);
        assert!(error < 1e-11, "{name}: {draw:?}, and the quantile {q:?}: {error:e}");
    }
    let (v, c) = (|x: f64| First::variable(x, 0), First::from);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for p in [1e3, 1e6, 1e9] {
        let unit = 1.0 / (p * p);
        let [f, many] = [FisherF::new(c(5.0), v(p)).unwrap(), FisherF::new(v(p), c(2e4)).unwrap()];
        let normal = GeneralizedNormal::new(c(0.5), c(2.0), v(p)).unwrap();
        let gamma = GeneralizedGamma::new(c(2.0), c(3.0), v(p)).unwrap();
        let (f_by_table, normal_by_table, gamma_by_table) = (f.prepared(), normal.prepared(), gamma.prepared());
        for _ in 0..300 {
            let plain = FisherF::new(5.0, p).unwrap();
            agree("F", f.sample(&mut rng), plain, f, unit);
            agree("F by a table", f_by_table.sample(&mut rng), plain, f, unit);
            agree("F of two", many.sample(&mut rng), FisherF::new(p, 2e4).unwrap(), many, unit);
            let plain = GeneralizedNormal::new(0.5, 2.0, p).unwrap();
            agree("generalized normal", normal.sample(&mut rng), plain, normal, unit);
            agree("generalized normal by a table", normal_by_table.sample(&mut rng), plain, normal, unit);
            let plain = GeneralizedGamma::new(2.0, 3.0, p).unwrap();
            agree("generalized gamma", gamma.sample(&mut rng), plain, gamma, unit);
            agree("generalized gamma by a table", gamma_by_table.sample(&mut rng), plain, gamma, unit);
        }
    }
}
