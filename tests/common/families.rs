//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Arcsine);
        $do!(AsymmetricLaplace);
        $do!(Cauchy);
        $do!(ContinuousBernoulli);
        $do!(Exponential);
        $do!(FoldedNormal);
        $do!(Gumbel);
        $do!(HalfCauchy);
        $do!(HalfNormal);
        $do!(HyperbolicSecant);
        $do!(JohnsonSU);
        $do!(Kumaraswamy);
        $do!(Laplace);
        $do!(Levy);
        $do!(LogNormal);
        $do!(Logistic);
        $do!(LogitNormal);
        $do!(Maxwell);
        $do!(Moyal);
        $do!(Normal);
        $do!(Rayleigh);
        $do!(SinhArcsinh);
        $do!(Triangular);
        $do!(Uniform);
        $do!(Weibull);
    };
}
