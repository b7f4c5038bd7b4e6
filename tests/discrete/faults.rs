//! Inputs that once gave wrong values, each with neighbours; `tests/reference/make_discrete_faults.py` prints the values
//! that are not plain fractions.

use num_dual::Dual2_64;
use reparam::prelude::*;

type One = Jet<f64, 1>;
type Two = Jet<One, 1>;

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

/// A number that moves by itself, to the second order.
fn moving(x: f64) -> Two {
    Jet { re: One::variable(x, 0), eps: [One::from(1.0)] }
}

/// The distribution function of n fair trials is a fraction without rounding; its inverse is the count itself.
#[test]
fn quantiles_at_values_of_the_distribution_function() {
    for n in 1..40u32 {
        let law = Binomial::new(n.into(), 0.5).unwrap();
        let (mut choose, mut sum) = (1u64, 0u64);
        for k in 0..n {
            sum += choose;
            choose = choose * u64::from(n - k) / u64::from(k + 1);
            let p = sum as f64 / 2f64.powi(n as i32);
            assert_eq!((law.quantile(p), law.isf(1.0 - p)), (Some(k.into()), Some(k.into())), "{n} {k}");
        }
    }
    fn own<L: DiscreteUnivariate<f64, Outcome = u64>>(law: &L, counts: std::ops::Range<u64>) {
        for k in counts.filter(|k| law.pmf(k) > 1e-12) {
            assert_eq!((law.quantile(law.cdf(&k)), law.isf(law.sf(&k))), (Some(k), Some(k)), "{k}");
        }
    }
    own(&Poisson::new(0.01).unwrap(), 0..5);
    own(&Poisson::new(3.5).unwrap(), 0..20);
    own(&Poisson::new(1e4).unwrap(), 9_800..10_300);
    own(&Binomial::new(10, 0.3).unwrap(), 0..10);
    own(&NegativeBinomial::new(2.5, 0.3).unwrap(), 0..40);
    own(&Geometric::new(0.7).unwrap(), 0..15);
    own(&Hypergeometric::<f64>::new(50, 20, 10).unwrap(), 0..9);
    own(&BetaBinomial::new(20, 2.0, 3.0).unwrap(), 0..19);
    own(&Zipf::new(100, 1.5).unwrap(), 1..99);
    // between two values, and with outcomes that hardly differ: nothing is rounded to the one before
    let law = Binomial::new(10, 0.5).unwrap();
    assert_eq!((law.quantile(0.989_257_812_6), law.isf(0.010_742_187_4)), (Some(9), Some(9)));
    let wide = DiscreteUniform::<f64>::new(0, 999_999_999_999_999).unwrap();
    assert_eq!((wide.quantile(0.25), wide.isf(0.25)), (Some(249_999_999_999_999), Some(749_999_999_999_999)));
    assert_eq!((wide.quantile(0.75), wide.isf(0.75)), (Some(749_999_999_999_999), Some(249_999_999_999_999)));
}

/// Differences whose logarithm of the mass is so large that its rounding is many units.
#[test]
fn skellam_far_out() {
    for (first, second, k, want, slope) in [
        (1.0, 1e5, i64::MAX, -3.935_453_502_870_29e20, -1.0),
        (1.0, 1e5, 1 << 60, -4.679_573_591_490_322e19, -1.0),
        (3.0, 2e9, 1 << 55, -1.297_918_774_826_452_2e18, -1.0),
        (1e10, 1e12, (1 << 62) + 1, -8.738_810_419_621_41e19, -0.999_999_997_831_595_7),
    ] {
        let [a, b] = Jet::variables([first, second]);
        let ln = Skellam::new(a, b).unwrap().ln_pmf(&k);
        close(ln.re, want, 1e-15);
        close(ln.eps[1], slope, 1e-15);
        // the same law with its counts exchanged
        let ln = Skellam::new(b, a).unwrap().ln_pmf(&-k);
        close(ln.re, want, 1e-15);
        close(ln.eps[1], slope, 1e-15);
        for k in [k, -k, i64::MIN] {
            let law = Skellam::new(first, second).unwrap();
            let all = [law.ln_pmf(&k), law.ln_cdf(&k), law.ln_sf(&k)];
            assert!(all.iter().all(|ln| *ln <= 0.0), "{k}: {all:?}");
        }
    }
}

