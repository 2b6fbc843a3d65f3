//! `Debug` for types that hold personal data: their name alone, so that a log shows nothing of
//! them.

/// Writes `Name(..)` as the `Debug` of each type.
macro_rules! debug_name_alone {
    ($($name:ident)+) => {$(
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}
pub(crate) use debug_name_alone;
