use super::{OperationId, Value};
use crate::cel::value::TypeName;

/// A value and the way into it: `a.b[c].?d`.
#[derive(Debug, Clone)]
pub(in crate::cel) struct Attribute {
    pub(in crate::cel) root: Root,
    pub(in crate::cel) qualifiers: Vec<Qualifier>,
}

/// Where the way begins.
#[derive(Debug, Clone)]
pub(in crate::cel) enum Root {
    /// A variable, whose name may have dots: `a.b.c` may be the variable `a.b.c`, the field `c` of the variable `a.b`,
    /// or of the field `b` of the variable `a`. They are tried in this order.
    Name(Vec<Candidate>),
    Value(OperationId),
    /// Both branches go on with the qualifiers themselves.
    Conditional(OperationId, Box<Attribute>, Box<Attribute>),
}

#[derive(Debug, Clone)]
pub(in crate::cel) struct Candidate {
    pub(in crate::cel) name: Box<str>,
    /// How many qualifiers are part of the name.
    pub(in crate::cel) used: usize,
    /// The variable of a macro that has this name.
    pub(in crate::cel) local: Option<usize>,
    /// What the name means where no variable has it.
    pub(in crate::cel) meaning: Option<Value<'static>>,
}

/// One step of the way.
#[derive(Debug, Clone)]
pub(in crate::cel) struct Qualifier {
    pub(in crate::cel) key: Key,
    /// A missing value is `optional.none()`, and not an error; so it is for all qualifiers behind this one.
    pub(in crate::cel) optional: bool,
    /// The presence is asked for, and not the value.
    pub(in crate::cel) test: bool,
}

#[derive(Debug, Clone)]
pub(in crate::cel) enum Key {
    Constant(Value<'static>),
    Computed(OperationId),
}

impl Attribute {
    pub(super) fn named(name: &str, scope: &[Box<str>]) -> Self {
        let bare = name.strip_prefix('.').unwrap_or(name);
        let local = scope.iter().rposition(|variable| **variable == *bare);
        Self {
            root: Root::Name(vec![Candidate {
                local,
                ..Candidate::new(bare.into(), 0)
            }]),
            qualifiers: Vec::new(),
        }
    }

    pub(super) fn of(operation: OperationId) -> Self {
        Self {
            root: Root::Value(operation),
            qualifiers: Vec::new(),
        }
    }

    pub(super) fn conditional(condition: OperationId, truthy: Self, falsy: Self) -> Self {
        Self {
            root: Root::Conditional(condition, Box::new(truthy), Box::new(falsy)),
            qualifiers: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, qualifier: Qualifier) {
        match &mut self.root {
            Root::Conditional(_, truthy, falsy) => {
                truthy.push(qualifier.clone());
                falsy.push(qualifier);
                return;
            }
            Root::Name(candidates) => {
                let longest = candidates
                    .first()
                    .filter(|it| it.used == self.qualifiers.len());
                if let (Some(longest), Key::Constant(Value::String(field))) =
                    (longest, &qualifier.key)
                {
                    let name = format!("{}.{}", longest.name, &**field);
                    candidates.insert(0, Candidate::new(name.into(), self.qualifiers.len() + 1));
                }
            }
            Root::Value(_) => {}
        }
        self.qualifiers.push(qualifier);
    }
}

impl Attribute {
    /// What the whole of it means where no variable has that name.
    pub(super) fn meaning(&self) -> Option<Value<'static>> {
        let Root::Name(candidates) = &self.root else {
            return None;
        };
        let whole = candidates.first()?;
        let meaning = whole.meaning.clone();
        meaning.filter(|_| whole.used == self.qualifiers.len())
    }
}

/// Stands where an attribute was taken away.
impl Default for Attribute {
    fn default() -> Self {
        Self {
            root: Root::Name(Vec::new()),
            qualifiers: Vec::new(),
        }
    }
}

impl Candidate {
    fn new(name: Box<str>, used: usize) -> Self {
        let meaning = match &*name {
            "google.protobuf.NullValue.NULL_VALUE" => Some(Value::Int(0)),
            name => TypeName::named(name).map(Value::Type),
        };
        Self {
            name,
            used,
            local: None,
            meaning,
        }
    }
}

impl Qualifier {
    pub(super) fn constant(key: Value<'static>, optional: bool) -> Self {
        Self {
            key: Key::Constant(key),
            optional,
            test: false,
        }
    }

    pub(super) fn computed(operation: OperationId, optional: bool) -> Self {
        Self {
            key: Key::Computed(operation),
            optional,
            test: false,
        }
    }

    pub(super) fn is_constant(&self) -> bool {
        matches!(self.key, Key::Constant(_))
    }
}
