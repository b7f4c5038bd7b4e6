//! Random draws by tables of laws that a pilot found to be drawn often: the values of formulas, derivatives to their accuracy, and the
//! same bits whatever runs them.
//!
//! `law.sample(&mut chance.generator())` has the same noise as `chance.draw(&law)`, and no tables: it is what they are held against.

use nalgebra::{SMatrix, Vector3};
use reparam::distr::LawError;
use reparam::prelude::*;
use reparam::{estimate, special};

/// Draws of a law, by the handle or by its formulas.
macro_rules! drawn {
    ($handle:ident, by_tables, $law:expr) => {
        $handle.draw(&$law)
    };
    ($handle:ident, by_formulas, $law:expr) => {{
        let mut noise = $handle.generator();
        $law.sample(&mut noise)
    }};
    ($handle:ident, joint_by_tables, $law:expr) => {
        $handle.draw_joint(&$law)
    };
}

/// Laws of all kinds of tables, of shapes that move in two parameters.
macro_rules! of_all {
    ($by:ident) => {
        program!(|[a, b]: [S; 2], chance| -> Result<[S; 10], LawError> {
            Ok([
                drawn!(chance, $by, Gamma::new(a, b)?),
                drawn!(chance, $by, Gamma::new(b * 0.1, a)?),
                drawn!(chance, $by, InverseGamma::new(b + 3.0, a)?),
                drawn!(chance, $by, LogGamma::new(a, b)?),
                drawn!(chance, $by, Chi::new(b)?),
                drawn!(chance, $by, GeneralizedNormal::new(a, b, a + 1.0)?),
                drawn!(chance, $by, Beta::new(a, b)?),
                drawn!(chance, $by, FisherF::new(a, b * 4.0)?),
                drawn!(chance, $by, VonMises::new(a, b)?),
                drawn!(chance, $by, HalfStudentT::new(a, b * 20.0)?),
            ])
        })
    };
}

const AT: [f64; 2] = [2.5, 3.0];

/// Single samples of an estimate of the default size, by their numbers.
macro_rules! samples {
    ($estimator:expr) => {
        [0, 1, 2, 3, 5, 8, 13, 21, 34, 55].map(|sample| $estimator.rerun(7, sample).unwrap())
    };
}

/// Of each result the bits of values are the same, and derivatives to the bound of the larger of themselves and their mean size; some are
/// not the same bits.
fn agree<S: Scalar, const K: usize>(got: &[[S; K]], want: &[[S; K]], numbers: impl Fn(&S) -> Vec<f64>, bound: f64) {
    for k in 0..K {
        let [got, want] = [got, want].map(|samples| samples.iter().map(|x| x[k]).collect::<Vec<S>>());
        assert!(got.iter().zip(&want).all(|(x, y)| x.re().to_bits() == y.re().to_bits()), "result {k}");
        let [got, want] = [got, want].map(|samples| samples.iter().map(&numbers).collect::<Vec<_>>());
        for i in 0..want[0].len() {
            let size = want.iter().map(|y| y[i].abs()).sum::<f64>() / want.len() as f64;
            for (x, y) in got.iter().zip(&want) {
                assert!((x[i] - y[i]).abs() <= bound * y[i].abs().max(size), "result {k}: {}, not {}", x[i], y[i]);
            }
        }
        assert!(got != want, "no table was used for result {k}");
    }
}

#[test]
fn values_are_the_same_and_gradients_nearly() {
    let (by_tables, by_formulas) = (of_all!(by_tables), of_all!(by_formulas));
    let got = samples!(estimate::pathwise_program(AT, by_tables));
    let want = samples!(estimate::pathwise_program(AT, by_formulas));
    agree(&got, &want, |x: &Jet<f64, 2>| x.eps.to_vec(), 1e-12);
    let got = estimate::pathwise_program(AT, by_tables).run_seed(3).unwrap();
    let want = estimate::pathwise_program(AT, by_formulas).run_seed(3).unwrap();
    assert_eq!((got.value, got.value_se), (want.value, want.value_se));
}

