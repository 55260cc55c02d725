use std::fmt;

use serde_json::Value;

/// A controller of Flux.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Controller {
    /// helm-controller.
    Helm,
    /// image-automation-controller.
    ImageAutomation,
    /// image-reflector-controller.
    ImageReflector,
    /// kustomize-controller.
    Kustomize,
    /// notification-controller.
    Notification,
    /// source-controller.
    Source,
    /// source-watcher.
    SourceWatcher,
}

impl Controller {
    /// All of them, by name.
    pub const ALL: [Self; 7] = [
        Self::Helm,
        Self::ImageAutomation,
        Self::ImageReflector,
        Self::Kustomize,
        Self::Notification,
        Self::Source,
        Self::SourceWatcher,
    ];

    /// The name of its Deployment.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Helm => "helm-controller",
            Self::ImageAutomation => "image-automation-controller",
            Self::ImageReflector => "image-reflector-controller",
            Self::Kustomize => "kustomize-controller",
            Self::Notification => "notification-controller",
            Self::Source => "source-controller",
            Self::SourceWatcher => "source-watcher",
        }
    }

    /// The controller of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|controller| controller.name() == name)
    }

    /// The controller that a Deployment runs: it has the name of one, or the label `app.kubernetes.io/part-of: flux` and
    /// that name in the label `app.kubernetes.io/component`, as further shards of a controller have.
    #[must_use]
    pub fn of_deployment(deployment: &Value) -> Option<Self> {
        if deployment.get("kind")? != "Deployment" {
            return None;
        }
        let metadata = deployment.get("metadata")?;
        let by_name = metadata
            .get("name")
            .and_then(Value::as_str)
            .and_then(Self::named);
        by_name.or_else(|| {
            let label = |key: &str| {
                metadata
                    .get("labels")?
                    .get(format!("app.kubernetes.io/{key}"))?
                    .as_str()
            };
            label("part-of").filter(|part_of| *part_of == "flux")?;
            Self::named(label("component")?)
        })
    }

    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The name.
impl fmt::Display for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
