//! Settings of the books: how they are kept, and how the engine is asked.

use super::keys::Keys;
use super::size;

/// The books on disk.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// Free space below which claims and sessions are refused.
    pub low_water_mb: u64,
    /// How long full segments of the journal are kept.
    pub journal_keep_days: u64,
    /// Size of a segment of the journal.
    pub segment_mb: u64,
}

/// The engine's queue.
#[derive(Clone, Copy, Debug)]
pub struct EngineSettings {
    /// Most commands that wait.
    pub queue_length: usize,
    /// Most commands in one commit.
    pub batch_max: usize,
}

impl StoreSettings {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("store");
        let about = "Free disk space, in megabytes, below which claims and sessions are refused.";
        let low_water_mb = keys.number("low_water_mb", 100, 1..=1_000_000, about);
        let about = "How many days full segments of the journal are kept.";
        let journal_keep_days = keys.number("journal_keep_days", 7, 0..=3_650, about);
        let about = "Size of a segment of the journal, in megabytes.";
        let segment_mb = keys.number("segment_mb", 16, 1..=1_024, about);
        Self { low_water_mb, journal_keep_days, segment_mb }
    }
}

impl EngineSettings {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("engine");
        let about = "Most commands that wait; further ones are refused.";
        let queue_length = size(keys.number("queue_length", 1_024, 64..=100_000, about));
        let about = "Most commands that are committed together.";
        let batch_max = size(keys.number("batch_max", 256, 1..=10_000, about));
        Self { queue_length, batch_max }
    }
}
