use super::{Parsed, Parser};
use crate::cel::lex::{Token, TokenKind};
use crate::cel::tree::{NodeId, operator};

impl Parser<'_> {
    /// `a ? b : c`, and everything that binds more tightly.
    pub(super) fn expression(&mut self) -> Parsed<NodeId> {
        self.open.expression += 1;
        if self.open.expression > self.nesting() {
            return Err(self.too_deep());
        }
        let start = self.peek().start;
        let mut found = self.any()?;
        if self.peek().kind == TokenKind::Sign("?") {
            let sign = self.next();
            let truthy = self.any()?;
            self.expect(":")?;
            let falsy = self.expression()?;
            let parts = [found, truthy, falsy];
            let span = start..self.end();
            found = self.operation(operator::CONDITIONAL, &parts, span, sign.start)?;
            self.chained(found)?;
        }
        self.open.expression -= 1;
        Ok(found)
    }

    /// A chain of `||`.
    fn any(&mut self) -> Parsed<NodeId> {
        self.logic("||", operator::OR, Self::every)
    }

    /// A chain of `&&`.
    fn every(&mut self) -> Parsed<NodeId> {
        self.logic("&&", operator::AND, Self::relation)
    }

    fn logic(
        &mut self,
        sign: &'static str,
        name: &'static str,
        operand: fn(&mut Self) -> Parsed<NodeId>,
    ) -> Parsed<NodeId> {
        let start = self.peek().start;
        let first = operand(self)?;
        if self.peek().kind != TokenKind::Sign(sign) {
            return Ok(first);
        }
        let mut terms = vec![first];
        let mut signs = Vec::new();
        while self.peek().kind == TokenKind::Sign(sign) {
            signs.push(self.next());
            terms.push(operand(self)?);
        }
        self.balanced(name, &terms, &signs, start)
    }

    /// The tree of a chain: the sign in the middle on top, so that long chains stay shallow.
    fn balanced(
        &mut self,
        name: &'static str,
        terms: &[NodeId],
        signs: &[Token],
        start: u32,
    ) -> Parsed<NodeId> {
        let middle = signs.len() / 2;
        let (before, from) = signs.split_at(middle);
        let (left, right) = terms.split_at((middle + 1).min(terms.len()));
        let (Some((sign, after)), Some(first)) = (from.split_first(), terms.first()) else {
            return terms.first().copied().ok_or_else(|| self.unexpected(""));
        };
        let left = self.balanced(name, left, before, start)?;
        let right = self.balanced(name, right, after, sign.end)?;
        let start = self.node(*first).map_or(start, |node| node.span.start);
        let end = self.node(right).map_or(sign.end, |node| node.span.end);
        self.operation(name, &[left, right], start..end, sign.start)
    }

    /// A chain of comparisons, from left to right.
    fn relation(&mut self) -> Parsed<NodeId> {
        self.open_relation()?;
        let start = self.peek().start;
        let mut left = self.sum(Level::Sum)?;
        while let TokenKind::Sign(sign) = self.peek().kind {
            let name = match sign {
                "<" => operator::LESS,
                "<=" => operator::LESS_EQUALS,
                ">=" => operator::GREATER_EQUALS,
                ">" => operator::GREATER,
                "==" => operator::EQUALS,
                "!=" => operator::NOT_EQUALS,
                "in" => operator::IN,
                _ => break,
            };
            let at = self.next().start;
            self.open_relation()?;
            let right = self.sum(Level::Sum)?;
            self.open.relation -= 1;
            left = self.operation(name, &[left, right], start..self.end(), at)?;
            self.chained(left)?;
        }
        self.open.relation -= 1;
        Ok(left)
    }

    fn open_relation(&mut self) -> Parsed<()> {
        self.open.relation += 1;
        match self.open.relation > self.nesting() {
            true => Err(self.too_deep()),
            false => Ok(()),
        }
    }

    /// A chain of operators of that level or above, from left to right.
    fn sum(&mut self, level: Level) -> Parsed<NodeId> {
        self.open.sum += 1;
        if self.open.sum > self.nesting() {
            return Err(self.too_deep());
        }
        let start = self.peek().start;
        let mut left = self.unary()?;
        while let TokenKind::Sign(sign) = self.peek().kind {
            let (name, above) = match sign {
                "*" => (operator::MULTIPLY, Level::Unary),
                "/" => (operator::DIVIDE, Level::Unary),
                "%" => (operator::MODULO, Level::Unary),
                "+" => (operator::ADD, Level::Product),
                "-" => (operator::SUBTRACT, Level::Product),
                _ => break,
            };
            if above <= level {
                break;
            }
            let at = self.next().start;
            let right = self.sum(above)?;
            left = self.operation(name, &[left, right], start..self.end(), at)?;
            self.chained(left)?;
        }
        self.open.sum -= 1;
        Ok(left)
    }

    /// `!` or `-`, in any number, of which pairs say nothing.
    fn unary(&mut self) -> Parsed<NodeId> {
        let first = self.peek();
        let (sign, name) = match first.kind {
            TokenKind::Sign("!") => ("!", operator::NOT),
            TokenKind::Sign("-") if !self.is_signed_number() => ("-", operator::NEGATE),
            _ => return self.member(),
        };
        let mut odd = false;
        while self.accept(sign) {
            odd = !odd;
        }
        let operand = self.member()?;
        if !odd {
            return Ok(operand);
        }
        self.operation(name, &[operand], first.start..self.end(), first.start)
    }
}

/// How tightly an operator binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Unary,
}
