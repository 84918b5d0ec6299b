//! The hashes behind bearer secrets (DESIGN D11). The token key comes from the node's seed and never lies in the store:
//! a copy of the store pays nobody.

use std::fmt;

use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha256};

use crate::domain::bytes::Digest;
use crate::domain::token::{Token, TokenKind};
use crate::ports::secrets::Secrets;

/// Derives bearer secrets with HMAC-SHA256.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(secret)")
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut engine = HmacEngine::<sha256::Hash>::new(key);
    for part in parts {
        // Each part with its length: no two lists of parts give the same bytes.
        engine.input(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        engine.input(part);
    }
    Hmac::<sha256::Hash>::from_engine(engine).to_byte_array()
}

impl TokenKey {
    /// The token key of a node's seed.
    pub fn from_seed(seed: &[u8]) -> Self {
        Self(hmac(seed, &[b"satback token key v1"]))
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(sha256::Hash::hash(bytes).to_byte_array())
}

impl Secrets for TokenKey {
    fn token(&self, kind: TokenKind, id: &str, generation: u32) -> Token {
        let parts = [kind.name().as_bytes(), id.as_bytes(), &generation.to_be_bytes()];
        let mut hex = Digest(hmac(&self.0, &parts)).to_hex();
        hex.truncate(kind.hex_len());
        Token::new(hex)
    }

    fn digest(&self, bytes: &[u8]) -> Digest {
        sha256(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_depends_on_key_kind_id_and_generation_and_on_nothing_else() {
        let key = TokenKey::from_seed(&[1; 64]);
        let token = key.token(TokenKind::K1, "clm_1", 0);
        assert_eq!(token, TokenKey::from_seed(&[1; 64]).token(TokenKind::K1, "clm_1", 0));
        assert_ne!(token, TokenKey::from_seed(&[2; 64]).token(TokenKind::K1, "clm_1", 0));
        assert_ne!(token, key.token(TokenKind::K1, "clm_1", 1));
        assert_ne!(token, key.token(TokenKind::K1, "clm_2", 0));
        let link = key.token(TokenKind::ClaimLink, "clm_1", 0);
        assert!(!token.reveal().starts_with(link.reveal()));
        assert_eq!((token.reveal().len(), link.reveal().len()), (64, 32));
    }
}
