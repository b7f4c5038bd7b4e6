//! Bookings of a hotel.

use gallery::Generator;
use rand::RngExt;
use reparam::prelude::*;

/// A week in a hotel: requests come one by one, each for some nights in a row. A kind of request is its first night and its
/// number of nights. Parameters are the logits of taking a request of each kind while there is room.
#[derive(Clone, Debug)]
pub struct Hotel {
    rooms: u32,
    /// First night, nights and price of each kind.
    kinds: Vec<(usize, usize, f64)>,
    /// The kinds of the requests, in the order in which they come.
    requests: Vec<usize>,
}

const NIGHTS: usize = 7;

impl Hotel {
    /// A week with random requests, the same in every run: short stays at the week's end are wanted most, long ones pay most.
    pub fn week(rooms: u32, requests: usize, rng: &mut Generator) -> Self {
        let kinds: Vec<_> = (0..NIGHTS)
            .flat_map(|first| (1..=NIGHTS - first).map(move |nights| (first, nights)))
            .map(|(first, nights)| (first, nights, 100.0 * (nights as f64).powf(1.1)))
            .collect();
        let wanted: Vec<f64> = kinds
            .iter()
            .map(|(first, nights, _)| {
                let ends = (*first..first + nights).filter(|night| *night >= 4).count() as f64;
                (1.0 + ends) / (nights * nights) as f64
            })
            .collect();
        let total: f64 = wanted.iter().sum();
        let requests = (0..requests)
            .map(|_| {
                let mut left = rng.random::<f64>() * total;
                wanted.iter().position(|w| {
                    left -= w;
                    left < 0.0
                })
            })
            .map(|kind| kind.unwrap_or(kinds.len() - 1))
            .collect();
        Hotel { rooms, kinds, requests }
    }

    pub fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// What a full house would have earned beyond what was: rooms times 700 and more, less the prices of the stays.
    pub fn run<S: Scalar>(&self, logits: &[S], chance: &mut impl Chance<S>) -> S {
        let mut taken = [0; NIGHTS];
        let mut earned = 0.0;
        for kind in &self.requests {
            let (first, nights, price) = self.kinds[*kind];
            let stay = &mut taken[first..first + nights];
            if stay.iter().all(|taken| *taken < self.rooms) && chance.bernoulli_logit(logits[*kind]) {
                stay.iter_mut().for_each(|taken| *taken += 1);
                earned += price;
            }
        }
        let full = f64::from(self.rooms) * 100.0 * (NIGHTS as f64).powf(1.1);
        S::from(full - earned)
    }
}
