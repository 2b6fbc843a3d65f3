//! Is this file really a portrait picture: a JPEG that decodes to the last block.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The largest portrait file, in bytes.
pub const MAX_PORTRAIT: usize = 64 * 1024;
/// The largest width and height, in pixels: what bounds the memory of decoding.
const MAX_SIDE: usize = 2048;
/// The most passes of a progressive JPEG.
const MAX_SCANS: usize = 64;

/// Why a file is refused as portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortraitFault {
    /// Over 64 KiB.
    #[error("is larger than 64 KiB: save it smaller or with a lower JPEG quality")]
    TooLarge,
    /// Not a JPEG, or one that cannot be decoded to its end.
    #[error("is not a whole JPEG picture: save it anew as .jpg")]
    NotAJpeg,
    /// More than 2048 pixels wide or high.
    #[error("is more than {MAX_SIDE} pixels wide or high: scale it down")]
    TooManyPixels,
}

/// Accepts a JPEG of at most 64 KiB that decodes without a fault.
///
/// # Errors
/// Says what is wrong with the file; no input makes it panic or take more memory than the largest picture.
pub(crate) fn check(file: &[u8]) -> Result<(), PortraitFault> {
    if file.len() > MAX_PORTRAIT {
        return Err(PortraitFault::TooLarge);
    }
    let limit = |side: usize| {
        DecoderOptions::new_safe()
            .set_strict_mode(true)
            .set_max_width(side)
            .set_max_height(side)
            .jpeg_set_max_scans(MAX_SCANS)
    };
    // JPEG's own bound first, so that a picture over ours is told apart from none at all.
    let mut decoder =
        JpegDecoder::new_with_options(ZCursor::new(file), limit(usize::from(u16::MAX)));
    decoder
        .decode_headers()
        .map_err(|_| PortraitFault::NotAJpeg)?;
    let info = decoder.info().ok_or(PortraitFault::NotAJpeg)?;
    if info.width == 0 || info.height == 0 {
        return Err(PortraitFault::NotAJpeg);
    }
    if usize::from(info.width) > MAX_SIDE || usize::from(info.height) > MAX_SIDE {
        return Err(PortraitFault::TooManyPixels);
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), limit(MAX_SIDE));
    decoder.decode().map_err(|_| PortraitFault::NotAJpeg)?;
    Ok(())
}
