//! The stack: literals grow into one another, and what lies above a bar or a parenthesis becomes one node.

use super::{Fault, Flags, Node, Op, Parser};
use crate::regexp::class::Class;
use crate::regexp::error::ErrorKind;
use crate::regexp::tree::fold;

impl Parser<'_> {
    pub(super) fn new_node(&mut self, op: Op) -> Node {
        self.limits.allocate();
        Node::new(op, self.flags)
    }

    pub(super) fn push_new(&mut self, op: Op) -> Result<(), Fault> {
        let node = self.new_node(op);
        self.push(node)
    }

    /// Pushes a class whose node is already counted.
    pub(super) fn push_class(&mut self, class: Class) -> Result<(), Fault> {
        self.push(Node::new(Op::Class(class), self.flags))
    }

    pub(super) fn literal(&mut self, rune: u32) -> Result<(), Fault> {
        let rune = match self.flags.has(Flags::FOLD) {
            true => least_case(rune),
            false => rune,
        };
        self.push_new(Op::Literal(vec![rune]))
    }

    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.push)`.
    pub(super) fn push(&mut self, mut node: Node) -> Result<(), Fault> {
        self.limits.count_runes(node.runes());
        if let Some((rune, folds)) = node.as_letter() {
            node.flags = match folds {
                true => self.flags.with(Flags::FOLD),
                false => self.flags.without(Flags::FOLD),
            };
            if self.join_literals(Some((rune, node.flags))) {
                return Ok(());
            }
            node.op = Op::Literal(vec![rune]);
        } else {
            self.join_literals(None);
        }
        self.check(&mut node)?;
        self.stack.push(node);
        Ok(())
    }

    /// Appends the last literal to the one before it; no operator will apply to it any more. Whether it then became the
    /// next literal.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.maybeConcat)`.
    fn join_literals(&mut self, next: Option<(u32, Flags)>) -> bool {
        let [.., before, last] = &mut *self.stack else {
            return false;
        };
        let (Op::Literal(text), Op::Literal(end)) = (&mut before.op, &mut last.op) else {
            return false;
        };
        if !before.flags.agrees(last.flags, Flags::FOLD) {
            return false;
        }
        text.append(end);
        match next {
            Some((rune, flags)) => {
                end.push(rune);
                last.flags = flags;
                true
            }
            None => {
                self.stack.pop();
                self.limits.free();
                false
            }
        }
    }

    /// Opens a group.
    pub(super) fn open(&mut self, name: &str) -> Result<(), Fault> {
        self.names.push(name.into());
        self.push_new(Op::Open(Some(self.names.len())))
    }

    /// Closes the innermost group.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parseRightParen)`.
    pub(super) fn close(&mut self) -> Result<(), Fault> {
        self.alternatives()?;
        let inner = self.stack.pop();
        let outer = self.stack.pop();
        let (Some(inner), Some(mut outer)) = (inner, outer) else {
            return Err(self.whole(ErrorKind::UnexpectedParen));
        };
        let Op::Open(group) = outer.op else {
            return Err(self.whole(ErrorKind::UnexpectedParen));
        };
        self.flags = outer.flags;
        match group {
            None => self.push(inner),
            Some(group) => {
                outer.op = Op::Capture(group);
                outer.subs.push(inner);
                self.push(outer)
            }
        }
    }

    /// Ends one alternative and begins another.
    pub(super) fn bar(&mut self) -> Result<(), Fault> {
        self.concat()?;
        if !self.swap_bar() {
            self.push_new(Op::Bar)?;
        }
        Ok(())
    }

    /// Ends the last alternative and makes one node of all.
    pub(super) fn alternatives(&mut self) -> Result<(), Fault> {
        self.concat()?;
        if self.swap_bar() {
            self.stack.pop();
        }
        let mut alternatives = self.take_items();
        if let Some(last) = alternatives.last_mut() {
            last.clean();
        }
        let node = match alternatives.is_empty() {
            true => self.new_bare(Op::Nothing),
            false => self.collapse(alternatives, Op::Unfactored)?,
        };
        self.push(node)
    }

    /// Makes one node of the items since the last bar or parenthesis.
    fn concat(&mut self) -> Result<(), Fault> {
        self.join_literals(None);
        let items = self.take_items();
        let node = match items.is_empty() {
            true => self.new_bare(Op::Empty),
            false => self.collapse(items, Op::Concat)?,
        };
        self.push(node)
    }

    pub(super) fn new_bare(&mut self, op: Op) -> Node {
        self.limits.allocate();
        Node::new(op, Flags::NONE)
    }

    fn take_items(&mut self) -> Vec<Node> {
        let pseudo = self.stack.iter().rposition(Node::is_pseudo);
        self.stack.split_off(pseudo.map_or(0, |at| at + 1))
    }

    /// Brings the alternative on top below the bar, if there is one; a class joins a class there.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.swapVerticalBar)`.
    fn swap_bar(&mut self) -> bool {
        let [.., bar, _] = &*self.stack else {
            return false;
        };
        if bar.op != Op::Bar {
            return false;
        }
        if let [.., below, _, top] = &mut *self.stack {
            if let (Some(rank), Some((top_rank, _))) = (below.class_rank(), top.class_rank()) {
                if top_rank > rank.0 {
                    std::mem::swap(below, top);
                }
                below.merge(top);
                self.stack.pop();
                self.limits.free();
                return true;
            }
            below.clean();
        }
        let count = self.stack.len();
        self.stack.swap(count - 1, count - 2);
        true
    }

    /// One node of several; nodes of the same kind among them dissolve.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.collapse)`.
    fn collapse(&mut self, mut subs: Vec<Node>, op: Op) -> Result<Node, Fault> {
        let only = if subs.len() == 1 { subs.pop() } else { None };
        match only {
            Some(only) => Ok(only),
            None if op == Op::Concat => Ok(self.join(subs, op)),
            None => {
                let alternatives = self.join(subs, op);
                self.factor(alternatives)
            }
        }
    }

    pub(super) fn join(&mut self, subs: Vec<Node>, op: Op) -> Node {
        let mut node = self.new_bare(op);
        for sub in subs {
            match (&node.op, &sub.op) {
                (Op::Concat, Op::Concat) | (Op::Unfactored, Op::Alternate) => {
                    node.subs.extend(sub.subs);
                    self.limits.free();
                }
                _ => node.subs.push(sub),
            }
        }
        node
    }
}

fn least_case(rune: u32) -> u32 {
    let cases = std::iter::successors(Some(fold(rune)), |case| Some(fold(*case)));
    cases.take_while(|case| *case != rune).fold(rune, u32::min)
}
