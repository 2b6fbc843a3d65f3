//! Finding a QR in a picture: a clean PNG, or a photo taken by hand.
//!
//! The finder wants a module to be some three pixels wide and loses its way in noise, so one picture
//! is looked at in several ways, the likely ones first: as it is, smaller, larger, smoothed, with
//! one threshold for all of it.

mod variants;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits, Luma};

use variants::variants;

/// The largest file that is read.
pub(crate) const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The longest side, in pixels.
const MAX_SIDE: u32 = 20_000;

/// The most pixels: a little over what phones take (50 megapixels), one byte to four each.
const MAX_PIXELS: u64 = 64_000_000;

/// The most memory that decoding may take.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;

/// Why a picture gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureError {
    /// Neither PNG nor JPEG, or broken.
    NotAPicture,
    /// More bytes or pixels than are read.
    TooLarge,
    /// No QR was found, or none that can be read.
    NoQr,
}

impl PictureError {
    /// What was wrong and what to do.
    pub(crate) const fn explain(self) -> &'static str {
        match self {
            Self::NotAPicture => {
                "is no PNG or JPEG that can be read; save the picture as one of them"
            }
            Self::TooLarge => {
                "is too large: at most 64 MiB and 64 megapixels are read; make it smaller"
            }
            Self::NoQr => {
                "has no QR that can be read; take the picture closer, sharper and without glare"
            }
        }
    }
}

/// The content of the QR in a picture. Of several the one that begins with `DL1:` is taken, else the
/// first. The bytes are whatever stands in the QR.
pub(crate) fn read_qr(file: &[u8]) -> Result<Vec<u8>, PictureError> {
    if u64::try_from(file.len()).unwrap_or(u64::MAX) > MAX_FILE {
        return Err(PictureError::TooLarge);
    }
    let picture = grey(decode(file)?);
    let mut other = None;
    for variant in variants(&picture) {
        for text in find(&variant) {
            if text.starts_with(b"DL1:") {
                return Ok(text);
            }
            other.get_or_insert(text);
        }
        if other.is_some() {
            break;
        }
    }
    other.ok_or(PictureError::NoQr)
}

fn decode(file: &[u8]) -> Result<DynamicImage, PictureError> {
    let format = match image::guess_format(file) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        _ => return Err(PictureError::NotAPicture),
    };
    let (width, height) = ImageReader::with_format(Cursor::new(file), format)
        .into_dimensions()
        .map_err(|_| PictureError::NotAPicture)?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let decoded = catch_unwind(AssertUnwindSafe(|| reader.decode()));
    match decoded {
        Ok(Ok(picture)) => Ok(picture),
        Ok(Err(image::ImageError::Limits(_))) => Err(PictureError::TooLarge),
        Ok(Err(_)) | Err(_) => Err(PictureError::NotAPicture),
    }
}

/// Grey, with anything transparent on white: that is how it is looked at.
fn grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let source = picture.into_luma_alpha8();
    let mut grey = GrayImage::new(source.width(), source.height());
    for (to, from) in grey.pixels_mut().zip(source.pixels()) {
        let [value, alpha] = from.0.map(u32::from);
        let mixed = (value * alpha + 255 * (255 - alpha)) / 255;
        *to = Luma([u8::try_from(mixed).unwrap_or(u8::MAX)]);
    }
    grey
}

/// The contents of all QRs that one look finds.
fn find(picture: &GrayImage) -> Vec<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let (Ok(columns), Ok(rows)) = (usize::try_from(width), usize::try_from(height)) else {
        return Vec::new();
    };
    let pixel = |x: usize, y: usize| match (u32::try_from(x), u32::try_from(y)) {
        (Ok(x), Ok(y)) => picture
            .get_pixel_checked(x, y)
            .map_or(u8::MAX, |pixel| pixel.0[0]),
        _ => u8::MAX,
    };
    // The finder asserts what it believes of pictures; a picture that proves it wrong has no QR.
    catch_unwind(AssertUnwindSafe(|| {
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(columns, rows, pixel);
        prepared
            .detect_grids()
            .into_iter()
            .filter_map(|grid| {
                let mut content = Vec::new();
                grid.decode_to(&mut content).ok().map(|_| content)
            })
            .collect()
    }))
    .unwrap_or_default()
}
