//! All looks at one picture, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;

use super::PictureError;
use super::attempts::{ATTEMPTS, Finder, Scales};
use super::finder::{self, Seen};
use super::load::load;

/// Says what is seen. All looks are taken, for behind a license that is easy to see there may be
/// a second one.
pub(super) fn search(file: &[u8], mut say: impl FnMut(Seen)) -> Result<(), PictureError> {
    let mut scales = Scales::new(load(file)?);
    for attempt in &ATTEMPTS {
        let Some(picture) = scales.take(attempt) else {
            continue;
        };
        let all = match attempt.finder {
            Finder::Squares => finder::find(&picture),
            Finder::Regions => by_regions(&picture),
        };
        all.into_iter().for_each(&mut say);
    }
    Ok(())
}

/// All QRs that `rqrr` finds and reads.
fn by_regions(picture: &GrayImage) -> Vec<Seen> {
    let (Ok(columns), Ok(rows)) = (
        usize::try_from(picture.width()),
        usize::try_from(picture.height()),
    ) else {
        return Vec::new();
    };
    let pixels = picture.as_raw();
    let pixel = |x: usize, y: usize| pixels.get(y * columns + x).copied().unwrap_or(u8::MAX);
    // The finder asserts what it believes of pictures; a picture that proves it wrong has no QR.
    catch_unwind(AssertUnwindSafe(|| {
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(columns, rows, pixel);
        prepared
            .detect_grids()
            .into_iter()
            .filter_map(|grid| {
                let mut content = Vec::new();
                let about = grid.decode_to(&mut content).ok()?;
                Some(Seen::text(content, about.version.0))
            })
            .collect()
    }))
    .unwrap_or_default()
}
