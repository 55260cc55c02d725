use std::ops::Range;

use super::scan::{self, is_identifier, is_plus};
use super::{Error, ErrorKind, MAX_VERSION_LEN, Version};

/// fluxcd/pkg: `version/version.go (ParseVersion)`.
pub(super) fn flux(text: &str) -> Result<Version<'_>, Error> {
    with_two_dots(text)?;
    loose(text)
}

/// source-controller: `internal/controller/ocirepository_controller.go (convertOCIToSemVerTag)`, without making another
/// text.
pub(super) fn chart_tag(text: &str) -> Result<Version<'_>, Error> {
    with_two_dots(text)?;
    loose_with(text, |byte| matches!(byte, b'+' | b'_'))
}

fn with_two_dots(text: &str) -> Result<(), Error> {
    let dots = memchr::memchr_iter(b'.', text.as_bytes());
    match dots.take(2).count() {
        2 => Ok(()),
        _ => Err(Error::new(ErrorKind::TooFewDots, 0..text.len())),
    }
}

/// Masterminds/semver: `version.go (NewVersion, coerceNewVersion)`.
pub(super) fn loose(text: &str) -> Result<Version<'_>, Error> {
    loose_with(text, is_plus)
}

fn loose_with(text: &str, is_plus: impl Fn(u8) -> bool) -> Result<Version<'_>, Error> {
    if text.len() > MAX_VERSION_LEN {
        return Err(Error::new(ErrorKind::TooLong, 0..text.len()));
    }
    let bytes = text.as_bytes();
    let shape = scan::shape(bytes, 0, |byte| byte.is_ascii_digit(), is_plus);
    let end = shape.as_ref().map_or(0, |shape| shape.end);
    let shape = shape
        .filter(|_| end == text.len())
        .ok_or_else(|| Error::new(ErrorKind::Invalid, end..text.len()))?;

    let mut numbers = [0; 3];
    for (number, span) in numbers.iter_mut().zip(&shape.numbers) {
        let digits = bytes.get(span.clone()).unwrap_or_default();
        *number = scan::number(digits).ok_or_else(|| {
            let digits = text.get(span.clone()).unwrap_or_default();
            Error::number_too_large("error parsing version segment: ", digits, span.clone())
        })?;
    }
    if !shape.prerelease.is_empty()
        && let Some(prerelease) = text.get(shape.prerelease.clone())
        && let Some(span) = scan::padded_identifier(prerelease)
    {
        let span = shifted(span, shape.prerelease.start);
        return Err(Error::new(ErrorKind::SegmentStartsZero, span));
    }
    Ok(Version::of(text, numbers, shape.prerelease, shape.metadata))
}

/// Masterminds/semver: `version.go (StrictNewVersion)`. The order of the checks is upstream's: it decides which of several
/// faults is told.
pub(super) fn strict(text: &str) -> Result<Version<'_>, Error> {
    if text.is_empty() {
        return Err(Error::new(ErrorKind::Empty, 0..0));
    }
    if text.len() > MAX_VERSION_LEN {
        return Err(Error::new(ErrorKind::TooLong, 0..text.len()));
    }
    let mut pieces = text.splitn(3, '.');
    let (Some(major), Some(minor), Some(rest)) = (pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(Error::new(ErrorKind::Invalid, 0..text.len()));
    };
    let minor_at = major.len() + 1;
    let patch_at = minor_at + minor.len() + 1;

    let (rest, metadata) = cut(rest, '+', patch_at);
    let found = metadata.as_ref().map(|span| identifiers(text, span));
    if let Some(Err(span)) = found {
        return Err(Error::new(ErrorKind::InvalidMetadata, span));
    }
    let (patch, prerelease) = cut(rest, '-', patch_at);
    if let Some(whole) = &prerelease {
        check_prerelease(text, whole)?;
    }

    let places = [(major, 0), (minor, minor_at), (patch, patch_at)];
    for (digits, at) in places {
        let span = at..at + digits.len();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::new(ErrorKind::InvalidCharacters, span));
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Error::new(ErrorKind::SegmentStartsZero, span));
        }
    }
    let mut numbers = [0; 3];
    for (number, (digits, at)) in numbers.iter_mut().zip(places) {
        let span = at..at + digits.len();
        if digits.is_empty() {
            return Err(Error::new(ErrorKind::MissingNumber, span));
        }
        *number = scan::number(digits.as_bytes())
            .ok_or_else(|| Error::number_too_large("", digits, span))?;
    }
    let (prerelease, metadata) = (prerelease.unwrap_or(0..0), metadata.unwrap_or(0..0));
    Ok(Version::of(text, numbers, prerelease, metadata))
}

/// Masterminds/semver: `version.go (validatePrerelease)`: the first identifier at fault decides what is told.
fn check_prerelease(text: &str, whole: &Range<usize>) -> Result<(), Error> {
    let prerelease = text.get(whole.clone()).unwrap_or_default();
    let invalid = identifiers(text, whole).err();
    let padded = scan::padded_identifier(prerelease).map(|span| shifted(span, whole.start));
    match (invalid, padded) {
        (Some(invalid), Some(padded)) if padded.start < invalid.start => {
            Err(Error::new(ErrorKind::SegmentStartsZero, padded))
        }
        (Some(invalid), _) => Err(Error::new(ErrorKind::InvalidPrerelease, invalid)),
        (None, Some(padded)) => Err(Error::new(ErrorKind::SegmentStartsZero, padded)),
        (None, None) => Ok(()),
    }
}

/// What stands before the first sign, and the place of what stands behind it.
fn cut(piece: &str, sign: char, at: usize) -> (&str, Option<Range<usize>>) {
    match piece.split_once(sign) {
        Some((before, _)) => (before, Some(at + before.len() + 1..at + piece.len())),
        None => (piece, None),
    }
}

/// Whether all identifiers are letters, digits and hyphens, and none is empty; else the first that is not.
fn identifiers(text: &str, whole: &Range<usize>) -> Result<(), Range<usize>> {
    let mut at = whole.start;
    for identifier in text.get(whole.clone()).unwrap_or_default().split('.') {
        let span = at..at + identifier.len();
        if span.is_empty() || !identifier.bytes().all(is_identifier) {
            return Err(span);
        }
        at = span.end + 1;
    }
    Ok(())
}

fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}
