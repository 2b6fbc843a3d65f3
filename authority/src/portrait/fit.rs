//! The best JPEG that fits.

use image::DynamicImage;
use image::imageops::FilterType;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use super::PortraitFault;

/// The largest roadside portrait, in bytes.
pub const MAX_ROADSIDE: usize = 4_096;
/// The width of the smallest roadside portrait, in pixels.
pub const MIN_WIDTH: u32 = 150;
/// The height of the smallest roadside portrait, in pixels.
pub const MIN_HEIGHT: u32 = 200;

/// What is tried, largest first. At one number of bytes a larger picture has a lower quality, and
/// below [`GOOD`] it shows blocks where the smaller one is only soft; so the first good one is
/// taken, and the smallest as it is.
const SIZES: [(u16, u16); 4] = [(240, 320), (210, 280), (180, 240), (150, 200)];
/// A JPEG quality of 1 to 100 at which a drawn face shows no blocks (`docs/legibility.md`).
const GOOD: u8 = 65;
/// More than this only makes the file longer.
const BEST: u8 = 95;

/// Scales and encodes a picture of 3:4; gives the bytes and their quality.
pub(super) fn encode(face: &DynamicImage) -> Result<(Vec<u8>, u8), PortraitFault> {
    let mut smallest = None;
    for (width, height) in SIZES {
        let (wide, high) = (u32::from(width), u32::from(height));
        if wide > face.width() || high > face.height() {
            continue;
        }
        let picture = Scaled {
            // Catmull-Rom needs no sine: the same picture gives the same bytes on every machine.
            pixels: face.resize_exact(wide, high, FilterType::CatmullRom),
            width,
            height,
        };
        if let Some(good) = picture.fitting(GOOD) {
            return Ok(picture.better((good, GOOD), BEST));
        }
        smallest = Some(picture);
    }
    let picture = smallest.ok_or(PortraitFault::TooBusy)?;
    let poorest = picture.fitting(1).ok_or(PortraitFault::TooBusy)?;
    Ok(picture.better((poorest, 1), GOOD - 1))
}

/// A picture in the size in which it is encoded.
struct Scaled {
    pixels: DynamicImage,
    width: u16,
    height: u16,
}

impl Scaled {
    /// The highest quality that fits, found by halving, from one that does up to another.
    fn better(&self, mut found: (Vec<u8>, u8), mut high: u8) -> (Vec<u8>, u8) {
        let mut low = found.1 + 1;
        while low <= high {
            let quality = low + (high - low) / 2;
            match self.fitting(quality) {
                Some(jpeg) => {
                    found = (jpeg, quality);
                    low = quality + 1;
                }
                None => high = quality - 1,
            }
        }
        found
    }

    /// The picture at this quality, if it fits.
    fn fitting(&self, quality: u8) -> Option<Vec<u8>> {
        let color = match &self.pixels {
            DynamicImage::ImageLuma8(_) => ColorType::Luma,
            _ => ColorType::Rgb,
        };
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, quality);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
        // Its baseline files with fitted tables have a scan for each component, which some readers
        // draw wrongly; its progressive ones are read well, and smaller than plain baseline.
        encoder.set_progressive(true);
        encoder.set_optimized_huffman_tables(true);
        encoder
            .encode(self.pixels.as_bytes(), self.width, self.height, color)
            .ok()?;
        (jpeg.len() <= MAX_ROADSIDE).then_some(jpeg)
    }
}
