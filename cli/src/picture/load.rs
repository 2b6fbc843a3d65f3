//! Reading a PNG or JPEG as shades of grey, scaled down while it is read: a file of a few kilobytes
//! may unpack to 64 million pixels of eight bytes.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use png::{ColorType, Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::PictureError;

/// The longest side, in pixels.
const MAX_SIDE: u32 = 20_000;

/// The most pixels: a little over what phones take (50 megapixels).
const MAX_PIXELS: u64 = 64_000_000;

/// The most pixels of a progressive JPEG, which is held whole as coefficients, up to six bytes a
/// pixel.
const MAX_PROGRESSIVE: u64 = 24_000_000;

/// The most passes of a progressive JPEG; programs write about ten.
const MAX_SCANS: usize = 32;

/// The longest side that is kept; what is longer is divided by a whole number.
const KEPT: u32 = 4_096;

/// The most memory for a PNG's own buffers: a few rows.
const MAX_PNG_BUFFERS: usize = 4 << 20;

/// Reads a PNG or JPEG as shades of grey.
pub(super) fn load(file: &[u8]) -> Result<GrayImage, PictureError> {
    // The decoders have bounds, and a fault of theirs is a broken picture.
    let loaded = catch_unwind(AssertUnwindSafe(|| {
        if file.starts_with(b"\x89PNG\r\n\x1a\n") {
            load_png(file)
        } else if file.starts_with(b"\xff\xd8") {
            load_jpeg(file)
        } else {
            Err(PictureError::NotAPicture)
        }
    }));
    loaded.unwrap_or(Err(PictureError::NotAPicture))
}

fn check_size(width: u32, height: u32, most: u64) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::NotAPicture);
    }
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > most {
        return Err(PictureError::TooLarge);
    }
    Ok(())
}

/// Row by row: no more than a few rows are held at their full size.
fn load_png(file: &[u8]) -> Result<GrayImage, PictureError> {
    let broken = |_| PictureError::NotAPicture;
    let limits = Limits {
        bytes: MAX_PNG_BUFFERS,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(broken)?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    check_size(width, height, MAX_PIXELS)?;
    let mut reader = decoder.read_info().map_err(broken)?;
    let color = reader.output_color_type().0;
    let mut small = Smaller::new(width, height);
    for place in places(width, height, interlaced) {
        let row = reader.next_row().map_err(broken)?;
        let row = row.ok_or(PictureError::NotAPicture)?;
        small.add(place, grey_of(row.data(), color));
    }
    small.finish()
}

/// The pixels of one row of the file.
#[derive(Clone, Copy)]
struct Place {
    y: u32,
    x: u32,
    step: u32,
}

/// The rows of a PNG in the order of the file. An interlaced one has seven passes (PNG, section
/// 8.2).
fn places(width: u32, height: u32, interlaced: bool) -> Vec<Place> {
    const WHOLE: [[u32; 4]; 1] = [[0, 1, 0, 1]];
    const ADAM7: [[u32; 4]; 7] = [
        [0, 8, 0, 8],
        [4, 8, 0, 8],
        [0, 4, 4, 8],
        [2, 4, 0, 4],
        [0, 2, 2, 4],
        [1, 2, 0, 2],
        [0, 1, 1, 2],
    ];
    let passes: &[_] = if interlaced { &ADAM7 } else { &WHOLE };
    let mut rows = Vec::new();
    for &[x, step, first, step_down] in passes.iter().filter(|[x, ..]| *x < width) {
        let mut y = first;
        while y < height {
            rows.push(Place { y, x, step });
            y += step_down;
        }
    }
    rows
}

/// The brightness of each pixel of a row (Rec. 709), with anything transparent on white: that is
/// how it is looked at.
fn grey_of(row: &[u8], color: ColorType) -> impl Iterator<Item = u8> + '_ {
    row.chunks_exact(color.samples())
        .map(move |pixel| match *pixel {
            [grey] => grey,
            [grey, alpha] => on_white(grey, alpha),
            [red, green, blue] => brightness(red, green, blue),
            [red, green, blue, alpha] => on_white(brightness(red, green, blue), alpha),
            _ => u8::MAX,
        })
}

fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 54 + u32::from(green) * 183 + u32::from(blue) * 19;
    u8::try_from(sum / 256).unwrap_or(u8::MAX)
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

