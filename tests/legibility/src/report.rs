//! The tables of `docs/legibility.md`.

use crate::camera::{Camera, Trouble};
use crate::measure::{Case, DISTANCES, Outcome};
use crate::tokens::{Level, Shape};

/// A program that reads, in the way in which it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `rqrr`, in one look.
    Rqrr,
    /// ZXing's reader for one QR.
    One,
    /// ZXing's reader for several QRs.
    Several,
}

impl Reader {
    /// Each of them, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Rqrr, Self::One, Self::Several];

    /// Its name in charts and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rqrr => "rqrr",
            Self::One => "zxing one",
            Self::Several => "zxing several",
        }
    }

    /// Whether it has read a picture; none where it was not asked.
    #[must_use]
    pub fn has_read(self, outcome: &Outcome) -> Option<bool> {
        match self {
            Self::Rqrr => Some(outcome.rqrr),
            Self::One => outcome.zxing.map(|ways| ways[0]),
            Self::Several => outcome.zxing.map(|ways| ways[1]),
        }
    }
}

/// The part of the chosen pictures that a reader has read; none where there is none.
#[must_use]
pub fn share(outcomes: &[Outcome], reader: Reader, chosen: impl Fn(&Case) -> bool) -> Option<f64> {
    let of = outcomes.iter().filter(|outcome| chosen(&outcome.case));
    let read: Vec<bool> = of.filter_map(|outcome| reader.has_read(outcome)).collect();
    let good = read.iter().filter(|read| **read).count();
    (!read.is_empty()).then(|| good as f64 / read.len() as f64)
}

/// The columns of the first table and the curves.
pub const KINDS: [(Reader, Level); 6] = [
    (Reader::Rqrr, Level::Medium),
    (Reader::Rqrr, Level::Low),
    (Reader::One, Level::Medium),
    (Reader::One, Level::Low),
    (Reader::Several, Level::Medium),
    (Reader::Several, Level::Low),
];

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| "-".to_owned(), |part| format!("{:.0}", part * 100.0))
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |", cells.join(" | "))
}

