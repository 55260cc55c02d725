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

    fn find(&self, path: &[Segment]) -> Result<&Node, (Option<&Node>, usize)> {
        let mut node = self.nodes.first().ok_or((None, 0))?;
        for (depth, segment) in path.iter().enumerate() {
            // The last of repeated keys wins.
            let mut children = node
                .children
                .iter()
                .rev()
                .filter_map(|child| self.nodes.get(*child));
            node = children
                .find(|child| child.segment == *segment)
                .ok_or((Some(node), depth))?;
        }
        Ok(node)
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
            children: Vec::new(),
        });
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(number);
        }
        number
    }

    /// Sets the end of a collection, once it is known.
    pub(super) fn close(&mut self, number: usize, end: usize) {
        if let Some(node) = self.nodes.get_mut(number) {
            node.value.end = end.max(node.value.start);
        }
    }

    pub(super) fn shift(&mut self, base: usize) {
        for node in &mut self.nodes {
            for span in [&mut node.key, &mut node.value] {
                *span = span.start + base..span.end + base;
            }
        }
    }
}
