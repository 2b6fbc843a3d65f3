//! What the window needs around it: an authority that serves, a license that waits for its driver,
//! a folder for the phone.

use super::shown;
use crate::files::At;
use crate::folders::root;
use crate::shell::{output, program, say};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Serves until it is dropped; what is temporary goes with it.
pub(super) struct Stage {
    cli: PathBuf,
    folder: PathBuf,
    is_kept: bool,
    server: Child,
    pub(super) issuer: String,
    license: String,
    pub(super) offer: String,
    pub(super) code: String,
}

impl Stage {
    /// # Errors
    /// What did not work, in a line.
    pub(super) fn set(cli: &Path, home: Option<&Path>) -> Result<Self, String> {
        let folder = home.map_or_else(
            || std::env::temp_dir().join(format!("vidimus-app-{}", std::process::id())),
            |home| root().join(home),
        );
        fs::create_dir_all(&folder).at(&folder)?;
        say(&format!(
            "the authority and the phone stand in {}",
            shown(&folder)
        ));
        let authority = folder.join("authority");
        if !authority.join("root.cose").exists() {
            ask(
                cli,
                &authority,
                &["init", "--name", "Road Authority of Zembla"],
            )?;
        }
        let (server, issuer) = serve(cli, &authority, &folder.join("issuer"))?;
        let mut stage = Self {
            cli: cli.to_owned(),
            folder,
            is_kept: home.is_some(),
            server,
            issuer,
            license: String::new(),
            offer: String::new(),
            code: String::new(),
        };
        let answer = stage.registered(&authority)?;
        stage.license = text(&answer, "license_id")?;
        stage.offer = text(&answer, "offer")?;
        stage.code = text(&answer, "tx_code")?;
        Ok(stage)
    }

    /// What the window is told, as `org.vidimus.desktop.Setting` reads it.
    pub(super) fn arguments(&self) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        let pairs = [
            ("--cli", path(&self.cli)),
            ("--authority", path(&self.folder.join("authority"))),
            ("--issuer", self.issuer.clone()),
            ("--license", self.license.clone()),
            ("--offer", self.offer.clone()),
            ("--code", self.code.clone()),
            ("--phone", path(&self.folder.join("phone"))),
        ];
        pairs
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value])
            .collect()
    }

    /// Registers the driver, or reads what was answered when a kept folder was new.
    fn registered(&self, authority: &Path) -> Result<String, String> {
        let kept = self.folder.join("license.json");
        if let Ok(answer) = fs::read_to_string(&kept) {
            return Ok(answer);
        }
        let driver = root().join("cli/assets/driver.json").display().to_string();
        let portrait = root().join("cli/assets/portrait.jpg").display().to_string();
        let add = ["license", "add", "--file", &driver, "--portrait", &portrait];
        let answer = ask(&self.cli, authority, &add)?;
        fs::write(&kept, &answer).at(&kept)?;
        Ok(answer)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        if !self.is_kept {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Starts to serve: on any free port, or on the one that a kept folder's licenses name.
fn serve(cli: &Path, authority: &Path, known: &Path) -> Result<(Child, String), String> {
    let before = fs::read_to_string(known).unwrap_or_default();
    let listen = before.strip_prefix("http://").unwrap_or("127.0.0.1:0");
    let mut serve = command(cli, authority, &["serve", "--listen", listen]);
    let mut server = serve
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut line = String::new();
    // Its end stays with the child: a process that writes to a pipe without a reader is ended.
    let stdout = server.stdout.as_mut();
    let read = stdout.map(|stdout| BufReader::new(stdout).read_line(&mut line));
    let issuer = match read {
        Some(Ok(_)) => text(&line, "issuer"),
        _ => Err("it says nothing".to_owned()),
    };
    match issuer {
        Ok(issuer) => {
            fs::write(known, &issuer).at(known)?;
            Ok((server, issuer))
        }
        Err(why) => {
            let _ = server.kill();
            let _ = server.wait();
            Err(format!("the authority does not serve at {listen}: {why}"))
        }
    }
}

fn ask(cli: &Path, authority: &Path, arguments: &[&str]) -> Result<String, String> {
    let what = arguments.first().copied().unwrap_or_default();
    output(&mut command(cli, authority, arguments))
        .ok_or_else(|| format!("vidimus authority {what} fails"))
}

fn command(cli: &Path, authority: &Path, arguments: &[&str]) -> Command {
    let mut command = program(cli);
    command
        .args(["authority", "--json", "--home"])
        .arg(authority)
        .args(arguments);
    command
}

/// A text out of the command line's JSON.
fn text(json: &str, name: &str) -> Result<String, String> {
    let answer: serde_json::Value =
        serde_json::from_str(json).map_err(|error| format!("the authority's answer: {error}"))?;
    let found = answer.get(name).and_then(serde_json::Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| format!("the authority's answer has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_by_its_name() {
        let json = r#"{"license_id": "l-1","tx_code":"2468"}"#;
        assert_eq!(text(json, "license_id").unwrap(), "l-1");
        assert_eq!(text(json, "tx_code").unwrap(), "2468");
        assert!(text(json, "offer").unwrap_err().contains("offer"));
    }
}
