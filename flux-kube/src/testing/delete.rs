//! Deleting.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::json::{self as at, text};
use super::kinds::Served;
use super::refusal::Refusal;
use super::state::{Collect, Id, State, has_finalizers};
use super::write::Answer;

impl State {
    pub(super) fn delete(&mut self, kind: &Arc<Served>, id: &Id, call: &Call) -> Answer {
        let options = call.recorded.body.clone().unwrap_or_default();
        if id.1.is_empty() {
            return self.delete_all(kind, call);
        }
        let live = self.live(kind, id)?;
        let precondition = |field: &str| text(&options, &format!("/preconditions/{field}"));
        let (uid, found) = (precondition("uid"), text(&live, "/metadata/uid"));
        if !uid.is_empty() && uid != found {
            let why = format!(
                "the UID in the precondition ({uid}) does not match the UID in record ({found}). The object might have been deleted and then recreated"
            );
            return Err(Refusal::precondition(kind, &id.1, &why));
        }
        let version = precondition("resourceVersion");
        let found = text(&live, "/metadata/resourceVersion");
        if !version.is_empty() && version != found {
            let why = format!(
                "the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({found}). The object might have been modified"
            );
            return Err(Refusal::precondition(kind, &id.1, &why));
        }
        let collect = match text(&options, "/propagationPolicy") {
            "Orphan" => Collect::Nothing,
            _ => Collect::Dependents,
        };
        if !call.recorded.dry_run {
            self.end(kind, id, collect);
        }
        let waits = has_finalizers(&live) || kind.key() == "/namespaces";
        match self.object(kind, id) {
            Some(object) if waits => Ok((200, object.clone())),
            _ if waits => Ok((200, live)),
            _ => {
                let mut details = json!({
                    "name": id.1,
                    "group": kind.group,
                    "kind": kind.plural,
                    "uid": text(&live, "/metadata/uid"),
                });
                if kind.group.is_empty() {
                    at::remove(&mut details, &["group"]);
                }
                Ok((200, success(Some(details))))
            }
        }
    }

    fn delete_all(&mut self, kind: &Arc<Served>, call: &Call) -> Answer {
        let ids = self.select(kind, call)?;
        for id in ids.into_iter().filter(|_| !call.recorded.dry_run) {
            self.end(kind, &id, Collect::Dependents);
        }
        Ok((200, success(None)))
    }
}

fn success(details: Option<Value>) -> Value {
    let mut status =
        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"});
    at::keep(&mut status, &["details"], details.as_ref());
    status
}
