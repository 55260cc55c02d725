/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Word,
    /// `in` or `notin`: an operator, or a word, by its place.
    Keyword,
    /// `=`, `==`, `!=`, `>`, `<`.
    Operator,
    Not,
    Comma,
    Open,
    Close,
    End,
}

/// The words of a selector. White space and NUL end a word.
pub(super) fn words(text: &str) -> Vec<(Token, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(SPACE);
        let (token, length) = match rest.as_bytes() {
            // Upstream takes a NUL for the end.
            [] | [0, ..] => break,
            [b'=' | b'!', b'=', ..] => (Token::Operator, 2),
            [b'=' | b'>' | b'<', ..] => (Token::Operator, 1),
            [b'!', ..] => (Token::Not, 1),
            [b',', ..] => (Token::Comma, 1),
            [b'(', ..] => (Token::Open, 1),
            [b')', ..] => (Token::Close, 1),
            _ => (Token::Word, rest.find(ends_word).unwrap_or(rest.len())),
        };
        let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let token = match word {
            "in" | "notin" => Token::Keyword,
            _ => token,
        };
        words.push((token, word));
        // One behind a word is read with it.
        rest = behind.strip_prefix('\0').unwrap_or(behind);
    }
    words
}

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

fn ends_word(character: char) -> bool {
    SPACE.contains(&character)
        || matches!(character, '=' | '!' | '(' | ')' | ',' | '>' | '<' | '\0')
}
