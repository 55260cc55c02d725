//! Random texts with expressions, and variables to evaluate them with.
//!
//! Names and values share a small alphabet, so that patterns match, arguments are numbers, and variables exist more often
//! than not. A third of the texts is damaged.

use fluxcd_conformance::ops::bytes_result;
use serde_json::{Map, Value, json};

use crate::rng::Rng;

const NAMES: &str = "a b c x y n FOO cluster_env _v v1 9z é 日本 ß ١٢ ǅ";
const LITERALS: &[&str] = &[
    "a", "b-c ", "text: ", "\n", " ", "}", "{", "$", "$x", "$(x)", "\\", "\\$", "é", "日", "😀",
    "'", "\"", "/", ":", "#", "# {}\n", "$ {x}", "10%", "\r\n", "\t",
];
/// What values and arguments are made of.
const LETTERS: &[&str] = &[
    "a", "a", "a", "b", "b", "c", "A", "B", ".", ".", "-", "-", "/", " ", "1", "é", "É", "ß", "日",
    "😀", "ǆ", "İ", "ς", "ſ", "_", ":", "*", "?", "[", "]", "\\", "$", "}", "\n",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "99",
    "01",
    "+1",
    "-1",
    "-2",
    "-9",
    " 1",
    "1_0",
    "0x1",
    "-0",
    "+",
    "-",
    "1.5",
    "9223372036854775807",
    "9223372036854775806",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999",
    "١",
];
const PATTERNS: &[&str] = &[
    "*", "?", "a*", "*a", "*.", ".*", "*b*", "?*", "[ab]", "[^a]", "[a-c]*", "[", "[a", "[]",
    "[]a]", "[a-]", "[-a]", "\\a", "\\*", "\\", "**", "*?", "[^", "[^]", "[^^]", "[\\]]",
    "[a-\\c]", "*[b-c]", "-*", "*-", "??", "[é-日]", "[日-é]", "*é", "a", "b", ".", "[!a]", "]",
    "*]*",
];
const DAMAGE: &[&[u8]] = &[
    b"$",
    b"{",
    b"}",
    b"}",
    b"${",
    b"$$",
    b"\\",
    b"/",
    b"//",
    b":",
    b"::",
    b"#",
    b"%",
    b"^",
    b",",
    b"=",
    b"-",
    b"+",
    b"?",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xf0\x9f",
    b"\xed\xa0\x80",
    b"*",
    b"[",
    b"]",
    b" ",
    b"\n",
    b"!",
    b"@",
    b".",
    b"${x}",
    b"${x",
    b"\\/",
    b"\\\\",
    b"a",
    "é".as_bytes(),
    "\u{fffd}".as_bytes(),
];

const ODD_DEFAULTS: &[&str] = &[
    "$$", "$", "\"q\"", "'q'", "a: b", "{", "a\nb", "\\}", "=", "/",
];

/// The input of one case of `substitute.eval`.
pub(crate) fn input(rng: &mut Rng) -> Value {
    let mut text = text(rng);
    if rng.percent(30) {
        for _ in 0..rng.pick(&[1, 1, 1, 2, 3]) {
            damage(rng, &mut text);
        }
    }
    let mut vars = Map::new();
    // Few variables let strict mode fail, many let it succeed.
    let set = rng.pick(&[0, 50, 85, 85, 100]);
    for name in NAMES.split(' ') {
        if rng.percent(set) {
            vars.insert(name.to_owned(), bytes_result(&value(rng)));
        }
    }
    let mut input = json!({ "text": bytes_result(&text), "vars": vars });
    if rng.percent(50) {
        input["strict"] = json!(true);
    }
    input
}

fn text(rng: &mut Rng) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..rng.pick(&[1, 1, 1, 2, 2, 3, 4, 6, 30]) {
        match rng.below(100) {
            0..70 => out.extend_from_slice(Grammar::new(rng, NAMES).expression(0).as_bytes()),
            70..76 => out.extend_from_slice("$".repeat(rng.between(1, 5)).as_bytes()),
            76..80 => {
                let expression = Grammar::new(rng, NAMES).expression(0);
                out.extend_from_slice(format!("${expression}").as_bytes());
            }
            80..82 => out.extend_from_slice(rng.pick(DAMAGE)),
            _ => out.extend_from_slice(rng.pick(LITERALS).as_bytes()),
        }
    }
    out
}

/// Expressions that parse, most of the time.
pub(super) struct Grammar<'a> {
    rng: &'a mut Rng,
    names: &'static str,
}

impl<'a> Grammar<'a> {
    /// With variables of these names, divided by blanks.
    pub(super) fn new(rng: &'a mut Rng, names: &'static str) -> Self {
        Self { rng, names }
    }

