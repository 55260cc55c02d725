//! Text to steps, with no recursion: expressions may nest as deeply as memory allows.
//!
//! Source: `fluxcd/pkg: envsubst/parse/parse.go, envsubst/parse/scan.go`.

use std::ops::Range;

use fluxcd_dialect::unicode;

use super::error::{ErrorKind, TemplateError};
use super::template::{Expression, Operator, Step, Template};

pub(super) fn parse(text: &[u8]) -> Result<Template<'_>, TemplateError> {
    let mut parser = Parser {
        text,
        at: 0,
        steps: Vec::new(),
        open: None,
        around: Vec::new(),
    };
    let end = parser.top_level()?;
    let text = match parser.steps.is_empty() {
        true => text.get(..end).unwrap_or(text),
        false => text,
    };
    Ok(Template {
        text,
        steps: parser.steps,
    })
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
    steps: Vec<Step<'t>>,
    /// The innermost expression whose arguments are being read.
    open: Option<Open<'t>>,
    /// Those around it, the innermost last: rarely any.
    around: Vec<Open<'t>>,
}

struct Open<'t> {
    name: &'t str,
    operator: Operator,
    start: usize,
    arguments: usize,
    /// Where the default begins.
    default: Option<usize>,
    next: Next,
}

/// What comes next in an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Any number of pieces.
    Default,
    /// One piece, of that kind.
    Piece(Piece),
    /// What ends that piece.
    EndOf(Piece),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Offset,
    Length,
    Pattern,
    From,
    To,
}

