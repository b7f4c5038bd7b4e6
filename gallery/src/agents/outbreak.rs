//! An illness among people who spend their days in places.

use gallery::Generator;
use rand::RngExt;
use reparam::prelude::*;

/// People who are in one place in the morning and in another in the afternoon, the same every day; five in a hundred are
/// ill at first. Parameter p is how much safer place p is made, as the logarithm of a factor of its rate of infection.
#[derive(Clone, Debug)]
pub struct Outbreak {
    places: usize,
    /// Where each person is, in the morning and in the afternoon.
    visits: Vec<[usize; 2]>,
    days: u32,
}

/// Infections of a half day by one who is ill, where nobody takes care.
const INFECTION: f64 = 0.15;

/// The hazard of getting well in a day.
const RECOVERY: f64 = 0.2;

/// What it costs to make a place safer by a factor of e, in infected people.
const EFFORT: f64 = 0.15;

impl Outbreak {
    /// People with random places.
    pub fn new(places: usize, people: usize, days: u32, rng: &mut Generator) -> Self {
        // some places are visited by many
        let mut place = || (places as f64 * rng.random::<f64>().powi(2)) as usize;
        Outbreak { places, visits: (0..people).map(|_| [place(), place()]).collect(), days }
    }

    pub fn places(&self) -> usize {
        self.places
    }

    /// What safety x costs at one place, and the derivative.
    pub fn effort(&self, x: f64) -> (f64, f64) {
        (EFFORT * x * x, 2.0 * EFFORT * x)
    }

    /// How many have been infected in the end.
    pub fn run<S: Scalar>(&self, safety: &[S], chance: &mut impl Chance<S>) -> S {
        let first = self.visits.len().div_ceil(20);
        let mut is_ill: Vec<bool> = (0..self.visits.len()).map(|person| person < first).collect();
        let mut was_ill = is_ill.clone();
        for _ in 0..self.days {
            for half in 0..2 {
                let mut ill = vec![0u32; self.places];
                self.visits.iter().zip(&is_ill).filter(|(_, ill)| **ill).for_each(|(visit, _)| ill[visit[half]] += 1);
                for (person, visit) in self.visits.iter().enumerate() {
                    let place = visit[half];
                    if !was_ill[person] && ill[place] > 0 {
                        let hazard = (-safety[place]).exp() * (INFECTION * f64::from(ill[place]));
                        if chance.event(hazard) {
                            (is_ill[person], was_ill[person]) = (true, true);
                        }
                    }
                }
            }
            for ill in is_ill.iter_mut().filter(|ill| **ill) {
                *ill = !chance.event(S::from(RECOVERY));
            }
        }
        S::from(was_ill.iter().filter(|ill| **ill).count() as f64)
    }
}
