//! What constructors of discrete laws refuse, in which words, and what laws say of their parameters.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::DiscreteFamily;
use reparam::estimate::EstimateError;
use reparam::prelude::*;
use reparam::program::{Fault, RunError};
use reparam::rejection::RejectionError;
use reparam::relax::RelaxedBernoulli;
use reparam::weighted::{Resampling, Weighted};

fn message<T>(made: Result<T, LawError>) -> String {
    made.err().map_or("accepted".into(), |error| error.to_string())
}

#[test]
fn refused_parameters_are_named() {
    let nan = f64::NAN;
    let most = 1_000_000_000_000_000;
    let cases = [
        (message(Bernoulli::new(1.5)), "the p of a Bernoulli law must be in [0, 1], not 1.5"),
        (message(Bernoulli::new(nan)), "the p of a Bernoulli law must be in [0, 1], not NaN"),
        (message(Bernoulli::from_logit(-701.0)), "the logit of a Bernoulli law must be in [-700, 700], not -701"),
        (
            message(Binomial::new(most + 1, 0.5)),
            "the trials of a binomial law must be in [0, 1e15], not 1.000000000000001e15",
        ),
        (
            message(Binomial::new(u64::MAX, 0.5)),
            "the trials of a binomial law must be in [0, 1e15], not 1.8446744073709552e19",
        ),
        (message(Binomial::new(most, -0.25)), "the p of a binomial law must be in [0, 1], not -0.25"),
        (message(Poisson::new(0.0)), "the rate of a Poisson law must be in [1e-300, 1e15], not 0"),
        (message(Geometric::new(2.0)), "the p of a geometric law must be in [1e-300, 1], not 2"),
        (
            message(NegativeBinomial::new(-1.0, 0.5)),
            "the r of a negative binomial law must be in [1e-50, 1e15], not -1",
        ),
        (message(NegativeBinomial::new(1.0, 0.0)), "the p of a negative binomial law must be in [1e-50, 1], not 0"),
        (message(GammaPoisson::new(nan, 1.0)), "the shape of a gamma-Poisson law must be in [1e-50, 1e15], not NaN"),
        (message(GammaPoisson::new(1.0, 1e51)), "the rate of a gamma-Poisson law must be in [1e-50, 1e50], not 1e51"),
        (
            message(BetaBinomial::new(most + 1, 1.0, 1.0)),
            "the trials of a beta-binomial law must be in [0, 1e15], not 1.000000000000001e15",
        ),
        (message(BetaBinomial::new(3, 0.0, 1.0)), "the alpha of a beta-binomial law must be in [1e-10, 1e10], not 0"),
        (
            message(BetaBinomial::new(3, 1.0, 1e11)),
            "the beta of a beta-binomial law must be in [1e-10, 1e10], not 1e11",
        ),
        (message(Skellam::new(0.0, 1.0)), "the first of a Skellam law must be in [1e-50, 1e15], not 0"),
        (message(Skellam::new(1.0, nan)), "the second of a Skellam law must be in [1e-50, 1e15], not NaN"),
        (message(Zipf::new(0, 1.0)), "the n of a Zipf law must be in [1, 1e15], not 0"),
        (message(Zipf::new(3, -1.0)), "the s of a Zipf law must be in [0, 1e6], not -1"),
        (message(Zeta::new(1.0)), "the s of a zeta law must be in [1.000001, 1e6], not 1"),
        (
            message(Hypergeometric::<f64>::new(most + 1, 0, 0)),
            "the population of a hypergeometric law must be in [0, 1e15], not 1.000000000000001e15",
        ),
        (
            message(Hypergeometric::<f64>::new(5, 6, 0)),
            "the successes of a hypergeometric law must be at most the population, not 6",
        ),
        (
            message(Hypergeometric::<f64>::new(5, 0, 7)),
            "the draws of a hypergeometric law must be at most the population, not 7",
        ),
        (
            message(DiscreteUniform::<f64>::new(i64::MIN, 0)),
            "the lower of a discrete uniform law must be in [-1e15, 1e15], not -9.223372036854776e18",
        ),
        (
            message(DiscreteUniform::<f64>::new(0, most as i64 + 1)),
            "the upper of a discrete uniform law must be in [-1e15, 1e15], not 1.000000000000001e15",
        ),
        (
            message(DiscreteUniform::<f64>::new(2, 1)),
            "the upper of a discrete uniform law must be at least lower, not 1",
        ),
        (
            message(ZeroInflated::new(1.1, Poisson::new(1.0).expect("valid"))),
            "the zero of a zero-inflated law must be in [0, 1], not 1.1",
        ),
    ];
    for (got, want) in cases {
        assert_eq!(got, want);
    }
}

