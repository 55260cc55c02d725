//! Lists, page by page.

use std::fmt::Debug;

use kube::Api;
use kube::api::{ListParams, ObjectList};
use serde::de::DeserializeOwned;

use crate::error::{Class, Error, Verb};

/// Lists every object, in pages of 500 unless `params` has a limit. `Api::list` gives the first page only.
///
/// A list whose continue token has become too old (410) begins again at its first page, at most three times.
///
/// # Errors
///
/// What the API server says; [`Class::Gone`] if no try came to its end.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::client::list_all;
/// use kube::Api;
/// use kube::api::ListParams;
/// use k8s_openapi::api::core::v1::ConfigMap;
///
/// # async fn doc(client: kube::Client) -> Result<(), fluxcd_kube::Error> {
/// let api: Api<ConfigMap> = Api::namespaced(client, "apps");
/// let list = list_all(&api, &ListParams::default().labels("app=web"), "ConfigMap/apps").await?;
/// assert!(list.metadata.continue_.is_none());
/// # Ok(())
/// # }
/// ```
pub async fn list_all<K>(
    api: &Api<K>,
    params: &ListParams,
    subject: &str,
) -> Result<ObjectList<K>, Error>
where
    K: Clone + DeserializeOwned + Debug,
{
    let mut restarts = 0;
    loop {
        match list_once(api, params, subject).await {
            Err(error) if error.class() == Class::Gone && restarts < RESTARTS => {
                tracing::debug!(subject, "a list has become too old: beginning again");
                restarts += 1;
            }
            result => return result,
        }
    }
}

const PAGE: u32 = 500;
const RESTARTS: u32 = 3;

async fn list_once<K>(
    api: &Api<K>,
    params: &ListParams,
    subject: &str,
) -> Result<ObjectList<K>, Error>
where
    K: Clone + DeserializeOwned + Debug,
{
    let mut params = params.clone();
    params.limit.get_or_insert(PAGE);
    params.continue_token = None;
    let mut items = Vec::new();
    loop {
        let page = api.list(&params).await;
        let mut page = page.map_err(|error| Error::new(Verb::List, subject, error))?;
        items.append(&mut page.items);
        match page
            .metadata
            .continue_
            .take()
            .filter(|token| !token.is_empty())
        {
            None => {
                page.items = items;
                return Ok(page);
            }
            Some(token) if params.continue_token.as_ref() == Some(&token) => {
                let problem = "the server goes on with the same page";
                return Err(Error::other(Verb::List, subject, Class::Decode, problem));
            }
            token => {
                // The token says at which version the list stands.
                (params.continue_token, params.version_match) = (token, None);
                params.resource_version = None;
            }
        }
    }
}
