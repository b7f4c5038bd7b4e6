//! Laws and jets through JSON: what goes out comes back, and nothing invalid comes in.

use crate::common::{discrete_parameters, parameters};
use reparam::distr::{DiscreteFamily, Family};
use reparam::for_each_family;
use reparam::prelude::*;

/// Out and back for each family: the same text again, and the same quantile.
fn round_trip<F, L>()
where
    F: Family<Law<f64> = L>,
    L: Continuous<f64> + serde::Serialize + serde::de::DeserializeOwned,
{
    for parameters in parameters::chosen(F::NAME) {
        let law = F::law::<f64>(parameters).expect("valid parameters");
        let text = serde_json::to_string(&law).expect("a law serializes");
        // the continuous Bernoulli law holds the logit of its probability, which keeps more digits
        let names = if F::NAME == "continuous_bernoulli" { &["logit"] } else { F::PARAMETERS };
        for name in names {
            assert!(text.contains(&format!("\"{name}\":")), "{text} has no {name}");
        }
        let back: L = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(back.quantile(0.3).to_bits(), law.quantile(0.3).to_bits(), "{text}");
        assert_eq!(serde_json::to_string(&back).expect("a law serializes"), text);
    }
}

#[test]
fn laws_round_trip() {
    macro_rules! one {
        ($family:ident) => {
            round_trip::<$family<f64>, $family<f64>>();
        };
    }
    for_each_family!(one);
}

/// The same for discrete families.
fn discrete_round_trip<F, L>()
where
    F: DiscreteFamily<Law<f64> = L>,
    L: DiscreteUnivariate<f64> + serde::Serialize + serde::de::DeserializeOwned,
{
    for (integers, parameters) in discrete_parameters::chosen(F::NAME) {
        let law = F::law::<f64>(integers, parameters).expect("valid parameters");
        let text = serde_json::to_string(&law).expect("a law serializes");
        for name in F::INTEGERS.iter().chain(F::PARAMETERS) {
            assert!(text.contains(&format!("\"{name}\":")), "{text} has no {name}");
        }
        let back: L = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(back.quantile(0.3), law.quantile(0.3), "{text}");
        assert_eq!(serde_json::to_string(&back).expect("a law serializes"), text);
    }
}

