//! Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type in turn.

macro_rules! for_each_family {
    ($do:ident) => {
        $do!(Exponential);
        $do!(Normal);
        $do!(TruncatedLogistic);
        $do!(TruncatedNormal);
    };
}
