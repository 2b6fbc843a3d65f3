//! How far a sign-in has come, and what the next page says of the last form.

/// A step of a sign-in: what the driver is asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The license number, or to go to a provider.
    Number,
    /// The passphrase, or the code of a letter.
    Proof,
    /// The letter was right: a new passphrase.
    NewPassphrase,
    /// A new secret was shown: its first code.
    NewCode,
    /// The passphrase was right: the code of the moment.
    Code,
    /// Signed in: whether the app gets the license.
    Consent,
    /// The driver agreed: the app has its code.
    Agreed,
    /// The driver refused: the app was told so.
    Refused,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Number,
        Self::Proof,
        Self::NewPassphrase,
        Self::NewCode,
        Self::Code,
        Self::Consent,
        Self::Agreed,
        Self::Refused,
    ];

    /// The word that the database holds.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Proof => "proof",
            Self::NewPassphrase => "new_passphrase",
            Self::NewCode => "new_code",
            Self::Code => "code",
            Self::Consent => "consent",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
        }
    }

    /// The reverse of [`name`](Self::name).
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Whether the driver may still say that another number is meant.
    pub(crate) const fn takes_number(self) -> bool {
        matches!(
            self,
            Self::Number | Self::Proof | Self::NewPassphrase | Self::NewCode | Self::Code
        )
    }
}

/// What was wrong with the last form. None says whether an account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormFault {
    /// No number, or one that is too long to be any.
    Number,
    /// Number and passphrase are not of one account.
    Passphrase,
    /// The check character does not fit: a slip of the hand.
    LetterSlip,
    /// No letter has this code, or it cannot be used any more.
    Letter,
    /// A new passphrase has too few characters.
    Short,
    /// A new passphrase is longer than any is.
    Long,
    /// A new passphrase is too easy to guess.
    Simple,
    /// The two entries of a new passphrase differ.
    Differ,
    /// The code is wrong, or was used.
    Code,
    /// No phone was chosen.
    Choice,
    /// Too many tries: the seconds to wait.
    Slow(u64),
    /// The provider could not be asked, or its answer is not right.
    Provider,
    /// The driver went back at the provider.
    ProviderRefused,
    /// What the provider says of the person names no license here.
    ProviderUnknown,
    /// The provider did not look closely enough who it is.
    ProviderWeak,
    /// Another account of the provider has this license.
    ProviderSecond,
}

impl FormFault {
    const ALL: [Self; 15] = [
        Self::Number,
        Self::Passphrase,
        Self::LetterSlip,
        Self::Letter,
        Self::Short,
        Self::Long,
        Self::Simple,
        Self::Differ,
        Self::Code,
        Self::Choice,
        Self::Provider,
        Self::ProviderRefused,
        Self::ProviderUnknown,
        Self::ProviderWeak,
        Self::ProviderSecond,
    ];

    /// All of them, to look for their texts.
    #[cfg(test)]
    pub(crate) fn all_for_tests() -> Vec<Self> {
        Self::ALL.into_iter().chain([Self::Slow(60)]).collect()
    }

    /// The word that the database holds, and under which its text is found.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Passphrase => "passphrase",
            Self::LetterSlip => "letter_slip",
            Self::Letter => "letter",
            Self::Short => "short",
            Self::Long => "long",
            Self::Simple => "simple",
            Self::Differ => "differ",
            Self::Code => "code",
            Self::Choice => "choice",
            Self::Slow(_) => "slow",
            Self::Provider => "provider",
            Self::ProviderRefused => "provider_refused",
            Self::ProviderUnknown => "provider_unknown",
            Self::ProviderWeak => "provider_weak",
            Self::ProviderSecond => "provider_second",
        }
    }

    /// What the database holds: the word, and with a colon the seconds.
    pub(crate) fn stored(self) -> String {
        match self {
            Self::Slow(seconds) => format!("slow:{seconds}"),
            other => other.name().to_owned(),
        }
    }

    /// The reverse of [`stored`](Self::stored).
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Some(seconds) = text.strip_prefix("slow:") {
            return seconds.parse().ok().map(Self::Slow);
        }
        Self::ALL.into_iter().find(|fault| fault.name() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        for step in Step::ALL {
            assert_eq!(Step::from_name(step.name()), Some(step));
        }
        let faults = FormFault::ALL.into_iter().chain([FormFault::Slow(61)]);
        for fault in faults {
            assert_eq!(FormFault::read(&fault.stored()), Some(fault));
        }
        assert_eq!(FormFault::read("slow:x"), None);
    }
}
