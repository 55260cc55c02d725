//! Patterns of Go's package `regexp`, and templates that its matches fill. Feature `regexp`.
//!
//! The dialect of every pattern that Flux reads: `filterTags.pattern`, `exclusionList`, `semverFilter`, the lists of alerts,
//! the identities of verification.
//!
//! # Contract
//!
//! - [`Regexp::parse`] accepts exactly what Go accepts. Of several faults it reports the one that Go reports, in Go's words,
//!   with its span and with the name of what the author had in mind ([`Error::construct`]).
//! - A match is the one that Go finds: the leftmost, and of those the preferred one, as Perl would find it; the groups are
//!   Go's too, in bytes of the text.
//! - A [`Template`] is read once, and expands to what Go's `Expand` appends.
//!
//! Patterns are read by a parser of our own, and run on the crate `regex-automata`, the engine of `regex`. Those that would
//! cost it too much (nested beyond 64 levels, large classes dozens of times, hundreds of groups in a long pattern) run on a
//! slower machine of our own, with the same answers.
//!
//! # Laws
//!
//! - No pattern, text or template panics, and none overflows the stack.
//! - `parse` takes time and memory in proportion to the pattern and to its repetitions multiplied out, within Go's limits:
//!   1000 repetitions, 1000 levels, 128 MiB of instructions.
//! - Matching takes time in proportion to text times instructions at worst; there is no pattern whose time explodes. Its
//!   memory does not depend on the text, but for texts that are not UTF-8, which are copied.
//! - A template without `$` expands to itself.
//! - A group that took part lies within the whole match. Of text that is UTF-8, every span cuts whole characters.
//!
//! # Traps
//!
//! - `\d`, `\w`, `\s`, `\b` and `[[:alpha:]]` know ASCII only, `\s` without the vertical tab; `(?i)` and `\pL` know Unicode,
//!   as of version 15.0. `(?i)k` matches the Kelvin sign.
//! - A pattern matches anywhere in the text unless it has `^` and `$`. `$` is the very end, not before a last newline.
//! - There are no back-references and no look-around. `a**`, `a*+` and `a{1001}` are errors; `a{,3}` and `a{` are texts.
//! - `\p{Old_Italic}` and all other scripts whose names Unicode writes with a line below are unknown to Go: a fault of its
//!   tables since 1.25, followed here.
//! - A byte that is no UTF-8 counts as one U+FFFD: `.` matches it, and `\x{FFFD}` does.
//! - In a template the longest name counts: `$1x` is not `${1}x`, and what is unknown is empty without an error.
//!
//! # Differences
//!
//! - Go refuses a program beyond 128 MiB by an estimate, which leaves out how long texts are. Here the instructions are
//!   counted, and groups times instructions are bounded as well. Such a pattern is [`ErrorKind::TooLarge`].
//! - A surrogate (`\x{D800}`) matches nothing. In Go, `^\x{D800}` can match U+FFFD, by accident of how it searches for a
//!   beginning.
//!
//! # Sources
//!
//! Go 1.26: `src/regexp/syntax/parse.go (Parse)`, `src/regexp/syntax/simplify.go (Simplify)`,
//! `src/regexp/syntax/compile.go (Compile)`, `src/regexp/regexp.go (FindStringSubmatchIndex, Expand)`. Vectors:
//! `conformance/regexp/*.jsonl`.

pub use self::captures::Captures;
pub use self::error::{Error, ErrorKind};
pub use self::program::Regexp;
pub use self::template::Template;

mod captures;
mod class;
mod construct;
mod error;
mod machine;
mod mend;
mod parse;
mod program;
mod slots;
mod template;
#[cfg(test)]
mod tests;
mod translate;
mod tree;
