//! The keyed and unkeyed hashes behind bearer secrets and the books' chain (DESIGN D11).

use crate::domain::bytes::Digest;
use crate::domain::token::{Token, TokenKind};

/// Derives bearer secrets from a key that no store ever holds.
pub trait Secrets: Send + Sync {
    /// HMAC-SHA256(token key, kind, id, generation) as hex. The same arguments give the same token for as long as the
    /// node keeps its seed.
    fn token(&self, kind: TokenKind, id: &str, generation: u32) -> Token;

    /// SHA-256.
    fn digest(&self, bytes: &[u8]) -> Digest;

    /// What the index holds for a token.
    fn token_digest(&self, token: &Token) -> Digest {
        self.digest(token.reveal().as_bytes())
    }
}
