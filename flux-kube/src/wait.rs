//! Waiting for objects: until they are healthy, or until they are gone.
//!
//! # Contract
//!
//! Ids go in, as inventories and health checks have them. A [`Waiter`] reads the objects at once and then at every
//! interval, and asks `fluxcd_core::ready` after each reading whether to go on. Polling is the only source of truth: no
//! watch has to be kept alive, and nothing is missed.
//!
//! | function | ends |
//! |---|---|
//! | [`Waiter::wait`] | all Current, or some Failed, or the time over, as an [`Outcome`] with what was seen last |
//! | [`Waiter::wait_with`] | the same, and tells its [`Progress`] |
//! | [`Waiter::wait_gone`] | all gone, or the time over, with what [remains](Remaining) and what keeps it |
//! | [`Waiter::poll`] | at once |
//! | [`Kstatus`] | is a condition for kube's own functions |
//!
//! # What is read
//!
//! Objects of one kind and namespace are read together, with a list in pages of 500 or each by itself, whichever costs
//! less; what a list costs is known after the first. Where only one of the two is allowed, that one is taken. Pods are read
//! for a StatefulSet or ReplicaSet in progress only. At most 16 requests are in flight, 4 of one kind and namespace.
//!
//! # Laws
//!
//! - The wait ends at its deadline, not later. What is being read then is dropped.
//! - A failure of the API server makes the objects Unknown whose kind and namespace it concerns, and no others; they are
//!   read again at the next interval. If the server is too busy (429), what was seen before holds.
//! - A kind that is not served yet, or not any more, makes its objects Unknown, too; that of objects that are to be gone
//!   takes them with it.
//! - Nothing is written.
//!
//! # Traps
//!
//! - An identity without the right to read waits until the time is over; the text of each object says why.
//! - A client without limits of its own hangs (K7): give it one made by [`client`](crate::client). A request that hangs
//!   holds up the objects of its kind and namespace only.
//! - [`await_condition`](kube::runtime::wait::await_condition) of kube ends with the first error of its watch, and has no
//!   time limit (K9). This room has its own.
//!
//! # Differences
//!
//! - Upstream lists everything, each time. What is read here is the same, but not how.
//! - Upstream lists Pods for every StatefulSet and ReplicaSet, and such an object is Unknown if that is forbidden. Here this
//!   is so only while it is in progress.
//! - Upstream takes objects of a kind that turns out to have namespaces, but appeared later, from all namespaces. Here the
//!   error is the same as for a kind that was there from the start.
//! - The time is the API server's, where it tells (`Date`), so that a clock of ours that goes wrong does not fail a Pod that
//!   waits for a node.
//! - Upstream waits for one deleted object after the other, and stops at the first that cannot be read. Its text names one;
//!   here it names all.
//!
//! # Sources
//!
//! fluxcd/pkg ssa v0.76.1: `manager_wait.go`; fluxcd/cli-utils v1.2.2: `pkg/kstatus/polling/{engine,clusterreader}`. What is
//! decided: [`fluxcd_core::ready`].

mod batch;
mod fetch;
mod gone;
mod kstatus;
mod options;
mod poll;
mod reading;
mod waiter;

pub use self::gone::{Deleted, Obstacle, Remaining};
pub use self::kstatus::Kstatus;
pub use self::options::WaitOptions;
pub use self::reading::Reading;
pub use self::waiter::{Outcome, Progress, Waiter};