#[test]
fn tails_of_skellam_far_out() {
    for (first, second, k, want) in [
        (1.0, 1e5, 1 << 60, -4.679_573_591_490_321e19),
        (1e10, 1e12, (1 << 62) + 1, -8.738_810_419_621_41e19),
        (1e8, 1e8, 1_000_000_000_000, -8_210_540_361_990.917),
    ] {
        close(Skellam::new(first, second).unwrap().ln_sf(&(k - 1)), want, 1e-15);
        close(Skellam::new(second, first).unwrap().ln_cdf(&-k), want, 1e-15);
        assert_eq!(Skellam::new(first, second).unwrap().ln_cdf(&k), 0.0);
    }
}

/// (ln q)'' = -p q in the logit, and entropies, where p is 1 to all digits.
#[test]
fn second_derivatives_in_a_logit() {
    for (logit, curvature, of_trial, of_three) in [
        (400.0, -1.915_169_596_714_005_7e-174, 7.641_526_690_888_884e-172, 2.286_145_920_705_164e-171),
        (300.0, -5.148_200_222_412_014e-131, 1.539_311_866_501_192_2e-128, 4.600_967_971_416_979e-128),
        (40.0, -4.248_354_255_291_589e-18, 1.656_858_159_563_719_7e-16, 4.830_555_652_946_795e-16),
    ] {
        let law = Bernoulli::from_logit(moving(logit)).unwrap();
        for outcome in [true, false] {
            close(law.ln_pmf(&outcome).eps[0].eps[0], curvature, 1e-14);
            let dual = Bernoulli::from_logit(Dual2_64::new(logit, 1.0, 0.0)).unwrap();
            close(dual.ln_pmf(&outcome).v2, curvature, 1e-14);
        }
        close(law.entropy().eps[0].eps[0], of_trial, 1e-13);
        let other_side = Bernoulli::from_logit(moving(-logit)).unwrap();
        close(other_side.ln_pmf(&true).eps[0].eps[0], curvature, 1e-14);
        let law = Multinomial::from_logits(3, [moving(logit), 0.0.into()]).unwrap();
        close(law.entropy().eps[0].eps[0], of_three, 1e-13);
        for counts in [[3, 0], [2, 1], [0, 3]] {
            close(law.ln_pmf(&counts).eps[0].eps[0], 3.0 * curvature, 1e-14);
        }
    }
}

