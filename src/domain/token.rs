//! Bearer secrets (DESIGN D11): derived from the node's seed whenever they are shown, never stored. An index holds
//! their digests.

use std::fmt;

/// What a token lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Ask for the withdraw request of a claim (`/w/…`).
    ClaimLink,
    /// Bring an invoice for a claim, once (LUD-03).
    K1,
    /// See the hosted page of a session (`/s/…`).
    SessionPage,
    /// Know that a message to a webhook endpoint is ours: the key of its signature.
    WebhookKey,
    /// Open a checkout link (`/c/…`).
    CheckoutLink,
    /// Open a payment link (`/p/…`).
    PaymentLink,
}

impl TokenKind {
    /// The word that separates one kind's tokens from another's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaimLink => "claim-link",
            Self::K1 => "k1",
            Self::SessionPage => "session-page",
            Self::WebhookKey => "webhook-key",
            Self::CheckoutLink => "checkout-link",
            Self::PaymentLink => "payment-link",
        }
    }

    /// Hex digits of a token: 128 bits where it stands in a QR code, 256 for a k1.
    pub const fn hex_len(self) -> usize {
        match self {
            Self::ClaimLink | Self::SessionPage | Self::CheckoutLink | Self::PaymentLink => 32,
            Self::K1 | Self::WebhookKey => 64,
        }
    }
}

/// A token as lower-case hex. It is never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps lower-case hex.
    pub fn new(hex: String) -> Self {
        Self(hex)
    }

    /// Reads what a stranger sent, without regard to case; `None` if it cannot be a token of `kind`.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let fits = text.len() == kind.hex_len() && text.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The token, to be shown to whom it belongs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_in_either_case_and_shown_in_lower_case() {
        let token = Token::parse(TokenKind::ClaimLink, &"aB".repeat(16)).unwrap();
        assert_eq!(token.reveal(), "ab".repeat(16));
        assert_eq!(format!("{token:?}"), "Token(secret)");
    }

    #[test]
    fn what_cannot_be_a_token_is_none() {
        assert_eq!(Token::parse(TokenKind::K1, &"ab".repeat(16)), None);
        assert_eq!(Token::parse(TokenKind::ClaimLink, &"zz".repeat(16)), None);
    }
}
