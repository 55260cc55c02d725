//! Signatures of OCI artifacts and charts.
//!
//! Source: `source-controller: api/v1/ociverification_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use crate::meta::LocalObjectReference;
use crate::wire::open_enum;

/// Whose signature an OCI artifact must carry.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OCIRepositoryVerification {
    /// The tool that signed it.
    #[cfg_attr(feature = "schema", schemars(extend("default" = "cosign")))]
    pub provider: VerificationProvider,
    /// Secret with the trusted public keys. Absent: keyless, with the identities below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Identities that may have signed, for keyless signatures. One match is enough; an empty list accepts any.
    #[serde(rename = "matchOIDCIdentity", skip_serializing_if = "Option::is_none")]
    pub match_oidc_identity: Option<Vec<OidcIdentityMatch>>,
    /// Secret with the trust root of a Sigstore instance of one's own, under `trusted_root.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_root_secret_ref: Option<LocalObjectReference>,
}

/// Whose signature a chart from an OCI registry must carry.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HelmChartVerification {
    /// The tool that signed it.
    #[cfg_attr(feature = "schema", schemars(extend("default" = "cosign")))]
    pub provider: VerificationProvider,
    /// Secret with the trusted public keys. Absent: keyless, with the identities below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Identities that may have signed, for keyless signatures. One match is enough; an empty list accepts any.
    #[serde(rename = "matchOIDCIdentity", skip_serializing_if = "Option::is_none")]
    pub match_oidc_identity: Option<Vec<OidcIdentityMatch>>,
}

/// An identity in the certificate of a keyless signature.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OidcIdentityMatch {
    /// Go regular expression for its issuer.
    pub issuer: String,
    /// Go regular expression for its subject.
    pub subject: String,
}

open_enum! {
    /// The tool that signed an artifact.
    VerificationProvider { Cosign = "cosign", Notation = "notation" }
}