#[test]
fn second_derivatives() {
    macro_rules! program {
        ($by:ident) => {
            reparam::program!(|[a, b]: [S; 2], chance| -> Result<[S; 4], LawError> {
                let g = drawn!(chance, $by, Gamma::new(a, b)?);
                let x = drawn!(chance, $by, Beta::new(a, b)?);
                let angle = drawn!(chance, $by, VonMises::new(a, b)?);
                Ok([g, x, angle, drawn!(chance, $by, HalfStudentT::new(a, b * 20.0)?)])
            })
        };
    }
    let got = samples!(estimate::pathwise_program_hessian(AT, program!(by_tables)));
    let want = samples!(estimate::pathwise_program_hessian(AT, program!(by_formulas)));
    agree(&got, &want, |x: &Jet<Jet<f64, 2>, 2>| x.hessian().1.to_vec(), 1e-12);
    agree(&got, &want, |x: &Jet<Jet<f64, 2>, 2>| x.hessian().2.as_flattened().to_vec(), 2e-11);
}

/// Laws of vectors and matrices, by tables of the gamma variables that they are made of.
#[test]
fn joint_laws() {
    macro_rules! program {
        ($by:ident) => {
            reparam::program!(|[a, b, c]: [S; 3], chance| -> Result<[S; 2], LawError> {
                let x = drawn!(chance, $by, Dirichlet::new(Vector3::new(a, b, c))?);
                let factor = SMatrix::<S, 2, 2>::new(S::from(1.0), S::from(0.0), S::from(0.3), S::from(1.0));
                let w = drawn!(chance, $by, Wishart::from_cholesky(a + 3.0, factor)?);
                Ok([x[0] * x[1], w[(1, 1)].ln()])
            })
        };
    }
    let got = samples!(estimate::pathwise_program([0.5, 2.5, 3.5], program!(joint_by_tables)));
    let want = samples!(estimate::pathwise_program([0.5, 2.5, 3.5], program!(by_formulas)));
    agree(&got, &want, |x: &Jet<f64, 3>| x.eps.to_vec(), 1e-12);
}

/// A gamma variable's logarithm, whose estimate is the same in any number of parameters at a time, with or without covariances, by closures
/// and by programs.
#[test]
fn the_same_bits_however_it_runs() {
    let program = program!(|theta: &[S], chance| -> Result<S, LawError> {
        Ok(chance.draw(&Gamma::new(theta[0], theta[1])?).ln() + chance.draw(&Gamma::new(theta[1], theta[0])?))
    });
    let closure = |[a, b]: [Jet<f64, 2>; 2], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
        Ok(chance.draw(&Gamma::new(a, b)?).ln() + chance.draw(&Gamma::new(b, a)?))
    };
    let e = || estimate::pathwise(AT, closure);
    let want = e().run_seed(7).unwrap();
    let exact = [special::trigamma(2.5) - 3.0 / (2.5 * 2.5), 1.0 / 2.5 - 1.0 / 3.0];
    assert!((0..2).all(|k| (want.gradient[k] - exact[k]).abs() < 5.0 * want.gradient_se[k]), "{want:?}");

    assert_eq!(e().par_run_seed(7).unwrap(), want);
    for cut in [1, 4, 9] {
        let mut parts = e().part(7, cut..e().blocks()).unwrap();
        parts.merge(&e().part(7, 0..cut).unwrap()).unwrap();
        assert_eq!(e().of_parts(&parts).unwrap(), want);
    }
    assert_eq!(e().covariances().run_seed(7).unwrap().estimate, want);
    let chunked = estimate::pathwise_program_dyn(&AT, program).run_seed(7).unwrap();
    assert_eq!((chunked.value, chunked.gradient.as_slice()), (want.value, want.gradient.as_slice()));
    let one_by_one = |theta: &[Jet<f64, 1>], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
        Ok(chance.draw(&Gamma::new(theta[0], theta[1])?).ln() + chance.draw(&Gamma::new(theta[1], theta[0])?))
    };
    let chunked = estimate::pathwise_chunks(&AT, one_by_one).run_seed(7).unwrap();
    assert_eq!((chunked.value, chunked.gradient.as_slice()), (want.value, want.gradient.as_slice()));
    // one sample again
    let again = [0, 3, 2000].map(|sample| e().rerun(7, sample).unwrap());
    let by_formulas = |[a, b]: [Jet<f64, 2>; 2], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
        Ok(Gamma::new(a, b)?.sample(chance).ln() + Gamma::new(b, a)?.sample(chance))
    };
    let formulas = [0, 3, 2000].map(|sample| estimate::pathwise(AT, by_formulas).rerun(7, sample).unwrap());
    assert!(again.iter().zip(&formulas).all(|(x, y)| x.re.to_bits() == y.re.to_bits()));
    assert!(again != formulas, "no table was used");
}

