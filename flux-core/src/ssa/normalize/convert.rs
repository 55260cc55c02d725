//! Objects through Go's types and back: what upstream does by reflection, done with the table of shapes.

use base64::Engine;
use base64::engine::GeneralPurposeConfig;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use fluxcd_dialect::yaml::Segment;
use serde_json::{Map, Number, Value};

use super::Mismatch;
use super::instant::{self, Precision};
use super::quantity;
use super::shape::{Field, Kind, Shape};
use crate::manifest::FieldPath;

/// An object as its type keeps it.
pub(super) struct Converted {
    pub(super) object: Map<String, Value>,
    /// The fields that the type does not know.
    pub(super) dropped: Vec<FieldPath>,
}

pub(super) fn convert(object: &Map<String, Value>, shape: Shape) -> Result<Converted, Mismatch> {
    let mut dropped = Vec::new();
    let object = Converter(&mut dropped).object(object, shape, &Path::Root)?;
    Ok(Converted { object, dropped })
}

struct Converter<'a>(&'a mut Vec<FieldPath>);

impl Converter<'_> {
    /// runtime: converter.go (structFromUnstructured, structToUnstructured).
    fn object(
        &mut self,
        source: &Map<String, Value>,
        shape: Shape,
        path: &Path<'_>,
    ) -> Result<Map<String, Value>, Mismatch> {
        let mut object = Map::new();
        let mut known = 0;
        for field in shape.fields() {
            let given = source.get(field.name);
            known += usize::from(given.is_some());
            let value = match given {
                Some(value) => self.value(value, field.kind, &path.key(field.name))?,
                None => zero(field.kind),
            };
            if !is_left_out(field, given, &value) {
                object.insert(field.name.to_owned(), value);
            }
        }
        if known < source.len() {
            let unknown = source
                .keys()
                .filter(|key| shape.fields().all(|field| field.name != *key));
            self.0.extend(unknown.map(|key| path.key(key).path()));
        }
        Ok(object)
    }

    /// runtime: converter.go (fromUnstructured, toUnstructured).
    fn value(&mut self, source: &Value, kind: Kind, path: &Path<'_>) -> Result<Value, Mismatch> {
        if source.is_null() {
            return Ok(zero(kind));
        }
        match (kind, source) {
            (Kind::Pointer(inner), _) => return self.value(source, inner.kind(), path),
            (Kind::Struct(shape), Value::Object(members)) => {
                return self.object(members, shape, path).map(Value::Object);
            }
            (Kind::List(inner), Value::Array(items)) => {
                let inner = inner.kind();
                let items = items.iter().enumerate();
                return items
                    .map(|(index, item)| self.value(item, inner, &path.index(index)))
                    .collect();
            }
            (Kind::Map(inner), Value::Object(members)) => {
                let inner = inner.kind();
                let members = members.iter();
                let converted = members
                    .map(|(key, item)| Ok((key.clone(), self.value(item, inner, &path.key(key))?)));
                return converted.collect::<Result<_, _>>().map(Value::Object);
            }
            _ => {}
        }
        scalar(source, kind).ok_or_else(|| Mismatch {
            path: path.path(),
            expected: kind.name(),
        })
    }
}

fn scalar(source: &Value, kind: Kind) -> Option<Value> {
    match (kind, source) {
        (Kind::String, Value::String(_)) | (Kind::Bool, Value::Bool(_)) => Some(source.clone()),
        (Kind::Int64, Value::Number(number)) => integer(number).map(Value::from),
        // Bits that do not fit are cut off.
        (Kind::Int32, Value::Number(number)) => {
            integer(number).map(|integer| Value::from(integer as i32))
        }
        (Kind::Bytes, Value::String(text)) => decoded(text).map(|bytes| encoded(&bytes)),
        (Kind::Bytes, Value::Array(items)) => {
            let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
            bytes.map(|bytes| encoded(&bytes))
        }
        (Kind::Time, Value::String(text)) => {
            instant::rewrite(text, Precision::Seconds).map(Value::from)
        }
        (Kind::MicroTime, Value::String(text)) => {
            instant::rewrite(text, Precision::Microseconds).map(Value::from)
        }
        // Upstream reads the text in the form of JSON, in which these are escaped.
        (Kind::Quantity, Value::String(text)) => {
            let is_space = |c: char| {
                c.is_whitespace()
                    && c != '\u{2028}'
                    && c != '\u{2029}'
                    && (c == ' ' || !c.is_ascii())
            };
            quantity::rewrite(text.trim_matches(is_space)).map(Value::from)
        }
        (Kind::Quantity, Value::Number(number)) => {
            quantity::rewrite(&written(number)).map(Value::from)
        }
        (Kind::Port, Value::String(_)) => Some(source.clone()),
        (Kind::Port, Value::Number(number)) => written(number).parse::<i32>().ok().map(Value::from),
        (Kind::Any, _) => Some(rewritten(source)),
        _ => None,
    }
}

