//! Where in the text a value stands.

use std::fmt;
use std::ops::Range;

/// A range of bytes in the text.
pub type Span = Range<usize>;

/// One step of a path into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// The entry of a map.
    Key(String),
    /// The item of a list, counted from 0.
    Index(usize),
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for Segment {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The key as it is, or the index in brackets.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    segment: Segment,
    key: Span,
    value: Span,
    parent: Option<usize>,
    /// In the order of the text; once the collection is closed, entries of a map in the order of their keys.
    children: Vec<usize>,
}

/// The places of all nodes of one document.
///
/// A value that came through an alias or a merge has the place of the alias, and its parts have none of their own;
/// [`Spans::nearest`] gives the place of the closest part of the path that has one.
///
/// ```
/// use fluxcd_dialect::yaml::Loader;
///
/// let text = b"metadata:\n  name: app\n";
/// let (_, spans) = Loader::v2().load_with_spans(text)?;
/// assert_eq!(spans.value(&["metadata".into(), "name".into()]), Some(18..21));
/// assert_eq!(spans.key(&["metadata".into(), "name".into()]), Some(12..16));
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans {
    nodes: Vec<Node>,
}

impl Spans {
    /// Place of the value at a path; the empty path is the document.
    #[must_use]
    pub fn value(&self, path: &[Segment]) -> Option<Span> {
        self.find(path).ok().map(|node| node.value.clone())
    }

    /// Place of the key that leads to the value at a path; `None` for the items of a list and for the document.
    #[must_use]
    pub fn key(&self, path: &[Segment]) -> Option<Span> {
        let node = self.find(path).ok()?;
        (!path.is_empty() && matches!(node.segment, Segment::Key(_))).then(|| node.key.clone())
    }

    /// Place of the value at the longest part of the path that is known, with the length of that part.
    #[must_use]
    pub fn nearest(&self, path: &[Segment]) -> (Span, usize) {
        match self.find(path) {
            Ok(node) => (node.value.clone(), path.len()),
            Err((node, depth)) => (node.map_or(0..0, |node| node.value.clone()), depth),
        }
    }

    /// The repeated keys of all maps, as path and place of the key, in the order of the text. The first of equal keys is
    /// none of them. Keys are compared as they are printed; `<<` is no key.
    #[must_use]
    pub fn repeated(&self) -> Vec<(Vec<Segment>, Span)> {
        let mut repeated = Vec::new();
        for node in &self.nodes {
            for (before, child) in node.children.iter().zip(node.children.iter().skip(1)) {
                if let (Some(before), Some(node)) =
                    (self.nodes.get(*before), self.nodes.get(*child))
                    && before.segment == node.segment
                    && node.segment != Segment::from("<<")
                {
                    repeated.push((self.path(*child), node.key.clone()));
                }
            }
        }
        repeated.sort_by_key(|(_, key)| key.start);
        repeated
    }

    fn path(&self, number: usize) -> Vec<Segment> {
        let mut path = Vec::new();
        let mut node = self.nodes.get(number);
        while let Some((at, parent)) = node.and_then(|node| Some((node, node.parent?))) {
            path.push(at.segment.clone());
            node = self.nodes.get(parent);
        }
        path.reverse();
        path
    }

    fn find(&self, path: &[Segment]) -> Result<&Node, (Option<&Node>, usize)> {
        let mut node = self.nodes.first().ok_or((None, 0))?;
        for (depth, segment) in path.iter().enumerate() {
            node = self.child(node, segment).ok_or((Some(node), depth))?;
        }
        Ok(node)
    }

    fn child(&self, node: &Node, segment: &Segment) -> Option<&Node> {
        let child = match segment {
            Segment::Index(index) => node.children.get(*index),
            // The last of repeated keys wins.
            Segment::Key(key) => {
                let end = node
                    .children
                    .partition_point(|child| self.key_of(*child) <= key.as_str());
                node.children.get(end.checked_sub(1)?)
            }
        };
        self.nodes
            .get(*child?)
            .filter(|child| child.segment == *segment)
    }

    fn key_of(&self, number: usize) -> &str {
        match self.nodes.get(number).map(|node| &node.segment) {
            Some(Segment::Key(key)) => key,
            Some(Segment::Index(_)) | None => "",
        }
    }

    /// Adds a node under `parent` and returns its number.
    pub(super) fn add(
        &mut self,
        parent: Option<usize>,
        segment: Segment,
        key: Span,
        value: Span,
    ) -> usize {
        let number = self.nodes.len();
        self.nodes.push(Node {
            segment,
            key,
            value,
            parent,
            children: Vec::new(),
        });
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(number);
        }
        number
    }

    /// Sets the end of a collection, once it is known, and sorts its entries by their keys.
    pub(super) fn close(&mut self, number: usize, end: usize) {
        let Some(node) = self.nodes.get_mut(number) else {
            return;
        };
        node.value.end = end.max(node.value.start);
        let mut children = std::mem::take(&mut node.children);
        children.sort_by(|a, b| self.key_of(*a).cmp(self.key_of(*b)));
        if let Some(node) = self.nodes.get_mut(number) {
            node.children = children;
        }
    }

    /// Moves all places, which lie in a text of this length.
    pub(super) fn shift(&mut self, base: usize, length: usize) {
        for node in &mut self.nodes {
            for span in [&mut node.key, &mut node.value] {
                *span = span.start.min(length) + base..span.end.min(length) + base;
            }
        }
    }
}
