//! `spec.image` of an ImageRepository.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The repository that an image name stands for.
///
/// Source: `image-reflector-controller: internal/registry/helper.go (ParseImageReference)`, `go-containerregistry: pkg/name`
/// v0.21.6.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageReference {
    registry: String,
    repository: String,
    scheme: Scheme,
}

/// How a registry is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Without TLS: `spec.insecure`, and registries in private networks or on the host itself.
    Http,
    /// With TLS.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text names no image repository. The controller stalls with `ImageURLInvalid` and this text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// It begins with a scheme.
    #[error("image '{image}' should not include URL scheme; remove '{scheme}://'")]
    Scheme {
        /// The text.
        image: String,
        /// What stands before `://`.
        scheme: String,
    },
    /// It ends with a tag or a digest.
    #[error("image '{image}' should not include a tag; remove ':{tag}'")]
    Tag {
        /// The text.
        image: String,
        /// What the message asks to remove: of a digest not the right part.
        tag: String,
    },
    /// It is no image name at all.
    #[error("could not parse reference: {0}")]
    Unparsable(String),
}

const DOCKER_HUB: &str = "index.docker.io";

impl ImageReference {
    /// Reads an image name without tag.
    ///
    /// | rule | |
    /// |---|---|
    /// | registry | what stands before the first slash, if there is a dot or colon in it; else Docker Hub. So `localhost/app` is on Docker Hub |
    /// | `docker.io` | is `index.docker.io`; no other name is an alias |
    /// | repository | 2 to 255 of `a-z0-9_-./`; `library/` is put before one without slash on Docker Hub |
    /// | scheme | http if `insecure`, for addresses of private networks, and for the host itself |
    ///
    /// # Errors
    ///
    /// A scheme, a tag or a digest, or anything that is no image name.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_policy::image::ImageReference;
    ///
    /// let alpine = ImageReference::parse("alpine", false)?;
    /// assert_eq!(alpine.canonical(), "index.docker.io/library/alpine");
    /// let error = ImageReference::parse("ghcr.io/org/app:v1", false).unwrap_err();
    /// assert_eq!(error.to_string(), "image 'ghcr.io/org/app:v1' should not include a tag; remove ':v1'");
    /// # Ok::<(), fluxcd_policy::image::ReferenceError>(())
    /// ```
    pub fn parse(image: &str, insecure: bool) -> Result<Self, ReferenceError> {
        if let Some((scheme, _)) = image.split_once("://") {
            return Err(ReferenceError::Scheme {
                image: image.to_owned(),
                scheme: scheme.to_owned(),
            });
        }
        let (registry, repository) = tagged(image)
            .or_else(|| digested(image))
            .ok_or_else(|| ReferenceError::Unparsable(image.to_owned()))?;
        let rest = image.strip_prefix(&registry).unwrap_or(image);
        if let Some(tag) = rest.split(':').nth(1) {
            return Err(ReferenceError::Tag {
                image: image.to_owned(),
                tag: tag.to_owned(),
            });
        }
        let scheme = if insecure || is_local(&registry) {
            Scheme::Http
        } else {
            Scheme::Https
        };
        Ok(Self {
            registry,
            repository,
            scheme,
        })
    }

    /// The registry, such as `ghcr.io` or `localhost:5000`. Case is kept.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within the registry.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// How the registry is spoken to.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What stands in `status.canonicalImageName`: registry, slash, repository.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }
}

/// Whether a text names an image, with or without a tag or digest.
///
/// Source: `go-containerregistry: pkg/name/ref.go (ParseReference)`.
pub(super) fn is_reference(text: &str) -> bool {
    tagged(text).is_some() || digested(text).is_some()
}

/// Registry and repository of a name with or without a tag.
fn tagged(name: &str) -> Option<(String, String)> {
    let base = match name.rsplit_once(':') {
        Some((base, tag)) if !tag.contains('/') => {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
            if tag.is_empty() || tag.len() > 128 || !tag.bytes().all(fits) {
                return None;
            }
            base
        }
        _ => name,
    };
    split(base)
}

/// Registry and repository of a name with a digest.
fn digested(name: &str) -> Option<(String, String)> {
    let (base, digest) = name.split_once('@')?;
    let hex = digest.strip_prefix("sha256:")?;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if hex.len() != 64 || !hex.bytes().all(is_hex) {
        return None;
    }
    match tagged(base) {
        // The whole name is read once more.
        Some((registry, repository)) => split(&format!("{registry}/{repository}")),
        None => split(base),
    }
}

