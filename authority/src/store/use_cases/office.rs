//! The use cases of the office on SQLite.

mod audit;
mod proposals;
mod sign_in;
mod users;

use rusqlite::Transaction;
use vidimus_credential::{UnixTime, VerifyingKey};

use super::Sqlite;
use crate::error::Error;
use crate::office::{By, Call, Chain, OfficeFault, Roles};
use crate::register::office::{
    AuditPart, EventRow, Office, ProposalRow, SessionRow, SetUpRow, SignInCheck, Try, UserChange,
    UserRow,
};
use crate::register::{Decided, Decision, Due};
use crate::store::events;
use crate::store::licenses::{self, Stage};
use crate::store::{audit as audit_rows, blobs, office_sessions, users as user_rows};

impl Office for Sqlite<'_> {
    fn add_user(&self, name: &str, roles: Roles, now: UnixTime) -> Result<UserRow, Error> {
        self.store
            .write(|transaction| users::add(transaction, self.by(), name, roles, now))
    }

    fn users(&self) -> Result<Vec<UserRow>, Error> {
        self.store.read(user_rows::all)
    }

    fn change_user(&self, name: &str, change: UserChange, now: UnixTime) -> Result<UserRow, Error> {
        self.store
            .write(|transaction| users::change(transaction, self.by(), name, change, now))
    }

    fn allow_set_up(
        &self,
        name: &str,
        code: &[u8; 32],
        ends: UnixTime,
        now: UnixTime,
    ) -> Result<UserRow, Error> {
        self.store.write(|transaction| {
            users::allow_set_up(transaction, self.by(), name, code, (ends, now))
        })
    }

    fn add_token(
        &self,
        name: &str,
        label: &str,
        digest: &[u8; 32],
        now: UnixTime,
    ) -> Result<i64, Error> {
        self.store
            .write(|transaction| users::add_token(transaction, self.by(), name, label, digest, now))
    }

    fn revoke_token(&self, name: &str, token: i64, now: UnixTime) -> Result<(), Error> {
        self.store
            .write(|transaction| users::revoke_token(transaction, self.by(), name, token, now))
    }

    fn user_of_token(&self, digest: &[u8; 32]) -> Result<Option<UserRow>, Error> {
        self.store
            .read(|transaction| user_rows::by_token(transaction, digest))
    }

    fn user_of_certificate(&self, certificate: &[u8; 32]) -> Result<Option<UserRow>, Error> {
        self.store
            .read(|transaction| user_rows::by_certificate(transaction, certificate))
    }

    fn try_sign_in(&self, name: &str, from: &str, now: UnixTime) -> Result<Try, Error> {
        self.store
            .write(|transaction| sign_in::try_it(transaction, name, from, now))
    }

    fn sign_in(
        &self,
        check: &SignInCheck,
        step: i64,
        from: &str,
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<bool, Error> {
        self.store
            .write(|transaction| sign_in::done(transaction, check, step, from, session, now))
    }

    fn sign_in_by_certificate(
        &self,
        certificate: &[u8; 32],
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<Option<UserRow>, Error> {
        self.store
            .write(|transaction| sign_in::by_certificate(transaction, certificate, session, now))
    }

    fn confirm(
        &self,
        check: &SignInCheck,
        step: i64,
        from: &str,
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<bool, Error> {
        self.store
            .write(|transaction| sign_in::confirm(transaction, check, step, from, session, now))
    }

    fn session(&self, session: &[u8; 32], now: UnixTime) -> Result<Option<SessionRow>, Error> {
        self.store
            .read(|transaction| office_sessions::find(transaction, session, now))
    }

    fn sign_out(&self, session: &[u8; 32], now: UnixTime) -> Result<(), Error> {
        self.store
            .write(|transaction| sign_in::sign_out(transaction, session, now))
    }

    fn begin_set_up(
        &self,
        name: &str,
        code: &[u8; 32],
        set_up: &[u8; 32],
        totp: &[u8],
        now: UnixTime,
    ) -> Result<bool, Error> {
        self.store.write(|transaction| {
            let Some(user) = user_rows::by_set_up(transaction, name, code, now)? else {
                return Ok(false);
            };
            office_sessions::insert_set_up(transaction, set_up, user.id, totp, now)?;
            Ok(true)
        })
    }

    fn set_up(&self, set_up: &[u8; 32], now: UnixTime) -> Result<Option<SetUpRow>, Error> {
        self.store
            .read(|transaction| office_sessions::find_set_up(transaction, set_up, now))
    }

    fn finish_set_up(
        &self,
        set_up: &[u8; 32],
        passphrase: &str,
        step: i64,
        now: UnixTime,
    ) -> Result<Option<UserRow>, Error> {
        self.store
            .write(|transaction| sign_in::finish_set_up(transaction, set_up, passphrase, step, now))
    }

    fn propose(&self, decision: &Decision, now: UnixTime) -> Result<ProposalRow, Error> {
        self.store
            .write(|transaction| proposals::propose(transaction, self.by(), decision, now))
    }

    fn proposals(&self, waiting: bool, limit: u32) -> Result<Vec<ProposalRow>, Error> {
        self.store
            .read(|transaction| crate::store::proposals::latest(transaction, waiting, limit))
    }

    fn approve(&self, proposal: i64, now: UnixTime) -> Result<(ProposalRow, Decided, Due), Error> {
        self.store
            .write(|transaction| proposals::approve(transaction, self.by(), proposal, now))
    }

    fn refuse(&self, proposal: i64, now: UnixTime) -> Result<ProposalRow, Error> {
        self.store
            .write(|transaction| proposals::refuse(transaction, self.by(), proposal, now))
    }

    fn events(&self, of: &str, after: i64, limit: u32) -> Result<Vec<EventRow>, Error> {
        self.store.read(|transaction| {
            let id = licenses::resolve(transaction, of)?;
            events::of_license(transaction, &id, after, limit)
        })
    }

    fn picture(&self, of: &str, roadside: bool) -> Result<Vec<u8>, Error> {
        self.store.read(|transaction| {
            let license = licenses::find(transaction, of)?;
            match &license.stage {
                Stage::Live(content) | Stage::Ended(_, content) => {
                    let digest = match roadside {
                        true => &content.portrait,
                        false => &content.submitted,
                    };
                    blobs::get(transaction, digest)
                }
                Stage::Forgotten(_) => Err(Error::RowEnded),
            }
        })
    }

    fn is_own_edit(&self, license: &str) -> Result<bool, Error> {
        self.store
            .read(|transaction| events::was_edited_by(transaction, license, self.by()))
    }

    fn deny(&self, user: i64, call: Call, now: UnixTime) -> Result<(), Error> {
        let by = By::User {
            id: user,
            needs: Roles::EVERY,
        };
        // In the user's name, and not as something that they would have to be allowed.
        self.store.acting(By::Machine).write(|transaction| {
            let last = events::last(transaction)?;
            events::append_other(transaction, "denied", call.name(), now)?;
            events::name_author(transaction, last, by)
        })
    }

    fn seal(&self, limit: u32) -> Result<bool, Error> {
        // Looked at first, so that nothing waits for the sealer while nothing happens.
        let due = self.store.read(|transaction| {
            Ok(events::last(transaction)? > audit_rows::last(transaction)?.0)
        })?;
        if !due {
            return Ok(false);
        }
        let sealed = self
            .store
            .write_audit(|transaction| audit_rows::seal(transaction, limit))?;
        Ok(u32::try_from(sealed).is_ok_and(|sealed| sealed >= limit))
    }

    fn audit(&self, from: i64, limit: u32) -> Result<AuditPart, Error> {
        self.store
            .read(|transaction| audit::part(transaction, from, limit))
    }

    fn chain_before(&self, from: i64) -> Result<Chain, Error> {
        let (_, chain) = self
            .store
            .read(|transaction| audit_rows::before(transaction, from))?;
        Ok(chain)
    }

    fn audit_key(&self) -> Result<Option<VerifyingKey>, Error> {
        self.store.read(audit_rows::key)
    }

    fn set_audit_key(
        &self,
        key: &VerifyingKey,
        instead_of: Option<&VerifyingKey>,
        now: UnixTime,
    ) -> Result<VerifyingKey, Error> {
        self.store
            .write(|transaction| audit::set_key(transaction, key, instead_of, now))
    }
}

impl Sqlite<'_> {
    fn by(&self) -> By {
        self.store.by()
    }
}

/// The user who asks.
fn asking(by: By) -> Result<i64, Error> {
    // Commands on the machine decide at once, and propose nothing.
    by.user().ok_or_else(|| OfficeFault::NoLonger.into())
}

/// The user of this name.
fn named(transaction: &Transaction<'_>, name: &str) -> Result<UserRow, Error> {
    user_rows::by_name(transaction, name)?.ok_or_else(|| OfficeFault::UnknownUser.into())
}