/// Without many samples there is no pilot, and shapes that are draws themselves get no tables: every bit is the formulas'.
#[test]
fn where_tables_do_not_pay() {
    let one = |by_tables: bool| {
        move |[a]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
            let law = Gamma::new(a, 2.0.into())?;
            Ok(if by_tables { chance.draw(&law) } else { law.sample(chance) })
        }
    };
    let [got, want] = [true, false].map(|by| estimate::pathwise([2.5], one(by)).samples(300).run_seed(1).unwrap());
    assert_eq!(got, want);
    assert!(estimate::pathwise([2.5], one(true)).samples(1).run_seed(1).is_err());

    let many = |by_tables: bool| {
        move |[a]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
            let law = Gamma::new(a + chance.uniform(), 2.0.into())?;
            let sum = (0..5).map(|_| if by_tables { chance.draw(&law) } else { law.sample(chance) });
            Ok(sum.sum::<Jet<f64, 1>>())
        }
    };
    let [got, want] = [true, false].map(|by| estimate::pathwise([2.5], many(by)).run_seed(1).unwrap());
    assert_eq!(got, want);
}

/// Student's t below 40 degrees of freedom moves otherwise by a table, at a fixed probability: E[ln(1 + t²/5)] has the same gradient
/// (ν = 5 in the law alone), of less variance.
#[test]
fn few_degrees_of_freedom() {
    let f = |by_tables: bool| {
        move |[df]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<_>| -> Result<_, LawError> {
            let law = StudentT::new(0.0.into(), 1.0.into(), df)?;
            let t = if by_tables { chance.draw(&law) } else { law.sample(chance) };
            Ok((t * t / 5.0).ln_1p())
        }
    };
    let [got, want] = [true, false].map(|by| estimate::pathwise([5.0], f(by)).samples(50_000).run_seed(2).unwrap());
    assert_eq!(got.value, want.value);
    // the variances are 1.5 to 1 here
    assert!(got.gradient_se[0] < 0.9 * want.gradient_se[0], "{got:?} {want:?}");
    // by central differences of the integral over the density
    let mean = |df: f64| {
        let (h, law) = (1e-3, StudentT::new(0.0, 1.0, df).unwrap());
        // t = sinh y, up to 1e8
        let density = |y: f64| law.pdf(y.sinh()) * y.cosh() * 2.0 * (y.sinh().powi(2) / 5.0).ln_1p();
        (0..20_000).map(|i| density((f64::from(i) + 0.5) * h) * h).sum::<f64>()
    };
    let exact = (mean(5.01) - mean(4.99)) / 0.02;
    for e in [got, want] {
        assert!((e.gradient[0] - exact).abs() < 5.0 * e.gradient_se[0], "{e:?}, not {exact}");
    }
}

/// Mirrored pairs draw by quantiles: from tables they are those of the law to 1e-13, and so are their derivatives.
#[test]
fn mirrored_pairs() {
    let by_tables = program!(|[a, b]: [S; 2], chance| -> Result<[S; 2], LawError> {
        Ok([chance.draw(&Gamma::new(a, b)?), chance.draw(&Beta::new(a, b)?)])
    });
    let by_formulas = program!(|[a, b]: [S; 2], chance| -> Result<[S; 2], LawError> {
        let (u, v) = (chance.uniform(), chance.uniform());
        let (g, x) = (Gamma::new(a, b)?, Beta::new(a, b)?);
        let g = if u <= 0.5 { g.quantile(S::from(u)) } else { g.isf(S::from(1.0 - u)) };
        let x = if v <= 0.5 { x.quantile(S::from(v)) } else { x.isf(S::from(1.0 - v)) };
        Ok([g, x])
    });
    let numbers = |x: &Jet<f64, 2>| [x.re, x.eps[0], x.eps[1]];
    let got = [0, 2, 4, 6, 8].map(|pair| estimate::antithetic(AT, by_tables).rerun(5, pair).unwrap());
    let want = [0, 2, 4, 6, 8].map(|pair| estimate::antithetic(AT, by_formulas).rerun(5, pair).unwrap());
    for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
        for (x, y) in numbers(got).into_iter().zip(numbers(want)) {
            assert!((x - y).abs() < 1e-12 * y.abs() + 1e-14, "{got:?}, not {want:?}");
        }
    }
    assert!((0..2).all(|k| got.map(|x| x[k]) != want.map(|x| x[k])), "no table was used");
    let e = || estimate::antithetic(AT, by_tables);
    assert_eq!(e().par_run_seed(5).unwrap(), e().run_seed(5).unwrap());
}

