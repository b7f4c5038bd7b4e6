//! Points at which other libraries have been wrong, lost all digits or hung. `tests/reference/make_hard_points.py` prints the
//! numbers.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::special::{inc_beta, inc_gamma_p};

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

/// d/da of P(3, 50), where P itself rounds to 1.
#[test]
fn incomplete_gamma_far_in_its_tail() {
    let [a] = Jet::variables([3.0]);
    close(inc_gamma_p(a, 50.0.into()).eps[0], -7.552_056_917_446_367e-19, 1e-13);
}

/// Whole shapes, at which formulas in the polygamma functions or with logarithms of integers are singular.
#[test]
fn incomplete_beta_at_whole_shapes() {
    for (a, b, x, in_a, in_b) in [
        (1.0, 1.0, 0.5, -0.346_573_590_279_972_65, 0.346_573_590_279_972_65),
        (2.0, 3.0, 0.25, -0.228_053_602_324_346_37, 0.106_921_530_052_291_4),
        (10.0, 1.0, 0.5, -0.000_676_901_543_515_571_6, 0.002_265_743_426_151_96),
        (2500.0, 2.0, 0.999, -0.000_205_099_535_166_717_1, 0.248_503_178_569_044_07),
    ] {
        let [ja, jb] = Jet::variables([a, b]);
        let i = inc_beta(ja, jb, x.into());
        close(i.eps[0], in_a, 1e-12);
        close(i.eps[1], in_b, 1e-12);
    }
}

/// A skewed law next to its end, and one with nearly all mass at the ends.
#[test]
fn beta_laws() {
    let [a, b] = Jet::variables([66575.0, 1.5]);
    let z = Beta::new(a, b).unwrap().quantile(0.3.into());
    close(z.re, 0.999_972_476_105_254_9, 1e-15);
    close(z.eps[0], 4.134_196_410_878_589_5e-10, 1e-12);
    close(z.eps[1], -1.849_886_302_436_282_8e-5, 1e-12);

    let [a, b] = Jet::variables([1e-3, 1e-3]);
    let theta = LogitBeta::new(a, b).unwrap().quantile(0.3.into());
    close(theta.re, -510.827_266_299_725_7, 1e-14);
    close(theta.eps[0], 1_010_825.624_964_268_8, 1e-12);
    close(theta.eps[1], -500_001.641_335_456_86, 1e-12);
    let (law, plain) = (Beta::new(a, b).unwrap(), LogitBeta::new(a, b).unwrap());
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for _ in 0..10_000 {
        let z: Jet<f64, 2> = law.sample(&mut rng);
        assert!((0.0..=1.0).contains(&z.re) && z.eps.iter().all(|e| e.is_finite()), "{z}");
        let theta: Jet<f64, 2> = plain.sample(&mut rng);
        assert!(theta.re.is_finite() && theta.eps[0] > 0.0 && theta.eps[1] < 0.0, "{theta}");
    }
}

/// Shapes beside which 1 is infinite: quantile, gradient, Hessian and mean of the logit.
#[test]
fn beta_laws_with_tiny_shapes() {
    let mut worst = 0.0f64;
    for (shapes, value, gradient, hessian, mean) in [
        (
            [1e-6, 3e-7],
            -143_100.843_641_166_76,
            [912_331_612_871.442_6, -2_564_102_564_104.209_3],
            [-2.416_379_202_074_246e18, 1.972_386_587_771_203_4e18, 1.051_939_513_477_975_2e19],
            2_333_333.333_334_485,
        ),
        (
            [1e-17, 1e-17],
            -91_629_073_187_415_494.0,
            [1.416_290_731_874_154_8e34, -4.999_999_999_999_999e33],
            [-3.082_581_463_748_309_4e51, 2.499_999_999_999_999_5e50, 7.499_999_999_999_998e50],
            0.0,
        ),
        (
            [1e-60, 2e-60],
            -1.203_972_804_325_936e60,
            [1.537_306_137_659_269_4e120, -1.666_666_666_666_666_8e119],
            [-3.185_723_386_429_65e180, 5.555_555_555_555_556e178, 1.388_888_888_888_889e179],
            -5e59,
        ),
        (
            [1e-80, 2e-80],
            -1.203_972_804_325_936e80,
            [1.537_306_137_659_269_4e160, -1.666_666_666_666_666_8e159],
            [-3.185_723_386_429_65e240, 5.555_555_555_555_556e238, 1.388_888_888_888_889e239],
            -5e79,
        ),
    ] {
        let [a, b] = Jet::second_order(shapes);
        let second = LogitBeta::new(a, b).unwrap().quantile(0.2.into());
        // of which third derivatives, where they overflow, take nothing away
        let [a, b] = Jet::<_, 2>::variables([a, b]);
        let third = LogitBeta::new(a, b).unwrap().quantile(0.2.into()).re;
        for jet in [second, third] {
            let (got, [in_a, in_b], [[aa, ab], [ba, bb]]) = jet.hessian();
            let got = [got, in_a, in_b, aa, ab, ba, bb];
            let want = [value, gradient[0], gradient[1], hessian[0], hessian[1], hessian[1], hessian[2]];
            for (got, want) in got.into_iter().zip(want) {
                close(got, want, 1e-13);
                worst = worst.max((got / want - 1.0).abs());
            }
        }
        let [alpha, beta] = shapes;
        close(LogitBeta::new(alpha, beta).unwrap().mean().unwrap(), mean, 1e-15);
    }
    println!("{worst:.1e}");
}

