//! The forms in which laws (de)serialize their parameters: vectors as sequences, matrices as sequences of rows.

use core::fmt;
use core::marker::PhantomData;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, U1};
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is (de)serialized as it is: a number, or another law.
pub(crate) struct Number<T>(pub T);

impl<T: Serialize> Serialize for Number<&T> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Number<T> {
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        T::deserialize(deserializer).map(Number)
    }
}

/// The size of a vector or matrix, which the type may know.
pub(crate) struct Size<D>(pub D);

impl<D: Dim> Serialize for Size<D> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.0.value().serialize(serializer)
    }
}

/// The largest size that is read: a few digits from outside must not ask for all memory.
const LARGEST_SIZE: usize = 1 << 20;

impl<'de, D: Dim> Deserialize<'de> for Size<D> {
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let size = usize::deserialize(deserializer)?;
        if size > LARGEST_SIZE || D::try_to_usize().is_some_and(|d| d != size) {
            return Err(Error::custom(format_args!("a size of {size}, which is another or too large")));
        }
        Ok(Size(D::from_usize(size)))
    }
}

/// The number of rows of a square matrix, which is made of it: what is limited is the number of entries.
pub(crate) struct Rows<D>(pub D);

impl<D: Dim> Serialize for Rows<D> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.0.value().serialize(serializer)
    }
}

impl<'de, D: Dim> Deserialize<'de> for Rows<D> {
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let Size(size) = Size::<D>::deserialize(deserializer)?;
        let rows = size.value();
        // a size that the type knows has been chosen by the program
        if D::try_to_usize().is_none() && rows.saturating_mul(rows) > LARGEST_SIZE {
            return Err(Error::custom(format_args!("a size of {rows}, of which a matrix is too large")));
        }
        Ok(Rows(size))
    }
}

/// A vector, as the sequence of its entries.
pub(crate) struct Vector<M>(pub M);

impl<T: Serialize + nalgebra::Scalar, D: Dim> Serialize for Vector<&OMatrix<T, D, U1>>
where
    DefaultAllocator: Allocator<D>,
{
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de, T: Deserialize<'de> + nalgebra::Scalar, D: Dim> Deserialize<'de> for Vector<OMatrix<T, D, U1>>
where
    DefaultAllocator: Allocator<D>,
{
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        let mut entries = Entries::new();
        let rows = EachOf(|i, x| entries.put((i, 0), x), PhantomData).deserialize(deserializer)?;
        entries
            .into_matrix(rows, 1)
            .map(Vector)
            .ok_or_else(|| Error::custom(format_args!("a vector of {rows} entries")))
    }
}

/// A matrix, as the sequence of its rows.
pub(crate) struct Matrix<M>(pub M);

impl<T: Serialize + nalgebra::Scalar, R: Dim, C: Dim> Serialize for Matrix<&OMatrix<T, R, C>>
where
    DefaultAllocator: Allocator<R, C>,
{
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        struct Row<'a, T, R: Dim, C: Dim>(&'a OMatrix<T, R, C>, usize)
        where
            DefaultAllocator: Allocator<R, C>,
            T: nalgebra::Scalar;

        impl<T: Serialize + nalgebra::Scalar, R: Dim, C: Dim> Serialize for Row<'_, T, R, C>
        where
            DefaultAllocator: Allocator<R, C>,
        {
            fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                serializer.collect_seq((0..self.0.ncols()).map(|j| &self.0[(self.1, j)]))
            }
        }

        let mut rows = serializer.serialize_seq(Some(self.0.nrows()))?;
        for i in 0..self.0.nrows() {
            rows.serialize_element(&Row(self.0, i))?;
        }
        rows.end()
    }
}

impl<'de, T: Deserialize<'de> + nalgebra::Scalar, R: Dim, C: Dim> Deserialize<'de> for Matrix<OMatrix<T, R, C>>
where
    DefaultAllocator: Allocator<R, C>,
{
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        struct Rows<M>(PhantomData<M>);

        impl<'de, T: Deserialize<'de> + nalgebra::Scalar, R: Dim, C: Dim> Visitor<'de> for Rows<OMatrix<T, R, C>>
        where
            DefaultAllocator: Allocator<R, C>,
        {
            type Value = OMatrix<T, R, C>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the rows of a matrix")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut entries = Entries::new();
                let (mut rows, mut columns) = (0, 0);
                while let Some(count) = seq.next_element_seed(EachOf(|j, x| entries.put((rows, j), x), PhantomData))? {
                    if rows > 0 && count != columns {
                        return Err(Error::invalid_length(count, &"rows of one length"));
                    }
                    (rows, columns) = (rows + 1, count);
                }
                let of_this_size = || Error::custom(format_args!("a matrix of {rows} rows and {columns} columns"));
                entries.into_matrix(rows, columns).ok_or_else(of_this_size)
            }
        }

        deserializer.deserialize_seq(Rows(PhantomData)).map(Matrix)
    }
}

/// Gives the elements of a sequence with their number to a function that says whether there was room, and returns how many they were.
struct EachOf<F, T>(F, PhantomData<T>);

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T) -> bool> DeserializeSeed<'de> for EachOf<F, T> {
    type Value = usize;

    fn deserialize<Z: Deserializer<'de>>(self, deserializer: Z) -> Result<usize, Z::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T) -> bool> Visitor<'de> for EachOf<F, T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(x) = seq.next_element()? {
            if !(self.0)(count, x) {
                return Err(Error::invalid_length(count + 1, &"fewer entries"));
            }
            count += 1;
        }
        Ok(count)
    }
}

/// Entries as they come, row by row: in their places where the type knows the size, else in a list.
struct Entries<T, R: Dim, C: Dim>
where
    T: nalgebra::Scalar,
    DefaultAllocator: Allocator<R, C>,
{
    /// Filled with the first entry, then with each.
    placed: Option<OMatrix<T, R, C>>,
    #[cfg(feature = "alloc")]
    list: alloc::vec::Vec<T>,
}

impl<T: nalgebra::Scalar, R: Dim, C: Dim> Entries<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    fn new() -> Self {
        Entries {
            placed: None,
            #[cfg(feature = "alloc")]
            list: alloc::vec::Vec::new(),
        }
    }

    /// Whether there was room.
    fn put(&mut self, place: (usize, usize), x: T) -> bool {
        if let (Some(rows), Some(columns)) = (R::try_to_usize(), C::try_to_usize()) {
            let filled = || OMatrix::from_element_generic(R::from_usize(rows), C::from_usize(columns), x.clone());
            let entry = self.placed.get_or_insert_with(filled).get_mut(place);
            return entry.map(|entry| *entry = x).is_some();
        }
        #[cfg(feature = "alloc")]
        self.list.push(x);
        // no matrix has a size known at run time only and no heap
        cfg!(feature = "alloc")
    }

    /// The matrix of so many rows and columns, which all were put; `None` if it has no entry or the type has another size.
    fn into_matrix(self, rows: usize, columns: usize) -> Option<OMatrix<T, R, C>> {
        let is = |known: Option<usize>, count: usize| known.is_none_or(|n| n == count);
        if rows == 0 || columns == 0 || !is(R::try_to_usize(), rows) || !is(C::try_to_usize(), columns) {
            return None;
        }
        #[cfg(feature = "alloc")]
        if self.placed.is_none() {
            let (r, c) = (R::from_usize(rows), C::from_usize(columns));
            return Some(OMatrix::from_row_iterator_generic(r, c, self.list));
        }
        self.placed
    }
}
