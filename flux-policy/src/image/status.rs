//! What a run of the reflector makes of an ImagePolicy.

mod run;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::run::{PendingRun, PolicyFacts, PolicyOutcome, PolicyRun};
pub use self::verdict::PolicyVerdict;
