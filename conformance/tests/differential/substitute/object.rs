//! Random objects, and what `spec.postBuild` does to them.
//!
//! Half of the cases have tame values and texts, so that whole objects are compared and not only the first mistake in them.

use fluxcd_conformance::ops::bytes_result;
use serde_json::{Map, Value, json};

use super::cluster;
use super::expression::Grammar;
use super::style;
use crate::mutate;
use crate::rng::Rng;

pub(super) const NAMES: &str = "domain region version port flag q n v w";

/// Text around the expressions.
const WORDS: &[&str] = &[
    "a",
    "app-",
    ".",
    "-",
    "/",
    ":",
    " ",
    "pre ",
    " post",
    "https://",
    "1",
    "0",
    "=",
    "--x=",
    "x,y",
    "value",
    "word ",
    "word ",
    "some words ",
    "é",
    "日",
];
/// Text that the writer quotes, folds or sets in block style, and what the reader takes for something else.
const ODD_WORDS: &[&str] = &[
    "\t",
    "😀",
    "\n",
    "\n",
    "\n\n",
    " \n",
    "\n  ",
    "\r\n",
    "\r",
    "'",
    "\"",
    "\\",
    ": ",
    " #",
    "#",
    "- ",
    "? ",
    "|",
    ">",
    "&a ",
    "*a",
    "!",
    "%",
    "@",
    "`",
    "{",
    "}",
    "[",
    "]",
    ",",
    "$",
    "$$",
    "$${",
    "$(x)",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "\u{feff}",
    "\u{1b}",
    "\u{0}",
    "\n- a",
    "\nk: v",
    "---",
    "\n---\n",
    "<a href='x'>&",
    "  ",
];
/// Whole values that keep their quotes, or not.
const WHOLE: &str = "1 0755 0x1F 1.5 1e3 yes no on off y n true false null ~ << = 2024-01-01 1:30 .inf .nan - ? | > v1.2.3 \
    10.0.0.0/8 9007199254740993 {} [] '' \"\" 0o17 1_000 +1 .5 -0";

/// The input of one case of `substitute.object`.
pub(crate) fn input(rng: &mut Rng) -> Value {
    let wild = rng.percent(50);
    let mut objects = Objects { rng, wild };
    let mut object = objects.object();
    if objects.rng.percent(6) {
        objects.opt_out(&mut object);
    }
    let is_list = !wild && rng.percent(6);
    if is_list {
        object = json!({ "apiVersion": "v1", "kind": "ConfigMapList", "items": [object] });
    }
    let mut manifest = match rng.below(10) {
        // Kustomize takes the items of a list as they were read; the library knows values only as kustomize writes them
        // out and reads them again, which differs for some styles and for U+FEFF.
        _ if is_list => object.to_string().replace('\u{feff}', ""),
        0..4 => object.to_string(),
        4 => serde_json::to_string_pretty(&object).unwrap(),
        _ => style::yaml(rng, &object, wild),
    }
    .into_bytes();
    if !is_list && rng.percent(4) {
        manifest = mutate::edit(rng, &manifest, b"metadata: {name: x}\nspec: ${v}\n");
        // Nothing that substitution could be blamed for: kustomize moves some comments about, and finds `metadata` by the
        // text of its key, whatever its tag makes of it.
        manifest.retain(|byte| !b"#!".contains(byte));
    }
    let mut input = cluster::post_build(rng, wild);
    input["manifest"] = bytes_result(&manifest);
    if rng.percent(60) {
        input["strict"] = json!(true);
    }
    if rng.percent(8) {
        input["dryRun"] = json!(true);
    }
    input
}

struct Objects<'a> {
    rng: &'a mut Rng,
    wild: bool,
}

