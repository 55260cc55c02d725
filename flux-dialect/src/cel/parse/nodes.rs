use std::ops::Range;

use super::{Parsed, Parser, Shape};
use crate::cel::error::Error;
use crate::cel::limit::{MAX_DEPTH, MAX_NESTING};
use crate::cel::tree::{Kind, Node, NodeId};

impl Parser<'_> {
    pub(in crate::cel) fn push(&mut self, kind: Kind, span: Range<u32>, at: u32) -> Parsed<NodeId> {
        let mut shape = Shape::default();
        kind.each_child(|child| {
            let below = self.shapes.get(child.place()).copied().unwrap_or_default();
            shape.chain = shape.chain.max(below.chain);
            shape.depth = shape.depth.max(below.depth + 1);
        });
        if shape.depth > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let id = NodeId::new(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { kind, span, at });
        self.shapes.push(shape);
        Ok(id)
    }

    pub(in crate::cel) fn operation(
        &mut self,
        name: &'static str,
        arguments: &[NodeId],
        span: Range<u32>,
        at: u32,
    ) -> Parsed<NodeId> {
        let call = Kind::Call {
            target: None,
            function: name.into(),
            arguments: arguments.to_vec(),
        };
        self.push(call, span, at)
    }

    pub(in crate::cel) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.place())
    }

    /// Counts a link of a chain.
    pub(super) fn chained(&mut self, id: NodeId) -> Parsed<()> {
        if let Some(shape) = self.shapes.get_mut(id.place()) {
            shape.chain += 1;
            if shape.chain > self.nesting() {
                return Err(self.too_deep());
            }
        }
        Ok(())
    }

    pub(super) fn nesting(&self) -> u32 {
        self.options.limits.nesting.min(MAX_NESTING)
    }

    pub(super) fn too_deep(&self) -> Box<Error> {
        let token = self.peek();
        let message = "max recursion depth exceeded";
        Box::new(Error::too_much(message, token.span(), token.start))
    }
}
