use crate::flags::Flags;

/// The feature gates of helm-controller that change what a spec means. All are off by default.
///
/// Source: helm-controller: `internal/features/features.go`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::helm::Gates;
///
/// let gates = Gates::default().with_use_helm3_defaults(true);
/// assert!(gates.use_helm3_defaults && !gates.default_to_retry_on_failure);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Gates {
    /// `UseHelm3Defaults`: an unset option means what it meant in Helm 3.
    pub use_helm3_defaults: bool,
    /// `DefaultToRetryOnFailure`: an action without a strategy is retried instead of remediated.
    pub default_to_retry_on_failure: bool,
}

impl Gates {
    /// The same with the gate `UseHelm3Defaults` on or off.
    #[must_use]
    pub const fn with_use_helm3_defaults(mut self, on: bool) -> Self {
        self.use_helm3_defaults = on;
        self
    }

    /// The same with the gate `DefaultToRetryOnFailure` on or off.
    #[must_use]
    pub const fn with_default_to_retry_on_failure(mut self, on: bool) -> Self {
        self.default_to_retry_on_failure = on;
        self
    }
}

/// The gates of a controller that was started with these arguments.
impl From<&Flags> for Gates {
    fn from(flags: &Flags) -> Self {
        let is_on = |name| flags.gate(name).is_some_and(|gate| gate.value);
        Self {
            use_helm3_defaults: is_on("UseHelm3Defaults"),
            default_to_retry_on_failure: is_on("DefaultToRetryOnFailure"),
        }
    }
}
