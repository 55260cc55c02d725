//! What is read together, and how.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fluxcd_core::inventory::ObjectId;
use futures::stream::{self, StreamExt};
use serde_json::Value;

use super::fetch::{Fetch, Fetched, PAGE};
use crate::error::{Class, Error, Verb};
use crate::mapper::{Kind, Mapper, NoMatch};

/// The objects of one kind and namespace.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) group: String,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) names: BTreeSet<String>,
    /// How many objects a list of them has, as far as one was seen.
    total: Option<usize>,
    /// What the identity may not do.
    forbidden: Option<Way>,
}

/// What the API server says of a batch.
#[derive(Debug)]
pub(super) enum Answers {
    /// It does not know the kind, in these words.
    NoKind(String),
    /// Nothing about any of them.
    Failed(Error),
    /// This about each of them.
    Each(Vec<Answer>),
}

/// What it says of one object; `None` if there is none of that name.
pub(super) type Answer = (ObjectId, Result<Option<Fetched<Value>>, Error>);

/// How objects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Each by itself.
    Each,
    /// All of the kind and namespace, and with them those that nobody asked for.
    List,
}

/// How many objects on the wire cost as much as one more request.
const REQUEST: usize = 10;
/// So many objects are read each by itself as long as nobody knows how many there are beside them.
const FEW: usize = 3;
/// Requests of one batch in flight, so that a kind that hangs leaves room for others.
const CONCURRENCY: usize = 4;

impl Way {
    /// The cheaper way to `wanted` objects among `total`.
    fn choose(wanted: usize, total: Option<usize>) -> Self {
        let list = match total {
            None if wanted <= FEW => return Self::Each,
            None => return Self::List,
            Some(total) => total.div_ceil(PAGE as usize).max(1) * REQUEST + total,
        };
        match list < wanted * (REQUEST + 1) {
            true => Self::List,
            false => Self::Each,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Each => Self::List,
            Self::List => Self::Each,
        }
    }
}

impl Batch {
    /// Batches for these objects, in the order of their groups, kinds and namespaces.
    pub(super) fn of<'o>(objects: impl IntoIterator<Item = &'o ObjectId>) -> Vec<Self> {
        let mut places: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for id in objects {
            let place = (&id.group, &id.kind, &id.namespace);
            places.entry(place).or_default().insert(id.name.clone());
        }
        let batch = |((group, kind, namespace), names): ((&String, &String, &String), _)| Self {
            group: group.clone(),
            kind: kind.clone(),
            namespace: namespace.clone(),
            names,
            total: None,
            forbidden: None,
        };
        places.into_iter().map(batch).collect()
    }

    /// Reads them. Where the identity may not list but read, or the other way round, the way that is allowed is taken.
    ///
    /// # Errors
    ///
    /// The kind has namespaces, and the objects have none.
    pub(super) async fn read(
        &mut self,
        fetch: &Fetch<'_>,
        mapper: &Mapper,
    ) -> Result<Answers, Error> {
        let kind = match mapper.resolve_kind(&self.group, &self.kind).await {
            Ok(kind) => kind,
            Err(error) if error.class() == Class::NotFound => return Ok(self.no_kind()),
            Err(error) => return Ok(Answers::Failed(error)),
        };
        if kind.is_namespaced() && self.namespace.is_empty() {
            return Err(self.no_namespace());
        }
        let way = match self.forbidden {
            Some(way) => way.other(),
            None => Way::choose(self.names.len(), self.total),
        };
        let mut answers = self.read_by(way, &kind, fetch, mapper).await;
        if answers.are_forbidden() && self.forbidden.is_none() {
            let others = self.read_by(way.other(), &kind, fetch, mapper).await;
            if !others.are_forbidden() {
                (self.forbidden, answers) = (Some(way), others);
            }
        }
        Ok(answers)
    }

    async fn read_by(
        &mut self,
        way: Way,
        kind: &Kind,
        fetch: &Fetch<'_>,
        mapper: &Mapper,
    ) -> Answers {
        if way == Way::Each {
            let read =
                async |name: &String| (self.id(name), self.one(name, kind, fetch, mapper).await);
            let answers = stream::iter(&self.names).map(read).buffered(CONCURRENCY);
            return Answers::Each(answers.collect().await);
        }
        let wanted = |object: &Value| name(object).is_some_and(|name| self.names.contains(name));
        match fetch.list(kind, &self.namespace, "", wanted).await {
            Ok(listed) => {
                self.total = Some(listed.content.total);
                Answers::Each(self.pick(listed.content.objects, listed.now))
            }
            Err(error) if error.class() == Class::NotFound => {
                mapper.forget();
                match mapper.resolve_kind(&self.group, &self.kind).await {
                    Err(error) if error.class() == Class::NotFound => self.no_kind(),
                    _ => Answers::Failed(error),
                }
            }
            Err(error) => Answers::Failed(error),
        }
    }

    async fn one(
        &self,
        name: &str,
        kind: &Kind,
        fetch: &Fetch<'_>,
        mapper: &Mapper,
    ) -> Result<Option<Fetched<Value>>, Error> {
        let error = match fetch.object(kind, &self.namespace, name).await {
            Ok(object) => return Ok(Some(object)),
            Err(error) if error.class() == Class::NotFound => error,
            Err(error) => return Err(error),
        };
        // Without the name of the object, it may be the version of the kind that is not there any more.
        let details = error.status().and_then(|status| status.details.as_ref());
        if details.is_none_or(|details| details.name.is_empty()) {
            mapper.forget();
        }
        Ok(None)
    }

    fn pick(&self, objects: Vec<Value>, now: DateTime<Utc>) -> Vec<Answer> {
        let found = objects
            .into_iter()
            .map(|object| (name(&object).unwrap_or_default().to_owned(), object));
        let mut found: BTreeMap<String, Value> = found.collect();
        let answer = |name: &String| {
            let object = found.remove(name).map(|content| Fetched { content, now });
            (self.id(name), Ok(object))
        };
        self.names.iter().map(answer).collect()
    }

    pub(super) fn id(&self, name: &str) -> ObjectId {
        ObjectId {
            namespace: self.namespace.clone(),
            name: name.to_owned(),
            group: self.group.clone(),
            kind: self.kind.clone(),
        }
    }

    fn no_kind(&self) -> Answers {
        let no_match = NoMatch {
            group: self.group.clone(),
            version: None,
            kind: self.kind.clone(),
        };
        Answers::NoKind(no_match.to_string())
    }

    fn no_namespace(&self) -> Error {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let kind = match self.group.as_str() {
            "" => self.kind.clone(),
            group => format!("{}.{group}", self.kind),
        };
        let text = format!(
            "resource {kind} {} is namespace scoped, but namespace is not set",
            names.join(", ")
        );
        Error::other(Verb::Wait, kind, Class::Invalid, text)
    }
}

