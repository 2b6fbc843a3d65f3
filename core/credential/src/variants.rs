//! The macro that lists every variant of an enum.

/// Gives an enum the constant `ALL`: each variant once, in the order of the list.
///
/// A variant that is missing from the list does not compile, and one that is in it twice is an
/// unreachable pattern, which the lints refuse. A variant with a value is listed with an example of
/// it.
///
/// Enums that may grow are `#[non_exhaustive]`, so a crate that maps one has a wildcard arm. A test
/// over `ALL` in that crate makes sure that no variant of today reaches it.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// enum Shape {
///     Point,
///     Circle(u8),
/// }
/// vidimus_credential::all_variants! {
///     /// Every shape.
///     Shape { Point, Circle(1) }
/// }
/// assert_eq!(Shape::ALL, [Shape::Point, Shape::Circle(1)]);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! all_variants {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $(($example:expr))? $({ $($field:ident: $value:expr),+ })?),+ $(,)? }) => {
        impl $name {
            $(#[$meta])*
            pub const ALL: [Self; [$(stringify!($variant)),+].len()] =
                [$(Self::$variant $(($example))? $({ $($field: $value),+ })?),+];
        }

        const _: fn(&$name) = |listed| match listed {
            $($name::$variant { .. } => {})+
        };
    };
}
