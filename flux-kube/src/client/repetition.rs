//! Which requests are sent again, after what, and when.

use std::time::Duration;

use http::header::{CONTENT_TYPE, UPGRADE};
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::Value;

use fluxcd_core::schedule::{Backoff, Jitter};

/// What happens when a request is done twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Twice {
    /// Nothing: it reads, or says what shall be there, or deletes one object of a known identity.
    Harmless,
    /// Something else than when it is done once: it creates, counts, deletes what was created again in between, or
    /// conflicts with what its own first try did.
    Harmful,
    /// It opens a stream; whoever reads the stream opens it again.
    Stream,
}

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Failure {
    /// 429: the server did nothing, and asks to come back.
    Throttled,
    /// 500, 502, 503 or 504: the server may have done it, or not.
    Failed,
    /// There was no connection, or it broke.
    Broken,
    /// No answer within the time of an attempt.
    Hung,
}

/// Whether a request is sent again: the table of [`client`](super).
pub(super) const fn is_repeated(twice: Twice, failure: Failure) -> bool {
    match (failure, twice) {
        (Failure::Throttled, _) => true,
        (Failure::Failed | Failure::Broken, Twice::Harmless) => true,
        (Failure::Failed | Failure::Broken, Twice::Harmful | Twice::Stream) => false,
        (Failure::Hung, _) => false,
    }
}

impl Failure {
    /// Tells it from the status of an answer. Nothing if the answer is one to go on with, be it good or bad.
    pub(super) const fn of(status: u16) -> Option<Self> {
        match status {
            429 => Some(Self::Throttled),
            500 | 502 | 503 | 504 => Some(Self::Failed),
            _ => None,
        }
    }
}

