//! Inputs that once gave wrong values, each with neighbours; `tests/reference/make_vector_faults.py` prints the values.

use crate::harness::rng;
use nalgebra::{Const, DVector, Dyn, Matrix2, Matrix3, Vector2, Vector3, matrix, vector};
use reparam::distr::bijection::{Bijection, CorrelationCholesky, Simplex};
use reparam::prelude::*;
use reparam::{estimate, weighted};

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

#[test]
fn divergences_of_close_dirichlet_laws() {
    let kl = |a: [f64; 3], b: [f64; 3]| {
        let [a, b] = [a, b].map(|x| Dirichlet::new(Vector3::from(x)).unwrap());
        a.kl_divergence(&b)
    };
    close(kl([1000.0, 2000.0, 3000.0], [1000.0 + 1e-3, 2000.0, 3000.0]), 4.169_096_429_470_869e-10, 1e-13);
    close(kl([10.0, 20.0, 30.0], [10.0, 20.0 + 1e-5, 30.0]), 1.723_224_399_801_950_5e-12, 1e-13);
    close(kl([1e8, 2e8, 3e8], [2e8, 4e8, 6e8]), 0.306_852_820_134_499_1, 1e-13);
    close(kl([0.3, 2.0, 5.5], [0.3 + 1e-9, 2.0, 5.5]), 6.054_295_853_811_738e-18, 1e-13);
    close(kl([1e-5, 2.0, 1e6], [3.0, 1e4, 1e-2]), 433_934.357_194_852_7, 1e-13);
    assert_eq!(kl([0.3, 2.0, 5.5], [0.3, 2.0, 5.5]), 0.0);
}

/// The univariate laws from the same kernels.
#[test]
fn divergences_of_close_gamma_and_beta_laws() {
    let gamma = |a, r| Gamma::new(a, r).unwrap();
    close(gamma(1e8, 1.0).kl_divergence(&gamma(1e8 + 1.0, 1.0)), 5.000_000_008_333_333e-9, 1e-13);
    close(gamma(100.0, 1.0).kl_divergence(&gamma(100.0 + 1e-6, 1.0)), 5.025_083_289_458_388e-15, 1e-13);
    close(gamma(1e8, 1.0).kl_divergence(&gamma(2e8, 2.0)), 0.153_426_410_136_694, 1e-13);
    close(gamma(1e-3, 2.0).kl_divergence(&gamma(30.0, 1e-5)), 30_446.797_621_835_07, 1e-13);
    // far apart, where a difference next to -1 would be rounded first
    close(gamma(1.0, 1e8).kl_divergence(&gamma(1.0, 1e-8)), 35.841_361_487_904_73, 1e-13);
    close(gamma(1.0, 1e150).kl_divergence(&gamma(1e9, 1e-150)), 711_076_009_389.041_7, 1e-13);
    close(gamma(3.0, 1e100).kl_divergence(&gamma(1e70, 1e-100)), 6.197_751_907_732_939e72, 1e-13);
    let beta = |a, b| Beta::new(a, b).unwrap();
    close(beta(1e3, 1e3).kl_divergence(&beta(1e3 + 1e-6, 1e3)), 2.501_875_715_281_788e-16, 1e-13);
}

#[test]
fn divergences_of_close_wishart_laws() {
    let identity = Matrix3::identity();
    let kl = |df: f64, scale: f64, other: f64| {
        let of = |df, l| Wishart::from_cholesky(df, l).unwrap();
        let inverse = |df, l| InverseWishart::from_cholesky(df, l).unwrap();
        let divergence = of(df, identity * scale).kl_divergence(&of(other, identity));
        close(inverse(df, identity).kl_divergence(&inverse(other, identity * scale)), divergence, 1e-15);
        divergence
    };
    close(kl(50.0, 1.0, 50.001), 1.562_715_142_036_168_7e-8, 1e-12);
    close(kl(1e8, 1.0, 1e8 + 1.0), 7.500_000_125_000_002e-9, 1e-13);
    close(kl(50.0, 1e-10, 50.0), 3_378.877_639_491_068_5, 1e-13);
    close(kl(1e8, 2.0, 4e8), 4.841_116_989_765_329, 1e-13);
    let of = |l| Wishart::from_cholesky(3.5, l).unwrap();
    let wider = of(Matrix2::identity() * (1.0 + 2f64.powi(-20)));
    close(wider.kl_divergence(&of(Matrix2::identity())), 6.366_460_888_567_89e-12, 1e-13);
}