/// Whole, as its decoder gives it: one byte a pixel, or three for what is neither grey nor YCbCr.
fn load_jpeg(file: &[u8]) -> Result<GrayImage, PictureError> {
    let side = usize::try_from(MAX_SIDE).unwrap_or(usize::MAX);
    let options = DecoderOptions::new_fast()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS);
    let mut headers = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let broken = |_| PictureError::NotAPicture;
    headers.decode_headers().map_err(broken)?;
    let info = headers.info().ok_or(PictureError::NotAPicture)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let most = if is_progressive(file) {
        MAX_PROGRESSIVE
    } else {
        MAX_PIXELS
    };
    check_size(width, height, most)?;
    let (wanted, color) = match headers.input_colorspace() {
        Some(ColorSpace::Luma | ColorSpace::YCbCr) => (ColorSpace::Luma, ColorType::Grayscale),
        _ => (ColorSpace::RGB, ColorType::Rgb),
    };
    let options = options
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(wanted);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let pixels = decoder.decode().map_err(broken)?;
    let columns = usize::try_from(width).map_err(|_| PictureError::TooLarge)?;
    let mut small = Smaller::new(width, height);
    let rows = pixels.chunks_exact(columns * color.samples());
    for (place, row) in places(width, height, false).into_iter().zip(rows) {
        small.add(place, grey_of(row, color));
    }
    small.finish()
}

/// Whether the first frame header of a JPEG is a progressive one (ITU-T T.81, B.2.2).
fn is_progressive(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    while let Some((&[first, marker], after)) = rest.split_first_chunk::<2>() {
        match (first, marker) {
            // Any number of fill bytes may come before a marker.
            (0xff, 0xff) => rest = rest.get(1..).unwrap_or_default(),
            (0xff, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) => {
                return matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
            }
            (0xff, _) => {
                let length = after
                    .first_chunk::<2>()
                    .map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
                rest = after.get(length.max(2)..).unwrap_or_default();
            }
            // Anything between segments is skipped, as the decoder does.
            _ => rest = rest.get(1..).unwrap_or_default(),
        }
    }
    false
}

/// A picture divided by a whole number, each pixel the mean of those that it stands for.
struct Smaller {
    width: u32,
    height: u32,
    divisor: u32,
    /// At most 5 times 5 pixels of 255 are summed.
    sums: Vec<u16>,
}

impl Smaller {
    fn new(width: u32, height: u32) -> Self {
        let divisor = width.max(height).div_ceil(KEPT).max(1);
        let length = u64::from(width.div_ceil(divisor)) * u64::from(height.div_ceil(divisor));
        Self {
            width,
            height,
            divisor,
            sums: vec![0; usize::try_from(length).unwrap_or(0)],
        }
    }

    /// Adds the pixels of one row of the file.
    fn add(&mut self, place: Place, pixels: impl Iterator<Item = u8>) {
        let columns = self.width.div_ceil(self.divisor);
        let index = |column: u32| usize::try_from(column).unwrap_or(usize::MAX);
        let begin = index(place.y / self.divisor) * index(columns);
        let Some(sums) = self.sums.get_mut(begin..begin + index(columns)) else {
            return;
        };
        if self.divisor == 1 && place.step == 1 {
            for (sum, pixel) in sums.iter_mut().zip(pixels) {
                *sum = u16::from(pixel);
            }
            return;
        }
        let mut x = place.x;
        for pixel in pixels {
            if let Some(sum) = sums.get_mut(index(x / self.divisor)) {
                *sum = sum.saturating_add(u16::from(pixel));
            }
            x += place.step;
        }
    }

    fn finish(self) -> Result<GrayImage, PictureError> {
        let (columns, rows) = (
            self.width.div_ceil(self.divisor),
            self.height.div_ceil(self.divisor),
        );
        // The last column and row may stand for fewer pixels than the others.
        let spans = |length: u32, parts: u32| -> Vec<u32> {
            (0..parts)
                .map(|part| (length - part * self.divisor).min(self.divisor))
                .collect()
        };
        let (across, down) = (spans(self.width, columns), spans(self.height, rows));
        let counts = down
            .iter()
            .flat_map(|down| across.iter().map(move |across| down * across));
        let pixels = self
            .sums
            .iter()
            .zip(counts)
            .map(|(sum, count)| u8::try_from(u32::from(*sum) / count).unwrap_or(u8::MAX))
            .collect();
        GrayImage::from_raw(columns, rows, pixels).ok_or(PictureError::NotAPicture)
    }
}
