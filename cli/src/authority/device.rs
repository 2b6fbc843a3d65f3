//! `vidimus authority device`: the phones that hold a license.

use serde_json::json;
use vidimus_authority::DeviceEnd;

use super::in_order;
use super::register::{DeviceView, Place, time};
use crate::failure::Outcome;
use crate::output::{self, plain};

/// Runs `vidimus authority device list`.
pub(super) fn list(place: &Place, license: &str, json: bool) -> Outcome {
    let devices = place.open()?.find(license)?.devices;
    if json {
        return output::json(&in_order(&devices)?);
    }
    if devices.is_empty() {
        return output::line("No phone holds this license: vidimus authority license offer");
    }
    let lines: Vec<_> = devices.iter().map(device_words).collect();
    output::line(&lines.join("\n"))
}

/// A device on one line.
pub(super) fn device_words(device: &DeviceView) -> String {
    let mut words = format!("{}  since {}", device.device_id, time(device.added_at));
    if let (Some(ended), reason) = (device.ended_at, &device.end_reason) {
        let reason = reason.as_deref().unwrap_or("ended");
        words.push_str(&format!(", ended {} ({})", time(ended), plain(reason)));
        return words;
    }
    if let (Some(issued), Some(expires)) = (device.issued_at, device.expires) {
        words.push_str(&format!(
            ", license given {}, good until {}",
            time(issued),
            time(expires)
        ));
    }
    if !device.acknowledged {
        words.push_str("; the phone has not said that it has it");
    }
    words
}

/// Runs `vidimus authority device end`.
pub(super) fn end(place: &Place, device: i64, reason: DeviceEnd, json: bool) -> Outcome {
    let ended = place.open()?.end_device(device, reason)?;
    if json {
        return output::json(&json!({
            "device_id": device,
            "license_id": ended.license_id,
            "ended": ended.ended,
            "changed": ended.changed,
        }));
    }
    let (license, reason) = (plain(&ended.license_id), plain(&ended.ended));
    if !ended.changed {
        return output::line(&format!(
            "Phone {device} had ended before ({reason}), and nothing was changed. `license offer {license}` gives the license to another phone."
        ));
    }
    output::line(&format!(
        "Phone {device} has ended ({reason}): what it shows is refused from now on. The license {license} itself is as it was; `license offer {license}` gives it to another phone."
    ))
}
