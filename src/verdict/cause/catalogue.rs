//! Every cause, in the order of the phases in which it shows.

use super::Cause;

/// Every cause.
pub static CAUSES: &[&Cause] = &[];

/// The cause with an id.
pub fn find(id: &str) -> Option<&'static Cause> {
    CAUSES.iter().copied().find(|cause| cause.id == id)
}
