//! What substitution does to the objects of every Kustomization, as far as the repository tells.
//!
//! A finding is only reported if it is certain. Nothing is said about places that a patch may change, about objects that a
//! patch may take out or have opt out, and about variables that may come from the cluster. Expressions that patches bring
//! in are looked at only in Kustomizations, ConfigMaps and Secrets.

use std::collections::BTreeMap;

use fluxcd::api::kustomize::v1::SubstituteStrategy;
use fluxcd::core::substitute::{
    Change, Error, ErrorKind, LayerOrigin, Mode, Outcome, Substituted, Taken, Template,
};
use fluxcd::dialect::yaml::{self, Segment};

use crate::cluster::clusters;
use crate::finding::{self, Locator};
use crate::locate::Files;
use crate::overlay::{Builder, Built, Origin};
use crate::plan::Plan;
use crate::report::{self, Place};
use crate::store::{Store, text};
use crate::walk::{Reached, Walk};

/// Substitution of all Kustomizations with `postBuild`. What is the same in several clusters is said once.
pub(crate) fn substitutions(store: &Store) -> Vec<report::Substitution> {
    let builder = Builder::new(store);
    let files = Files::new(store);
    let mut all: BTreeMap<(Place, String), Vec<report::Substitution>> = BTreeMap::new();
    for walk in clusters(store, &builder) {
        for reached in &walk.kustomizations {
            let Some(one) = substitution(&files, &walk, reached) else {
                continue;
            };
            let same = all.entry((one.at.clone(), one.object.clone())).or_default();
            let alike = same.iter_mut().find(|other| {
                let clusters = one.clusters.clone();
                one == report::Substitution {
                    clusters,
                    ..(*other).clone()
                }
            });
            match alike {
                Some(other) => other.clusters.extend(one.clusters),
                None => same.push(one),
            }
        }
    }
    all.into_values().flatten().collect()
}

fn substitution(files: &Files<'_>, walk: &Walk, reached: &Reached) -> Option<report::Substitution> {
    let value = &reached.value;
    let plan = match Plan::new(value, &walk.sources) {
        Ok(plan) => Some(plan?),
        Err(_) => None,
    };
    let namespace = match text(value, "/metadata/namespace") {
        "" => crate::order::UNKNOWN,
        namespace => namespace,
    };
    let root = match walk.root.as_str() {
        "" => ".".to_owned(),
        root => root.to_owned(),
    };
    let mut report = report::Substitution {
        object: format!("{namespace}/{}", text(value, "/metadata/name")),
        at: reached
            .origin
            .as_ref()
            .map_or_else(Place::default, |origin| files.start(origin)),
        clusters: vec![root],
        ..report::Substitution::default()
    };
    let Some(plan) = plan.filter(|_| reached.doubt.is_none()) else {
        let doubt = reached.doubt.clone();
        let doubt = doubt.unwrap_or_else(|| "its spec.postBuild does not decode".to_owned());
        report.undecided.push(doubt);
        return Some(report);
    };
    report.variables = plan.substitution.variables().iter().count();
    report.undecided.clone_from(&plan.undecided);
    for object in &reached.build.objects {
        Judge {
            files,
            plan: &plan,
            object,
        }
        .judge(&mut report);
    }
    report.encrypted = plan.sealed.iter().map(ToString::to_string).collect();
    report.missing = reached.build.missing.iter().cloned().collect();
    for findings in [&mut report.failures, &mut report.retyped] {
        merge(findings);
    }
    report.expects.sort();
    report.expects.dedup();
    Some(report)
}

/// What a patch brings into many objects is one finding.
fn merge(findings: &mut Vec<report::Finding>) {
    findings.sort_by(|one, other| {
        (&one.at, &one.path, &one.message).cmp(&(&other.at, &other.path, &other.message))
    });
    findings.dedup_by(|other, one| {
        let same = (&one.at, &one.path, &one.message) == (&other.at, &other.path, &other.message);
        if same {
            one.objects.append(&mut other.objects);
        }
        same
    });
}

struct Judge<'a, 'f> {
    files: &'a Files<'f>,
    plan: &'a Plan,
    object: &'a Built,
}

