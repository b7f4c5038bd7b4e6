//! Programs written like closures.

/// How [`program!`](crate::program!) hands over what it captured: copies of what can be copied, references to the rest.
/// The method that needs no reference is found first.
#[doc(hidden)]
pub mod captured {
    #[derive(Debug)]
    pub struct Captured<'a, T>(pub &'a T);

    pub trait ByCopy {
        type Item;
        fn get(&self) -> Self::Item;
    }

    pub trait ByReference {
        type Item;
        fn get(&self) -> Self::Item;
    }

    impl<T: Copy> ByCopy for Captured<'_, T> {
        type Item = T;
        #[inline(always)]
        fn get(&self) -> T {
            *self.0
        }
    }

    impl<'a, T> ByReference for &Captured<'a, T> {
        type Item = &'a T;
        #[inline(always)]
        fn get(&self) -> &'a T {
            self.0
        }
    }
}

/// A [`Program`](crate::program::Program) written like a closure: `program!(|theta: [S; N], chance| -> S { .. })`.
///
/// `S` is the name of the scalar's type in the body. Parameters are `[S; N]`, or `&[S]` where their number is known at
/// run time. Results are `S`, `[S; K]`, `Vec<S>`, or a `Result` of one of them.
///
/// What the body needs from outside is listed after `using`, by name and type, with `= value` where it is no variable
/// of that name. Numbers and references come as they are; everything else (a `Vec`, a structure) is moved in and comes
/// as a reference. Types that the surrounding function is generic over are named before: `using [F: Fn(f64) -> f64 +
/// Copy] (f: F)`.
///
/// ```
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// let steps = 3;
/// let walk = program!(|[p, noise]: [S; 2], chance| using (steps: u32) -> Result<S, LawError> {
///     let mut x = S::from(0.0);
///     for _ in 0..steps {
///         x += if chance.bernoulli(p) { chance.draw(&Normal::new(1.0.into(), noise)?) } else { S::from(-1.0) };
///     }
///     Ok(x)
/// });
/// let e = estimate::replay([0.5, 0.1], walk).run(&mut program::Stream::new(1)).unwrap();
/// assert!((e.gradient[0] - 6.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
///
/// With borrowed data and several results:
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let (data, weights) = (vec![1.0, 2.0, 4.0], [0.5, 0.25]);
/// let both = program!(|[p]: [S; 1], chance| using (data: &[f64] = &data, weights: [f64; 2]) -> [S; 2] {
///     let picked: f64 = data.iter().filter(|_| chance.bernoulli(p)).sum();
///     weights.map(|w| S::from(w * picked))
/// });
/// let e = estimate::mix([0.5], both).run(&mut program::Stream::new(1)).unwrap();
/// assert!((e.gradient[1][0] - 1.75).abs() < 5.0 * e.gradient_se[1][0]);
/// ```
#[macro_export]
macro_rules! program {
    // all parts in order: pattern, scalar, parameters, their type in the scalar, handle, captures, results, body
    (@make [$theta:tt] [$S:ident] [$Theta:ty] [$OfS:ty; $($star:tt)?] [$chance:ident; $($generics:tt)*]
        [$($name:ident : $type:ty = $value:expr),*] [$out:ty] $body:block
    ) => {{
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug)]
        struct Body<$($name),*> { $($name: $name),* }
        type $S = f64;

        impl<$($generics)*> $crate::program::Program for Body<$($type),*> {
            type Theta = $Theta;
            type Output = $out;

            #[inline]
            #[allow(clippy::clone_on_copy)]
            fn run<$S: $crate::scalar::Scalar, Handle: $crate::program::Chance<$S>>(
                &self,
                parameters: $OfS,
                $chance: &mut Handle,
            ) -> $out {
                let $theta = $($star)? parameters;
                #[allow(unused_imports)]
                use $crate::program::captured::{ByCopy as _, ByReference as _, Captured};
                $(let $name = (&Captured(&self.$name)).get();)*
                $body
            }
        }
        $(let $name: $type = $value;)*
        Body { $($name),* }
    }};

    // captures, with a value or by name
    (@using $t:tt $s:tt $p:tt $q:tt $c:tt [$($done:tt)*] ($name:ident : $type:ty = $value:expr $(, $($rest:tt)*)?) $($tail:tt)*) => {
        $crate::program!(@using $t $s $p $q $c [$($done)* $name: $type = $value,] ($($($rest)*)?) $($tail)*)
    };
    (@using $t:tt $s:tt $p:tt $q:tt $c:tt [$($done:tt)*] ($name:ident : $type:ty $(, $($rest:tt)*)?) $($tail:tt)*) => {
        $crate::program!(@using $t $s $p $q $c [$($done)* $name: $type = $name,] ($($($rest)*)?) $($tail)*)
    };
    (@using $t:tt $s:tt $p:tt $q:tt $c:tt [$($name:ident : $type:ty = $value:expr,)*] () -> $out:ty $body:block) => {
        $crate::program!(@make $t $s $p $q $c [$($name: $type = $value),*] [$out] $body)
    };
    (@using $t:tt $s:tt $p:tt $q:tt $c:tt [$($done:tt)*] () $body:block) => {
        compile_error!("program!: write the type of the result, `-> S`, `-> [S; 3]` or `-> Result<S, E>`, before the body")
    };
    (@using $t:tt $s:tt $p:tt $q:tt $c:tt [$($done:tt)*] ($name:ident $($rest:tt)*) $($tail:tt)*) => {
        compile_error!(concat!("program!: what is captured needs its type: `using (", stringify!($name), ": &[f64])`"))
    };

    // heads: parameters by value, of a fixed number by reference, of any number
    (|$theta:tt : [$S:ident; $n:expr], $chance:ident| $($tail:tt)+) => {
        $crate::program!(@generics [$theta] [$S] [[f64; $n]] [&[$S; $n]; *] $chance $($tail)+)
    };
    (|$theta:tt : &[$S:ident; $n:expr], $chance:ident| $($tail:tt)+) => {
        $crate::program!(@generics [$theta] [$S] [[f64; $n]] [&[$S; $n];] $chance $($tail)+)
    };
    (|$theta:tt : &[$S:ident], $chance:ident| $($tail:tt)+) => {
        $crate::program!(@generics [$theta] [$S] [[f64]] [&[$S];] $chance $($tail)+)
    };
    (@generics $t:tt $s:tt $p:tt $q:tt $chance:ident using [$($generics:tt)*] ($($captures:tt)*) $($tail:tt)+) => {
        $crate::program!(@using $t $s $p $q [$chance; $($generics)*] [] ($($captures)*) $($tail)+)
    };
    (@generics $t:tt $s:tt $p:tt $q:tt $chance:ident using ($($captures:tt)*) $($tail:tt)+) => {
        $crate::program!(@using $t $s $p $q [$chance;] [] ($($captures)*) $($tail)+)
    };
    (@generics $t:tt $s:tt $p:tt $q:tt $chance:ident $($tail:tt)+) => {
        $crate::program!(@using $t $s $p $q [$chance;] [] () $($tail)+)
    };

    // what people write instead
    (move $($tail:tt)*) => {
        compile_error!("program!: no `move`; list what is captured: `|theta: [S; N], chance| using (data: Vec<f64>) -> S { .. }`")
    };
    (|$theta:tt, $chance:ident| $($tail:tt)*) => {
        compile_error!("program!: the parameters need a type: `|theta: [S; N], chance|`, or `|theta: &[S], chance|` for a number known at run time")
    };
    ($($other:tt)*) => {
        compile_error!("program!: expected `|theta: [S; N], chance| using (data: &[f64]) -> S { .. }`")
    };
}
