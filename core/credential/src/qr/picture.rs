//! Pictures of a symbol, with its quiet zone of four modules.

use super::{QUIET_ZONE, Symbol};
use std::fmt::Write;

/// The largest scale of a PNG: 32 pixels a module make 4,000 pixels a side.
const MAX_SCALE: u32 = 32;

impl Symbol {
    /// A PNG of one bit a pixel and `scale` pixels a module (1 to 32; what lies outside is moved to
    /// the nearer end).
    #[must_use]
    pub fn to_png(&self, scale: u32) -> Vec<u8> {
        png_of(self.rows(), scale)
    }

    /// An SVG of one path, one unit a module.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let side = self.size() + 2 * QUIET_ZONE;
        let mut path = String::new();
        for y in 0..self.size() {
            let mut x = 0;
            while x < self.size() {
                let run = (x..self.size()).take_while(|&x| self.module(x, y)).count();
                if run > 0 {
                    // Writing into a string cannot fail.
                    let _ = write!(
                        path,
                        "M{},{}h{run}v1h-{run}z",
                        x + QUIET_ZONE,
                        y + QUIET_ZONE
                    );
                }
                x += run.max(1);
            }
        }
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0,0h{side}v{side}H0z"/><path d="{path}"/></svg>
"##
        )
    }
}
/// [`Symbol::to_png`] of a symbol that came another way: one number a row from the top, bit x its column x, as
/// [`Symbol::rows`] gives them.
#[must_use]
pub fn png_of(rows: &[u128], scale: u32) -> Vec<u8> {
    // The encoder can only fail on its writer, and a vector takes everything, or on data of
    // another length than the header's, and both lengths come from here.
    draw(rows, scale.clamp(1, MAX_SCALE)).unwrap_or_default()
}

fn draw(rows: &[u128], scale: u32) -> Result<Vec<u8>, png::EncodingError> {
    let scale = usize::try_from(scale).unwrap_or(1);
    let side = (rows.len() + 2 * QUIET_ZONE) * scale;
    let light = vec![0xff; side.div_ceil(8)];
    let mut pixels = Vec::with_capacity(light.len() * side);
    let border = |pixels: &mut Vec<u8>| {
        for _ in 0..QUIET_ZONE * scale {
            pixels.extend_from_slice(&light);
        }
    };
    border(&mut pixels);
    for row in rows {
        let mut line = light.clone();
        for x in (0..rows.len()).filter(|&x| x < 128 && row >> x & 1 == 1) {
            let left = (x + QUIET_ZONE) * scale;
            for pixel in left..left + scale {
                if let Some(byte) = line.get_mut(pixel / 8) {
                    *byte &= !(0x80 >> (pixel % 8));
                }
            }
        }
        for _ in 0..scale {
            pixels.extend_from_slice(&line);
        }
    }
    border(&mut pixels);

    let mut file = Vec::new();
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    // Lines repeat each other, which deflate finds by itself.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}