/// Of several entries the first one at fault is what was received.
#[test]
fn refused_entries_are_named() {
    let none: [f64; 0] = [];
    let cells = "of a categorical or multinomial law must be";
    let cases = [
        (message(Categorical::new(none)), format!("the weights {cells} at least one, not 0")),
        (message(Categorical::new([1.0, -2.0, f64::NAN])), format!("the weights {cells} in [0, 1e150], not -2")),
        (message(Categorical::linear([1.0, f64::NAN, -2.0])), format!("the weights {cells} in [0, 1e150], not NaN")),
        (
            message(Categorical::new([0.0, 1e-200])),
            format!("the weights {cells} at least 1e-150 in one of the cells, not 1e-200"),
        ),
        (
            message(OneHotCategorical::new([0.0; 2])),
            format!("the weights {cells} at least 1e-150 in one of the cells, not 0"),
        ),
        (message(Categorical::from_logits(none)), format!("the logits {cells} at least one, not 0")),
        (message(Categorical::from_logits([0.0, f64::INFINITY])), format!("the logits {cells} at most 1e150, not inf")),
        (message(Categorical::from_logits([f64::NAN])), format!("the logits {cells} at most 1e150, not NaN")),
        (
            message(Categorical::from_logits([f64::NEG_INFINITY])),
            format!("the logits {cells} at least -1e150 in one of the cells, not -inf"),
        ),
        (message(Multinomial::new(3, [-1.0])), format!("the weights {cells} in [0, 1e150], not -1")),
        (
            message(Multinomial::new(u64::MAX, [-1.0])),
            "the trials of a multinomial law must be in [0, 1e15], not 1.8446744073709552e19".into(),
        ),
        (
            message(DirichletMultinomial::new(3, none)),
            "the concentrations of a Dirichlet-multinomial law must be at least one, not 0".into(),
        ),
        (
            message(DirichletMultinomial::new(3, [1.0, 0.0])),
            "the concentrations of a Dirichlet-multinomial law must be in [1e-10, 1e10], not 0".into(),
        ),
        (
            message(OrderedLogistic::new(1e151, [0.0])),
            "the location of an ordered logistic law must be in [-1e150, 1e150], not 1e151".into(),
        ),
        (
            message(OrderedLogistic::new(0.0, [0.0, f64::NAN])),
            "the cuts of an ordered logistic law must be in [-1e150, 1e150], not NaN".into(),
        ),
        (
            message(OrderedLogistic::new(0.0, [0.0, 2.0, 2.0, 1.0])),
            "the cuts of an ordered logistic law must be rising, each above the one before, not 2".into(),
        ),
        (
            message(PlackettLuce::from_logits(none)),
            "the logits of a Plackett-Luce law must be at least one, not 0".into(),
        ),
        (
            message(PlackettLuce::from_logits([0.0, -2e150])),
            "the logits of a Plackett-Luce law must be in [-1e150, 1e150], not -2e150".into(),
        ),
    ];
    for (got, want) in cases {
        assert_eq!(got, want);
    }
}

/// The ends of a range belong to it.
#[test]
fn ends_of_ranges_are_accepted() {
    let most = 1_000_000_000_000_000;
    let accepted = [
        message(Binomial::new(most, 0.0)),
        message(Binomial::new(0, 1.0)),
        message(Poisson::new(1e-300)),
        message(Poisson::new(1e15)),
        message(Zeta::new(1.000001)),
        message(Zipf::new(1, 0.0)),
        message(Hypergeometric::<f64>::new(most, most, most)),
        message(DiscreteUniform::<f64>::new(-(most as i64), most as i64)),
        message(DiscreteUniform::<f64>::new(1, 1)),
        message(Bernoulli::from_logit(700.0)),
        message(Categorical::new([0.0, 1e-150, 1e150])),
        message(Categorical::from_logits([f64::NEG_INFINITY, -1e150])),
        message(OrderedLogistic::new(-1e150, [-1e150, 1e150])),
    ];
    assert_eq!(accepted, [const { "accepted" }; 13]);
}

/// A whole number that the type of a parameter cannot hold is refused as it is.
#[test]
fn negative_counts_of_families_are_named() {
    let error = <Binomial<f64> as DiscreteFamily>::law(&[-3], &[0.5]).expect_err("negative");
    assert_eq!(error.to_string(), "the trials of a binomial law must be at least 0, not -3");
    assert!(<DiscreteUniform<f64> as DiscreteFamily>::law::<f64>(&[-3, -1], &[]).is_ok());
}

/// `?` on discrete and continuous laws, a relaxation and a resampler in one function.
#[test]
fn one_error_for_all() {
    fn all(rate: f64, scale: f64, temperature: f64, weight: f64) -> Result<f64, LawError> {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
        let particles = [1.0, weight].map(|weight| Weighted { value: 1.0, weight });
        let mut offspring = particles;
        Resampling::Systematic.run(&particles, &mut offspring, rng)?;
        let counts = Poisson::new(rate)?.sample(rng) + Binomial::new(3, 0.5)?.sample(rng);
        let noise = Normal::new(0.0, scale)?.sample(rng);
        Ok(counts as f64 + noise + RelaxedBernoulli::new(temperature, 0.0)?.sample(rng) + offspring[0].value)
    }
    let fault = |made: Result<f64, LawError>| made.map_err(|e| (e.parameter(), e.value())).expect_err("refused");
    assert!(all(1.0, 1.0, 1.0, 1.0).is_ok());
    assert_eq!(fault(all(-1.0, 1.0, 1.0, 1.0)), ("rate", -1.0));
    assert_eq!(fault(all(1.0, -2.0, 1.0, 1.0)), ("std_dev", -2.0));
    assert_eq!(fault(all(1.0, 1.0, -3.0, 1.0)), ("temperature", -3.0));
    assert_eq!(fault(all(1.0, 1.0, 1.0, -4.0)), ("weights", -4.0));
}

