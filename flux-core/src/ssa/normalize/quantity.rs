//! Amounts of resources, as `resource.Quantity` reads and writes them.
//!
//! Upstream computes with 64-bit numbers where it can and with large ones elsewhere. The outcome is that of decimal
//! arithmetic on the digits, except that a canonical text is kept as it is.

use std::cmp::Ordering;

/// Decimal places that are kept.
const NANO: i32 = -9;
/// The digits of the largest binary amount.
const LARGEST: &[u8] = b"9223372036854775807";

/// The text that is written for a quantity that was read from `text`; nothing if it is none.
pub(super) fn rewrite(text: &str) -> Option<String> {
    parse(text).map(|quantity| match quantity.text {
        Some(text) => text,
        None => quantity.render(),
    })
}

/// The same text for all that are the same amount; nothing if it is none.
pub(super) fn amount(text: &str) -> Option<String> {
    let quantity = parse(text)?;
    let Amount { digits, exponent } = quantity.amount.stripped();
    let sign = if quantity.negative { "-" } else { "" };
    Some(match digits.as_slice() {
        [] => "0".to_owned(),
        digits => format!("{sign}{}e{exponent}", text_of(digits)),
    })
}

struct Quantity {
    negative: bool,
    amount: Amount,
    format: Format,
    /// The text that was read, where it is canonical.
    text: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Exponent,
    Binary,
    Decimal,
}

/// Decimal digits, without zeros in front, and the power of ten that they count.
#[derive(Clone)]
struct Amount {
    digits: Vec<u8>,
    exponent: i32,
}

/// resource: quantity.go (ParseQuantity).
fn parse(text: &str) -> Option<Quantity> {
    if text.is_empty() {
        return None;
    }
    let parts = Parts::split(text)?;
    let (power, format) = interpret(parts.suffix)?;
    let scale = match format {
        Format::Binary => 0,
        Format::Decimal | Format::Exponent => power,
    };
    let places = i32::try_from(parts.decimals.len()).ok()?;
    let count = i32::try_from(parts.whole.len().max(1)).ok()?;
    let is_short = match format {
        Format::Binary => places == 0 && count + power * 3 / 10 <= 14,
        Format::Decimal | Format::Exponent => count + places <= 18,
    };
    let exponent = scale.wrapping_sub(places);
    let mut amount = Amount {
        digits: parts.digits(),
        exponent,
    };
    let quantity = |amount, format, text| {
        Some(Quantity {
            negative: parts.negative,
            amount,
            format,
            text,
        })
    };
    if is_short && exponent >= NANO {
        let is_canonical = match format {
            Format::Binary => parts.whole.parse::<u64>().unwrap_or_default() % 8 != 0,
            Format::Decimal | Format::Exponent => {
                exponent % 3 == 0 && !parts.ends_in_thousands() && !parts.whole.is_empty()
            }
        };
        if format == Format::Binary {
            amount.double(power);
        }
        let text = is_canonical.then(|| text.to_owned());
        return quantity(amount, format, text);
    }
    if !parts.has_digits {
        return None;
    }
    if format != Format::Binary {
        // Upstream has no bound here, and computes for as long as it takes.
        amount.exponent = power.saturating_sub(places);
        amount.round_up(NANO);
        return quantity(amount, format, None);
    }
    amount.double(power);
    amount.round_up(NANO);
    if amount.compare(LARGEST) == Ordering::Greater {
        amount = Amount {
            digits: LARGEST.to_vec(),
            exponent: 0,
        };
    }
    let is_fraction = amount.compare(b"1") == Ordering::Less;
    let format = if is_fraction { Format::Decimal } else { format };
    quantity(amount, format, None)
}

/// A text in its parts; the digits have no zeros in front.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    decimals: &'a str,
    suffix: &'a str,
    /// Whether the number in front of the suffix has a digit at all.
    has_digits: bool,
}

impl<'a> Parts<'a> {
    /// resource: quantity.go (parseQuantityString).
    fn split(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let whole = unsigned.trim_start_matches('0');
        let (zeros, whole, rest) = (
            unsigned.len() - whole.len(),
            digits(whole),
            without_digits(whole),
        );
        let (decimals, suffix) = match rest.strip_prefix('.') {
            Some(rest) => (digits(rest), without_digits(rest)),
            None => ("", rest),
        };
        let exponent = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        without_digits(exponent).is_empty().then_some(Self {
            negative: text.starts_with('-'),
            whole,
            decimals,
            suffix,
            has_digits: zeros + whole.len() + decimals.len() > 0,
        })
    }

    fn digits(&self) -> Vec<u8> {
        let all = self.whole.bytes().chain(self.decimals.bytes());
        all.skip_while(|digit| *digit == b'0').collect()
    }

    fn ends_in_thousands(&self) -> bool {
        let mut last = self.decimals.bytes().rev().chain(self.whole.bytes().rev());
        (0..3).all(|_| last.next() == Some(b'0'))
    }
}

