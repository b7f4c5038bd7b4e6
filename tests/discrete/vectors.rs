//! Laws of vectors of counts, unit vectors and permutations: all outcomes listed, draws against them, derivatives against differences.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;
use reparam::verify;
use statrs::distribution::{ChiSquared, ContinuousCDF};

const DRAWS: usize = 300_000;

/// Masses of all outcomes sum to 1, and draws follow them: Pearson's test at five sigma.
fn listed<O: Clone + PartialEq + std::fmt::Debug>(law: &impl Discrete<f64, Outcome = O>, outcomes: &[O]) {
    let masses: Vec<f64> = outcomes.iter().map(|o| law.pmf(o)).collect();
    let total: f64 = masses.iter().sum();
    assert!((total - 1.0).abs() < 1e-12, "{total}");
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut counts = vec![0.0; outcomes.len()];
    for _ in 0..DRAWS {
        let x = law.sample(&mut rng);
        let i = outcomes.iter().position(|o| *o == x).unwrap_or_else(|| panic!("{x:?} is no outcome"));
        counts[i] += 1.0;
    }
    let expected: Vec<f64> = masses.iter().map(|m| m * DRAWS as f64).collect();
    let statistic: f64 =
        expected.iter().zip(&counts).filter(|(e, _)| **e > 0.0).map(|(e, c)| (c - e) * (c - e) / e).sum();
    assert!(expected.iter().zip(&counts).all(|(e, c)| *e > 10.0 || *e == 0.0 && *c == 0.0), "{expected:?} {counts:?}");
    let freedom = expected.iter().filter(|e| **e > 0.0).count() as f64 - 1.0;
    let p = ChiSquared::new(freedom).expect("more than one outcome").sf(statistic);
    assert!(p > verify::FIVE_SIGMA, "p = {p:e}");
}

/// All ways to put n into three cells.
fn compositions(n: u64) -> Vec<[u64; 3]> {
    (0..=n).flat_map(|a| (0..=n - a).map(move |b| [a, b, n - a - b])).collect()
}

#[test]
fn multinomial() {
    listed(&Multinomial::new(5, [1.0, 2.0, 3.0]).expect("valid"), &compositions(5));
    listed(&Multinomial::new(4, [1.0, 0.0, 3.0]).expect("valid"), &compositions(4));
    listed(
        &Multinomial::from_logits(3, vec![0.0, 1.0]).expect("valid"),
        &(0..=3).map(|k| vec![k, 3 - k]).collect::<Vec<_>>(),
    );
    let law = Multinomial::new(10, [1.0, 3.0]).expect("valid");
    assert_eq!((law.mean(0), law.covariance(0, 1), law.covariance(1, 1)), (2.5, -1.875, 1.875));
    assert_eq!(law.ln_pmf(&[3, 8]), f64::NEG_INFINITY);
}

/// Two cells are a binomial law, also where factorials are of no use.
#[test]
fn two_cells_are_binomial() {
    let n = 1_000_000_000_000;
    let (two, one) = (Multinomial::new(n, [0.25, 0.75]).expect("valid"), Binomial::new(n, 0.25).expect("valid"));
    for k in [249_999_000_000, 250_000_000_000, 250_000_400_000] {
        let (got, want) = (two.ln_pmf(&[k, n - k]), one.ln_pmf(&k));
        assert!((got - want).abs() < 1e-13 * want.abs(), "{got} {want}");
    }
    let two = DirichletMultinomial::new(n, [3.0, 0.5]).expect("valid");
    let one = BetaBinomial::new(n, 3.0, 0.5).expect("valid");
    let k = 900_000_000_000;
    assert!((two.ln_pmf(&[k, n - k]) - one.ln_pmf(&k)).abs() < 1e-13 * one.ln_pmf(&k).abs());
}

#[test]
fn dirichlet_multinomial() {
    listed(&DirichletMultinomial::new(5, [1.0, 2.0, 0.5]).expect("valid"), &compositions(5));
    listed(&DirichletMultinomial::new(3, [1e-2, 2e-2, 3e-2]).expect("valid"), &compositions(3));
    let law = DirichletMultinomial::new(10, [1.0, 3.0]).expect("valid");
    assert_eq!((law.mean(0), law.covariance(0, 1)), (2.5, -1.875 * 14.0 / 5.0));
}