impl Judge<'_, '_> {
    fn judge(&self, report: &mut report::Substitution) {
        let object = &self.object.value;
        // Generated Secrets hold base64.
        let opaque = matches!(self.object.origin, Origin::Generated(..))
            && text(object, "/kind") == "Secret";
        if opaque || self.object.is_silenced() {
            return;
        }
        let plan = self.plan;
        if plan.undecided.is_empty() {
            match plan.substitution.apply(object) {
                Err(error) => report.failures.extend(self.failures(&error)),
                Ok(Outcome::Substituted(done)) => report.retyped.extend(self.retyped(&done)),
                Ok(Outcome::OptedOut(_) | Outcome::NoVariables) => {}
            }
            return;
        }
        // Whatever the cluster adds, there will be a variable.
        let takes_place = plan.required || !plan.substitution.variables().is_empty();
        let mut lax = plan.substitution.clone().mode(Mode::Lax);
        if takes_place {
            lax = lax.strategy(SubstituteStrategy::Always);
        }
        match lax.apply(object) {
            Err(error) => {
                let certain = matches!(
                    error.kind(),
                    ErrorKind::Name
                        | ErrorKind::Brace
                        | ErrorKind::Argument
                        | ErrorKind::Bad
                        | ErrorKind::VariableName
                );
                if certain {
                    report.failures.extend(self.failures(&error));
                }
            }
            Ok(Outcome::Substituted(done)) => {
                report.retyped.extend(self.retyped(&done));
                report.expects.extend(self.expected());
            }
            Ok(Outcome::OptedOut(_) | Outcome::NoVariables) => {}
        }
    }

    /// What only the cluster can know.
    fn expected(&self) -> Vec<String> {
        let object = yaml::to_string(&self.object.value).unwrap_or_default();
        let variables = self.plan.substitution.variables();
        let Ok(template) = Template::parse(&object) else {
            return Vec::new();
        };
        let names = template
            .references()
            .filter(|reference| reference.is_required());
        let names = names.map(|reference| reference.name());
        names
            .filter(|name| variables.value(name).is_none())
            .map(str::to_owned)
            .collect()
    }

    fn failures(&self, error: &Error) -> Vec<report::Finding> {
        let object = &self.object.value;
        let depends_on_values = match error {
            Error::Template { error, .. } => {
                matches!(error.kind(), ErrorKind::Panic | ErrorKind::Limit)
            }
            Error::Object(_) | Error::VariableName { .. } => false,
            _ => true,
        };
        let text = yaml::to_string(object).unwrap_or_default();
        if depends_on_values && self.plan.is_sealed(&text) {
            return Vec::new();
        }
        self.place(&finding::failures(
            error,
            object,
            self.plan.substitution.variables(),
        ))
    }

    fn retyped(&self, done: &Substituted<'_>) -> Vec<report::Finding> {
        let variables = self.plan.substitution.variables();
        let certain = |change: &Change| {
            // A source that is not known may have another value, unless inline ones win.
            change.uses.iter().all(|one| match &one.taken {
                Taken::Value(origin) => {
                    let known = *origin == LayerOrigin::Inline || !self.plan.unknown;
                    known && !self.plan.sealed.contains(origin)
                }
                Taken::Default | Taken::Unset => self.plan.undecided.is_empty(),
            })
        };
        self.place(&finding::retyped(done, variables, certain))
    }

    /// The findings about places that no patch may change, or whose value is known nevertheless.
    fn place(&self, findings: &[finding::Finding]) -> Vec<report::Finding> {
        let certain = findings.iter().filter(|finding| {
            let path: &[Segment] = &finding.path;
            path.is_empty() || self.object.exact || !self.object.is_touched(path)
        });
        let object = &self.object.value;
        let title = format!(
            "{} {}",
            text(object, "/kind"),
            text(object, "/metadata/name")
        );
        let mut locator = Locator::default();
        let placed = certain.map(|finding| report::Finding {
            at: self.files.locate(self.object, &mut locator, finding),
            objects: vec![title.clone()],
            path: finding.path.to_string(),
            message: finding.message.clone(),
        });
        placed.collect()
    }
}
