//! The names of the effects, under which the scenarios of `asks.txt` and `tasks.txt` stand.

use vidimus_app::effect::{Ask, Task, UnlockReason};

/// A function that names each variant, and the list of all names. A variant without a name does not
/// compile.
macro_rules! names {
    ($(#[$docs:meta])* $name:ident, $all:ident: $effect:ty { $($pattern:pat => $row:literal,)+ }) => {
        $(#[$docs])*
        pub(super) const fn $name(effect: &$effect) -> &'static str {
            match effect {
                $($pattern => $row,)+
            }
        }

        /// All of these names.
        pub(super) const $all: &[&str] = &[$($row,)+];
    };
}

names! {
    /// What the shell is asked for.
    ask, ASKS: Ask {
        Ask::Unlock { reason: UnlockReason::Showing } => "Unlock to show",
        Ask::Unlock { reason: UnlockReason::Removing } => "Unlock to remove",
        Ask::Camera => "Camera",
        Ask::Leave { .. } => "Leave",
        Ask::OpenBrowser => "Open the browser",
        Ask::Save => "Save",
        Ask::StayAwake => "Stay awake",
    }
}

names! {
    /// What Rust does itself.
    task, TASKS: Task {
        Task::Open => "Open",
        Task::BeginAnew => "Begin anew",
        Task::Reread => "Read the licenses",
        Task::ReadOffer { .. } => "Read an offer",
        Task::Enroll { .. } => "Enroll",
        Task::Refresh { .. } => "Refresh",
        Task::Present { .. } => "Begin to show",
        Task::ReadQuestion { .. } => "Read a question",
        Task::Answer { .. } => "Begin to answer",
        Task::NextFrame { .. } => "Sign a code",
        Task::EndShowing { .. } => "End a showing",
        Task::ReadHistory => "Read the history",
        Task::Apply => "Ask for a sign-in",
        Task::Resume { .. } => "Go on with a sign-in",
        Task::Abandon => "Give a sign-in up",
        Task::Dismiss { .. } => "Dismiss an application",
        Task::Remove { .. } => "Remove",
    }
}