/// The mean of the logit, where the difference of the shapes is the larger one.
#[test]
fn mean_of_a_logit_with_a_tiny_shape() {
    for (alpha, beta, want) in
        [(1e-12, 3.0, -1_000_000_000_001.5), (3.0, 1e-12, 1_000_000_000_001.5), (1e-6, 1.0, -999_999.999_998_355)]
    {
        close(LogitBeta::new(alpha, beta).unwrap().mean().unwrap(), want, 1e-15);
    }
}

/// Derivatives of orders 3 and 4 in both shapes, by each of the formulas for the incomplete beta function.
#[test]
fn beta_quantiles_to_the_fourth_order() {
    type Third = Jet<Jet<Jet<f64, 2>, 2>, 2>;
    fn logit_of_quantile<S: Scalar>([a, b]: [S; 2], u: f64) -> S {
        LogitBeta::new(a, b).unwrap().quantile(u.into())
    }
    let mut worst = [0.0f64; 2];
    let mut compare = |which: usize, got: &[f64], want: &[f64]| {
        for (got, want) in got.iter().zip(want) {
            let error = (got / want - 1.0).abs();
            assert!(error < 5e-12, "{got:e}, not {want:e}");
            worst[which] = worst[which].max(error);
        }
    };
    for (shapes, u, third, fourth) in [
        (
            [2.0, 3.0],
            0.3,
            [
                0.548_847_132_999_200_1,
                -0.004_531_443_819_343_278,
                -0.003_532_605_630_550_149,
                -0.082_763_288_539_902_75,
            ],
            [-0.986_482_516_838_172_4, 0.002_857_765_050_759_084_5, 0.086_862_209_541_467_99],
        ),
        (
            [0.3, 0.2],
            0.4,
            [552.935_971_783_703_2, -54.598_070_596_185_76, 36.921_778_406_018_05, -1_661.874_391_757_713_2],
            [-7_882.800_579_802_654, 67.014_505_551_344_79, 34_697.267_666_015_556],
        ),
        (
            [5.0, 40.0],
            0.6,
            [0.017_556_794_397_156_03, 2.122_283_291_940_808e-6, 7.217_015_995_343_718e-7, -3.265_558_438_041_489e-5],
            [-0.011_023_794_095_121_562, -1.101_159_029_489_998_2e-7, 2.483_399_293_849_684e-6],
        ),
        (
            [20.0, 30.0],
            0.1,
            [0.000_339_741_124_106_143, -2.133_657_021_348_456e-6, -1.807_583_022_442_232e-6, -6.460_377_851_242_67e-5],
            [-5.433_375_892_040_99e-5, 1.244_245_085_923_615_8e-7, 6.275_714_098_820_114e-6],
        ),
        (
            [90.0, 70.0],
            0.3,
            [
                2.900_805_159_096_797e-6,
                -1.236_538_732_612_09e-8,
                -1.368_275_367_068_858_3e-8,
                -5.609_978_865_857_981e-6,
            ],
            [-9.799_986_362_827_402e-8, 2.538_375_857_261_559e-10, 2.390_112_315_448_017e-7],
        ),
        (
            [600.0, 900.0],
            0.4,
            [
                9.358_229_527_163_992e-9,
                -2.724_570_654_419_97e-12,
                -2.311_464_450_166_526_4e-12,
                -2.728_590_453_242_969e-9,
            ],
            [-4.689_922_995_808_065e-11, 5.230_993_721_194_479e-15, 9.085_086_813_149_058e-12],
        ),
        (
            [2000.0, 150.0],
            0.95,
            [
                2.467_752_865_276_899e-10,
                7.148_688_674_390_401e-12,
                3.043_872_350_286_601e-11,
                -6.767_244_138_235_269e-7,
            ],
            [-3.686_673_826_400_346e-13, -3.130_321_711_968_041_6e-14, 1.385_531_748_797_365_1e-8],
        ),
    ] {
        let third_order: [Third; 2] = Jet::variables(Jet::second_order(shapes));
        let d = logit_of_quantile(third_order, u).eps.map(|e| e.eps.map(|e| e.eps));
        compare(0, &[d[0][0][0], d[0][0][1], d[0][1][1], d[1][1][1]], &third);
        let d = logit_of_quantile(Jet::variables(third_order), u).eps.map(|e| e.eps.map(|e| e.eps.map(|e| e.eps)));
        compare(1, &[d[0][0][0][0], d[0][0][1][1], d[1][1][1][1]], &fourth);
    }
    println!("third {:.1e}, fourth {:.1e}", worst[0], worst[1]);
}

