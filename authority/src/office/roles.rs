//! What a user of the office may do.

use std::fmt;

/// A role of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// Adds and edits licenses, offers them, sends letters, and looks at photos.
    Clerk,
    /// Notes that something about a driver waits to be handled: Unresolved.
    Officer,
    /// Suspends licenses and lifts what can be lifted.
    Judge,
    /// Revokes licenses, together with another chief; keeps users, readers' keys and settings.
    Chief,
    /// Reads everything and exports the audit.
    Auditor,
    /// A program of another office that decides, but for what is final.
    System,
}

impl Role {
    /// All roles, in the order in which help lists them.
    pub const ALL: [Self; 6] = [
        Self::Clerk,
        Self::Officer,
        Self::Judge,
        Self::Chief,
        Self::Auditor,
        Self::System,
    ];

    /// The word for it in the database, in the API and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Officer => "officer",
            Self::Judge => "judge",
            Self::Chief => "chief",
            Self::Auditor => "auditor",
            Self::System => "system",
        }
    }

    /// The role of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Clerk => 1,
            Self::Officer => 2,
            Self::Judge => 4,
            Self::Chief => 8,
            Self::Auditor => 16,
            Self::System => 32,
        }
    }
}

/// A set of roles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// The set of every role.
    pub(crate) const EVERY: Self = Self::of(&Role::ALL);

    /// The set of these roles.
    #[must_use]
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut rest = roles;
        while let [role, others @ ..] = rest {
            bits |= role.bit();
            rest = others;
        }
        Self(bits)
    }

    /// The roles of a row of the database; `None` where it has a bit that no role has.
    pub(crate) fn from_bits(bits: i64) -> Option<Self> {
        u8::try_from(bits)
            .ok()
            .map(Self)
            .filter(|roles| roles.0 & !Self::EVERY.0 == 0)
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the role is one of them.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether any role is in both.
    pub(crate) const fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

/// Their names with commas.
impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, role) in self.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            f.write_str(role.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_survives_the_database() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            let alone = Roles::of(&[role]);
            for other in Role::ALL {
                assert_eq!(alone.has(other), other == role);
            }
            assert_eq!(Roles::from_bits(alone.bits().into()), Some(alone));
        }
        let two: Roles = [Role::Chief, Role::Clerk].into_iter().collect();
        assert_eq!(two.to_string(), "clerk, chief");
        assert!(two.meets(Roles::of(&[Role::Clerk])) && !two.meets(Roles::of(&[Role::Judge])));
        assert!(Roles::from_bits(64).is_none() && Roles::from_bits(-1).is_none());
    }
}
