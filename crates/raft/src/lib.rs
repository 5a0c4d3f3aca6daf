//! The election core.
