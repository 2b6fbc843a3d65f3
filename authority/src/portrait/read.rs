//! Reading the submitted file: a JPEG that decodes to its last block, within bounds.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::PortraitFault;

/// The largest submitted portrait file, in bytes.
pub const MAX_PORTRAIT: usize = 64 * 1024;
/// The largest width and height, in pixels: what bounds the memory of decoding.
pub(super) const MAX_SIDE: usize = 2048;
/// The most passes of a progressive JPEG.
const MAX_SCANS: usize = 64;

/// How other kinds of pictures begin: where, with which bytes, and their name.
const OTHER_FORMATS: [(usize, &[u8], &str); 13] = [
    (0, b"\x89PNG", "PNG"),
    (8, b"WEBP", "WebP"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"jP  ", "JPEG 2000"),
    (4, b"JXL ", "JPEG XL"),
    (0, b"%PDF", "PDF, and no"),
];

/// A picture as the file has it.
pub(super) struct Picture {
    /// RGB or grey, not yet turned upright.
    pub(super) pixels: DynamicImage,
    /// What the camera noted about how it was held.
    pub(super) orientation: Orientation,
    /// Whether the file had the colors of print.
    pub(super) converted: bool,
}

/// Decodes the whole file to RGB or grey.
pub(super) fn decode(file: &[u8]) -> Result<Picture, PortraitFault> {
    if let Some(format) = other_format(file) {
        return Err(PortraitFault::OtherFormat(format));
    }
    if file.len() > MAX_PORTRAIT {
        return Err(PortraitFault::TooLarge);
    }
    if !file.starts_with(b"\xff\xd8") {
        return Err(PortraitFault::NotAJpeg);
    }
    let layout = Layout::of(file).ok_or(PortraitFault::NotWhole)?;
    if layout.split {
        return Err(PortraitFault::Unusual);
    }
    let header = headers(file)?;
    let info = header.info().ok_or(PortraitFault::NotWhole)?;
    if usize::from(info.width) > MAX_SIDE || usize::from(info.height) > MAX_SIDE {
        return Err(PortraitFault::TooManyPixels);
    }
    let (wanted, converted) = match header.input_colorspace().ok_or(PortraitFault::NotWhole)? {
        ColorSpace::Luma => (ColorSpace::Luma, false),
        ColorSpace::YCbCr | ColorSpace::RGB if layout.is_usual() => (ColorSpace::RGB, false),
        ColorSpace::CMYK | ColorSpace::YCCK if layout.has_plain_inks() => (ColorSpace::RGB, true),
        ColorSpace::CMYK | ColorSpace::YCCK => return Err(PortraitFault::PrintColors),
        _ => return Err(PortraitFault::Unusual),
    };
    let options = limit(MAX_SIDE).jpeg_set_out_colorspace(wanted);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let bytes = decoder.decode().map_err(|_| PortraitFault::NotWhole)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let pixels = match wanted {
        ColorSpace::Luma => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        _ => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
    };
    let orientation = info
        .exif_data
        .as_deref()
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms);
    Ok(Picture {
        pixels: pixels.ok_or(PortraitFault::NotWhole)?,
        orientation,
        converted,
    })
}

fn limit(side: usize) -> DecoderOptions {
    DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_max_scans(MAX_SCANS)
}

/// The headers, within JPEG's own bound on the sides, so that a picture over ours is told apart
/// from none at all.
fn headers(file: &[u8]) -> Result<JpegDecoder<ZCursor<&[u8]>>, PortraitFault> {
    let options = limit(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder
        .decode_headers()
        .map_err(|_| PortraitFault::NotWhole)?;
    let empty = |info: zune_jpeg::ImageInfo| info.width == 0 || info.height == 0;
    if decoder.info().is_none_or(empty) {
        return Err(PortraitFault::NotWhole);
    }
    Ok(decoder)
}

fn other_format(file: &[u8]) -> Option<&'static str> {
    OTHER_FORMATS
        .iter()
        .find(|(at, begin, _)| file.get(*at..).is_some_and(|rest| rest.starts_with(begin)))
        .map(|(_, _, name)| *name)
}

/// What the segments before the first scan say (ITU-T T.81, Annex B).
///
/// The decoder draws some unusual pictures wrongly and without a fault. A face must not become
/// another one, so they are told apart here.
struct Layout {
    /// Adobe's APP14 is among them.
    adobe: bool,
    /// A baseline picture whose scans hold one component each.
    split: bool,
    /// The sampling factors of the components, horizontal and vertical in one byte.
    sampling: Vec<u8>,
}

impl Layout {
    /// Walks the segments up to the first scan; `None` where there is no scan.
    fn of(file: &[u8]) -> Option<Self> {
        let mut layout = Self {
            adobe: false,
            split: false,
            sampling: Vec::new(),
        };
        let mut sequential = false;
        let mut rest = file.get(2..)?;
        loop {
            let (&[0xff, marker], after) = rest.split_first_chunk::<2>()? else {
                return None;
            };
            if marker == 0xff {
                // Any number of fill bytes may come before a marker.
                rest = rest.get(1..)?;
                continue;
            }
            let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
            let body = after.get(2..length)?;
            match marker {
                // SOF0 to SOF2: precision, height, width, count, then three bytes a component.
                0xc0..=0xc2 => {
                    sequential = marker != 0xc2;
                    let components = body.get(6..)?.chunks_exact(3);
                    layout.sampling = components
                        .filter_map(|component| component.get(1).copied())
                        .collect();
                }
                0xee if body.starts_with(b"Adobe") => layout.adobe = true,
                0xda => {
                    let in_scan = usize::from(*body.first()?);
                    layout.split = sequential && in_scan < layout.sampling.len();
                    return Some(layout);
                }
                _ => {}
            }
            rest = after.get(length..)?;
        }
    }

    /// Whether the color is sampled as cameras do it: as often as the brightness, or half as often.
    fn is_usual(&self) -> bool {
        match self.sampling.as_slice() {
            [_] => true,
            [first, rest @ ..] => {
                rest.iter().all(|part| part == first)
                    || matches!(first, 0x11 | 0x12 | 0x21 | 0x22)
                        && rest.iter().all(|part| *part == 0x11)
            }
            [] => false,
        }
    }

    /// Whether four inks can be converted to RGB. Only Adobe's marker says that 255 is no ink:
    /// without it half of all programs show a negative.
    fn has_plain_inks(&self) -> bool {
        self.adobe
            && self
                .sampling
                .iter()
                .all(|part| Some(part) == self.sampling.first())
    }
}
