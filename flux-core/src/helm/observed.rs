//! The digests by which a later run tells that post-renderers or common metadata changed.
//!
//! # Contract
//!
//! What is hashed is the JSON text that Go writes: members in the order of upstream's types, nothing that is empty, the
//! characters that HTML would read escaped, and a line end.
//!
//! # Traps
//!
//! - An empty list has a digest of its own, another than an absent one, which has none.
//! - They are digests of the spec that was current when conditions were summarised last, not of what was applied.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `internal/postrender/build.go (Digest, CommonMetadataDigest)`; types of its API module and of
//! fluxcd/pkg apis/kustomize v1.19.1. Vectors: `conformance/helm/observed.jsonl`.

use std::collections::BTreeMap;

use fluxcd_api::helm::v2::{HelmReleaseSpec, PostRenderer};
use fluxcd_api::meta::{CommonMetadata, Image, Patch, Selector};
use sha2::{Digest, Sha256};

/// What is hashed, and its digest; `None` where the field is absent.
///
/// # Examples
///
/// ```
/// use fluxcd_api::helm::v2::HelmReleaseSpec;
/// use fluxcd_core::helm::observed::Observed;
///
/// let spec = HelmReleaseSpec { post_renderers: Some(Vec::new()), ..Default::default() };
/// let observed = Observed::of(&spec);
/// assert_eq!(observed.post_renderers.unwrap().json, "[]\n");
/// assert_eq!(observed.common_metadata, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Observed {
    /// Of `spec.postRenderers`.
    pub post_renderers: Option<Hashed>,
    /// Of `spec.commonMetadata`.
    pub common_metadata: Option<Hashed>,
}

/// A text, and its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed {
    /// The text.
    pub json: String,
    /// `sha256:` and the digest in hexadecimal.
    pub digest: String,
}

impl Observed {
    /// Reads a spec.
    pub fn of(spec: &HelmReleaseSpec) -> Self {
        let post_renderers = spec.post_renderers.as_deref();
        let common_metadata = spec.common_metadata.as_ref();
        Self {
            post_renderers: post_renderers.map(|them| Hashed::of(array(them, post_renderer))),
            common_metadata: common_metadata.map(|it| Hashed::of(metadata(it))),
        }
    }
}

impl Hashed {
    fn of(json: String) -> Self {
        let json = json + "\n";
        let digest = Sha256::digest(json.as_bytes());
        let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            json,
            digest: format!("sha256:{hexadecimal}"),
        }
    }
}

fn post_renderer(renderer: &PostRenderer) -> String {
    let kustomize = renderer.kustomize.as_ref().map(|it| {
        object([
            ("patches", list(it.patches.as_deref(), patch)),
            ("images", list(it.images.as_deref(), image)),
        ])
    });
    object([("kustomize", kustomize)])
}

fn patch(patch: &Patch) -> String {
    object([
        ("patch", Some(text(&patch.patch))),
        ("target", patch.target.as_ref().map(selector)),
    ])
}

fn selector(selector: &Selector) -> String {
    object([
        ("group", optional(selector.group.as_deref())),
        ("version", optional(selector.version.as_deref())),
        ("kind", optional(selector.kind.as_deref())),
        ("namespace", optional(selector.namespace.as_deref())),
        ("name", optional(selector.name.as_deref())),
        (
            "annotationSelector",
            optional(selector.annotation_selector.as_deref()),
        ),
        (
            "labelSelector",
            optional(selector.label_selector.as_deref()),
        ),
    ])
}

fn image(image: &Image) -> String {
    object([
        ("name", Some(text(&image.name))),
        ("newName", optional(image.new_name.as_deref())),
        ("newTag", optional(image.new_tag.as_deref())),
        ("digest", optional(image.digest.as_deref())),
    ])
}

fn metadata(metadata: &CommonMetadata) -> String {
    object([
        ("annotations", map(metadata.annotations.as_ref())),
        ("labels", map(metadata.labels.as_ref())),
    ])
}

fn map(members: Option<&BTreeMap<String, String>>) -> Option<String> {
    let members = members.filter(|members| !members.is_empty())?;
    let members = members
        .iter()
        .map(|(key, value)| (key.as_str(), Some(text(value))));
    Some(object(members))
}

fn list<T>(items: Option<&[T]>, write: fn(&T) -> String) -> Option<String> {
    let items = items.filter(|items| !items.is_empty())?;
    Some(array(items, write))
}

fn array<T>(items: &[T], write: fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(write).collect();
    format!("[{}]", items.join(","))
}

/// An object of the members that have a value.
fn object<'a>(members: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let members = members.into_iter();
    let members = members.filter_map(|(key, value)| Some(format!("{}:{}", text(key), value?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn optional(value: Option<&str>) -> Option<String> {
    value.filter(|value| !value.is_empty()).map(text)
}

/// A text as Go writes it: serde's escapes, and those for HTML and JavaScript.
fn text(text: &str) -> String {
    let mut json = serde_json::Value::from(text).to_string();
    for (character, escaped) in [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ] {
        if json.contains(character) {
            json = json.replace(character, escaped);
        }
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_escaped_as_go_escapes_it() {
        assert_eq!(
            text("<&>\u{2028}\u{2029}\"\\\u{8}\u{c}\n\r\t\u{1}\u{7f}é"),
            r#""\u003c\u0026\u003e\u2028\u2029\"\\\b\f\n\r\t\u0001"#.to_owned() + "\u{7f}é\""
        );
    }

    #[test]
    fn what_is_empty_is_not_written() {
        let renderer = PostRenderer::default();
        assert_eq!(post_renderer(&renderer), "{}");
        let empty = CommonMetadata {
            annotations: Some(BTreeMap::new()),
            labels: None,
        };
        assert_eq!(metadata(&empty), "{}");
        let image = Image {
            new_tag: Some(String::new()),
            ..Image::default()
        };
        assert_eq!(super::image(&image), r#"{"name":""}"#);
    }
}
