//! The small languages inside Kubernetes manifests, read and written exactly as Go does.
//!
//! For everyone who reads manifests and has to see what the controllers see. This crate knows Go's rules and nothing of
//! Kubernetes.
//!
//! ```
//! use fluxcd_dialect::duration::Duration;
//! use fluxcd_dialect::yaml::{Loader, to_string};
//! use serde_json::json;
//!
//! let value = Loader::v2().load(b"interval: 90m\nsuspend: off\nmode: 0644\n")?;
//! assert_eq!(value, json!({"interval": "90m", "suspend": false, "mode": 420}));
//! assert_eq!(to_string(&json!({"mode": "0644"}))?, "mode: \"0644\"\n");
//!
//! let interval = Duration::parse("90m")?;
//! assert_eq!(interval.to_string(), "1h30m0s");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | room | what it reads |
//! |---|---|
//! | `cel` | expressions of the Common Expression Language, as Flux evaluates them; feature `cel` |
//! | [`duration`] | `1h30m`, by the grammar of `time.ParseDuration` |
//! | [`float`] | `1e3`, `0x1p4`, `1_000`, by the rules of `strconv.ParseFloat` |
//! | [`quote`] | a text in quotes, as `%q` of Go prints it |
//! | `regexp` | patterns of Go's `regexp`, and the templates that their matches fill; feature `regexp` |
//! | [`unicode`] | characters, as Go takes them from bytes, classifies and maps them |
//! | [`version`] | versions and ranges, `^1.2 \|\| >=3`, by the rules of Masterminds/semver; which candidate Flux selects |
//! | [`yaml`] | YAML 1.1 by the rules of goyaml v2 (Kubernetes, Flux, Helm) and v3 (kustomize) |
//!
//! Two features, off by default: `regexp`, which brings three packages along, and `cel`, which needs it and the tables of
//! time zones. Out of scope: YAML 1.2, comments, and what the documents mean.

#[cfg(feature = "cel")]
pub mod cel;
pub mod duration;
pub mod float;
pub mod quote;
#[cfg(feature = "regexp")]
pub mod regexp;
pub mod unicode;
pub mod version;
pub mod yaml;
