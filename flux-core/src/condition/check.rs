//! What must hold for the conditions of any object, for tests of controllers and for looking at clusters.
//!
//! Source: `fluxcd/pkg: runtime/conditions/check` v0.110.1. The codes are those of its functions.
//!
//! # Differences
//!
//! Upstream crashes in `WARN0002` where there is no `Ready`; here that is one of the failures and no warning. The texts are
//! our own.

use std::fmt;

use fluxcd_api::meta::Condition;
use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};

use super::getter::{find, is_ready, is_true, is_unknown};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed<'a> {
    /// `status.conditions`.
    pub conditions: &'a [Condition],
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`, 0 if absent.
    pub observed_generation: i64,
}

/// A rule that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Types of the conditions at fault, where the rule is about several.
    pub types: Vec<String>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The status is wrong: who reads it is misled.
    Fail,
    /// The status is unusual.
    Warn,
}

/// The rules, in the order in which violations are reported.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `FAIL0001`: while `Ready` is `True`, no condition of negative polarity is.
    ReadyExcludesNegative,
    /// `FAIL0002`: there is a condition `Ready`.
    ReadyIsPresent,
    /// `FAIL0003`: while `Reconciling` is `True`, `Ready` is `False`.
    ReconcilingExcludesReady,
    /// `FAIL0004`: while `Stalled` is `True`, `Ready` is `False`.
    StalledExcludesReady,
    /// `FAIL0005`: `Reconciling` and `Stalled` are not both there, whatever they say.
    ReconcilingExcludesStalled,
    /// `FAIL0006`: the observed generation is not newer than the object.
    ObservedIsNotAhead,
    /// `FAIL0007`: an object that is ready was observed in its present generation.
    ReadyIsObserved,
    /// `FAIL0008`: the conditions of an object that is ready are about its present generation.
    ReadyIsCurrent,
    /// `FAIL0009`: the conditions of an object that is ready are about the observed generation.
    ReadyAgreesWithObserved,
    /// `FAIL0011`: in the middle of a reconciliation, `Ready` is `Unknown` only while `Reconciling` is `True`.
    UnknownIsReconciling,
    /// `WARN0001`: while `Ready` is `True`, no condition of negative polarity is there.
    ReadyHidesNegative,
    /// `WARN0002`: `Ready` has reason and message of the first condition of negative polarity that is there, unless that is
    /// `Reconciling` or `Stalled`.
    ReadyNamesNegative,
    /// `WARN0003`: `Reconciling` is absent rather than `False`.
    ReconcilingIsNotFalse,
    /// `WARN0004`: `Stalled` is absent rather than `False`.
    StalledIsNotFalse,
    /// `WARN0005`: every condition has an observed generation.
    GenerationIsSet,
}

/// What does not hold after a reconciliation. `negative_polarity` names the types that are bad when `True`, the most
/// important one first.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::condition::Conditions;
/// use fluxcd_core::condition::check::{self, Observed, Severity};
///
/// let mut conditions = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
/// conditions.mark_true("Ready", "Succeeded", "applied");
/// conditions.mark_true("FetchFailed", "Timeout", "no answer");
/// let observed = Observed {
///     conditions: conditions.list(),
///     generation: 2,
///     observed_generation: 2,
/// };
/// let violations = check::final_state(&observed, &["FetchFailed"]);
/// assert_eq!(violations[0].rule.severity(), Severity::Fail);
/// assert_eq!(violations[0].to_string(), "FAIL0001: True while Ready is True: FetchFailed");
/// ```
#[must_use]
pub fn final_state(observed: &Observed<'_>, negative_polarity: &[&str]) -> Vec<Violation> {
    let rules = [
        Rule::ReadyExcludesNegative,
        Rule::ReadyIsPresent,
        Rule::ReconcilingExcludesReady,
        Rule::StalledExcludesReady,
        Rule::ReconcilingExcludesStalled,
        Rule::ObservedIsNotAhead,
        Rule::ReadyIsObserved,
        Rule::ReadyIsCurrent,
        Rule::ReadyAgreesWithObserved,
        Rule::ReadyHidesNegative,
        Rule::ReadyNamesNegative,
        Rule::ReconcilingIsNotFalse,
        Rule::StalledIsNotFalse,
        Rule::GenerationIsSet,
    ];
    violations(&rules, observed, negative_polarity)
}

/// What does not hold in a status that is written in the middle of a reconciliation.
#[must_use]
pub fn in_progress(observed: &Observed<'_>) -> Vec<Violation> {
    let rules = [
        Rule::ReadyIsPresent,
        Rule::StalledExcludesReady,
        Rule::ReconcilingExcludesStalled,
        Rule::ObservedIsNotAhead,
        Rule::UnknownIsReconciling,
        Rule::ReconcilingIsNotFalse,
        Rule::StalledIsNotFalse,
        Rule::GenerationIsSet,
    ];
    violations(&rules, observed, &[])
}

fn violations(rules: &[Rule], observed: &Observed<'_>, negative: &[&str]) -> Vec<Violation> {
    let found = rules.iter().filter_map(|rule| {
        let types = rule.broken_by(observed, negative)?;
        Some(Violation { rule: *rule, types })
    });
    found.collect()
}

