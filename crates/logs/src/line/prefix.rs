//! What others put before a line: journald, Docker, Kubernetes.

use crate::time::Moment;

/// What stood before a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Prefix<'t> {
    /// The pod, container or host.
    pub(super) name: Option<&'t str>,
    /// When whoever collected the line got it.
    pub(super) at: Option<Moment>,
}

/// Takes off what stands before a line.
pub(super) fn strip(text: &str) -> (Prefix<'_>, &str) {
    (Prefix::default(), text)
}