fn digits(text: &str) -> &str {
    text.strip_suffix(without_digits(text)).unwrap_or_default()
}

fn without_digits(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// Powers of ten and their suffixes.
const DECIMAL: &[(i32, &str)] = &[
    (-9, "n"),
    (-6, "u"),
    (-3, "m"),
    (0, ""),
    (3, "k"),
    (6, "M"),
    (9, "G"),
    (12, "T"),
    (15, "P"),
    (18, "E"),
];

/// Powers of two and their suffixes.
const BINARY: &[(i32, &str)] = &[
    (10, "Ki"),
    (20, "Mi"),
    (30, "Gi"),
    (40, "Ti"),
    (50, "Pi"),
    (60, "Ei"),
];

/// resource: suffix.go (interpret).
fn interpret(suffix: &str) -> Option<(i32, Format)> {
    let power = |table: &[(i32, &str)]| {
        table
            .iter()
            .find(|(_, text)| *text == suffix)
            .map(|(power, _)| *power)
    };
    if let Some(power) = power(DECIMAL) {
        return Some((power, Format::Decimal));
    }
    if let Some(power) = power(BINARY) {
        return Some((power, Format::Binary));
    }
    // Upstream cuts the 64 bits that it read to 32.
    let exponent = suffix.strip_prefix(['e', 'E'])?.parse::<i64>().ok()? as i32;
    Some((exponent, Format::Exponent))
}

/// The suffix of a power of the table; none where the table has no such power, which upstream leaves out silently.
fn suffix(table: &[(i32, &'static str)], power: i32) -> &'static str {
    let found = table.iter().find(|(known, _)| *known == power);
    found.map_or("", |(_, text)| text)
}

impl Quantity {
    /// resource: quantity.go (CanonicalizeBytes).
    fn render(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let Amount {
            mut digits,
            mut exponent,
        } = self.amount.stripped();
        if digits.is_empty() {
            return "0".to_owned();
        }
        if self.format == Format::Binary
            && exponent >= 0
            && self.amount.compare(b"1024") != Ordering::Less
        {
            // It is at most LARGEST.
            digits.resize(digits.len() + exponent.unsigned_abs() as usize, b'0');
            let mut number = text_of(&digits).parse::<u64>().unwrap_or(u64::MAX);
            let mut power = 0;
            while number % 1024 == 0 {
                number /= 1024;
                power += 10;
            }
            return format!("{sign}{number}{}", suffix(BINARY, power));
        }
        while exponent % 3 != 0 {
            digits.push(b'0');
            exponent = exponent.wrapping_sub(1);
        }
        let digits = text_of(&digits);
        match self.format {
            Format::Exponent if exponent == 0 => format!("{sign}{digits}"),
            Format::Exponent => format!("{sign}{digits}e{exponent}"),
            Format::Binary | Format::Decimal => {
                format!("{sign}{digits}{}", suffix(DECIMAL, exponent))
            }
        }
    }
}

impl Amount {
    /// The same amount without zeros at the end.
    fn stripped(&self) -> Self {
        let mut stripped = self.clone();
        while stripped.digits.last() == Some(&b'0') {
            stripped.digits.pop();
            stripped.exponent = stripped.exponent.wrapping_add(1);
        }
        stripped
    }

    fn double(&mut self, times: i32) {
        for _ in 0..times {
            let mut carry = 0;
            for digit in self.digits.iter_mut().rev() {
                let double = (*digit - b'0') * 2 + carry;
                *digit = b'0' + double % 10;
                carry = double / 10;
            }
            if carry > 0 {
                self.digits.insert(0, b'0' + carry);
            }
        }
    }

    /// Cuts what stands behind the decimal place; anything but zeros there counts as one more.
    fn round_up(&mut self, place: i32) {
        let behind = i64::from(place) - i64::from(self.exponent);
        if behind <= 0 || self.digits.is_empty() {
            return;
        }
        let kept = i64::try_from(self.digits.len()).unwrap_or(i64::MAX) - behind;
        let cut = self
            .digits
            .split_off(usize::try_from(kept).unwrap_or(0).min(self.digits.len()));
        self.exponent = place;
        if cut.iter().all(|digit| *digit == b'0') {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
    }

    /// With a whole number without zeros in front. Digits that are left out are zeros.
    fn compare(&self, whole: &[u8]) -> Ordering {
        let length = |amount: &[u8], exponent| {
            i64::try_from(amount.len()).unwrap_or(i64::MAX) + i64::from(exponent)
        };
        length(&self.digits, self.exponent)
            .cmp(&length(whole, 0))
            .then_with(|| {
                let zeros = std::iter::repeat(&b'0');
                let longest = self.digits.len().max(whole.len());
                let left = self.digits.iter().chain(zeros.clone()).take(longest);
                left.cmp(whole.iter().chain(zeros).take(longest))
            })
    }
}

fn text_of(digits: &[u8]) -> String {
    digits.iter().copied().map(char::from).collect()
}
