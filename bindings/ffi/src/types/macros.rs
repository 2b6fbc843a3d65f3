//! Two macros for the values that cross.

/// Gives types a `Display` of their name alone, which both languages print: personal data and tokens stay out of logs, also where an app
/// prints a value.
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

/// Declares an enum that mirrors one of the core, with the conversion from it. Where the core's enum
/// may grow, `else` names what a value becomes that this version does not know: never one that
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
