//! The register's port for accounts: letters, and each step of a sign-in.
//!
//! A sign-in is found by the secret in its cookie, which is another one after each proof. Where the
//! same form comes twice with the old cookie, the second answer is that of the first.

use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::passphrase::Weak;

/// The secret that keys cookies and forms.
pub(crate) type AccountSecret = Zeroizing<[u8; 32]>;

/// A letter that was just made. Only this value has its code.
pub struct MadeLetter {
    /// The id of the license's row.
    pub license_id: String,
    /// The code, as it is printed: two groups of five characters.
    pub code: Zeroizing<String>,
    /// Until when it can be used.
    pub expires: UnixTime,
    /// Whether it voids a letter that could still be used.
    pub replaced: bool,
    /// Whether the driver has an account, which the letter sets anew.
    pub renews: bool,
}

/// A browser opens the address that an app made.
pub(crate) struct Opening<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) request_uri: &'a str,
    /// The secret of the sign-in that this browser has a cookie of.
    pub(crate) session: Option<&'a str>,
}

/// What came of opening it.
pub(crate) enum Opened {
    /// A new sign-in: the secret for its cookie.
    New(Zeroizing<String>),
    /// The same browser opened it before, and goes on.
    Again,
    /// Unknown, over, used, or another app's: begin anew in the app.
    Refused,
}

/// A form, with what it came with.
pub(crate) struct Attempt<'a> {
    /// The secret in the sign-in's cookie.
    pub(crate) session: &'a str,
    /// Whose limits it counts against; `None` where no one tells clients apart.
    pub(crate) address: Option<&'a str>,
    /// The value of the cookie of this name.
    pub(crate) cookie: &'a dyn Fn(&str) -> Option<String>,
}

/// What came of a form.
pub(crate) enum Stepped {
    /// There is no such sign-in, or it is over.
    Gone,
    /// The page of the present step comes next.
    On(Cookies),
    /// The browser goes to this address of the app.
    Leave(Zeroizing<String>),
}

/// Cookies that the answer sets.
#[derive(Default)]
pub(crate) struct Cookies {
    /// The new secret of the sign-in.
    pub(crate) session: Option<Zeroizing<String>>,
    /// Name and secret by which the browser is known from now on.
    pub(crate) browser: Option<(String, Zeroizing<String>)>,
}

/// What has to be hashed before a passphrase can be judged.
pub(crate) enum Asked {
    /// The answer is known without.
    Answer(Stepped),
    /// Compare with this hash; with `None` hash all the same, and it is wrong.
    Compare(Option<Zeroizing<String>>),
}

/// What has to be hashed before a new passphrase can be stored.
pub(crate) enum Wanted {
    /// The answer is known without.
    Answer(Stepped),
    /// The passphrase would be taken, and is to be hashed.
    Hash,
}

/// What the pages show of a sign-in. Personal data; no `Debug`.
pub(crate) struct View {
    pub(crate) step: Step,
    pub(crate) fault: Option<FormFault>,
    /// The language that the driver chose.
    pub(crate) language: Option<String>,
    /// The languages that the app asked for.
    pub(crate) locales: Option<String>,
    /// The number, as the driver typed it.
    pub(crate) number: Option<String>,
    /// The app that asks.
    pub(crate) client: String,
    /// Where the browser goes in the end.
    pub(crate) redirect_uri: String,
    /// The new secret of one-time codes, while it is shown.
    pub(crate) totp: Option<Zeroizing<Vec<u8>>>,
    /// What the driver is asked to agree to, once signed in.
    pub(crate) consent: Option<Consent>,
}

/// What a driver agrees to. Personal data.
pub(crate) struct Consent {
    pub(crate) name: String,
    pub(crate) number: String,
    /// Whether the license can be issued at all.
    pub(crate) issuable: bool,
    /// Phones that hold the license.
    pub(crate) phones: Vec<Phone>,
    /// Whether there is room for one more.
    pub(crate) beside: bool,
    /// Whether the new phone may take the place of all.
    pub(crate) all: bool,
    /// Another person was linked to the license since the last time.
    pub(crate) notice: bool,
}

/// A phone that holds the license.
pub(crate) struct Phone {
    pub(crate) id: i64,
    pub(crate) added: UnixTime,
    /// Whether the new phone may take the place of this one alone.
    pub(crate) replaceable: bool,
}

