//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Arcsine);
        $do!(AsymmetricLaplace);
        $do!(Cauchy);
        $do!(ChiSquared);
        $do!(ContinuousBernoulli);
        $do!(Exponential);
        $do!(Gamma);
        $do!(Gumbel);
        $do!(HalfCauchy);
        $do!(HyperbolicSecant);
        $do!(InverseGamma);
        $do!(Kumaraswamy);
        $do!(Laplace);
        $do!(Levy);
        $do!(LogGamma);
        $do!(Logistic);
        $do!(Moyal);
        $do!(Normal);
        $do!(Triangular);
        $do!(Uniform);
    };
}