/// Polynomials in a probability of 0, whose value is 0 and whose derivatives are not.
#[test]
fn masses_of_empty_cells() {
    let weights = Jet::variables([0.5, 0.5, 0.0]);
    assert_eq!(Multinomial::new(1, weights).unwrap().pmf(&[0, 0, 1]), Jet { re: 0.0, eps: [0.0, 0.0, 1.0] });
    let pmf = Multinomial::new(2, weights).unwrap().pmf(&[1, 0, 1]);
    assert!(pmf.re == 0.0 && pmf.eps[..2] == [0.0, 0.0] && (pmf.eps[2] - 1.0).abs() < 1e-15, "{pmf:?}");
    // 6 p w w/(1 + w)³ at [1, 0, 2] with p = 1/2: w² 3/2 to the second order
    let law = Multinomial::new(3, [0.5.into(), 0.5.into(), moving(0.0)]).unwrap();
    let pmf = law.pmf(&[1, 0, 2]);
    assert_eq!((pmf.re, pmf.eps[0].re), (One::from(0.0), 0.0));
    close(pmf.eps[0].eps[0], 3.0, 1e-15);
    close(law.pmf(&[1, 1, 1]).eps[0].re, 1.5, 1e-15);
    assert_eq!(law.ln_pmf(&[1, 0, 2]).re.re, f64::NEG_INFINITY);
    assert_eq!(law.pmf(&[1, 0, 1]), Two::from(0.0));
    assert_eq!(law.pmf(&[1, 0, u64::MAX]), Two::from(0.0));
    // certain success: p^r q^k r (r + 1) .../k!
    let [r, p] = Jet::variables([1.0, 1.0]);
    let law = NegativeBinomial::new(r, p).unwrap();
    assert_eq!(
        [law.pmf(&0), law.pmf(&1), law.pmf(&2)].map(|p| (p.re, p.eps[1])),
        [(1.0, 1.0), (0.0, -1.0), (0.0, 0.0)]
    );
    assert_eq!((law.cdf(&0).eps[1], law.sf(&0).eps[1], law.ln_cdf(&0).eps[1]), (1.0, -1.0, 1.0));
    let law = NegativeBinomial::new(Two::from(2.5), moving(1.0)).unwrap();
    assert_eq!(law.pmf(&2).eps[0].eps[0], 2.5 * 3.5);
    assert_eq!(law.pmf(&1).eps[0], Jet { re: -2.5, eps: [-2.0 * 2.5 * 2.5] });
    // the tails of a binomial law at the ends: 1 - (1 - p)³ and p³
    let law = Binomial::new(3, moving(0.0)).unwrap();
    assert_eq!(law.sf(&0).eps[0], Jet { re: 3.0, eps: [-6.0] });
    assert_eq!((law.cdf(&0).eps[0], law.ln_cdf(&0).eps[0].re), (Jet { re: -3.0, eps: [6.0] }, -3.0));
    let law = Binomial::new(3, moving(1.0)).unwrap();
    assert_eq!((law.cdf(&2).re, law.cdf(&2).eps[0]), (Jet { re: 0.0, eps: [-3.0] }, Jet { re: -3.0, eps: [-6.0] }));
    assert_eq!((law.sf(&2).eps[0].re, law.cdf(&3).eps[0].re), (3.0, 0.0));
}

