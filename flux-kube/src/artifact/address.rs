//! From which address an archive is fetched.

use http::Uri;
use http::uri::{Authority, Scheme};

/// Replaces the host and the port of an address.
pub(super) fn with_host(uri: &Uri, host: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(host.parse::<Authority>().ok()?);
    Uri::from_parts(parts).ok()
}

/// Whether a client can fetch from there.
pub(super) fn is_http(uri: &Uri) -> bool {
    let scheme = uri.scheme();
    uri.authority().is_some() && (scheme == Some(&Scheme::HTTP) || scheme == Some(&Scheme::HTTPS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_takes_the_place_of_host_and_port_only() {
        let uri = "http://source-controller.flux-system.svc.cluster.local./gitrepository/a/b/c.tar.gz?d=e";
        let uri = with_host(&uri.parse().unwrap(), "localhost:8080").unwrap();
        assert_eq!(uri, "http://localhost:8080/gitrepository/a/b/c.tar.gz?d=e");
        assert_eq!(with_host(&uri, "a b"), None);
    }
}
