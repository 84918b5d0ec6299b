//! Chance.

/// A source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`. An implementation for production takes them from the operating system, and ends the process
    /// rather than return fewer.
    fn fill(&self, bytes: &mut [u8]);

    /// A random number.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }
}
