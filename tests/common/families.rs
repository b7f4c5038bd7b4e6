//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Exponential);
        $do!(GeneralizedPareto);
        $do!(Normal);
        $do!(TruncatedPowerLaw);
        $do!(Pareto);
        $do!(LogUniform);
        $do!(LogLogistic);
        $do!(Gompertz);
        $do!(Gev);
        $do!(Frechet);
        $do!(Dagum);
    };
}
