//! Watches: what has happened since a version, and what happens.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use futures::stream;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::Shared;
use super::call::Call;
use super::kinds::Served;
use super::read::{Selection, present};
use super::refusal::Refusal;
use super::script::Fault;
use super::state::{Event, State};

/// How often a watch says how far it is.
const BOOKMARKS: Duration = Duration::from_secs(60);
/// How long a watch lasts if the client does not say so.
const LONGEST: Duration = Duration::from_secs(1800);

/// A watch that runs.
struct Watch {
    shared: Arc<Shared>,
    changed: watch::Receiver<u64>,
    kind: Arc<Served>,
    call: Call,
    selection: Selection,
    /// Events up to this version were told.
    version: u64,
    lines: VecDeque<Bytes>,
    ends: Instant,
    bookmark: Option<Instant>,
    /// Interruptions that were before this watch.
    seen: usize,
    then: Then,
}

/// What comes after the lines that are there.
enum Then {
    More,
    End,
    Break,
    Silence,
}

/// The body of a watch.
pub(super) fn open(
    shared: &Arc<Shared>,
    kind: Arc<Served>,
    call: Call,
    fault: Option<&Fault>,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, Refusal> {
    let selection = Selection::of(&kind, &call)?;
    let asked: u64 = call.query("resourceVersion").parse().unwrap_or_default();
    let seconds = call.query("timeoutSeconds").parse().ok();
    let now = Instant::now();
    let state = shared.state();
    let wants_bookmarks = call.query("allowWatchBookmarks") == "true";
    let mut watch = Watch {
        shared: Arc::clone(shared),
        changed: shared.changed.subscribe(),
        kind,
        selection,
        version: asked,
        lines: VecDeque::new(),
        ends: now + seconds.map_or(LONGEST, Duration::from_secs),
        bookmark: wants_bookmarks.then_some(now + BOOKMARKS),
        seen: state.interruptions.len(),
        then: Then::More,
        call,
    };
    let wants_all = watch.call.query("sendInitialEvents") == "true";
    if asked == 0 || wants_all {
        watch.tell_all(&state);
        if wants_all {
            let marks = json!({"k8s.io/initial-events-end": "true"});
            watch.tell_bookmark(Some(marks));
        }
    } else if asked < state.compacted {
        watch.tell_gone(&Refusal::too_old(asked, state.compacted));
    } else {
        watch.tell_news(&state);
    }
    if let Some(fault) = fault {
        watch.interrupt(fault, &state);
    }
    drop(state);
    Ok(stream::unfold(watch, |mut watch| async move {
        let item = watch.next().await?;
        Some((item, watch))
    }))
}

impl Watch {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(Ok(line));
            }
            match self.then {
                Then::More => {}
                Then::End => return None,
                Then::Break => {
                    self.then = Then::End;
                    return Some(Err(io::ErrorKind::ConnectionReset.into()));
                }
                Then::Silence => std::future::pending().await,
            }
            let wake = self.bookmark.map_or(self.ends, |mark| mark.min(self.ends));
            match timeout_at(wake, self.changed.changed()).await {
                Ok(Ok(())) => self.catch_up(),
                Ok(Err(_)) => return None,
                Err(_) if wake == self.ends => self.then = Then::End,
                Err(_) => {
                    self.bookmark = Some(wake + BOOKMARKS);
                    self.tell_bookmark(None);
                }
            }
        }
    }

    fn catch_up(&mut self) {
        let shared = Arc::clone(&self.shared);
        let state = shared.state();
        let new: Vec<_> = state.interruptions.iter().skip(self.seen).collect();
        let mine = new.iter().find(|(on, _)| on.matches(&self.call.recorded));
        self.seen = state.interruptions.len();
        let fault = mine.map(|(_, fault)| fault.clone());
        if !matches!(fault, Some(Fault::Hang | Fault::HangAfter)) {
            self.tell_news(&state);
        }
        if let Some(fault) = fault {
            self.interrupt(&fault, &state);
        }
    }

    fn interrupt(&mut self, fault: &Fault, state: &State) {
        match fault {
            Fault::WatchGone => {
                self.lines.clear();
                self.tell_gone(&Refusal::too_old(self.version, state.version));
            }
            Fault::WatchEnd => self.then = Then::End,
            Fault::Reset | Fault::ResetAfter | Fault::BreakBody | Fault::Refused => {
                self.then = Then::Break;
            }
            Fault::Truncate => {
                self.lines
                    .push_back(Bytes::from_static(b"{\"type\":\"ADDED\",\"obj"));
                self.then = Then::End;
            }
            Fault::NotJson => {
                self.lines.push_back(Bytes::from_static(b"<html>\n"));
                self.then = Then::End;
            }
            Fault::Hang | Fault::HangAfter | Fault::HangBody => {
                self.lines.clear();
                self.then = Then::Silence;
            }
            Fault::Status {
                code,
                reason,
                message,
            } => {
                self.tell_gone(&Refusal::new(*code, reason, message.as_str()));
            }
            _ => {}
        }
    }

    fn tell(&mut self, type_: &str, object: Value) {
        let object = present(object, &self.kind, &self.call);
        self.tell_raw(type_, &object);
    }

    fn tell_raw(&mut self, type_: &str, object: &Value) {
        let line = format!("{}\n", json!({"type": type_, "object": object}));
        self.lines.push_back(line.into());
    }

    /// The version is too old, or the server has had enough: the last that a watch says.
    fn tell_gone(&mut self, refusal: &Refusal) {
        self.tell_raw("ERROR", &refusal.status());
        self.then = Then::End;
    }

    fn tell_bookmark(&mut self, annotations: Option<Value>) {
        let mut metadata =
            json!({"resourceVersion": self.version.to_string(), "creationTimestamp": null});
        if let (Some(map), Some(annotations)) = (metadata.as_object_mut(), annotations) {
            map.insert("annotations".to_owned(), annotations);
        }
        let object = json!({
            "kind": self.kind.kind,
            "apiVersion": self.kind.api_version(&self.call.recorded.version),
            "metadata": metadata,
        });
        self.tell("BOOKMARK", object);
    }

    fn tell_all(&mut self, state: &State) {
        let objects = state.objects.get(&self.kind.key()).into_iter().flatten();
        for (_, object) in objects {
            if self.selection.has(object) {
                self.tell("ADDED", object.clone());
            }
        }
        self.version = state.version;
    }

    fn tell_news(&mut self, state: &State) {
        let key = self.kind.key();
        let first = state
            .events
            .partition_point(|event| event.version <= self.version);
        let news = state.events.iter().skip(first);
        for event in news.filter(|event| event.key == key) {
            if let Some(type_) = self.type_of(event) {
                self.tell(type_, event.object.clone());
            }
        }
        self.version = state.version;
    }

    /// What an event is for those who see only what they selected.
    fn type_of(&self, event: &Event) -> Option<&'static str> {
        let was = event
            .before
            .as_ref()
            .is_some_and(|before| self.selection.has(before));
        let is = !event.is_deleted && self.selection.has(&event.object);
        match (was, is) {
            (false, true) => Some("ADDED"),
            (true, true) => Some("MODIFIED"),
            (true, false) => Some("DELETED"),
            (false, false) => None,
        }
    }
}
