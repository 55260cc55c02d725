//! What alternatives have in common at their beginning is taken out. It changes no match, but the height of the tree.

use super::{Fault, Flags, Node, Op, Parser};

/// Alternatives that are still to be searched for what they have in common.
type Pending<'n> = (&'n mut Node, u32);

impl Parser<'_> {
    /// Takes out of alternatives what they have in common, and out of what is left of them, until nothing is. Each time adds
    /// a level at least, so that the tree is too deep when it was done too often. A list of what is to be done stands in for
    /// calls within calls.
    pub(super) fn factor(&mut self, mut root: Node) -> Result<Node, Fault> {
        let mut pending: Vec<Pending<'_>> = vec![(&mut root, 1)];
        while let Some((node, depth)) = pending.pop() {
            self.too_deep(depth)?;
            node.op = Op::Alternate;
            let subs = self.factor_once(std::mem::take(&mut node.subs))?;
            node.subs = subs;
            if node.subs.len() == 1
                && let Some(only) = node.subs.pop()
            {
                self.limits.free();
                *node = only;
                pending.extend(rest_of_alternatives(node).map(|rest| (rest, depth + 1)));
            } else {
                let rests = node.subs.iter_mut().filter_map(rest_of_alternatives);
                pending.extend(rests.map(|rest| (rest, depth + 1)));
            }
        }
        Ok(root)
    }

    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.factor)`, whose four rounds these are.
    fn factor_once(&mut self, subs: Vec<Node>) -> Result<Vec<Node>, Fault> {
        let subs = self.factor_texts(subs)?;
        let subs = self.factor_classes(subs)?;
        let subs = self.join_classes(subs);
        Ok(join_empty(subs))
    }

    /// `abc|abd` to `ab(?:c|d)`.
    fn factor_texts(&mut self, subs: Vec<Node>) -> Result<Vec<Node>, Fault> {
        let mut out = Vec::new();
        let mut run = Vec::<Node>::new();
        let mut common = Vec::<u32>::new();
        let mut flags = Flags::NONE;
        for sub in subs {
            let (text, sub_flags) = leading_text(&sub);
            let same = common.iter().zip(text).take_while(|(a, b)| a == b);
            let same = if sub_flags == flags { same.count() } else { 0 };
            if same > 0 {
                common.truncate(same);
            } else {
                let next = text.to_vec();
                self.end_of_texts(&mut out, std::mem::take(&mut run), (common, flags))?;
                (common, flags) = (next, sub_flags);
            }
            run.push(sub);
        }
        self.end_of_texts(&mut out, run, (common, flags))?;
        Ok(out)
    }

    fn end_of_texts(
        &mut self,
        out: &mut Vec<Node>,
        run: Vec<Node>,
        (common, flags): (Vec<u32>, Flags),
    ) -> Result<(), Fault> {
        if run.len() < 2 {
            out.extend(run);
            return Ok(());
        }
        let length = common.len();
        self.limits.allocate();
        let prefix = Node::new(Op::Literal(common), flags);
        let mut rests = Vec::with_capacity(run.len());
        for sub in run {
            let mut rest = self.without_text(sub, length);
            self.check(&mut rest)?;
            rests.push(rest);
        }
        let rest = self.join(rests, Op::Unfactored);
        let mut node = self.new_bare(Op::Concat);
        node.subs = vec![prefix, rest];
        out.push(node);
        Ok(())
    }

    fn without_text(&mut self, mut node: Node, length: usize) -> Node {
        match &mut node.op {
            Op::Literal(text) => {
                text.drain(..length.min(text.len()));
                if text.is_empty() {
                    node.op = Op::Empty;
                }
                node
            }
            Op::Concat if !node.subs.is_empty() => {
                let first = self.without_text(node.subs.remove(0), length);
                if first.op != Op::Empty {
                    node.subs.insert(0, first);
                    return node;
                }
                self.limits.free();
                self.dissolve(node)
            }
            _ => node,
        }
    }

    /// What is left of a concatenation that lost its first item.
    fn dissolve(&mut self, mut node: Node) -> Node {
        match node.subs.len() {
            0 => node.op = Op::Empty,
            1 => {
                if let Some(only) = node.subs.pop() {
                    self.limits.free();
                    return only;
                }
            }
            _ => {}
        }
        node
    }

    /// `[ab]c|[ab]d` to `[ab](?:c|d)`. Only classes and fixed repetitions of them: others have several ways to match.
    fn factor_classes(&mut self, subs: Vec<Node>) -> Result<Vec<Node>, Fault> {
        let mut out = Vec::new();
        let mut run = Vec::<Node>::new();
        for sub in subs {
            let first = run.first().and_then(leading_node);
            let continues = first.is_some_and(|first| {
                has_one_way(first) && leading_node(&sub).is_some_and(|node| is_same(first, node))
            });
            if !continues {
                self.end_of_classes(&mut out, std::mem::take(&mut run))?;
            }
            run.push(sub);
        }
        self.end_of_classes(&mut out, run)?;
        Ok(out)
    }

    fn end_of_classes(&mut self, out: &mut Vec<Node>, run: Vec<Node>) -> Result<(), Fault> {
        if run.len() < 2 {
            out.extend(run);
            return Ok(());
        }
        let mut prefix = None;
        let mut rests = Vec::with_capacity(run.len());
        for sub in run {
            let (first, mut rest) = self.split_first(sub);
            if prefix.is_none() {
                prefix = Some(first);
            } else {
                self.limits.free();
            }
            self.check(&mut rest)?;
            rests.push(rest);
        }
        let rest = self.join(rests, Op::Unfactored);
        let mut node = self.new_bare(Op::Concat);
        node.subs.extend(prefix);
        node.subs.push(rest);
        out.push(node);
        Ok(())
    }

    fn split_first(&mut self, mut node: Node) -> (Node, Node) {
        if node.op == Op::Concat && !node.subs.is_empty() {
            let first = node.subs.remove(0);
            return (first, self.dissolve(node));
        }
        (node, self.new_bare(Op::Empty))
    }

    /// `[ab]|c` to `[a-c]`.
    fn join_classes(&mut self, subs: Vec<Node>) -> Vec<Node> {
        let mut out = Vec::new();
        let mut run = Vec::new();
        for sub in subs {
            if sub.is_class() {
                run.push(sub);
                continue;
            }
            out.extend(self.one_class(std::mem::take(&mut run)));
            out.push(sub);
        }
        out.extend(self.one_class(run));
        out
    }

    fn one_class(&mut self, mut run: Vec<Node>) -> Option<Node> {
        if run.len() > 1 {
            // The first of the most complex ones takes the others in.
            let mut most = 0;
            for (at, node) in run.iter().enumerate() {
                if node.class_rank() > run.get(most).and_then(Node::class_rank) {
                    most = at;
                }
            }
            run.swap(0, most);
        }
        let mut run = run.into_iter();
        let mut whole = run.next()?;
        let count = run.len();
        for node in run {
            whole.merge(&node);
            self.limits.free();
        }
        if count > 0 {
            whole.clean();
        }
        Some(whole)
    }
}

/// What follows the common beginning, if it is new.
fn rest_of_alternatives(node: &mut Node) -> Option<&mut Node> {
    node.subs
        .get_mut(1)
        .filter(|rest| rest.op == Op::Unfactored)
}

/// Of empty alternatives side by side, the last is left.
fn join_empty(subs: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::<Node>::with_capacity(subs.len());
    for sub in subs {
        if sub.op == Op::Empty && out.last().is_some_and(|last| last.op == Op::Empty) {
            out.pop();
        }
        out.push(sub);
    }
    out
}

fn leading_text(node: &Node) -> (&[u32], Flags) {
    let first = match (&node.op, node.subs.first()) {
        (Op::Concat, Some(first)) => first,
        _ => node,
    };
    match &first.op {
        Op::Literal(text) if first.flags.has(Flags::FOLD) => (text, Flags::FOLD),
        Op::Literal(text) => (text, Flags::NONE),
        _ => (&[], Flags::NONE),
    }
}

fn leading_node(node: &Node) -> Option<&Node> {
    let first = match (&node.op, node.subs.first()) {
        (Op::Concat, Some(first)) => first,
        _ => node,
    };
    (first.op != Op::Empty).then_some(first)
}

fn has_one_way(node: &Node) -> bool {
    let fixed = matches!(node.op, Op::Repeat(min, Some(max)) if min == max);
    node.is_class() || fixed && node.subs.iter().all(Node::is_class)
}

/// Source: Go 1.26: `src/regexp/syntax/regexp.go (Regexp.Equal)`, for nodes that have one way to match.
fn is_same(a: &Node, b: &Node) -> bool {
    let flag = match a.op {
        Op::Literal(_) | Op::Class(_) => Flags::FOLD,
        Op::Repeat(..) => Flags::LAZY,
        _ => Flags::NONE,
    };
    let same_subs = || a.subs.iter().zip(&b.subs).all(|(a, b)| is_same(a, b));
    a.op == b.op && a.flags.agrees(b.flags, flag) && a.subs.len() == b.subs.len() && same_subs()
}
