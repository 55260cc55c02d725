use std::collections::BTreeMap;
use std::fmt;
use std::iter::Peekable;
use std::str::FromStr;
use std::vec::IntoIter;

use self::lexer::{Token, words};

mod lexer;

/// A selector of labels in Kubernetes syntax: `app=web,tier in (front, back),!legacy`.
///
/// Requirements stand between commas, and all must hold. An empty selector matches everything.
///
/// | requirement | holds if |
/// |---|---|
/// | `key`, `!key` | the key is there, is not there |
/// | `key=value`, `key==value`, `key in (a, b)` | the key is there, with one of the values |
/// | `key!=value`, `key notin (a, b)` | the key is not there, or has another value |
/// | `key>1`, `key<1` | the key is there, its value is an integer, and greater or less |
///
/// A value that is left out is the empty text. Keys are those of labels: at most 63 characters, behind an optional DNS name
/// and a slash.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/labels/selector.go (Parse, Requirement.Matches)`.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
///
/// use fluxcd_core::ssa::LabelSelector;
///
/// let selector = LabelSelector::parse("app in (web, api),!legacy")?;
/// assert!(selector.matches(&BTreeMap::from([("app", "web")])));
/// assert!(!selector.matches(&BTreeMap::from([("app", "web"), ("legacy", "")])));
///
/// let error = LabelSelector::parse("app web").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"
/// );
/// # Ok::<(), fluxcd_core::ssa::LabelSelectorError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelSelector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Exists,
    DoesNotExist,
    In(Vec<String>),
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