#[test]
fn discrete_laws_round_trip() {
    macro_rules! one {
        ($family:ident) => {
            discrete_round_trip::<$family<f64>, $family<f64>>();
        };
    }
    for_each_discrete_family!(one);
    let refused = serde_json::from_str::<Binomial<f64>>(r#"{"trials": 3, "p": 1.5}"#).expect_err("no probability");
    assert!(refused.to_string().contains("[0, 1]"), "{refused}");
}

#[test]
fn invalid_laws_are_refused() {
    let refused = |text: &str| serde_json::from_str::<Normal<f64>>(text).expect_err(text).to_string();
    assert!(
        refused(r#"{"mean": 0.0, "std_dev": -1.0}"#)
            .contains("the std_dev of a normal law must be in [1e-150, 1e150], not -1")
    );
    assert!(refused(r#"{"mean": 0.0}"#).contains("std_dev"));
    assert!(refused(r#"{"mean": 0.0, "std_dev": 1.0, "rate": 2.0}"#).contains("rate"));
}

#[test]
fn jets_round_trip() {
    let jet = Jet::variable(Jet { re: 1.5, eps: [2.5, -3.0] }, 1);
    let jet: Jet<Jet<f64, 2>, 2> = jet;
    let text = serde_json::to_string(&jet).expect("a jet serializes");
    assert_eq!(serde_json::from_str::<Jet<Jet<f64, 2>, 2>>(&text).expect(&text), jet);
    assert_eq!(serde_json::to_string(&Jet { re: 1.0, eps: [2.0] }).expect("a jet"), r#"{"re":1.0,"eps":[2.0]}"#);

    for wrong in [r#"{"re":1.0,"eps":[2.0]}"#, r#"{"re":1.0,"eps":[2.0,3.0,4.0]}"#, r#"{"re":1.0}"#] {
        assert!(serde_json::from_str::<Jet<f64, 2>>(wrong).is_err(), "{wrong}");
    }
    let law = Normal::new(Jet { re: 1.0, eps: [1.0] }, Jet::from(2.0)).expect("valid");
    let text = serde_json::to_string(&law).expect("a law of jets");
    assert_eq!(serde_json::from_str::<Normal<Jet<f64, 1>>>(&text).expect(&text), law);
}

#[test]
fn mixtures_round_trip() {
    type Pair = Mixture<f64, (Normal<f64>, Gamma<f64>)>;
    let laws = (Normal::new(0.0, 1.0).expect("valid"), Gamma::new(2.5, 1.0).expect("valid"));
    let law: Pair = Mixture::new([1.0, 3.0], laws).expect("valid");
    let text = r#"{"weights":[0.25,0.75],"components":[{"mean":0.0,"std_dev":1.0},{"shape":2.5,"rate":1.0}]}"#;
    assert_eq!(serde_json::to_string(&law).expect("a mixture"), text);
    assert_eq!(serde_json::from_str::<Pair>(text).expect(text), law);
    // weights that add up to 1 but for rounding keep their values
    for i in 1..200 {
        let law: Mixture<f64, Vec<Normal<f64>>> =
            Mixture::new((1..=i).map(|k| f64::from(k * k)).collect(), vec![laws.0; i as usize]).expect("valid");
        let text = serde_json::to_string(&law).expect("a mixture");
        assert_eq!(serde_json::from_str::<Mixture<f64, Vec<Normal<f64>>>>(&text).expect(&text), law);
    }
    let refused = |text: &str| serde_json::from_str::<Pair>(text).expect_err(text).to_string();
    assert!(refused(&text.replace("0.75", "-0.75")).contains("weights"));
    assert!(refused(&text.replace("0.25,0.75", "0,0")).contains("weights"));
    assert!(refused(&text.replace("2.5", "0")).contains("shape"));
    assert!(refused(&text.replace("0.25,", "")).contains("length"));
    let many = r#"{"weights":[0.5,0.5],"components":[{"mean":0.0,"std_dev":1.0}]}"#;
    assert!(serde_json::from_str::<Mixture<f64, Vec<Normal<f64>>>>(many).is_err());
    // a weight of which only the logarithm is a double would come back as 0
    let tiny = Mixture::from_logits([0.0, -1000.0], [laws.0; 2]).expect("valid");
    assert!(serde_json::to_string(&tiny).expect_err("a lost weight").to_string().contains("below the doubles"));
    let zero = Mixture::from_logits([0.0, f64::NEG_INFINITY], [laws.0; 2]).expect("valid");
    assert!(serde_json::to_string(&zero).expect("a mixture").starts_with(r#"{"weights":[1.0,0.0]"#));

    let [w, m] = Jet::variables([0.25, 1.0]);
    let jets = Mixture::new([w, -w + 1.0], [m, -m].map(|m| Normal::new(m, 1.0.into()).expect("valid"))).expect("valid");
    let text = serde_json::to_string(&jets).expect("a mixture");
    assert_eq!(serde_json::from_str::<Mixture<Jet<f64, 2>, [Normal<Jet<f64, 2>>; 2]>>(&text).expect(&text), jets);
}

#[test]
fn mixtures_of_products_round_trip() {
    type Law = FactorizedMixture<f64, (Normal<f64>, Exponential<f64>), 2>;
    let product = (Normal::new(0.0, 1.0).expect("valid"), Exponential::new(2.0).expect("valid"));
    let law: Law = FactorizedMixture::new([1.0, 3.0], [product; 2]).expect("valid");
    let text = serde_json::to_string(&law).expect("a mixture");
    let row = r#"[{"mean":0.0,"std_dev":1.0},{"rate":2.0}]"#;
    assert_eq!(text, format!(r#"{{"weights":[0.25,0.75],"components":[{row},{row}]}}"#));
    let back: Law = serde_json::from_str(&text).expect(&text);
    assert_eq!((serde_json::to_string(&back).expect("a mixture"), back.mean()), (text.clone(), law.mean()));
    assert!(serde_json::from_str::<Law>(&text.replace("2.0", "-2.0")).is_err());
    assert!(serde_json::from_str::<Law>(&text.replace("0.25", "null")).is_err());
}

/// Out and back for the discrete laws whose parameters are not all numbers.
#[test]
fn laws_of_cells_round_trip() {
    fn round_trip<L: serde::Serialize + serde::de::DeserializeOwned + std::fmt::Debug>(law: L) {
        let text = serde_json::to_string(&law).expect("a law serializes");
        let back: L = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(format!("{back:?}"), format!("{law:?}"), "{text}");
    }
    round_trip(Categorical::new([0.1, 0.0, 0.7]).unwrap());
    round_trip(Categorical::linear(vec![0.1, 0.2, 0.7]).unwrap());
    round_trip(OneHotCategorical::new([1.0, 2.0]).unwrap());
    round_trip(Multinomial::new(9, [0.5, 0.25, 0.25]).unwrap());
    round_trip(DirichletMultinomial::new(9, [0.5, 2.0]).unwrap());
    round_trip(PlackettLuce::from_logits([0.5, -1.0, 3.0]).unwrap());
    round_trip(OrderedLogistic::new(0.5, [-1.0, 3.0]).unwrap());
    round_trip(ZeroInflated::new(0.25, Poisson::new(3.0).unwrap()).unwrap());
}

#[test]
fn invalid_laws_of_cells_are_refused() {
    fn refused<L: serde::Serialize + serde::de::DeserializeOwned>(law: L, from: &str, to: &str) {
        let text = serde_json::to_string(&law).expect("a law serializes");
        assert!(text.contains(from), "{text} has no {from}");
        let mended = text.replacen(from, to, 1);
        assert!(serde_json::from_str::<L>(&mended).is_err(), "{mended}");
    }
    refused(Categorical::new([0.25, 0.75]).unwrap(), "0.25", "-0.25");
    refused(OneHotCategorical::new([0.25, 0.75]).unwrap(), "0.25", "0.5");
    refused(Multinomial::new(9, [0.25, 0.75]).unwrap(), "0.25", "-0.25");
    refused(DirichletMultinomial::new(9, [0.5, 2.0]).unwrap(), "0.5", "-0.5");
    refused(OrderedLogistic::new(0.5, [-1.0, 3.0]).unwrap(), "3.0", "-3.0");
    refused(ZeroInflated::new(0.25, Poisson::new(3.0).unwrap()).unwrap(), "0.25", "1.25");
}

/// Formats without infinity have `null` for a bound that is infinite; it comes back as what it was.
#[test]
fn infinite_bounds_round_trip() {
    fn both_ways<L: serde::Serialize + serde::de::DeserializeOwned + Continuous<f64>>(law: &L, text: &str) {
        assert_eq!(serde_json::to_string(law).unwrap(), text);
        let back: L = serde_json::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!((back.support(), back.quantile(0.3)), (law.support(), law.quantile(0.3)));
    }
    let inf = f64::INFINITY;
    both_ways(&TruncatedNormal::new(0.0, 1.0, 0.5, inf).unwrap(), r#"{"mu":0.0,"sigma":1.0,"lower":0.5,"upper":null}"#);
    both_ways(
        &TruncatedNormal::new(0.0, 1.0, -inf, inf).unwrap(),
        r#"{"mu":0.0,"sigma":1.0,"lower":null,"upper":null}"#,
    );
    let base = Normal::new(0.0, 1.0).unwrap();
    let text = r#"{"base":{"mean":0.0,"std_dev":1.0},"lower":null,"upper":-3.0}"#;
    both_ways(&Truncated::new(base, -inf, -3.0).unwrap(), text);
    both_ways(
        &Truncated::new(Exponential::new(2.0).unwrap(), 1.0, inf).unwrap(),
        r#"{"base":{"rate":2.0},"lower":1.0,"upper":null}"#,
    );
    let lower = Jet::variables([0.5])[0];
    let law = TruncatedNormal::new(Jet::from(0.0), Jet::from(1.0), lower, Jet::from(inf)).unwrap();
    let text = serde_json::to_string(&law).unwrap();
    let back: TruncatedNormal<Jet<f64, 1>> = serde_json::from_str(&text).unwrap();
    assert_eq!(back.quantile(0.3.into()), law.quantile(0.3.into()));
    // null is no other parameter, and no bound of a law that has none
    assert!(
        serde_json::from_str::<TruncatedNormal<f64>>(r#"{"mu":null,"sigma":1.0,"lower":0.5,"upper":null}"#).is_err()
    );
    assert!(serde_json::from_str::<Uniform<f64>>(r#"{"lower":0.0,"upper":null}"#).is_err());
    assert!(serde_json::from_str::<Truncated<Normal<f64>, f64>>(&text.replace("0.5", "1e999")).is_err());
}
