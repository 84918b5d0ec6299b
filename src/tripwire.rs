//! A wire that kills the process between two steps, for the tests of crashes. Release builds have none: without the
//! `sim` feature every step passes.

/// Passes a step. If `SATBACK_TRIPWIRE` names it (`step`, or `step#3` for its third time), the process ends here as if
/// somebody had pulled the plug.
#[cfg(feature = "sim")]
pub fn pass(step: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WIRE: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static TIMES: AtomicU64 = AtomicU64::new(0);

    let wire = WIRE.get_or_init(|| {
        let wire = std::env::var("SATBACK_TRIPWIRE").ok()?;
        let (step, times) = wire.split_once('#').unwrap_or((&wire, "1"));
        Some((step.to_owned(), times.parse().unwrap_or(1)))
    });
    if let Some((wired, times)) = wire
        && wired == step
        && TIMES.fetch_add(1, Ordering::SeqCst) + 1 == *times
    {
        eprintln!("tripwire: {step}");
        std::process::abort();
    }
}

/// Passes a step.
#[cfg(not(feature = "sim"))]
pub const fn pass(_step: &str) {}