/// The gamma law with shape 2 on [30, 40], of which it has 1e-12.
#[test]
fn gamma_truncated_in_its_tail() {
    let [shape, rate, lower, upper] = Jet::variables([2.0, 1.0, 30.0, 40.0]);
    let law = Truncated::new(Gamma::new(shape, rate).unwrap(), lower, upper).unwrap();
    let z = law.quantile(0.3.into());
    close(z.re, 30.368_465_098_219_75, 1e-15);
    for (got, want) in z.eps.into_iter().zip([
        0.012_185_362_342_324_913,
        -0.379_941_261_050_645_8,
        0.999_582_885_244_469_7,
        2.593_199_587_536_05e-5,
    ]) {
        close(got, want, 1e-11);
    }
}

/// Draws by rejection and draws by the quantile do not agree at one seed, but their mean gradients must: d E[sin z].
#[test]
fn two_samplers_of_one_law() {
    fn agree<const N: usize>(law: impl Continuous<Jet<f64, N>>) {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let by_draws: Vec<_> = (0..200_000).map(|_| law.sample(&mut rng).sin()).collect();
        let by_quantiles: Vec<_> =
            (0..200_000).map(|_| law.quantile(reparam::noise::uniform(&mut rng).into()).sin()).collect();
        for i in 0..N {
            let [a, b] = [&by_draws, &by_quantiles].map(|z| reparam::verify::mean_of(z.iter().map(|z| z.eps[i])));
            let se = a.standard_error.hypot(b.standard_error);
            assert!((a.mean - b.mean).abs() < 5.0 * se, "[{i}] {a:?} {b:?}");
        }
    }
    let [a, b] = Jet::variables([0.7, 2.5]);
    agree(Gamma::new(a, b).unwrap());
    agree(Beta::new(a, b).unwrap());
    agree(VonMises::new(a, b).unwrap());
    agree(InverseGaussian::new(a, b).unwrap());
    let [location, scale, df] = Jet::variables([0.5, 2.0, 3.0]);
    agree(StudentT::new(location, scale, df).unwrap());
}

/// Where e^-x is subnormal but x^a e^-x is not.
#[test]
fn gamma_tail_beside_the_smallest_doubles() {
    close(Gamma::new(10.0, 1.0).unwrap().sf(740.0), 7.775_223_552_624_961e-302, 1e-12);
}

/// Logarithms of probabilities so small that differences of them have no digits.
#[test]
fn quantiles_far_beyond_the_doubles() {
    let gamma = Gamma::new(3.0, 1.0).unwrap();
    // to the rounding of ln x = 23
    close(gamma.isf_ln(-1e10), 10_000_000_045.358_555, 4e-15);
    close(gamma.isf_ln(-1e100), 1e100, 6e-14);
    close(Maxwell::new(1.0).unwrap().isf_ln(-1e100), 1.414_213_562_373_095e50, 1e-14);
    // a θ below the range of doubles
    assert_eq!(Beta::new(6.7e-18, 204.0).unwrap().quantile_ln(-1e300), 0.0);
    let law = StudentT::new(0.0, 1.0, 3.4e-76).unwrap();
    assert_eq!((law.quantile_ln(-1e300), law.isf_ln(-1e300)), (f64::NEG_INFINITY, f64::INFINITY));
    for x in [-1e300, 1e300] {
        let law = SkewNormal::new(1e3, 20.0, 0.0).unwrap();
        assert_eq!((law.cdf(x), law.ln_sf(x)), if x < 0.0 { (0.0, 0.0) } else { (1.0, f64::NEG_INFINITY) });
    }
    assert!(NoncentralChiSquared::new(3.0, 2.0).unwrap().ln_cdf(5e-324) < -1100.0);
}

