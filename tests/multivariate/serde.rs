//! Laws through JSON: what goes out comes back, and nothing invalid comes in.

use nalgebra::{Const, DMatrix, Dyn, Matrix2, Matrix2x3, Matrix3, Vector2, Vector3, matrix, vector};
use reparam::distr::bijection::{CholeskyFactor, CorrelationCholesky, Entrywise, Exp, Inverse, LocationScale, Ordered};
use reparam::distr::bijection::{Sigmoid, Simplex, Then};
use reparam::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// A law is written like this, and read back it is the same.
#[track_caller]
fn round_trip<L: Serialize + DeserializeOwned + PartialEq + Debug>(law: L, text: &str) {
    assert_eq!(serde_json::to_string(&law).expect("it serializes"), text);
    let back: L = serde_json::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(back, law);
    assert_eq!(serde_json::to_string(&back).expect("it serializes"), text);
}

/// A text that is no such law, for a reason in which these words are.
#[track_caller]
fn refused<L: DeserializeOwned + Debug>(text: &str, reason: &str) {
    let error = serde_json::from_str::<L>(text).expect_err(text).to_string();
    assert!(error.contains(reason), "{text}: {error}");
}

const FACTOR: Matrix2<f64> = matrix![1.5, 0.0; 0.6, 0.8];