fn split(name: &str) -> Option<(String, String)> {
    let (registry, repository) = match name.split_once('/') {
        Some((registry, repository)) if registry.contains(['.', ':']) => (registry, repository),
        _ => ("", name),
    };
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/');
    if !(2..=255).contains(&repository.len())
        || !repository.bytes().all(fits)
        || !is_authority(registry)
    {
        return None;
    }
    let registry = match registry {
        "" | "docker.io" => DOCKER_HUB,
        other => other,
    };
    let repository = if registry == DOCKER_HUB && !repository.contains('/') {
        format!("library/{repository}")
    } else {
        repository.to_owned()
    };
    Some((registry.to_owned(), repository))
}

/// Whether Go reads the text as host and port of an address, and as nothing else.
///
/// Source: Go 1.26: `src/net/url/url.go (parseHost, validOptionalPort, shouldEscape)`.
fn is_authority(text: &str) -> bool {
    // Other characters are forbidden, written otherwise by Go, or begin another part of an address.
    let fits = |byte: u8| {
        byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
    };
    if !text.bytes().all(fits) {
        return false;
    }
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match text.rfind('[') {
        Some(0) => text.rsplit_once(']').is_some_and(|(address, port)| {
            let address = address.get(1..).unwrap_or_default();
            let port_fits = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            port_fits && address.parse::<Ipv6Addr>().is_ok()
        }),
        Some(_) => false,
        None => text.rsplit_once(':').is_none_or(|(_, port)| is_port(port)),
    }
}

fn is_local(registry: &str) -> bool {
    let (host, _) = registry.split_once(':').unwrap_or((registry, ""));
    let private = host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_private());
    let named = match registry.rsplit_once(".localhost") {
        Some((_, "")) => true,
        Some((_, port)) => port.strip_prefix(':').is_some_and(|port| {
            (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
        }),
        None => false,
    };
    private
        || named
        || registry.starts_with("localhost:")
        || registry.contains("127.0.0.1")
        || registry.contains("::1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_are_what_has_a_dot_or_a_colon() {
        for (image, canonical, scheme) in [
            ("alpine", "index.docker.io/library/alpine", "https"),
            (
                "docker.io/alpine",
                "index.docker.io/library/alpine",
                "https",
            ),
            ("docker.io:443/app", "docker.io:443/app", "https"),
            ("localhost/app", "index.docker.io/localhost/app", "https"),
            ("localhost:5000/app", "localhost:5000/app", "http"),
            ("a.localhost:123456/app", "a.localhost:123456/app", "https"),
            ("a.localhost/app", "a.localhost/app", "http"),
            ("GHCR.io/org//app", "GHCR.io/org//app", "https"),
            ("10.0.0.1/app", "10.0.0.1/app", "http"),
            ("172.32.0.1/app", "172.32.0.1/app", "https"),
            ("[::1]:5000/app", "[::1]:5000/app", "http"),
            ("[fe80::2]/app", "[fe80::2]/app", "https"),
            ("a:1:2/app", "a:1:2/app", "https"),
        ] {
            let read = ImageReference::parse(image, false).unwrap();
            assert_eq!(
                (read.canonical().as_str(), read.scheme().as_str()),
                (canonical, scheme)
            );
            assert_eq!(
                ImageReference::parse(image, true).unwrap().scheme(),
                Scheme::Http
            );
        }
    }

    #[test]
    fn what_is_no_repository_is_told_why() {
        let digest = format!("alpine@sha256:{}", "a".repeat(64));
        let hex = "a".repeat(64);
        for (image, message) in [
            (
                "oci://a/b",
                "should not include URL scheme; remove 'oci://'".to_owned(),
            ),
            (
                "alpine:3",
                "should not include a tag; remove ':3'".to_owned(),
            ),
            (
                digest.as_str(),
                format!("should not include a tag; remove ':{hex}'"),
            ),
            ("[::1/app", "could not parse reference: [::1/app".to_owned()),
            (
                "[1.2.3.4]/app",
                "could not parse reference: [1.2.3.4]/app".to_owned(),
            ),
            (
                "a%20.io/app",
                "could not parse reference: a%20.io/app".to_owned(),
            ),
            ("a", "could not parse reference: a".to_owned()),
            ("", "could not parse reference: ".to_owned()),
        ] {
            let error = ImageReference::parse(image, false).unwrap_err();
            assert!(error.to_string().ends_with(&message), "{error}");
        }
    }
}
