//! The programs that read: `rqrr`, and ZXing in another process.

use std::io::{self, BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::camera::Picture;

/// The texts that `rqrr` reads in a picture, in one look.
#[must_use]
pub fn rqrr(picture: &Picture) -> Vec<String> {
    let pixel = |x: usize, y: usize| picture.pixels[y * picture.width + x];
    // It asserts what it believes of pictures; a picture that proves it wrong has no QR.
    let read = AssertUnwindSafe(|| {
        let (width, height) = (picture.width, picture.height);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
        let grids = prepared.detect_grids();
        grids
            .iter()
            .filter_map(|grid| Some(grid.decode().ok()?.1))
            .collect()
    });
    catch_unwind(read).unwrap_or_default()
}

/// The ways in which ZXing reads, as `Batch.kt` names them, in its order.
pub const ZXING: [&str; 2] = ["one", "several"];

/// ZXing: pictures go in, and a line with a text for each way comes out.
pub struct Zxing {
    child: Child,
    pictures: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Zxing {
    /// Starts the program that a command line names, its words separated by blanks.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(command: &str) -> io::Result<Self> {
        let mut words = command.split_whitespace();
        let mut child = Command::new(words.next().unwrap_or_default())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("no pipe to ZXing");
        let pictures = child.stdin.take().ok_or_else(missing)?;
        let lines = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        Ok(Self {
            child,
            pictures,
            lines,
        })
    }

    /// What each way reads in a picture; nothing is an empty text.
    ///
    /// # Errors
    /// Where the program has ended or answers otherwise.
    pub fn read(&mut self, picture: &Picture) -> io::Result<[String; 2]> {
        let Picture {
            width,
            height,
            pixels,
        } = picture;
        writeln!(self.pictures, "P5 {width} {height} 255")?;
        self.pictures.write_all(pixels)?;
        self.pictures.flush()?;
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let texts: Vec<String> = line
            .trim_end_matches('\n')
            .split('\t')
            .map(Into::into)
            .collect();
        texts
            .try_into()
            .map_err(|_| io::Error::other("ZXing does not answer as agreed"))
    }
}

impl Drop for Zxing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
