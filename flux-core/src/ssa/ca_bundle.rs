use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::stages::is_crd;

/// Removes `spec.conversion.webhook.clientConfig.caBundle` of a CustomResourceDefinition where it holds no certificate:
/// Kubernetes refuses it since 1.31, and whoever injects certificates into the live object fills it again. Tells whether
/// it did. This is the first step of an apply.
///
/// A bundle is kept if it is empty, or base64 of PEM text with at least one block `CERTIFICATE` without headers that holds
/// a certificate.
///
/// # Differences
///
/// Upstream reads the certificate; here it is enough that it has the outer form of one: a DER sequence of two sequences and
/// a bit string, without anything behind it. A certificate that is damaged within is kept here and removed there.
///
/// Source: fluxcd/pkg ssa v0.76.1: `utils/cert_validation.go (RemoveCABundleFromCRD)`.
pub fn remove_invalid_ca_bundle(object: &mut Value) -> bool {
    if !is_crd(object) {
        return false;
    }
    let Some(config) = object.pointer_mut("/spec/conversion/webhook/clientConfig") else {
        return false;
    };
    let invalid = |text: &str| !text.is_empty() && !is_valid(text);
    let bundle = config.get("caBundle").and_then(Value::as_str);
    match (bundle.is_some_and(invalid), config.as_object_mut()) {
        (true, Some(config)) => config.remove("caBundle").is_some(),
        _ => false,
    }
}

fn is_valid(text: &str) -> bool {
    let Some(bundle) = decode(text, &['\r', '\n']) else {
        return false;
    };
    bundle.is_empty() || has_certificate(&String::from_utf8_lossy(&bundle))
}

/// Base64 as Go reads it: what stands in the last bits does not matter.
fn decode(text: &str, without: &[char]) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let text = text.replace(without, "");
    GeneralPurpose::new(&STANDARD, config).decode(text).ok()
}

/// Source: Go 1.26: `src/encoding/pem/pem.go (Decode)`.
fn has_certificate(pem: &str) -> bool {
    let mut block: Option<String> = None;
    for line in pem.lines() {
        match line.trim_end_matches([' ', '\t']) {
            "-----BEGIN CERTIFICATE-----" => block = Some(String::new()),
            "-----END CERTIFICATE-----" => {
                let bytes = block.take().and_then(|text| decode(&text, &[' ', '\t']));
                if bytes.is_some_and(|bytes| is_certificate(&bytes)) {
                    return true;
                }
            }
            line => {
                if let Some(block) = &mut block {
                    block.push_str(line);
                }
            }
        }
    }
    false
}

/// A sequence of a sequence, a sequence and a bit string.
fn is_certificate(der: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    const BIT_STRING: u8 = 0x03;
    let Some((content, [])) = element(der, SEQUENCE) else {
        return false;
    };
    let rest = element(content, SEQUENCE).and_then(|(_, rest)| element(rest, SEQUENCE));
    let rest = rest.and_then(|(_, rest)| element(rest, BIT_STRING));
    rest.is_some_and(|(_, rest)| rest.is_empty())
}

/// Content of the element with that tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[first, length], rest) = der.split_first_chunk()?;
    if first != tag {
        return None;
    }
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let number = digits
                .iter()
                .fold(0, |number, &digit| number << 8 | u32::from(digit));
            (usize::try_from(number).ok()?, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
