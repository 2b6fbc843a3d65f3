//! Places outside of the app, to which a shell leads.

/// A place outside of the app.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The system's settings of the clock.
    Clock,
    /// The system's settings of the screen lock.
    Lock,
    /// The system's settings of the storage.
    Storage,
    /// The store's page of this app.
    Store,
    /// How to reach the authority.
    Authority,
    /// The system's settings of this app, where the camera is allowed.
    App,
    /// The system's settings of this app's language.
    Language,
    /// The system's settings of this app's notifications.
    Notifications,
    /// The part of the app that checks the licenses of others.
    Check,
}
