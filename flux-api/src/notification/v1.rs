//! Version 1: [`Alert`], [`Provider`], [`Receiver`]. Reasons are in [`reason`].

pub mod reason;

mod alert;
mod provider;
mod receiver;

pub use self::alert::{Alert, AlertSpec, EventSeverity, EventSource};
pub use self::provider::{Provider, ProviderSpec, ProviderType};
pub use self::receiver::{
    OidcProvider, OidcValidation, OidcVariable, Receiver, ReceiverResource, ReceiverSpec,
    ReceiverStatus, ReceiverType,
};
