//! Readers, apps, settings and users, as the calls of the API take and give them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::register::ClientApp;
use crate::register::office::UserRow;

use super::seconds;

/// A reader's key in the trust list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReaderView {
    pub(in crate::http::office::api) name: String,
    pub(in crate::http::office::api) kid: String,
    pub(in crate::http::office::api) added_at: u64,
    pub(in crate::http::office::api) expires: u64,
}

/// The readers that are not revoked.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReaderPage {
    pub(in crate::http::office::api) readers: Vec<ReaderView>,
}

/// A reader to be named.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddReader {
    /// What drivers read: 1 to 64 bytes
    pub(in crate::http::office::api) name: String,
    /// Its public key, a COSE_Key in base64: Ed25519 or P-256
    pub(in crate::http::office::api) key: String,
    /// For how many days it is listed, at most 3660; left out: 365
    #[serde(default)]
    pub(in crate::http::office::api) days: Option<u32>,
}

/// A key that was named.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedReader {
    pub(in crate::http::office::api) name: String,
    pub(in crate::http::office::api) kid: String,
}

/// An app in which drivers may sign in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientView {
    pub(in crate::http::office::api) client_id: String,
    pub(in crate::http::office::api) redirects: Vec<String>,
    #[serde(default)]
    pub(in crate::http::office::api) android: Vec<AndroidApp>,
    /// Apple's apps, each as TEAM.BUNDLE
    #[serde(default)]
    pub(in crate::http::office::api) apple: Vec<String>,
}

/// An Android app that opens the authority's addresses.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AndroidApp {
    pub(in crate::http::office::api) package: String,
    /// SHA-256 of its certificate, in hexadecimal digits
    pub(in crate::http::office::api) certificate: String,
}

impl ClientView {
    pub(in crate::http::office::api) fn of(app: &ClientApp) -> Self {
        let android = app.android.iter().map(|(package, certificate)| AndroidApp {
            package: package.clone(),
            certificate: certificate.clone(),
        });
        Self {
            client_id: app.id.clone(),
            redirects: app.redirects.clone(),
            android: android.collect(),
            apple: app.apple.clone(),
        }
    }
}

/// The apps in which drivers may sign in.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClientPage {
    pub(in crate::http::office::api) clients: Vec<ClientView>,
}

/// The settings of the authority.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingsView {
    /// How many phones may hold a license
    pub(in crate::http::office::api) devices: usize,
    /// For how many days personal data is kept after the end of a license; null: for good
    pub(in crate::http::office::api) retention_days: Option<u16>,
}

/// What changes of the settings; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeSettings {
    /// How many phones may hold a license, 1 to 99
    #[serde(default)]
    pub(in crate::http::office::api) devices: Option<u8>,
    /// 1 to 36500; 0: for good
    #[serde(default)]
    pub(in crate::http::office::api) retention_days: Option<u16>,
}

/// A user of the office.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserView {
    pub(in crate::http::office::api) user: String,
    /// What events name the user by, behind `u`
    pub(in crate::http::office::api) id: i64,
    pub(in crate::http::office::api) roles: Vec<&'static str>,
    pub(in crate::http::office::api) added_at: u64,
    pub(in crate::http::office::api) disabled_at: Option<u64>,
    /// Whether passphrase and one-time codes were set up
    pub(in crate::http::office::api) can_sign_in: bool,
    /// SHA-256 of the client certificate
    pub(in crate::http::office::api) certificate: Option<String>,
    pub(in crate::http::office::api) tokens: Vec<TokenView>,
}

/// A bearer token that is not revoked.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenView {
    pub(in crate::http::office::api) token_id: i64,
    pub(in crate::http::office::api) label: String,
    pub(in crate::http::office::api) made: u64,
}

impl UserView {
    pub(in crate::http::office::api) fn of(row: &UserRow) -> Self {
        let tokens = row.tokens.iter().map(|token| TokenView {
            token_id: token.id,
            label: token.label.clone(),
            made: token.made.seconds(),
        });
        Self {
            user: row.name.clone(),
            id: row.id,
            roles: row.roles.iter().map(crate::office::Role::name).collect(),
            added_at: row.added.seconds(),
            disabled_at: seconds(row.disabled),
            can_sign_in: row.can_sign_in,
            certificate: row.certificate.clone(),
            tokens: tokens.collect(),
        }
    }
}

/// The users of the office.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserPage {
    pub(in crate::http::office::api) users: Vec<UserView>,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddUser {
    pub(in crate::http::office::api) user: String,
    /// clerk, officer, judge, auditor, system; chiefs are made on the machine
    pub(in crate::http::office::api) roles: Vec<String>,
}

/// What changes of a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeUser {
    #[serde(default)]
    pub(in crate::http::office::api) roles: Option<Vec<String>>,
    #[serde(default)]
    pub(in crate::http::office::api) disabled: Option<bool>,
    /// SHA-256 of a client certificate in hexadecimal digits; empty takes it away
    #[serde(default)]
    pub(in crate::http::office::api) certificate: Option<String>,
}

/// A code with which a user sets up sign-in, once. It is told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetUpView {
    pub(in crate::http::office::api) user: String,
    pub(in crate::http::office::api) code: String,
    pub(in crate::http::office::api) expires: u64,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddToken {
    /// Which program it is for
    pub(in crate::http::office::api) label: String,
}

/// A token that was made, told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewTokenView {
    pub(in crate::http::office::api) user: String,
    pub(in crate::http::office::api) token_id: i64,
    pub(in crate::http::office::api) token: String,
}
