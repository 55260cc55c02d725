//! One object at the API server, as a value: what the rooms that read and patch single objects have in common.

use kube::Client;
use kube::api::{DynamicObject, GetParams, Patch, PatchParams};
use kube::core::{ApiResource, Request};
use serde_json::Value;

use crate::Error;
use crate::error::Verb;

/// An object by its address.
#[derive(Clone)]
pub(crate) struct Target {
    client: Client,
    subject: String,
    path: String,
    name: String,
}

impl Target {
    /// The object of that name; in no namespace, the kind is one of the cluster.
    pub(crate) fn new(
        client: Client,
        resource: &ApiResource,
        namespace: Option<&str>,
        name: &str,
    ) -> Self {
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let subject = match namespace {
            Some(namespace) => format!("{}/{namespace}/{name}", resource.kind),
            None => format!("{}/{name}", resource.kind),
        };
        Self {
            client,
            subject,
            path: <DynamicObject as kube::Resource>::url_path(resource, namespace),
            name: name.to_owned(),
        }
    }

    /// `Kind/namespace/name`.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The object as the API server has it now, not as one of its caches does.
    pub(crate) async fn get(&self) -> Result<Value, Error> {
        let request = Request::new(&self.path).get(&self.name, &GetParams::default());
        self.send(Verb::Get, request).await
    }

    /// Sends a JSON merge patch to the object, or to a subresource of it. The answer is the object after it.
    pub(crate) async fn merge(
        &self,
        subresource: Option<&str>,
        manager: Option<&str>,
        body: &Value,
    ) -> Result<Value, Error> {
        let params = PatchParams {
            field_manager: manager.map(str::to_owned),
            ..PatchParams::default()
        };
        let (request, patch) = (Request::new(&self.path), Patch::Merge(body));
        let request = match subresource {
            Some(subresource) => {
                request.patch_subresource(subresource, &self.name, &params, &patch)
            }
            None => request.patch(&self.name, &params, &patch),
        };
        self.send(Verb::Patch, request).await
    }

    async fn send(
        &self,
        verb: Verb,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, Error> {
        let failed = |error| Error::new(verb, self.subject.clone(), error);
        let request = request.map_err(|error| failed(kube::Error::BuildRequest(error)))?;
        self.client.request(request).await.map_err(failed)
    }
}
