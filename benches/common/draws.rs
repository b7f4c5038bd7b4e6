//! Draws against rand_distr's, and draws that carry derivatives against plain ones.

use crate::{Ratios, rng};
use reparam::distr::Family;
use reparam::prelude::*;

/// A plain draw against the one of the same name in rand_distr.
macro_rules! against_rand_distr {
    ($ratios:ident, $($law:ident($($x:expr),+) = $rival:ident($($y:expr),+);)+) => {$({
        let (ours, theirs) = ($law::new($($x),+).unwrap(), rand_distr::$rival::<f64>::new($($y),+).unwrap());
        let name = format!("draw {}", <$law<f64> as Family>::NAME);
        $ratios.draws::<f64, f64>(&name, ours, concat!("rand_distr::", stringify!($rival)), theirs);
    })+};
}

/// A draw from the law with parameters `x` against the plain one.
fn against_plain<F: Family, S: Scalar, const N: usize>(
    ratios: &Ratios,
    what: &str,
    place: &str,
    point: [f64; N],
    x: [S; N],
) {
    let (jet, plain) = (F::law(&x).unwrap(), F::law(&point).unwrap());
    ratios.draws(&format!("draw with {what} {}{place}", F::NAME), jet, &format!("plain {}", F::NAME), plain);
}

/// A draw with all first derivatives against the plain one.
fn gradient<F: Family, const N: usize>(ratios: &Ratios, point: [f64; N]) {
    let what = if N == 1 { "one partial" } else { "two partials" };
    against_plain::<F, _, N>(ratios, what, "", point, Jet::variables(point));
}

/// A draw with all second derivatives as well.
fn hessian<F: Family, const N: usize>(ratios: &Ratios, point: [f64; N]) {
    against_plain::<F, _, N>(ratios, "Hessian", "", point, Jet::second_order(point));
}

/// Plain draws of every family that rand_distr has too.
fn plain(ratios: &Ratios) {
    against_rand_distr! { ratios,
        Normal(1.0, 2.0) = Normal(1.0, 2.0);
        LogNormal(1.0, 0.5) = LogNormal(1.0, 0.5);
        Exponential(2.0) = Exp(2.0);
        Uniform(1.0, 3.0) = Uniform(1.0, 3.0);
        Cauchy(1.0, 2.0) = Cauchy(1.0, 2.0);
        Gumbel(1.0, 2.0) = Gumbel(1.0, 2.0);
        Frechet(2.0, 2.5) = Frechet(0.0, 2.0, 2.5);
        Weibull(2.0, 1.5) = Weibull(2.0, 1.5);
        Pareto(2.0, 1.5) = Pareto(2.0, 1.5);
        Triangular(1.0, 4.0, 3.0) = Triangular(1.0, 4.0, 3.0);
        InverseGaussian(1.0, 2.0) = InverseGaussian(1.0, 2.0);
        SkewNormal(1.0, 2.0, 3.0) = SkewNormal(1.0, 2.0, 3.0);
        NormalInverseGaussian(0.0, 1.0, 2.0, 1.0) = NormalInverseGaussian(2.0, 1.0);
    }
}

/// What derivatives add to the cost of a draw.
fn derivatives(ratios: &Ratios) {
    let place = [1.0, 2.0];
    gradient::<Normal<f64>, 2>(ratios, place);
    gradient::<Laplace<f64>, 2>(ratios, place);
    gradient::<Logistic<f64>, 2>(ratios, place);
    gradient::<HyperbolicSecant<f64>, 2>(ratios, place);
    gradient::<Cauchy<f64>, 2>(ratios, place);
    gradient::<Gumbel<f64>, 2>(ratios, place);
    gradient::<Moyal<f64>, 2>(ratios, place);
    gradient::<Levy<f64>, 2>(ratios, place);
    gradient::<Uniform<f64>, 2>(ratios, place);
    gradient::<VonMises<f64>, 2>(ratios, place);
    gradient::<Exponential<f64>, 1>(ratios, [2.0]);
    gradient::<HalfNormal<f64>, 1>(ratios, [2.0]);
    gradient::<HalfCauchy<f64>, 1>(ratios, [2.0]);
    gradient::<Rayleigh<f64>, 1>(ratios, [2.0]);
    gradient::<Maxwell<f64>, 1>(ratios, [2.0]);
    gradient::<Weibull<f64>, 2>(ratios, [2.0, 1.5]);
    gradient::<LogNormal<f64>, 2>(ratios, [1.0, 0.5]);
    against_plain::<SkewNormal<f64>, _, 3>(
        ratios,
        "all partials",
        "",
        [1.0, 2.0, 3.0],
        Jet::variables([1.0, 2.0, 3.0]),
    );
    hessian::<Normal<f64>, 2>(ratios, place);
    hessian::<Gumbel<f64>, 2>(ratios, place);
    hessian::<Gamma<f64>, 2>(ratios, [2.5, 2.0]);
    hessian::<Beta<f64>, 2>(ratios, [2.0, 3.0]);
    hessian::<StudentT<f64>, 3>(ratios, [0.0, 1.0, 5.0]);
    hessian::<VonMises<f64>, 2>(ratios, place);
}

