//! A disk without a byte left. Mounting one takes the rights of root: without them nothing is
//! tested, save where `CI` is set, where that is a failure.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use vidimus_authority::{Authority, Error, InitOptions, StorageFault, init};
use vidimus_credential::LicenseStatus;

use crate::common::{START, at, license, portrait};

/// A disk of 4 MiB, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]);
        if runs(mount.arg(folder.path())) {
            return Some(Self(folder));
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "no small disk can be mounted"
        );
        None
    }

    fn filling(&self) -> PathBuf {
        self.0.path().join("filling")
    }

    fn fill(&self) {
        let mut open = File::options();
        let mut filling = open.create(true).append(true).open(self.filling()).unwrap();
        while filling.write_all(&[0; 4096]).is_ok() {}
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filling()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        runs(Command::new("umount").arg(self.0.path()));
    }
}

fn runs(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn suspend(home: &Path, id: &str, seconds: u64) -> Result<(), Error> {
    Authority::open(home)?.set_status(id, LicenseStatus::Suspended, at(START + seconds))
}

fn state(home: &Path, id: &str) -> LicenseStatus {
    let authority = Authority::open(home).unwrap();
    let found = authority.find_license(id, at(START + 60)).unwrap();
    assert_eq!(authority.licenses(None, 10, at(START)).unwrap().len(), 1);
    assert!(!authority.clock(at(START + 60)).unwrap().in_doubt);
    found.row.status
}

#[test]
fn a_register_on_a_full_disk_is_read_and_a_change_says_that_the_disk_is_full() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let home = disk.0.path().join("home");
    let options = InitOptions {
        issuer: Some("https://dl.example".to_owned()),
        ..InitOptions::default()
    };
    init(&home, options, at(START)).unwrap();
    let authority = Authority::open(&home).unwrap();
    let added = authority.add_license(&license(), &portrait(150, 200), at(START));
    let id = added.unwrap().license_id;
    // Also while another process has it open: a server. It gives room back when it ends.
    let mut server = Some(authority);
    for serves in [true, false] {
        server = server.filter(|_| serves);
        disk.fill();
        let before = state(&home, &id);
        let told = suspend(&home, &id, 60).unwrap_err();
        assert!(told.to_string().contains("make room"), "{told}");
        match told {
            Error::Storage(StorageFault::Full) => assert_eq!(state(&home, &id), before),
            // There was room in the write-ahead log, and none for a file beside it.
            Error::Io { .. } => assert_eq!(state(&home, &id), LicenseStatus::Suspended),
            other => panic!("{other}"),
        }
    }
    drop(server);
    disk.make_room();
    suspend(&home, &id, 120).unwrap();
    assert_eq!(state(&home, &id), LicenseStatus::Suspended);
}
