//! Version v1beta3 of [`Alert`] and [`Provider`]: the only one of Flux 2.9, deprecated in 2.10.

mod alert;
mod provider;

pub use self::alert::{Alert, AlertSpec};
pub use self::provider::{Provider, ProviderSpec};
