//! Why the office refuses, in words that tell its user what to do.

/// Why a call of the office is refused. No variant carries personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeFault {
    /// The user has none of the roles for this.
    #[error("you may not do this: {call} is for {roles}. Ask someone who has that role")]
    NotAllowed {
        /// The name of the call.
        call: &'static str,
        /// The roles that may.
        roles: String,
    },
    /// The name is not one for a user.
    #[error(
        "a user's name has 1 to 32 small letters a to z, digits, and `.`, `-`, `_` in between, and begins with a letter"
    )]
    UserName,
    /// A user has this name already, or had it: events name users by their ids, for good.
    #[error("a user of this name is there already, or was: take another name")]
    UserExists,
    /// No user has this name.
    #[error("no user has this name: `vidimus authority user list` shows them")]
    UnknownUser,
    /// The user is disabled, or lost the role meanwhile.
    #[error("your account was disabled or has lost the role for this meanwhile: ask a chief")]
    NoLonger,
    /// A user without a role can do nothing.
    #[error("give the user at least one role: clerk, officer, judge, chief, auditor or system")]
    NoRole,
    /// A user's own roles, sign-in and tokens are changed by others.
    #[error("you cannot change your own roles, sign-in or tokens: ask another chief")]
    Own,
    /// Chiefs are made on the machine alone.
    #[error(
        "who is a chief, or becomes one, is changed on the authority's machine alone: `vidimus authority user`"
    )]
    ChiefOnMachine,
    /// The user proposed it.
    #[error("you proposed this yourself: another chief has to approve it")]
    OwnProposal,
    /// The user added or edited the license.
    #[error("you added or edited this license yourself: someone else has to approve this")]
    OwnEdit,
    /// No proposal has this number.
    #[error("no proposal has this number")]
    UnknownProposal,
    /// The proposal is closed.
    #[error("this proposal was closed before: {outcome}")]
    ProposalClosed {
        /// In which way it ended: approved, refused or withdrawn.
        outcome: String,
    },
    /// Another proposal about this license waits.
    #[error("a proposal about this license waits already ({id}): approve or refuse that one first")]
    ProposalWaits {
        /// What that proposal is called by.
        id: i64,
    },
    /// What is final needs a second user, and the machine has none.
    #[error("only what is final is proposed: revoked or superseded")]
    NotFinal,
    /// A reason is needed.
    #[error("say the reason: the chief who approves this has to know it")]
    ReasonMissing,
    /// No live token of the user has this number.
    #[error("no token of this user has this number, or it was revoked before")]
    UnknownToken,
    /// A token's label breaks the rules for text.
    #[error("a token's label has 1 to 64 bytes of text without control characters")]
    TokenLabel,
    /// A certificate's fingerprint is not one.
    #[error("a certificate's fingerprint is its SHA-256: 64 hexadecimal digits")]
    Certificate,
    /// Another user has this certificate.
    #[error("another user has this certificate")]
    CertificateTaken,
    /// Name, passphrase or code is wrong, or the user is disabled.
    #[error("name, passphrase or code is wrong. A code is good once: wait for the next one")]
    SignIn,
    /// Too many wrong sign-ins.
    #[error("too many wrong sign-ins: wait {minutes} minutes, then try again")]
    SlowDown {
        /// For how long it is.
        minutes: i64,
    },
    /// The set-up code is wrong, used or too old.
    #[error(
        "this name and code do not belong together, or the code was used or is too old: ask for another one"
    )]
    SetUpCode,
    /// The set-up of this browser is over.
    #[error("this took too long: begin again with the code that you were given")]
    SetUpOver,
    /// A new passphrase is too short.
    #[error(
        "a passphrase has 10 characters or more: four words that you choose by chance are good"
    )]
    PassphraseShort,
    /// A new passphrase is too long.
    #[error("a passphrase has at most 512 bytes")]
    PassphraseLong,
    /// A new passphrase is a row of keys.
    #[error(
        "this passphrase is one key again and again, or a row of neighbors: choose another one"
    )]
    PassphraseSimple,
    /// The new passphrase was typed in two ways.
    #[error("the two passphrases are not the same: type the new one twice")]
    PassphraseTwice,
    /// The first one-time code is wrong.
    #[error(
        "this is not the code that your app shows now: look whether the clock of your phone is right, and type the next one"
    )]
    FirstCode,
    /// The revocation needs a fresh sign-in.
    #[error("for what is final, passphrase and code are asked again: give both")]
    Confirm,
    /// The audit's key is not there.
    #[error("nothing is in the audit yet")]
    NoAudit,
    /// Plain http on an address beyond this machine.
    #[error(
        "the office is served in plain on this machine alone: give --tls-cert and --tls-key, or listen on 127.0.0.1"
    )]
    Plain,
    /// A file of certificates or keys cannot be used.
    #[error("{file}: {fault}")]
    Tls {
        /// Which option names the file.
        file: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A name for the office is not one.
    #[error(
        "--office-name is a host name, or one with a port: office.example or office.example:8443"
    )]
    OfficeName,
    /// What was sent is not what the call takes.
    #[error("{0}")]
    Request(&'static str),
}
