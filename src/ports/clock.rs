//! Time.

use crate::domain::time::Reading;

/// Reads the clocks. Whether the wall clock can be trusted is decided by
/// [`ClockGuard`](crate::domain::time::ClockGuard), not here.
pub trait Clock: Send + Sync {
    /// Both clocks at the same moment. The monotonic one never goes back within a process.
    fn now(&self) -> Reading;
}
