//! A sequence of amino acids for the fold of HIV-1 protease: 20 choices at each of 99 positions.
//!
//! The energy of a sequence is a sum over the pairs of positions that touch in the structure (1HVR, chain A), with the
//! contact energies of Miyazawa & Jernigan 1996, in units of RT. Alone, that is least for one sticky amino acid
//! everywhere; proteins are not like that, so the numbers of each amino acid are held near the native sequence's:
//!
//! ```text
//! E(s) = Σ over contacts e(s_i, s_j) + λ/2 Σ over amino acids (count - native count)²
//! ```
//!
//! Of 20^99 sequences no search sees more than a speck. Differentiable choices train 99 · 20 logits at once instead.

use gallery::Error;
use gallery::design::Objective;
use gallery::table::{Table, TableError};
use std::path::Path;

/// The amino acids, in the order of the table of energies.
pub const LETTERS: &str = "ARNDCQEGHILKMFPSTWYV";

/// The number of amino acids.
pub const K: usize = 20;

/// The sequence of chain A of 1HVR.
pub const NATIVE: &str =
    "PQVTLWQRPLVTIKIGGQLKEALLDTGADDTVLEEMSLPGRWKPKMIGGIGGFIKVRQYDQILIEICGHKAIGTVLVGPTPVNIIGRNLLTQIGATLNF";

const CONTACTS: (&str, &[u8]) =
    ("contacts_hiv_protease_1hvr_a.csv", include_bytes!("../../data/contacts_hiv_protease_1hvr_a.csv"));
const ENERGIES: (&str, &[u8]) = (
    "contact_energy_miyazawa_jernigan_1996.csv",
    include_bytes!("../../data/contact_energy_miyazawa_jernigan_1996.csv"),
);

/// The letters of a sequence.
///
/// # Errors
/// A letter that is no amino acid, or no letters.
pub fn sequence(text: &str) -> Result<Vec<usize>, Error> {
    let letter = |(i, c): (usize, char)| {
        LETTERS.find(c).ok_or_else(|| format!("letter {} of the sequence is {c:?}, expected one of {LETTERS}", i + 1))
    };
    let all: Vec<usize> = text.chars().enumerate().map(letter).collect::<Result<_, _>>()?;
    if all.len() < 2 { Err("a sequence of at least 2 letters is expected".into()) } else { Ok(all) }
}

/// A sequence as text.
pub fn text(design: &[usize]) -> String {
    design.iter().map(|letter| &LETTERS[*letter..letter + 1]).collect()
}

/// A fold, and what a sequence's composition is held to.
#[derive(Clone, Debug)]
pub struct Protein {
    /// Of each position, those that it touches.
    neighbours: Vec<Vec<usize>>,
    energies: [[f64; K]; K],
    /// How many of each amino acid there should be.
    composition: [f64; K],
    /// λ, in RT.
    restraint: f64,
}

impl Protein {
    /// From a native sequence and contacts with the columns i and j, counted from 0, in a file or built in.
    ///
    /// # Errors
    /// A file cannot be read, or a contact is none of the sequence: the message names file and line.
    pub fn read(contacts: Option<&Path>, native: &[usize], restraint: f64) -> Result<Self, Error> {
        let table = Table::read(contacts, CONTACTS, &["i", "j"])?;
        let mut neighbours = vec![Vec::new(); native.len()];
        for row in table.rows() {
            let position = |column: usize| -> Result<usize, TableError> {
                let x = row.number(column)?;
                let is_position = x.fract() == 0.0 && x >= 0.0 && x < native.len() as f64;
                let expected = format!("a whole number from 0 to {}", native.len() - 1);
                if is_position { Ok(x as usize) } else { Err(row.wrong(column, &expected)) }
            };
            let (i, j) = (position(0)?, position(1)?);
            if i == j {
                return Err(row.wrong(1, "another position than i").into());
            }
            neighbours[i].push(j);
            neighbours[j].push(i);
        }
        let mut composition = [0.0; K];
        native.iter().for_each(|letter| composition[*letter] += 1.0);
        Ok(Protein { neighbours, energies: energies()?, composition, restraint })
    }

    /// The number of contacts.
    pub fn contacts(&self) -> usize {
        self.neighbours.iter().map(Vec::len).sum::<usize>() / 2
    }

    /// The energy of the contacts alone.
    pub fn contact_energy(&self, design: &[usize]) -> f64 {
        let of = |(i, neighbours): (usize, &Vec<usize>)| -> f64 {
            neighbours.iter().map(|j| self.energies[design[i]][design[*j]]).sum()
        };
        self.neighbours.iter().enumerate().map(of).sum::<f64>() / 2.0
    }

    /// How far the composition is from the native one: Σ |count - native count| / 2 residues.
    pub fn misplaced(&self, design: &[usize]) -> f64 {
        self.surplus(design).iter().map(|x| x.abs()).sum::<f64>() / 2.0
    }

    fn surplus(&self, design: &[usize]) -> [f64; K] {
        let mut surplus = self.composition.map(|c| -c);
        design.iter().for_each(|letter| surplus[*letter] += 1.0);
        surplus
    }

