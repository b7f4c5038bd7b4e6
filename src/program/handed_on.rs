//! What a handle around another one hands on to it.

/// In an implementation of [`Chance`](super::Chance): randomness that is no choice and no draw of a law of one number, scopes and
/// faults, from the handle inside. What follows is done before there is randomness.
macro_rules! handed_on {
    ($scalar:ty, $handle:ty, |$self:ident| $inner:expr $(, $before:expr)?) => {
        type Mark = <$handle as Chance<$scalar>>::Mark;

        #[inline(always)]
        fn draw_joint<L: Joint<$scalar>>(&mut $self, law: &L) -> L::Point {
            $($before;)?
            $inner.draw_joint(law)
        }
        #[inline(always)]
        fn uniform(&mut $self) -> f64 {
            $($before;)?
            $inner.uniform()
        }
        #[inline(always)]
        fn normal(&mut $self) -> f64 {
            $($before;)?
            $inner.normal()
        }
        #[inline(always)]
        fn exponential(&mut $self) -> f64 {
            $($before;)?
            $inner.exponential()
        }
        #[inline(always)]
        fn generator(&mut $self) -> impl Rng {
            $($before;)?
            $inner.generator()
        }
        #[inline(always)]
        fn open(&mut $self) -> Self::Mark {
            $inner.open()
        }
        #[inline(always)]
        fn close(&mut $self, mark: Self::Mark) {
            $inner.close(mark);
        }
        #[inline(always)]
        fn fault(&$self) -> Option<Fault> {
            $inner.fault()
        }
    };
}
pub(super) use handed_on;
