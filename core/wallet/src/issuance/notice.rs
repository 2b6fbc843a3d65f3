//! The notification to an issuer about its credential (OpenID4VCI 1.0, section 11).
//!
//! An authority that replaces a credential waits for the notification that the new one was stored.
//! So an unanswered notification is kept in the vault and sent again at later refreshes.

use crate::error::Error;
use crate::issuance::enrollment::{AccessToken, owned, read_access, write_access};
use crate::network::answer::{StatusClass, status_error};
use crate::ports::{HttpResponse, TransportError};
use crate::vault::codec::{RowReader, RowWriter};

/// A notification that the issuer has not answered yet. It holds a token and has no `Debug`.
#[derive(Clone)]
pub(crate) struct Notice {
    /// The `notification_id` that the issuer gave.
    pub(crate) id: String,
    /// The address of the notification endpoint.
    pub(crate) endpoint: String,
    /// The token that fetched the credential.
    pub(crate) access: AccessToken,
}

/// The outcome that a notification reports.
#[derive(Clone, Copy)]
pub(crate) enum NoticeEvent {
    /// The credential was stored.
    Accepted,
    /// This wallet can never accept the credential.
    Failure,
}

impl NoticeEvent {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "credential_accepted",
            Self::Failure => "credential_failure",
        }
    }
}

/// The outcome of sending a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeOutcome {
    /// The issuer has it, or has rejected it for good.
    Delivered,
    /// The token is no longer good; a fresh one may be.
    TokenExpired,
    /// It is not known whether the issuer has it: send it again.
    Unknown(Error),
}

impl NoticeOutcome {
    /// Judges the issuer's answer.
    pub(crate) fn of(answer: Result<HttpResponse, Error>) -> Self {
        match answer {
            Err(error) => Self::Unknown(error),
            Ok(response) if response.status == 401 => Self::TokenExpired,
            Ok(response) => match StatusClass::of(response.status) {
                StatusClass::Success | StatusClass::Gone | StatusClass::Rejected => Self::Delivered,
                // A busy server or a failing network has not received it.
                StatusClass::Busy | StatusClass::Blocked => {
                    Self::Unknown(status_error(response.status))
                }
                StatusClass::Other => Self::Unknown(TransportError::Broken.into()),
            },
        }
    }
}

impl Notice {
    /// An upper bound of what [`write`](Self::write) writes, in bytes.
    pub(crate) fn capacity(&self) -> usize {
        self.id.len() + self.endpoint.len() + self.access.capacity() + 32
    }

    pub(crate) fn write(writer: &mut RowWriter, notice: &Self) {
        writer.nested(3).text(&notice.id).text(&notice.endpoint);
        write_access(writer, &notice.access);
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 3).then_some(())?;
        Some(Self {
            id: owned(reader)?,
            endpoint: owned(reader)?,
            access: read_access(reader)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, HttpResponse, NoticeOutcome, TransportError};

    #[test]
    fn a_final_answer_ends_a_notification_and_any_other_leaves_it_to_be_sent_again() {
        let outcome = |status| {
            NoticeOutcome::of(Ok(HttpResponse {
                status,
                headers: Vec::new(),
                body: Vec::new(),
            }))
        };
        for status in [200, 204, 400, 404, 410] {
            assert_eq!(outcome(status), NoticeOutcome::Delivered, "{status}");
        }
        assert_eq!(outcome(401), NoticeOutcome::TokenExpired);
        for status in [403, 408, 425, 429, 500, 503] {
            assert_eq!(
                outcome(status),
                NoticeOutcome::Unknown(Error::Server { status })
            );
        }
        let broken = Error::Transport(TransportError::Broken);
        assert_eq!(outcome(302), NoticeOutcome::Unknown(broken));
        assert_eq!(
            NoticeOutcome::of(Err(Error::Cancelled)),
            NoticeOutcome::Unknown(Error::Cancelled)
        );
    }
}