/// Draws between bounds, in the bulk, in both tails and in short intervals, against `rand_distr`'s normal draws until one is inside;
/// where hardly any is, against a single one. What their derivatives and those of logistic draws add.
fn truncated(ratios: &Ratios) {
    for (lower, upper) in
        [(-1.0, 1.0), (0.0, f64::INFINITY), (-0.1, 0.1), (-3.0, 0.5), (2.0, 3.0), (5.0, 5.1), (38.0, 39.0)]
    {
        let law = TruncatedNormal::new(0.0, 1.0, lower, upper).unwrap();
        let (mut a, mut b) = (rng(), rng());
        let often = lower < 3.0;
        ratios.case(
            &format!("draw truncated_normal on [{lower} {upper}]"),
            move || -> f64 { law.sample(&mut a) },
            if often { "rand_distr::StandardNormal until inside" } else { "rand_distr::StandardNormal once" },
            move || -> f64 {
                loop {
                    let z = rand_distr::StandardNormal.sample(&mut b);
                    if !often || (lower..=upper).contains(&z) {
                        return z;
                    }
                }
            },
        );
        let point = [0.0, 1.0, lower, upper];
        let interval = format!(" on [{lower} {upper}]");
        against_plain::<TruncatedNormal<f64>, _, 4>(ratios, "all partials", &interval, point, Jet::variables(point));
        if lower >= 0.0 {
            against_plain::<TruncatedLogistic<f64>, _, 4>(
                ratios,
                "all partials",
                &interval,
                point,
                Jet::variables(point),
            );
        }
    }
}

/// A draw, plain and with value and all first derivatives, against rand_distr's plain one.
fn both<F: Family, const N: usize>(
    ratios: &Ratios,
    point: [f64; N],
    rival: &str,
    theirs: impl Distribution<f64> + Copy,
) {
    let (plain, jet) = (F::law(&point).unwrap(), F::law(&Jet::variables(point)).unwrap());
    let name = format!("{} {point:?}", F::NAME).replace(", ", " ");
    ratios.draws(&format!("draw {name}"), plain, rival, theirs);
    ratios.draws(&format!("draw with all partials {name}"), jet, rival, theirs);
}

/// Laws whose draws need implicit differentiation.
fn shapes(ratios: &Ratios) {
    for shape in [0.3, 2.5, 50.0] {
        let theirs = rand_distr::Gamma::new(shape, 0.5).unwrap();
        both::<Gamma<f64>, 2>(ratios, [shape, 2.0], "rand_distr::Gamma", theirs);
    }
    both::<Beta<f64>, 2>(ratios, [2.0, 3.0], "rand_distr::Beta", rand_distr::Beta::new(2.0, 3.0).unwrap());
    let theirs = rand_distr::Pert::new(-1.0, 5.0).with_mode(0.5).unwrap();
    both::<Pert<f64>, 4>(ratios, [-1.0, 5.0, 0.5, 4.0], "rand_distr::Pert", theirs);
    let theirs = rand_distr::StudentT::new(5.0).unwrap();
    both::<StudentT<f64>, 3>(ratios, [0.0, 1.0, 5.0], "rand_distr::StudentT", theirs);
}

/// A law's draws with derivatives from its table against those by its formulas.
macro_rules! from_tables {
    ($ratios:ident, $what:literal, $variables:ident, $prepared:ident: $($law:ident $point:expr;)+) => {$({
        let point = $point;
        let law = <$law<f64> as Family>::law(&Jet::$variables(point)).unwrap();
        let name = format!("{} {} {point:?}", $what, <$law<f64> as Family>::NAME).replace(", ", " ");
        $ratios.draws(&format!("draw with {name} from a table"), law.$prepared(), &name, law);
    })+};
}

