//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Arcsine);
        $do!(AsymmetricLaplace);
        $do!(Beta);
        $do!(BetaPrime);
        $do!(Cauchy);
        $do!(ContinuousBernoulli);
        $do!(Dagum);
        $do!(Exponential);
        $do!(FisherF);
        $do!(FoldedNormal);
        $do!(Frechet);
        $do!(GeneralizedPareto);
        $do!(Gev);
        $do!(Gompertz);
        $do!(Gumbel);
        $do!(HalfCauchy);
        $do!(HalfNormal);
        $do!(HyperbolicSecant);
        $do!(JohnsonSU);
        $do!(Kumaraswamy);
        $do!(Laplace);
        $do!(Levy);
        $do!(LogLogistic);
        $do!(LogNormal);
        $do!(LogUniform);
        $do!(Logistic);
        $do!(LogitBeta);
        $do!(LogitNormal);
        $do!(Maxwell);
        $do!(Moyal);
        $do!(Normal);
        $do!(Pareto);
        $do!(Rayleigh);
        $do!(SinhArcsinh);
        $do!(StudentT);
        $do!(Triangular);
        $do!(TruncatedLogistic);
        $do!(TruncatedNormal);
        $do!(TruncatedPowerLaw);
        $do!(Uniform);
        $do!(Weibull);
    };
}