/// How a program draws.
#[derive(Clone, Copy, Debug)]
enum By {
    Tables,
    Formulas,
    /// By formulas, of a law that the handle sees.
    ScoredFormulas,
}

impl By {
    fn draw<S: Scalar, C: Chance<S>, L: Continuous<S> + Copy>(self, chance: &mut C, law: L) -> Result<S, LawError> {
        Ok(match self {
            By::Tables => drawn!(chance, by_tables, law),
            By::Formulas => drawn!(chance, by_formulas, law),
            // censored beyond the doubles, the law has its draws and densities, and no tables
            By::ScoredFormulas => chance.draw(&Censored::new(law, f64::NEG_INFINITY.into(), f64::INFINITY.into())?),
        })
    }

    /// Choices, and draws of laws with tables times what was chosen.
    fn with_choices<S: Scalar, C: Chance<S>>(self, a: S, b: S, chance: &mut C) -> Result<[S; 3], LawError> {
        let heads = f64::from(u8::from(chance.bernoulli(a / (a + b))));
        let count = chance.poisson(b) as f64;
        let g = self.draw(chance, Gamma::new(a, b)?)?;
        let x = self.draw(chance, Beta::new(a, b)?)?;
        let odds = self.draw(chance, FisherF::new(a, b * 4.0)?)?;
        Ok([g * (heads + 1.0), x * count, odds * (count - heads)])
    }
}

#[derive(Clone, Copy)]
struct WithChoices(By);

impl Program for WithChoices {
    type Theta = [f64; 2];
    type Output = Result<[f64; 3], LawError>;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> Result<[S; 3], LawError> {
        self.0.with_choices(a, b, chance)
    }
}

/// The same, with a sum of parameters in place of the second.
#[derive(Clone, Copy)]
struct WithChoicesDyn(By);

impl Program for WithChoicesDyn {
    type Theta = [f64];
    type Output = Result<[f64; 3], LawError>;

    fn run<S: Scalar, C: Chance<S>>(&self, theta: &[S], chance: &mut C) -> Result<[S; 3], LawError> {
        let sum = theta[2..].iter().fold(theta[1], |sum, x| sum + *x);
        self.0.with_choices(theta[0], sum, chance)
    }
}

/// Estimators for choices at a fixed number of parameters: in whole runs in jets, those of second order too.
#[test]
fn programs_with_choices() {
    macro_rules! agrees {
        ($($estimator:ident $(.$setting:ident($($value:expr),*))*),*) => {$({
            let [got, want] = [By::Tables, By::Formulas].map(|by| {
                samples!(estimate::$estimator(AT, WithChoices(by)).samples(40_000)$(.$setting($($value),*))*)
            });
            agree(&got, &want, |x: &Jet<f64, 2>| x.eps.to_vec(), 1e-11);
        })*};
    }
    agrees!(score, score.baseline(estimate::Baseline::Constant(1.0)), replay, mix, martingale, mix.controls());

    macro_rules! second_agrees {
        ($($estimator:ident),*) => {$({
            let [got, want] = [By::Tables, By::ScoredFormulas]
                .map(|by| samples!(estimate::$estimator(AT, WithChoices(by)).samples(40_000)));
            agree(&got, &want, |x: &Jet<Jet<f64, 2>, 2>| x.hessian().1.to_vec(), 1e-11);
            agree(&got, &want, |x: &Jet<Jet<f64, 2>, 2>| x.hessian().2.as_flattened().to_vec(), 1e-10);
        })*};
    }
    second_agrees!(score_hessian, replay_hessian, kinked_hessian);
}

