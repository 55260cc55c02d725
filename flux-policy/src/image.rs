//! Images: which repository a name stands for.

mod reference;

pub use self::reference::{ImageReference, ReferenceError, Scheme};