/// ln F or ln(1 - F) next to 0.
#[test]
fn quantiles_from_logarithms_next_to_zero() {
    close(ContinuousBernoulli::new(0.1).unwrap().isf_ln(-1e-16), 4.045_507_673_897_055e-17, 1e-15);
    close(Triangular::new(0.0, 1.0, 0.0).unwrap().isf_ln(-1e-8), 4.999_999_987_5e-9, 1e-15);
    // the mode far below the upper end
    let law = Triangular::new(3.0, 6e100, 7e10).unwrap();
    assert!(law.isf_ln(-1e-16) >= 3.0);
}

/// With few degrees of freedom the law has next to nothing in its middle.
#[test]
fn student_t_with_few_degrees_of_freedom() {
    let [location, scale, df] = Jet::variables([0.0, 1.0, 1e-6]);
    let t = StudentT::new(location, scale, df).unwrap().quantile(0.50005.into());
    // the rounding of 0.50005 counts 5e4-fold, and that of ln t a hundredfold
    close(t.re, 1.350_796_698_307_563_9e40, 1e-9);
    assert!(t.eps[2] < 0.0);
    close(HalfStudentT::new(1.0, 1e-6).unwrap().quantile(1e-4), 1.350_796_698_322_448_7e40, 1e-9);
}

/// Shapes up to the largest: a + y sqrt a + (y² - 1)/3 + ..., y = Φ⁻¹(e^-10000).
#[test]
fn gamma_with_huge_shapes() {
    for (shape, below) in [(1e20, 1_413_798_392_068.851_9), (1e34, 1.413_798_398_731_271e19)] {
        let x = Gamma::new(shape, 1.0).unwrap().quantile_ln(-1e4);
        assert!(((shape - x) - below).abs() <= 1e-9 * below + 4e-16 * shape, "{x:e}");
    }
    for shape in [1e36, 1e100, 1e150] {
        let [a, rate] = Jet::variables([shape, 1.0]);
        for l in [-1e100, -1e10, -1e4, -1.0] {
            let x = Gamma::new(a, rate).unwrap().quantile_ln(l.into());
            assert!(x.re >= 0.0 && x.re <= shape && x.eps.iter().all(|e| e.is_finite()), "{shape:e} {l:e}: {x}");
        }
    }
}

/// φ(z) subnormal over an x or a scale that makes an ordinary number of it; by logarithms.
#[test]
fn densities_of_subnormal_parts() {
    let lognormal = LogNormal::new(2.0, 10.0).unwrap();
    let x = 6.4e-167f64;
    let z = (x.ln() - 2.0) / 10.0;
    let constant = (10.0 * (2.0 * core::f64::consts::PI).sqrt()).ln();
    close(lognormal.pdf(x), (-0.5 * z * z - x.ln() - constant).exp(), 1e-12);
    let normal = Normal::new(0.0, 1e-80).unwrap();
    close(
        normal.pdf(3.8467e-79),
        (-0.5 * 38.467f64 * 38.467 + 80.0 * 10f64.ln() - 0.5 * (2.0 * core::f64::consts::PI).ln()).exp(),
        1e-12,
    );
}

/// Where the noncentral law gives up its upper tail.
#[test]
fn noncentral_chi_squared_out_of_reach() {
    let law = NoncentralChiSquared::new(3.0, 2.0).unwrap();
    assert_eq!((law.sf(2e9), law.isf_ln(-1e10)), (0.0, f64::INFINITY));
}

