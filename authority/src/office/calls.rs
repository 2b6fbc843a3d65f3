//! Each call of the office, and who may make it: the only place where this is said.
//!
//! The API's routes, its OpenAPI document, the pages and the test of roles are made from
//! [`TABLE`].

use super::roles::Role::{self, Auditor, Chief, Clerk, Judge, Officer, System};
use super::roles::Roles;

/// What a user of the office can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Call {
    Me,
    FindLicenses,
    GetLicense,
    LicenseEvents,
    LicensePicture,
    AddLicense,
    EditLicense,
    OfferLicense,
    SendLetter,
    EndLicense,
    EndDevice,
    DecideUnresolved,
    DecideSuspension,
    Lift,
    ProposeRevocation,
    ListProposals,
    ApproveProposal,
    RefuseProposal,
    ListReviews,
    ReviewPicture,
    AcceptReview,
    RefuseReview,
    ListReaders,
    AddReader,
    RevokeReader,
    ListClients,
    AddClient,
    RemoveClient,
    GetSettings,
    ChangeSettings,
    ListUsers,
    AddUser,
    ChangeUser,
    SetUpUser,
    AddToken,
    RevokeToken,
    ExportAudit,
}

/// The method of a call in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

/// One call: its place in the API, who may make it, and what it does.
pub(crate) struct Row {
    pub(crate) call: Call,
    /// What an error, an event and the OpenAPI document call it.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) roles: Roles,
    /// What it does, in one line.
    pub(crate) words: &'static str,
}

/// Who may look at licenses.
const READERS: &[Role] = &[Clerk, Officer, Judge, Chief, Auditor];

const fn row(
    call: Call,
    name: &'static str,
    method: Method,
    path: &'static str,
    roles: &[Role],
    words: &'static str,
) -> Row {
    Row {
        call,
        name,
        method,
        path,
        roles: Roles::of(roles),
        words,
    }
}

/// Where a decision is asked for; its state says which call it is.
const DECISIONS: &str = "/v1/licenses/{license}/decisions";

