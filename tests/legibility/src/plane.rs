//! Light on its way through a lens.

/// Light, place by place.
pub(crate) struct Plane {
    width: usize,
    height: usize,
    light: Vec<f32>,
}

impl Plane {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let light = vec![0.0; width * height];
        Self {
            width,
            height,
            light,
        }
    }

    pub(crate) fn fill(&mut self, mut of: impl FnMut(usize, usize) -> f32) {
        for row in 0..self.height {
            for column in 0..self.width {
                self.light[row * self.width + column] = of(column, row);
            }
        }
    }

    /// The light of a place; outside, that of the nearest one.
    fn at(&self, column: i64, row: i64) -> f32 {
        let column = column.clamp(0, self.width as i64 - 1) as usize;
        let row = row.clamp(0, self.height as i64 - 1) as usize;
        self.light[row * self.width + column]
    }

    /// The mean of a square.
    pub(crate) fn mean(&self, left: usize, top: usize, side: usize) -> f32 {
        let rows = self.light[top * self.width..].chunks(self.width).take(side);
        let sum: f32 = rows.flat_map(|row| &row[left..left + side]).sum();
        sum / (side * side) as f32
    }

    /// Drawn out along a way.
    pub(crate) fn moved(&self, x: f64, y: f64) -> Self {
        let steps = x.abs().max(y.abs()).ceil().max(1.0) as i64;
        let way: Vec<(i64, i64)> = (0..=steps)
            .map(|step| {
                let part = step as f64 / steps as f64 - 0.5;
                ((x * part).round() as i64, (y * part).round() as i64)
            })
            .collect();
        let mut moved = Self::new(self.width, self.height);
        moved.fill(|column, row| {
            let (column, row) = (column as i64, row as i64);
            let sum: f32 = way.iter().map(|(x, y)| self.at(column + x, row + y)).sum();
            sum / way.len() as f32
        });
        moved
    }

    /// Blurred by a Gaussian.
    pub(crate) fn blurred(&self, deviation: f64) -> Self {
        let reach = (deviation * 3.0).ceil() as i64;
        let weights: Vec<f32> = (-reach..=reach)
            .map(|far| (-(far as f64 / deviation).powi(2) / 2.0).exp() as f32)
            .collect();
        let sum: f32 = weights.iter().sum();
        let weights: Vec<f32> = weights.iter().map(|weight| weight / sum).collect();
        self.along_rows(&weights).along_rows(&weights)
    }

    /// Blurred along its rows, and turned so that its columns become rows.
    fn along_rows(&self, weights: &[f32]) -> Self {
        let reach = weights.len() / 2;
        let mut turned = Self::new(self.height, self.width);
        let mut wide = vec![0.0; self.width + 2 * reach];
        for (number, row) in self.light.chunks(self.width).enumerate() {
            wide[..reach].fill(row[0]);
            wide[reach..reach + self.width].copy_from_slice(row);
            wide[reach + self.width..].fill(row[self.width - 1]);
            for (column, window) in wide.windows(weights.len()).enumerate() {
                let sum: f32 = window
                    .iter()
                    .zip(weights)
                    .map(|(one, weight)| one * weight)
                    .sum();
                turned.light[column * self.height + number] = sum;
            }
        }
        turned
    }
}