/// Divergences from laws that are next to impossible in some outcome, where 1 - p'/p rounds to 1 or p'/p overflows.
#[test]
fn divergences_by_far() {
    let [p, q] = Jet::variables([0.5, 1e-17]);
    let d = Bernoulli::new(p).unwrap().kl_divergence(&Bernoulli::new(q).unwrap());
    close(d.re, 18.878_826_109_889_44, 1e-15);
    close(d.eps[0], 39.143_946_580_898_78, 1e-15);
    close(d.eps[1], -49_999_999_999_999_996.0, 1e-15);
    let half = Bernoulli::new(0.5).unwrap();
    close(half.kl_divergence(&Bernoulli::new(1e-10).unwrap()), 10.819_778_284_460_283, 1e-15);
    close(Bernoulli::new(1e-310).unwrap().kl_divergence(&half), core::f64::consts::LN_2, 1e-15);
    let [rate, other] = Jet::variables([1e5, 1e-12]);
    let d = Poisson::new(rate).unwrap().kl_divergence(&Poisson::new(other).unwrap());
    close(d.re, 3_814_394.658_089_877_7, 1e-15);
    close(d.eps[1], -1e17, 1e-15);

    let [p] = Jet::variables([0.5]);
    let never = Bernoulli::new(Jet::from(0.0)).unwrap();
    let once = Geometric::new(Jet::from(1.0)).unwrap();
    for d in [Bernoulli::new(p).unwrap().kl_divergence(&never), Geometric::new(p).unwrap().kl_divergence(&once)] {
        assert!(d.re == f64::INFINITY && d.eps[0].is_finite(), "{d}");
    }
    let [none, some] = [0.0, 0.5].map(|p| Binomial::new(0, p).unwrap());
    assert_eq!(some.kl_divergence(&none), 0.0);
}

/// Where the mass at 0 underflows in the other law only, without ten million terms.
#[test]
fn divergence_of_zero_inflated_laws_by_far() {
    let law = |zero: f64, rate: f64| {
        let [zero, rate] = Jet::second_order([zero, rate]);
        ZeroInflated::new(zero, Poisson::new(rate).unwrap()).unwrap()
    };
    close(law(0.25, 0.01).kl_divergence(&law(0.5, 1e6)).re.re, 7_463.170_023_999_579, 1e-14);
}

/// Equal logits, beside which the logarithm of their number is small or nothing.
#[test]
fn logits_far_from_zero() {
    for l in [-1e150, -1e10, -1e5, 1e5, 1e10, 1e150] {
        let law = Categorical::from_logits([l; 5]).unwrap();
        close(law.pmf(&3), 0.2, 1e-15);
        close(law.ln_pmf(&3), -1.609_437_912_434_100_4, 1e-15);
        let law = PlackettLuce::from_logits([l; 4]).unwrap();
        close(law.ln_pmf(&[2, 0, 3, 1]), -3.178_053_830_347_945_6, 1e-15);
        let law = OrderedLogistic::new(l, [l]).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let above: usize = (0..1000).map(|_| law.sample(&mut rng)).sum();
        assert!((420..=580).contains(&above), "{above} of 1000 above a median of {l:e}");
    }
}

/// A wide Poisson count less one that is next to always 0: the tails are those of the wide one.
#[test]
fn skellam_tails_of_unequal_rates() {
    let [first, second] = Jet::variables([1e-50, 1e8]);
    let law = Skellam::new(first, second).unwrap();
    for (k, want) in [(-100_000_000, 0.500_013_298_076_014_1), (-100_020_000, 0.022_755_531_134_805_973)] {
        close(law.cdf(&k).re, want, 1e-13);
        // dF(k)/dμ₂ = p(k + 1)
        close(law.cdf(&k).eps[1], law.pmf(&(k + 1)).re, 1e-9);
        let mirrored = Skellam::new(second, first).unwrap();
        close(mirrored.sf(&(-k - 1)).re, want, 1e-13);
    }
}

/// A deviation of 16, but masses that fall off like 1/k up to a million.
#[test]
fn beta_binomial_tail_beyond_its_width() {
    let law = BetaBinomial::new(1_000_003, 1e-10, 0.3).unwrap();
    close(law.sf(&0), 1.731_803_756_455_254e-9, 1e-11);
    close(law.sf(&3), 1.548_470_213_429_722_9e-9, 1e-11);
}

/// The tail of a negative binomial law with next to no successes is of their number's order: the difference of two log-gamma functions that near.
/// Values by mpmath, 1 - Σ of masses at 130 digits.
#[test]
fn upper_tails_of_tiny_shapes() {
    for (r, k, want) in [
        (1e-50, 8, 1.124_113_975_068_451_4e-48),
        (1e-50, 10, 1.122_002_863_957_340_3e-48),
        (1e-8, 10, 1.122_002_234_589_850_7e-6),
        (1e-5, 30, 1.110_725_443_137_655_8e-3),
    ] {
        close(NegativeBinomial::new(r, 1e-50).unwrap().sf(&k), want, 1e-15);
    }
}

