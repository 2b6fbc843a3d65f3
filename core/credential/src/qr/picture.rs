//! Pictures of a symbol, with its quiet zone of four modules.

use super::{QUIET_ZONE, Symbol, png_of};
use std::fmt::Write;

impl Symbol {
    /// A PNG of one bit a pixel and `scale` pixels a module. The scale is clamped to 1 to 32.
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
