//! A symbol with its quiet zone, as one even grid of modules.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcodegen::{QrCode, QrCodeEcc};
use vidimus_credential::qr::{QUIET_ZONE, Symbol};

/// A symbol with its quiet zone.
#[derive(Clone)]
pub(crate) struct Canvas {
    /// Modules a side, quiet zone included; at most 177 + 8.
    side: u16,
    dark: Vec<bool>,
}

impl Canvas {
    /// The canvas of a symbol.
    pub(crate) fn new(symbol: &Symbol) -> Self {
        Self::from_fn(symbol.size(), |x, y| symbol.module(x, y))
    }

    /// The canvas of a link, whose lower-case letters the profile's own symbols do not hold; `None`
    /// where it is too long for any symbol.
    pub(crate) fn of_link(link: &str) -> Option<Self> {
        let code = QrCode::encode_text(link, QrCodeEcc::Low).ok()?;
        let size = usize::try_from(code.size()).ok()?;
        let module = |x, y| match (i32::try_from(x), i32::try_from(y)) {
            (Ok(x), Ok(y)) => code.get_module(x, y),
            _ => false,
        };
        Some(Self::from_fn(size, module))
    }

    /// A canvas of `size` modules a side without the quiet zone, `dark(x, y)` each.
    pub(crate) fn from_fn(size: usize, dark: impl Fn(usize, usize) -> bool) -> Self {
        let side = size.saturating_add(2 * QUIET_ZONE);
        let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|at| *at < size);
        let modules = (0..side)
            .flat_map(|y| (0..side).map(move |x| (x, y)))
            .map(|(x, y)| matches!((inside(x), inside(y)), (Some(x), Some(y)) if dark(x, y)))
            .collect();
        Self {
            side: u16::try_from(side).unwrap_or(u16::MAX),
            dark: modules,
        }
    }

    /// Character columns of half blocks.
    pub(crate) const fn columns(&self) -> u16 {
        self.side
    }

    /// Character rows of half blocks, two modules each.
    pub(crate) const fn rows(&self) -> u16 {
        self.side.div_ceil(2)
    }

    /// Whether a module is dark; outside the canvas all is light.
    pub(crate) fn is_dark(&self, x: u16, y: u16) -> bool {
        if x >= self.side || y >= self.side {
            return false;
        }
        let index = usize::from(y) * usize::from(self.side) + usize::from(x);
        self.dark.get(index).copied().unwrap_or(false)
    }

    /// A PNG with `scale` pixels a module, quiet zone included.
    pub(crate) fn to_png(&self, scale: u32) -> Vec<u8> {
        let scale = scale.clamp(1, 32);
        let side = u32::from(self.side) * scale;
        let module = |at: u32| u16::try_from(at / scale).unwrap_or(u16::MAX);
        let picture = GrayImage::from_fn(side, side, |x, y| {
            Luma([if self.is_dark(module(x), module(y)) {
                0
            } else {
                255
            }])
        });
        let mut file = Cursor::new(Vec::new());
        // Writing to memory, in a format that takes every grey picture, cannot fail.
        let _ = picture.write_to(&mut file, ImageFormat::Png);
        file.into_inner()
    }
}
