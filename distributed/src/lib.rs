//! Estimates over many processes, with the same bits as in one.
//!
//! A run of [`reparam::estimate`] is made of blocks: what a block needs is its number and the run's seed, and blocks are
//! merged in any order. So a run is split by handing out numbers of blocks:
//!
//! * `ranks` ([`ranks`], feature `mpi`): processes that talk by MPI. Blocks are handed out one at a time to whoever is
//!   free.
//! * `blocks` ([`file`]): processes that do not talk: a range of blocks in, a file out, and a merge of files. For Slurm
//!   arrays, Kubernetes jobs, or a list of machines and ssh.
//!
//! Both write the same files, which name program, version, seed, samples and parameters: a file of another run is
//! refused, and a block is counted once.

pub mod file;
pub mod programs;
#[cfg(feature = "mpi")]
pub mod ranks;

/// What stops a program, in words for its user.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
