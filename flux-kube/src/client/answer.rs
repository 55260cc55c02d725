//! An answer that is no success becomes a `Status`, whoever wrote it.

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, StatusCode};
use kube::core::Status;
use serde_json::{Map, Value, json};

/// Seconds of `Retry-After`; a date is not understood, as in client-go.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok()
}

/// The body of an answer with that status of 400 or more, as the API server would have written it.
///
/// A `Status` keeps what it says; what it leaves out (the code, the reason, the seconds of `Retry-After`) is added. Any
/// other text becomes its message. Guards against K1: kube asks for the reason only.
///
/// Source: kubernetes apimachinery v0.36.3: `pkg/api/errors/errors.go (NewGenericServerResponse)`.
pub(super) fn repair(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Bytes {
    let mut object = match serde_json::from_slice(body) {
        Ok(Value::Object(object)) if object.get("kind").is_some_and(|kind| kind == "Status") => {
            object
        }
        _ => {
            let text = String::from_utf8_lossy(body);
            Map::from_iter([
                ("kind".to_owned(), json!("Status")),
                ("apiVersion".to_owned(), json!("v1")),
                ("status".to_owned(), json!("Failure")),
                ("message".to_owned(), json!(message(status, text.trim()))),
            ])
        }
    };
    let code = object.get("code").and_then(Value::as_u64);
    if code.unwrap_or_default() == 0 {
        object.insert("code".to_owned(), json!(status.as_u16()));
    }
    let said = object.get("reason").and_then(Value::as_str);
    if said.unwrap_or_default().is_empty() {
        object.insert("reason".to_owned(), json!(reason(method, status)));
    }
    if let Some(seconds) = retry_after(headers).and_then(|seconds| u32::try_from(seconds).ok()) {
        let details = object.entry("details").or_insert_with(|| json!({}));
        if let Some(details) = details.as_object_mut() {
            details.entry("retryAfterSeconds").or_insert(json!(seconds));
        }
    }
    Value::Object(object).to_string().into()
}

/// The same as kube reads it.
pub(crate) fn refusal(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Status {
    let repaired = serde_json::from_slice(&repair(method, status, headers, body));
    repaired.unwrap_or_else(|_| Status::failure("", "").with_code(status.as_u16()))
}

/// A page of HTML says nothing that is worth a condition; the beginning of anything else does.
fn message(status: StatusCode, text: &str) -> String {
    let mut ends = (0..=text.len().min(LONGEST_MESSAGE)).rev();
    let start = ends.find_map(|end| text.get(..end)).unwrap_or_default();
    match start {
        start if !start.is_empty() && !start.starts_with('<') => start.to_owned(),
        _ => format!("the server answered {status}"),
    }
}

const LONGEST_MESSAGE: usize = 1024;

fn reason(method: &Method, status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 if method == Method::POST => "AlreadyExists",
        409 => "Conflict",
        410 => "Expired",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        500.. => "InternalError",
        _ => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repaired(method: &Method, code: u16, headers: &HeaderMap, body: &str) -> Status {
        let status = StatusCode::from_u16(code).unwrap();
        refusal(method, status, headers, body.as_bytes())
    }

    #[test]
    fn what_a_proxy_answers_has_a_code_a_reason_and_its_text() {
        let status = repaired(&Method::GET, 404, &HeaderMap::new(), "404 page not found\n");
        assert!(status.is_not_found());
        assert_eq!(
            (status.code, status.message.as_str()),
            (404, "404 page not found")
        );
        let status = repaired(&Method::PATCH, 409, &HeaderMap::new(), "");
        assert!(status.is_conflict());
        assert_eq!(status.message, "the server answered 409 Conflict");
        assert!(repaired(&Method::POST, 409, &HeaderMap::new(), "").is_already_exists());
        let page = repaired(&Method::GET, 502, &HeaderMap::new(), "<html>...</html>");
        assert_eq!(page.message, "the server answered 502 Bad Gateway");
        // A gateway's own JSON is no Status, though kube reads any object as one.
        let own = repaired(&Method::GET, 503, &HeaderMap::new(), r#"{"error": "none"}"#);
        assert_eq!((own.code, own.reason.as_str()), (503, "ServiceUnavailable"));
        assert_eq!(own.message, r#"{"error": "none"}"#);
    }

    #[test]
    fn a_status_keeps_what_it_says() {
        let body = r#"{"kind":"Status","code":409,"reason":"AlreadyExists","message":"m","details":{"name":"n"}}"#;
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        let status = repaired(&Method::PATCH, 409, &headers, body);
        assert_eq!(
            (status.reason.as_str(), status.message.as_str()),
            ("AlreadyExists", "m")
        );
        let details = status.details.unwrap();
        assert_eq!(
            (details.name.as_str(), details.retry_after_seconds),
            ("n", 7)
        );
        let bare = repaired(
            &Method::GET,
            404,
            &HeaderMap::new(),
            r#"{"kind":"Status","reason":""}"#,
        );
        assert!(bare.is_not_found() && bare.code == 404);
    }

    proptest! {
        /// Whatever an answer says, kube reads a code and a reason; what was repaired needs no repair.
        #[test]
        fn every_answer_becomes_a_status(code in 400_u16..600, body in body(), after in any::<Option<u32>>()) {
            let mut headers = HeaderMap::new();
            if let Some(after) = after {
                headers.insert(RETRY_AFTER, after.into());
            }
            let status = StatusCode::from_u16(code).unwrap();
            let once = repair(&Method::GET, status, &headers, &body);
            let read: Status = serde_json::from_slice(&once).unwrap();
            prop_assert!(read.code != 0 && !read.reason.is_empty() && read.message.len() <= 2048);
            prop_assert_eq!(&repair(&Method::GET, status, &headers, &once), &once);
        }
    }

    fn body() -> impl Strategy<Value = Vec<u8>> {
        let entry = |key: &str, values: &[&str]| {
            let key = key.to_owned();
            let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).collect();
            prop::sample::select(values).prop_map(move |value| format!("\"{key}\": {value}"))
        };
        let object = (
            entry("kind", &["\"Status\"", "\"Pod\""]),
            entry("code", &["0", "409", "null"]),
            entry("reason", &["\"\"", "\"NotFound\"", "null"]),
            entry("message", &["\"m\"", "\"\""]),
            entry(
                "details",
                &["{}", "{\"retryAfterSeconds\": 0}", "{\"name\": \"n\"}"],
            ),
        );
        let object = object.prop_map(|(a, b, c, d, e)| format!("{{{a}, {b}, {c}, {d}, {e}}}"));
        prop_oneof![
            object.prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..64)
        ]
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = format!("a{}", "é".repeat(2000));
        let status = repaired(&Method::GET, 500, &HeaderMap::new(), &text);
        assert_eq!(status.message.len(), 1023);
    }
}
