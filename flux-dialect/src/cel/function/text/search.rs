use crate::cel::error::Fault;
use crate::cel::limit::Meter;

/// The character at that place, and nothing at the end.
pub(super) fn char_at(text: &str, index: i64) -> Result<String, Fault> {
    let start = byte_at(text, index)?;
    let rest = text.get(start..).unwrap_or_default();
    Ok(rest.chars().next().map(String::from).unwrap_or_default())
}

/// From one place to another, or to the end.
pub(super) fn substring(text: &str, start: i64, end: Option<i64>) -> Result<&str, Fault> {
    if let Some(end) = end.filter(|end| start > *end) {
        return Err(Fault::new(format!(
            "invalid substring range. start: {start}, end: {end}"
        )));
    }
    let start = byte_at(text, start)?;
    let end = end.map_or(Ok(text.len()), |end| byte_at(text, end))?;
    Ok(text.get(start..end).unwrap_or_default())
}

/// The byte where the character at that place begins.
fn byte_at(text: &str, index: i64) -> Result<usize, Fault> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let place = usize::try_from(index).ok();
    place
        .and_then(|place| ends.into_iter().nth(place))
        .ok_or_else(|| Fault::new(format!("index out of range: {index}")))
}

/// The place of the first piece at or behind `from`; -1 where there is none.
pub(super) fn index_of(
    text: &str,
    piece: &str,
    from: i64,
    meter: &mut Meter,
) -> Result<i64, Fault> {
    if piece.is_empty() {
        return Ok(from);
    }
    let from = place(from)?;
    meter.scan(text.len())?;
    let Some((start, _)) = text.char_indices().nth(from) else {
        return Ok(-1);
    };
    let rest = text.get(start..).unwrap_or_default();
    let found = rest.find(piece).and_then(|at| rest.get(..at));
    Ok(found.map_or(-1, |before| {
        length(before).saturating_add_unsigned(from as u64)
    }))
}

/// The place of the last piece that begins at or before `from`; -1 where there is none.
pub(super) fn last_index_of(
    text: &str,
    piece: &str,
    from: Option<i64>,
    meter: &mut Meter,
) -> Result<i64, Fault> {
    if piece.is_empty() {
        return Ok(from.unwrap_or_else(|| length(text)));
    }
    meter.scan(text.len())?;
    let mut end = text.len();
    if let Some(from) = from {
        let from = place(from)?;
        let Some((start, _)) = text.char_indices().nth(from) else {
            return Ok(-1);
        };
        end = start.saturating_add(piece.len()).min(text.len());
        // A piece that begins no later than there ends no later than this, and where a character ends.
        while !text.is_char_boundary(end) {
            end -= 1;
        }
    }
    let before = text.get(..end).unwrap_or_default();
    let found = before.rfind(piece).and_then(|at| before.get(..at));
    Ok(found.map_or(-1, length))
}

/// Up to `count` pieces replaced, all where it is negative. An empty piece stands before every character and at the end.
pub(super) fn replace(
    text: &str,
    old: &str,
    new: &str,
    count: i64,
    meter: &mut Meter,
) -> Result<String, Fault> {
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let found = text.matches(old).count().min(most);
    meter.steps(found)?;
    meter.make(found.saturating_mul(new.len()).saturating_add(text.len()))?;
    Ok(text.replacen(old, new, most))
}

fn place(index: i64) -> Result<usize, Fault> {
    usize::try_from(index).map_err(|_| Fault::new(format!("index out of range: {index}")))
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}
