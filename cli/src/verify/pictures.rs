//! Several pictures of one phone: its token, and the frames of the driver's face.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vidimus_credential::face::{FaceCollector, Progress};
use vidimus_credential::verify::Verdict;

use crate::failure::{Failure, Outcome};
use crate::picture::PictureError;
use crate::{files, output, picture};

/// The most pictures of one run: a minute of the processor and more.
const MAX_PICTURES: usize = 64;

/// The face that pictures showed.
#[derive(Default)]
pub(super) struct Pictures {
    faces: FaceCollector,
    frames: usize,
}

impl Pictures {
    /// The text to judge, of one license. Where several pictures are given, one that cannot be read
    /// is named and passed over.
    pub(super) fn read(&mut self, paths: &[PathBuf], cnonce: Option<&[u8]>) -> Outcome<String> {
        let files = expand(paths)?;
        let is_one = files.len() == 1;
        let mut contents = Vec::new();
        let mut unread = None;
        for path in &files {
            let file = files::read_up_to(path, picture::MAX_FILE)?;
            match picture::read_qr(file, cnonce) {
                Ok(content) => contents.push(self.take(content)),
                Err(error) => {
                    let failure =
                        Failure::bad_input(format!("{} {}", path.display(), error.explain()));
                    if is_one || error == PictureError::TwoLicenses {
                        return Err(failure);
                    }
                    output::note(&format!("vidimus: {failure}; it is passed over"));
                    unread = Some(failure);
                }
            }
        }
        let judged: Vec<Vec<u8>> = contents.iter().flatten().cloned().collect();
        match picture::one_license(&judged, cnonce) {
            Ok(content) => Ok(String::from_utf8_lossy(&content).into_owned()),
            Err(PictureError::TwoLicenses) => Err(Failure::bad_input(
                "the pictures hold two licenses, and none is judged; give those of one alone",
            )),
            Err(_) if self.frames > 0 => Err(Failure::bad_input(
                "the pictures hold frames of a face and no license; a face without a license is nothing",
            )),
            Err(_) => Err(unread
                .unwrap_or_else(|| Failure::bad_input("the pictures hold no QR that can be read"))),
        }
    }

    /// Keeps a frame of a face, and gives back what is to be judged.
    fn take(&mut self, content: Vec<u8>) -> Option<Vec<u8>> {
        let frame = std::str::from_utf8(&content).ok();
        if frame.is_some_and(|text| self.faces.take(text).is_ok()) {
            self.frames += 1;
            return None;
        }
        Some(content)
    }

    /// How much of the face of a verdict's license the pictures have. A whole one is written where
    /// a file was named.
    pub(super) fn face(&self, verdict: &Verdict, file: Option<&Path>) -> Outcome<Option<Face>> {
        let progress = self.faces.progress(verdict);
        let mut written = None;
        if let Some(path) = file {
            match self.faces.join(verdict) {
                Some(portrait) => {
                    files::create(path, portrait.jpeg())?;
                    written = Some(path.to_owned());
                }
                None => output::note(&format!(
                    "vidimus: {} is not written: {}",
                    path.display(),
                    missing(progress)
                )),
            }
        }
        let Some(Progress { read, count }) = progress else {
            return Ok(None);
        };
        Ok(Some(Face {
            read,
            count,
            file: written,
        }))
    }
}

fn missing(progress: Option<Progress>) -> String {
    match progress {
        Some(Progress { read, count }) => {
            format!("{read} of the {count} frames of the face were read")
        }
        None => "the pictures have no frame of the face of this license".to_owned(),
    }
}

/// What the pictures have of the face of the license.
pub(super) struct Face {
    read: usize,
    count: usize,
    file: Option<PathBuf>,
}

impl Face {
    /// `{"read", "count", "file"?}`.
    pub(super) fn json(&self) -> Value {
        let mut face = json!({ "read": self.read, "count": self.count });
        if let Some(object) = face.as_object_mut()
            && let Some(file) = &self.file
        {
            object.insert("file".to_owned(), file.to_string_lossy().into());
        }
        face
    }

    /// A line for people.
    pub(super) fn line(&self) -> String {
        let Self { read, count, file } = self;
        let words = match file {
            _ if read < count => {
                format!("{read} of {count} frames read; take pictures of the rest")
            }
            Some(file) => {
                let file = output::plain(&file.to_string_lossy());
                format!("whole, written to {file}: compare it with the person")
            }
            None => "whole; --face FILE writes it".to_owned(),
        };
        crate::report::row("face", &words)
    }
}

/// The files that are named, and those of the folders that are named, by name.
fn expand(paths: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |error| Failure::unreadable(path, &error);
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?.path();
            if is_picture(&entry) {
                inside.push(entry);
            }
        }
        if inside.is_empty() {
            return Err(Failure::bad_input(format!(
                "{} has no file that ends in .png, .jpg or .jpeg",
                path.display()
            )));
        }
        inside.sort();
        files.extend(inside);
    }
    if files.len() > MAX_PICTURES {
        return Err(Failure::usage(format!(
            "--image takes at most {MAX_PICTURES} pictures, and these are {}",
            files.len()
        )));
    }
    Ok(files)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|it| it.to_str());
    ending.is_some_and(|ending| {
        ["png", "jpg", "jpeg"].contains(&ending.to_ascii_lowercase().as_str())
    })
}
