//! Flow collections.

use super::{Context, Event, EventKind, Flow, Next, Parser, State, syntax};
use crate::yaml::error::Error;

impl<'a> Parser<'a> {
    pub(super) fn flow_sequence(&mut self, first: bool) -> Result<Event<'a>, Error> {
        let (mut next, mut at) = self.look()?;
        if next != Next::FlowSequenceEnd {
            if !first {
                if next != Next::FlowEntry {
                    return Err(syntax("did not find expected ',' or ']'", at));
                }
                self.skip();
                (next, at) = self.look()?;
            }
            match next {
                // `[a: b]` holds a map of one entry.
                Next::Key => {
                    self.skip();
                    self.state = State::FlowPairKey;
                    return Ok(Event::new(EventKind::MappingStart(Flow::Yes), at));
                }
                Next::FlowSequenceEnd => {}
                _ => return self.child(State::FlowSequence, Context::Flow),
            }
        }
        self.end(EventKind::SequenceEnd, at)
    }

    pub(super) fn flow_pair_key(&mut self) -> Result<Event<'a>, Error> {
        let (next, at) = self.look()?;
        if matches!(next, Next::Value | Next::FlowEntry | Next::FlowSequenceEnd) {
            // Upstream takes the token here, so that `[? : a]` has no value and `[?]` is an error.
            self.skip();
            return self.empty(State::FlowPairValue, at.end);
        }
        self.child(State::FlowPairValue, Context::Flow)
    }

    pub(super) fn flow_pair_value(&mut self) -> Result<Event<'a>, Error> {
        let (next, at) = self.look()?;
        if next == Next::Value {
            self.skip();
            if !matches!(self.look()?.0, Next::FlowEntry | Next::FlowSequenceEnd) {
                return self.child(State::FlowPairEnd, Context::Flow);
            }
        }
        self.empty(State::FlowPairEnd, at.start)
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'a>, Error> {
        let (mut next, mut at) = self.look()?;
        if next != Next::FlowMappingEnd {
            if !first {
                if next != Next::FlowEntry {
                    return Err(syntax("did not find expected ',' or '}'", at));
                }
                self.skip();
                (next, at) = self.look()?;
            }
            match next {
                Next::Key => {
                    self.skip();
                    let (next, at) = self.look()?;
                    return match next {
                        Next::Value | Next::FlowEntry | Next::FlowMappingEnd => {
                            self.empty(State::FlowMappingValue, at.start)
                        }
                        _ => self.child(State::FlowMappingValue, Context::Flow),
                    };
                }
                Next::FlowMappingEnd => {}
                _ => return self.child(State::FlowMappingEmptyValue, Context::Flow),
            }
        }
        self.end(EventKind::MappingEnd, at)
    }

    pub(super) fn flow_mapping_value(&mut self) -> Result<Event<'a>, Error> {
        let (next, mut at) = self.look()?;
        if next == Next::Value {
            self.skip();
            let (next, after) = self.look()?;
            if !matches!(next, Next::FlowEntry | Next::FlowMappingEnd) {
                return self.child(State::FlowMappingKey, Context::Flow);
            }
            at = after;
        }
        self.empty(State::FlowMappingKey, at.start)
    }
}
