//! Bearer secrets as ever, with a trap: whoever makes the next one panics. It shows that a panic stays where it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::bytes::Digest;
use crate::domain::token::{Token, TokenKind};
use crate::ports::secrets::Secrets;
use crate::secrets::TokenKey;

/// A token key with a trap. Clones share it.
#[derive(Clone, Debug)]
pub struct TrappedKey {
    key: TokenKey,
    armed: Arc<AtomicBool>,
    armed_door: Arc<AtomicBool>,
}

impl TrappedKey {
    /// A key whose trap is not armed.
    pub fn new(key: TokenKey) -> Self {
        Self { key, armed: Arc::default(), armed_door: Arc::default() }
    }

    /// The next secret that is made panics.
    pub fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// Looking up the next key that somebody comes with panics.
    pub fn arm_door(&self) {
        self.armed_door.store(true, Ordering::SeqCst);
    }
}

impl Secrets for TrappedKey {
    fn token(&self, kind: TokenKind, id: &str, generation: u32) -> Token {
        assert!(!self.armed.swap(false, Ordering::SeqCst), "the trap was armed");
        self.key.token(kind, id, generation)
    }

    fn digest(&self, bytes: &[u8]) -> Digest {
        assert!(!self.armed_door.swap(false, Ordering::SeqCst), "the trap at the door was armed");
        self.key.digest(bytes)
    }
}
