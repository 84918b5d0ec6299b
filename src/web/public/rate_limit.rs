//! A bucket of tokens for each address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ports::clock::Clock;
use crate::web::peer_addr::network;

/// Most addresses that are remembered. When there are more, full buckets are forgotten first; they mean nothing.
const MAX_ADDRESSES: usize = 20_000;
/// A token in the unit of the buckets: what flows in within one millisecond at one request a minute.
const TOKEN: u64 = 60_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: u64,
    at_millis: u64,
}

/// Limits how often an address may ask.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub(in crate::web) struct RateLimit {
    clock: Arc<dyn Clock>,
    per_minute: u64,
    capacity: u64,
    buckets: Mutex<BTreeMap<IpAddr, Bucket>>,
}

impl RateLimit {
    pub(in crate::web) fn new(clock: Arc<dyn Clock>, per_minute: u64, burst: u64) -> Self {
        let capacity = burst.saturating_mul(TOKEN);
        Self { clock, per_minute, capacity, buckets: Mutex::new(BTreeMap::new()) }
    }

    /// Takes a token from an address's bucket, or says in how many seconds there will be one.
    pub(in crate::web) fn take(&self, address: IpAddr) -> Result<(), u64> {
        let now = self.clock.now().monotonic.millis();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_ADDRESSES {
            let level = |bucket: &Bucket| self.level(bucket, now);
            buckets.retain(|_, bucket| level(bucket) < self.capacity);
        }
        if buckets.len() >= MAX_ADDRESSES {
            return Err(60);
        }
        let bucket = buckets
            .entry(network(address))
            .or_insert(Bucket { level: self.capacity, at_millis: now });
        bucket.level = self.level(bucket, now);
        bucket.at_millis = now;
        match bucket.level.checked_sub(TOKEN) {
            Some(level) => {
                bucket.level = level;
                Ok(())
            }
            None => {
                let missing_millis = (TOKEN - bucket.level).div_ceil(self.per_minute.max(1));
                Err(missing_millis.div_ceil(1_000))
            }
        }
    }

    fn level(&self, bucket: &Bucket, now: u64) -> u64 {
        let elapsed = now.saturating_sub(bucket.at_millis);
        bucket.level.saturating_add(elapsed.saturating_mul(self.per_minute)).min(self.capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{Span, Timestamp};
    use crate::sim::SimClock;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_may_ask_in_a_burst_and_then_at_its_rate() {
        let clock = SimClock::at(Timestamp::from_secs(1));
        let limit = RateLimit::new(Arc::new(clock.clone()), 60, 3);
        let one = address("10.0.0.1");
        assert_eq!((0..3).map(|_| limit.take(one)).collect::<Vec<_>>(), vec![Ok(()); 3]);
        assert_eq!(limit.take(one), Err(1));
        assert_eq!(limit.take(address("10.0.0.2")), Ok(()), "others are not affected");
        clock.advance(Span::from_secs(1));
        assert_eq!(limit.take(one), Ok(()));
        assert_eq!(limit.take(one), Err(1));
        clock.advance(Span::from_secs(3_600));
        assert_eq!((0..4).filter(|_| limit.take(one).is_ok()).count(), 3);
    }

    #[test]
    fn a_v6_network_counts_as_one() {
        let clock = SimClock::at(Timestamp::from_secs(1));
        let limit = RateLimit::new(Arc::new(clock), 60, 1);
        assert_eq!(limit.take(address("2001:db8::1")), Ok(()));
        assert!(limit.take(address("2001:db8::ffff")).is_err());
        assert_eq!(limit.take(address("2001:db8:0:1::1")), Ok(()));
    }
}