/// Variances where one cell has nearly all: what is left to 1 comes from the others. Printed by `tests/reference/make_discrete_faults.py`.
#[test]
fn variances_of_nearly_certain_cells() {
    let close = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 6e-16, "{got:e} for {want:e}");
    let [a] = Jet::variables([1e9]);
    let law = DirichletMultinomial::new(10, [a, Jet::from(1e-9), Jet::from(2e-9)]).expect("valid");
    let variance = law.covariance(0, 0);
    close(variance.re, 3.000_000_027e-17);
    close(variance.eps[0], -3.000_000_054e-26);
    close(law.covariance(0, 1).re, -1.000000009e-17);
    close(law.mean(0).eps[0], 3e-26);
    let law = Multinomial::new(10, [1.0, 1e-18, 2e-18]).expect("valid");
    close(law.covariance(0, 0), 3e-17);
    close(OneHotCategorical::new([1.0, 1e-18, 2e-18]).expect("valid").covariance(0, 0), 3e-18);
}

#[test]
fn one_hot() {
    let units = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    listed(&OneHotCategorical::new([1.0, 0.0, 3.0]).expect("valid"), &units);
    let law = OneHotCategorical::from_logits([0.0, 1.0, 2.0]).expect("valid");
    assert_eq!(law.ln_pmf(&[1.0, 1.0, 0.0]), f64::NEG_INFINITY);
    assert_eq!(law.ln_pmf(&units[2]), law.index().ln_pmf(&2));
}

#[test]
fn plackett_luce() {
    let items = 0..4_usize;
    let mut orders = Vec::new();
    for a in items.clone() {
        for b in items.clone().filter(|b| *b != a) {
            for c in items.clone().filter(|c| *c != a && *c != b) {
                orders.push([a, b, c, 6 - a - b - c]);
            }
        }
    }
    let law = PlackettLuce::from_logits([0.0, 1.0, -1.0, 0.5]).expect("valid");
    listed(&law, &orders);
    assert_eq!(law.ln_pmf(&[0, 1, 1, 2]), f64::NEG_INFINITY);
    assert_eq!(law.ln_pmf(&[0, 1, 2, 4]), f64::NEG_INFINITY);
    // an item that is out of reach is last
    let law = PlackettLuce::from_logits([0.0, -800.0]).expect("valid");
    assert!((law.ln_pmf(&[1, 0]) + 800.0).abs() < 1e-12 && law.ln_pmf(&[0, 1]) == 0.0);
}

/// Derivatives of the logarithms of masses in all parameters against differences.
#[test]
fn derivatives() {
    fn masses<S: Scalar>(x: [S; 3]) -> [S; 4] {
        [
            Multinomial::new(9, x).expect("valid").ln_pmf(&[2, 3, 4]),
            DirichletMultinomial::new(9, x).expect("valid").ln_pmf(&[2, 3, 4]),
            PlackettLuce::from_logits(x).expect("valid").ln_pmf(&[2, 0, 1]),
            OneHotCategorical::from_logits(x).expect("valid").ln_pmf(&[0.0, 1.0, 0.0]),
        ]
    }
    assert_eq!(verify::gradient([0.5, 1.5, 3.0], masses, 1e-6), Ok(()));
}

/// Divergences are sums over all outcomes of p ln(p/q).
#[test]
fn divergences() {
    fn by_sum<L: DiscreteUnivariate<f64, Outcome = u64>>(p: &L, q: &L) -> f64 {
        (0..2000)
            .map(|k| (p.pmf(&k), p.ln_pmf(&k), q.ln_pmf(&k)))
            .filter(|m| m.0 > 0.0)
            .map(|m| m.0 * (m.1 - m.2))
            .sum()
    }
    fn check<L: DiscreteUnivariate<f64, Outcome = u64> + KlDivergence<f64>>(p: L, q: L) {
        let (got, want) = (p.kl_divergence(&q), by_sum(&p, &q));
        assert!((got - want).abs() < 1e-11 * want, "{got} {want}");
    }
    check(Poisson::new(3.0).expect("valid"), Poisson::new(5.0).expect("valid"));
    check(Binomial::new(20, 0.3).expect("valid"), Binomial::new(20, 0.5).expect("valid"));
    check(Geometric::new(0.25).expect("valid"), Geometric::new(0.5).expect("valid"));
    check(NegativeBinomial::new(2.5, 0.25).expect("valid"), NegativeBinomial::new(2.5, 0.75).expect("valid"));
    let (p, q) = (Categorical::new([1.0, 1.0, 2.0]).expect("valid"), Categorical::new([2.0, 1.0, 1.0]).expect("valid"));
    assert!((p.kl_divergence(&q) - 0.25 * 2f64.ln()).abs() < 1e-15);
    let (p, q) = (Bernoulli::new(0.25).expect("valid"), Bernoulli::new(0.5).expect("valid"));
    assert!((p.kl_divergence(&q) - (0.25 * 0.5f64.ln() + 0.75 * 1.5f64.ln())).abs() < 1e-15);
    assert_eq!(Bernoulli::new(0.5).expect("valid").kl_divergence(&Bernoulli::new(1.0).expect("valid")), f64::INFINITY);
}

