//! The office's users, and its audit: what is done on the machine, and what the office's server is
//! made of.

use std::fmt::Write as _;

use vidimus_credential::{Signer as _, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::home::{Durability, write_atomic};
use crate::office::{Begin, OfficeFault, Roles, end, line_of, sealed};
use crate::register::office::{Office as _, ProposalRow, UserChange, UserRow};
use crate::register::{self, Decided, Decision};
use crate::secret::{Label, base64url, digest, hex, random};
use crate::store::events;
use crate::store::settings::Settings;

/// For so long a set-up code is good, in seconds: three days.
const SET_UP_LIFE: u64 = 3 * 86_400;
/// Begins each bearer token of the office, so that one which got somewhere by mistake is found.
const TOKEN: &str = "vdo_";
/// The digits of Crockford's base 32.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Events that are sealed in one transaction.
const SEALED_AT_ONCE: u32 = 1_000;
/// Lines that are read at a time for an export.
const READ_AT_ONCE: u32 = 1_000;

/// A code with which a user sets up passphrase and one-time codes, once. It has no `Debug`.
pub struct SetUpCode {
    /// 20 digits and letters in groups of four.
    pub code: Zeroizing<String>,
    /// Until when it is good.
    pub ends: UnixTime,
}

/// A bearer token of a user, told once. It has no `Debug`.
pub struct NewToken {
    /// What `user token revoke` calls it.
    pub id: i64,
    /// What programs send as `Authorization: Bearer`.
    pub token: Zeroizing<String>,
}

impl Authority {
    /// Adds a user of the office. On the machine anyone who may write the home can make a chief;
    /// in the office no one can.
    ///
    /// # Errors
    /// [`Error::Refused`]: [`OfficeFault::UserName`], [`OfficeFault::UserExists`],
    /// [`OfficeFault::NoRole`]; or why the database cannot be written.
    pub fn add_user(
        &self,
        name: &str,
        roles: Roles,
        now: impl Into<Moment>,
    ) -> Result<UserRow, Error> {
        let now = now.into();
        let user = self.register().add_user(name, roles, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(user)
    }

    /// The users of the office, by their names.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn users(&self) -> Result<Vec<UserRow>, Error> {
        self.register().users()
    }

    /// Gives a user other roles.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], [`OfficeFault::NoRole`], or why it cannot be stored.
    pub fn set_user_roles(
        &self,
        name: &str,
        roles: Roles,
        now: impl Into<Moment>,
    ) -> Result<UserRow, Error> {
        let change = UserChange {
            roles: Some(roles),
            ..UserChange::default()
        };
        self.change_user(name, change, now.into())
    }

    /// Disables a user, who is signed out and whose tokens are refused from then on, or enables
    /// them.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], or why the database cannot be written.
    pub fn disable_user(
        &self,
        name: &str,
        disabled: bool,
        now: impl Into<Moment>,
    ) -> Result<UserRow, Error> {
        let change = UserChange {
            disabled: Some(disabled),
            ..UserChange::default()
        };
        self.change_user(name, change, now.into())
    }

    /// Lets a user be known by a client certificate, by its SHA-256 in hexadecimal digits, with or
    /// without colons; `None` takes it away.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], [`OfficeFault::Certificate`],
    /// [`OfficeFault::CertificateTaken`], or why the database cannot be written.
    pub fn set_user_certificate(
        &self,
        name: &str,
        fingerprint: Option<&str>,
        now: impl Into<Moment>,
    ) -> Result<UserRow, Error> {
        let certificate = fingerprint.map(fingerprint_of).transpose()?;
        let change = UserChange {
            certificate: Some(certificate),
            ..UserChange::default()
        };
        self.change_user(name, change, now.into())
    }

    pub(crate) fn change_user(
        &self,
        name: &str,
        change: UserChange,
        now: Moment,
    ) -> Result<UserRow, Error> {
        let user = self
            .register()
            .change_user(name, change, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(user)
    }

    /// Makes a code with which a user sets up passphrase and one-time codes in the browser: once,
    /// within three days. What the user signed in by before goes on until then.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], [`OfficeFault::NoLonger`] where the user is disabled, or why
    /// the database cannot be written.
    pub fn allow_set_up(&self, name: &str, now: impl Into<Moment>) -> Result<SetUpCode, Error> {
        let now = now.into();
        let code = Zeroizing::new(in_groups(&random::<20>()?));
        let ends = now.wall().saturating_add(SET_UP_LIFE);
        let kept = set_up_digest(&code);
        self.register()
            .allow_set_up(name, &kept, ends, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(SetUpCode { code, ends })
    }

    /// Makes a bearer token of a user, for programs. The label says which program.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], [`OfficeFault::TokenLabel`], [`OfficeFault::NoLonger`], or why
    /// the database cannot be written.
    pub fn add_token(
        &self,
        name: &str,
        label: &str,
        now: impl Into<Moment>,
    ) -> Result<NewToken, Error> {
        let now = now.into();
        if !crate::application_form::is_legible(label, 64) {
            return Err(OfficeFault::TokenLabel.into());
        }
        let token = Zeroizing::new(format!("{TOKEN}{}", base64url(&random::<32>()?)));
        let kept = token_digest(&token);
        let id = self
            .register()
            .add_token(name, label, &kept, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(NewToken { id, token })
    }

    /// Ends a bearer token, by its number.
    ///
    /// # Errors
    /// [`OfficeFault::UnknownUser`], [`OfficeFault::UnknownToken`], or why the database cannot be
    /// written.
    pub fn revoke_token(
        &self,
        name: &str,
        token: i64,
        now: impl Into<Moment>,
    ) -> Result<(), Error> {
        let now = now.into();
        self.register()
            .revoke_token(name, token, self.believed(now)?)?;
        self.settle(&[], now)
    }

    /// Proposes what is final.
    pub(crate) fn propose(&self, decision: &Decision, now: Moment) -> Result<ProposalRow, Error> {
        let proposal = self.register().propose(decision, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(proposal)
    }

    /// Refuses a proposal, or withdraws one's own.
    pub(crate) fn refuse_proposal(&self, id: i64, now: Moment) -> Result<ProposalRow, Error> {
        let register = self.register();
        let proposal = register::office::Office::refuse(&register, id, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(proposal)
    }

    /// Sets how many phones may hold a license, and notes it.
    pub(crate) fn limit_devices(&self, devices: u8, now: Moment) -> Result<(), Error> {
        self.set_device_limit(devices)?;
        self.note("devices_limited", &devices.to_string(), now)
    }

    /// Notes something that is about no license.
    pub(crate) fn note(&self, kind: &'static str, detail: &str, now: Moment) -> Result<(), Error> {
        let at = self.believed(now)?;
        self.store
            .write(|transaction| events::append_other(transaction, kind, detail, at))
    }

    /// Approves what another chief proposed, and signs it.
    pub(crate) fn approve(
        &self,
        proposal: i64,
        now: Moment,
    ) -> Result<(ProposalRow, Decided), Error> {
        let (proposal, decided, due) = self.register().approve(proposal, self.believed(now)?)?;
        self.settle(&due, now)?;
        let lists = due.len();
        Ok((proposal, Decided { lists, ..decided }))
    }

    /// Chains what happened and is in no line of the audit yet. Of several processes that call it
    /// at once one does the work.
    ///
    /// # Errors
    /// Why the database cannot be used.
    pub fn seal_audit(&self) -> Result<(), Error> {
        while self.register().seal(SEALED_AT_ONCE)? {}
        Ok(())
    }

    /// The public key that exports of the audit are checked by. It is made when it is asked for
    /// first, and written to `audit.cose` beside `root.cose`: an auditor keeps a copy elsewhere.
    ///
    /// # Errors
    /// Why key, file or database cannot be written.
    pub fn audit_key(&self, now: impl Into<Moment>) -> Result<VerifyingKey, Error> {
        let key = match self.register().audit_key()? {
            Some(key) => key,
            None => {
                let made = self.home.create_key()?.verifying_key().clone();
                let now = self.believed(now.into())?;
                let key = self.register().set_audit_key(&made, None, now)?;
                if key != made {
                    // Another process was first.
                    self.home.remove_key(made.kid())?;
                }
                self.store.checkpoint()?;
                key
            }
        };
        let file = self.home.audit_key();
        let there = crate::home::read_published(&file)?;
        if there.as_deref() != Some(&*key.to_cose_key()) {
            write_atomic(&file, &key.to_cose_key(), 0o644, Durability::Synced)
                .map_err(Error::io("write audit.cose"))?;
        }
        Ok(key)
    }

    /// Exports the audit from the event of this number on, at most so many lines of it, with a
    /// signature at the end. `line` gets each line without its end.
    ///
    /// # Errors
    /// [`Error::KeyFile`], why the database cannot be read, or what `line` says.
    pub fn export_audit(
        &self,
        from: i64,
        limit: Option<u64>,
        now: impl Into<Moment>,
        line: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let now = now.into();
        let key = self.home.read_key(self.audit_key(now)?.kid())?;
        let from = from.max(1);
        let authority = self.store.read(Settings::read)?.root;
        let begin = Begin {
            authority: hex(authority.as_bytes()),
            from,
            before: self.register().chain_before(from)?,
        };
        let first = begin.to_line();
        line(&first)?;
        let (mut last, mut chain) = (from - 1, begin.before);
        let mut left = limit.unwrap_or(u64::MAX);
        let unsealed = loop {
            let page = u32::try_from(left).map_or(READ_AT_ONCE, |left| left.min(READ_AT_ONCE));
            let part = self.register().audit(last + 1, page)?;
            for (number, text, of) in &part.lines {
                line(&sealed(text, of))?;
                (last, chain) = (*number, *of);
            }
            left = left.saturating_sub(part.lines.len().try_into().unwrap_or(u64::MAX));
            if !part.more {
                break part.unsealed;
            }
            if left == 0 {
                break Vec::new();
            }
        };
        let unsealed: Vec<_> = unsealed.iter().filter(|event| event.id >= from).collect();
        for event in &unsealed {
            line(&format!("{{\"unsealed\":{}}}", line_of(event)))?;
        }
        let kid = hex(key.verifying_key().kid().as_bytes());
        let ends = end(&first, (last, &chain), unsealed.len(), now.wall(), &kid);
        let (mut text, message) = ends;
        let signature = key.sign(&message).map_err(Error::Signing)?;
        // Writing into a string does not fail.
        let _ = write!(text, ",\"signature\":\"{}\"}}", base64url(&signature));
        line(&text)
    }
}

/// What the database has of a bearer token.
pub(crate) fn token_digest(token: &str) -> [u8; 32] {
    digest(Label::OfficeToken, &[token])
}

/// What the database has of a set-up code, however it was typed.
pub(crate) fn set_up_digest(code: &str) -> [u8; 32] {
    let typed: Zeroizing<String> = Zeroizing::new(
        code.chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect(),
    );
    digest(Label::SetUpCode, &[&typed])
}

/// Five bits of each byte as a digit, in groups of four.
fn in_groups(bytes: &[u8; 20]) -> String {
    let mut text = String::new();
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let digit = CROCKFORD.get(usize::from(byte % 32)).copied();
        text.push(char::from(digit.unwrap_or(b'0')));
    }
    text
}

/// Reads a SHA-256 in hexadecimal digits.
pub(crate) fn fingerprint_of(text: &str) -> Result<[u8; 32], Error> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    crate::secret::unhex(&digits)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| OfficeFault::Certificate.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_up_code_is_read_however_it_is_typed() {
        let code = in_groups(&std::array::from_fn(|place| {
            u8::try_from(place * 13).unwrap()
        }));
        assert_eq!(code, "0DT7-M1EV-8N2F-W9P3-GXAQ");
        let kept = set_up_digest(&code);
        for typed in ["0dt7 m1ev 8n2f w9p3 gxaq", "ODT7MLEV8N2FW9P3GXAQ"] {
            assert_eq!(set_up_digest(typed), kept, "{typed}");
        }
        assert_ne!(set_up_digest("0DT7-M1EV-8N2F-W9P3-GXAR"), kept);
    }

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons() {
        let with = "AB:".repeat(31) + "AB";
        assert_eq!(fingerprint_of(&with), Ok([0xab; 32]));
        assert_eq!(fingerprint_of(&"ab".repeat(32)), Ok([0xab; 32]));
        for wrong in ["", "ab", &"ab".repeat(33), &"zz".repeat(32)] {
            let told = fingerprint_of(wrong);
            assert_eq!(told, Err(OfficeFault::Certificate.into()), "{wrong}");
        }
    }
}
