use fluxcd_core::ready::{Reader, Status};
use kube::core::DynamicObject;
use kube::runtime::wait::Condition;
use serde_json::to_value;

use crate::Clock;

/// The readiness of any object as a condition of [`await_condition`](kube::runtime::wait::await_condition) and of kube's
/// other functions that take one.
///
/// It looks at the object alone, not at the Pods of a workload. `await_condition` itself ends with the first error of a
/// watch, even if that is a resource version that is too old, and has no time limit: a [`Waiter`](super::Waiter) survives
/// the one, and has the other.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::wait::Kstatus;
/// use kube::core::DynamicObject;
/// use kube::runtime::wait::Condition;
/// use serde_json::{from_value, json};
///
/// let claim: DynamicObject = from_value(json!({
///     "apiVersion": "v1", "kind": "PersistentVolumeClaim",
///     "metadata": {"name": "data"}, "status": {"phase": "Bound"},
/// }))?;
/// assert!(Kstatus::default().matches_object(Some(&claim)));
/// assert!(!Kstatus::default().matches_object(None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Kstatus {
    reader: Reader,
    clock: Clock,
}

impl Kstatus {
    /// Judges by these rules.
    #[must_use]
    pub fn new(reader: Reader, clock: Clock) -> Self {
        Self { reader, clock }
    }
}

impl Condition<DynamicObject> for Kstatus {
    fn matches_object(&self, object: Option<&DynamicObject>) -> bool {
        let Some(Ok(object)) = object.map(to_value) else {
            return false;
        };
        let read = self.reader.read(&object, [], self.clock.now());
        read.is_ok_and(|readiness| readiness.status == Status::Current)
    }
}
