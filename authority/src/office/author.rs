//! In whose name something is done.

use std::fmt;

use super::roles::Roles;

/// Who does something. Written into each event of the register; it is an id, and no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A command on the machine that has the database.
    Machine,
    /// The server: what wallets asked for, and what time brought.
    Server,
    /// A user of the office.
    User {
        /// The id of the user's row.
        id: i64,
        /// What they are about to do needs one of these roles.
        needs: Roles,
    },
}

impl By {
    /// The id of the user, where it is one.
    pub(crate) const fn user(self) -> Option<i64> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Machine | Self::Server => None,
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine => f.write_str("machine"),
            Self::Server => f.write_str("server"),
            Self::User { id, .. } => write!(f, "u{id}"),
        }
    }
}
