//! Processes that talk by MPI. Blocks are handed out one at a time to whoever is free, so the slowest process holds up the
//! others by one block at most.
//!
//! On Debian: `apt-get install libopenmpi-dev openmpi-bin clang libclang-dev`, then
//! `cargo build --release -p reparam-distributed --features mpi` and `mpirun -n 4 target/release/ranks gradient`.

use crate::{Error, file};
use mpi::Rank;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Root, Source};
use reparam::estimate::{Estimator, PartialOf, Prepared, Sampler};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// The process that hands out blocks; it runs some itself.
const ROOT: Rank = 0;

/// Messages to the root, and its answers.
const DONE: i32 = 1;
const NEXT: i32 = 2;

/// In place of a block's number: there are no more.
const STOP: u64 = u64::MAX;

/// How a run is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keeping<'a> {
    /// The program's name, with whatever else its results depend on beside seed, samples and parameters.
    pub program: &'a str,
    /// The file that has what was computed: read at the start if it is there, written while the run goes on and when it
    /// fails.
    pub checkpoint: Option<&'a Path>,
    /// The time between two writings.
    pub every: Duration,
}

/// What a process tells the root.
#[derive(Serialize, Deserialize)]
enum Message<P> {
    Ready,
    Part(P),
    Failed(String),
}

/// The estimate of this seed, computed by all processes of `world`; every process gets it. The bits are those of
/// [`Estimator::run_seed`] in one process.
///
/// # Errors
/// Those of the estimator and a panic of the program, in whichever process, and a checkpoint that cannot be used; every
/// process gets the same message, and the checkpoint has all other blocks.
pub fn run<C, M>(world: &C, estimator: &Estimator<M>, seed: u64, keeping: Keeping) -> Result<M::Estimate, Error>
where
    C: Communicator,
    M: Sampler<Error: std::error::Error + Send + Sync + 'static> + Clone,
    PartialOf<M>: Serialize + DeserializeOwned,
{
    let ready = estimator.prepared(seed)?;
    let outcome = if world.rank() == ROOT {
        let mut root =
            Desk { world, ready: &ready, keeping, sum: ready.part(0..0)?, failure: None, saved: Instant::now() };
        root.work();
        let outcome = root.failure.map_or(Ok(root.sum), Err);
        broadcast(world, Some(postcard::to_stdvec(&outcome)?))
    } else {
        serve(world, &ready)?;
        broadcast(world, None)
    };
    let outcome: Result<PartialOf<M>, String> = postcard::from_bytes(&outcome)?;
    Ok(estimator.of_parts(&outcome?)?)
}

/// The root's bytes in every process.
fn broadcast(world: &impl CommunicatorCollectives, bytes: Option<Vec<u8>>) -> Vec<u8> {
    let root = world.process_at_rank(ROOT);
    let mut length = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
    root.broadcast_into(&mut length);
    let mut bytes = bytes.unwrap_or_else(|| vec![0; length as usize]);
    root.broadcast_into(&mut bytes[..]);
    bytes
}

/// A process that is not the root: a block, its moments, the next block.
fn serve<M>(world: &impl Communicator, ready: &Prepared<M>) -> Result<(), Error>
where
    M: Sampler<Error: std::fmt::Display>,
    PartialOf<M>: Serialize,
{
    let root = world.process_at_rank(ROOT);
    let mut message = Message::Ready;
    loop {
        root.send_with_tag(&postcard::to_stdvec(&message)?[..], DONE);
        let (block, _) = root.receive_with_tag::<u64>(NEXT);
        if block == STOP {
            return Ok(());
        }
        message = match block_of(ready, block) {
            Ok(part) => Message::Part(part),
            Err(text) => Message::Failed(format!("process {}, block {block}: {text}", world.rank())),
        };
    }
}

/// One block, or what went wrong in words.
fn block_of<M: Sampler<Error: std::fmt::Display>>(ready: &Prepared<M>, block: u64) -> Result<PartialOf<M>, String> {
    match catch_unwind(AssertUnwindSafe(|| ready.part(block..block + 1))) {
        Ok(part) => part.map_err(|e| e.to_string()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panic: {}", text.unwrap_or("without a message")))
        }
    }
}

/// The root at work.
struct Desk<'a, C, M: Sampler> {
    world: &'a C,
    ready: &'a Prepared<M>,
    keeping: Keeping<'a>,
    sum: PartialOf<M>,
    failure: Option<String>,
    saved: Instant,
}

impl<C, M> Desk<'_, C, M>
where
    C: Communicator,
    M: Sampler<Error: std::fmt::Display>,
    PartialOf<M>: Serialize + DeserializeOwned,
{
    /// Until all blocks are there, or one has failed; and all other processes know.
    fn work(&mut self) {
        self.resume();
        let mut todo: VecDeque<u64> = self.sum.missing().collect();
        let mut others = self.world.size() - 1;
        loop {
            if self.failure.is_some() {
                todo.clear();
            }
            while self.world.any_process().immediate_probe_with_tag(DONE).is_some() {
                others -= self.answer(&mut todo);
            }
            if let Some(block) = todo.pop_front() {
                match block_of(self.ready, block) {
                    Ok(part) => self.add(&part),
                    Err(text) => self.fail(format!("process {ROOT}, block {block}: {text}")),
                }
            } else if others > 0 {
                others -= self.answer(&mut todo);
            } else {
                break;
            }
        }
        self.save();
    }

    /// Takes a message and answers with a block, or sends the process away: then the answer is 1.
    fn answer(&mut self, todo: &mut VecDeque<u64>) -> Rank {
        let (bytes, status) = self.world.any_process().receive_vec_with_tag::<u8>(DONE);
        match postcard::from_bytes(&bytes) {
            Ok(Message::Ready) => {}
            Ok(Message::Part(part)) => self.add(&part),
            Ok(Message::Failed(text)) => self.fail(text),
            Err(e) => self.fail(format!("process {}: {e}", status.source_rank())),
        }
        if self.failure.is_some() {
            todo.clear();
        }
        let next = todo.pop_front();
        self.world.process_at_rank(status.source_rank()).send_with_tag(&next.unwrap_or(STOP), NEXT);
        Rank::from(next.is_none())
    }

    fn add(&mut self, part: &PartialOf<M>) {
        if let Err(e) = self.sum.merge(part) {
            self.fail(e.to_string());
        }
        if self.saved.elapsed() >= self.keeping.every {
            self.save();
        }
    }

    /// The first failure is the one that is told.
    fn fail(&mut self, text: String) {
        self.failure.get_or_insert(text);
    }

    fn resume(&mut self) {
        let Some(path) = self.keeping.checkpoint.filter(|path| path.exists()) else { return };
        match file::read::<PartialOf<M>>(path, self.keeping.program) {
            Ok(before) => {
                if let Err(e) = self.sum.merge(&before) {
                    self.fail(format!("{}: {e}", path.display()));
                }
            }
            Err(e) => self.fail(e.to_string()),
        }
    }

    /// Writes the checkpoint, unless it could not be used: then it is another run's.
    fn save(&mut self) {
        self.saved = Instant::now();
        let Some(path) = self.keeping.checkpoint else { return };
        if self.sum.missing().count() as u64 == self.sum.blocks() {
            return;
        }
        if let Err(e) = file::write(path, self.keeping.program, &self.sum) {
            self.fail(e.to_string());
        }
    }
}