    /// An expression that stands in `depth` others.
    pub(super) fn expression(&mut self, depth: usize) -> String {
        let name = self.rng.word(self.names);
        let rest = match self.rng.below(100) {
            0..14 => String::new(),
            14..20 => return format!("${{#{name}}}"),
            20..42 => {
                let operator = self.rng.word("= := :- :? :+");
                format!("{operator}{}", self.default(depth))
            }
            42..56 => self.substring(depth),
            56..68 => self.rng.word("^ ^^ , ,, ^, ,^").to_owned(),
            68..84 => {
                let operator = self.rng.word("# ## % %%");
                let pattern = match self.rng.below(3) {
                    0 => some_letters(self.rng, "}"),
                    _ => self.rng.pick(PATTERNS).to_owned(),
                };
                format!("{operator}{}", self.argument(depth, pattern))
            }
            _ => self.replacement(depth),
        };
        format!("${{{name}{rest}}}")
    }

    /// Any number of texts and expressions.
    fn default(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..self.rng.pick(&[0, 1, 1, 1, 2, 3]) {
            match self.rng.below(10) {
                0..4 if self.may_nest(depth) => out += &self.expression(depth + 1),
                4 => out += self.rng.pick(ODD_DEFAULTS),
                _ => out += &some_letters(self.rng, "}"),
            }
        }
        out
    }

    fn substring(&mut self, depth: usize) -> String {
        let offset = number(self.rng);
        let mut out = format!(":{}", self.argument(depth, offset));
        if self.rng.percent(60) {
            let length = number(self.rng);
            out += self.rng.pick(&[":", ":", ":", "::", ":::"]);
            out += &self.argument(depth, length);
        }
        out
    }

    fn replacement(&mut self, depth: usize) -> String {
        let operator = self.rng.word("/ // /# /%");
        let mut from = some_letters(self.rng, "/");
        if self.rng.percent(20) {
            from += self.rng.pick(&["\\/", "\\\\", "$$", "}", "\\a", "\n"]);
        }
        let mut to = some_letters(self.rng, "}");
        if self.rng.percent(25) {
            to += self.rng.pick(&["\\/", "\\\\", "$$", "/", "\\}", "$"]);
        }
        let from = self.argument(depth, from);
        let slash = self.rng.pick(&["/", "/", "/", "/", "//"]);
        let to = match self.rng.below(5) {
            0 => String::new(),
            _ => self.argument(depth, to),
        };
        format!("{operator}{from}{slash}{to}")
    }

    /// The text, or one expression.
    fn argument(&mut self, depth: usize, text: String) -> String {
        match self.rng.below(12) {
            0..3 if self.may_nest(depth) => self.expression(depth + 1),
            3 if self.may_nest(depth) => format!("${{{}}}", self.rng.word(self.names)),
            // One piece too many, or none.
            4 if self.rng.percent(20) => text + &self.expression(depth + 1),
            5 if self.rng.percent(20) => String::new(),
            _ => text,
        }
    }

    fn may_nest(&mut self, depth: usize) -> bool {
        depth < 3 || depth < 40 && self.rng.percent(50)
    }
}

fn number(rng: &mut Rng) -> String {
    match rng.below(20) {
        0 => some_letters(rng, ":}"),
        1..4 => rng.pick(NUMBERS).to_owned(),
        _ => rng.below(9).to_string(),
    }
}

/// A short text without the characters that end it.
fn some_letters(rng: &mut Rng, without: &str) -> String {
    let count = rng.pick(&[1, 1, 1, 2, 2, 3]);
    let letters = (0..count).map(|_| rng.pick(LETTERS));
    let text: String = letters.filter(|letter| !without.contains(letter)).collect();
    if text.is_empty() {
        "a".to_owned()
    } else {
        text
    }
}

fn value(rng: &mut Rng) -> Vec<u8> {
    let mut value: Vec<u8> = match rng.below(100) {
        0..8 => Vec::new(),
        8..20 => rng.pick(NUMBERS).as_bytes().to_vec(),
        20..28 => rng.pick(PATTERNS).as_bytes().to_vec(),
        28..33 => rng
            .pick(&[
                "${x}",
                "$$",
                "${",
                "}",
                "a.b.c",
                "/p/q/r",
                "1.2.3-rc.1",
                "reg:5000/img:tag",
                "straße",
                "ΑΣ",
            ])
            .as_bytes()
            .to_vec(),
        33..40 => (0..rng.between(1, 4))
            .filter_map(|_| char::from_u32((rng.next() % 0x11_0000) as u32))
            .collect::<String>()
            .into_bytes(),
        _ => {
            let count = rng.pick(&[1, 2, 3, 4, 6, 10, 10, 60]);
            let letters = (0..count).map(|_| rng.pick(LETTERS));
            letters.collect::<String>().into_bytes()
        }
    };
    if rng.percent(6) {
        damage(rng, &mut value);
    }
    value
}

/// One piece too many or too few, perhaps within a character.
fn damage(rng: &mut Rng, text: &mut Vec<u8>) {
    let at = rng.below(text.len() + 1);
    match rng.below(10) {
        0..6 => drop(text.splice(at..at, rng.pick(DAMAGE).iter().copied())),
        6..9 => {
            let end = (at + rng.pick(&[1, 1, 1, 2, 4])).min(text.len());
            text.drain(at..end);
        }
        _ => text.truncate(at),
    }
}
