//! go-yaml's order of keys.
//!
//! Source: `go.yaml.in/yaml/v2: sorter.go (keyList.Less)`.

use std::cmp::Ordering;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Sorts by go-yaml's order, whatever it makes of the keys.
///
/// A merge sort of our own: the order is not transitive, and the sort of the standard library may panic on such an order.
/// Items come in sorted by the bytes of their keys, so that the result is a function of the set of keys.
pub(super) fn sort_by_key<T: Copy>(items: &mut [T], key: impl Fn(&T) -> &str + Copy) {
    if items.is_sorted_by(|a, b| !less(key(b), key(a))) {
        return;
    }
    let mut sorted = items.to_vec();
    merge_sort(items, &mut sorted, key);
}

fn merge_sort<T: Copy>(items: &mut [T], scratch: &mut [T], key: impl Fn(&T) -> &str + Copy) {
    let middle = items.len() / 2;
    if middle == 0 {
        return;
    }
    let (left, right) = items.split_at_mut(middle);
    let (left_scratch, right_scratch) = scratch.split_at_mut(middle);
    merge_sort(left, left_scratch, key);
    merge_sort(right, right_scratch, key);
    let mut lefts = left.iter().copied().peekable();
    let mut rights = right.iter().copied().peekable();
    for slot in scratch.iter_mut() {
        let next = match (lefts.peek(), rights.peek()) {
            (Some(a), Some(b)) if less(key(b), key(a)) => rights.next(),
            (Some(_), _) => lefts.next(),
            (None, _) => rights.next(),
        };
        if let Some(next) = next {
            *slot = next;
        }
    }
    items.copy_from_slice(scratch);
}

/// Letters come after everything else; runs of digits compare as numbers, then by length.
fn less(a: &str, b: &str) -> bool {
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    // Back to the start of a character.
    let shared = (0..=shared)
        .rev()
        .find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at))
        .unwrap_or(0);
    let (rest_a, rest_b) = (
        a.get(shared..).unwrap_or_default(),
        b.get(shared..).unwrap_or_default(),
    );
    let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.is_empty() && !rest_b.is_empty();
    };
    match (is_letter(first_a), is_letter(first_b)) {
        (true, true) => return first_a < first_b,
        (false, false) => {}
        (_, b_is_letter) => return b_is_letter,
    }
    // A number with other digits than zero before it goes on here: `10` and `1` differ in their second digit.
    let continues = (first_a == '0' || first_b == '0')
        && a.get(..shared)
            .unwrap_or_default()
            .chars()
            .rev()
            .take_while(|c| is_digit(*c))
            .any(|c| c != '0');
    let start = i64::from(continues);
    let (number_a, length_a) = run(rest_a, start);
    let (number_b, length_b) = run(rest_b, start);
    match number_a.cmp(&number_b).then(length_a.cmp(&length_b)) {
        Ordering::Equal => first_a < first_b,
        order => order == Ordering::Less,
    }
}

/// The value of the digits at the start, and how many there are. Large numbers wrap, as upstream's do.
fn run(text: &str, start: i64) -> (i64, usize) {
    text.chars()
        .take_while(|c| is_digit(*c))
        .fold((start, 0), |(value, length), digit| {
            (
                value
                    .wrapping_mul(10)
                    .wrapping_add(i64::from(u32::from(digit)) - 48),
                length + 1,
            )
        })
}

/// Go's `unicode.IsLetter`.
fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    character.general_category_group() == GeneralCategoryGroup::Letter
}

/// Go's `unicode.IsDigit`.
fn is_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    character.general_category() == GeneralCategory::DecimalNumber
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_keys_compare_as_numbers() {
        let mut keys = ["a10", "a2", "B", "a", "1", "_x", "a02", "a1b"];
        keys.sort_unstable();
        sort_by_key(&mut keys, |key| key);
        assert_eq!(keys, ["_x", "1", "B", "a", "a1b", "a2", "a02", "a10"]);
    }

    #[test]
    fn an_order_that_is_none_does_no_harm() {
        let mut keys = ["v1alpha1", "v10", "v2"];
        sort_by_key(&mut keys, |key| key);
        assert_eq!(keys.len(), 3);
    }
}
