//! What the issuer is told of the credential it sent (OpenID4VCI 1.0, section 11).
//!
//! An authority that replaces a credential waits to hear that the new one was stored. So what it is still to be told is
//! kept in the vault, and said again at later refreshes, until it answers.

use crate::error::Error;
use crate::issuance::enrollment::{AccessToken, owned, read_access, write_access};
use crate::network::answer::{Says, failed};
use crate::ports::{HttpResponse, TransportError};
use crate::vault::codec::{Reader, Writer};

/// An acknowledgement that the issuer has not answered yet. Holds a token: no `Debug`.
#[derive(Clone)]
pub(crate) struct Notice {
    /// The issuer's name for what it sent.
    pub(crate) id: String,
    /// Where it wants to be told.
    pub(crate) endpoint: String,
    /// The token by which the credential came.
    pub(crate) access: AccessToken,
}

/// What became of a credential.
#[derive(Clone, Copy)]
pub(crate) enum NoticeEvent {
    /// It was stored.
    Accepted,
    /// It is none that this wallet may keep, whenever it is sent.
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

/// What came of telling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It was told, or will never want to hear it.
    Yes,
    /// The token is not good any more; another may be.
    TokenOver,
    /// Nobody knows: it is to be told again.
    Unknown(Error),
}

impl Heard {
    /// Reads the answer.
    pub(crate) fn of(told: Result<HttpResponse, Error>) -> Self {
        match told {
            Err(error) => Self::Unknown(error),
            Ok(response) if response.status == 401 => Self::TokenOver,
            Ok(response) => match Says::of(response.status) {
                Says::Yes | Says::Gone | Says::No => Self::Yes,
                // A server or a network in trouble has not heard it.
                Says::Busy | Says::Blocked => Self::Unknown(failed(response.status)),
                Says::Nothing => Self::Unknown(TransportError::Broken.into()),
            },
        }
    }
}

impl Notice {
    /// Enough room for what [`write`](Self::write) writes.
    pub(crate) fn capacity(&self) -> usize {
        self.id.len() + self.endpoint.len() + self.access.capacity() + 32
    }

    pub(crate) fn write(writer: &mut Writer, notice: &Self) {
        writer.nested(3).text(&notice.id).text(&notice.endpoint);
        write_access(writer, &notice.access);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
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
    use super::{Error, Heard, HttpResponse, TransportError};

    #[test]
    fn an_answer_that_decides_ends_it_and_any_other_leaves_it_to_be_told_again() {
        let heard = |status| {
            Heard::of(Ok(HttpResponse {
                status,
                headers: Vec::new(),
                body: Vec::new(),
            }))
        };
        for status in [200, 204, 400, 404, 410] {
            assert_eq!(heard(status), Heard::Yes, "{status}");
        }
        assert_eq!(heard(401), Heard::TokenOver);
        for status in [403, 408, 425, 429, 500, 503] {
            assert_eq!(heard(status), Heard::Unknown(Error::Server { status }));
        }
        let broken = Error::Transport(TransportError::Broken);
        assert_eq!(heard(302), Heard::Unknown(broken));
        assert_eq!(
            Heard::of(Err(Error::Cancelled)),
            Heard::Unknown(Error::Cancelled)
        );
    }
}
