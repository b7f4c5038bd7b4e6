//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Arcsine);
        $do!(ContinuousBernoulli);
        $do!(Exponential);
        $do!(Kumaraswamy);
        $do!(Normal);
        $do!(Triangular);
        $do!(Uniform);
    };
}
