//! Every discrete family with plain parameters, once: `for_each_discrete_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_discrete_family {
    ($do:ident) => {
        $do!(Bernoulli);
        $do!(BetaBinomial);
        $do!(Binomial);
        $do!(DiscreteUniform);
        $do!(GammaPoisson);
        $do!(Geometric);
        $do!(Hypergeometric);
        $do!(NegativeBinomial);
        $do!(Poisson);
        $do!(Skellam);
        $do!(Zeta);
        $do!(Zipf);
    };
}