impl Rule {
    /// The name of upstream's check.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadyExcludesNegative => "FAIL0001",
            Self::ReadyIsPresent => "FAIL0002",
            Self::ReconcilingExcludesReady => "FAIL0003",
            Self::StalledExcludesReady => "FAIL0004",
            Self::ReconcilingExcludesStalled => "FAIL0005",
            Self::ObservedIsNotAhead => "FAIL0006",
            Self::ReadyIsObserved => "FAIL0007",
            Self::ReadyIsCurrent => "FAIL0008",
            Self::ReadyAgreesWithObserved => "FAIL0009",
            Self::UnknownIsReconciling => "FAIL0011",
            Self::ReadyHidesNegative => "WARN0001",
            Self::ReadyNamesNegative => "WARN0002",
            Self::ReconcilingIsNotFalse => "WARN0003",
            Self::StalledIsNotFalse => "WARN0004",
            Self::GenerationIsSet => "WARN0005",
        }
    }

    /// How bad it is to break it.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::ReadyHidesNegative
            | Self::ReadyNamesNegative
            | Self::ReconcilingIsNotFalse
            | Self::StalledIsNotFalse
            | Self::GenerationIsSet => Severity::Warn,
            _ => Severity::Fail,
        }
    }

    /// The types at fault, or `None` where it holds.
    fn broken_by(self, observed: &Observed<'_>, negative: &[&str]) -> Option<Vec<String>> {
        let conditions = observed.conditions;
        let (generation, seen) = (observed.generation, observed.observed_generation);
        let status_of = |type_| find(conditions, type_).map(|it| &*it.status);
        let alone = |is_broken: bool| is_broken.then(Vec::new);
        let all = |is_at_fault: &dyn Fn(&Condition) -> bool| {
            let at_fault = conditions.iter().filter(|it| is_at_fault(it));
            let types: Vec<String> = at_fault.map(|it| it.type_.clone()).collect();
            (!types.is_empty()).then_some(types)
        };
        match self {
            Self::ReadyExcludesNegative if !is_true(conditions, READY) => None,
            Self::ReadyExcludesNegative => {
                all(&|it| negative.contains(&&*it.type_) && it.status == "True")
            }
            Self::ReadyIsPresent => alone(status_of(READY).is_none()),
            Self::ReconcilingExcludesReady => alone(
                is_true(conditions, RECONCILING)
                    && status_of(READY).is_some_and(|it| it != "False"),
            ),
            Self::StalledExcludesReady => alone(
                is_true(conditions, STALLED) && status_of(READY).is_some_and(|it| it != "False"),
            ),
            Self::ReconcilingExcludesStalled => {
                alone(status_of(RECONCILING).is_some() && status_of(STALLED).is_some())
            }
            Self::ObservedIsNotAhead => alone(seen > generation),
            Self::ReadyIsObserved => alone(seen < generation && is_ready(conditions)),
            Self::ReadyIsCurrent | Self::ReadyAgreesWithObserved if !is_ready(conditions) => None,
            Self::ReadyIsCurrent => all(&|it| generation_of(it) < generation),
            Self::ReadyAgreesWithObserved => all(&|it| generation_of(it) != seen),
            Self::UnknownIsReconciling => {
                alone(is_unknown(conditions, READY) && !is_true(conditions, RECONCILING))
            }
            Self::ReadyHidesNegative if !is_true(conditions, READY) => None,
            Self::ReadyHidesNegative => {
                let present = negative.iter().filter(|it| status_of(it).is_some());
                let types: Vec<String> = present.map(|&it| it.to_owned()).collect();
                (!types.is_empty()).then_some(types)
            }
            Self::ReadyNamesNegative => {
                let ready = find(conditions, READY).filter(|it| it.status != "True")?;
                let first = negative.iter().find_map(|type_| find(conditions, type_))?;
                let is_own = first.type_ != RECONCILING && first.type_ != STALLED;
                let is_broken =
                    is_own && (&ready.reason, &ready.message) != (&first.reason, &first.message);
                is_broken.then(|| vec![first.type_.clone()])
            }
            Self::ReconcilingIsNotFalse => alone(status_of(RECONCILING) == Some("False")),
            Self::StalledIsNotFalse => alone(status_of(STALLED) == Some("False")),
            Self::GenerationIsSet => all(&|it| generation_of(it) < 1),
        }
    }

    /// What is the case where the rule is broken.
    const fn complaint(self) -> &'static str {
        match self {
            Self::ReadyExcludesNegative => "True while Ready is True",
            Self::ReadyIsPresent => "there is no Ready",
            Self::ReconcilingExcludesReady => "Ready is not False while Reconciling is True",
            Self::StalledExcludesReady => "Ready is not False while Stalled is True",
            Self::ReconcilingExcludesStalled => "both Reconciling and Stalled are there",
            Self::ObservedIsNotAhead => "the observed generation is newer than the object",
            Self::ReadyIsObserved => "ready, but the present generation was not observed",
            Self::ReadyIsCurrent => "ready, with conditions of an older generation than the object",
            Self::ReadyAgreesWithObserved => {
                "ready, with conditions of another generation than the observed one"
            }
            Self::UnknownIsReconciling => "Ready is Unknown, but Reconciling is not True",
            Self::ReadyHidesNegative => "there although Ready is True",
            Self::ReadyNamesNegative => "Ready has another reason or message than what is wrong",
            Self::ReconcilingIsNotFalse => "Reconciling is False, and could be removed",
            Self::StalledIsNotFalse => "Stalled is False, and could be removed",
            Self::GenerationIsSet => "without observed generation",
        }
    }
}

fn generation_of(condition: &Condition) -> i64 {
    condition.observed_generation.unwrap_or_default()
}

/// `FAIL0001: True while Ready is True: FetchFailed`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.code(), self.rule.complaint())?;
        match self.types.is_empty() {
            true => Ok(()),
            false => write!(f, ": {}", self.types.join(", ")),
        }
    }
}
