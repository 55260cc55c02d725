//! Random YAML texts, stitched from pieces of the grammar.
//!
//! Most of a text is well formed, so that values are compared and not only
//! errors; every rule has a small chance of a piece that does not belong there.

use crate::rng::Rng;

const NUMBERS: &str = "0 1 -1 +1 007 0755 08 0o17 0o8 0x1F 0X1f 0b101 0b12 1_000 1e3 1E3 1.5 .5 5. 1.e3 -0 -0.0 1e400 -1e400 \
    18446744073709551615 18446744073709551616 9223372036854775807 9223372036854775808 -9223372036854775808 \
    -9223372036854775809 9007199254740993 190:20:30 1:30 1_0.5 0x_1F _1 1__0 0.1e-7 12e03 0b_1 -0x10 +0b1 -0o7 0.000001 \
    123456789.5 1e21 1e-7 1.7976931348623157e308 5e-324 0xFFFFFFFFFFFFFFFF 0x10000000000000000 -0b11 0o 0x 0b + . .. 1e 1e+ \
    +1e5 1,000 ٣";
const WORDS: &str = "a b key name x1 yes no on off y n Y N True FALSE null Null NULL ~ true false tRue << <<< = 2024-01-01 2024-1-1 \
    2001-12-14t21:59:43.10-05:00 2024-01-01T00:00:00Z 2024-13-45 v1 http://x.y/z a:b a#b -a --a ?a :a é 日本 😀 x=y a'b a\"b a\\b \
    ${x} ..a /a (a) a; $a";
/// Words that break most places they stand in, or mean something there.
const ODD: &str = "- -- --- ... *a *nope &a @x %x `x |x >x {a} [a] ] } a, , '' \" ' \"\" \\ # #c : ? ! !! % @ a: image: {{x}} a,b !!str !!int";
const TAGS: &str = "!!str !!int !!float !!bool !!null !!map !!seq !!binary !!timestamp !!merge !!set !!omap !foo ! !! \
    !<tag:yaml.org,2002:str> !<x> !!foo !e!x !%61 !a%zz !<!x>";
/// Tags with a value that they fit.
const TAGGED: &[&str] = &[
    "!!str 1",
    "!!str yes",
    "!!str a b",
    "!!int 5",
    "!!int \"5\"",
    "!!int 0x1F",
    "!!float 1",
    "!!float 1e3",
    "!!bool yes",
    "!!null ~",
    "!!null",
    "!!binary aGVsbG8=",
    "!!timestamp 2024-01-01",
    "!foo x",
    "! 12",
    "! a",
    "!<tag:yaml.org,2002:str> 12",
    "!<x> 1",
];
const ANCHORS: &str = "a b c";

/// One text, possibly of several documents.
pub(crate) fn text(rng: &mut Rng) -> String {
    let wild = rng.percent(35);
    let mut grammar = Grammar {
        rng,
        wild,
        anchors: Vec::new(),
        indent: 0,
    };
    let mut out = grammar.head().to_owned();
    out += &grammar.body();
    while grammar.rng.percent(8) {
        out += grammar.boundary();
        if grammar.rng.percent(70) {
            out += &grammar.body();
        }
    }
    out + grammar.rng.pick(&[
        "\n", "\n", "\n", "\n", "\n", "\n", "", "\n\n", " ", "  \n", "\n# c",
    ])
}

struct Grammar<'a> {
    rng: &'a mut Rng,
    /// Whether pieces appear where they do not belong.
    wild: bool,
    anchors: Vec<Anchor>,
    /// Of the innermost open block; text that goes on must stand deeper.
    indent: usize,
}

/// A name that an alias may use.
struct Anchor {
    name: String,
    of_map: bool,
}