/// Which phones the new one comes beside or instead of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    First,
    Beside,
    /// In the place of this one.
    Replace(i64),
    /// In the place of all.
    ReplaceAll,
}

/// A login that begins at a provider.
pub(crate) struct ProviderLogin {
    pub(crate) state: Zeroizing<String>,
    pub(crate) nonce: Zeroizing<String>,
    pub(crate) verifier: Zeroizing<String>,
    /// When the driver was sent there.
    pub(crate) made: UnixTime,
}

/// Whom a provider says it has signed in. Personal data.
pub(crate) struct Person<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    /// The claim that carries the license number.
    pub(crate) claim: Option<&'a str>,
}

/// Accounts and sign-ins. Each method is one transaction.
pub(crate) trait Accounts {
    /// Makes a letter for a license; an older one is void.
    fn make_letter(&self, of: &str, now: UnixTime) -> Result<MadeLetter, Error>;

    /// Allows one more link to a license for 30 days.
    fn allow_link(&self, of: &str, by: &str, now: UnixTime) -> Result<String, Error>;

    /// The secret that keys cookies and forms; it is made once.
    fn account_secret(&self) -> Result<AccountSecret, Error>;

    /// Opens a pushed request, once.
    fn open_request(&self, opening: &Opening<'_>, now: UnixTime) -> Result<Opened, Error>;

    /// What the pages show; `None` where there is no such sign-in.
    fn look(&self, session: &str, now: UnixTime) -> Result<Option<View>, Error>;

    /// Chooses the pages' language.
    fn choose_language(&self, session: &str, language: &str, now: UnixTime) -> Result<bool, Error>;

    /// The license number. Nothing in the answer depends on whether there is one.
    fn give_number(&self, session: &str, number: &str, now: UnixTime) -> Result<Stepped, Error>;

    /// Counts a try with a passphrase, and says what to compare it with.
    fn ask_passphrase(
        &self,
        attempt: &Attempt<'_>,
        passphrase: &str,
        now: UnixTime,
    ) -> Result<Asked, Error>;

    /// The passphrase was compared with this hash. `right` counts only where it still is the
    /// account's.
    fn give_passphrase(
        &self,
        attempt: &Attempt<'_>,
        passphrase: &str,
        compared: Option<&str>,
        right: bool,
        now: UnixTime,
    ) -> Result<Stepped, Error>;

    /// The code of a letter, as it was typed.
    fn give_letter(
        &self,
        attempt: &Attempt<'_>,
        typed: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error>;

    /// Whether a new passphrase would be taken; `weak` where it would not.
    fn ask_new_passphrase(
        &self,
        session: &str,
        weak: &dyn Fn(&str) -> Result<(), FormFault>,
        now: UnixTime,
    ) -> Result<Wanted, Error>;

    /// A new passphrase's hash. A secret of one-time codes is made with it.
    fn give_new_passphrase(
        &self,
        session: &str,
        hash: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error>;

    /// The first code of a new secret: the account is made, and the letter is used up.
    fn give_new_code(
        &self,
        attempt: &Attempt<'_>,
        code: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error>;

    /// The code of the moment. A time step is taken once.
    fn give_code(&self, attempt: &Attempt<'_>, code: &str, now: UnixTime)
    -> Result<Stepped, Error>;

    /// The driver agrees: the app gets a code. Repeating it gives the same.
    fn agree(&self, session: &str, choice: Option<Choice>, now: UnixTime)
    -> Result<Stepped, Error>;

    /// The driver refuses, at any step. Repeating it gives the same.
    fn refuse(&self, session: &str, now: UnixTime) -> Result<Stepped, Error>;

    /// Begins a login at a provider; `None` where there is no such sign-in.
    fn begin_login(&self, session: &str, now: UnixTime) -> Result<Option<ProviderLogin>, Error>;

    /// Takes the login of this state, once, if it began in this sign-in.
    fn take_login(
        &self,
        session: &str,
        state: &str,
        now: UnixTime,
    ) -> Result<Option<ProviderLogin>, Error>;

    /// What came of a login.
    fn end_login(
        &self,
        session: &str,
        state: &str,
        person: Result<&Person<'_>, FormFault>,
        now: UnixTime,
    ) -> Result<Stepped, Error>;
}

impl From<Weak> for FormFault {
    fn from(weak: Weak) -> Self {
        match weak {
            Weak::Short => Self::Short,
            Weak::Simple => Self::Simple,
        }
    }
}
