//! Random expressions, by a grammar that knows what fits where.
//!
//! A letter stands for a type: `b`ool, `i`nt, `u`int, `d`ouble, `s`tring, b`y`tes, `t`imestamp, du`r`ation, `n`ull, `l`ist
//! of integers, `L`ist of texts, list of `o`bjects, `m`ap, `O`ptional, `T`ype, and `q` for any of them. Among the
//! [`PRODUCTIONS`], `$i` is an expression of that type, and `@i` a new variable.

use crate::rng::Rng;

use super::literal;
use super::production::PRODUCTIONS;

/// Types of which `q` is one.
const ANY: &[u8] = b"biudsytrnlLomOT";

/// Which names an expression may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Those of [`super::data`], each of a known type.
    Data,
    /// `self` and `dep`, of which nothing is known.
    Declared,
}

/// An expression, with the variables of the macros around the place that is written.
pub(super) struct Writer<'a> {
    rng: &'a mut Rng,
    mode: Mode,
    text: String,
    variables: Vec<(u8, String)>,
}

/// An expression of the type with that letter, of about that depth.
pub(super) fn expression(rng: &mut Rng, mode: Mode, letter: u8, depth: usize) -> String {
    let mut writer = Writer {
        rng,
        mode,
        text: String::new(),
        variables: Vec::new(),
    };
    writer.expression(letter, depth);
    writer.text
}

impl Writer<'_> {
    fn expression(&mut self, letter: u8, depth: usize) {
        let letter = match letter {
            b'q' => self.rng.pick(ANY),
            // What fits nowhere.
            _ if self.rng.percent(2) => self.rng.pick(ANY),
            _ => letter,
        };
        let of = match self.rng.percent(8) {
            true => b'q',
            false => letter,
        };
        let productions = PRODUCTIONS.iter().find(|(name, _)| *name == of);
        let Some((_, productions)) = productions.filter(|_| depth > 0 && self.rng.percent(85))
        else {
            return self.atom(letter);
        };
        let lines: Vec<&str> = productions.lines().map(str::trim).collect();
        let production = self.rng.pick(&lines);
        self.produce(production, depth - 1);
    }

    fn produce(&mut self, production: &str, depth: usize) {
        let scope = self.variables.len();
        let mut bytes = production.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'$' => self.operand(bytes.next().unwrap(), depth),
                b'@' => self.variable(bytes.next().unwrap()),
                _ => self.text.push(char::from(byte)),
            }
        }
        self.variables.truncate(scope);
    }

    /// Mostly in parentheses where it needs them.
    fn operand(&mut self, letter: u8, depth: usize) {
        let start = self.text.len();
        self.expression(letter, depth);
        let is_compound = self.text[start..].contains([' ', '-', '!']);
        if is_compound && self.rng.percent(85) {
            self.text.insert(start, '(');
            self.text.push(')');
        }
    }

    fn variable(&mut self, letter: u8) {
        let name = match self.rng.below(40) {
            0 => self.rng.word("self i b s int optional __result__ x.y 1"),
            _ => self.rng.word("x y z v"),
        };
        self.text += name;
        self.variables.push((letter, name.to_owned()));
    }

    fn atom(&mut self, letter: u8) {
        let bound: Vec<usize> = (0..self.variables.len())
            .filter(|at| {
                let of = self.variables[*at].0;
                of == letter || of == b'q'
            })
            .collect();
        if !bound.is_empty() && self.rng.percent(60) {
            let at = self.rng.pick(&bound);
            self.text += &self.variables[at].1;
        } else if letter.is_ascii_lowercase() && self.rng.percent(45) {
            let name = self.name(letter);
            self.text += name;
        } else {
            self.text += &literal::literal(self.rng, letter);
        }
    }

    fn name(&mut self, letter: u8) -> &'static str {
        if self.mode == Mode::Declared {
            return match self.rng.below(60) {
                0 => self.rng.word("other selff dep2 status self.x() dep.size()"),
                _ => self.rng.word(
                    "self dep self.x dep.status self.l self.m self.metadata.name dep.spec.suspend dep.status.conditions \
                     dep.status.conditions[0] self.metadata.labels['a/b'] dep.metadata.generation self.?x dep[?'x']",
                ),
            };
        }
        let names = match letter {
            b'b' => "b spec.suspend m.nope",
            b'i' => "i n big metadata.generation status.observedGeneration l[0]",
            b'd' => "f status.ratio",
            b's' => "s e d ts metadata.name status.phase ls[1] m['b-c']",
            b'n' => "z",
            b'l' => "l",
            b'L' => "ls",
            b'o' => "o.k status.conditions",
            b'm' => "m o metadata status spec metadata.labels one status.conditions[0]",
            b'O' => "m.?a m[?'q'] l[?0] status.?phase metadata.?labels one.?a.?b",
            _ => "x m.nope l[9] a.b.c .i .m.a",
        };
        self.rng.word(names)
    }
}
