//! The arena: what a run has computed, as terms of sums, and the way back through it.
//!
//! There is one for each thread and kind of number. It is cleared after every run, and its memory is used again.

use core::cell::{Cell, RefCell};
use core::marker::PhantomData;
use reparam::scalar::{Jet, Scalar};

/// What the derivatives of a [`Var`](crate::Var) are made of: `f64`, or `Jet<f64, N>` for derivatives of higher order,
/// N = 1, 2, 4 or 8. Sealed.
pub trait Base: sealed::OnTape {}

pub(crate) mod sealed {
    use super::{Head, Tape};
    use core::cell::RefCell;
    use reparam::scalar::Scalar;

    pub trait OnTape: Scalar {
        /// The constant 0, to begin with.
        const ZERO: Self;

        #[doc(hidden)]
        fn with_head<R>(f: impl FnOnce(&Head<Self>) -> R) -> R;

        #[doc(hidden)]
        fn with_tape<R>(f: impl FnOnce(&RefCell<Tape<Self>>) -> R) -> R;
    }
}

macro_rules! bases {
    ($($type:ty = $zero:expr),*) => {
        $(impl sealed::OnTape for $type {
            const ZERO: Self = $zero;

            #[inline(always)]
            fn with_head<R>(f: impl FnOnce(&Head<Self>) -> R) -> R {
                thread_local! {
                    static HEAD: Head<$type> = const { Head::new() };
                }
                HEAD.with(f)
            }

            fn with_tape<R>(f: impl FnOnce(&RefCell<Tape<Self>>) -> R) -> R {
                thread_local! {
                    static TAPE: RefCell<Tape<$type>> = const { RefCell::new(Tape::new()) };
                }
                TAPE.with(f)
            }
        }

        impl Base for $type {})*
    };
}

bases! {
    f64 = 0.0,
    Jet<f64, 1> = Jet { re: 0.0, eps: [0.0; 1] },
    Jet<f64, 2> = Jet { re: 0.0, eps: [0.0; 2] },
    Jet<f64, 4> = Jet { re: 0.0, eps: [0.0; 4] },
    Jet<f64, 8> = Jet { re: 0.0, eps: [0.0; 8] }
}

/// Which number of which run a [`Var`](crate::Var) is a multiple of, to first order: a run (the upper half) and a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(u64);

impl Origin {
    /// That of constants.
    pub(crate) const NOWHERE: Self = Origin(0);

    #[inline(always)]
    fn new(run: u32, node: u32) -> Self {
        Origin(u64::from(run) << 32 | u64::from(node))
    }

    #[inline(always)]
    pub(crate) fn is_somewhere(self) -> bool {
        self.0 != 0
    }

    /// The node, if it is one of this run.
    #[inline(always)]
    fn node(self) -> u32 {
        self.0 as u32
    }

    #[inline(always)]
    fn is_of_run_of(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 32 == 0
    }
}

/// The derivative of one number: that of `sum`, and `slope` times that of `from`.
#[derive(Clone, Copy, Debug)]
struct Term<T> {
    sum: u32,
    from: u32,
    slope: T,
}

/// The number of terms that are kept where each operation can reach them without a look at the heap.
const RECENT: usize = 256;

/// The newest terms of the run. Nodes are nothing (0), the variables, and the terms in order.
///
/// It has no destructor: so that a thread reaches its own at a fixed address.
pub struct Head<T> {
    recent: [Cell<Term<T>>; RECENT],
    len: Cell<usize>,
    /// What the next term will be; its run is 0 if there is none.
    next: Cell<Origin>,
}

/// The other terms of a thread's runs.
#[derive(Debug)]
pub struct Tape<T> {
    terms: Vec<Term<T>>,
    /// The derivatives of a result in each node, on the way back.
    adjoints: Vec<T>,
    /// The largest number of a run so far.
    runs: u32,
    /// Where the terms of the run begin, behind those of a run around it.
    start: usize,
    variables: usize,
}

/// Whether a derivative is exactly 0.
#[inline(always)]
fn is_zero<T: Scalar>(x: T) -> bool {
    x.max_abs() == 0.0
}

