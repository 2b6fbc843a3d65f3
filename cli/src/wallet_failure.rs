//! What a wallet's error means at the command line: the library's words, what to do, the exit code.

use vidimus_credential::Error as CredentialError;
use vidimus_wallet::Error;
use vidimus_wallet::error::StorageError;
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::ports::{KeyStoreError, TransportError};

use crate::failure::Failure;

/// The library's words with what to do, and the exit code that fits them.
pub(crate) fn failure(error: &Error) -> Failure {
    let advice = match error {
        Error::AlreadyExists => "choose another --home",
        Error::OtherDevice => {
            "its keys are not in the folder `keys` of this --home: ask the authority for a new offer"
        }
        Error::KeyStore(KeyStoreError::Refused) => {
            "others may read the folder `keys` of this --home: if no one has, `chmod -R go= DIR/keys`; if someone has, ask the authority to end this copy"
        }
        Error::KeyStore(KeyStoreError::Io) | Error::Storage(StorageError::CannotOpen) => {
            "see that --home is a folder that you may write to"
        }
        Error::Storage(StorageError::Permission) => {
            "see that the files of --home are yours, and that you may enter each folder above it"
        }
        Error::Storage(StorageError::OpenToOthers) => {
            "if no one has changed them, their owner may set them right: `chmod -R go-w`"
        }
        Error::Storage(StorageError::TooManyFiles) => {
            "raise the limit (`ulimit -n`), or end other programs"
        }
        Error::Storage(StorageError::Lock) => {
            "see that --home is on a disk whose files can be locked"
        }
        Error::Storage(StorageError::FileTooLarge) => "raise the limit (`ulimit -f`)",
        Error::Storage(StorageError::Memory) => {
            "raise the limit (`ulimit -v`), or end other programs"
        }
        Error::Storage(StorageError::ReadOnly) => {
            "what is in this wallet can be shown, and nothing new can be kept"
        }
        Error::Storage(StorageError::Io) => "try again; what was stored before is safe",
        Error::VaultDamaged { .. } | Error::KeyInvalidated => {
            "keep this folder as it is, and make a new wallet in another --home"
        }
        Error::HadWallet => {
            "`vidimus wallet --home DIR init --root FILE --authority URL` makes one; then ask the authority for a new offer"
        }
        Error::Credential(CredentialError::UnknownKey) => {
            "is this offer of the authority whose root.cose the wallet was made with?"
        }
        Error::NoWallet => {
            "make one with `vidimus wallet --home DIR init --root FILE --authority URL`"
        }
        Error::NoSuchLicense => "`vidimus wallet list` shows their ids",
        Error::OfferMalformed(_) => {
            "copy the whole text that begins with openid-credential-offer://; a web address alone is read at the wallet's own authority"
        }
        Error::IssuerUnknown => {
            "`wallet status` names the authority of this wallet; no code was sent"
        }
        Error::SignInUnsupported => "ask the authority for an offer, and `enroll` it",
        Error::NoSignIn | Error::SignInRefused(_) => "`vidimus wallet apply` begins again",
        Error::OtherSignIn => "finish the sign-in that was opened last",
        Error::ApplicationWaits => {
            "`vidimus wallet refresh` asks for it, and `vidimus wallet remove ID` gives it up"
        }
        Error::Busy { .. } => "the offer is not used up",
        Error::Server { .. } => "the offer is not used up; try again later, or ask the authority",
        Error::AuthorityAddress => "write it as https://host or http://127.0.0.1:port",
        Error::TxCodeRequired => "add --tx-code with the code that the authority gave beside it",
        Error::Transport(TransportError::InsecureUrl) => {
            "use https; http is for this machine alone"
        }
        Error::Transport(TransportError::RedirectToHttps) => {
            "make the wallet with the https address that the server redirects to"
        }
        Error::Transport(TransportError::ThisDevice) => {
            "only a wallet whose --authority is on this machine asks it"
        }
        Error::Transport(TransportError::BadUrl) => {
            "write it as https://host or http://127.0.0.1:port"
        }
        Error::Transport(TransportError::Unreachable) => {
            "check that the authority runs and the network is there"
        }
        Error::Refused(OAuthError::InvalidGrant) => {
            "check the code; five wrong ones end an offer, and an offer is good once"
        }
        Error::Refused(OAuthError::InvalidProof) => {
            "is this machine's date right? The same offer goes on once it is"
        }
        Error::Refused(OAuthError::InvalidNonce | OAuthError::InvalidToken) => {
            "try the same offer again; where that is refused, too, ask the authority for a new one"
        }
        Error::Refused(_) => "ask the authority why; the offer may still be good",
        _ => "",
    };
    let words = if advice.is_empty() {
        error.to_string()
    } else {
        format!("{error}; {advice}")
    };
    match error {
        Error::TxCodeRequired => Failure::usage(words),
        Error::NoSuchLicense
        | Error::OfferMalformed(_)
        | Error::OfferUnsupported(_)
        | Error::TxCodeMalformed
        | Error::AuthorityAddress
        | Error::Transport(TransportError::InsecureUrl | TransportError::BadUrl) => {
            Failure::bad_input(words)
        }
        _ => Failure::not_done(words),
    }
}

/// Why something was not refreshed, and what to do. No offer and no code is at stake here.
pub(crate) fn not_refreshed(error: &Error) -> String {
    let advice = match error {
        Error::Busy { .. } | Error::Server { .. } => {
            "what is here can be shown; the next refresh asks again"
        }
        Error::Refused(OAuthError::InvalidGrant) => {
            "this copy is not renewed any more: the license was given to another phone, or it has ended; ask the authority"
        }
        _ => return failure(error).to_string(),
    };
    format!("{error}; {advice}")
}

/// Why an offer was not taken up, and what to do.
pub(crate) fn not_enrolled(error: &Error) -> Failure {
    match error {
        Error::Transport(TransportError::Timeout | TransportError::Broken) => Failure::not_done(
            format!("{error}; the same offer goes on: give the same command again"),
        ),
        _ => failure(error),
    }
}

/// The license was shown all the same.
pub(crate) fn not_logged(error: &Error) -> Failure {
    Failure::not_done(format!(
        "the license was shown, and that is not in the wallet's log: {}",
        failure(error)
    ))
}
