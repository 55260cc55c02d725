//! How several conditions become one.

/// Which conditions are merged, and what the reason and the message of the result are made of.
///
/// Without options, all conditions in scope count as good when `True`, and reason and message are those of the first of
/// the conditions that decide.
///
/// Source: `fluxcd/pkg: runtime/conditions/merge_strategies.go` v0.110.1.
///
/// # Examples
///
/// ```
/// use fluxcd_core::condition::MergeOptions;
///
/// const READY: MergeOptions<'_> = MergeOptions::new()
///     .with_conditions(&["FetchFailed", "ArtifactInStorage"])
///     .with_negative_polarity(&["FetchFailed"]);
/// ```
#[must_use]
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MergeOptions<'a> {
    pub(super) conditions: Option<&'a [&'a str]>,
    pub(super) negative_polarity: &'a [&'a str],
    pub(super) counter: Only<'a>,
    pub(super) step_counter: Only<'a>,
    pub(super) source_ref: Only<'a>,
    pub(super) own_name: (&'a str, &'a str),
    pub(super) generations: Generations,
    pub(super) attribution: Attribution,
}

/// When a part of the result is there.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Only<'a> {
    #[default]
    Never,
    Always,
    /// Depends on the types in scope.
    If(&'a [&'a str]),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Generations {
    #[default]
    All,
    Latest,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Attribution {
    /// To the object whose place in the list is that of the condition within its own object.
    #[default]
    AsUpstream,
    ToItsObject,
}

impl<'a> MergeOptions<'a> {
    /// No options.
    pub const fn new() -> Self {
        Self {
            conditions: None,
            negative_polarity: &[],
            counter: Only::Never,
            step_counter: Only::Never,
            source_ref: Only::Never,
            own_name: ("", ""),
            generations: Generations::All,
            attribution: Attribution::AsUpstream,
        }
    }

    /// Takes conditions of these types only. Where several decide, the first of the list gives reason and message. An empty
    /// list takes none.
    pub const fn with_conditions(mut self, types: &'a [&'a str]) -> Self {
        self.conditions = Some(types);
        self
    }

    /// Types that are bad when `True`. The target may be among them.
    pub const fn with_negative_polarity(mut self, types: &'a [&'a str]) -> Self {
        self.negative_polarity = types;
        self
    }

    /// The message becomes `2 of 3 Ready`: how many conditions decide, how many objects there are, and the type of the first.
    /// Of use for an aggregate only: a summary has no objects, and counts `of 0`.
    pub const fn with_counter(mut self) -> Self {
        self.counter = Only::Always;
        self
    }

    /// As [`with_counter`](Self::with_counter), where an aggregate has no condition of another type in scope.
    pub const fn with_counter_if_only(mut self, types: &'a [&'a str]) -> Self {
        self.counter = Only::If(types);
        self
    }

    /// The message becomes `1 of 3 completed`: how many conditions are good and `True`, and how many steps there are.
    /// Goes before [`with_counter`](Self::with_counter).
    ///
    /// The steps of a summary are the types of [`with_conditions`](Self::with_conditions), or else the conditions in scope;
    /// those of an aggregate are its objects.
    pub const fn with_step_counter(mut self) -> Self {
        self.step_counter = Only::Always;
        self
    }

    /// As [`with_step_counter`](Self::with_step_counter), where a summary has no condition of another type in scope. These
    /// types are its steps.
    pub const fn with_step_counter_if_only(mut self, types: &'a [&'a str]) -> Self {
        self.step_counter = Only::If(types);
        self
    }

    /// The reason names the object that it comes from: `BuildFailed @ Kustomization/apps`. A reason with an `@` stays.
    pub const fn with_source_ref(mut self) -> Self {
        self.source_ref = Only::Always;
        self
    }

    /// As [`with_source_ref`](Self::with_source_ref), where an aggregate has a condition of one of these types in scope.
    pub const fn with_source_ref_if(mut self, types: &'a [&'a str]) -> Self {
        self.source_ref = Only::If(types);
        self
    }

    /// Kind and name of the object that is summarised, for [`with_source_ref`](Self::with_source_ref). Empty if not told, as
    /// the kind is upstream for an object that came from the API server.
    pub const fn with_own_name(mut self, kind: &'a str, name: &'a str) -> Self {
        self.own_name = (kind, name);
        self
    }

    /// Only conditions of the newest generation decide.
    pub const fn with_latest_generation(mut self) -> Self {
        self.generations = Generations::Latest;
        self
    }

    /// An aggregate takes each condition for one of the object that has it, and cannot fail. The controllers do not: see
    /// [`Conditions::aggregate`](super::Conditions::aggregate).
    pub const fn with_true_sources(mut self) -> Self {
        self.attribution = Attribution::ToItsObject;
        self
    }
}
