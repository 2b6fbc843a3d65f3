//! Two macros for the values that cross.

/// Gives types a `Display` of their name alone, which both languages print: personal data and
/// tokens stay out of logs, also where an app prints a value.
macro_rules! discreet {
    ($($name:ident)+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(\u{2026})"))
            }
        }
    )+};
}
pub(crate) use discreet;

/// Declares an enum that mirrors one of the core, with the conversion from it. Where the core's
/// enum may grow, `else` names what a value becomes that this version does not know: never one that
/// accepts.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident = $core:path { $($(#[$variant_doc:meta])* $variant:ident,)+ } $(else $later:ident)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                use $core as Core;
                match value { $(Core::$variant => Self::$variant,)+ $(_ => Self::$later,)? }
            }
        }
    };
}
pub(crate) use mirror;

#[cfg(test)]
mod tests {
    use vidimus_credential::{meaning, status, verify};

    use crate::ports::HolderAlgorithm;
    use crate::types::{CheckOutcome, LicenseStatus, Reason, StandingKind, StatusSource, Tone};

    /// Each variant of the core crosses under its own name: none falls to a wildcard.
    macro_rules! assert_mirrors {
        ($($mirror:ident = $core:path;)+) => {$({
            use $core as Core;
            assert!(Core::ALL.len() > 1);
            for variant in Core::ALL {
                let crossed = $mirror::from(variant);
                assert_eq!(format!("{crossed:?}"), format!("{variant:?}"));
            }
        })+};
    }

    #[test]
    fn every_variant_of_the_core_crosses_under_its_own_name() {
        assert_mirrors! {
            LicenseStatus = status::LicenseStatus;
            StatusSource = status::StatusSource;
            Reason = verify::Reason;
            CheckOutcome = verify::Outcome;
            StandingKind = meaning::Standing;
            Tone = meaning::Tone;
        }
        let algorithms = vidimus_credential::Algorithm::ALL.map(HolderAlgorithm::from);
        assert_eq!(
            algorithms,
            [HolderAlgorithm::Ed25519, HolderAlgorithm::P256]
        );
    }
}