    fn restraint_energy(&self, surplus: [f64; K]) -> f64 {
        0.5 * self.restraint * surplus.iter().map(|x| x * x).sum::<f64>()
    }
}

/// The table of energies, symmetric.
fn energies() -> Result<[[f64; K]; K], Error> {
    let names: Vec<&str> = (0..K).map(|k| &LETTERS[k..k + 1]).collect();
    let table = Table::parse(ENERGIES.0, ENERGIES.1, &names)?;
    let mut energies = [[0.0; K]; K];
    for (row, out) in table.rows().zip(&mut energies) {
        for (k, e) in out.iter_mut().enumerate() {
            *e = row.number(k)?;
        }
    }
    Ok(energies)
}

impl Objective<K> for Protein {
    fn positions(&self) -> usize {
        self.neighbours.len()
    }

    fn cost(&self, design: &[usize]) -> f64 {
        self.contact_energy(design) + self.restraint_energy(self.surplus(design))
    }

    fn slopes(&self, y: &[[f64; K]]) -> Vec<[f64; K]> {
        let mut surplus = self.composition.map(|c| -c);
        y.iter().for_each(|y| surplus.iter_mut().zip(y).for_each(|(sum, y)| *sum += y));
        let slope = |neighbours: &Vec<usize>| {
            let mut around = [0.0; K];
            neighbours.iter().for_each(|j| around.iter_mut().zip(&y[*j]).for_each(|(sum, y)| *sum += y));
            std::array::from_fn(|a| {
                let contacts: f64 = self.energies[a].iter().zip(&around).map(|(e, y)| e * y).sum();
                contacts + self.restraint * surplus[a]
            })
        };
        self.neighbours.iter().map(slope).collect()
    }

    fn alternatives(&self, design: &[usize], position: usize) -> [f64; K] {
        let mut others = self.surplus(design);
        others[design[position]] -= 1.0;
        std::array::from_fn(|a| {
            let contacts: f64 = self.neighbours[position].iter().map(|j| self.energies[a][design[*j]]).sum();
            // (x + 1)²/2 - x²/2
            contacts + self.restraint * (others[a] + 0.5)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gallery::Generator;
    use gallery::design::{self, Method, Plan};
    use rand_xoshiro::rand_core::SeedableRng;

    fn protein() -> (Protein, Vec<usize>) {
        let native = sequence(NATIVE).unwrap();
        (Protein::read(None, &native, 3.0).unwrap(), native)
    }

    #[test]
    fn energies_are_those_of_the_published_table() {
        let (protein, native) = protein();
        assert_eq!((native.len(), text(&native).as_str()), (99, NATIVE));
        // Miyazawa & Jernigan 1996, table 3: Leu-Leu -7.37, Lys-Lys -0.12, Cys-Cys -5.44, Arg-Asp -2.29
        let e = |a: char, b: char| protein.energies[LETTERS.find(a).unwrap()][LETTERS.find(b).unwrap()];
        assert_eq!([e('L', 'L'), e('K', 'K'), e('C', 'C'), e('R', 'D')], [-7.37, -0.12, -5.44, -2.29]);
        for a in 0..K {
            for b in 0..K {
                assert_eq!(protein.energies[a][b], protein.energies[b][a]);
            }
        }
        assert_eq!(protein.misplaced(&native), 0.0);
        assert_eq!(protein.cost(&native), protein.contact_energy(&native));
    }

    #[test]
    fn slopes_and_alternatives_are_differences_of_costs() {
        let (protein, native) = protein();
        let y: Vec<[f64; K]> =
            native.iter().map(|letter| std::array::from_fn(|k| if k == *letter { 1.0 } else { 0.0 })).collect();
        let slopes = protein.slopes(&y);
        for position in [0, 17, 98] {
            let alternatives = protein.alternatives(&native, position);
            let at = native[position];
            for letter in 0..K {
                let mut other = native.clone();
                other[position] = letter;
                let difference = protein.cost(&other) - protein.cost(&native);
                assert!((alternatives[letter] - alternatives[at] - difference).abs() < 1e-9, "{position} {letter}");
                // the cost is quadratic: its slope differs by the square's, λ for a letter exchanged
                let linear = slopes[position][letter] - slopes[position][at];
                let square = if letter == at { 0.0 } else { 3.0 };
                assert!((linear + square - difference).abs() < 1e-9, "{position} {letter}: {linear} {difference}");
            }
        }
    }

    #[test]
    fn training_beats_the_native_sequence_and_random_search_and_keeps_the_composition() {
        let (protein, native) = protein();
        let plan = Plan { steps: 200, samples: 4, rate: 0.3, coldest: 0.2 };
        let mut rng = Generator::seed_from_u64(1);
        let random = design::random(&protein, 800, &mut rng).1;
        for method in [Method::Relaxed, Method::StraightThrough, Method::Replay] {
            let trained = design::train(&protein, method, plan, &mut rng).unwrap();
            assert!(trained.cost < protein.cost(&native), "{method:?}: {}", trained.cost);
            assert!(trained.cost < random - 50.0, "{method:?}: {} {random}", trained.cost);
            assert!(protein.misplaced(&trained.design) < 15.0, "{method:?}");
        }
    }
}
