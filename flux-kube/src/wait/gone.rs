use std::collections::BTreeMap;
use std::error;
use std::fmt;
use std::mem;
use std::ops::ControlFlow;

use fluxcd_core::inventory::ObjectId;
use serde_json::Value;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::batch::{Answers, Batch};
use super::fetch::Fetch;
use super::poll::poll;
use super::reading::text;
use super::{WaitOptions, Waiter};
use crate::error::{Error, Verb};

/// An object that is to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Which.
    pub id: ObjectId,
    /// Its uid, if it is known: another object of that name is another object then, and this one is gone.
    pub uid: Option<String>,
}

/// The objects that are still there: none, if all are gone.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Remaining {
    /// What is in the way, by object.
    pub objects: BTreeMap<ObjectId, Obstacle>,
}

/// Why an object is not known to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing was read yet.
    Unseen,
    /// It waits for whoever has these finalizers.
    Finalizers(Vec<String>),
    /// It is there, and nobody has deleted it.
    NotDeleted,
    /// It could not be read, and this is why.
    Unreadable(String),
}

impl Waiter {
    /// Waits until objects are gone, or until the time is over, and returns those that are left. An object whose kind is gone
    /// is gone with it.
    ///
    /// Of the options, timeout and interval count.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_wait.go (WaitForTermination)`. That takes one object after the other, and
    /// gives up when one cannot be read.
    ///
    /// # Errors
    ///
    /// As those of [`wait`](Self::wait).
    pub async fn wait_gone(
        &self,
        objects: impl IntoIterator<Item = Deleted>,
        options: &WaitOptions,
        cancel: &CancellationToken,
    ) -> Result<Remaining, Error> {
        let objects = objects.into_iter().map(|deleted| (deleted.id, deleted.uid));
        let objects: BTreeMap<ObjectId, Option<String>> = objects.collect();
        let unseen = |id: &ObjectId| (id.clone(), Obstacle::Unseen);
        let mut remaining = Remaining {
            objects: objects.keys().map(unseen).collect(),
        };
        let fetch = Fetch::new(&self.client, &self.clock);
        let read = async |mut batch: Batch| {
            let answers = batch.read(&fetch, &self.mapper).await;
            (batch, answers)
        };
        let take = |batch: &mut Batch, answers| {
            remaining.take(batch, answers, &objects);
            ControlFlow::Continue(())
        };
        let polls = poll(Batch::of(objects.keys()), options.interval, read, take);
        match cancel
            .run_until_cancelled(timeout(options.timeout, polls))
            .await
        {
            None => Err(Error::cancelled(Verb::Wait, "termination")),
            Some(Ok(polled)) => polled.map(|()| remaining),
            Some(Err(_)) => Ok(remaining),
        }
    }
}

impl Remaining {
    /// The objects that are still there, as an error.
    ///
    /// # Errors
    ///
    /// There are some.
    pub fn into_result(self) -> Result<(), Self> {
        match self.objects.is_empty() {
            true => Ok(()),
            false => Err(self),
        }
    }

    fn take(
        &mut self,
        batch: &mut Batch,
        answers: Answers,
        uids: &BTreeMap<ObjectId, Option<String>>,
    ) {
        let answers = match answers {
            Answers::NoKind(_) => {
                for name in mem::take(&mut batch.names) {
                    self.objects.remove(&batch.id(&name));
                }
                return;
            }
            Answers::Failed(error) => {
                let obstacle = Obstacle::Unreadable(text(&error));
                let ids = batch.names.iter().map(|name| batch.id(name));
                return self.objects.extend(ids.map(|id| (id, obstacle.clone())));
            }
            Answers::Each(answers) => answers,
        };
        for (id, answer) in answers {
            let obstacle = match answer {
                Err(error) => Some(Obstacle::Unreadable(text(&error))),
                Ok(found) => found.and_then(|object| {
                    Obstacle::of(&object.content, uids.get(&id).and_then(Option::as_deref))
                }),
            };
            match obstacle {
                Some(obstacle) => drop(self.objects.insert(id, obstacle)),
                None => {
                    batch.names.remove(&id.name);
                    self.objects.remove(&id);
                }
            }
        }
    }
}

impl Obstacle {
    /// What keeps an object that exists; `None` if it is another one than that which was deleted.
    fn of(object: &Value, uid: Option<&str>) -> Option<Self> {
        let metadata = object.get("metadata")?;
        let text = |key: &str| metadata.get(key).and_then(Value::as_str);
        if uid.is_some() && text("uid") != uid {
            return None;
        }
        if text("deletionTimestamp").is_none() {
            return Some(Self::NotDeleted);
        }
        let finalizers = metadata.get("finalizers").and_then(Value::as_array);
        let finalizers = finalizers.into_iter().flatten().filter_map(Value::as_str);
        Some(Self::Finalizers(finalizers.map(str::to_owned).collect()))
    }
}

impl From<ObjectId> for Deleted {
    fn from(id: ObjectId) -> Self {
        Self { id, uid: None }
    }
}

/// Upstream's text, which names one object only; here it is that of each, in apply order.
impl fmt::Display for Remaining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (id, obstacle)) in self.objects.iter().enumerate() {
            let lead = if index == 0 { "" } else { "; " };
            let cause = match obstacle {
                Obstacle::Unreadable(error) => error,
                _ => "context deadline exceeded",
            };
            write!(f, "{lead}{} termination timeout: {cause}", id.subject())?;
        }
        Ok(())
    }
}

impl error::Error for Remaining {}