#[test]
fn laws_of_vectors() {
    type Normal2 = MultivariateNormal<f64, Const<2>>;
    let normal = Normal2::from_cholesky(vector![1.0, -2.0], FACTOR).unwrap();
    let text = r#"{"mean":[1.0,-2.0],"cholesky":[[1.5,0.0],[0.6,0.8]]}"#;
    round_trip(normal.clone(), text);
    refused::<Normal2>(r#"{"mean":[1.0,-2.0],"cholesky":[[1.5,0.1],[0.6,0.8]]}"#, "lower triangular");
    refused::<Normal2>(r#"{"mean":[1.0,1e200],"cholesky":[[1.5,0.0],[0.6,0.8]]}"#, "mean");
    refused::<Normal2>(r#"{"mean":[1.0],"cholesky":[[1.5,0.0],[0.6,0.8]]}"#, "a vector of 1 entries");
    refused::<Normal2>(r#"{"mean":[1.0,2.0,3.0],"cholesky":[[1.5,0.0],[0.6,0.8]]}"#, "invalid length 3");
    refused::<Normal2>(r#"{"mean":[],"cholesky":[[1.5,0.0],[0.6,0.8]]}"#, "a vector of 0 entries");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5,0.0],[0.6]]}"#, "rows of one length");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5],[0.6]]}"#, "a matrix of 2 rows and 1 columns");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5,0.0]]}"#, "a matrix of 1 rows");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5,0.0,0.0],[0.6,0.8,0.0]]}"#, "invalid length 3");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5,0.0],[0.6,0.8],[1.0,1.0]]}"#, "invalid length");
    refused::<Normal2>(r#"{"mean":[1.0,2.0]}"#, "cholesky");
    refused::<Normal2>(r#"{"mean":[1.0,2.0],"cholesky":[[1.5,0.0],[0.6,0.8]],"more":1}"#, "more");

    round_trip(LogisticNormal::new(normal.clone()), &format!(r#"{{"ratios":{text}}}"#));
    round_trip(ProjectedNormal::new(normal).unwrap(), &format!(r#"{{"normal":{text}}}"#));
    refused::<ProjectedNormal<f64, Const<1>>>(r#"{"normal":{"mean":[1.0],"cholesky":[[1.0]]}}"#, "two entries");

    type T = MultivariateStudentT<f64, Const<2>>;
    let text = r#"{"location":[1.0,-2.0],"cholesky":[[1.5,0.0],[0.6,0.8]],"df":3.5}"#;
    round_trip(T::from_cholesky(vector![1.0, -2.0], FACTOR, 3.5).unwrap(), text);
    refused::<T>(&text.replace("3.5", "-1"), "the df of");

    let law = LowRankNormal::new(vector![1.0, -2.0], vector![0.5, 0.25], vector![1.0, 2.0]).unwrap();
    let text = r#"{"mean":[1.0,-2.0],"factor":[[0.5],[0.25]],"diagonal":[1.0,2.0]}"#;
    round_trip(law, text);
    refused::<LowRankNormal<f64, Const<2>, Const<1>>>(&text.replace("2.0]}", "0]}"), "diagonal");

    round_trip(Dirichlet::new(vector![1.0, 0.3]).unwrap(), r#"{"concentration":[1.0,0.3]}"#);
    round_trip(LogDirichlet::new(vector![1.0, 0.3]).unwrap(), r#"{"concentration":[1.0,0.3]}"#);
    refused::<Dirichlet<f64, Const<2>>>(r#"{"concentration":[1.0,0]}"#, "not 0");
    refused::<LogDirichlet<f64, Dyn>>(r#"{"concentration":[1.0]}"#, "two entries");
}

#[test]
fn laws_of_directions() {
    round_trip(VonMisesFisher::new(vector![0.0, 2.0], 3.0).unwrap(), r#"{"mean_direction":[0.0,1.0],"kappa":3.0}"#);
    round_trip(PowerSpherical::new(vector![0.0, 2.0], 3.0).unwrap(), r#"{"mean_direction":[0.0,1.0],"kappa":3.0}"#);
    refused::<VonMisesFisher<f64, Const<2>>>(r#"{"mean_direction":[0.0,0.0],"kappa":3.0}"#, "length");
    refused::<PowerSpherical<f64, Const<2>>>(r#"{"mean_direction":[0.0,1.0],"kappa":-3.0}"#, "kappa");
    // a direction whose length is 1 but for rounding keeps its digits
    for i in 0..1000 {
        let v = Vector3::new(1.0, f64::from(i) * 0.01, -0.3);
        let law = VonMisesFisher::new(v, 1.0).unwrap();
        let back: VonMisesFisher<f64, Const<3>> = serde_json::from_str(&serde_json::to_string(&law).unwrap()).unwrap();
        assert_eq!(back, law);
    }
    round_trip(UniformSphere::<f64, _>::new(Const::<3>).unwrap(), r#"{"dimension":3}"#);
    round_trip(UniformSphere::<f64, _>::new(Dyn(3)).unwrap(), r#"{"dimension":3}"#);
    refused::<UniformSphere<f64, Const<3>>>(r#"{"dimension":2}"#, "size");
    refused::<UniformSphere<f64, Dyn>>(r#"{"dimension":0}"#, "dimension");
}

#[test]
fn laws_of_matrices() {
    let text = r#"{"df":3.5,"cholesky":[[1.5,0.0],[0.6,0.8]]}"#;
    round_trip(Wishart::from_cholesky(3.5, FACTOR).unwrap(), text);
    round_trip(InverseWishart::from_cholesky(3.5, FACTOR).unwrap(), text);
    refused::<Wishart<f64, Const<2>>>(&text.replace("3.5", "1"), "the df of");
    refused::<InverseWishart<f64, Const<2>>>(&text.replace("0.8", "-0.8"), "positive diagonal");

    round_trip(LkjCholesky::new(Const::<3>, 1.4).unwrap(), r#"{"size":3,"concentration":1.4}"#);
    round_trip(LkjCholesky::new(Dyn(1), 1.4).unwrap(), r#"{"size":1,"concentration":1.4}"#);
    refused::<LkjCholesky<f64, Const<3>>>(r#"{"size":2,"concentration":1.4}"#, "size");
    refused::<LkjCholesky<f64, Dyn>>(r#"{"size":1000000000000,"concentration":1.4}"#, "size");
    refused::<LkjCholesky<f64, Dyn>>(r#"{"size":3,"concentration":0}"#, "concentration");

    let mean = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    let text = concat!(
        r#"{"mean":[[1.0,2.0,3.0],[4.0,5.0,6.0]],"rows":[[1.5,0.0],[0.6,0.8]],"#,
        r#""columns":[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]}"#
    );
    round_trip(MatrixNormal::from_cholesky(mean, FACTOR, Matrix3::identity()).unwrap(), text);
    refused::<MatrixNormal<f64, Const<2>, Const<3>>>(&text.replace("0.6", "1e200"), "rows");
}

#[test]
fn combinators() {
    type Pair = Independent<Gamma<f64>, Const<2>>;
    let base = Independent::new(vector![Gamma::new(2.0, 1.0).unwrap(), Gamma::new(0.5, 2.0).unwrap()]);
    let text = r#"{"laws":[{"shape":2.0,"rate":1.0},{"shape":0.5,"rate":2.0}]}"#;
    round_trip(base.clone(), text);
    refused::<Pair>(&text.replace("0.5", "-0.5"), "shape");
    refused::<Pair>(r#"{"laws":[{"shape":2.0,"rate":1.0}]}"#, "a vector of 1 entries");

    let affine = Affine::new(base.clone(), FACTOR, Vector2::zeros()).unwrap();
    let whole = format!(r#"{{"base":{text},"matrix":[[1.5,0.0],[0.6,0.8]],"shift":[0.0,0.0]}}"#);
    round_trip(affine, &whole);
    refused::<Affine<f64, Pair, Const<2>>>(&whole.replace("0.8", "0.0"), "invertible");

    round_trip(MultivariateTransformed::new(base.clone(), Ordered), &format!(r#"{{"base":{text},"map":"Ordered"}}"#));
    round_trip(MultivariateTransformed::new(base.clone(), Simplex), &format!(r#"{{"base":{text},"map":"Simplex"}}"#));
    let map = Entrywise(Then(LocationScale::new(1.0, 2.0).unwrap(), Exp));
    let name = r#"{"Entrywise":{"Then":[{"LocationScale":{"location":1.0,"scale":2.0}},"Exp"]}}"#;
    round_trip(MultivariateTransformed::new(base, map), &format!(r#"{{"base":{text},"map":{name}}}"#));
    type Shifted = Then<LocationScale<f64>, Exp>;
    refused::<Shifted>(r#"{"Then":[{"LocationScale":{"location":1.0,"scale":0.0}},"Exp"]}"#, "scale");
    refused::<Shifted>(r#"{"Then":[{"LocationScale":{"location":1.0,"scale":1.0}},"Ln"]}"#, "Ln");
    round_trip(Inverse(Sigmoid), r#"{"Inverse":"Sigmoid"}"#);
    let square = CholeskyFactor::new(Const::<2>, Const::<3>).unwrap();
    round_trip(square, r#"{"CholeskyFactor":{"size":2,"free":3}}"#);
    let correlation = CorrelationCholesky::new(Dyn(3), Dyn(3)).unwrap();
    round_trip(correlation, r#"{"CorrelationCholesky":{"size":3,"free":3}}"#);
    refused::<CorrelationCholesky<Dyn, Dyn>>(r#"{"CorrelationCholesky":{"size":3,"free":2}}"#, "");
}

/// Sizes known at run time come from the text; jets keep their derivatives.
#[test]
fn dynamic_sizes_and_jets() {
    let text = r#"{"df":3.5,"cholesky":[[1.5,0.0],[0.6,0.8]]}"#;
    round_trip(Wishart::from_cholesky(3.5, DMatrix::from_column_slice(2, 2, FACTOR.as_slice())).unwrap(), text);
    refused::<Wishart<f64, Dyn>>(r#"{"df":3.5,"cholesky":[[1.5,0.0]]}"#, "the cholesky of a Wishart");
    refused::<Wishart<f64, Dyn>>(r#"{"df":3.5,"cholesky":[]}"#, "a matrix of 0 rows");
    refused::<Wishart<f64, Dyn>>(r#"{"df":3.5,"cholesky":[[1.5,0.0],[0.6]]}"#, "rows of one length");
    refused::<Dirichlet<f64, Dyn>>(r#"{"concentration":[]}"#, "a vector of 0 entries");
    let mean = DMatrix::from_row_slice(1, 2, &[1.0, 2.0]);
    let law = MatrixNormal::from_cholesky(mean, DMatrix::identity(1, 1), DMatrix::identity(2, 2)).unwrap();
    round_trip(law, r#"{"mean":[[1.0,2.0]],"rows":[[1.0]],"columns":[[1.0,0.0],[0.0,1.0]]}"#);
    let law =
        LowRankNormal::new(Vector2::zeros(), nalgebra::Matrix2xX::from_element(1, 0.5), Vector2::repeat(1.0)).unwrap();
    round_trip(law, r#"{"mean":[0.0,0.0],"factor":[[0.5],[0.5]],"diagonal":[1.0,1.0]}"#);

    let law = Dirichlet::new(Vector2::from(Jet::variables([1.0, 0.3]))).unwrap();
    round_trip(law, r#"{"concentration":[{"re":1.0,"eps":[1.0,0.0]},{"re":0.3,"eps":[0.0,1.0]}]}"#);
}