impl<'t> Parser<'t> {
    /// Reads the whole text; tells where it ends.
    fn top_level(&mut self) -> Result<usize, TemplateError> {
        let mut start = 0;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'$', 0, rest) else {
                return Ok(self.end_of_text(start, self.text.len()));
            };
            self.at += found;
            match (self.peek(), self.text.get(self.at + 1)) {
                (None, _) => return Ok(self.end_of_text(start, self.at)),
                (_, Some(b'{')) => {
                    if self.steps.is_empty() {
                        // A few expressions without growing.
                        self.steps.reserve(10);
                    }
                    self.push_text(start..self.at);
                    self.expression()?;
                    start = self.at;
                }
                (_, Some(b'$')) => {
                    self.push_text(start..self.at + 1);
                    self.at += 2;
                    start = self.at;
                }
                _ => self.at += 1,
            }
        }
    }

    fn end_of_text(&mut self, start: usize, end: usize) -> usize {
        if !self.steps.is_empty() {
            self.push_text(start..end);
        }
        end
    }

    /// Reads an expression with all that is in it.
    fn expression(&mut self) -> Result<(), TemplateError> {
        self.begin()?;
        while let Some(open) = &self.open {
            match open.next {
                Next::Default => self.default_piece()?,
                Next::Piece(piece) => self.piece(piece)?,
                Next::EndOf(piece) => self.end_of_piece(piece)?,
            }
        }
        Ok(())
    }

    /// Reads `${`, the name and the operator; an expression without arguments is done then.
    fn begin(&mut self) -> Result<(), TemplateError> {
        let start = self.at;
        self.at += 2;
        let is_length = self.peek() == Some(b'#');
        self.at += usize::from(is_length);
        let name = self.name().ok_or_else(|| {
            let kind = if is_length {
                ErrorKind::Bad
            } else {
                ErrorKind::Name
            };
            self.error(kind, start)
        })?;
        let mut open = Open {
            name,
            operator: Operator::Value,
            start,
            arguments: 0,
            default: None,
            next: Next::Piece(Piece::Pattern),
        };
        match self.peek() {
            _ if is_length => {
                open.operator = Operator::Length;
                return self.finish(open);
            }
            Some(b'}') => return self.finish(open),
            Some(b'^' | b',') => {
                open.operator = self.case_operator();
                return self.finish(open);
            }
            Some(b'=') => {
                self.at += 1;
                self.open_default(&mut open);
            }
            Some(b':') => {
                self.at += 1;
                match self.text.get(self.at) {
                    Some(b'=' | b'-' | b'?' | b'+') => {
                        self.at += 1;
                        self.open_default(&mut open);
                    }
                    // Upstream steps back by the wrong width here, or finds nothing at all.
                    None | Some(0x80..) if unicode::decode(self.rest()).1 != 1 => {
                        return Err(self.error(ErrorKind::Bad, start));
                    }
                    _ => {
                        open.operator = Operator::Substring;
                        open.next = Next::Piece(Piece::Offset);
                    }
                }
            }
            Some(b'/') => {
                open.operator = self.operator(
                    [
                        (b'/', Operator::ReplaceAll),
                        (b'#', Operator::ReplacePrefix),
                        (b'%', Operator::ReplaceSuffix),
                    ],
                    Operator::ReplaceFirst,
                );
                open.next = Next::Piece(Piece::From);
            }
            Some(b'#') => {
                open.operator = self.operator(
                    [(b'#', Operator::TrimLongestPrefix)],
                    Operator::TrimShortestPrefix,
                );
            }
            Some(b'%') => {
                open.operator = self.operator(
                    [(b'%', Operator::TrimLongestSuffix)],
                    Operator::TrimShortestSuffix,
                );
            }
            _ => return Err(self.error(ErrorKind::Brace, start)),
        }
        self.around.extend(self.open.replace(open));
        Ok(())
    }

    fn open_default(&mut self, open: &mut Open<'t>) {
        open.operator = Operator::Default;
        open.default = Some(self.at);
        open.arguments = 1;
        open.next = Next::Default;
        self.steps.push(Step::Argument);
    }

    /// An operator of one character, or of two if one of the given ones follows.
    fn operator<const N: usize>(
        &mut self,
        second: [(u8, Operator); N],
        single: Operator,
    ) -> Operator {
        self.at += 1;
        let next = self.peek();
        match second.into_iter().find(|(byte, _)| Some(*byte) == next) {
            Some((_, operator)) => {
                self.at += 1;
                operator
            }
            None => single,
        }
    }

    fn case_operator(&mut self) -> Operator {
        let first = self.peek();
        self.at += 1;
        let second = self.peek().filter(|byte| matches!(byte, b'^' | b','));
        self.at += usize::from(second.is_some());
        match (first, second) {
            (Some(b'^'), None) => Operator::UpperFirst,
            (Some(b'^'), Some(b'^')) => Operator::Upper,
            (_, None) => Operator::LowerFirst,
            (Some(b','), Some(b',')) => Operator::Lower,
            _ => Operator::MixedCase,
        }
    }

    /// One piece of a default, or its end.
    fn default_piece(&mut self) -> Result<(), TemplateError> {
        match self.peek() {
            None => Err(self.error(ErrorKind::Argument, self.innermost())),
            Some(b'}') => self.close(),
            _ if self.rest().starts_with(b"${") => self.begin(),
            _ => {
                self.run(|byte| byte == b'}', Escapes::None);
                Ok(())
            }
        }
    }

    /// The one piece that an argument consists of.
    fn piece(&mut self, piece: Piece) -> Result<(), TemplateError> {
        self.steps.push(Step::Argument);
        if let Some(open) = &mut self.open {
            open.arguments += 1;
            open.next = Next::EndOf(piece);
        }
        if self.rest().starts_with(b"${") {
            return self.begin();
        }
        let start = self.at;
        match piece {
            Piece::Offset => self.run(|byte| matches!(byte, b':' | b'}'), Escapes::None),
            Piece::Length | Piece::Pattern => self.run(|byte| byte == b'}', Escapes::None),
            Piece::From => self.run(|byte| byte == b'/', Escapes::All),
            Piece::To => self.run(|byte| byte == b'}', Escapes::All),
        }
        match self.at == start {
            true => Err(self.error(ErrorKind::Argument, self.innermost())),
            false => Ok(()),
        }
    }

    fn end_of_piece(&mut self, piece: Piece) -> Result<(), TemplateError> {
        let next = match piece {
            Piece::Offset if self.skip(b':') => Next::Piece(Piece::Length),
            Piece::From if self.skip(b'/') => match self.peek() {
                Some(b'}') => return self.close(),
                _ => Next::Piece(Piece::To),
            },
            Piece::From => return Err(self.error(ErrorKind::Bad, self.innermost())),
            _ => return self.close(),
        };
        if let Some(open) = &mut self.open {
            open.next = next;
        }
        Ok(())
    }

    /// Skips a run of one character; tells whether there was any.
    fn skip(&mut self, byte: u8) -> bool {
        let start = self.at;
        while self.peek() == Some(byte) {
            self.at += 1;
        }
        self.at > start
    }

    /// The innermost expression ends with a brace here.
    fn close(&mut self) -> Result<(), TemplateError> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        self.open = self.around.pop();
        self.finish(open)
    }

    /// An expression ends with a brace here.
    fn finish(&mut self, open: Open<'t>) -> Result<(), TemplateError> {
        let end = self.at;
        self.brace(open.start)?;
        self.steps.push(Step::Expression(Expression {
            name: open.name,
            operator: open.operator,
            arguments: open.arguments,
            span: open.start..self.at,
            default: open.default.map(|start| start..end),
            depth: self.depth(),
        }));
        Ok(())
    }

    fn brace(&mut self, start: usize) -> Result<(), TemplateError> {
        if self.peek() != Some(b'}') {
            return Err(self.error(ErrorKind::Bad, start));
        }
        self.at += 1;
        Ok(())
    }

    /// Letters, digits and underscores, in any order; nothing if there are none.
    fn name(&mut self) -> Option<&'t str> {
        let start = self.at;
        let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        loop {
            self.at += self.rest().iter().take_while(plain).count();
            if self.peek().is_none_or(|byte| byte.is_ascii()) {
                break;
            }
            let (character, width) = unicode::decode(self.rest());
            if !unicode::is_letter(character) && !unicode::is_digit(character) {
                break;
            }
            self.at += width;
        }
        let name = self.text.get(start..self.at)?;
        std::str::from_utf8(name)
            .ok()
            .filter(|name| !name.is_empty())
    }

    /// Text up to a byte that ends it, `${`, a NUL, or the end.
    fn run(&mut self, ends: impl Fn(u8) -> bool, escapes: Escapes) {
        let mut start = self.at;
        while let Some(byte) = self.peek() {
            let next = self.text.get(self.at + 1);
            let escaped = escapes == Escapes::All
                && match byte {
                    b'$' => next == Some(&b'$'),
                    b'\\' => matches!(next, Some(b'/' | b'\\')),
                    _ => false,
                };
            if escaped {
                self.push_text(start..self.at);
                start = self.at + 1;
                self.at += 2;
            } else if ends(byte) || byte == b'$' && next == Some(&b'{') {
                break;
            } else {
                self.at += 1;
            }
        }
        self.push_text(start..self.at);
    }

    fn push_text(&mut self, range: Range<usize>) {
        match self.text.get(range) {
            None | Some([]) => {}
            Some(text) => self.steps.push(Step::Text(text)),
        }
    }

    /// The next byte; a NUL is the end.
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied().filter(|byte| *byte != 0)
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn innermost(&self) -> usize {
        self.open.as_ref().map_or(self.at, |open| open.start)
    }

    /// How many expressions are open.
    fn depth(&self) -> usize {
        self.around.len() + usize::from(self.open.is_some())
    }

    fn error(&self, kind: ErrorKind, start: usize) -> TemplateError {
        let (_, width) = unicode::decode(self.rest());
        TemplateError::new(kind, start..self.at + width)
    }
}

/// What stands for something else in a run of text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    /// `$$`, `\/` and `\\` stand for their second character.
    All,
}