/// Divergences of the other families, of four positive parameters: those of the first law and those of the second.
#[derive(Clone, Copy, Debug)]
enum Pair {
    BetaBinomial,
    GammaPoisson,
    Skellam,
    NegativeBinomial,
    Zipf,
    Zeta,
    ZeroInflated,
    OrderedLogistic,
    Multinomial,
    DirichletMultinomial,
}

impl Pair {
    fn call<S: Scalar>(&self, [a, b, c, d]: [S; 4]) -> S {
        fn kl<S: Scalar, L: KlDivergence<S>, E: std::fmt::Debug>(p: Result<L, E>, q: Result<L, E>) -> S {
            p.expect("valid").kl_divergence(&q.expect("valid"))
        }
        let cuts = |low: S, gap: S| [low, low + gap];
        match self {
            Pair::BetaBinomial => kl(BetaBinomial::new(12, a, b), BetaBinomial::new(15, c, d)),
            Pair::GammaPoisson => kl(GammaPoisson::new(a, b), GammaPoisson::new(c, d)),
            Pair::Skellam => kl(Skellam::new(a, b), Skellam::new(c, d)),
            Pair::NegativeBinomial => kl(NegativeBinomial::new(a, b / 3.0), NegativeBinomial::new(c, d / 3.0)),
            Pair::Zipf => kl(Zipf::new(20, a * b), Zipf::new(25, c * d)),
            Pair::Zeta => kl(Zeta::new(a * b + 2.0), Zeta::new(c * d + 2.0)),
            Pair::ZeroInflated => {
                let law = |p: S, rate| ZeroInflated::new(p / 5.0, Poisson::new(rate).expect("valid"));
                kl(law(a, b), law(c, d))
            }
            Pair::OrderedLogistic => kl(OrderedLogistic::new(a, cuts(b, a)), OrderedLogistic::new(c, cuts(d, c))),
            Pair::Multinomial => kl(Multinomial::new(5, [a, b, c]), Multinomial::new(5, [d, c, a])),
            Pair::DirichletMultinomial => {
                kl(DirichletMultinomial::new(5, [a, b, c]), DirichletMultinomial::new(5, [d, c, a]))
            }
        }
    }
}