/// Whether it is exactly 1.
#[inline(always)]
fn is_one<T: Scalar>(x: T) -> bool {
    x.re() == 1.0 && (T::ORDER == 0 || is_zero(x - 1.0))
}

impl<T> Tape<T> {
    const fn new() -> Self {
        Tape { terms: Vec::new(), adjoints: Vec::new(), runs: 0, start: 0, variables: 0 }
    }
}

impl<T: Base> Head<T> {
    const fn new() -> Self {
        let recent = [const { Cell::new(Term { sum: 0, from: 0, slope: T::ZERO }) }; RECENT];
        Head { recent, len: Cell::new(0), next: Cell::new(Origin::NOWHERE) }
    }

    /// A term of two nodes of the run, which has this place: there must be room.
    #[inline(always)]
    fn put(&self, (len, node): (usize, Origin), term: Term<T>) {
        self.recent[len].set(term);
        self.len.set(len + 1);
        self.next.set(Origin(node.0 + 1));
    }

    /// Moves the recent terms to the others.
    fn flush(&self) {
        let len = self.len.take();
        T::with_tape(|tape| tape.borrow_mut().terms.extend(self.recent[..len].iter().map(Cell::get)));
        assert!(self.next.get().node() < 1 << 31, "a run of more than 2^31 operations on derivatives");
    }
}

/// A number that moves by a x + b y, those of two nodes.
#[inline(always)]
pub(crate) fn joined<T: Base>(value: T, x: Origin, a: T, y: Origin, b: T) -> (Jet<T, 1>, Origin) {
    let (value, node) = new_node(value, x, a, y, b);
    if node.is_somewhere() {
        (Jet { re: value, eps: [T::from(1.0)] }, node)
    } else {
        of_the_moving_one(value, x, a, y, b)
    }
}

/// The node that moves by a x + b y, two nodes; nowhere if they do not both move.
///
/// The value goes through it, so that a sum need not be kept in memory meanwhile. Each look at the thread's head is
/// small enough to be inlined, whatever calls it.
#[inline(never)]
fn new_node<T: Base>(value: T, x: Origin, a: T, y: Origin, b: T) -> (T, Origin) {
    let (len, node) = T::with_head(|head| (head.len.get(), head.next.get()));
    if len > RECENT - 2 {
        return new_node_after_flush(value, x, a, y, b);
    }
    if !(x.is_of_run_of(node) && y.is_of_run_of(node)) {
        return (value, Origin::NOWHERE);
    }
    let (place, [x, y]) = ((len, node), [x.node(), y.node()]);
    if is_one(a) && !is_zero(b) {
        T::with_head(|head| head.put(place, Term { sum: x, from: y, slope: b }));
        (value, node)
    } else if is_one(b) && !is_zero(a) {
        T::with_head(|head| head.put(place, Term { sum: y, from: x, slope: a }));
        (value, node)
    } else if !is_zero(a) && !is_zero(b) {
        let second = Origin(node.0 + 1);
        T::with_head(|head| head.put(place, Term { sum: 0, from: x, slope: a }));
        T::with_head(|head| head.put((len + 1, second), Term { sum: node.node(), from: y, slope: b }));
        (value, second)
    } else {
        (value, Origin::NOWHERE)
    }
}

/// It is called last, so that what is usual saves no registers.
#[cold]
#[inline(never)]
fn new_node_after_flush<T: Base>(value: T, x: Origin, a: T, y: Origin, b: T) -> (T, Origin) {
    T::with_head(Head::flush);
    new_node(value, x, a, y, b)
}

/// A number of the one of two that moves, if any does. A number of another run does not move in this one.
#[cold]
#[inline(never)]
fn of_the_moving_one<T: Base>(value: T, x: Origin, a: T, y: Origin, b: T) -> (Jet<T, 1>, Origin) {
    let next = T::with_head(|head| head.next.get());
    let moves = |origin: Origin, slope: T| origin.is_of_run_of(next) && !is_zero(slope);
    let (slope, origin) = if moves(x, a) {
        (a, x)
    } else if moves(y, b) {
        (b, y)
    } else {
        (T::from(0.0), Origin::NOWHERE)
    };
    (Jet { re: value, eps: [slope] }, origin)
}

