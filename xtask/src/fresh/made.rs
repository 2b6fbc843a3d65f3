//! What a command has made in a tree, and its removal.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that stay unchanged: git's own, what cargo builds, and the tools that were fetched.
const STAY: [&str; 3] = [".git", "target", ".cache"];

/// What a tree held at one time, by name.
pub(super) struct Snapshot {
    tree: PathBuf,
    held: BTreeSet<PathBuf>,
}

impl Snapshot {
    /// # Errors
    /// Those of reading the folders.
    pub(super) fn take(tree: &Path) -> io::Result<Self> {
        let mut held = BTreeSet::new();
        let mut open = vec![tree.to_path_buf()];
        while let Some(folder) = open.pop() {
            for (path, is_folder) in entries(tree, &folder)? {
                if is_folder {
                    open.push(path.clone());
                }
                held.insert(path);
            }
        }
        let tree = tree.to_path_buf();
        Ok(Self { tree, held })
    }

    /// Removes all that has come since. What was there before is never touched.
    ///
    /// # Errors
    /// Those of reading and removing.
    pub(super) fn remove_what_came_since(&self) -> io::Result<()> {
        let mut open = vec![self.tree.clone()];
        while let Some(folder) = open.pop() {
            for (path, is_folder) in entries(&self.tree, &folder)? {
                match (self.held.contains(&path), is_folder) {
                    (true, true) => open.push(path),
                    (true, false) => {}
                    (false, true) => fs::remove_dir_all(&path)?,
                    (false, false) => fs::remove_file(&path)?,
                }
            }
        }
        Ok(())
    }
}

/// The entries of a folder, and whether each is a folder itself, which a link to one is not.
fn entries(tree: &Path, folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let stays = folder == tree && STAY.iter().any(|name| entry.file_name() == *name);
        if !stays {
            found.push((entry.path(), entry.file_type()?.is_dir()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_since_goes_and_all_else_stays() {
        let tree = std::env::temp_dir().join(format!("vidimus-made-{}", std::process::id()));
        let write = |name: &str| {
            let file = tree.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, name).unwrap();
        };
        let before = ["README.md", "android/pom.xml", "target/old"];
        before.into_iter().for_each(write);
        let snapshot = Snapshot::take(&tree).unwrap();
        let stay = ["target/new", ".cache/tool", ".git/index"];
        stay.into_iter().for_each(write);
        let came = ["auth/root.cose", "android/target/a", "android/b", "photo"];
        came.into_iter().for_each(write);
        std::os::unix::fs::symlink(tree.join("target"), tree.join("link")).unwrap();

        snapshot.remove_what_came_since().unwrap();

        for name in before.into_iter().chain(stay) {
            assert!(tree.join(name).exists(), "{name}");
        }
        for name in came.into_iter().chain(["auth", "android/target"]) {
            assert!(!tree.join(name).exists(), "{name}");
        }
        assert!(tree.join("link").symlink_metadata().is_err());
        fs::remove_dir_all(tree).unwrap();
    }
}
