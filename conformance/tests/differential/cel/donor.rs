//! Expressions as users write them, and damage.

use crate::rng::Rng;

/// Health expressions and conditions of dependencies.
const WRITTEN: &[&str] = &[
    "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
    "status.conditions.exists(e, e.type == 'Ready' && e.status == 'True' && e.observedGeneration == metadata.generation)",
    "has(status.conditions) && status.conditions.exists_one(c, c.type == 'Stalled')",
    "has(status.observedGeneration) && status.observedGeneration != metadata.generation",
    "status.conditions.filter(e, e.type == 'Reconciling').all(e, e.status == 'False' && e.reason in ['Failed', 'Succeeded'])",
    "status.phase in ['Failed', 'Pending'] || status.phase == \"Running\"",
    "status.?phase.orValue('') == 'Running' // comment",
    "metadata.labels['a/b'].startsWith('c') && size(metadata.name) < 64",
    "spec.replicas == 0 || spec.replicas - 1 < status.ratio * 4.0",
    "timestamp(status.conditions[0].lastTransitionTime) + duration('5m') > timestamp('2024-01-01T12:30:00Z')",
    "status.conditions.map(c, c.type + '=' + c.status).join(',').contains('Ready=True')",
    "o.k.filter(c, c.s == 'True').map(c, c.t)[0].lowerAscii().matches('^[a-z]+$')",
    "status.conditions.filter(c, c.type == 'Ready').first().optMap(c, c.status).orValue('Unknown')",
    "sets.contains(ls, ['a']) ? base64.encode(bytes(s)) : string(base64.decode('aGVsbG8='))",
    "'%s has %d, %.1f'.format([metadata.name, spec.replicas, status.ratio])",
    "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
    "dep.metadata.annotations['x/version'] == self.metadata.annotations['x/version']",
    "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True') &&\n  dep.status.observedGeneration == dep.metadata.generation",
    "self.spec.postBuild.?substitute.?version.orValue('a') == dep.metadata.labels.?version.orValue('b')",
    "has(dep.status.lastAppliedRevision) && dep.status.lastAppliedRevision.split('@')[1] == self.status.lastAttemptedRevision",
    "dep.spec.dependsOn.map(d, d.name).exists(n, n == self.metadata.name) == false",
    "self.metadata.labels.all(k, k in dep.metadata.labels && self.metadata.labels[k] == dep.metadata.labels[k])",
    "int(dep.status.inventory.entries.size()) >= 1 && dep.spec.suspend != true",
    "dep.status.ready == true ? self.metadata.generation > 1 : type(dep.status) == map",
];

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ":",
    "?",
    "??",
    "'",
    "\"",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "=",
    "==",
    "<",
    "&",
    "&&",
    "|",
    "||",
    " ",
    "\n",
    "\t",
    "//",
    "`",
    "`a`",
    "\\",
    ";",
    "@",
    "#",
    "$",
    "é",
    "\u{a0}",
    "\u{c}",
    "\u{feff}",
    "\u{0}",
    "1",
    "1.",
    ".5",
    "0x",
    "1u",
    "1e",
    "''",
    "\"\"\"",
    "b",
    "r'",
    " in ",
    " as ",
    "if",
    "self",
    "dep",
    ".x",
    ".?x",
    "[0]",
    "[?0]",
    "()",
    "(x)",
    "{}",
    "true",
    "null",
    "has(",
    "size(",
    ".size()",
    ".all(x, x)",
    ".map(x, x, x)",
    ".exists(1, 1)",
    ".filter(x)",
    ".optMap(a.b, 1)",
    "99999999999999999999",
    "9223372036854775808",
    "0xffffffffffffffffffu",
    " ? 1 : ",
    ", x",
    "x{a: 1}",
    ".a{",
    "loop",
    "var",
    "!-",
    "-!",
    "--",
    "!!",
    "- -1",
    ".1.a",
    "[1,]",
    "{1:2,}",
    "[,]",
    "in",
    "__x__",
    "_",
    "@result",
    "optional.of(1)",
];

/// One of those, or one of the vectors.
pub(super) fn pick<'a>(rng: &mut Rng, vectors: &'a [String]) -> &'a str {
    match rng.percent(50) {
        true => rng.pick(WRITTEN),
        false if vectors.is_empty() => "true",
        false => &vectors[rng.below(vectors.len())],
    }
}

/// A few changes, by words and signs rather than by characters.
pub(super) fn damage(rng: &mut Rng, text: &str, donor: &str) -> String {
    let mut words = words(text);
    let lent = self::words(donor);
    for _ in 0..rng.pick(&[1, 1, 1, 2, 2, 4]) {
        let at = rng.below(words.len() + 1);
        match rng.below(10) {
            0..3 => words.insert(at, rng.pick(PIECES)),
            3..5 if at < words.len() => words[at] = rng.pick(PIECES),
            5..7 if at < words.len() => drop(words.remove(at)),
            7 if at < words.len() => {
                let other = rng.below(words.len());
                words.swap(at, other);
            }
            8 if !lent.is_empty() => {
                let from = rng.below(lent.len());
                let to = (from + rng.between(1, 8)).min(lent.len());
                words.splice(at..at, lent[from..to].iter().copied());
            }
            9 => words.truncate(at),
            _ => {}
        }
    }
    words.concat()
}

/// Runs of letters and digits, and every other character alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = match is_part(first) {
            true => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}