impl Twice {
    /// Tells it from a request.
    ///
    /// - Harmless: `GET`, `HEAD`, `OPTIONS`; an apply or a merge patch that names no `metadata.resourceVersion`; a
    ///   `DELETE` that names a uid in its preconditions.
    /// - A lock on the resource version makes a patch harmful, for the second try conflicts with the first.
    pub(super) fn of(parts: &Parts, body: &[u8]) -> Self {
        if is_stream(parts) {
            return Self::Stream;
        }
        let harmless = match parts.method {
            Method::GET | Method::HEAD | Method::OPTIONS => true,
            Method::PATCH => match content_type(&parts.headers) {
                "application/apply-patch+yaml" | "application/merge-patch+json" => {
                    let body: Option<Value> = serde_json::from_slice(body).ok();
                    body.is_some_and(|body| body.pointer("/metadata/resourceVersion").is_none())
                }
                _ => false,
            },
            Method::DELETE => {
                let body: Option<Value> = serde_json::from_slice(body).ok();
                let uid = body
                    .as_ref()
                    .and_then(|body| body.pointer("/preconditions/uid"));
                uid.is_some_and(Value::is_string)
            }
            _ => false,
        };
        if harmless {
            Self::Harmless
        } else {
            Self::Harmful
        }
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let value = value.unwrap_or_default();
    value
        .split_once(';')
        .map_or(value, |(media, _)| media)
        .trim()
}

/// Whether the answer is a stream that lasts: a watch, a log, an upgraded connection, whatever is behind a proxy.
pub(super) fn is_stream(parts: &Parts) -> bool {
    is_watch(parts) || is_endless(parts)
}

pub(super) fn is_watch(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    parts.method == Method::GET
        && query
            .split('&')
            .any(|pair| matches!(pair, "watch" | "watch=1" | "watch=true"))
}

/// Whether even the beginning of the answer may take as long as it likes.
pub(super) fn is_endless(parts: &Parts) -> bool {
    let segments: Vec<_> = parts.uri.path().split('/').collect();
    let behind = matches!(
        segments.as_slice(),
        [
            "",
            "api",
            _,
            "namespaces",
            _,
            "pods",
            _,
            "log" | "proxy",
            ..
        ] | ["", "api", _, "namespaces", _, "services", _, "proxy", ..]
            | ["", "api", _, "nodes", _, "proxy", ..]
    );
    behind || parts.headers.contains_key(UPGRADE)
}

/// The wait before a repetition: what the server asks for, and at least the back-off, which `unit` spreads by half.
pub(super) fn delay(
    backoff: Backoff,
    repetition: u32,
    asked: Option<Duration>,
    unit: f64,
) -> Duration {
    let delay = backoff.delay(repetition);
    let spread = Jitter::percentage(50).map_or(delay, |half| half.spread(delay, unit));
    let nanos = u64::try_from(spread.as_nanos()).unwrap_or_default();
    Duration::from_nanos(nanos).max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const LOCK: &str = r#"{"metadata":{"resourceVersion":"1"}}"#;
    const UID: &str = r#"{"preconditions":{"uid":"u"}}"#;

    fn twice(method: &str, uri: &str, content: &str, body: &str) -> Twice {
        let request = Request::builder().method(method).uri(uri);
        let request = request.header(CONTENT_TYPE, content).body(()).unwrap();
        Twice::of(&request.into_parts().0, body.as_bytes())
    }

    #[test]
    fn every_verb_and_content_type_is_known_to_be_harmless_or_not() {
        let (json, object) = ("application/json", "/api/v1/namespaces/a/configmaps/b");
        let (apply, merge) = (
            "application/apply-patch+yaml",
            "application/merge-patch+json",
        );
        for (method, content, body, expected) in [
            ("GET", json, "", Twice::Harmless),
            ("HEAD", json, "", Twice::Harmless),
            ("OPTIONS", json, "", Twice::Harmless),
            ("POST", json, "{}", Twice::Harmful),
            ("PUT", json, "{}", Twice::Harmful),
            ("PUT", json, LOCK, Twice::Harmful),
            ("PATCH", apply, "{}", Twice::Harmless),
            ("PATCH", apply, LOCK, Twice::Harmful),
            ("PATCH", apply, "kind: ConfigMap", Twice::Harmful),
            ("PATCH", merge, "{}", Twice::Harmless),
            (
                "PATCH",
                "application/merge-patch+json; charset=utf-8",
                "{}",
                Twice::Harmless,
            ),
            ("PATCH", merge, LOCK, Twice::Harmful),
            ("PATCH", "application/json-patch+json", "[]", Twice::Harmful),
            (
                "PATCH",
                "application/strategic-merge-patch+json",
                "{}",
                Twice::Harmful,
            ),
            ("PATCH", "", "{}", Twice::Harmful),
            ("DELETE", json, "", Twice::Harmful),
            ("DELETE", json, "{}", Twice::Harmful),
            (
                "DELETE",
                json,
                r#"{"preconditions":{"resourceVersion":"1"}}"#,
                Twice::Harmful,
            ),
            ("DELETE", json, UID, Twice::Harmless),
        ] {
            assert_eq!(
                twice(method, object, content, body),
                expected,
                "{method} {content} {body}"
            );
        }
    }

    #[test]
    fn what_lasts_is_a_stream() {
        for uri in [
            "/api/v1/pods?watch=true",
            "/api/v1/pods?limit=5&watch=1",
            "/api/v1/namespaces/a/pods/b/log?follow=true",
            "/api/v1/namespaces/a/services/b:80/proxy/metrics",
        ] {
            assert_eq!(twice("GET", uri, "", ""), Twice::Stream, "{uri}");
        }
        for uri in [
            "/api/v1/pods?watch=false",
            "/api/v1/namespaces/log",
            "/api/v1/namespaces/pods/configmaps/log",
            "/api/v1/nodes/proxy",
        ] {
            assert_eq!(twice("GET", uri, "", ""), Twice::Harmless, "{uri}");
        }
    }

    #[test]
    fn the_table_has_no_other_cell() {
        for status in 100..=599 {
            let expected = match status {
                429 => Some(Failure::Throttled),
                500 | 502 | 503 | 504 => Some(Failure::Failed),
                _ => None,
            };
            assert_eq!(Failure::of(status), expected, "{status}");
        }
        for (twice, repeated) in [
            (Twice::Harmless, [true, true, true, false]),
            (Twice::Harmful, [true, false, false, false]),
            (Twice::Stream, [true, false, false, false]),
        ] {
            let failures = [
                Failure::Throttled,
                Failure::Failed,
                Failure::Broken,
                Failure::Hung,
            ];
            assert_eq!(
                failures.map(|failure| is_repeated(twice, failure)),
                repeated,
                "{twice:?}"
            );
        }
    }

    #[test]
    fn a_wait_grows_and_is_never_shorter_than_asked() {
        let backoff = Backoff {
            min: fluxcd_api::meta::Duration::from_millis(200),
            max: fluxcd_api::meta::Duration::from_secs(10),
        };
        let millis = |repetition, unit| delay(backoff, repetition, None, unit).as_millis();
        assert_eq!(
            [0, 1, 2, 9].map(|n| millis(n, 0.5)),
            [200, 400, 800, 10_000]
        );
        assert_eq!([millis(0, 0.0), millis(0, 0.75)], [100, 250]);
        let asked = Some(Duration::from_secs(30));
        assert_eq!(delay(backoff, 0, asked, 0.9), Duration::from_secs(30));
        assert!(delay(backoff, 0, Some(Duration::ZERO), 0.0) > Duration::ZERO);
    }
}
