//! Block collections.

use super::{Context, Event, EventKind, Next, Parser, State, syntax};
use crate::yaml::error::Error;

impl<'a> Parser<'a> {
    pub(super) fn block_sequence(&mut self) -> Result<Event<'a>, Error> {
        match self.look()? {
            (Next::BlockEntry, entry) => {
                self.skip();
                match self.look()?.0 {
                    Next::BlockEntry | Next::BlockEnd => {
                        self.empty(State::BlockSequence, entry.end)
                    }
                    _ => self.child(State::BlockSequence, Context::Block),
                }
            }
            (Next::BlockEnd, at) => self.end(EventKind::SequenceEnd, at),
            (_, at) => Err(syntax("did not find expected '-' indicator", at)),
        }
    }

    pub(super) fn indentless_sequence(&mut self) -> Result<Event<'a>, Error> {
        let (next, entry) = self.look()?;
        if next != Next::BlockEntry {
            self.pop();
            return Ok(Event::new(EventKind::SequenceEnd, entry.start..entry.start));
        }
        self.skip();
        match self.look()?.0 {
            Next::BlockEntry | Next::Key | Next::Value | Next::BlockEnd => {
                self.empty(State::IndentlessSequence, entry.end)
            }
            _ => self.child(State::IndentlessSequence, Context::Block),
        }
    }

    pub(super) fn block_mapping_key(&mut self) -> Result<Event<'a>, Error> {
        match self.look()? {
            (Next::Key, key) => {
                self.skip();
                match self.look()?.0 {
                    Next::Key | Next::Value | Next::BlockEnd => {
                        self.empty(State::BlockMappingValue, key.end)
                    }
                    _ => self.child(State::BlockMappingValue, Context::BlockOrIndentless),
                }
            }
            (Next::BlockEnd, at) => self.end(EventKind::MappingEnd, at),
            (_, at) => Err(syntax("did not find expected key", at)),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Result<Event<'a>, Error> {
        let (next, value) = self.look()?;
        if next != Next::Value {
            return self.empty(State::BlockMappingKey, value.start);
        }
        self.skip();
        match self.look()?.0 {
            Next::Key | Next::Value | Next::BlockEnd => {
                self.empty(State::BlockMappingKey, value.end)
            }
            _ => self.child(State::BlockMappingKey, Context::BlockOrIndentless),
        }
    }
}