/// Cells after one that has all but some roundings of the mass still share as their probabilities do.
#[test]
fn multinomial_of_small_cells() {
    let law = Multinomial::new(1_000_000_000_000_000, [1.0 - 1.5 * f64::EPSILON, 1.2e-16, 2.7e-16]).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let [mut second, mut third] = [0.0, 0.0];
    for _ in 0..40_000 {
        let [_, b, c]: [u64; 3] = law.sample(&mut rng);
        second += b as f64;
        third += c as f64;
    }
    let wanted = 1.2 / 3.9;
    let share = second / (second + third);
    let error = (wanted * (1.0 - wanted) / (second + third)).sqrt();
    assert!((share - wanted).abs() < 5.0 * error, "{share} of {}", second + third);
}

// mpmath: ln f at 0 is -λ/2 - ln 2 for 2 degrees of freedom
#[test]
fn noncentral_chi_squared_at_zero() {
    for (df, want) in [(1.9, f64::INFINITY), (2.0, -2.193_147_180_559_945_3), (2.1, f64::NEG_INFINITY)] {
        let [df, noncentrality] = Jet::variables([df, 3.0]);
        let got = NoncentralChiSquared::new(df, noncentrality).unwrap().ln_pdf(Jet::from(0.0));
        assert!(got.re == want || (got.re - want).abs() < 1e-15, "{got}");
        assert_eq!(got.eps[1], if want.is_finite() { -0.5 } else { 0.0 });
    }
}

/// z^a E\[Y^a\] / (a B(a, b)) and z^-c E\[X^c\] / (c B(c, d)), at subnormal quotients and huge ones.
#[test]
fn beta_quotient_at_the_ends_of_the_range() {
    let shapes = [2.0, 3.0, 1.5, 0.7];
    let law = BetaQuotient::new(shapes[0], shapes[1], shapes[2], shapes[3]).unwrap();
    for (z, ln_cdf, ln_pdf) in
        [(5e-324, -1487.7182367037221, -742.585_017_601_780_9), (1e-310, -1426.4408505172679, -711.9463245085538)]
    {
        close(law.ln_cdf(z), ln_cdf, 1e-15);
        close(law.ln_pdf(z), ln_pdf, 1e-15);
    }
    for (z, ln_sf, ln_pdf) in
        [(1e300, -1037.8954291246966, -1728.2654919148022), (f64::MAX, -1066.4062066174521, -1_775.783_454_402_728)]
    {
        close(law.ln_sf(z), ln_sf, 1e-15);
        close(law.ln_pdf(z), ln_pdf, 1e-15);
    }
    let [a, b, c, d] = Jet::second_order(shapes);
    let (_, gradient, hessian) = BetaQuotient::new(a, b, c, d).unwrap().ln_sf(Jet::from(1e300)).hessian();
    close(gradient[2], -691.624_145_791_872_5, 1e-14);
    // a difference of squares of the slope, half a million
    close(hessian[2][2], 0.24664822522937644, 1e-8);
    assert_eq!([0.0, f64::INFINITY].map(|z| law.ln_pdf(z)), [f64::NEG_INFINITY; 2]);
}

/// Moments of Kumaraswamy laws with a small b, whose logarithms are of its size.
#[test]
fn kumaraswamy_moments() {
    for ([a, b], mean, [variance, by_a, by_b]) in [
        (
            [0.03, 4e-15],
            0.999_999_999_999_983_6,
            [1.365_198_057_893_547e-14, -1.303_683_263_629_138_6e-13, 3.412_995_144_733_775_6],
        ),
        (
            [6.37815733224362e-5, 0.0004929610899938223],
            0.994_966_323_932_895_1,
            [0.004_668_429_461_655_763, -7.614_834_027_251_578, 9.396_493_388_589_735],
        ),
        (
            [3.0, 1e-10],
            0.999_999_999_955_481_8,
            [1.313_825_206_222_931_8e-11, -6.260_482_577_960_8e-12, 0.131_382_520_598_077_65],
        ),
        (
            [1e4, 1e-6],
            0.999_999_999_835_518_7,
            [2.403_461_311_006_115_5e-14, -4.806_273_518_773_52e-18, 2.403_458_064_498_045e-8],
        ),
    ] {
        let [a, b] = Jet::variables([a, b]);
        let law = Kumaraswamy::new(a, b).unwrap();
        let got = law.variance().unwrap();
        close(law.mean().unwrap().re, mean, 1e-15);
        close(got.re, variance, 1e-14);
        close(got.eps[0], by_a, 4e-13);
        close(got.eps[1], by_b, 1e-13);
    }
}
