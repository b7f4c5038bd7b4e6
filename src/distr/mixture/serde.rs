//! Mixtures (de)serialize as `{weights, components}`, through the constructors.

use super::weights::Weights;
use super::{Components, FactorizedMixture, Mixture};
use crate::scalar::Scalar;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

#[derive(Serialize)]
#[serde(rename = "mixture")]
struct Written<'a, V, C> {
    weights: &'a V,
    components: &'a C,
}

#[derive(Deserialize)]
#[serde(rename = "mixture", deny_unknown_fields)]
struct Read<V, C> {
    weights: V,
    components: C,
}

/// Weights and components, unless a weight is below the doubles, known by its logarithm only.
fn write<S: Scalar, V: AsRef<[S]> + Clone + Serialize, C: Serialize, Z: Serializer>(
    weights: &Weights<S, V>,
    components: &C,
    serializer: Z,
) -> Result<Z::Ok, Z::Error> {
    let lost = |(k, w): (usize, &S)| w.re() == 0.0 && weights.is_positive(k);
    if weights.linear().as_ref().iter().enumerate().any(lost) {
        return Err(ser::Error::custom("a weight of a mixture is positive but below the doubles"));
    }
    Written { weights: weights.linear(), components }.serialize(serializer)
}

impl<S: Scalar, C: Components<S, Values: Serialize> + Serialize> Serialize for Mixture<S, C> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        write(&self.weights, &self.components, serializer)
    }
}

impl<'de, S: Scalar, C: Components<S, Values: Deserialize<'de>> + Deserialize<'de>> Deserialize<'de> for Mixture<S, C> {
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let Read { weights, components } = Read::deserialize(deserializer)?;
        Mixture::new(weights, components).map_err(de::Error::custom)
    }
}

impl<S: Scalar, R: Components<S>, const K: usize> Serialize for FactorizedMixture<S, R, K>
where
    [S; K]: Serialize,
    [R; K]: Serialize,
{
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        write(&self.weights, &self.rows, serializer)
    }
}

impl<'de, S: Scalar, R: Components<S>, const K: usize> Deserialize<'de> for FactorizedMixture<S, R, K>
where
    [S; K]: Deserialize<'de>,
    [R; K]: Deserialize<'de>,
{
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let Read { weights, components } = Read::deserialize(deserializer)?;
        FactorizedMixture::new(weights, components).map_err(de::Error::custom)
    }
}
