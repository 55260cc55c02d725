//! The small languages inside manifests, read and written exactly as Go does.

pub mod duration;
pub mod yaml;
