//! The keyed and unkeyed hashes behind bearer secrets and the books' chain (DESIGN D11).

use crate::domain::bytes::Digest;
use crate::domain::token::{Token, TokenKind};
use crate::domain::webhook::Endpoint;

/// Derives bearer secrets from a key that no store ever holds.
pub trait Secrets: Send + Sync {
    /// HMAC-SHA256(token key, kind, id, generation) as hex. The same arguments give the same token for as long as the
    /// node keeps its seed.
    fn token(&self, kind: TokenKind, id: &str, generation: u32) -> Token;

    /// SHA-256.
    fn digest(&self, bytes: &[u8]) -> Digest;

    /// The key that an endpoint's messages are signed with: what `wsec_` and base64 stand for in its secret.
    fn webhook_key(&self, endpoint: &Endpoint) -> [u8; 32] {
        let (id, generation) = (endpoint.id.as_str(), endpoint.secret_generation);
        let token = self.token(TokenKind::WebhookKey, id, generation);
        // A token of this kind is 64 hex digits; anything else would sign with a key that nobody knows.
        Digest::parse(token.reveal())
            .map_or_else(|_| self.digest(token.reveal().as_bytes()).0, |key| key.0)
    }

    /// What the index holds for a token.
    fn token_digest(&self, token: &Token) -> Digest {
        self.digest(token.reveal().as_bytes())
    }
}
