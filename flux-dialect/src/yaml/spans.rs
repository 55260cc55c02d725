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

/// The two sides of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The key of a map.
    Key,
    /// What stands behind it; an item of a list; the document.
    Value,
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

impl Node {
    /// Where the entry begins.
    const fn start(&self) -> usize {
        match self.segment {
            Segment::Key(_) => self.key.start,
            Segment::Index(_) => self.value.start,
        }
    }

    const fn part_at(&self, offset: usize) -> Option<Part> {
        match self.segment {
            Segment::Key(_) if self.key.start <= offset && offset <= self.key.end => {
                Some(Part::Key)
            }
            _ if self.value.start <= offset && offset <= self.value.end => Some(Part::Value),
            _ => None,
        }
    }
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
    /// In the order of the text.
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

    /// The deepest node whose key or value holds a byte of the text; the end of a node is part of it where no other one
    /// begins. Of a repeated key every occurrence has the same path. `None` before and behind the document, and for what
    /// JSON cannot hold (a list as a key).
    ///
    /// A search by halves: the cost grows with the depth of the node, not with the number of its siblings.
    ///
    /// ```
    /// use fluxcd_dialect::yaml::{Loader, Part};
    ///
    /// let (_, spans) = Loader::v2().load_with_spans(b"metadata:\n  name: app\n")?;
    /// assert_eq!(spans.at(20), Some((vec!["metadata".into(), "name".into()], Part::Value)));
    /// assert_eq!(spans.at(3), Some((vec!["metadata".into()], Part::Key)));
    /// # Ok::<(), fluxcd_dialect::yaml::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<(Vec<Segment>, Part)> {
        let behind = self.nodes.partition_point(|node| node.start() <= offset);
        let mut number = behind.checked_sub(1)?;
        loop {
            let node = self.nodes.get(number)?;
            if let Some(part) = node.part_at(offset) {
                return Some((self.path(number), part));
            }
            number = node.parent?;
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

#[cfg(test)]
mod tests {
    use super::{Part, Segment, Spans};
    use crate::yaml::Loader;

    fn spans(text: &str) -> Spans {
        Loader::v2().load_with_spans(text.as_bytes()).unwrap().1
    }

    /// Path and part as one text.
    fn at(text: &str, mark: &str) -> Option<String> {
        let (path, part) = spans(text).at(text.find(mark).unwrap())?;
        let path = path.iter().map(Segment::to_string).collect::<Vec<_>>();
        Some(format!("{} {part:?}", path.join(".")))
    }

    #[test]
    fn keys_values_and_items_are_found_by_a_byte_of_them() {
        let text = "# top\nb: {x: 1, z: [2, three]}\na:\n- name: app\n  text: |\n    one\n    two\n- \"q\"\n";
        for (mark, expected) in [
            ("b:", "b Key"),
            ("x:", "b.x Key"),
            ("1,", "b.x Value"),
            ("hree", "b.z.[1] Value"),
            ("a:", "a Key"),
            ("ame", "a.[0].name Key"),
            ("pp", "a.[0].name Value"),
            ("two", "a.[0].text Value"),
            ("q", "a.[1] Value"),
        ] {
            assert_eq!(at(text, mark).as_deref(), Some(expected), "{mark}");
        }
        assert_eq!(at(text, "# top"), None);
    }

    #[test]
    fn the_end_of_a_node_is_part_of_it_where_nothing_else_begins() {
        let spans = spans("a: x\nb:\nc: [1,2]\n");
        let find = |offset| spans.at(offset);
        assert_eq!(find(1), Some((vec!["a".into()], Part::Key)));
        assert_eq!(find(4), Some((vec!["a".into()], Part::Value)));
        assert_eq!(find(5), Some((vec!["b".into()], Part::Key)));
        assert_eq!(find(7), Some((vec!["b".into()], Part::Value)));
        assert_eq!(find(2), Some((vec![], Part::Value)));
        assert_eq!(find(13), Some((vec!["c".into(), 0.into()], Part::Value)));
        assert_eq!(find(14), Some((vec!["c".into(), 1.into()], Part::Value)));
        assert_eq!(find(16), Some((vec!["c".into()], Part::Value)));
        assert_eq!(find(1000), None);
    }

    #[test]
    fn repeated_keys_aliases_and_merges_have_the_place_where_they_stand() {
        let text = "a: &a {x: 1}\nb: *a\nc: 1\nc: 2\nd:\n  <<: *a\n  e: 3\n";
        for (mark, expected) in [
            ("*a", "b Value"),
            ("1\nc", "c Value"),
            ("2\n", "c Value"),
            ("<<", "d.<< Key"),
            ("3", "d.e Value"),
        ] {
            assert_eq!(at(text, mark).as_deref(), Some(expected), "{mark}");
        }
        assert_eq!(Spans::default().at(0), None);
    }
}
