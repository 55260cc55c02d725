//! Base64 under `!!binary`: Go's standard encoding, which skips line breaks.

/// The decoded bytes as text; what is no UTF-8 becomes U+FFFD byte by byte, as Go's JSON writer does it.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = 0_u32;
    let mut filled = 0;
    let mut padding = 0;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if filled >= 2 => {
                padding += 1;
                0
            }
            _ => return None,
        };
        if padding > 0 && byte != b'=' || bytes.len() % 3 != 0 {
            return None;
        }
        group = group << 6 | u32::from(value);
        filled += 1;
        if filled == 4 {
            let [_, decoded @ ..] = group.to_be_bytes();
            bytes.extend(decoded.iter().take(3 - padding));
            (group, filled) = (0, 0);
        }
    }
    if filled != 0 {
        return None;
    }
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn padding_is_required_and_final() {
        assert_eq!(decode("YQ==").as_deref(), Some("a"));
        assert_eq!(decode("YW\nI=").as_deref(), Some("ab"));
        assert_eq!(decode("YWJj").as_deref(), Some("abc"));
        assert_eq!(decode("").as_deref(), Some(""));
        assert_eq!(decode("/w==").as_deref(), Some("\u{FFFD}"));
        for text in ["YQ", "YQ=", "YQ==YQ==", "Y===", "@", "YQ=a"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