/// A law's draws at uniform numbers, one after the other, from its table of quantiles against its plain random draws: of
/// doubles, and with all first derivatives.
macro_rules! quantiles_from_tables {
    ($ratios:ident: $($law:ident $point:expr;)+) => {$({
        let point = $point;
        let plain = <$law<f64> as Family>::law(&point).unwrap();
        let jets = <$law<f64> as Family>::law(&Jet::variables(point)).unwrap();
        let (table, jet_table) = (plain.prepared().with_quantiles(), jets.prepared().with_quantiles());
        let name = format!("{} {point:?}", <$law<f64> as Family>::NAME).replace(", ", " ");
        let [mut a, mut b, mut c, mut d] = [rng(), rng(), rng(), rng()];
        $ratios.case(
            &format!("quantile of {name} from a table"),
            move || -> f64 { program::Antithetic::new(&mut a, true).draw(&table) },
            &format!("plain {name}"),
            move || -> f64 { plain.sample(&mut b) },
        );
        $ratios.case(
            &format!("quantile with all partials of {name} from a table"),
            move || program::Antithetic::new(&mut c, true).draw(&jet_table),
            &format!("all partials {name}"),
            move || jets.sample(&mut d),
        );
    })+};
}

/// 4096 draws into slices against a loop by formulas: from a table that was made before, and from one that is made on the way.
fn filled(ratios: &Ratios) {
    fn case(ratios: &Ratios, name: &str, law: impl Continuous<Jet<f64, 2>>) {
        let (mut a, mut b) = (rng(), rng());
        let [shape, rate] = Jet::variables([2.5, 2.0]);
        let by_formulas = Gamma::new(shape, rate).unwrap();
        let (mut values, mut by_shape, mut by_rate) = (vec![0.0; 4096], vec![0.0; 4096], vec![0.0; 4096]);
        ratios.case(
            name,
            move || fill(&law, &mut a, &mut values, [&mut by_shape, &mut by_rate]),
            "a loop by formulas",
            move || (0..4096).map(|_| by_formulas.sample(&mut b)).fold(Jet::<f64, 2>::from(0.0), |sum, x| sum + x),
        );
    }
    let [shape, rate] = Jet::variables([2.5, 2.0]);
    let law = Gamma::new(shape, rate).unwrap();
    case(ratios, "fill 4096 of gamma [2.5 2.0] from a table", law.prepared());
    case(ratios, "fill 4096 of gamma [2.5 2.0], table on its own", law);
}

/// The same, and what making the table takes: a law made and drawn 64, 256 and 1024 times.
fn tables(ratios: &Ratios) {
    from_tables! { ratios, "all partials", variables, prepared:
        Gamma [0.3, 2.0];
        Gamma [1.0, 2.0];
        Gamma [2.5, 2.0];
        Gamma [50.0, 2.0];
        InverseGamma [2.5, 2.0];
        Beta [2.0, 3.0];
        Beta [0.5, 0.5];
        Beta [20.0, 30.0];
        FisherF [5.0, 8.0];
        StudentT [0.0, 1.0, 5.0];
        StudentT [0.0, 1.0, 100.0];
        VonMises [1.0, 2.0];
    }
    from_tables! { ratios, "Hessian", second_order, prepared_to_second_order:
        Gamma [2.5, 2.0];
        Gamma [50.0, 2.0];
        Beta [2.0, 3.0];
        StudentT [0.0, 1.0, 5.0];
        VonMises [1.0, 2.0];
    }
    quantiles_from_tables! { ratios:
        Gamma [0.3, 2.0];
        Gamma [2.5, 2.0];
        Gamma [50.0, 2.0];
        Beta [0.5, 0.5];
        Beta [2.0, 3.0];
        StudentT [0.0, 1.0, 5.0];
        VonMises [1.0, 2.0];
    }
    filled(ratios);
    for n in [64, 256, 1024] {
        let (mut a, mut b) = (rng(), rng());
        let [shape, rate] = Jet::variables([2.5, 2.0]);
        let law = move || Gamma::new(shape, rate).unwrap();
        ratios.case(
            &format!("gamma [2.5 2.0] made and drawn {n} times from a table"),
            move || {
                let law = law().prepared();
                (0..n).map(|_| law.sample(&mut a)).fold(Jet::<f64, 2>::from(0.0), |sum, x| sum + x)
            },
            "by formulas",
            move || {
                let law = law();
                (0..n).map(|_| law.sample(&mut b)).fold(Jet::<f64, 2>::from(0.0), |sum, x| sum + x)
            },
        );
    }
}

pub fn run(ratios: &Ratios) {
    plain(ratios);
    shapes(ratios);
    tables(ratios);
    truncated(ratios);
    derivatives(ratios);
}
