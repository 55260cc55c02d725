//! Holds the library against vectors that the upstream code produced.
