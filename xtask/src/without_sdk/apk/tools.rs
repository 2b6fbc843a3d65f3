//! What makes a package: aapt2 and R8, which Maven has fetched, the JDK's own tools, and two of
//! Debian's.

use crate::apt;
use crate::files::At;
use crate::folders::cache;
use crate::kotlin::repository;
use crate::kotlin::{android, built};
use crate::shell::{output, program, say, succeeds, succeeds_silently};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The framework's classes, below Maven's repository: what `android/pom.xml` pins.
const FRAMEWORK: &str = "org/robolectric/android-all/16-robolectric-13921718-2/android-all-16-robolectric-13921718-2.jar";

/// The oldest Android that the app runs on.
const MIN_SDK: &str = "26";

/// The password of a key that vouches for nothing: it is made anew with each cache.
const PASSWORD: &str = "android";

pub(super) struct Tools {
    aapt2: PathBuf,
    jdk: PathBuf,
    key: PathBuf,
}

impl Tools {
    /// # Errors
    /// What to install, in a line.
    pub(super) fn find_or_install() -> Result<Self, String> {
        if !is_there("apksigner", "--version") || !Path::new("/usr/bin/zipalign").exists() {
            apt::install(&["apksigner", "zipalign"], "what signs Android's packages")?;
        }
        let jdk = jdk().ok_or("no java is on the PATH; let JAVA_HOME name a JDK's folder")?;
        let aapt2 = built("androidx/app").join("tools/prebuilt/linux/aapt2");
        let key = cache().join("android-debug.p12");
        let tools = Self { aapt2, jdk, key };
        tools.make_key()?;
        Ok(tools)
    }

    /// Turns an app's jar and its libraries, which lie beside it, into dex files in `stage`,
    /// without what is never called.
    pub(super) fn dex(&self, jar: &Path, stage: &Path) -> Result<(), String> {
        let app = jar.parent().unwrap_or(jar);
        let mut r8 = program(self.jdk.join("bin/java"));
        r8.arg("-Xmx2g")
            .arg("-cp")
            .arg(built("androidx/app").join("tools/r8.jar"));
        r8.args(["com.android.tools.r8.R8", "--release", "--min-api", MIN_SDK]);
        // It lists each rule of a library that this app has no use for.
        r8.args(["--map-diagnostics", "info", "none"]);
        // The framework's jar has no java.*: those are the JDK's, so a Java API that Android lacks
        // goes unnoticed.
        r8.arg("--lib").arg(repository().join(FRAMEWORK));
        r8.arg("--lib").arg(&self.jdk);
        for rules in [
            android().join("app/proguard-rules.pro"),
            android().join("wallet/consumer-rules.pro"),
            built("androidx/app").join("rules.pro"),
            app.join("manifest-rules.pro"),
        ] {
            r8.arg("--pg-conf").arg(rules);
        }
        r8.arg("--pg-map-output")
            .arg(stage.with_file_name("mapping.txt"));
        r8.arg("--output").arg(stage).args(jars(jar)?);
        run(&mut r8, "R8")
    }

    /// Adds what is in `stage` to a package: the dex files small, the libraries uncompressed.
    pub(super) fn add(&self, package: &Path, stage: &Path) -> Result<(), String> {
        let mut dex: Vec<OsString> = Vec::new();
        for entry in fs::read_dir(stage)
            .map_err(|error| error.to_string())?
            .flatten()
        {
            if entry.path().extension().is_some_and(|kind| kind == "dex") {
                dex.push(entry.file_name());
            }
        }
        let mut jar = program(self.jdk.join("bin/jar"));
        jar.current_dir(stage)
            .arg("--update")
            .arg("--no-manifest")
            .arg("--file")
            .arg(package);
        run(jar.args(dex), "jar")?;
        let mut jar = program(self.jdk.join("bin/jar"));
        jar.current_dir(stage)
            .args(["--update", "--no-manifest", "--no-compress", "--file"]);
        run(jar.arg(package).arg("lib"), "jar")
    }

    /// Signs a package for what Android 8 and newer look at.
    pub(super) fn sign(&self, package: &Path) -> Result<(), String> {
        let mut sign = program("apksigner");
        sign.args([
            "sign",
            "--min-sdk-version",
            MIN_SDK,
            "--v1-signing-enabled",
            "false",
        ]);
        sign.arg("--ks")
            .arg(&self.key)
            .args(["--ks-pass", &format!("pass:{PASSWORD}")]);
        run(sign.arg(package), "apksigner sign")
    }

    /// Whether its signature holds, and whether it is aligned, in the eyes of Android's own tools.
    pub(super) fn verify(&self, package: &Path) -> Result<(), String> {
        let mut verify = program("apksigner");
        verify.args(["verify", "--min-sdk-version", MIN_SDK, "--Werr"]);
        run(verify.arg(package), "apksigner verify")?;
        let mut zipalign = program("zipalign");
        if succeeds_silently(zipalign.args(["-c", "-p", "4"]).arg(package)) {
            Ok(())
        } else {
            Err("zipalign -c -p 4 finds an entry that is not aligned".to_owned())
        }
    }

    /// The manifest in the package, as aapt2 reads it back.
    pub(super) fn manifest(&self, package: &Path) -> Result<String, String> {
        let mut dump = program(&self.aapt2);
        dump.args(["dump", "xmltree", "--file", "AndroidManifest.xml"])
            .arg(package);
        output(&mut dump).ok_or_else(|| "aapt2 cannot read the package's manifest".to_owned())
    }

    fn make_key(&self) -> Result<(), String> {
        if self.key.exists() {
            return Ok(());
        }
        if let Some(folder) = self.key.parent() {
            fs::create_dir_all(folder).at(folder)?;
        }
        say("making a key that signs packages for trying them");
        let mut keytool = program(self.jdk.join("bin/keytool"));
        keytool.args(["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"]);
        keytool.args([
            "-alias",
            "debug",
            "-validity",
            "10000",
            "-storetype",
            "PKCS12",
        ]);
        keytool.args([
            "-dname",
            "CN=Android Debug",
            "-storepass",
            PASSWORD,
            "-keystore",
        ]);
        if succeeds_silently(keytool.arg(&self.key)) {
            Ok(())
        } else {
            Err("keytool makes no key".to_owned())
        }
    }
}

/// An app's classes and all of its libraries.
fn jars(app: &Path) -> Result<Vec<PathBuf>, String> {
    let mut jars = vec![app.to_path_buf()];
    let libraries = app.with_file_name("libraries");
    let found = fs::read_dir(&libraries).at(&libraries)?;
    jars.extend(found.flatten().map(|entry| entry.path()));
    jars.sort();
    Ok(jars)
}

fn run(command: &mut std::process::Command, what: &str) -> Result<(), String> {
    if succeeds(command) {
        Ok(())
    } else {
        Err(format!("{what} fails"))
    }
}

fn is_there(name: &str, version: &str) -> bool {
    succeeds_silently(program(name).arg(version))
}

/// The folder of the JDK: what `JAVA_HOME` names, or where the `java` of the PATH really stands.
fn jdk() -> Option<PathBuf> {
    let named = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).filter_map(|folder| {
        let java = fs::canonicalize(folder.join("java")).ok()?;
        Some(java.parent()?.parent()?.to_path_buf())
    });
    named
        .into_iter()
        .chain(found)
        .find(|folder| folder.join("bin/jar").exists())
}
