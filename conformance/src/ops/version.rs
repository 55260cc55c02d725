use fluxcd_dialect::regexp::Regexp;
use fluxcd_dialect::version::select::{self, ChartRequest, NoChoice, Selection, Selector, TagForm};
use fluxcd_dialect::version::{Dialect, Error, ErrorKind, Range, Version};
use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn parse(input: &Value) -> Result<Value, Failure> {
    let dialect = match text(input, "dialect")? {
        "loose" => Dialect::Loose,
        "strict" => Dialect::Strict,
        "flux" => Dialect::Flux,
        other => return Err(Failure::bad_input(format!("no dialect: {other}"))),
    };
    let version = Version::parse(text(input, "text")?, dialect).map_err(refusal)?;
    Ok(json!({
        "major": number(version.major()),
        "minor": number(version.minor()),
        "patch": number(version.patch()),
        "prerelease": version.prerelease(),
        "metadata": version.metadata(),
        "original": version.text(),
        "canonical": version.canonical(),
    }))
}

pub(super) fn compare(input: &Value) -> Result<Value, Failure> {
    let loose = |key| Version::parse(text(input, key)?, Dialect::Loose).map_err(refusal);
    Ok(json!({"order": loose("a")?.cmp(&loose("b")?) as i8}))
}

pub(super) fn range(input: &Value) -> Result<Value, Failure> {
    let range = Range::parse(text(input, "range")?).map_err(refusal)?;
    let matches = list(input, "versions")?.iter().map(|version| {
        let version = Version::parse(version.as_str()?, Dialect::Loose).ok()?;
        let matches = range.matches(&version);
        // Two ways to the same answer: a case differs where they do.
        (range.verdict(&version).is_admitted() == matches).then_some(matches)
    });
    Ok(json!({"matches": matches.collect::<Vec<_>>()}))
}

