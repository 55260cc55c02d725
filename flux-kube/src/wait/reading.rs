//! How far objects are, by what was read.

use std::error::Error as _;

use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ready::{self, Reader, Readiness, Rule, State, Status, pod_selector};
use futures::future::join_all;
use serde_json::Value;

use super::batch::{Answers, Batch};
use super::fetch::{Fetch, Fetched};
use crate::error::{Class, Error};
use crate::mapper::Mapper;

/// What was seen of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How far it is, in upstream's words.
    pub state: State,
    /// The same with its reason as data; `None` where that could not be told. Its
    /// [`waits_for`](Readiness::waits_for) has a sentence part for a person.
    pub readiness: Option<Readiness>,
}

/// So many workloads of one namespace have their Pods listed each by its selector; for more, one list has all Pods.
const SELECTORS: usize = 3;

impl Reading {
    /// Of an object that could not be read. `None`: the server is too busy to say anything, so what was seen before holds.
    fn failed(error: &Error) -> Option<Self> {
        match error.class() {
            Class::Throttled { .. } => None,
            _ => Some(Self::unknown(text(error))),
        }
    }

    pub(super) fn unknown(error: impl Into<Option<String>>) -> Self {
        Self {
            state: State {
                status: Status::Unknown,
                error: error.into(),
            },
            readiness: None,
        }
    }
}

impl From<Result<Readiness, ready::Error>> for Reading {
    fn from(read: Result<Readiness, ready::Error>) -> Self {
        Self {
            state: (&read).into(),
            readiness: read.ok(),
        }
    }
}

/// Reads a batch and judges its objects; those of which there is no news are left out.
pub(super) async fn read(
    batch: &mut Batch,
    fetch: &Fetch<'_>,
    mapper: &Mapper,
    reader: &Reader,
) -> Result<Vec<(ObjectId, Reading)>, Error> {
    let unknown = |batch: &Batch, reading: Option<Reading>| {
        let reading = |name: &String| Some((batch.id(name), reading.clone()?));
        batch.names.iter().filter_map(reading).collect()
    };
    let answers = match batch.read(fetch, mapper).await? {
        Answers::NoKind(text) => return Ok(unknown(batch, Some(Reading::unknown(text)))),
        Answers::Failed(error) => return Ok(unknown(batch, Reading::failed(&error))),
        Answers::Each(answers) => answers,
    };
    let mut readings: Vec<(ObjectId, Reading)> = Vec::with_capacity(answers.len());
    let mut undecided: Vec<(ObjectId, Fetched<Value>)> = Vec::new();
    let has_pods = reader.rule(&batch.group, &batch.kind) == Rule::WithPods;
    for (id, answer) in answers {
        let reading = match answer {
            Err(error) => Reading::failed(&error),
            Ok(None) => Some(Ok(Readiness::not_found()).into()),
            Ok(Some(object)) => {
                let read = reader.read(&object.content, [], object.now);
                let is_undecided = has_pods
                    && read
                        .as_ref()
                        .is_ok_and(|read| read.status == Status::InProgress);
                match is_undecided {
                    false => Some(read.into()),
                    true => {
                        undecided.push((id, object));
                        continue;
                    }
                }
            }
        };
        readings.extend(reading.map(|reading| (id, reading)));
    }
    readings.extend(with_pods(undecided, &batch.namespace, fetch, mapper, reader).await);
    Ok(readings)
}

/// Workloads in progress fail with their Pods.
async fn with_pods(
    workloads: Vec<(ObjectId, Fetched<Value>)>,
    namespace: &str,
    fetch: &Fetch<'_>,
    mapper: &Mapper,
    reader: &Reader,
) -> Vec<(ObjectId, Reading)> {
    let pods = async |selector: &str| {
        let kind = mapper.resolve_kind("", "Pod").await?;
        fetch.list(&kind, namespace, selector, |_| true).await
    };
    let all = match workloads.len() > SELECTORS {
        true => Some(pods("").await),
        false => None,
    };
    let read = async |(id, workload): (ObjectId, Fetched<Value>)| {
        let own;
        let pods = match &all {
            Some(all) => all,
            None => {
                let selector = pod_selector(&workload.content).unwrap_or_default();
                own = pods(&selector).await;
                &own
            }
        };
        let reading = match pods {
            Err(error) => Reading::failed(error)?,
            Ok(pods) => reader
                .read(&workload.content, &pods.content.objects, workload.now)
                .into(),
        };
        Some((id, reading))
    };
    let readings = join_all(workloads.into_iter().map(read)).await;
    readings.into_iter().flatten().collect()
}

/// What an error says, without the name of the object: the message of the API server, as upstream shows it.
pub(super) fn text(error: &Error) -> String {
    match (error.status(), error.source()) {
        (Some(status), _) if !status.message.is_empty() => status.message.clone(),
        (_, Some(source)) => source.to_string(),
        (_, None) => error.to_string(),
    }
}