impl Grammar<'_> {
    /// One of the usual pieces or, in a wild text, sometimes a rare one.
    fn choose(&mut self, usual: &[&'static str], rare: &[&'static str]) -> &'static str {
        if self.odd(7) {
            self.rng.pick(rare)
        } else {
            self.rng.pick(usual)
        }
    }

    fn odd(&mut self, percent: usize) -> bool {
        self.wild && self.rng.percent(percent)
    }

    fn head(&mut self) -> &'static str {
        if self.rng.percent(88) {
            return "";
        }
        self.choose(
            &[
                "---\n",
                "--- # c\n",
                "--- |\n",
                "--- >-\n",
                "%YAML 1.1\n---\n",
                "%TAG ! tag:x,2:\n---\n",
                "# c\n",
                "\n",
                " \n",
                "%TAG !e! tag:e,2:\n---\n",
                "\u{feff}",
                "\u{feff}---\n",
                "--- &a\n",
                "--- !foo\n",
            ],
            &[
                "--- ",
                "---\t",
                "%YAML 1.2\n---\n",
                "%YAML 1.1 # c\n--- ",
                "%FOO bar\n---\n",
                "%\n---\n",
                "...\n",
                "---\n---\n",
                "%YAML 1.1\n%YAML 1.1\n---\n",
                "\t\n",
                "\u{feff}\u{feff}",
            ],
        )
    }

    fn boundary(&mut self) -> &'static str {
        self.anchors.clear();
        self.choose(
            &[
                "\n---\n",
                "\n---\n",
                "\n---",
                "\n--- \n",
                "\n---\t\n",
                "\n--- # c\n",
                "\n...\n---\n",
                "\n...\n",
                "\r\n---\r\n",
                "\n---\n---\n",
            ],
            &[
                "\n--- x\n",
                "\n---a\n",
                "\n ---\n",
                "\n... # c\n---\n",
                "\n...\n%YAML 1.1\n---\n",
                "\n... x\n",
                "\n---\r\n",
                "\n-----\n",
            ],
        )
    }

    fn body(&mut self) -> String {
        match self.rng.below(100) {
            0..70 => {
                let indent = self.rng.pick(&[0, 0, 0, 0, 0, 0, 0, 1, 2]);
                self.mapping(indent, 0)
            }
            70..82 => self.sequence(0, 0),
            82..92 => self.flow(0),
            _ => self.node(0, 1).trim_start_matches(' ').to_owned(),
        }
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> String {
        let mut lines = Vec::new();
        let mut keys = String::from("a b c d e f g h name spec kind metadata items apiVersion");
        for _ in 0..self.rng.between(1, 4) {
            let pad = self.pad(indent);
            if self.rng.percent(6) {
                lines.push(
                    self.choose(
                        &["# c", "  # x", "#", "", "      "],
                        &["\t", "\t# y", " \t "],
                    )
                    .to_owned(),
                );
            }
            self.indent = indent;
            let key = self.key(&pad, &mut keys);
            let colon = self.choose(&[":"], &[" :", ":\t", "", ": "]);
            let value = if key == "<<" {
                self.merged()
            } else {
                self.node(indent, depth)
            };
            lines.push(format!("{pad}{key}{colon}{value}"));
        }
        lines.join(self.line_break())
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> String {
        let mut lines = Vec::new();
        for _ in 0..self.rng.between(1, 4) {
            let pad = self.pad(indent);
            let item = match self.rng.below(100) {
                0..30 if depth < 4 => {
                    format!(" {}", self.mapping(indent + 2, depth + 1).trim_start())
                }
                30..35 if depth < 4 => {
                    format!(" {}", self.sequence(indent + 2, depth + 1).trim_start())
                }
                _ => {
                    self.indent = indent;
                    self.node(indent, depth)
                }
            };
            lines.push(format!("{pad}-{item}"));
        }
        lines.join(self.line_break())
    }

    fn pad(&mut self, indent: usize) -> String {
        if !self.odd(3) {
            return " ".repeat(indent);
        }
        match self.rng.below(3) {
            0 => " ".repeat(indent + 1),
            1 => " ".repeat(indent.saturating_sub(1)),
            _ => format!("{}\t", " ".repeat(indent)),
        }
    }

    fn line_break(&mut self) -> &'static str {
        if self.rng.percent(96) {
            return "\n";
        }
        self.choose(
            &[
                "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\n\n", "\n \n", "\n#c\n",
            ],
            &["\n\t\n"],
        )
    }

    /// Takes its usual names from `names`, so that keys seldom repeat.
    fn key(&mut self, pad: &str, names: &mut String) -> String {
        match self.rng.below(100) {
            0..72 => {
                let name = self.rng.word(names).to_owned();
                if self.rng.percent(97) {
                    *names = names
                        .split(' ')
                        .filter(|other| *other != name)
                        .collect::<Vec<_>>()
                        .join(" ");
                }
                name
            }
            72..79 => self.rng.word(WORDS).to_owned(),
            79..82 => self.rng.word(NUMBERS).to_owned(),
            82..88 => {
                let quoted = self.quoted();
                if self.wild {
                    quoted
                } else {
                    quoted.replace(['\n', '\r', '\u{85}', '\u{2028}'], " ")
                }
            }
            88..92 if self.anchors.iter().any(|anchor| anchor.of_map) => "<<".to_owned(),
            92..94 => format!("? {}\n{pad}", self.scalar(0)),
            94 => format!("&{} k", self.define(false)),
            95 if !self.anchors.is_empty() => format!("{} ", self.alias()),
            96 => format!(
                "{} k",
                self.choose(&["!!str", "!foo", "!"], &["!!int", "!!binary", "!e!x"])
            ),
            97 if self.odd(30) => self.flow(3),
            98 if self.odd(30) => format!("? - a\n{pad}  - b\n{pad}"),
            99 if self.odd(30) => self.rng.word(ODD).to_owned(),
            _ if self.odd(3) => String::new(),
            _ => "z".to_owned(),
        }
    }

    /// What follows a merge key.
    fn merged(&mut self) -> String {
        let maps: Vec<&str> = self
            .anchors
            .iter()
            .filter(|anchor| anchor.of_map)
            .map(|anchor| &*anchor.name)
            .collect();
        let count = self.rng.between(1, 3);
        let mut names: Vec<String> = (0..count)
            .filter(|_| !maps.is_empty())
            .map(|_| format!("*{}", maps[self.rng.below(maps.len())]))
            .collect();
        if names.is_empty() || self.rng.percent(20) {
            names.push("{a: 1, b: {c: 2}}".to_owned());
        }
        if self.odd(15) {
            names.push(self.flow(2));
        }
        match &*names {
            [one] => format!(" {one}"),
            _ => format!(" [{}]", names.join(", ")),
        }
    }

    /// What follows a colon or a dash, with the blank before it.
    fn node(&mut self, indent: usize, depth: usize) -> String {
        let mut props = String::new();
        // An alias may use the name only after the node has ended, or it recurs.
        let defined = self
            .rng
            .percent(9)
            .then(|| self.rng.word(ANCHORS).to_owned());
        if let Some(name) = &defined {
            props += &format!(" &{name}");
        }
        if self.odd(8) {
            props += &format!(" {}", self.rng.word(TAGS));
        }
        let kind = self.rng.below(100);
        let value = match kind {
            _ if depth > 4 => format!(" {}", self.scalar(if defined.is_some() { 3 } else { 0 })),
            0..36 => {
                let scalar = self.scalar(if defined.is_some() { 3 } else { 0 });
                format!(
                    " {scalar}{}",
                    self.choose(
                        &["", "", "", "", " # c", " #c", "  ", " #", "\t# c"],
                        &["# c", "\t", " c: d"]
                    )
                )
            }
            36..48 => format!(" {}", self.flow(0)),
            48..60 => format!(" {}", self.block_scalar(indent)),
            60..84 => {
                let deeper = indent + self.rng.pick(&[2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 3, 4]);
                if self.rng.percent(4) {
                    props += self.choose(&[" !!map", " !foo"], &[" !!seq", " !!str", " !!binary"]);
                }
                format!("\n{}", self.mapping(deeper, depth + 1))
            }
            84..86 => String::new(),
            _ => {
                let deeper = indent + self.rng.pick(&[2, 2, 2, 0, 0, 0, 1, 4]);
                format!("\n{}", self.sequence(deeper, depth + 1))
            }
        };
        self.indent = indent;
        if let Some(name) = defined {
            self.push(name, (60..84).contains(&kind) && depth <= 4);
        }
        props + &value
    }

    /// A scalar with properties only above depth 3, as many as there is room for.
    fn scalar(&mut self, depth: usize) -> String {
        match self.rng.below(100) {
            0..22 => self.rng.word(NUMBERS).to_owned(),
            22..48 => self.rng.word(WORDS).to_owned(),
            48..64 => self.quoted(),
            64..74 => {
                let count = self.rng.between(1, 4);
                let words: Vec<_> = (0..count)
                    .map(|_| self.rng.word(WORDS).to_owned())
                    .collect();
                let deeper = " ".repeat(self.indent + 1);
                match self.rng.below(10) {
                    0 => words.join(&format!("\n{deeper}")),
                    1 => words.join(&format!("\n\n {deeper}")),
                    2 => words.join(&format!(
                        "{}{deeper}",
                        self.rng
                            .pick(&["\r\n", "\r", "\u{85}", "\u{2028}", "\n\n\n", " \n"])
                    )),
                    3 => words.join(self.rng.pick(&["  ", "\t", " \t "])),
                    _ => words.join(" "),
                }
            }
            74..80 if depth < 3 => self.alias(),
            80..83 if depth < 3 => {
                let name = self.define(false);
                format!("&{name} {}", self.scalar(3))
            }
            83..88 if depth < 3 => self.rng.pick(TAGGED).to_owned(),
            88..90 if self.odd(50) => format!("{} {}", self.rng.word(TAGS), self.scalar(depth + 1)),
            90..94 if self.odd(30) => self.rng.word(ODD).to_owned(),
            94..96 => self.rng.word("YQ== aGVsbG8= aGk /w== a=== 4pyT").to_owned(),
            96 if self.odd(50) => "!!binary /w==".to_owned(),
            97 if self.rng.percent(20) => self.rng.word(".inf -.INF +.Inf .nan .NaN").to_owned(),
            _ => String::new(),
        }
    }

    fn alias(&mut self) -> String {
        if self.odd(4) {
            return "*nope".to_owned();
        }
        if self.anchors.is_empty() {
            return "z".to_owned();
        }
        let index = self.rng.below(self.anchors.len());
        format!("*{}", self.anchors[index].name)
    }

    fn define(&mut self, of_map: bool) -> String {
        let name = self.rng.word(ANCHORS).to_owned();
        self.push(name.clone(), of_map);
        name
    }

    fn push(&mut self, name: String, of_map: bool) {
        self.anchors.retain(|anchor| anchor.name != name);
        self.anchors.push(Anchor { name, of_map });
    }

    fn quoted(&mut self) -> String {
        let double = self.rng.percent(60);
        let usual: &[&str] = if double {
            &[
                "a",
                "b",
                "word",
                " ",
                "\\n",
                "\\t",
                "\\x41",
                "\\u0085",
                "\\\"",
                "\\\\",
                "\n  ",
                "\\\n  ",
                " \\\n   \\ ",
                "\\e",
                "\\_",
                "\\N",
                "\\L",
                "\\P",
                "\\0",
                "\\ ",
                "\\U0001F600",
                "é",
                "'",
                "#",
                " #",
                ": ",
                "\t",
                "\n\n  ",
                "😀",
                "\\r",
            ]
        } else {
            &[
                "a", "b", "word", " ", "''", "\"", "\\", "\n  ", "\n\n  ", "#", " #", ": ", "\t",
                "é", " \n  ", "{", "\\n",
            ]
        };
        let rare = [
            "\\/",
            "\\q",
            "\\ud83d",
            "\\ud83d\\ude00",
            "\\x4",
            "\\uZZZZ",
            "\\U00110000",
            "\n---\n",
            "\n...\n",
            "\n",
            "\n\t",
            "'",
            "\r\n",
            "\r",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{7f}",
            "\u{0}",
            "\u{9f}",
            "\u{fffe}",
            "\\\r\n  ",
            "\\\u{85} ",
        ];
        let mut out = String::new();
        for _ in 0..self.rng.between(0, 6) {
            out += self.choose(usual, &rare);
        }
        let quote = if double { '"' } else { '\'' };
        format!("{quote}{out}{quote}")
    }

    fn block_scalar(&mut self, indent: usize) -> String {
        let style = self.rng.pick(&["|", ">"]);
        let hinted = self.rng.percent(8);
        let chomp = self.choose(&["", "", "-", "+"], &["--", "x", "0", "-+", "10"]);
        let after = self.choose(&["", "", "", "", "", " ", " # c", "\t"], &[" x", "#c"]);
        let mut deeper = self.rng.pick(&[2, 2, 2, 2, 2, 2, 1, 3, 4]);
        if self.odd(8) {
            deeper = 0;
        }
        let hint = if hinted {
            self.rng.between(1, deeper.max(1)).to_string()
        } else {
            String::new()
        };
        let mut out = if self.rng.percent(50) {
            format!("{style}{hint}{chomp}{after}")
        } else {
            format!("{style}{chomp}{hint}{after}")
        };
        let inner = " ".repeat(indent + deeper);
        for line in 0..self.rng.between(0, 5) {
            out += self.line_break();
            if self.rng.percent(15) {
                out += self.choose(
                    &["", " ", &"          "[..deeper.min(2)]],
                    &["\t", "        "],
                );
                continue;
            }
            out += &inner;
            if line > 0 {
                out += self.choose(&["", "", "", "", "  ", " "], &["\t"]);
            }
            out += self.choose(
                &[
                    "a",
                    "text",
                    "b c",
                    "long words here",
                    "a: b",
                    "- x",
                    "# h",
                    "---",
                    "...",
                    "{",
                    "é",
                    "\"q",
                    "trail  ",
                    "#!/bin/sh",
                    "\\n",
                    "end\t",
                ],
                &[
                    "\ttab",
                    "  more",
                    "\u{7f}",
                    "\u{feff}",
                    "\u{85}x",
                    "\u{2028}x",
                    "\r",
                    "%a",
                    "*x",
                ],
            );
        }
        out
    }

    fn flow(&mut self, depth: usize) -> String {
        if depth > 3 || (depth > 0 && self.rng.percent(55)) {
            return self.flow_scalar(depth);
        }
        let list = self.rng.percent(45);
        let space = self.choose(
            &["", "", "", " ", "\n", "\n  ", "\n    ", " # c\n  "],
            &["\t", "\n\t", "#c"],
        );
        let mut out = String::from(if list { "[" } else { "{" }) + space;
        let mut keys = String::from("a b c d e f 1 k yes");
        for i in 0..self.rng.between(0, 4) {
            if i > 0 {
                out += self.choose(
                    &[", ", ", ", ", ", ",", ",\n  ", " , ", ", # c\n   ", ",\t"],
                    &[" ", ",,"],
                );
            }
            out += &match (list, self.rng.below(20)) {
                (true, 0..15) => self.flow(depth + 1),
                (false, 0) if self.odd(30) => self.flow(depth + 1),
                (_, 1) => format!("? {} : {}", self.flow_scalar(3), self.flow_scalar(depth)),
                (_, 2) if self.anchors.iter().any(|anchor| anchor.of_map) => {
                    format!("<<:{}", self.merged())
                }
                (_, 3) if self.odd(30) => format!("{}:", self.flow_scalar(3)),
                (_, 4) if self.odd(30) => format!(": {}", self.flow_scalar(3)),
                (_, 5) => format!("\"a\":{}", self.flow(depth + 1)),
                _ => {
                    let key = self.rng.word(&keys).to_owned();
                    keys = keys.replacen(&key, "q", usize::from(self.rng.percent(95)));
                    let colon =
                        self.choose(&[": ", ": ", ": ", ": ", " : ", ":\n  "], &[":", ":\t"]);
                    format!("{key}{colon}{}", self.flow(depth + 1))
                }
            };
        }
        out += self.choose(&["", "", "", "", "", ",", ", "], &[",,", ":"]);
        out += space;
        out += match (list, self.odd(3)) {
            (true, false) | (false, true) => "]",
            _ => "}",
        };
        out
    }

    /// Plain text inside brackets must not hold their indicators.
    fn flow_scalar(&mut self, depth: usize) -> String {
        let scalar = self.scalar(depth);
        if self.wild && self.rng.percent(10) || scalar.starts_with(['"', '\'']) {
            return scalar;
        }
        let plain = scalar.replace([',', '[', ']', '{', '}', '?', ':'], "");
        if plain.trim().is_empty() {
            "z".to_owned()
        } else {
            plain
        }
    }
}
