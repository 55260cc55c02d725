//! Where values come from.

use serde::{Deserialize, Serialize};

use crate::meta::Effective;
use crate::wire::open_enum;

/// A ConfigMap or Secret with values.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValuesReference {
    /// Which of the two.
    pub kind: ValuesKind,
    /// Its name, in the namespace of the HelmRelease.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub name: String,
    /// The entry that is read. Absent: `values.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 253, "pattern" = "^[\\-._a-zA-Z0-9]+$")))]
    pub values_key: Option<String>,
    /// Puts the entry as one value at this path, in the notation of `helm --set`, instead of merging it as YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 250,
            "pattern" = "^([a-zA-Z0-9_\\-.\\\\\\/]|\\[[0-9]{1,5}\\])+$"
        ))
    )]
    pub target_path: Option<String>,
    /// True carries on without it when it or the entry does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional: Option<bool>,
    /// True takes the entry as text, without `--set` rules. Only with `targetPath`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub literal: Option<bool>,
}

impl ValuesReference {
    /// The entry that is read; an empty key counts as unset.
    ///
    /// Source: `fluxcd/pkg: apis/meta/reference_types.go (GetValuesKey)`.
    #[must_use]
    pub fn effective_values_key(&self) -> Effective<&str> {
        Effective::spec_or(
            self.values_key.as_deref().filter(|key| !key.is_empty()),
            "values.yaml",
        )
    }
}

open_enum! {
    /// What values are read from.
    ValuesKind { Secret = "Secret", ConfigMap = "ConfigMap" }
}