fn table(head: Vec<String>, rows: impl IntoIterator<Item = String>) -> String {
    let line = format!("|{}", "---|".repeat(head.len()));
    let rows: Vec<String> = [row(head), line].into_iter().chain(rows).collect();
    rows.join("\n")
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

/// Trouble by trouble, for some pixels a module: percent of pictures that a reader has read.
#[must_use]
pub fn short_rows(pixels: f64, outcomes: &[Outcome]) -> String {
    let cells = Trouble::ALL.map(|trouble| {
        let of = |case: &Case| case.scene.trouble == trouble;
        percent(share(outcomes, Reader::Rqrr, of))
    });
    row([format!("{pixels:.1}")].into_iter().chain(cells))
}

/// All tables of a whole run.
#[must_use]
pub fn whole(outcomes: &[Outcome]) -> String {
    [
        by_pixels(outcomes),
        by_trouble(outcomes),
        by_camera(outcomes),
        by_shape(outcomes),
        by_level(outcomes),
    ]
    .join("\n\n")
}

/// Success by camera pixels a module.
fn by_pixels(outcomes: &[Outcome]) -> String {
    let mut head = words(["pixels a module"]);
    head.extend(KINDS.iter().map(|(reader, level)| {
        let letter = if *level == Level::Low { 'L' } else { 'M' };
        format!("{}, {letter}", reader.name())
    }));
    let rows = (2..20).filter_map(|step| {
        let from = f64::from(step) / 2.0;
        let near = |case: &Case| (from..from + 0.5).contains(&case.pixels());
        share(outcomes, Reader::Rqrr, near)?;
        let cells = KINDS.iter().map(|(reader, level)| {
            percent(share(outcomes, *reader, |case| {
                case.shape.level == *level && near(case)
            }))
        });
        let said = format!("{from:.1} to {:.1}", from + 0.5);
        Some(row([said].into_iter().chain(cells)))
    });
    table(head, rows)
}

/// Success by trouble, where the modules are neither tiny nor large.
fn by_trouble(outcomes: &[Outcome]) -> String {
    let mut head = words(["reader, level", "pixels a module"]);
    head.extend(Trouble::ALL.map(|trouble| trouble.name().to_owned()));
    let mut rows = Vec::new();
    for reader in Reader::ALL {
        for level in [Level::Medium, Level::Low] {
            for (from, to) in [(1.5, 2.0), (2.0, 2.5), (2.5, 3.0), (3.0, 5.0)] {
                let cells = Trouble::ALL.map(|trouble| {
                    percent(share(outcomes, reader, |case| {
                        let is_near = (from..to).contains(&case.pixels());
                        is_near && case.shape.level == level && case.scene.trouble == trouble
                    }))
                });
                let letter = if level == Level::Low { 'L' } else { 'M' };
                let first = [
                    format!("{}, {letter}", reader.name()),
                    format!("{from} to {to}"),
                ];
                rows.push(row(first.into_iter().chain(cells)));
            }
        }
    }
    table(head, rows)
}

/// The usual token by each camera from each distance.
fn by_camera(outcomes: &[Outcome]) -> String {
    let mut head = words(["camera", "distance, cm", "dp"]);
    let shapes = ["20-M", "23-M", "25-M", "25-L"].map(Shape::named);
    head.extend(
        shapes
            .iter()
            .map(|shape| format!("{}: pixels, read %", shape.name())),
    );
    let mut rows = Vec::new();
    for camera in Camera::ALL {
        for distance in DISTANCES {
            for phone in crate::glass::Phone::ALL {
                let cells = shapes.iter().map(|&shape| {
                    let pixels = camera.pixels(phone.module_mm(shape), distance);
                    let read = [Reader::Several, Reader::Rqrr].map(|reader| {
                        percent(share(outcomes, reader, |case| {
                            case.shape == shape
                                && case.scene.camera == camera
                                && case.scene.phone == phone
                                && (case.scene.distance_mm - distance).abs() < 1.0
                        }))
                    });
                    format!("{pixels:.1}: {} / {}", read[0], read[1])
                });
                let first = [
                    format!("{} x {}", camera.columns, camera.rows),
                    format!("{:.0}", distance / 10.0),
                    phone.dp.to_string(),
                ];
                rows.push(row(first.into_iter().chain(cells)));
            }
        }
    }
    table(head, rows)
}

/// Success by version and level at 1080 rows, which is what the choice of a version hangs on.
fn by_shape(outcomes: &[Outcome]) -> String {
    let mut head = words(["QR", "pixels a module at 30 cm, 360 dp"]);
    head.extend(["20", "30", "45"].map(|cm| format!("{cm} cm: zxing several / rqrr, %")));
    let camera = Camera::ALL[2];
    let rows = Shape::all().map(|shape| {
        let pixels = camera.pixels(crate::glass::Phone::ALL[1].module_mm(shape), 300.0);
        let cells = DISTANCES.map(|distance| {
            let read = [Reader::Several, Reader::Rqrr].map(|reader| {
                percent(share(outcomes, reader, |case| {
                    case.shape == shape
                        && case.scene.camera == camera
                        && (case.scene.distance_mm - distance).abs() < 1.0
                }))
            });
            format!("{} / {}", read[0], read[1])
        });
        row([shape.name(), format!("{pixels:.2}")]
            .into_iter()
            .chain(cells))
    });
    table(head, rows)
}

/// A number of characters, and what holds them at M and, in fewer and larger modules, at L.
const PAIRS: [(&str, &str, &str); 5] = [
    ("938", "20-M", "17-L"),
    ("1,134", "22-M", "19-L"),
    ("1,248", "23-M", "20-L"),
    ("1,326", "24-M", "21-L"),
    ("1,451", "25-M", "22-L"),
];

/// Texts of one length at M and at L, by all cameras from all distances.
fn by_level(outcomes: &[Outcome]) -> String {
    let mut head = words(["characters", "at M", "at L"]);
    let kinds = [Trouble::None, Trouble::Glare, Trouble::Cracks];
    head.extend(["all".to_owned()]);
    head.extend(kinds.map(|trouble| trouble.name().to_owned()));
    let rows = PAIRS.map(|(characters, medium, low)| {
        let both = |chosen: &dyn Fn(&Case) -> bool| {
            let read = [medium, low].map(Shape::named).map(|shape| {
                // What either can reach at all.
                percent(share(outcomes, Reader::Several, |case| {
                    case.shape == shape && case.scene.camera.rows > 480 && chosen(case)
                }))
            });
            format!("{} / {}", read[0], read[1])
        };
        let all = [both(&|_| true)];
        let each = kinds.map(|trouble| both(&|case| case.scene.trouble == trouble));
        let first = [characters, medium, low].map(str::to_owned);
        row(first.into_iter().chain(all).chain(each))
    });
    table(head, rows)
}