/// Why a text is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelSelectorError {
    /// Between two requirements something stands where something else must.
    #[error("found '{found}', expected: {expected}")]
    List {
        /// The word that stands there; empty at the end.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// In a requirement something stands where something else must.
    #[error("unable to parse requirement: found '{found}', expected: {expected}")]
    Requirement {
        /// The word that stands there; empty at the end.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// A key that no label can have.
    #[error("unable to parse requirement: '{0}' is no key of a label")]
    Key(String),
    /// A value that no label can have.
    #[error("unable to parse requirement: '{0}' is no value of a label")]
    Value(String),
    /// A value behind `>` or `<` that is no integer.
    #[error("unable to parse requirement: '{0}' is no integer")]
    Integer(String),
}

impl LabelSelector {
    /// Reads a selector.
    ///
    /// # Errors
    ///
    /// [`LabelSelectorError`]: whoever wrote the selector can repair it.
    pub fn parse(text: &str) -> Result<Self, LabelSelectorError> {
        let mut parser = Parser {
            words: words(text).into_iter().peekable(),
        };
        let mut requirements = Vec::new();
        let mut expected = "!, identifier, or 'end of string'";
        loop {
            match parser.peek() {
                Token::Word | Token::Keyword | Token::Not => {
                    requirements.push(parser.requirement()?);
                }
                Token::End if requirements.is_empty() => break,
                _ => return Err(parser.unexpected_in_list(expected)),
            }
            match parser.peek() {
                Token::End => break,
                Token::Comma => _ = parser.take(),
                _ => return Err(parser.unexpected_in_list("',' or 'end of string'")),
            }
            expected = "identifier after ','";
        }
        Ok(Self(requirements))
    }

    /// Whether labels fulfil every requirement.
    #[must_use]
    pub fn matches(&self, labels: &BTreeMap<&str, &str>) -> bool {
        self.0.iter().all(|requirement| {
            let value = labels.get(requirement.key.as_str()).copied();
            requirement.test.holds(value)
        })
    }
}

impl Test {
    fn holds(&self, value: Option<&str>) -> bool {
        let among = |values: &[String], value: &str| values.iter().any(|other| other == value);
        let integer = || value?.parse::<i64>().ok();
        match self {
            Self::Exists => value.is_some(),
            Self::DoesNotExist => value.is_none(),
            Self::In(values) => value.is_some_and(|value| among(values, value)),
            Self::NotIn(values) => !value.is_some_and(|value| among(values, value)),
            Self::Greater(limit) => integer().is_some_and(|integer| integer > *limit),
            Self::Less(limit) => integer().is_some_and(|integer| integer < *limit),
        }
    }
}

struct Parser<'t> {
    words: Peekable<IntoIter<(Token, &'t str)>>,
}

impl<'t> Parser<'t> {
    fn peek(&mut self) -> Token {
        self.words.peek().map_or(Token::End, |(token, _)| *token)
    }

    fn take(&mut self) -> (Token, &'t str) {
        self.words.next().unwrap_or((Token::End, ""))
    }

    fn unexpected_in_list(&mut self, expected: &'static str) -> LabelSelectorError {
        let found = self.take().1.to_owned();
        LabelSelectorError::List { found, expected }
    }

    fn unexpected(&mut self, expected: &'static str) -> LabelSelectorError {
        let found = self.take().1.to_owned();
        LabelSelectorError::Requirement { found, expected }
    }

    /// A key or a value; keywords are words here.
    fn word(&mut self) -> Result<&'t str, LabelSelectorError> {
        match self.peek() {
            Token::Word | Token::Keyword => Ok(self.take().1),
            _ => Err(self.unexpected("identifier")),
        }
    }

    fn requirement(&mut self) -> Result<Requirement, LabelSelectorError> {
        let negated = self.peek() == Token::Not;
        if negated {
            self.take();
        }
        let key = self.word()?;
        if !is_key(key) {
            return Err(LabelSelectorError::Key(key.to_owned()));
        }
        let test = match (negated, self.peek()) {
            (true, _) => Test::DoesNotExist,
            (false, Token::End | Token::Comma) => Test::Exists,
            (false, Token::Keyword | Token::Operator) => match self.take().1 {
                "in" => Test::In(self.values()?),
                "notin" => Test::NotIn(self.values()?),
                "!=" => Test::NotIn(vec![self.value()?]),
                ">" => Test::Greater(self.integer()?),
                "<" => Test::Less(self.integer()?),
                _ => Test::In(vec![self.value()?]),
            },
            _ => return Err(self.unexpected("in, notin, =, ==, !=, gt, lt")),
        };
        let values: &[String] = match &test {
            Test::In(values) | Test::NotIn(values) => values,
            _ => &[],
        };
        if let Some(value) = values.iter().find(|value| !is_value(value)) {
            return Err(LabelSelectorError::Value(value.clone()));
        }
        Ok(Requirement {
            key: key.to_owned(),
            test,
        })
    }

    fn value(&mut self) -> Result<String, LabelSelectorError> {
        match self.peek() {
            Token::End | Token::Comma => Ok(String::new()),
            _ => self.word().map(str::to_owned),
        }
    }

    fn integer(&mut self) -> Result<i64, LabelSelectorError> {
        let value = self.value()?;
        let integer = value.parse().ok().filter(|_| is_value(&value));
        integer.ok_or(LabelSelectorError::Integer(value))
    }

    /// `(a, b)`. Where a value is missing, the empty text is meant.
    fn values(&mut self) -> Result<Vec<String>, LabelSelectorError> {
        if self.peek() != Token::Open {
            return Err(self.unexpected("'('"));
        }
        self.take();
        let mut values = Vec::new();
        loop {
            values.push(match self.peek() {
                Token::Comma | Token::Close => String::new(),
                Token::Word | Token::Keyword => self.take().1.to_owned(),
                _ => return Err(self.unexpected("',', ')' or identifier")),
            });
            match self.peek() {
                Token::Comma => self.take(),
                Token::Close => {
                    self.take();
                    return Ok(values);
                }
                _ => return Err(self.unexpected("',' or ')'")),
            };
        }
    }
}

/// A name of at most 63 characters, behind an optional DNS name and a slash.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/validate/content/kube.go (IsLabelKey)`.
fn is_key(text: &str) -> bool {
    let (prefix, name) = match text.split_once('/') {
        None => (None, text),
        Some((prefix, name)) => (Some(prefix), name),
    };
    let is_name = !name.is_empty() && is_value(name);
    is_name && prefix.is_none_or(is_subdomain)
}

/// The empty text, or at most 63 letters, digits, `-`, `_` and `.`, of which the first and the last are letters or digits.
fn is_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    bytes.len() <= 63
        && at_end(bytes.first())
        && at_end(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn is_subdomain(text: &str) -> bool {
    let edge = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(inner)
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

impl FromStr for LabelSelector {
    type Err = LabelSelectorError;

    fn from_str(text: &str) -> Result<Self, LabelSelectorError> {
        Self::parse(text)
    }
}

/// The requirements in their order, in the form with `in` and `notin`.
impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Requirement { key, test }) in self.0.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { "," })?;
            match test {
                Test::Exists => f.write_str(key)?,
                Test::DoesNotExist => write!(f, "!{key}")?,
                Test::In(values) => write!(f, "{key} in ({})", values.join(","))?,
                Test::NotIn(values) => write!(f, "{key} notin ({})", values.join(","))?,
                Test::Greater(limit) => write!(f, "{key}>{limit}")?,
                Test::Less(limit) => write!(f, "{key}<{limit}")?,
            }
        }
        Ok(())
    }
}
