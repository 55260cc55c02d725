//! Tokens into a tree, by descent, with the operators by precedence.
//!
//! cel-go v0.26.1: `parser/parser.go (Parse)`, `parser/gen/CEL.g4`.

use super::error::{Error, ErrorKind};
use super::lex::{Token, TokenKind, tokens};
use super::program::Options;
use super::tree::{Element, Entry, Field, Kind, Literal, Node, NodeId, Test, Tree, operator};

mod literal;
mod nodes;
mod operators;
mod reading;

/// The tree of a source.
pub(super) fn parse(source: &str, options: &Options) -> Result<Tree, Error> {
    let length = source.chars().count();
    if length > options.limits.length {
        let message = format!(
            "expression code point size exceeds limit: size: {length}, limit {}",
            options.limits.length
        );
        return Err(Error::too_much(message, 0..0, 0));
    }
    let mut parser = Parser {
        source,
        options,
        tokens: tokens(source)?,
        at: 0,
        nodes: Vec::new(),
        shapes: Vec::new(),
        open: Open::default(),
        noted: None,
    };
    parser.whole().map_err(|error| *error)
}

pub(super) type Parsed<T> = Result<T, Box<Error>>;

pub(super) struct Parser<'s> {
    source: &'s str,
    options: &'s Options,
    tokens: Vec<Token>,
    /// The place of the next token.
    at: usize,
    nodes: Vec<Node>,
    shapes: Vec<Shape>,
    open: Open,
    /// The first problem that is none of the grammar; a syntax error behind it goes before it.
    noted: Option<Box<Error>>,
}

/// What upstream's limits look at, by node.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    /// Operators, selections, indices and calls of members on top of each other.
    chain: u32,
    depth: u32,
}