#[test]
fn entropies_at_large_concentrations() {
    for (a, want) in [(1e9, -10.244_039_228_212_947), (1e15, -17.151_794_506_972_862), (1e20, -22.908_257_239_457_976)]
    {
        close(Beta::new(a, 2.0 * a).unwrap().entropy(), want, 1e-14);
        close(Dirichlet::new(vector![a, 2.0 * a]).unwrap().entropy().unwrap(), want, 1e-14);
    }
    let law = LogDirichlet::new(vector![1e15, 2e15, 5e15]).unwrap();
    close(law.entropy().unwrap(), -31.812_471_104_158_444, 1e-14);
    for (df, want, inverse) in [
        (1e9, 71.723_149_475_407_19, -176.956_040_543_949_75),
        (1e15, 113.169_681_154_8, -301.295_635_584_128_2),
        (1e20, 147.708_457_549_710_7, -404.911_964_768_860_3),
    ] {
        close(Wishart::from_cholesky(df, Matrix3::identity()).unwrap().entropy().unwrap(), want, 1e-14);
        close(InverseWishart::from_cholesky(df, Matrix3::identity()).unwrap().entropy().unwrap(), inverse, 1e-14);
    }
}

#[test]
fn variance_of_a_correlation_factor_at_large_concentrations() {
    for (concentration, middle, last) in [
        (1e7, 1.249_999_750_000_035_2e-15, 2.499_999_500_000_068_7e-15),
        (1e3, 1.247_503_511_449_829_3e-7, 2.495_006_866_883_897e-7),
        (40.0, 7.435_210_497_412_757e-5, 1.486_983_319_764_610_5e-4),
        (1.5, 0.019_298_870_616_955_03, 0.0375),
        (1e-3, 0.094_589_090_434_381_27, 9.950_169_511_286_798e-4),
    ] {
        let variance = LkjCholesky::new(Const::<3>, concentration).unwrap().variance().unwrap();
        close(variance[(1, 1)], middle, 1e-13);
        close(variance[(2, 2)], last, 1e-13);
    }
}

/// The smallest degrees of freedom as they are written, and one step below.
#[test]
fn degrees_of_freedom_are_compared_as_written() {
    for (size, df) in [(2, 1.1), (3, 2.1), (5, 4.1), (8, 7.1), (17, 16.1), (40, 39.1)] {
        let of = |df: f64| Wishart::from_cholesky(df, nalgebra::DMatrix::identity(size, size));
        assert!(of(df).is_ok(), "{size} {df}");
        let error = of(df.next_down()).unwrap_err();
        assert_eq!((error.parameter(), error.value()), ("df", df.next_down()));
    }
}

#[test]
fn stick_breaking_at_the_corners_of_the_simplex() {
    for corner in [vector![1.0, 0.0, 0.0], vector![0.0, 1.0, 0.0], vector![0.0, 0.0, 1.0], vector![0.5, 0.5, 0.0]] {
        let x: Vector2<f64> = Simplex.inverse(&corner).expect("in the closure of the image");
        assert!(x.iter().all(|x| !x.is_nan()), "{corner}: {x}");
        assert_eq!(Simplex.forward(&x), corner);
    }
    // rows of length 1 that end early
    let l = matrix![1.0, 0.0, 0.0; 1.0, 0.0, 0.0; 1.0, 0.0, 0.0];
    let x = CorrelationCholesky::new(Const::<3>, Const::<3>).unwrap().inverse(&l).expect("in the closure");
    assert!(x.iter().all(|x| !x.is_nan()), "{x}");
    let wide = Independent::new(Vector2::repeat(Normal::new(0.0, 1e3).unwrap()));
    let law = MultivariateTransformed::new(wide, Simplex);
    let mut rng = rng(1);
    let values: Vec<f64> = (0..1000).map(|_| law.ln_pdf(&law.sample(&mut rng))).collect();
    assert!(values.iter().all(|ln| !ln.is_nan()));
    let far = law.ln_pdf(&vector![1.0, 0.0, 0.0]);
    assert_eq!(far, f64::NEG_INFINITY);
}