pub(super) fn select_git(input: &Value) -> Result<Value, Failure> {
    let request = text(input, "semver")?;
    let range = Range::parse(request)
        .map_err(|error| no_choice(Selector::Git, request, NoChoice::InvalidRange(&error)))?;
    let tags = list(input, "tags")?
        .iter()
        .map(|tag| Ok((text(tag, "name")?, time(tag, "time")?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let selection = select::git(&range, tags, |tag| tag.0, |tag| tag.1);
    let winner = winner(&selection, Selector::Git, request)?;
    let mut tied: Vec<&str> = selection.tied().map(|tag| tag.0).collect();
    tied.sort_unstable();
    Ok(match tied.len() {
        1 => json!({"tag": winner.0}),
        _ => json!({"one_of": tied}),
    })
}

pub(super) fn select_oci(input: &Value) -> Result<Value, Failure> {
    let field = |key: &str| {
        let field = input.get("ref").and_then(|reference| reference.get(key));
        field
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(digest) = field("digest") {
        return Ok(json!({"identifier": digest}));
    }
    let Some(request) = field("semver") else {
        return Ok(json!({"identifier": field("tag").unwrap_or("latest")}));
    };
    let filter = match field("semverFilter").map(Regexp::parse) {
        Some(Err(error)) => return Err(Failure::new("invalid_filter", error)),
        Some(Ok(filter)) => Some(filter),
        None => None,
    };
    let range = Range::parse(request)
        .map_err(|error| no_choice(Selector::Oci, request, NoChoice::InvalidRange(&error)))?;
    let media_type = input
        .get("layerSelector")
        .and_then(|it| it.get("mediaType"));
    let form = match media_type.and_then(Value::as_str) {
        Some("application/vnd.cncf.helm.chart.content.v1.tar+gzip") => TagForm::HelmChart,
        _ => TagForm::Plain,
    };
    let passes = |tag: &str| filter.as_ref().is_none_or(|filter| filter.is_match(tag));
    let tags = texts(input, "tags")?;
    let selection = select::oci(&range, tags, |tag| tag, form, passes);
    let winner = winner(&selection, Selector::Oci, request)?;
    Ok(json!({"identifier": form.reference(winner)}))
}

pub(super) fn select_chart(input: &Value) -> Result<Value, Failure> {
    let selector = Selector::Chart { name: CHART };
    let request = ChartRequest::parse(text(input, "version")?);
    let entries = list(input, "entries")?
        .iter()
        .map(|entry| {
            let created = entry.get("created").map(|_| time(entry, "created"));
            Ok((text(entry, "version")?, created.transpose()?))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let selection = select::chart(&request, entries, |entry| entry.0, |entry| entry.1)
        .map_err(|why| no_choice(selector, request.text(), why))?;
    let winner = winner(&selection, selector, request.text())?;
    Ok(json!({"version": winner.0, "entry": selection.winner_index()}))
}

pub(super) fn select_oci_chart(input: &Value) -> Result<Value, Failure> {
    let selector = Selector::OciChart {
        name: CHART,
        address: "oci://example.com/charts/app",
    };
    let request = ChartRequest::parse(text(input, "version")?);
    if let Some(pinned) = request.pinned() {
        return Ok(json!({"version": pinned.text()}));
    }
    let selection = select::oci_chart(&request, texts(input, "tags")?, |tag| tag)
        .map_err(|why| no_choice(selector, request.text(), why))?;
    Ok(json!({"version": winner(&selection, selector, request.text())?}))
}

/// The name that the chart has in the vectors.
const CHART: &str = "app";

fn winner<'s, C>(
    selection: &'s Selection<'_, C>,
    selector: Selector<'_>,
    request: &str,
) -> Result<&'s C, Failure> {
    let winner = selection.winner();
    winner.ok_or_else(|| no_choice(selector, request, NoChoice::NoMatch))
}

fn no_choice(selector: Selector<'_>, request: &str, why: NoChoice<'_>) -> Failure {
    let kind = match why {
        NoChoice::InvalidRange(_) => "invalid_range",
        NoChoice::NoVersions => "no_versions",
        NoChoice::NoMatch => "no_match",
    };
    Failure::new(kind, selector.message(request, why))
}

fn refusal(error: Error) -> Failure {
    let kind = match error.kind() {
        ErrorKind::Invalid | ErrorKind::TooFewDots => "invalid",
        ErrorKind::TooLong | ErrorKind::RangeTooLong => "too_long",
        // Upstream has one kind for all that a number can be refused for.
        ErrorKind::NumberTooLarge | ErrorKind::MissingNumber => "number_too_large",
        ErrorKind::SegmentStartsZero => "segment_starts_zero",
        ErrorKind::Empty => "empty",
        ErrorKind::InvalidCharacters => "invalid_characters",
        ErrorKind::InvalidPrerelease => "invalid_prerelease",
        ErrorKind::InvalidMetadata => "invalid_metadata",
        ErrorKind::ImproperConstraint => "improper_constraint",
        ErrorKind::InvalidOperand => "invalid_operand",
        ErrorKind::TooManyGroups => "too_many_groups",
        _ => "unnamed",
    };
    Failure::new(kind, error)
}

/// A number, or text beyond 2^53.
fn number(number: u64) -> Value {
    match number {
        0..=0x20_0000_0000_0000 => json!(number),
        _ => json!(number.to_string()),
    }
}

fn time(object: &Value, key: &str) -> Result<Timestamp, Failure> {
    text(object, key)?.parse().map_err(Failure::bad_input)
}

fn list<'a>(input: &'a Value, key: &str) -> Result<&'a Vec<Value>, Failure> {
    let list = input.get(key).and_then(Value::as_array);
    list.ok_or_else(|| Failure::bad_input(format!("{key}: no list")))
}

fn texts<'a>(input: &'a Value, key: &str) -> Result<Vec<&'a str>, Failure> {
    let texts = list(input, key)?.iter().map(Value::as_str);
    let texts: Option<Vec<&str>> = texts.collect();
    texts.ok_or_else(|| Failure::bad_input(format!("{key}: not only texts")))
}
