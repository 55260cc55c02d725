use fluxcd_api::kustomize::v1::{PostBuild, SubstituteReference};
use fluxcd_core::substitute::{Layer, Mode, OptOut, Outcome, Substitution, Template, Variables};
use fluxcd_dialect::yaml::{self, Loader};
use serde::Deserialize;
use serde_json::{Number, Value, json};

use super::{Failure, bytes, bytes_result, manifest};

pub(super) fn eval(input: &Value) -> Result<Value, Failure> {
    let text = bytes(input, "text")?;
    let values = input.get("vars").and_then(Value::as_object);
    let values = values.ok_or_else(|| Failure::bad_input("vars: no object"))?;
    let values = values
        .keys()
        .map(|name| Ok((name.as_str(), bytes(&input["vars"], name)?.into_owned())))
        .collect::<Result<Vec<_>, Failure>>()?;
    let variables = Variables::from_iter([Layer::verbatim(values)]);
    let rendered = Template::parse(&text)
        .and_then(|template| template.render(&variables, mode(input)))
        .map_err(|error| Failure::new(error.kind().as_str(), error.explain()))?;
    Ok(json!({"text": bytes_result(&rendered)}))
}

/// What upstream's runtime says where it panics is no contract.
pub(super) fn eval_contract<'a>(kind: &str, message: &'a str) -> &'a str {
    if kind == "panic" { "" } else { message }
}

pub(super) fn object(input: &Value) -> Result<Value, Failure> {
    let sources = Sources::read(input)?;
    let object = resource(&bytes(input, "manifest")?)?;
    // Upstream looks at the specification only if the object does not opt out.
    if OptOut::of(&object).is_some() {
        return Ok(json!({"outcome": "opted-out"}));
    }
    let post_build = post_build(input)?;
    let substitution = match flag(input, "dryRun") {
        true => Substitution::dry_run(&post_build),
        false => Substitution::plan(&post_build, |reference| sources.find(reference)),
    };
    let substitution = substitution.mode(mode(input));
    let outcome = substitution
        .apply(&object)
        .map_err(|error| Failure::new(error.kind().as_str(), error.explain()))?;
    let result = match &outcome {
        Outcome::OptedOut(_) => return Ok(json!({"outcome": "opted-out"})),
        Outcome::NoVariables => &object,
        Outcome::Substituted(substituted) => substituted.object(),
    };
    Ok(json!({"outcome": "substituted", "json": result.to_string()}))
}

/// Messages that go on with a text of the API server or of a YAML library are contracts up to there.
pub(super) fn object_contract<'a>(kind: &str, message: &'a str) -> &'a str {
    let up_to = |end: &str| match message.find(end) {
        Some(at) => message.get(..at + end.len()).unwrap_or(message),
        None => message,
    };
    match kind {
        "manifest" | "spec" | "panic" => "",
        "source-missing" => up_to("' error: "),
        "yaml" => up_to("JSON: "),
        _ => message,
    }
}

/// As for manifests; and a whole number beyond 2^53 is the float that stands for it, where it is the value of that float or
/// what Go writes for it.
pub(super) fn normalise(result: &Value) -> Value {
    let mut normal = manifest::normalise(result);
    floats(&mut normal);
    normal
}

fn floats(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            let digits = number.to_string();
            let float = digits.parse::<f64>().unwrap_or_default();
            let is_float = digits == format!("{float}") || digits == format!("{}", float as i128);
            if float.abs() > 2_f64.powi(53) && is_float {
                *number = Number::from_f64(float).unwrap_or_else(|| number.clone());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(floats),
        Value::Object(members) => members.values_mut().for_each(floats),
        _ => {}
    }
}

fn mode(input: &Value) -> Mode {
    match flag(input, "strict") {
        true => Mode::Strict,
        false => Mode::Lax,
    }
}

fn flag(input: &Value, key: &str) -> bool {
    input.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// The one object that kustomize makes of a file: it drops empty documents, opens lists, and wants kind and name.
///
/// Source: `sigs.k8s.io/kustomize: api/resource/factory.go (FromBytes)`.
fn resource(text: &[u8]) -> Result<Value, Failure> {
    let refused = |message: &str| Failure::new("manifest", message);
    let broken = |error: yaml::Error| refused(error.message());
    let documents = yaml::read_v3(text, &Loader::v3()).map_err(broken)?;
    let document = only(documents).ok_or_else(|| refused("not one object"))?;
    let is_list = scalar(document.get("kind")).ends_with("List");
    let name = document.get("metadata").and_then(|meta| meta.get("name"));
    match document.get("items") {
        _ if scalar(document.get("kind")).is_empty() => Err(refused("an object without kind")),
        Some(_) if is_list => {
            // Kustomize takes the items as they were read, not as it writes them out, and reads each of them by itself.
            let list = Loader::v3().load(text).map_err(broken)?;
            let items = list.get("items").and_then(Value::as_array);
            let item = items.and_then(|items| only(items.clone()));
            let item = item.ok_or_else(|| refused("not one object in the list"))?;
            resource(item.to_string().as_bytes())
        }
        _ if !is_list && scalar(name).is_empty() => Err(refused("an object without name")),
        _ => Ok(document),
    }
}

/// The only value that is not empty.
fn only(values: Vec<Value>) -> Option<Value> {
    let mut full = values.into_iter().filter(|value| !is_empty(value));
    full.next().filter(|_| full.next().is_none())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A scalar's text, which need not be a string for kustomize; empty for what is none.
fn scalar(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(scalar @ (Value::Bool(_) | Value::Number(_))) => scalar.to_string(),
        _ => String::new(),
    }
}

/// A dry run does not look at `substituteFrom` at all, and a key that a reference lacks is empty text for Go. The API server
/// lets no such object in.
fn post_build(input: &Value) -> Result<PostBuild, Failure> {
    let mut value = input.get("postBuild").cloned().unwrap_or_else(|| json!({}));
    if flag(input, "dryRun")
        && let Some(members) = value.as_object_mut()
    {
        members.remove("substituteFrom");
    }
    if let Some(Value::Array(references)) = value.get_mut("substituteFrom") {
        for reference in references.iter_mut().filter_map(Value::as_object_mut) {
            for key in ["kind", "name"] {
                reference.entry(key).or_insert_with(|| json!(""));
            }
        }
    }
    PostBuild::deserialize(value).map_err(|error| Failure::new("spec", error))
}

/// The ConfigMaps and Secrets of the cluster.
struct Sources<'a>(Vec<(&'a Value, Layer)>);

impl<'a> Sources<'a> {
    fn read(input: &'a Value) -> Result<Self, Failure> {
        let sources = input.get("sources").and_then(Value::as_array);
        let layers = sources.into_iter().flatten().map(|source| {
            let layer = Layer::from_object(source).map_err(Failure::bad_input)?;
            Ok((source, layer))
        });
        layers.collect::<Result<_, Failure>>().map(Self)
    }

    /// Those of the namespace of the Kustomization only.
    fn find(&self, reference: &SubstituteReference) -> Option<Layer> {
        let is_meant = |source: &Value| {
            let is = |path, text| source.pointer(path).and_then(Value::as_str) == Some(text);
            is("/kind", reference.kind.as_str())
                && is("/metadata/name", &reference.name)
                && is("/metadata/namespace", NAMESPACE)
        };
        let mut sources = self.0.iter();
        let found = sources.find(|(source, _)| is_meant(source));
        found.map(|(_, layer)| layer.clone())
    }
}

/// That of the Kustomization whose `postBuild` is asked about.
const NAMESPACE: &str = "apps";