/// How many rules of the grammar stand open, each of which upstream limits.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    expression: u32,
    relation: u32,
    sum: u32,
}

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Tree> {
        let root = self.expression()?;
        match self.peek().kind {
            TokenKind::End => match self.noted.take() {
                Some(error) => Err(error),
                None => Ok(Tree::new(std::mem::take(&mut self.nodes), root)),
            },
            _ => Err(self.unexpected(" expecting <EOF>")),
        }
    }

    /// Keeps a problem for the end.
    fn note(&mut self, error: Box<Error>) {
        self.noted.get_or_insert(error);
    }

    /// Likewise, and puts something in the place of what has it.
    fn replace(&mut self, error: Box<Error>, span: std::ops::Range<u32>) -> Parsed<NodeId> {
        self.note(error);
        let at = span.start;
        self.push(Kind::Literal(super::tree::Literal::Null), span, at)
    }

    /// Names, literals, brackets, and what begins with a name.
    fn primary(&mut self) -> Parsed<NodeId> {
        let token = self.peek();
        match token.kind {
            TokenKind::Name => self.named(token, ""),
            TokenKind::Sign(".") => {
                self.next();
                match self.peek().kind {
                    TokenKind::Name => self.named(token, "."),
                    _ => Err(self.unexpected("")),
                }
            }
            TokenKind::Sign("(") => {
                self.next();
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            TokenKind::Sign("[") => self.list(),
            TokenKind::Sign("{") => self.map(),
            _ => self.literal(),
        }
    }

    /// What begins with a name: a message, a call, or the name itself.
    fn named(&mut self, first: Token, dot: &str) -> Parsed<NodeId> {
        if let Some(length) = self.message_name() {
            return self.message(first, length);
        }
        let token = self.next();
        let text = self.text(token);
        if RESERVED.contains(&text) {
            let message = format!("reserved identifier: {text}");
            self.note(self.error(message, first.start..token.end, first.start));
        }
        let name = format!("{dot}{text}");
        if self.peek().kind != TokenKind::Sign("(") {
            let span = first.start..token.end;
            return self.push(Kind::Ident(name.into()), span, token.start);
        }
        let open = self.next();
        let arguments = self.arguments()?;
        let span = first.start..self.end();
        if let Some(expanded) = self.macro_call(&name, None, &arguments, &span, open.start)? {
            return Ok(expanded);
        }
        let call = Kind::Call {
            target: None,
            function: name.into(),
            arguments,
        };
        self.push(call, span, open.start)
    }

    fn macro_call(
        &mut self,
        name: &str,
        target: Option<NodeId>,
        arguments: &[NodeId],
        span: &std::ops::Range<u32>,
        at: u32,
    ) -> Parsed<Option<NodeId>> {
        match self.expand(name, target, arguments, span, at) {
            Err(error) if error.kind() == ErrorKind::Parse => {
                self.replace(error, span.clone()).map(Some)
            }
            expanded => expanded,
        }
    }

    /// The number of tokens before the brace, where a name with dots and a brace come next.
    fn message_name(&self) -> Option<usize> {
        let mut length = 0;
        loop {
            let token = |ahead: usize| self.tokens.get(self.at + ahead).map(|token| token.kind);
            if token(length) != Some(TokenKind::Name) {
                return None;
            }
            match token(length + 1) {
                Some(TokenKind::Sign("{")) => return Some(length + 1),
                Some(TokenKind::Sign(".")) => length += 2,
                _ => return None,
            }
        }
    }

    fn message(&mut self, first: Token, length: usize) -> Parsed<NodeId> {
        let mut name = String::new();
        if first.kind == TokenKind::Sign(".") {
            name.push('.');
        }
        for _ in 0..length {
            let token = self.next();
            name.push_str(self.text(token));
        }
        let open = self.next();
        let mut fields = Vec::new();
        while !self.closes("}") {
            let optional = self.accept("?");
            let name = self.field()?;
            self.expect(":")?;
            let value = self.expression()?;
            fields.push(Field {
                name,
                value,
                optional,
            });
            self.separates("}")?;
        }
        let span = first.start..self.end();
        let name = name.into();
        self.push(Kind::Struct { name, fields }, span, open.start)
    }

    fn list(&mut self) -> Parsed<NodeId> {
        let open = self.next();
        let mut elements = Vec::new();
        while !self.closes("]") {
            let optional = self.accept("?");
            let value = self.expression()?;
            elements.push(Element { value, optional });
            self.separates("]")?;
        }
        self.push(Kind::List(elements), open.start..self.end(), open.start)
    }

    fn map(&mut self) -> Parsed<NodeId> {
        let open = self.next();
        let mut entries = Vec::new();
        while !self.closes("}") {
            let optional = self.accept("?");
            let key = self.expression()?;
            self.expect(":")?;
            let value = self.expression()?;
            entries.push(Entry {
                key,
                value,
                optional,
            });
            self.separates("}")?;
        }
        self.push(Kind::Map(entries), open.start..self.end(), open.start)
    }

    /// Whether a list of elements ends here. A single comma stands for an empty list.
    fn closes(&mut self, close: &'static str) -> bool {
        let token = |ahead: usize| self.tokens.get(self.at + ahead).map(|token| token.kind);
        if token(0) == Some(TokenKind::Sign(",")) && token(1) == Some(TokenKind::Sign(close)) {
            self.next();
        }
        self.accept(close)
    }

    /// Behind an element: a comma, which may be the last one, or the end, which stays.
    fn separates(&mut self, close: &'static str) -> Parsed<()> {
        if self.peek().kind == TokenKind::Sign(close) {
            return Ok(());
        }
        self.expect(",")?;
        match self.peek().kind {
            TokenKind::Sign(",") => Err(self.unexpected("")),
            _ => Ok(()),
        }
    }

    /// Behind the bracket: expressions up to and with the closing one.
    fn arguments(&mut self) -> Parsed<Vec<NodeId>> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    /// The name of a field, which may be a reserved word.
    fn field(&mut self) -> Parsed<Box<str>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Name => {
                self.next();
                Ok(self.text(token).into())
            }
            TokenKind::Quoted => {
                if !self.options.quoted_fields {
                    let message = "unsupported syntax: '`'";
                    self.note(self.error(message, token.span(), token.start));
                }
                self.next();
                Ok(self.text(token).trim_matches('`').into())
            }
            _ => Err(self.unexpected("")),
        }
    }

    /// Selections, indices and calls behind a primary.
    fn member(&mut self) -> Parsed<NodeId> {
        let first = self.peek().start;
        let mut operand = self.primary()?;
        loop {
            let token = self.peek();
            operand = match token.kind {
                TokenKind::Sign(".") => self.select(first, operand)?,
                TokenKind::Sign("[") => self.index(first, operand)?,
                _ => return Ok(operand),
            };
            self.chained(operand)?;
        }
    }

    fn select(&mut self, first: u32, operand: NodeId) -> Parsed<NodeId> {
        let dot = self.next();
        let optional = self.accept("?");
        let name = self.peek();
        let field = self.field()?;
        let call = !optional && name.kind == TokenKind::Name;
        if call && self.peek().kind == TokenKind::Sign("(") {
            let open = self.next();
            let arguments = self.arguments()?;
            let span = first..self.end();
            if let Some(expanded) =
                self.macro_call(&field, Some(operand), &arguments, &span, open.start)?
            {
                return Ok(expanded);
            }
            let call = Kind::Call {
                target: Some(operand),
                function: String::from(field).into(),
                arguments,
            };
            return self.push(call, span, open.start);
        }
        let span = first..self.end();
        if optional {
            let text = Literal::String(field);
            let text = self.push(Kind::Literal(text), name.span(), name.start)?;
            return self.operation(operator::OPTIONAL_SELECT, &[operand, text], span, dot.start);
        }
        let select = Kind::Select {
            operand,
            field,
            test: Test::Value,
        };
        self.push(select, span, dot.start)
    }

    fn index(&mut self, first: u32, operand: NodeId) -> Parsed<NodeId> {
        let open = self.next();
        let name = if self.accept("?") {
            operator::OPTIONAL_INDEX
        } else {
            operator::INDEX
        };
        let index = self.expression()?;
        self.expect("]")?;
        let span = first..self.end();
        self.operation(name, &[operand, index], span, open.start)
    }
}

/// Words that are no names of variables or functions; `in`, `true`, `false` and `null` are signs already.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];