/// Errors go anywhere: into other threads, and by copy.
#[test]
fn errors_are_plain_values() {
    fn is_plain<E: std::error::Error + Copy + Send + Sync + PartialEq + 'static>() {}
    is_plain::<LawError>();
    is_plain::<Fault>();
    is_plain::<RunError<LawError>>();
    is_plain::<RejectionError>();
    is_plain::<EstimateError<LawError>>();
    assert_eq!(size_of::<LawError>(), 16);
}

#[test]
fn laws_give_their_parameters_back() -> Result<(), LawError> {
    let p = Jet::variables([0.25]);
    assert_eq!((Bernoulli::new(p[0])?.p(), Bernoulli::new(p[0])?.parameters()), (p[0], p));
    assert_eq!(Geometric::new(p[0])?.parameters(), p);
    assert_eq!((Binomial::new(7, p[0])?.trials(), Binomial::new(7, p[0])?.p()), (7, p[0]));
    let [a, b] = Jet::variables([0.5, 0.75]);
    assert_eq!((Poisson::new(a)?.rate(), Poisson::new(a)?.parameters()), (a, [a]));
    assert_eq!(NegativeBinomial::new(a, b)?.parameters(), [a, b]);
    assert_eq!((NegativeBinomial::new(a, b)?.r(), NegativeBinomial::new(a, b)?.p()), (a, b));
    assert_eq!(GammaPoisson::new(a, b)?.parameters(), [a, b]);
    assert_eq!(Skellam::new(a, b)?.parameters(), [a, b]);
    let law = BetaBinomial::new(7, a, b)?;
    assert_eq!((law.trials(), law.alpha(), law.beta()), (7, a, b));
    assert_eq!((Zipf::new(7, a)?.n(), Zipf::new(7, a)?.s()), (7, a));
    assert_eq!(Zeta::new(a + 1.0)?.parameters(), [a + 1.0]);
    let law = Hypergeometric::<f64>::new(7, 3, 2)?;
    assert_eq!((law.population(), law.successes(), law.draws()), (7, 3, 2));
    let law = DiscreteUniform::<f64>::new(-3, 2)?;
    assert_eq!((law.lower(), law.upper()), (-3, 2));
    let law = OrderedLogistic::new(a, [a, b])?;
    assert_eq!((law.location(), law.cuts()), (a, [a, b].as_slice()));
    assert_eq!(DirichletMultinomial::new(3, [a, b])?.concentrations(), [a, b]);
    assert_eq!(PlackettLuce::from_logits([a, b])?.logits(), [a, b]);
    let law = ZeroInflated::new(a, Poisson::new(b)?)?;
    assert_eq!((law.zero(), law.counts().rate()), (a, b));
    Ok(())
}

/// What comes from outside goes through the same checks.
#[test]
fn serialized_parameters_are_checked() {
    fn error<T: serde::de::DeserializeOwned>(json: &str) -> String {
        serde_json::from_str::<T>(json).err().map_or("accepted".into(), |error| error.to_string())
    }
    assert_eq!(
        error::<Poisson<f64>>(r#"{"rate":-1.0}"#),
        "the rate of a Poisson law must be in [1e-300, 1e15], not -1"
    );
    assert_eq!(
        error::<Hypergeometric<f64>>(r#"{"population":5,"successes":6,"draws":1}"#),
        "the successes of a hypergeometric law must be at most the population, not 6"
    );
    let of_cells = "the probabilities of a categorical or multinomial law must be in [0, 1], not -0.5";
    assert_eq!(error::<Categorical<Vec<f64>>>(r#"{"probabilities":[1.0,-0.5,0.5]}"#), of_cells);
    let cells = r#"{"probabilities":[0.5,0.25]}"#;
    let sum = "the probabilities of a categorical or multinomial law must be numbers with the sum 1, not 0.75";
    assert_eq!(error::<Categorical<Vec<f64>>>(cells), sum);
    assert_eq!(
        error::<Multinomial<Vec<f64>>>(r#"{"trials":2000000000000000,"probabilities":[1.0]}"#),
        "the trials of a multinomial law must be in [0, 1e15], not 2e15"
    );
    assert_eq!(
        error::<PlackettLuce<Vec<f64>>>(r#"{"logits":[]}"#),
        "the logits of a Plackett-Luce law must be at least one, not 0"
    );
}
