//! Where in the files the findings about built objects stand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use fluxcd::core::manifest::{self, Document};
use fluxcd::dialect::yaml::Segment;

use crate::finding::{Finding, Locator};
use crate::overlay::{Built, Origin};
use crate::report::Place;
use crate::store::Store;

/// The files of a repository, each parsed once.
pub(crate) struct Files<'a> {
    store: &'a Store,
    parsed: RefCell<BTreeMap<String, Rc<Vec<Document<'a>>>>>,
}

impl<'a> Files<'a> {
    /// Files of which none is parsed yet.
    pub(crate) const fn new(store: &'a Store) -> Self {
        Self {
            store,
            parsed: RefCell::new(BTreeMap::new()),
        }
    }

    fn documents(&self, file: &str) -> Rc<Vec<Document<'a>>> {
        let mut parsed = self.parsed.borrow_mut();
        let documents = parsed
            .entry(file.to_owned())
            .or_insert_with(|| Rc::new(self.store.parse(file)));
        Rc::clone(documents)
    }

    /// Where an object starts.
    pub(crate) fn start(&self, origin: &Origin) -> Place {
        match origin {
            Origin::Document(file, number) => {
                let documents = self.documents(file);
                place(file, documents.get(*number).map(Document::place))
            }
            Origin::Generated(file, _) => place(file, None),
        }
    }

    /// Where a finding about an object stands: in its file, in the one that its generator reads, or in the patch that
    /// brings the text.
    pub(crate) fn locate(&self, object: &Built, locator: &mut Locator, finding: &Finding) -> Place {
        let path: &[Segment] = &finding.path;
        if object.is_touched(path) {
            let found = object.patched_by(path).and_then(|file| {
                let text = self.store.text(file)?;
                // The patch is the same for all objects, and so is the place.
                let found = Locator::default().search(text, 0..text.len(), finding)?;
                Some(place(file, Some(found)))
            });
            return found.unwrap_or_else(|| self.start(&object.origin));
        }
        match &object.origin {
            Origin::Document(file, number) => {
                let text = self.store.text(file).unwrap_or_default();
                let documents = self.documents(file);
                let document = documents.get(*number);
                place(
                    file,
                    document.map(|document| locator.locate(text, document, finding)),
                )
            }
            Origin::Generated(overlay, files) => {
                let key = match path.get(1) {
                    Some(Segment::Key(key)) => files.get(key),
                    _ => None,
                };
                let file = key.unwrap_or(overlay);
                let text = self.store.text(file).unwrap_or_default();
                place(file, locator.search(text, 0..text.len(), finding))
            }
        }
    }
}

/// A place in a file, or its start.
fn place(file: &str, place: Option<manifest::Place>) -> Place {
    Place {
        file: file.to_owned(),
        line: place.as_ref().map_or(1, |place| place.line),
        column: place.as_ref().map_or(1, |place| place.column),
    }
}