/// Each call has one row.
#[rustfmt::skip]
pub(crate) const TABLE: [Row; 37] = {
    use Method::{Delete, Get, Patch, Post};
    [
        row(Call::Me, "me", Get, "/v1/me", &Role::ALL,
            "Who the caller is, and which roles they have"),
        row(Call::FindLicenses, "licenses.find", Get, "/v1/licenses", READERS,
            "A license by its number or id, or a page of all, the oldest first"),
        row(Call::GetLicense, "licenses.get", Get, "/v1/licenses/{license}", READERS,
            "A license with its decisions and phones"),
        row(Call::LicenseEvents, "licenses.events", Get, "/v1/licenses/{license}/events", READERS,
            "What happened to a license, the oldest first"),
        row(Call::LicensePicture, "licenses.picture", Get, "/v1/licenses/{license}/picture",
            &[Clerk, Officer, Judge, Chief], "The picture as it was submitted, or with `of=roadside` as phones show it"),
        row(Call::AddLicense, "licenses.add", Post, "/v1/licenses", &[Clerk],
            "Registers a driver and makes an offer for their phone"),
        row(Call::EditLicense, "licenses.edit", Patch, "/v1/licenses/{license}", &[Clerk],
            "Changes what a license says, or its picture"),
        row(Call::OfferLicense, "licenses.offer", Post, "/v1/licenses/{license}/offers", &[Clerk],
            "Makes another offer for a license"),
        row(Call::SendLetter, "licenses.letter", Post, "/v1/licenses/{license}/letters", &[Clerk],
            "Makes the letter with which a driver opens an account"),
        row(Call::EndLicense, "licenses.end", Post, "/v1/licenses/{license}/end", &[Clerk],
            "Ends a license: its number is free, and what its phones show is refused"),
        row(Call::EndDevice, "devices.end", Post, "/v1/devices/{device}/end", &[Clerk],
            "Ends one phone of a license"),
        row(Call::DecideUnresolved, "decisions.unresolved", Post, DECISIONS, &[Officer, Judge, System],
            "Notes that something waits to be handled; the holder may drive"),
        row(Call::DecideSuspension, "decisions.suspend", Post, DECISIONS, &[Judge, System],
            "Suspends a license, or notes lapsed or points_limit"),
        row(Call::Lift, "decisions.lift", Post, DECISIONS, &[Judge, System],
            "Lifts what is in force, or one decision"),
        row(Call::ProposeRevocation, "decisions.revoke", Post, DECISIONS, &[Chief],
            "Proposes what is final: revoked or superseded. Another chief approves it"),
        row(Call::ListProposals, "proposals.list", Get, "/v1/proposals", &[Chief, Auditor],
            "Decisions that wait for a second chief"),
        row(Call::ApproveProposal, "proposals.approve", Post, "/v1/proposals/{proposal}/approve", &[Chief],
            "Approves what another chief proposed: it is decided then"),
        row(Call::RefuseProposal, "proposals.refuse", Post, "/v1/proposals/{proposal}/refuse", &[Chief],
            "Refuses a proposal, or takes back one's own"),
        row(Call::ListReviews, "reviews.list", Get, "/v1/reviews", &[Clerk],
            "Licenses that wait for a clerk to look at their photo or papers"),
        row(Call::ReviewPicture, "reviews.picture", Get, "/v1/reviews/{review}/picture", &[Clerk],
            "The picture of a review, or with `of=roadside` as phones would show it"),
        row(Call::AcceptReview, "reviews.accept", Post, "/v1/reviews/{review}/accept", &[Clerk],
            "Accepts a photo or papers, where the picture is cut as asked"),
        row(Call::RefuseReview, "reviews.refuse", Post, "/v1/reviews/{review}/refuse", &[Clerk],
            "Refuses a photo or papers, with the reason that the driver reads"),
        row(Call::ListReaders, "readers.list", Get, "/v1/readers", &[Clerk, Officer, Judge, Chief, Auditor],
            "The readers' keys that the trust list names"),
        row(Call::AddReader, "readers.add", Post, "/v1/readers", &[Chief],
            "Names a reader's public key in the trust list"),
        row(Call::RevokeReader, "readers.revoke", Delete, "/v1/readers/{reader}", &[Chief],
            "Takes a reader's key out of the trust list, by its name or id"),
        row(Call::ListClients, "clients.list", Get, "/v1/clients", &[Chief, Auditor],
            "The apps in which drivers may sign in"),
        row(Call::AddClient, "clients.add", Post, "/v1/clients", &[Chief],
            "Registers an app in which drivers may sign in"),
        row(Call::RemoveClient, "clients.remove", Delete, "/v1/clients/{client}", &[Chief],
            "Removes an app"),
        row(Call::GetSettings, "settings.get", Get, "/v1/settings", &[Clerk, Chief, Auditor],
            "The settings"),
        row(Call::ChangeSettings, "settings.change", Patch, "/v1/settings", &[Chief],
            "Changes the settings"),
        row(Call::ListUsers, "users.list", Get, "/v1/users", &[Chief, Auditor],
            "The users of the office, with their tokens"),
        row(Call::AddUser, "users.add", Post, "/v1/users", &[Chief],
            "Adds a user; chiefs are made on the machine alone"),
        row(Call::ChangeUser, "users.change", Patch, "/v1/users/{user}", &[Chief],
            "Changes the roles of another user, disables or enables them"),
        row(Call::SetUpUser, "users.set_up", Post, "/v1/users/{user}/set-up", &[Chief],
            "A code with which a user sets up passphrase and one-time codes anew"),
        row(Call::AddToken, "users.tokens.add", Post, "/v1/users/{user}/tokens", &[Chief],
            "A bearer token of a user, told once"),
        row(Call::RevokeToken, "users.tokens.revoke", Delete, "/v1/users/{user}/tokens/{token}", &[Chief],
            "Ends a bearer token"),
        row(Call::ExportAudit, "audit.export", Get, "/v1/audit", &[Auditor, Chief],
            "The audit as signed lines"),
    ]
};

impl Call {
    /// Its row; each call has one.
    pub(crate) fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.call == self)
    }

    /// Who may make it; no one where it is in no row.
    pub(crate) fn roles(self) -> Roles {
        self.row().map_or_else(Roles::default, |row| row.roles)
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().map_or("unknown", |row| row.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_call_has_one_row_a_name_of_its_own_and_someone_who_may_make_it() {
        let calls: BTreeSet<_> = TABLE.iter().map(|row| row.call).collect();
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!((calls.len(), names.len()), (TABLE.len(), TABLE.len()));
        for row in &TABLE {
            assert!(!row.roles.is_empty() && row.path.starts_with("/v1/"));
            assert_eq!(row.call.name(), row.name);
            // A program reads nothing that it has not made.
            let decides = row.path == DECISIONS || row.call == Call::Me;
            assert!(decides || !row.roles.has(System), "{}", row.name);
        }
    }

    #[test]
    fn an_auditor_changes_nothing_and_what_is_final_is_for_chiefs_alone() {
        for row in &TABLE {
            let changes = row.method != Method::Get;
            assert!(!(changes && row.roles.has(Auditor)), "{}", row.name);
        }
        for call in [
            Call::ProposeRevocation,
            Call::ApproveProposal,
            Call::AddUser,
            Call::ChangeUser,
            Call::AddToken,
        ] {
            assert_eq!(call.roles(), Roles::of(&[Chief]));
        }
    }
}
