//! Letters that are the same but for their case, as simple case folding has it.

use super::{classes::ORBITS, tables::CASES, to_lower, to_upper};

/// The next of the characters that differ from it by case only; the last leads back to the first. Itself where there are
/// no others.
///
/// Source: Go 1.26: `src/unicode (SimpleFold)`.
pub(crate) fn simple_fold(character: char) -> char {
    let code = u32::from(character);
    if let Ok(at) = ORBITS.binary_search_by_key(&code, |(from, _)| *from) {
        let next = ORBITS.get(at).and_then(|(_, to)| char::from_u32(*to));
        return next.unwrap_or(character);
    }
    match to_lower(character) {
        lower if lower != character => lower,
        _ => to_upper(character),
    }
}

/// The other characters that differ from it by case only.
pub(crate) fn other_cases(character: char) -> impl Iterator<Item = char> {
    let next = move |of: char| Some(simple_fold(of)).filter(|next| *next != character);
    std::iter::successors(next(character), move |of| next(*of))
}

/// The characters of a range that exist in several cases, some of them twice.
pub(crate) fn with_cases(first: u32, last: u32) -> impl Iterator<Item = char> {
    let begin = CASES.partition_point(|case| case.last < first);
    let cases = CASES.get(begin..).unwrap_or_default();
    let cases = cases.iter().take_while(move |case| case.first <= last);
    let cases = cases.flat_map(move |case| case.first.max(first)..=case.last.min(last));
    // A few have other cases though they are mapped to none, as the sharp s.
    let orbits = ORBITS.iter().map(|(from, _)| *from);
    let orbits = orbits.filter(move |code| (first..=last).contains(code));
    cases.chain(orbits).filter_map(char::from_u32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_letter_leads_round_all_its_cases() {
        let cases = |of| other_cases(of).collect::<String>();
        assert_eq!(cases('K'), "k\u{212A}");
        assert_eq!(cases('\u{212A}'), "Kk");
        assert_eq!(cases('s'), "ſS");
        assert_eq!(cases('ǅ'), "ǆǄ");
        assert_eq!(cases('é'), "É");
        // Simple folding leaves the dotted and the dotless i alone.
        assert_eq!(cases('İ') + &cases('ı') + &cases('1') + &cases('日'), "");
    }

    #[test]
    fn every_character_with_cases_is_found_and_every_way_leads_back() {
        let all: BTreeSet<char> = with_cases(0, 0x10_FFFF).collect();
        for character in '\0'..=char::MAX {
            let others = other_cases(character).take(9).count();
            assert!(others < 4, "{character:?}");
            assert!(others == 0 || all.contains(&character));
        }
        assert_eq!(with_cases(0x41, 0x43).collect::<String>(), "ABC");
        assert_eq!(with_cases(0xDF, 0xDF).collect::<String>(), "ß");
        assert_eq!(with_cases(0x5B, 0x60).count(), 0);
    }
}
