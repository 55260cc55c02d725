//! Anchors, aliases, tags and directives.

use super::{Scanner, TokenKind};
use crate::yaml::error::Error;

impl<'a> Scanner<'a> {
    pub(super) fn fetch_anchor(&mut self, indicator: u8) -> Result<(), Error> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        self.pos += 1;
        let name = self.word();
        self.require(1)?;
        let ends = self.blank_or_end(0)
            || matches!(
                self.at(0),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ends {
            return Err(self.error_at(
                "did not find expected alphabetic or numeric character",
                start,
            ));
        }
        let kind = if indicator == b'&' {
            TokenKind::Anchor(name)
        } else {
            TokenKind::Alias(name)
        };
        self.push(kind, start, self.pos);
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Result<(), Error> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        let (handle, suffix) = if self.at(1) == b'<' {
            self.pos += 2;
            let suffix = self.tag_uri("", start)?;
            if self.at(0) != b'>' {
                return Err(self.error_at("did not find the expected '>'", start));
            }
            self.pos += 1;
            (String::new(), suffix)
        } else {
            let handle = self.tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                (handle.to_owned(), self.tag_uri("", start)?)
            } else {
                let suffix = self.tag_uri(handle, start)?;
                if suffix.is_empty() {
                    (String::new(), "!".to_owned())
                } else {
                    ("!".to_owned(), suffix)
                }
            }
        };
        self.require(1)?;
        if !self.blank_or_end(0) {
            return Err(self.error_at(
                "did not find expected whitespace or line break after a tag",
                start,
            ));
        }
        self.push(TokenKind::Tag(Box::new((handle, suffix))), start, self.pos);
        Ok(())
    }

    pub(super) fn fetch_directive(&mut self) -> Result<(), Error> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        self.pos += 1;
        let name = self.word();
        if name.is_empty() {
            return Err(self.error_at("could not find expected directive name", start));
        }
        if !self.blank_or_end(0) {
            return Err(self.error_at(
                "found unexpected non-alphabetical character in a directive",
                start,
            ));
        }
        let kind = match name {
            "YAML" => self.version(start)?,
            "TAG" => self.tag_directive(start)?,
            _ => return Err(self.error_at("found unknown directive name", start)),
        };
        let end = self.pos;
        self.skip_blanks();
        if self.at(0) == b'#' {
            self.pos = self.line_end(self.pos);
        }
        if self.pos < self.bytes.len() && !self.skip_break() {
            return Err(self.error_at(
                "did not find expected comment or line break after a directive",
                start,
            ));
        }
        self.push(kind, start, end);
        Ok(())
    }

    fn version(&mut self, start: usize) -> Result<TokenKind<'a>, Error> {
        self.skip_blanks();
        let major = self.version_number(start)?;
        if self.at(0) != b'.' {
            return Err(self.error_at(
                "did not find expected digit or '.' character in a %YAML directive",
                start,
            ));
        }
        self.pos += 1;
        let minor = self.version_number(start)?;
        Ok(TokenKind::VersionDirective {
            supported: major == 1 && minor == 1,
        })
    }

    fn version_number(&mut self, start: usize) -> Result<u32, Error> {
        let from = self.pos;
        let mut number = 0;
        while let Some(digit) = char::from(self.at(0)).to_digit(10) {
            if self.pos - from >= 2 {
                return Err(self.error_at("found extremely long version number", start));
            }
            number = number * 10 + digit;
            self.pos += 1;
        }
        if self.pos == from {
            return Err(self.error_at("did not find expected version number", start));
        }
        Ok(number)
    }

    fn tag_directive(&mut self, start: usize) -> Result<TokenKind<'a>, Error> {
        self.skip_blanks();
        let handle = self.tag_handle(true, start)?.to_owned();
        if !self.blank(0) {
            return Err(self.error_at(
                "did not find expected whitespace in a %TAG directive",
                start,
            ));
        }
        self.skip_blanks();
        let prefix = self.tag_uri("", start)?;
        if !self.blank_or_end(0) {
            return Err(self.error_at(
                "did not find expected whitespace or line break in a %TAG directive",
                start,
            ));
        }
        Ok(TokenKind::TagDirective(Box::new((handle, prefix))))
    }

    fn tag_handle(&mut self, directive: bool, start: usize) -> Result<&'a str, Error> {
        if self.at(0) != b'!' {
            return Err(self.error_at("did not find expected '!'", start));
        }
        let from = self.pos;
        self.pos += 1;
        self.word();
        if self.at(0) == b'!' {
            self.pos += 1;
        } else if directive && self.pos - from > 1 {
            return Err(self.error_at("did not find expected '!'", start));
        }
        Ok(self.slice(from, self.pos))
    }

    /// The text of a tag; `head` is what was read of it as a handle.
    fn tag_uri(&mut self, head: &str, start: usize) -> Result<String, Error> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut found = !head.is_empty();
        loop {
            match self.at(0) {
                b'%' => self.tag_escape(&mut uri, start)?,
                byte if is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    uri.push(byte);
                    self.pos += 1;
                }
                _ => break,
            }
            found = true;
        }
        if !found {
            return Err(self.error_at("did not find expected tag URI", start));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// `%XX` octets of one UTF-8 character.
    fn tag_escape(&mut self, uri: &mut Vec<u8>, start: usize) -> Result<(), Error> {
        let mut left = None;
        while left != Some(0) {
            let digits = (
                char::from(self.at(1)).to_digit(16),
                char::from(self.at(2)).to_digit(16),
            );
            let (b'%', (Some(high), Some(low))) = (self.at(0), digits) else {
                return Err(self.error_at("did not find URI escaped octet", start));
            };
            let octet = u8::try_from(high * 16 + low).unwrap_or_default();
            left = Some(match (left, octet) {
                (None, 0..0x80) => 0,
                (None, 0xC0..0xE0) => 1,
                (None, 0xE0..0xF0) => 2,
                (None, 0xF0..0xF8) => 3,
                (None, _) => {
                    return Err(self.error_at("found an incorrect leading UTF-8 octet", start));
                }
                (Some(left), 0x80..0xC0) => left - 1,
                (Some(_), _) => {
                    return Err(self.error_at("found an incorrect trailing UTF-8 octet", start));
                }
            });
            uri.push(octet);
            self.pos += 3;
        }
        Ok(())
    }

    fn skip_blanks(&mut self) {
        while self.blank(0) {
            self.pos += 1;
        }
    }

    /// ASCII letters, digits, `_` and `-`.
    fn word(&mut self) -> &'a str {
        let from = self.pos;
        while is_word(self.at(0)) {
            self.pos += 1;
        }
        self.slice(from, self.pos)
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
