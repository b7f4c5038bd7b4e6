//! Gray pictures as PNG files. (The crate `image` reads more formats, and takes a minute to compile.)

use crate::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A picture of gray pixels, 0 black and 255 white, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Gray {
    width: usize,
    pixels: Vec<u8>,
}

impl Gray {
    /// A white one.
    pub fn white(width: usize, height: usize) -> Self {
        Gray { width, pixels: vec![255; width * height] }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.pixels.len().checked_div(self.width).unwrap_or(0)
    }

    /// The pixel in column x of row y.
    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.pixels[y * self.width + x]
    }

    /// Sets it.
    pub fn set(&mut self, x: usize, y: usize, shade: u8) {
        self.pixels[y * self.width + x] = shade;
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(path)?), self.width as u32, self.height() as u32);
        encoder.set_color(png::ColorType::Grayscale);
        Ok(encoder.write_header()?.write_image_data(&self.pixels)?)
    }

    /// Reads a file: colours by their luminance (ITU-R BT.709), what is transparent as if it were not.
    ///
    /// # Errors
    /// If it cannot be read or is no PNG picture.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut decoder = png::Decoder::new(BufReader::new(File::open(path)?));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let size = reader.output_buffer_size().ok_or("a picture too large for the memory")?;
        let mut bytes = vec![0; size];
        let info = reader.next_frame(&mut bytes)?;
        let pixels = bytes[..info.buffer_size()].chunks_exact(info.color_type.samples()).map(|pixel| match pixel {
            [r, g, b, ..] => {
                let luminance = 0.2126 * f64::from(*r) + 0.7152 * f64::from(*g) + 0.0722 * f64::from(*b);
                luminance.round() as u8
            }
            [gray, ..] => *gray,
            [] => 0,
        });
        Ok(Gray { width: info.width as usize, pixels: pixels.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read() {
        let mut picture = Gray::white(5, 3);
        for i in 0..15 {
            picture.set(i % 5, i / 5, 17 * i as u8);
        }
        let path = std::env::temp_dir().join(format!("reparam-gray-{}.png", std::process::id()));
        picture.save(&path).unwrap();
        let read = Gray::open(&path).unwrap();
        // colours, one of them transparent
        let mut encoder = png::Encoder::new(File::create(&path).unwrap(), 2, 1);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().unwrap().write_image_data(&[200, 0, 0, 255, 0, 100, 0, 0]).unwrap();
        let colours = Gray::open(&path).unwrap();
        std::fs::write(&path, b"P5 no such thing").unwrap();
        let other = Gray::open(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read, picture);
        assert_eq!((colours.width(), colours.height(), colours.at(0, 0), colours.at(1, 0)), (2, 1, 43, 72));
        assert!(other.is_err());
    }
}
