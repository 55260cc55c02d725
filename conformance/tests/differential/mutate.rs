//! Damage: small edits of a text, and texts of random pieces and bytes.

use crate::rng::Rng;

const PIECES: &[&str] = &[
    ":",
    "-",
    "?",
    "!",
    "&",
    "*",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "#",
    ",",
    "[",
    "]",
    "{",
    "}",
    " ",
    "\n",
    "\t",
    "~",
    "=",
    "<",
    ".",
    "0",
    "1",
    "x",
    "y",
    "N",
    "_",
    "e",
    "+",
    "\\",
    "/",
    "a",
    "b",
    ": ",
    "- ",
    "? ",
    " #",
    "<<: *a\n",
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "|\n",
    "|-\n",
    ">\n",
    "|2\n",
    "  ",
    "    ",
    "---\n",
    "\n---\n",
    "...\n",
    "\n...\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "é",
    "😀",
    "\u{a0}",
    "\u{d7ff}",
    "{a: ",
    "[a, ",
    "a: ",
    "\"a\": ",
    "%YAML 1.1\n",
    "%TAG ! x\n",
];
const REFUSED: &[&str] = &[
    "\u{0}", "\u{1f}", "\u{7f}", "\u{9f}", "\u{fffe}", "\u{ffff}", "\u{b}", "\u{1b}",
];

/// A few random edits; `donor` lends pieces.
pub(crate) fn edit(rng: &mut Rng, text: &[u8], donor: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    for _ in 0..rng.pick(&[1, 1, 1, 2, 3, 6]) {
        let at = boundary(rng, &out);
        match rng.below(100) {
            0..42 => insert(&mut out, at, rng.pick(PIECES).as_bytes()),
            42..44 => insert(&mut out, at, rng.pick(REFUSED).as_bytes()),
            44..64 => {
                let end = (at + rng.pick(&[1, 1, 1, 2, 5, 12])).min(out.len());
                out.drain(at..end);
            }
            64..72 => out.truncate(at),
            72..84 if !donor.is_empty() => {
                let from = boundary(rng, donor);
                let to = (from + rng.between(1, 20)).min(donor.len());
                insert(&mut out, at, &donor[from..to]);
            }
            84..94 => edit_lines(rng, &mut out),
            94..97 => swap_breaks(rng, &mut out),
            97 if !out.is_empty() => {
                let index = rng.below(out.len());
                out[index] = rng.next() as u8;
            }
            _ => {}
        }
    }
    out
}

/// A short text of indicators, or of bytes that are hardly ever UTF-8.
pub(crate) fn noise(rng: &mut Rng) -> Vec<u8> {
    if rng.percent(80) {
        let mut out = Vec::new();
        for _ in 0..rng.between(1, 20) {
            out.extend_from_slice(rng.pick(PIECES).as_bytes());
        }
        return out;
    }
    (0..rng.between(1, 12)).map(|_| rng.next() as u8).collect()
}

/// The text under another byte order or with a mark.
pub(crate) fn encode(rng: &mut Rng, text: &[u8]) -> Vec<u8> {
    let Ok(valid) = std::str::from_utf8(text) else {
        return text.to_vec();
    };
    let units = valid.encode_utf16();
    let mut out: Vec<u8> = match rng.below(3) {
        0 => [0xFF, 0xFE]
            .into_iter()
            .chain(units.flat_map(u16::to_le_bytes))
            .collect(),
        1 => [0xFE, 0xFF]
            .into_iter()
            .chain(units.flat_map(u16::to_be_bytes))
            .collect(),
        _ => [0xEF, 0xBB, 0xBF]
            .into_iter()
            .chain(text.iter().copied())
            .collect(),
    };
    if rng.percent(20) {
        let cut = rng.below(out.len());
        out.truncate(cut);
    }
    out
}

/// Mostly between two characters: broken UTF-8 is one error among many.
fn boundary(rng: &mut Rng, text: &[u8]) -> usize {
    let mut at = rng.below(text.len() + 1);
    while rng.percent(97) && text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at += 1;
    }
    at
}

fn insert(out: &mut Vec<u8>, at: usize, piece: &[u8]) {
    out.splice(at..at, piece.iter().copied());
}

fn edit_lines(rng: &mut Rng, out: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = out
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let index = rng.below(lines.len());
    match rng.below(5) {
        0 => drop(lines.remove(index)),
        1 => {
            let other = lines[rng.below(lines.len())].clone();
            lines.insert(index, other);
        }
        2 => lines[index]
            .splice(0..0, vec![b' '; rng.between(1, 3)])
            .for_each(drop),
        3 if !lines[index].is_empty() => drop(lines[index].remove(0)),
        _ => {
            let other = rng.below(lines.len());
            lines.swap(index, other);
        }
    }
    *out = lines.join(&b'\n');
}

fn swap_breaks(rng: &mut Rng, out: &mut Vec<u8>) {
    let to = rng.pick(&["\r\n", "\r", "\u{85}", "\u{2028}"]).as_bytes();
    let chance = rng.pick(&[100, 100, 30]);
    let mut swapped = Vec::with_capacity(out.len());
    for byte in out.iter() {
        if *byte == b'\n' && rng.percent(chance) {
            swapped.extend_from_slice(to);
        } else {
            swapped.push(*byte);
        }
    }
    *out = swapped;
}