#[test]
fn divergences_of_close_laws() {
    let geometric = |p| Geometric::new(p).unwrap();
    close(geometric(0.3).kl_divergence(&geometric(0.3 + 1e-9)), 7.936_508_358_639_675e-18, 1e-14);
    for (p, other, want) in [
        (0.3, 0.3 + 1e-9, 2.380_952_507_591_902e-18),
        (0.9, 0.9 - 1e-12, 5.555_309_761_351_123e-24),
        (1e-8, 2e-8, 3.068_528_244_400_548e-09),
    ] {
        let bernoulli = |p| Bernoulli::new(p).unwrap();
        close(bernoulli(p).kl_divergence(&bernoulli(other)), want, 1e-14);
        let binomial = |p| Binomial::new(7, p).unwrap();
        close(binomial(p).kl_divergence(&binomial(other)), 7.0 * want, 1e-14);
    }
    let logit = |l| Bernoulli::from_logit(l).unwrap();
    close(logit(0.3).kl_divergence(&logit(0.3 + 1e-9)), 1.222_291_624_957_161e-19, 1e-14);
    close(logit(40.0).kl_divergence(&logit(40.0 + 1e-6)), 2.124_176_408_860_871e-30, 1e-14);
    let poisson = |rate| Poisson::new(rate).unwrap();
    close(poisson(1e8).kl_divergence(&poisson(1e8 + 1.0)), 4.999_999_966_666_667e-09, 1e-14);
    close(poisson(2.5).kl_divergence(&poisson(2.5 + 1e-9)), 2.000_000_330_428_164e-19, 1e-14);
    let negative = |r, p| NegativeBinomial::new(r, p).unwrap();
    let kl = |[r, p]: [f64; 2], [s, q]: [f64; 2]| negative(r, p).kl_divergence(&negative(s, q));
    close(kl([10.0, 0.3], [10.0 + 1e-7, 0.3]), 3.621_285_067_657_334e-16, 1e-12);
    close(kl([10.0, 0.3], [10.0, 0.3 + 1e-9]), 7.936_508_358_639_674e-17, 1e-12);
    close(kl([0.5, 0.9], [0.5 - 1e-10, 0.9 + 1e-10]), 4.301_054_996_974_747e-20, 1e-12);
    close(kl([1e4, 0.3], [1e4 + 1e-3, 0.3]), 3.500_122_348_929_341e-11, 1e-11);
    let gamma = |shape, rate| GammaPoisson::new(shape, rate).unwrap();
    close(gamma(10.0, 0.3).kl_divergence(&gamma(10.0 + 1e-7, 0.3)), 3.994_005_574_632_089e-16, 1e-12);
    close(gamma(2.0, 4.0).kl_divergence(&gamma(2.0, 4.0 + 1e-8)), 1.249_999_981_056_322_7e-18, 1e-12);
    for (a, b, want) in [
        ([1e3, 1e3], [1e3 + 1e-6, 1e3], 2.476_490_954_111_679e-18),
        ([2.0, 3.0], [2.0 + 1e-9, 3.0], 1.598_254_649_088_503_4e-19),
        ([0.5, 40.0], [0.5, 40.0 - 1e-7], 5.228_212_449_839_092e-19),
    ] {
        let beta = |[a, b]: [f64; 2]| BetaBinomial::new(20, a, b).unwrap();
        close(beta(a).kl_divergence(&beta(b)), want, 1e-12);
        let two = |a| DirichletMultinomial::new(20, a).unwrap();
        close(two(a).kl_divergence(&two(b)), want, 1e-12);
    }
    let three = |a: [f64; 3]| DirichletMultinomial::new(6, a).unwrap();
    close(three([2.0, 3.0, 5.0]).kl_divergence(&three([2.0 + 1e-8, 3.0, 5.0])), 8.630_234_181_571_2e-18, 1e-12);
    close(
        three([0.1, 1.0, 100.0]).kl_divergence(&three([0.1, 1.0 - 1e-9, 100.0 + 1e-6])),
        3.665_687_095_637_246e-18,
        1e-12,
    );
    let zipf = |n, s| Zipf::new(n, s).unwrap();
    close(zipf(100, 1.5).kl_divergence(&zipf(100, 1.5 + 1e-9)), 7.550_481_916_687_269e-19, 1e-12);
    close(zipf(100, 0.0).kl_divergence(&zipf(100, 1e-9)), 4.263_349_438_496_458e-19, 1e-12);
    close(zipf(100, 1.0).kl_divergence(&zipf(200, 1.0 + 1e-7)), 0.124_993_524_518_701_47, 1e-14);
    close(zipf(100, 1.5).kl_divergence(&zipf(100, 3.0)), 0.927_898_626_983_584_8, 1e-14);
    let zeta = |s| Zeta::new(s).unwrap();
    close(zeta(2.5).kl_divergence(&zeta(2.5 + 1e-9)), 1.752_262_728_426_976e-19, 1e-12);
    close(zeta(1.001).kl_divergence(&zeta(1.001_000_1)), 4.999_665_760_289_373e-09, 1e-12);
    close(zeta(1000.0).kl_divergence(&zeta(1001.0)), 1.802_572_366_330_691_4e-302, 1e-12);
    close(zeta(3.0).kl_divergence(&zeta(4.0)), 0.059_898_379_834_121_45, 1e-13);
    assert_eq!((zeta(2.5).kl_divergence(&zeta(2.5)), zipf(9, 0.5).kl_divergence(&zipf(9, 0.5))), (0.0, 0.0));
}

