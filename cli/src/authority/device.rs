//! `vidimus authority device`: the phones that hold a license.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::{DeviceEnd, DeviceRow};
use vidimus_credential::UnixTime;

use super::{failure, open};
use crate::failure::Outcome;
use crate::{output, runtime};

/// Runs `vidimus authority device list`.
pub(super) fn list(home: &Path, license: &str, json: bool) -> Outcome {
    let found = open(home)?
        .find_license(license, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        let devices: Vec<_> = found.devices.iter().map(device_json).collect();
        return output::json(&devices);
    }
    if found.devices.is_empty() {
        return output::line("No phone holds this license: vidimus authority license offer");
    }
    let lines: Vec<_> = found.devices.iter().map(device_words).collect();
    output::line(&lines.join("\n"))
}

/// A device for programs.
pub(super) fn device_json(device: &DeviceRow) -> Value {
    json!({
        "device_id": device.id,
        "added_at": device.added.seconds(),
        "issued_at": device.issued.map(UnixTime::seconds),
        "expires": device.expires.map(UnixTime::seconds),
        "acknowledged": device.acknowledged,
        "ended_at": device.ended.map(UnixTime::seconds),
        "end_reason": device.end_reason,
    })
}

/// A device on one line.
pub(super) fn device_words(device: &DeviceRow) -> String {
    let mut words = format!("{}  since {}", device.id, device.added.to_rfc3339());
    if let (Some(ended), reason) = (device.ended, &device.end_reason) {
        let reason = reason.as_deref().unwrap_or("ended");
        words.push_str(&format!(", ended {} ({reason})", ended.to_rfc3339()));
        return words;
    }
    if let (Some(issued), Some(expires)) = (device.issued, device.expires) {
        words.push_str(&format!(
            ", license given {}, good until {}",
            issued.to_rfc3339(),
            expires.to_rfc3339()
        ));
    }
    if !device.acknowledged {
        words.push_str("; the phone has not said that it has it");
    }
    words
}

/// Runs `vidimus authority device end`.
pub(super) fn end(home: &Path, device: i64, reason: DeviceEnd, json: bool) -> Outcome {
    let ended = open(home)?
        .end_device(device, reason, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({
            "device_id": device,
            "license_id": ended.license_id,
            "ended": ended.reason,
            "changed": ended.changed,
        }));
    }
    let (license, reason) = (&ended.license_id, &ended.reason);
    if !ended.changed {
        return output::line(&format!(
            "Phone {device} had ended before ({reason}), and nothing was changed. `license offer {license}` gives the license to another phone."
        ));
    }
    output::line(&format!(
        "Phone {device} has ended ({reason}): what it shows is refused from now on. The license {license} itself is as it was; `license offer {license}` gives it to another phone."
    ))
}
