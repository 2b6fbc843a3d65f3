//! Readers' keys, apps, settings and the audit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use vidimus_authority::{ClientApp, Retention};
use vidimus_credential::VerifyingKey;

use super::Register;
use super::client::Call;
use super::views::{ClientView, ReaderView, SettingsView};
use crate::authority::failure;
use crate::failure::{Failure, Outcome};
use crate::runtime;

/// Events of the audit that an office gives in one answer.
const AUDIT_LINES: usize = 50_000;

#[derive(Deserialize)]
struct ReaderPage {
    readers: Vec<ReaderView>,
}

#[derive(Deserialize)]
struct AddedReader {
    kid: String,
}

#[derive(Deserialize)]
struct ClientPage {
    clients: Vec<ClientView>,
}

impl Register {
    /// Names a reader's key in the trust list; its id.
    pub(crate) fn add_reader(&self, name: &str, key: &VerifyingKey, days: u32) -> Outcome<String> {
        match self {
            Self::Local(authority) => {
                let added = authority.add_reader(name, key, days, runtime::moment());
                added.map_err(|error| failure(&error))
            }
            Self::Remote(office) => {
                let key = STANDARD.encode(key.to_cose_key());
                let body = json!({ "name": name, "key": key, "days": days });
                let call =
                    Call::post(&["readers"], body).or_again("look with `reader list`".to_owned());
                office.ask(&call).map(|added: AddedReader| added.kid)
            }
        }
    }

    /// The readers that are not revoked.
    pub(crate) fn readers(&self) -> Outcome<Vec<ReaderView>> {
        match self {
            Self::Local(authority) => {
                let readers = authority.readers().map_err(|error| failure(&error))?;
                Ok(readers.into_iter().map(ReaderView::of).collect())
            }
            Self::Remote(office) => {
                let page: ReaderPage = office.ask(&Call::get(&["readers"]))?;
                Ok(page.readers)
            }
        }
    }

    /// Takes a reader out of the trust list.
    pub(crate) fn revoke_reader(&self, reader: &str) -> Outcome {
        match self {
            Self::Local(authority) => authority
                .revoke_reader(reader, runtime::moment())
                .map_err(|error| failure(&error)),
            Self::Remote(office) => {
                let path = ["readers", reader];
                let call = Call::delete(&path).or_again("look with `reader list`".to_owned());
                office.ask(&call).map(|_: Value| ())
            }
        }
    }

    /// Registers an app in which drivers may sign in.
    pub(crate) fn put_client(&self, app: &ClientApp, private_scheme: bool) -> Outcome {
        match self {
            Self::Local(authority) => authority
                .put_client(app, private_scheme, runtime::moment())
                .map_err(|error| failure(&error)),
            Self::Remote(_) if private_scheme => Err(Failure::usage(
                "--allow-private-scheme is for the authority's machine alone: run this there with --home DIR",
            )),
            Self::Remote(office) => {
                let android = app.android.iter();
                let android: Vec<_> = android
                    .map(|(package, digest)| json!({ "package": package, "certificate": digest }))
                    .collect();
                let body = json!({
                    "client_id": app.id,
                    "redirects": app.redirects,
                    "android": android,
                    "apple": app.apple,
                });
                let again = "give it again, and nothing is done twice".to_owned();
                let call = Call::post(&["clients"], body).or_again(again);
                office.ask(&call).map(|_: Value| ())
            }
        }
    }

    /// The apps in which drivers may sign in.
    pub(crate) fn clients(&self) -> Outcome<Vec<ClientView>> {
        match self {
            Self::Local(authority) => {
                let clients = authority.clients().map_err(|error| failure(&error))?;
                Ok(clients.iter().map(ClientView::of).collect())
            }
            Self::Remote(office) => {
                let page: ClientPage = office.ask(&Call::get(&["clients"]))?;
                Ok(page.clients)
            }
        }
    }

    /// Removes an app that signs drivers in.
    pub(crate) fn remove_client(&self, client: &str) -> Outcome {
        match self {
            Self::Local(authority) => authority
                .remove_client(client)
                .map_err(|error| failure(&error)),
            Self::Remote(office) => {
                let path = ["clients", client];
                let call = Call::delete(&path).or_again("look with `client list`".to_owned());
                office.ask(&call).map(|_: Value| ())
            }
        }
    }

    /// The settings, after these are changed.
    pub(crate) fn settings(
        &self,
        devices: Option<u8>,
        retention: Option<Retention>,
    ) -> Outcome<SettingsView> {
        match self {
            Self::Local(authority) => {
                if let Some(devices) = devices {
                    authority
                        .set_device_limit(devices)
                        .map_err(|error| failure(&error))?;
                }
                if let Some(retention) = retention {
                    authority
                        .set_retention(retention, runtime::moment())
                        .map_err(|error| failure(&error))?;
                }
                Ok(SettingsView {
                    devices: authority.device_limit().map_err(|error| failure(&error))?,
                    retention_days: authority
                        .retention()
                        .map_err(|error| failure(&error))?
                        .days(),
                })
            }
            Self::Remote(office) if devices.is_none() && retention.is_none() => {
                office.ask(&Call::get(&["settings"]))
            }
            Self::Remote(office) => {
                // For the API 0 days are no end.
                let days = retention.map(|retention| retention.days().unwrap_or(0));
                let body = json!({ "devices": devices, "retention_days": days });
                let again = "give it again, and nothing is done twice".to_owned();
                office.ask(&Call::patch(&["settings"], body).or_again(again))
            }
        }
    }

    /// Gives each line of the audit from an event on, signed; from which event on there may be
    /// more.
    pub(crate) fn audit(&self, from: i64, line: &mut dyn FnMut(&str)) -> Outcome<Option<i64>> {
        match self {
            Self::Local(authority) => {
                // Where no server runs, what happened is not chained yet.
                authority.seal_audit().map_err(|error| failure(&error))?;
                let mut each = |text: &str| {
                    line(text);
                    Ok(())
                };
                authority
                    .export_audit(from, None, runtime::moment(), &mut each)
                    .map_err(|error| failure(&error))?;
                Ok(None)
            }
            Self::Remote(office) => {
                let query = [
                    ("from", from.to_string()),
                    ("limit", AUDIT_LINES.to_string()),
                ];
                let text = office.lines(&Call::get(&["audit"]).asking(&query))?;
                text.lines().for_each(line);
                Ok(next_event(&text))
            }
        }
    }
}

/// Where to go on after a part that is full.
fn next_event(text: &str) -> Option<i64> {
    // The first line and the last one are no events.
    if text.lines().count() < AUDIT_LINES.saturating_add(2) {
        return None;
    }
    let end: Value = serde_json::from_str(text.lines().next_back()?).ok()?;
    end.get("last")?.as_i64()?.checked_add(1)
}
