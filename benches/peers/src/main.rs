//! This crate's side of the race: cases that `race.py` asks for in turn with those of other libraries.
//!
//! A line `time CASE SECONDS` on the standard input, its words apart by tabs, is answered by nanoseconds of processor
//! time a unit; `draws CASE` by draws with their partials, or by estimates with their standard errors; `units CASE` by
//! how many units the job of that name takes.

mod eight_schools;
mod heston;
mod laws;
mod option;
mod regression;
mod vectors;
mod walk;

use rustix::time::{ClockId, clock_gettime};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

/// Something that is timed.
pub struct Case {
    /// How many units a call makes.
    units: f64,
    call: Box<dyn FnMut()>,
    /// Draws with their partials, or estimates with their standard errors: what is held against the truth and others.
    draws: Option<Box<dyn FnMut() -> String>>,
    /// How many units a job takes.
    job: fn() -> f64,
}

/// Cases by name: what, a slash, and the way.
#[derive(Default)]
pub struct Cases(BTreeMap<String, Case>);

impl Cases {
    /// Adds a case.
    pub fn add(&mut self, name: impl Into<String>, units: usize, call: impl FnMut() + 'static) -> &mut Case {
        let case = Case { units: units as f64, call: Box::new(call), draws: None, job: || 1.0 };
        self.0.entry(name.into()).insert_entry(case).into_mut()
    }
}

/// Estimates and their standard errors, as the driver reads them.
pub fn figures((values, errors): (impl AsRef<[f64]>, impl AsRef<[f64]>)) -> String {
    let join = |x: &[f64]| x.iter().map(|x| format!("{x:e}")).collect::<Vec<_>>().join(" ");
    format!("{}\t{}", join(values.as_ref()), join(errors.as_ref()))
}

/// Means and standard errors of gradients that are computed twenty times.
pub fn repeated(mut gradient: impl FnMut() -> Vec<f64>) -> String {
    let rows: Vec<Vec<f64>> = (0..20).map(|_| gradient()).collect();
    let moments = |k: usize| {
        let mean = rows.iter().map(|row| row[k]).sum::<f64>() / 20.0;
        let squares = rows.iter().map(|row| (row[k] - mean).powi(2)).sum::<f64>();
        (mean, (squares / (19.0 * 20.0)).sqrt())
    };
    figures((0..rows[0].len()).map(moments).unzip::<f64, f64, Vec<f64>, Vec<f64>>())
}

/// Seconds of processor time of this process: what others do with the processor meanwhile does not count.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

/// Nanoseconds a unit, over at least so many seconds.
fn time(case: &mut Case, seconds: f64) -> f64 {
    let (start, mut calls) = (now(), 0.0);
    loop {
        (case.call)();
        calls += 1.0;
        let past = now() - start;
        if past >= seconds {
            return past * 1e9 / (calls * case.units);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut cases = Cases::default();
    laws::add(&mut cases);
    vectors::add(&mut cases);
    eight_schools::add(&mut cases);
    regression::add(&mut cases);
    option::add(&mut cases);
    heston::add(&mut cases);
    walk::add(&mut cases);
    println!("{}", cases.0.keys().cloned().collect::<Vec<_>>().join("\t"));
    for line in stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split('\t').collect();
        let name = words.get(1).copied().unwrap_or_default();
        let case = cases.0.get_mut(name).ok_or_else(|| format!("no case of the name {name:?}"))?;
        match words[0] {
            "time" => println!("{}", time(case, words.get(2).ok_or("no time")?.parse()?)),
            "draws" => println!("{}", case.draws.as_mut().map_or(String::new(), |draws| draws())),
            "units" => println!("{}", (case.job)()),
            other => return Err(format!("no order of the name {other:?}").into()),
        }
        stdout().flush()?;
    }
    Ok(())
}
