//! Time and chance.

use satback::domain::time::Timestamp;
use satback::ports::clock::Clock;
use satback::ports::entropy::Entropy;
use satback::sim::{SimClock, SimEntropy};
use satback::system::{OsEntropy, SystemClock};

fn clock_keeps_its_contract(clock: &dyn Clock) {
    let readings: Vec<_> = (0..1_000).map(|_| clock.now()).collect();
    for pair in readings.windows(2) {
        assert!(pair[0].monotonic <= pair[1].monotonic, "it never goes back");
    }
    assert!(readings[0].wall > Timestamp::from_secs(1_600_000_000), "Unix time");
}

fn entropy_keeps_its_contract(entropy: &dyn Entropy) {
    let draw = |len: usize| {
        let mut bytes = vec![0; len];
        entropy.fill(&mut bytes);
        bytes
    };
    assert_ne!(draw(32), draw(32));
    for len in [1, 7, 8, 9, 33] {
        let drawn: Vec<_> = (0..64).map(|_| draw(len)).collect();
        for at in 0..len {
            assert!(drawn.iter().any(|bytes| bytes[at] != drawn[0][at]), "byte {at} of {len}");
        }
    }
}

#[test]
fn both_clocks_keep_the_contract() {
    clock_keeps_its_contract(&SystemClock::default());
    clock_keeps_its_contract(&SimClock::at(Timestamp::from_secs(1_700_000_000)));
}

#[test]
fn both_sources_of_chance_keep_the_contract() {
    entropy_keeps_its_contract(&OsEntropy);
    entropy_keeps_its_contract(&SimEntropy::seeded(1));
}
