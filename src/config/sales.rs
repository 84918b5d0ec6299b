//! Settings of sessions and of the links that open them.

use super::keys::Keys;
use super::size;

/// How many sessions may wait to be paid.
#[derive(Clone, Copy, Debug)]
pub struct SalesSettings {
    /// Most unpaid sessions of one payment link.
    pub max_unpaid_per_link: usize,
    /// Most unpaid sessions that were made for one account without a link.
    pub max_unpaid_direct: usize,
}

impl SalesSettings {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("links");
        let about = "Most unpaid sessions of one payment link; for a further one, the one that nobody looked at for the longest is closed.";
        let max_unpaid_per_link = size(keys.number("max_unpaid", 100, 1..=1_000, about));
        keys.section("sessions");
        let about = "Most unpaid sessions that were made for one account without a link; for a further one, the one that nobody looked at for the longest is closed.";
        let max_unpaid_direct = size(keys.number("max_unpaid", 10_000, 1..=1_000_000, about));
        Self { max_unpaid_per_link, max_unpaid_direct }
    }
}
