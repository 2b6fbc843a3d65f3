//! What the manifest in a package says, read back from its binary form.

/// What an app promises by itself, beside what both do.
pub(super) struct Facts {
    /// The one activity that others may start.
    entry: &'static str,
    /// What it may ask the phone for. A library that brings another permission shows up here.
    permissions: &'static [&'static str],
}

/// What the package of the driver's app asks for, and what it offers to others.
pub(super) const DRIVER: Facts = Facts {
    entry: "org.vidimus.driver.MainActivity",
    permissions: &[
        "android.permission.INTERNET",
        "android.permission.CAMERA",
        "android.permission.POST_NOTIFICATIONS",
        "android.permission.USE_BIOMETRIC",
        "android.permission.HIDE_OVERLAY_WINDOWS",
        "android.permission.ACCESS_NETWORK_STATE",
        "android.permission.WAKE_LOCK",
        "android.permission.RECEIVE_BOOT_COMPLETED",
        "org.vidimus.driver.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION",
    ],
};

/// The officer's app, which does nothing out of sight and asks for no lock.
pub(super) const OFFICER: Facts = Facts {
    entry: "org.vidimus.officer.OfficerActivity",
    permissions: &[
        "android.permission.INTERNET",
        "android.permission.CAMERA",
        "android.permission.HIDE_OVERLAY_WINDOWS",
        "org.vidimus.officer.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION",
    ],
};

/// What only the system holds: who else exports a component asks for this.
const SYSTEM_ONLY: &str = "android.permission.BIND_JOB_SERVICE";

/// An element of the manifest with its attributes.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Facts {
    /// Whether a package keeps what the app promises.
    ///
    /// # Errors
    /// Names the first fact that is otherwise.
    pub(super) fn check(&self, dump: &str) -> Result<(), String> {
        let elements = elements(dump);
        let one = |name: &str| {
            let found = elements.iter().find(|element| element.name == name);
            found.ok_or_else(|| format!("the manifest has no {name}"))
        };
        let application = one("application")?;
        is(application, "allowBackup", "false")?;
        is(application, "usesCleartextTraffic", "false")?;
        is(application, "extractNativeLibs", "false")?;
        for rules in [
            "dataExtractionRules",
            "fullBackupContent",
            "networkSecurityConfig",
        ] {
            if application.get(rules).is_none() {
                return Err(format!("the application has no {rules}"));
            }
        }
        if application.get("debuggable") == Some("true") {
            return Err("the application is debuggable".to_owned());
        }
        let sdk = one("uses-sdk")?;
        is(sdk, "minSdkVersion", "26")?;
        is(sdk, "targetSdkVersion", "36")?;
        for asked in elements
            .iter()
            .filter(|element| element.name == "uses-permission")
        {
            let name = asked.get("name").unwrap_or_default();
            if !self.permissions.contains(&name) {
                return Err(format!("the package asks for {name}"));
            }
        }
        self.exported(&elements)
    }

    fn exported(&self, elements: &[Element]) -> Result<(), String> {
        let mut activities = Vec::new();
        for element in elements {
            if element.get("exported") != Some("true") {
                continue;
            }
            let name = element.get("name").unwrap_or_default();
            match element.name.as_str() {
                "activity" | "activity-alias" => activities.push(name),
                _ if element.get("permission") == Some(SYSTEM_ONLY) => {}
                kind => return Err(format!("the {kind} {name} is exported to every app")),
            }
        }
        if activities == [self.entry] {
            Ok(())
        } else {
            Err(format!(
                "exported activities are {activities:?}, not {} alone",
                self.entry
            ))
        }
    }
}

fn is(element: &Element, attribute: &str, wanted: &str) -> Result<(), String> {
    match element.get(attribute) {
        Some(value) if value == wanted => Ok(()),
        value => Err(format!(
            "{attribute} of the {} is {}, not {wanted}",
            element.name,
            value.unwrap_or("not there")
        )),
    }
}