/// Against Σ p ln(p/q) over the outcomes, here of plain numbers, and gradients against differences.
#[test]
fn divergences_of_all_families() {
    fn sum<L: Discrete<f64>>(p: L, q: L, outcomes: impl IntoIterator<Item = L::Outcome>) -> f64 {
        let term = |x: L::Outcome| if p.pmf(&x) > 0.0 { p.pmf(&x) * (p.ln_pmf(&x) - q.ln_pmf(&x)) } else { 0.0 };
        outcomes.into_iter().map(term).sum()
    }
    let [a, b, c, d] = [1.5, 0.7, 2.2, 1.1];
    let zero_inflated = |p: f64, rate| ZeroInflated::new(p / 5.0, Poisson::new(rate).unwrap()).unwrap();
    let negative = |r, p: f64| NegativeBinomial::new(r, p / 3.0).unwrap();
    for (pair, want) in [
        (Pair::BetaBinomial, sum(BetaBinomial::new(12, a, b).unwrap(), BetaBinomial::new(15, c, d).unwrap(), 0..=12)),
        (Pair::GammaPoisson, sum(GammaPoisson::new(a, b).unwrap(), GammaPoisson::new(c, d).unwrap(), 0..200)),
        (Pair::Skellam, sum(Skellam::new(a, b).unwrap(), Skellam::new(c, d).unwrap(), -60..60)),
        (Pair::NegativeBinomial, sum(negative(a, b), negative(c, d), 0..400)),
        (Pair::Zipf, sum(Zipf::new(20, a * b).unwrap(), Zipf::new(25, c * d).unwrap(), 1..=20)),
        (Pair::ZeroInflated, sum(zero_inflated(a, b), zero_inflated(c, d), 0..60)),
        (
            Pair::OrderedLogistic,
            sum(OrderedLogistic::new(a, [b, b + a]).unwrap(), OrderedLogistic::new(c, [d, d + c]).unwrap(), 0..3),
        ),
        (
            Pair::Multinomial,
            sum(Multinomial::new(5, [a, b, c]).unwrap(), Multinomial::new(5, [d, c, a]).unwrap(), compositions(5)),
        ),
        (
            Pair::DirichletMultinomial,
            sum(
                DirichletMultinomial::new(5, [a, b, c]).unwrap(),
                DirichletMultinomial::new(5, [d, c, a]).unwrap(),
                compositions(5),
            ),
        ),
    ] {
        let got = pair.call([a, b, c, d]);
        assert!((got - want).abs() < 1e-12 * want, "{pair:?}: {got} {want}");
        assert_eq!(verify::gradient([a, b, c, d], |x| pair.call(x), 1e-6), Ok(()), "{pair:?}");
    }
    assert_eq!(verify::gradient([a, b, c, d], |x| Pair::Zeta.call(x), 1e-6), Ok(()));
    let (p, q) = (Hypergeometric::new(50, 20, 10).unwrap(), Hypergeometric::new(60, 30, 10).unwrap());
    let (got, want): (f64, f64) = (p.kl_divergence(&q), sum(p, q, 0..=10));
    assert!((got - want).abs() < 1e-12 * want, "{got} {want}");
}

/// Nothing between equal laws; infinite where the second law lacks an outcome of the first.
#[test]
fn divergences_at_the_edges() {
    let same: f64 = BetaBinomial::new(12, 1.5, 0.7).unwrap().kl_divergence(&BetaBinomial::new(12, 1.5, 0.7).unwrap());
    assert!(same.abs() < 1e-15, "{same}");
    let [r, p] = Jet::variables([2.5, 0.3]);
    let near = NegativeBinomial::new(Jet::from(2.5), Jet::from(0.3)).unwrap();
    let slope = near.kl_divergence(&NegativeBinomial::new(r, p).unwrap());
    assert!(slope.re.abs() < 1e-15 && slope.eps.iter().all(|e| e.abs() < 1e-13), "{slope:?}");
    let zipf: f64 = Zipf::new(25, 1.0).unwrap().kl_divergence(&Zipf::new(20, 1.0).unwrap());
    assert_eq!(zipf, f64::INFINITY);
    // no mass of the second law's count at 0, which the structural zeros make good: .25/2 + .75 of 0, .5 of 1, against 1/2 each
    let law = |zero, p| ZeroInflated::new(zero, Binomial::new(1, p).unwrap()).unwrap();
    let (got, want): (f64, f64) =
        (law(0.25, 0.5).kl_divergence(&law(0.5, 1.0)), 0.625 * 1.25f64.ln() + 0.375 * 0.75f64.ln());
    assert!((got - want).abs() < 1e-15, "{got} {want}");
}

/// Draws by linear search, with empty cells first, between and last.
#[test]
fn linear_search() {
    for weights in [[0.0, 1.0, 2.0, 3.0], [1.0, 0.0, 2.0, 0.5], [2.0, 1.0, 1.0, 0.0]] {
        let (linear, table) = (Categorical::linear(weights).unwrap(), Categorical::new(weights).unwrap());
        listed(&linear, &[0, 1, 2, 3]);
        listed(
            &OneHotCategorical::linear([weights[0], weights[1]].map(|w| w + 1.0)).unwrap(),
            &[[1.0, 0.0], [0.0, 1.0]],
        );
        for k in 0..4 {
            assert_eq!(linear.ln_pmf(&k), table.ln_pmf(&k));
        }
    }
    listed(&Categorical::linear_from_logits([0.0, f64::NEG_INFINITY, 1.0]).unwrap(), &[0, 1, 2]);
}