/// What a type holds where nothing was given.
fn zero(kind: Kind) -> Value {
    match kind {
        Kind::Struct(shape) => {
            let mut object = Map::new();
            for field in shape.fields() {
                let value = zero(field.kind);
                if !is_left_out(field, None, &value) {
                    object.insert(field.name.to_owned(), value);
                }
            }
            Value::Object(object)
        }
        Kind::String => Value::from(""),
        Kind::Bool => Value::from(false),
        Kind::Int32 | Kind::Int64 | Kind::Port => Value::from(0),
        Kind::Quantity => Value::from("0"),
        Kind::Pointer(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Bytes
        | Kind::Time
        | Kind::MicroTime
        | Kind::Any => Value::Null,
    }
}

/// runtime: converter.go (isEmpty). A struct is never empty, a pointer is where it is not set, whatever it leads to.
fn is_left_out(field: Field, given: Option<&Value>, value: &Value) -> bool {
    let is_empty = match field.kind {
        Kind::Pointer(_) => given.is_none_or(Value::is_null),
        Kind::Struct(_)
        | Kind::Time
        | Kind::MicroTime
        | Kind::Quantity
        | Kind::Port
        | Kind::Any => false,
        Kind::List(_)
        | Kind::Map(_)
        | Kind::Bytes
        | Kind::String
        | Kind::Bool
        | Kind::Int32
        | Kind::Int64 => match value {
            Value::Null => true,
            Value::Bool(value) => !value,
            Value::Number(number) => number.as_i64() == Some(0),
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
        },
    };
    // Only times are left out where they are zero.
    field.omits_empty && is_empty || field.omits_zero && value.is_null()
}

/// A number as an integer of 64 bits: numbers with a fraction are none, and those out of range become the smallest, as on
/// the processors of most clusters.
fn integer(number: &Number) -> Option<i64> {
    if let Some(integer) = number.as_i64() {
        return Some(integer);
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
    let in_range = -(2_f64.powi(63))..2_f64.powi(63);
    Some(if in_range.contains(&float) {
        float as i64
    } else {
        i64::MIN
    })
}

fn byte(item: &Value) -> Option<u8> {
    match item {
        Value::Null => Some(0),
        // Bits that do not fit are cut off.
        Value::Number(number) => integer(number).map(|integer| integer as u8),
        _ => None,
    }
}

/// Base64 as Go reads it: line breaks are skipped, bits behind the last byte may be set.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let bytes = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    LENIENT.decode(bytes.collect::<Vec<_>>()).ok()
}

pub(super) fn encoded(bytes: &[u8]) -> Value {
    Value::from(STANDARD.encode(bytes))
}

/// A number as Go writes it in JSON.
fn written(number: &Number) -> String {
    let float = match number.as_i64() {
        Some(integer) => return integer.to_string(),
        None => number.as_f64().unwrap_or_default(),
    };
    let size = float.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return float.to_string();
    }
    match format!("{float:e}") {
        text if size < 1.0 => text,
        text => text.replace('e', "e+"),
    }
}

/// A value through JSON text: numbers that are written without a point are integers where they fit.
fn rewritten(value: &Value) -> Value {
    match value {
        Value::Number(number) => match written(number).parse::<i64>() {
            Ok(integer) => Value::from(integer),
            Err(_) => number.as_f64().map_or(Value::Null, Value::from),
        },
        Value::Array(items) => items.iter().map(rewritten).collect(),
        Value::Object(members) => {
            let members = members.iter();
            Value::Object(
                members
                    .map(|(key, value)| (key.clone(), rewritten(value)))
                    .collect(),
            )
        }
        _ => value.clone(),
    }
}

/// Where the walk is.
#[derive(Clone, Copy)]
enum Path<'a> {
    Root,
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl<'a> Path<'a> {
    fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    fn index(&'a self, index: usize) -> Self {
        Self::Index(self, index)
    }

    fn path(&self) -> FieldPath {
        let mut segments = Vec::<Segment>::new();
        let mut at = *self;
        loop {
            at = match at {
                Path::Root => break,
                Path::Key(parent, key) => {
                    segments.push(key.into());
                    *parent
                }
                Path::Index(parent, index) => {
                    segments.push(index.into());
                    *parent
                }
            };
        }
        segments.into_iter().rev().collect()
    }
}