/// A run that is being recorded: until it is dropped, what is computed from its variables goes onto this thread's tape.
pub(crate) struct Run<T: Base> {
    around: Around,
    tape: PhantomData<*const T>,
}

/// The state of the run around another.
struct Around {
    next: Origin,
    start: usize,
    variables: usize,
}

impl<T: Base> Run<T> {
    /// Begins a run with this many variables.
    ///
    /// # Panics
    /// If there are more than 2^30.
    pub fn new(variables: usize) -> Self {
        assert!(variables <= 1 << 30, "at most 2^30 variables");
        T::with_head(|head| {
            head.flush();
            T::with_tape(|tape| {
                let mut tape = tape.borrow_mut();
                let around = Around { next: head.next.get(), start: tape.start, variables: tape.variables };
                // no run is 0; after 2^32 runs a number kept since the first would be taken for one of this run
                tape.runs = tape.runs.wrapping_add(1).max(1);
                (tape.start, tape.variables) = (tape.terms.len(), variables);
                head.next.set(Origin::new(tape.runs, variables as u32 + 1));
                Run { around, tape: PhantomData }
            })
        })
    }

    /// The origins of the variables.
    pub fn variables(&self) -> impl Iterator<Item = Origin> {
        let run = T::with_head(|head| head.next.get().0 >> 32) as u32;
        let variables = T::with_tape(|tape| tape.borrow().variables);
        (1..=variables as u32).map(move |node| Origin::new(run, node))
    }

    /// The derivatives, in all variables, of what moves by `slope` times a node, given to `f`.
    pub fn back<R>(&self, (slope, of): (T, Origin), f: impl FnOnce(&[T]) -> R) -> R {
        // a number of another run does not move in this one
        let node = T::with_head(|head| {
            head.flush();
            if of.is_of_run_of(head.next.get()) { of.node() as usize } else { 0 }
        });
        T::with_tape(|tape| {
            let mut tape = tape.borrow_mut();
            let mut adjoints = core::mem::take(&mut tape.adjoints);
            let first = tape.variables + 1;
            let nodes = first.max(node + 1);
            adjoints.clear();
            adjoints.resize(nodes, T::from(0.0));
            adjoints[node] = slope;
            pass(&tape.terms[tape.start..][..nodes - first], first, &mut adjoints);
            let result = f(&adjoints[1..first]);
            tape.adjoints = adjoints;
            result
        })
    }
}

/// From the last term back: what a result moves by with a number is what it moves by with each sum that the number is
/// part of, times the slope there. The first term has the node `first`.
fn pass<T: Scalar>(terms: &[Term<T>], first: usize, adjoints: &mut [T]) {
    let mut adjoint = adjoints[first + terms.len() - 1];
    for (k, term) in terms.iter().enumerate().rev() {
        let before = first + k - 1;
        if is_zero(adjoint) {
            adjoint = adjoints[before];
            continue;
        }
        // components that are 0 win over slopes that are infinite
        let part = if T::ORDER == 0 { adjoint * term.slope } else { adjoint.chain(term.slope) };
        adjoints[term.from as usize] += part;
        if term.sum as usize == before {
            // terms of one sum follow each other: the way through memory would be waited for
            adjoint += adjoints[before];
            adjoints[before] = adjoint;
        } else {
            adjoints[term.sum as usize] += adjoint;
            adjoint = adjoints[before];
        }
    }
}

impl<T: Base> Drop for Run<T> {
    fn drop(&mut self) {
        T::with_head(|head| {
            head.len.set(0);
            head.next.set(self.around.next);
        });
        T::with_tape(|tape| {
            let mut tape = tape.borrow_mut();
            let start = tape.start;
            tape.terms.truncate(start);
            (tape.start, tape.variables) = (self.around.start, self.around.variables);
        });
    }
}
