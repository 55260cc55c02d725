//! What tests of programs that talk to an API server need: a real one, started from its programs.

pub mod server;

pub use self::server::ApiServer;