/// Rows of a value and a gradient each: the values have the same bits, and derivatives nearly, not all of them the same.
fn rows_agree(got: &[Vec<f64>], want: &[Vec<f64>], parameters: usize) {
    for (got, want) in got.iter().zip(want) {
        for (got, want) in got.chunks(1 + parameters).zip(want.chunks(1 + parameters)) {
            assert_eq!(got[0].to_bits(), want[0].to_bits());
            let size = want[1..].iter().fold(1.0, |size: f64, y| size.max(y.abs()));
            assert!(
                got[1..].iter().zip(&want[1..]).all(|(x, y)| (x - y).abs() <= 1e-11 * size),
                "{got:?}, not {want:?}"
            );
        }
    }
    assert!(got != want, "no table was used");
}

/// The same at a number of parameters known at run time, of few of which numbers depend, or of all.
#[test]
fn programs_with_choices_at_any_number_of_parameters() {
    macro_rules! agrees {
        ($theta:expr, $($estimator:ident $(.$setting:ident())*),*) => {$({
            let theta = $theta;
            let [got, want] = [By::Tables, By::Formulas].map(|by| {
                samples!(estimate::$estimator(&theta, WithChoicesDyn(by)).samples(40_000)$(.$setting())*)
            });
            rows_agree(&got, &want, theta.len());
        })*};
    }
    agrees!(AT, score_dyn, replay_dyn, mix_dyn, martingale_dyn, mix_dyn.controls());
    agrees!([2.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], score_dyn, martingale_dyn);
}

/// Draws with few parameters each, and samples that come with their gradients.
#[test]
fn draws_by_their_own_parameters() {
    macro_rules! numbers {
        ($by:ident) => {
            estimate::local(
                &AT,
                |draws| -> Result<(), LawError> {
                    draws.draw([0, 1], |[a, b], chance| Ok(drawn!(chance, $by, Gamma::new(a, b)?)))?;
                    draws.draw([1], |[b], chance| Ok(drawn!(chance, $by, Beta::new(b, 2.0.into())?)))
                },
                |z, gradient| {
                    (gradient[0], gradient[1]) = (z[1], z[0]);
                    z[0] * z[1]
                },
            )
        };
    }
    rows_agree(&samples!(numbers!(by_tables)), &samples!(numbers!(by_formulas)), 2);
    // E z = 2.5/3 · 3/5
    let e = numbers!(by_tables).run_seed(1).unwrap();
    assert!((e.value - 0.5).abs() < 5.0 * e.value_se && (e.gradient[0] - 0.2).abs() < 5.0 * e.gradient_se[0], "{e:?}");
    assert_eq!(numbers!(by_tables).par_run_seed(1).unwrap(), e);

    struct Sized<const BY_TABLES: bool>;
    impl<const BY_TABLES: bool> estimate::GradientSource for Sized<BY_TABLES> {
        type Scalar = Jet<f64, 2>;
        type Values = f64;
        type Error = LawError;
        type Work = ();

        fn work(&self, _: &[f64]) {}

        fn sample(
            &self,
            theta: &[f64],
            (): &mut (),
            chance: &mut estimate::Handle<Jet<f64, 2>>,
        ) -> Result<Vec<f64>, LawError> {
            let [a, b] = Jet::variables([theta[0], theta[1]]);
            let law = Gamma::new(a, b)?;
            let x = if BY_TABLES { chance.draw(&law) } else { law.sample(chance) };
            Ok(vec![x.re, x.eps[0], x.eps[1]])
        }
    }
    let got = samples!(estimate::with_gradient(&AT, Sized::<true>));
    rows_agree(&got, &samples!(estimate::with_gradient(&AT, Sized::<false>)), 2);
}

/// The same bits on threads, in parts, and of one sample again.
#[test]
fn the_same_bits_with_choices() {
    let e = || estimate::mix(AT, WithChoices(By::Tables)).samples(20_000);
    let want = e().run_seed(7).unwrap();
    assert_eq!(e().par_run_seed(7).unwrap(), want);
    let mut parts = e().part(7, 3..e().blocks()).unwrap();
    parts.merge(&e().part(7, 0..3).unwrap()).unwrap();
    assert_eq!(e().of_parts(&parts).unwrap(), want);
    assert_eq!(e().covariances().run_seed(7).unwrap().estimate, want);
}
