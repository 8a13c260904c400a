//! How a code is written down: `codes!` declares a table of them.

/// Declares a table of codes, a line each: number, name, meaning, symptoms, causes, what to look at.
macro_rules! codes {
    ($(#[doc = $doc:literal])+ $table:ident: $(
        $number:expr, $name:literal, $meaning:literal, [$($symptom:ident),*], [$($cause:ident),*], $look:literal;
    )+) => {
        $(#[doc = $doc])+
        pub(super) static $table: &[$crate::verdict::cause::code::Code] = &[$(
            $crate::verdict::cause::code::Code {
                number: $number,
                name: $name,
                meaning: $meaning,
                symptoms: &[$(&$crate::verdict::cause::symptom::$symptom),*],
                causes: &[$(&$crate::verdict::cause::catalogue::$cause),*],
                look: $look,
            }
        ),+];
    };
}
pub(super) use codes;
