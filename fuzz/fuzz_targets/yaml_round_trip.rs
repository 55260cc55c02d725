//! Any value: what is written reads as the same value in both dialects, and what was read is written and read again
//! without a change.
#![no_main]

use fluxcd_dialect::yaml::{self, Loader};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Number, Value, json};

fuzz_target!(|bytes: &[u8]| {
    let mut source = Source(bytes);
    // kustomize reads maps and lists only.
    let value = json!({ "v": source.value(0) });
    // A character that the format cannot hold is refused, and nothing is left to compare.
    let Ok(text) = yaml::to_string(&value) else {
        return;
    };
    for (name, loader) in [
        ("v2", Loader::v2()),
        ("strict", Loader::v2().strict()),
        ("v3", Loader::v3()),
    ] {
        let read = loader
            .load(text.as_bytes())
            .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        assert!(
            same(&read, &value),
            "{name}: {value} became {read} in\n{text}"
        );
        // A whole float is read as an integer, and only then keeps its spelling.
        let again = yaml::to_string(&read).expect("a value that was read can be written");
        assert_eq!(
            loader.load(again.as_bytes()).as_ref(),
            Ok(&read),
            "{name}: {again}"
        );
    }
});

/// Makes a value of whatever bytes there are.
struct Source<'a>(&'a [u8]);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn word(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.byte() {
            0..40 if depth < 6 => (0..self.byte() % 5)
                .map(|_| self.value(depth + 1))
                .collect(),
            40..90 if depth < 6 => {
                let members = (0..self.byte() % 5).map(|_| (self.key(), self.value(depth + 1)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            90..95 => Value::Null,
            95..100 => Value::Bool(self.byte() > 127),
            100..110 => json!(self.word()),
            110..120 => json!(self.word() as i64),
            120..130 => {
                Number::from_f64(f64::from_bits(self.word())).map_or(Value::Null, Value::Number)
            }
            _ => Value::String(self.text()),
        }
    }

    /// `<<` is left out: upstream writes it without quotes, and then it merges.
    fn key(&mut self) -> String {
        let text = self.text();
        if text == "<<" { String::new() } else { text }
    }

    /// NEL is left out: upstream's way through JSON folds it like any other line break. So is `0o` with a sign: the writer
    /// is that of v2, to which it is text, and v3 reads a number.
    fn text(&mut self) -> String {
        let length = usize::from(self.byte() % 64).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        let text = String::from_utf8_lossy(text).replace('\u{85}', "\n");
        text.trim_start_matches("0o").to_owned()
    }
}

/// Equal, where a float without a fraction may come back as an integer.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