impl Objects<'_> {
    fn object(&mut self) -> Value {
        let mut object = match self.rng.below(10) {
            0..2 => self.deployment(),
            2..5 => self.config_map(),
            5 => self.secret(),
            6..8 => self.release(),
            _ => self.thing(),
        };
        let name = self.rarely("app");
        object["metadata"] = json!({ "name": name });
        if self.rng.percent(40) {
            object["metadata"]["namespace"] = self.rarely("apps");
        }
        for key in ["labels", "annotations"] {
            if self.rng.percent(30) {
                let mut map = Map::new();
                for _ in 0..self.rng.between(1, 3) {
                    map.insert(self.key(), Value::String(self.text()));
                }
                object["metadata"][key] = Value::Object(map);
            }
        }
        if self.rng.percent(3) {
            let (key, value) = (self.key(), self.any(0));
            object[key] = value;
        }
        object
    }

    fn opt_out(&mut self, object: &mut Value) {
        let place = self.rng.word("labels annotations");
        let value = self
            .rng
            .word("disabled disabled disabled Disabled enabled ${v}");
        object["metadata"][place]["kustomize.toolkit.fluxcd.io/substitute"] = json!(value);
    }

    fn deployment(&mut self) -> Value {
        let environment: Vec<Value> = (0..self.rng.between(0, 3))
            .map(|_| json!({ "name": "A", "value": self.text() }))
            .collect();
        json!({
            "apiVersion": "apps/v1",
            "kind": self.rarely("Deployment"),
            "spec": {
                "replicas": self.any(3),
                "template": { "spec": { "containers": [{
                    "name": "c",
                    "image": format!("registry.example.com/app:{}", self.text()),
                    "args": [self.text(), self.text()],
                    "env": environment,
                    "ports": [{ "containerPort": self.any(3) }],
                }] } },
            },
        })
    }

    /// Scripts and files, which the writer sets in block style.
    fn config_map(&mut self) -> Value {
        let mut data = Map::new();
        for _ in 0..self.rng.between(1, 3) {
            let key = self.key();
            let value = match self.rng.below(3) {
                0 => self.text(),
                1 => (0..self.rng.between(1, 5))
                    .map(|_| self.text() + "\n")
                    .collect(),
                _ => format!(
                    "#!/bin/sh\nfor f in $(ls); do\n  echo $f $${{f}} {}\ndone\n",
                    self.text()
                ),
            };
            data.insert(key, Value::String(value));
        }
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": data })
    }

    fn secret(&mut self) -> Value {
        let mut secret = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "data": { "a": self.rng.word("JHt2fQ== MQ== ${v}") },
            "stringData": { "b": self.text(), "c": self.text() },
        });
        if self.rng.percent(30) {
            secret["sops"] = json!({ "mac": "ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]", "version": "3.9.0" });
        }
        secret
    }

    fn release(&mut self) -> Value {
        json!({
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "spec": {
                "interval": self.rarely("10m"),
                "chart": { "spec": { "chart": "c", "version": self.text() } },
                "values": self.any(0),
            },
        })
    }

    fn thing(&mut self) -> Value {
        json!({ "apiVersion": self.rarely("example.com/v1"), "kind": "Thing", "spec": self.any(0) })
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.rng.below(100) {
            0..16 if depth < 3 => (0..self.rng.between(0, 3))
                .map(|_| self.any(depth + 1))
                .collect(),
            16..45 if depth < 3 => {
                let mut map = Map::new();
                for _ in 0..self.rng.between(0, 4) {
                    map.insert(self.key(), self.any(depth + 1));
                }
                Value::Object(map)
            }
            45..52 => self.scalar(),
            _ => Value::String(self.text()),
        }
    }

    fn scalar(&mut self) -> Value {
        let bits = self.rng.next();
        match self.rng.below(12) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(bits),
            3 => json!(bits as i64),
            4 => json!(9_007_199_254_740_993_i64),
            5 => json!((bits % 100_000) as f64 / 1000.0),
            6 => json!(
                self.rng
                    .pick(&[1e21, 1e-7, 0.1, -0.0, 1e6, 1_234_567.5, 5e-324, 1e300])
            ),
            7 => json!({}),
            8 => json!([]),
            9 => json!(""),
            _ => json!((bits % 2000) as i64 - 1000),
        }
    }

    /// The text, or now and then an expression in its place.
    fn rarely(&mut self, text: &str) -> Value {
        match self.rng.below(20) {
            0 => Value::String(self.text()),
            1 => json!(format!("{text}-${{{}}}", self.rng.word(NAMES))),
            _ => json!(text),
        }
    }

    fn key(&mut self) -> String {
        match self.rng.below(40) {
            0..2 => format!("${{{}}}", self.rng.word(NAMES)),
            2 => format!("k-{}", self.expression()),
            3 => self.rng.word(WHOLE).to_owned(),
            4 if self.wild => self.text(),
            // Beyond 128 characters the writer sets a question mark before a key, beyond 1024 nobody reads it without one.
            6 if self.rng.percent(20) => {
                let length = self.rng.pick(&[122, 124, 126, 128, 1018, 1022, 1030]);
                "k".repeat(length) + &self.expression()
            }
            5 if self.wild => self.rng.word("true false 8080 app on <<").to_owned(),
            _ => self
                .rng
                .word("a b c key name spec run.sh config.yaml a/b x-y zz")
                .to_owned(),
        }
    }

    fn text(&mut self) -> String {
        match self.rng.below(100) {
            0..25 => format!("${{{}}}", self.rng.word(NAMES)),
            25..45 => self.around_expression(),
            45..55 => self.expression(),
            55..60 => format!("${{q}}${{{}}}${{q}}", self.rng.word(NAMES)),
            60..66 => self.rng.word(WHOLE).to_owned(),
            66..68 if self.wild => {
                String::from_utf8_lossy(&mutate::noise(self.rng)).into_owned() + &self.expression()
            }
            66..76 => self.long(),
            76..80 => format!("\"{}\"", self.expression()),
            80..84 => String::from("$$") + &self.expression(),
            _ => self.words(4),
        }
    }

    fn around_expression(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..self.rng.between(1, 2) {
            out += &self.words(2);
            out += &self.expression();
        }
        out + &self.words(2)
    }

    /// Longer than a line, so that the writer folds it, perhaps within an expression.
    fn long(&mut self) -> String {
        let mut out = String::new();
        while out.len() < 120 {
            match self.rng.below(6) {
                0 => out += &self.expression(),
                1 => {
                    out += self
                        .rng
                        .pick(&["${v:-one two three}", "${v/a b/c d}", "${w:= x  y }"])
                }
                _ => out += self.rng.pick(&["word ", "another ", "text, ", "x "]),
            }
        }
        out + &self.words(1)
    }

    fn words(&mut self, longest: usize) -> String {
        let odd = if self.wild { 35 } else { 3 };
        (0..self.rng.between(0, longest))
            .map(|_| match self.rng.percent(odd) {
                true => self.rng.pick(ODD_WORDS),
                false => self.rng.pick(WORDS),
            })
            .collect()
    }

    fn expression(&mut self) -> String {
        let name = self.rng.word(NAMES);
        match self.rng.below(20) {
            0..10 => format!("${{{name}}}"),
            10..15 => {
                let operator = self.rng.word("= := :- :? :+");
                let default = self.rng.pick(&[
                    "1", "", "true", "x-y", "a b", "\"q\"", "'q'", "\"true\"", "null", "default",
                    "${n}", "${n:-z}", "a-${n}",
                ]);
                format!("${{{name}{operator}{default}}}")
            }
            15 if self.wild => self
                .rng
                .pick(&[
                    "${}",
                    "${ v }",
                    "${v",
                    "${v-x}",
                    "${v:-a: b}",
                    "${v/a}",
                    "${v^^^}",
                    "${v:}",
                    "${v:1:9223372036854775807}",
                ])
                .to_owned(),
            16 if self.wild => Grammar::new(self.rng, NAMES).expression(0),
            _ => {
                let operator = self.rng.pick(&[
                    ":0:3", ":1", "^^", ",,", "^", "%-*", "%%.*", "#*.", "##*/", "/a/_", "//./-",
                    "/-/", "//a/",
                ]);
                format!("${{{name}{operator}}}")
            }
        }
    }
}
