//! What a run of the reflector makes of an ImagePolicy.

mod access;
mod run;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::access::AccessDenial;
pub use self::run::{PendingRun, PolicyFacts, PolicyOutcome, PolicyRun};
pub use self::verdict::{PolicyVerdict, Requeue};
