//! Schemas of types that are not ours, and of those whose schema depends on the field.
//!
//! They are public for those who put such types into a CRD of their own.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::meta::DurationPattern;

/// The status of a kind that has none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoStatus {}

/// Gives a name a schema that is written into the place of use.
macro_rules! part {
    ($(#[$meta:meta])* $name:ident: $schema:tt) => {
        $(#[$meta])*
        ///
        /// For use in `#[schemars(with = "...")]`; there are no values of it.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name {}
        part!(@schema $name: $schema);
    };
    (@schema $name:ident: $schema:tt) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

part!(@schema NoStatus: { "type": "object" });

part! {
    /// A duration of at most hours, as intervals are written. Go itself takes more.
    Interval: { "type": "string", "pattern": DurationPattern::Interval.regex() }
}

part! {
    /// A duration without hours, as timeouts of sources are written.
    Timeout: { "type": "string", "pattern": DurationPattern::TimeoutNoHours.regex() }
}

part! {
    /// A duration that a controller writes.
    DurationText: { "type": "string" }
}

part! {
    /// A point in time.
    Timestamp: { "type": "string", "format": "date-time" }
}

part! {
    /// An integer of no stated width, Go's `int`.
    Integer: { "type": "integer" }
}

part! {
    /// Anything at all.
    AnyValue: { "x-kubernetes-preserve-unknown-fields": true }
}

part! {
    /// A map from text to anything at all.
    AnyValueMap: { "type": "object", "additionalProperties": { "x-kubernetes-preserve-unknown-fields": true } }
}

part! {
    /// A list of conditions.
    Conditions: {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["lastTransitionTime", "message", "reason", "status", "type"],
            "properties": {
                "lastTransitionTime": { "type": "string", "format": "date-time" },
                "message": { "type": "string", "maxLength": 32768 },
                "observedGeneration": { "type": "integer", "format": "int64", "minimum": 0 },
                "reason": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 1024,
                    "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                },
                "status": { "type": "string", "enum": ["True", "False", "Unknown"] },
                "type": {
                    "type": "string",
                    "maxLength": 316,
                    "pattern": concat!(
                        r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?",
                        r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
                    )
                }
            }
        }
    }
}

part! {
    /// A label selector.
    LabelSelector: {
        "type": "object",
        "x-kubernetes-map-type": "atomic",
        "properties": {
            "matchLabels": { "type": "object", "additionalProperties": { "type": "string" } },
            "matchExpressions": {
                "type": "array",
                "x-kubernetes-list-type": "atomic",
                "items": {
                    "type": "object",
                    "required": ["key", "operator"],
                    "properties": {
                        "key": { "type": "string" },
                        "operator": { "type": "string" },
                        "values": {
                            "type": "array",
                            "x-kubernetes-list-type": "atomic",
                            "items": { "type": "string" }
                        }
                    }
                }
            }
        }
    }
}