/// The elements of `aapt2 dump xmltree`: a line `E: name (line=1)` each, and a line for each
/// attribute below it.
fn elements(dump: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    for line in dump.lines().map(str::trim_start) {
        if let Some(rest) = line.strip_prefix("E: ") {
            let name = rest.split(' ').next().unwrap_or_default().to_owned();
            elements.push(Element {
                name,
                ..Element::default()
            });
        } else if let (Some(rest), Some(element)) = (line.strip_prefix("A: "), elements.last_mut())
        {
            element.attributes.extend(attribute(rest));
        }
    }
    elements
}

/// `http://…/android:name(0x01010003)="x" (Raw: "x")`, `…:exported(0x01010010)=true`, or
/// `package="x"`.
fn attribute(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once('=')?;
    let key = key.rsplit(':').next()?.split('(').next()?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(' ').next()?,
    };
    Some((key.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
N: android=http://schemas.android.com/apk/res/android (line=3)
  E: manifest (line=3)
    A: package="org.vidimus.driver" (Raw: "org.vidimus.driver")
      E: uses-sdk (line=8)
        A: http://schemas.android.com/apk/res/android:minSdkVersion(0x0101020c)=26
        A: http://schemas.android.com/apk/res/android:targetSdkVersion(0x01010270)=36
      E: uses-permission (line=12)
        A: http://schemas.android.com/apk/res/android:name(0x01010003)="android.permission.INTERNET" (Raw: "android.permission.INTERNET")
      E: application (line=30)
        A: http://schemas.android.com/apk/res/android:allowBackup(0x01010280)=false
        A: http://schemas.android.com/apk/res/android:fullBackupContent(0x010104eb)=@0x7f0a0001
        A: http://schemas.android.com/apk/res/android:extractNativeLibs(0x010104ea)=false
        A: http://schemas.android.com/apk/res/android:usesCleartextTraffic(0x010104ec)=false
        A: http://schemas.android.com/apk/res/android:networkSecurityConfig(0x01010527)=@0x7f0a0003
        A: http://schemas.android.com/apk/res/android:dataExtractionRules(0x0101063e)=@0x7f0a0000
          E: activity (line=45)
            A: http://schemas.android.com/apk/res/android:name(0x01010003)="org.vidimus.driver.MainActivity" (Raw: "org.vidimus.driver.MainActivity")
            A: http://schemas.android.com/apk/res/android:exported(0x01010010)=true
          E: service (line=90)
            A: http://schemas.android.com/apk/res/android:name(0x01010003)="Jobs" (Raw: "Jobs")
            A: http://schemas.android.com/apk/res/android:permission(0x01010006)="android.permission.BIND_JOB_SERVICE" (Raw: "android.permission.BIND_JOB_SERVICE")
            A: http://schemas.android.com/apk/res/android:exported(0x01010010)=true
"#;

    #[test]
    fn a_manifest_that_keeps_its_promises_passes() {
        assert_eq!(DRIVER.check(GOOD), Ok(()));
    }

    #[test]
    fn each_broken_promise_is_named() {
        for (what, instead, named) in [
            (
                "allowBackup(0x01010280)=false",
                "allowBackup(0x01010280)=true",
                "allowBackup",
            ),
            (
                "usesCleartextTraffic(0x010104ec)=false",
                "x=false",
                "usesCleartextTraffic",
            ),
            ("=26", "=23", "minSdkVersion"),
            (
                "permission.INTERNET\" (",
                "permission.READ_PHONE_STATE\" (",
                "READ_PHONE_STATE",
            ),
            (
                "BIND_JOB_SERVICE\" (",
                "DUMP\" (",
                "the service Jobs is exported",
            ),
            ("E: service", "E: activity", "exported activities"),
            ("dataExtractionRules", "other", "dataExtractionRules"),
            (
                "exported(0x01010010)=true\n          E",
                "exported(0x01010010)=false\n          E",
                "exported activities",
            ),
        ] {
            let broken = GOOD.replace(what, instead);
            assert_ne!(broken, GOOD, "{what}");
            let why = DRIVER.check(&broken).unwrap_err();
            assert!(why.contains(named), "{why}");
        }
    }
}