/// p ln p has the slope -inf at 0, and q ln(q/q') none where q and q' are the same.
#[test]
fn slopes_at_empty_cells() {
    let inf = f64::INFINITY;
    let law = Categorical::new(Jet::variables([0.0, 0.5, 0.5])).unwrap();
    assert_eq!(law.kl_divergence(&law), Jet { re: 0.0, eps: [0.0; 3] });
    assert_eq!(law.entropy().eps, [inf, 0.0, 0.0]);
    let plain = Categorical::new([0.2, 0.4, 0.4].map(Jet::from)).unwrap();
    assert_eq!(law.kl_divergence(&plain).eps[0], -inf);
    assert_eq!((plain.kl_divergence(&law).re, plain.kl_divergence(&law).eps), (inf, [-inf, 0.0, 0.0]));
    let constant = Categorical::new([0.0, 0.5, 0.5].map(Jet::from)).unwrap();
    assert_eq!(constant.entropy().eps, [0.0; 3]);
    // a target that moves away from a cell that stays empty: -ln(1 - q), q the weight over the sum
    assert_eq!(constant.kl_divergence(&law).eps, [1.0, 0.0, 0.0]);
    let [p] = Jet::variables([0.0]);
    assert_eq!(Bernoulli::new(p).unwrap().entropy().eps, [inf]);
    assert_eq!(Bernoulli::new(-p + 1.0).unwrap().entropy(), Jet { re: 0.0, eps: [inf] });
    assert_eq!(Binomial::new(3, p).unwrap().entropy().eps, [inf]);
    assert_eq!(Binomial::new(3, p).unwrap().kl_divergence(&Binomial::new(3, p).unwrap()).eps, [0.0]);
    assert_eq!(Geometric::new(-p + 1.0).unwrap().entropy().eps, [inf]);
    assert_eq!(NegativeBinomial::new(2.0.into(), -p + 1.0).unwrap().entropy().eps, [inf]);
    let law = Multinomial::new(3, Jet::variables([0.0, 0.5, 0.5])).unwrap();
    assert_eq!(law.entropy().eps[0], inf);
    let law = ZeroInflated::new(-p + 1.0, Poisson::new(2.0.into()).unwrap()).unwrap();
    assert_eq!(law.entropy().eps, [inf]);
}

/// Next to a p of 1 a tail is 1 but for next to nothing, whose second derivatives are not those of a logarithm of it: ln F(0) = r ln p of trials until so
/// many succeed, ln P(X = n) = n ln p of n trials, and the same of failures.
#[test]
fn curvature_where_trials_hardly_fail() {
    for rest in [0.25, 1e-3, 1e-8, 1e-12, 1e-15] {
        let p = 1.0 - rest;
        // F''/F - (F'/F)², both of the order of the square of the trials
        let moves = |ln: Two, times: f64| {
            close(ln.re.eps[0], times / p, 1e-14);
            close(ln.eps[0].eps[0], -times / (p * p), 1e-13 + 1e-15 * times);
        };
        moves(Geometric::new(moving(p)).unwrap().ln_cdf(&0), 1.0);
        for r in [0.7, 3.0, 30.0, 1e3] {
            moves(NegativeBinomial::new(r.into(), moving(p)).unwrap().ln_cdf(&0), r);
        }
        for n in [1, 20, 1000] {
            moves(Binomial::new(n, moving(p)).unwrap().ln_sf(&(n - 1)), n as f64);
            // in 1 - p, whose double is p's
            let ln = Binomial::new(n, -moving(p) + 1.0).unwrap().ln_cdf(&0);
            close(ln.eps[0].eps[0], -(n as f64) / (p * p), 1e-13 + 1e-15 * n as f64);
        }
        let (r, rate) = (2.5, p / rest);
        let ln = GammaPoisson::new(r.into(), moving(rate)).unwrap().ln_cdf(&0);
        let [per_rate, per_both] = [1.0 / rate, 1.0 / (1.0 + rate)];
        // r (ln rate - ln(1 + rate))
        close(ln.eps[0].eps[0], -r * (per_rate + per_both) * per_rate * per_both, 1e-12);
    }
    // at p = 1 itself
    for k in [0, 1, 5] {
        let ln = Geometric::new(moving(1.0)).unwrap().ln_cdf(&k);
        assert_eq!((ln.re.re, ln.re.eps[0]), (0.0, if k == 0 { 1.0 } else { 0.0 }));
    }
}
