//! One status list: fetched, verified, stored.

use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::KeyId;
use vidimus_credential::status::LicenseStatus;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::time::UnixTime;

use super::snapshot::{List, Member, has_newer_credential};
use super::{Change, Run};
use crate::context::{Context, Learned};
use crate::error::Error;
use crate::network::requests::Resource;
use crate::network::schedule::{self, Schedule};
use crate::timekeeper::Evidence;
use crate::trust_store;
use crate::vault::Weight;
use crate::vault::activity_log::{ActivityEntry, Event};
use crate::vault::records::StatusRecord;

/// Largest status token that is read, in bytes; its list alone inflates to at most 64 KiB.
const MAX_STATUS: usize = 96 * 1024;

const MEDIA_TYPE: &str = "application/statuslist+cwt";

impl Run<'_, '_> {
    /// Fetches a list unless it is unchanged, and stores a token that is verified and not older
    /// than the held one.
    pub(super) async fn fetch_status(&mut self, list: &List) -> Result<(), Error> {
        let row = schedule::of_list(&list.uri);
        let mut schedule = list.schedule.clone();
        let etag = schedule.etag.take().filter(|_| list.held.is_some());
        let resource = self
            .requests
            .get_if_new(&list.uri, MEDIA_TYPE, etag.as_deref(), MAX_STATUS)
            .await?;
        let server_date = self.requests.take_date();
        let (etag, body) = match resource {
            Resource::New { etag, body } => (etag, body),
            Resource::Unchanged => {
                schedule.succeed(self.context.now()?, etag);
                let learned = Learned {
                    server_date,
                    ..Learned::default()
                };
                return self
                    .context
                    .write(Weight::Light, learned, move |tx| tx.put(&row, &schedule))
                    .await;
            }
        };
        let (token, kid) = self.verify_status(list, &body).await?;
        if self
            .newest_known(list)?
            .is_some_and(|newest| token.issued_at() < newest)
        {
            return Err(CredentialError::OlderThanHeld.into());
        }
        schedule.succeed(self.context.now()?, etag);
        let learned = Learned {
            server_date,
            signed: Some((token.issued_at(), Evidence::Signed(kid))),
            ..Learned::default()
        };
        self.store_status(list, &token, &body, (row, schedule), learned)
            .await?;
        let reaches = |member: &Member| token.status(member.idx).is_ok();
        if list.members.iter().all(reaches) {
            Ok(())
        } else {
            Err(Error::StatusUnusable(CredentialError::IndexOutOfRange))
        }
    }

    /// When the newest status of a list that still counts was signed: a newer trust list may have
    /// withdrawn one.
    fn newest_known(&mut self, list: &List) -> Result<Option<UnixTime>, Error> {
        if !self.list_came_late {
            return Ok(list.newest_known);
        }
        let snapshot = self.snapshot()?;
        let list = snapshot.list(&list.uri, &list.issuer);
        Ok(list.and_then(|list| list.newest_known))
    }

    /// Verifies a status token of this list. Where its key is unknown or its time is far ahead, the
    /// held trust list may be too old, so a newer one is fetched, once.
    async fn verify_status(
        &mut self,
        list: &List,
        body: &[u8],
    ) -> Result<(StatusToken, KeyId), Error> {
        let check = |context: &Context| {
            let trust = trust_store::held(context)?.ok_or(Error::TrustListMissing)?;
            let token = UnverifiedStatusToken::parse(body).map_err(Error::StatusUnusable)?;
            let kid = token.kid();
            let token = token
                .authenticate(&trust, &list.issuer)
                .map_err(Error::StatusUnusable)?;
            if token.uri() != list.uri {
                return Err(Error::StatusUnusable(CredentialError::OtherList));
            }
            context.check_time(token.issued_at(), Evidence::Signed(kid))?;
            Ok((token, kid))
        };
        match check(self.context) {
            Err(
                Error::StatusUnusable(CredentialError::UnknownKey) | Error::ServerTimeWrong { .. },
            ) => {
                if trust_store::fetch(self.context, &mut self.requests).await? {
                    self.changed.push(Change::TrustList);
                    self.list_came_late = true;
                    self.drop_snapshot();
                }
                check(self.context)
            }
            checked => checked,
        }
    }

    /// Stores the token, the time of the fetch, and the changes for each license in one
    /// transaction.
    async fn store_status(
        &mut self,
        list: &List,
        token: &StatusToken,
        body: &[u8],
        (row, schedule): (String, Schedule),
        learned: Learned,
    ) -> Result<(), Error> {
        let record = StatusRecord::new(token, body);
        let held = list.held.as_ref();
        let newer = held.is_none_or(|held| held.token != record.token);
        let mut changes = Vec::new();
        for member in list.members.iter().filter(|member| newer && !member.waits) {
            let state = |record: Option<&StatusRecord>| {
                record
                    .filter(|record| record.issued_at >= member.issued_at)
                    .and_then(|record| record.state(member.idx))
                    .unwrap_or(LicenseStatus::Unknown)
            };
            changes.push(Change::Status {
                license: member.license.clone(),
                from: state(held),
                to: state(Some(&record)),
            });
        }
        let (at, uri, logged) = (
            self.context.now()?.max(token.issued_at()),
            list.uri.clone(),
            changes.clone(),
        );
        let weight = if newer {
            Weight::Anchored
        } else {
            Weight::Light
        };
        self.context
            .write(weight, learned, move |tx| {
                tx.put(&row, &schedule)?;
                if newer {
                    tx.put(&uri, &record)?;
                }
                for change in logged {
                    match change {
                        Change::Status { license, from, to } if from != to => {
                            let license = String::from(license);
                            if has_newer_credential(to) {
                                // An earlier refusal no longer counts: there is a newer credential
                                // now.
                                tx.delete::<Schedule>(&schedule::of_renewal(&license))?;
                            }
                            tx.log(&ActivityEntry {
                                at,
                                license,
                                event: Event::StatusChanged { from, to },
                            })?;
                        }
                        _ => {}
                    }
                }
                Ok(())
            })
            .await?;
        self.changed.extend(changes);
        Ok(())
    }
}