impl Answers {
    fn are_forbidden(&self) -> bool {
        let forbidden = |error: &Error| error.class() == Class::Forbidden;
        match self {
            Self::NoKind(_) => false,
            Self::Failed(error) => forbidden(error),
            Self::Each(answers) => {
                let mut answers = answers.iter();
                answers.all(|(_, answer)| answer.as_ref().is_err_and(forbidden))
            }
        }
    }
}

fn name(object: &Value) -> Option<&str> {
    object.get("metadata")?.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_objects_among_many_are_read_one_by_one() {
        for (wanted, total, way) in [
            (1, None, Way::Each),
            (3, None, Way::Each),
            (4, None, Way::List),
            (1, Some(0), Way::List),
            (1, Some(1), Way::Each),
            (4, Some(4), Way::List),
            (4, Some(40), Way::Each),
            (20, Some(5000), Way::Each),
            (100, Some(1000), Way::List),
            (500, Some(500), Way::List),
        ] {
            assert_eq!(Way::choose(wanted, total), way, "{wanted} of {total:?}");
        }
    }

    #[test]
    fn objects_of_one_kind_and_namespace_are_one_batch() {
        let ids = [
            "a_one__ConfigMap",
            "b_one__ConfigMap",
            "a_two__ConfigMap",
            "a_one_x_ConfigMap",
        ];
        let ids = ids.map(|text| ObjectId::parse(text).unwrap());
        let batches = Batch::of(&ids);
        let size = |batch: &Batch| (batch.namespace.clone(), batch.names.len());
        let expected = [("a", 2), ("b", 1), ("a", 1)].map(|(name, size)| (name.to_owned(), size));
        assert_eq!(batches.iter().map(size).collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn a_list_is_chosen_exactly_when_it_costs_less(wanted in 1_usize..2000, more in 0_usize..100_000) {
            let total = wanted + more;
            let (each, list) = (wanted * 11, total.div_ceil(500) * 10 + total);
            prop_assert_eq!(Way::choose(wanted, Some(total)) == Way::List, list < each);
        }
    }
}