/// A few digits from outside must not ask for all memory, neither at once nor in the first draw.
#[test]
fn sizes_of_matrices_from_outside() {
    let read = |size: usize| {
        serde_json::from_str::<LkjCholesky<f64, Dyn>>(&format!(r#"{{"size":{size},"concentration":1.0}}"#)).map(|_| ())
    };
    assert!(read(1 << 20).unwrap_err().to_string().contains("1048576"));
    assert!(read(1025).is_err() && read(usize::MAX).is_err());
    assert!(read(1024).is_ok());
}

/// E[x₁²] for the direction of a vector of mean (m, 0) in the plane: its second derivative by weights, which has no
/// mean by draws.
#[test]
fn second_derivatives_of_a_projected_normal_law() {
    let square = |[m]: [Jet<Jet<f64, 1>, 1>; 1], rng: &mut _| {
        let mean = Vector2::new(m, 0.0.into());
        let factor = Matrix2::identity().map(|x: f64| Jet::from(x));
        let law = ProjectedNormal::new(MultivariateNormal::from_cholesky(mean, factor).expect("valid")).expect("valid");
        let draw = weighted::score_point(&law, rng);
        draw.map(|x| x[0] * x[0]).term()
    };
    let e = estimate::pathwise_hessian([0.7], square).samples(100_000).run(&mut rng(5)).expect("finite");
    assert!((e.hessian[0][0] - 0.1446).abs() < 5.0 * e.hessian_se[0][0] + 5e-5, "{e:?}");
    assert!(e.hessian_se[0][0] < 0.01, "{e:?}");
}

/// Refused parameters name themselves and what was received.
#[test]
fn errors_have_the_value_received() {
    let error = MultivariateNormal::from_covariance(vector![0.0, 0.0], matrix![1.0, 2.0; 2.0, 1.0]).unwrap_err();
    assert_eq!((error.law(), error.parameter(), error.value()), ("a multivariate normal law", "covariance", -3.0));
    let error = Dirichlet::new(DVector::from_vec(vec![1.0, 2.0, -0.5])).unwrap_err();
    assert_eq!(error.to_string(), "the concentration of a Dirichlet law must be in [1e-100, 1e100], not -0.5");
    let error = Wishart::from_cholesky(3.0, matrix![1.0, 0.25; 0.0, 1.0]).unwrap_err();
    assert_eq!((error.parameter(), error.value()), ("cholesky", 0.25));
    let error = MultivariateStudentT::from_scale_matrix(vector![0.0], matrix![-2.0], 3.0).unwrap_err();
    assert_eq!((error.parameter(), error.value()), ("scale_matrix", -2.0));
}

/// At x_i = 0 a Dirichlet law of α_i = 1 has a density that is 0 just above that shape and infinite below: its logarithm falls infinitely fast.
#[test]
fn dirichlet_shapes_between() {
    let variables = Jet::<f64, 4>::variables([1.0, 2.0, 0.4, 0.6]);
    let law = Dirichlet::new(vector![variables[0], variables[1], Jet::from(3.0)]).unwrap();
    let ln = law.ln_pdf(&vector![Jet::from(0.0), variables[2], variables[3]]);
    // Γ(6)/(Γ(2) Γ(3)) 0.4 0.6²
    close(ln.re, (60.0f64 * 0.4 * 0.36).ln(), 1e-14);
    // ψ(6) - ψ(2) + ln 0.4, 1/0.4 and 2/0.6
    assert_eq!(ln.eps[0], f64::NEG_INFINITY);
    close(ln.eps[1], 0.5 + 1.0 / 3.0 + 0.25 + 0.2 + 0.4f64.ln(), 1e-14);
    close(ln.eps[2], 2.5, 1e-15);
    close(ln.eps[3], 2.0 / 0.6, 1e-15);
}

#[test]
fn divergences_of_close_von_mises_fisher_laws() {
    for (at, to, want) in [
        (0.0, 1e-7, 2.5e-15),
        (4.0, 4.0000001, 1.922_402_348_703_348_3e-16),
        (1e9, 1.05e9, 0.000_604_917_915_581_617_5),
    ] {
        let law = |kappa: f64| VonMisesFisher::new(vector![0.6, 0.8], kappa).unwrap();
        close(law(at).kl_divergence(&law(to)), want, 1e-14);
    }
    // on the sphere in space ln Z = ln(sinh κ/κ)
    let law = |kappa: f64| VonMisesFisher::new(vector![0.6, 0.0, 0.8], kappa).unwrap();
    close(law(2.0).kl_divergence(&law(2.0 + 1e-6)), 8.698_906_972_480_533e-14, 1e-14);
}

/// Concentrations of very different sizes: variances and modes of logarithms next to 0, entropies of which large terms cancel.
#[test]
fn dirichlet_laws_of_mixed_sizes() {
    for (alpha, variance, mode, [of_logs, entropy], slopes) in [
        (
            [1e12, 1.0, 2.5],
            [3.499_999_999_991_25e-24, 1.644_934_066_847_226_4, 0.490_357_756_099_234_9],
            [-3.499_999_999_993_875e-12, -27.631_021_115_932_048, -26.714_730_384_057_893],
            [2.604_006_933_763_094, -52.532_094_322_359_79],
            [-1.749_999_999_995_041_7e-24, -0.644_934_066_847_726_4, -0.225_894_390_250_087_16],
        ),
        (
            [1e17, 1e-3, 3.0],
            [3.001e-34, 1_000_001.642_533_195_8, 0.394_934_066_848_226_4],
            [-3.001e-17, -46.051_701_859_880_914, -38.045_334_292_230_67],
            [8.833_548_632_580_208, -1_069.107_132_125_929_2],
            [-1.5005e-34, -999.001_642_533_195_8, -0.184_802_200_544_679_3],
        ),
        (
            [5.4e7, 5.8e-7, 8.75e-6],
            [3.199_588_536_617_341e-21, 2_972_651_605_233.512, 13_061_224_491.440_834],
            [-1.727_777_777_777_628_4e-13, -32.164_732_337_934_667, -29.450_951_462_123_472],
            [28.006_703_920_937_537, -1_838_432.402_021_449_5],
            [-1.599_794_258_433_397_2e-21, -1_724_136.931_035_427_7, -114_284.714_300_098_03],
        ),
        (
            [1.01e14, 0.0195, 7.45e12],
            [6.801510026521406e-16, 2631.448042166841, 1.250073488231143e-13],
            [-0.07116872043162412, -36.25465116661387, -2.6780752048814156],
            [-8.408560783425429, -95.3027549985506],
            [-3.4007550132606923e-16, -50.313236822253394, -6.250367441155564e-14],
        ),
    ] {
        let law = LogDirichlet::new(Vector3::from(Jet::<f64, 3>::variables(alpha))).unwrap();
        let (variances, modes, with_slopes) = (law.variance().unwrap(), law.mode().unwrap(), law.entropy().unwrap());
        close(with_slopes.re, of_logs, 1e-14);
        close(Dirichlet::new(Vector3::from(alpha)).unwrap().entropy().unwrap(), entropy, 1e-14);
        for i in 0..3 {
            close(variances[i].re, variance[i], 1e-14);
            close(modes[i].re, mode[i], 1e-14);
            if i > 0 {
                // a logarithm of the total is a part of it
                close(with_slopes.eps[i], slopes[i], 4e-14);
                close(modes[0].eps[i], -1.0 / (alpha[0] + alpha[1] + alpha[2]), 1e-14);
            }
        }
        let of_proportions = Dirichlet::new(Vector3::from(Jet::<f64, 3>::variables(alpha))).unwrap();
        let total: f64 = alpha.iter().sum();
        close(of_proportions.mean().unwrap()[0].eps[0], (alpha[1] + alpha[2]) / total / total, 1e-15);
        // of the entropy in what hardly matters rounding is left, relative to 1
        assert!((with_slopes.eps[0] - slopes[0]).abs() * alpha[0] < 1e-14, "{with_slopes}");
    }
}

/// A factor with 0 on its diagonal: the density is infinite or 0 there, or l^0, which falls infinitely fast with the power.
#[test]
fn lkj_at_the_edge() {
    let at = |size: usize, eta: f64| {
        let [eta, _]: [Jet<f64, 2>; 2] = Jet::variables([eta, 1.0]);
        let factor = nalgebra::DMatrix::from_fn(size, size, |_, j| Jet::from(if j == 0 { 1.0 } else { 0.0 }));
        LkjCholesky::new(Dyn(size), eta).unwrap().ln_pdf(&factor)
    };
    for (size, eta, value, slope) in [
        (2, 0.5, f64::INFINITY, 0.0),
        (2, 1.0, -(2f64.ln()), f64::NEG_INFINITY),
        (2, 1.5, f64::NEG_INFINITY, 0.0),
        (3, 0.1, f64::INFINITY, 0.0),
        (3, 1.0, f64::NEG_INFINITY, 0.0),
    ] {
        let got = at(size, eta);
        assert_eq!((got.re, got.eps), (value, [slope, 0.0]), "{size} {eta}");
    }
}

/// Directions of a normal vector that is far from the origin, or far longer than wide: derivatives in both means and both deviations.
#[test]
fn projected_normal_far_out() {
    for (p, x, value, slopes) in [
        (
            [-75125851.78012022, 31756.867611820562, 1.1074706733586867e-6, 2528.3888051789127],
            [-0.9999999036953076, 0.0004388728466033299],
            9.265_160_415_444_418,
            [
                7.002_058_238_717_117e-8,
                0.000_189_876_343_845_495_4,
                -2.813_380_018_977_087e-20,
                -0.000_304_352_723_981_922_46,
            ],
        ),
        (
            [-45113.035535168754, -2.575360929961492, 31784515.30372148, 4.210656981165809e-8],
            [-0.999999999999962, -2.753888984238671e-7],
            12.919_857_608_606_06,
            [-9.212_136_550_654_826e-9, -0.354_843_716_179_694_8, -2.876_451_698_566_718e-8, -1.596_301_302_760_996e-9],
        ),
        (
            [-898.2992320547492, 48.7740840075315, 0.005842847994165683, 18.882802337750878],
            [-0.997933524891038, 0.06425480447832457],
            2.832_206_204_015_079,
            [
                0.000_523_835_324_317_219_7,
                0.025_424_825_651_080_28,
                -7.357_338_975_830_56e-8,
                -0.040_751_986_830_737_56,
            ],
        ),
    ] {
        let [m, n, s, t]: [Jet<f64, 4>; 4] = Jet::variables(p);
        let normal = MultivariateNormal::from_std_devs(vector![m, n], vector![s, t]).unwrap();
        let got = ProjectedNormal::new(normal).unwrap().ln_pdf(&vector![x[0].into(), x[1].into()]);
        close(got.re, value, 1e-15);
        for i in 0..4 {
            // relative to what a parameter's own size makes of 1
            assert!(
                (got.eps[i] - slopes[i]).abs() * p[i].abs() < 1e-13 * (1.0 + (slopes[i] * p[i]).abs()),
                "{i}: {got}"
            );
        }
    }
    // on both sides of where one formula takes over from the other
    for dimension in [2, 3, 600] {
        let edge = f64::max(40.0, 0.1 * f64::from(dimension));
        let at = |mean: f64| {
            let size = dimension as usize;
            let [mean]: [Jet<f64, 1>; 1] = Jet::variables([mean]);
            let along = DVector::from_fn(size, |i, _| if i == 0 { mean } else { Jet::from(0.0) });
            let normal = MultivariateNormal::from_std_devs(along, DVector::repeat(size, Jet::from(1.0))).unwrap();
            ProjectedNormal::new(normal).unwrap().ln_pdf(&DVector::from_fn(size, |i, _| Jet::from(f64::from(i == 0))))
        };
        let (below, above) = (at(edge * (1.0 - 1e-9)), at(edge * (1.0 + 1e-9)));
        close(above.re - below.re, 2e-9 * edge * below.eps[0], 1e-4);
        close(above.eps[0], below.eps[0], 1e-8);
    }
}
