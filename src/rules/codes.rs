//! One way to write an enum whose values have stable codes in entries, tables and options.

/// Declares an enum with `ALL`, `code()` and `parse()`; serde uses the same codes.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $code)] $variant,)* }
        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The code used in entries, tables, options and message keys.
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code,)* } }
            /// Finds a value by its code.
            pub fn parse(code: &str) -> Option<$name> { match code { $($code => Some($name::$variant),)* _ => None } }
        }
    };
}
pub(crate) use codes;
