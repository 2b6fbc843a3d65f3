//! A home that an older version, or somebody else, left open to others.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{License, Phone, license, put};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn an_older_home_that_all_may_write_to_is_set_right_when_it_is_opened() {
    let phone = Phone::new();
    put(&phone.create().await, "a", license("a")).await;
    let (home, file) = (phone.folder.path(), phone.file());
    let folder = file.parent().unwrap();
    set(home, 0o777);
    set(folder, 0o777);
    set(&file, 0o666);
    let vault = phone.open().await;
    assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));
    assert_eq!(
        (mode(home), mode(folder), mode(&file)),
        (0o755, 0o700, 0o600)
    );
    for companion in ["sqlite-wal", "sqlite-shm"] {
        assert_eq!(mode(&file.with_extension(companion)), 0o600);
    }
    drop(vault);
    // A folder where each keeps what is his is not ours to change.
    set(home, 0o1777);
    drop(phone.open().await);
    assert_eq!(mode(home), 0o1777);
}
