//! The tree of an expression, with its macros expanded.
//!
//! Nodes lie in one list and name each other by their place, children before parents. So a tree of any depth is built,
//! copied and dropped without recursion. A node may have more than one parent: `optMap` uses its target twice.

use std::borrow::Cow;
use std::ops::Range;

/// The nodes of one expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    root: NodeId,
}

/// The place of a node in its tree; smaller than that of every node above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(u32);

/// One expression within the tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The text of the whole expression, in bytes of the source; for what a macro made, the text of the macro.
    pub(super) span: Range<u32>,
    /// Where upstream says that the expression is: the operator of a sum, the bracket of a call, the start of a name.
    pub(super) at: u32,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Literal(Literal),
    /// A name without dots, but for one that may stand in front.
    Ident(Box<str>),
    Select {
        operand: NodeId,
        field: Box<str>,
        test: Test,
    },
    /// A function, or an operator under one of the names in [`operator`].
    Call {
        target: Option<NodeId>,
        function: Cow<'static, str>,
        arguments: Vec<NodeId>,
    },
    List(Vec<Element>),
    Map(Vec<Entry>),
    Struct {
        name: Box<str>,
        fields: Vec<Field>,
    },
    Comprehension(Box<Comprehension>),
}

/// A constant of the source.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Box<str>),
    Bytes(Box<[u8]>),
}

/// Whether a selection asks for the value or, under `has`, for its presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Value,
    Presence,
}

/// `e` or `?e` in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) value: NodeId,
    pub(super) optional: bool,
}

/// `k: v` or `?k: v` in a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    pub(super) optional: bool,
}

/// `f: v` or `?f: v` in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) value: NodeId,
    pub(super) optional: bool,
}

/// What the macros over lists and maps become: a fold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comprehension {
    pub(super) range: NodeId,
    /// Bound to each element of a list or key of a map, in the condition and the step.
    pub(super) variable: Box<str>,
    /// Bound to what was folded so far, in the condition, the step and the result.
    pub(super) accumulator: Cow<'static, str>,
    pub(super) init: NodeId,
    /// The fold ends before the first element for which this is false.
    pub(super) condition: NodeId,
    pub(super) step: NodeId,
    pub(super) result: NodeId,
    /// What the user wrote.
    pub(super) fold: Fold,
}

/// The macro that a comprehension was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    All {
        predicate: NodeId,
    },
    Exists {
        predicate: NodeId,
    },
    ExistsOne {
        predicate: NodeId,
    },
    /// `map`, `map` with a predicate, and `filter`, whose value is the variable.
    List {
        predicate: Option<NodeId>,
        value: NodeId,
    },
    /// The inner part of `optMap` and `optFlatMap`: the accumulator is bound to `init` within `result`.
    Bind,
}

/// The names under which operators are functions.
pub(super) mod operator {
    pub(in crate::cel) const ADD: &str = "_+_";
    pub(in crate::cel) const AND: &str = "_&&_";
    pub(in crate::cel) const CONDITIONAL: &str = "_?_:_";
    pub(in crate::cel) const DIVIDE: &str = "_/_";
    pub(in crate::cel) const EQUALS: &str = "_==_";
    pub(in crate::cel) const GREATER: &str = "_>_";
    pub(in crate::cel) const GREATER_EQUALS: &str = "_>=_";
    pub(in crate::cel) const IN: &str = "@in";
    pub(in crate::cel) const INDEX: &str = "_[_]";
    pub(in crate::cel) const LESS: &str = "_<_";
    pub(in crate::cel) const LESS_EQUALS: &str = "_<=_";
    pub(in crate::cel) const MODULO: &str = "_%_";
    pub(in crate::cel) const MULTIPLY: &str = "_*_";
    pub(in crate::cel) const NEGATE: &str = "-_";
    pub(in crate::cel) const NOT: &str = "!_";
    pub(in crate::cel) const NOT_EQUALS: &str = "_!=_";
    pub(in crate::cel) const NOT_STRICTLY_FALSE: &str = "@not_strictly_false";
    pub(in crate::cel) const OPTIONAL_INDEX: &str = "_[?_]";
    pub(in crate::cel) const OPTIONAL_SELECT: &str = "_?._";
    pub(in crate::cel) const OR: &str = "_||_";
    pub(in crate::cel) const SUBTRACT: &str = "_-_";
}

/// The accumulator of every macro but `optMap` and `optFlatMap`, whose accumulator is the variable of the user.
pub(super) const ACCUMULATOR: &str = "@result";

impl Kind {
    /// Calls `visit` with the expressions right below.
    pub(super) fn each_child(&self, mut visit: impl FnMut(NodeId)) {
        match self {
            Self::Literal(_) | Self::Ident(_) => {}
            Self::Select { operand, .. } => visit(*operand),
            Self::Call {
                target, arguments, ..
            } => target.iter().chain(arguments).copied().for_each(visit),
            Self::List(elements) => elements.iter().for_each(|element| visit(element.value)),
            Self::Map(entries) => {
                for entry in entries {
                    visit(entry.key);
                    visit(entry.value);
                }
            }
            Self::Struct { fields, .. } => fields.iter().for_each(|field| visit(field.value)),
            Self::Comprehension(it) => {
                let below = [it.range, it.init, it.condition, it.step, it.result];
                below.into_iter().for_each(visit);
            }
        }
    }
}

impl Tree {
    /// A tree without nodes is `null`.
    pub(super) fn new(nodes: Vec<Node>, root: NodeId) -> Self {
        Self { nodes, root }
    }

    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    /// The number of nodes; a place is smaller.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node at that place, which is one of this tree.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.place()).unwrap_or(&NOTHING)
    }

    /// All nodes with their places, children before parents.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }
}

impl NodeId {
    pub(super) fn new(place: u32) -> Self {
        Self(place)
    }

    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

static NOTHING: Node = Node {
    kind: Kind::Literal(Literal::Null),
    span: 0..0,
    at: 0,
};
