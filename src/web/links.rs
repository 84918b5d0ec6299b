//! Links that carry bearer secrets: made when an answer leaves, never kept (DESIGN D11).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lnurl::lnurl::LnUrl;

use crate::domain::checkout::Session;
use crate::domain::claim::Claim;
use crate::domain::link::{Link, LinkId};
use crate::domain::token::{Token, TokenKind};
use crate::domain::webhook::Endpoint;

use super::Shared;

/// The links of a claim.
#[derive(Debug)]
pub(super) struct ClaimLinks {
    /// LUD-01: upper-case bech32, for QR codes.
    pub(super) lnurl: String,
    /// LUD-17.
    pub(super) lnurlw: String,
    /// The path of the withdraw request, for our own page.
    pub(super) withdraw: String,
    /// The hosted page, for phone cameras (LUD-01, fallback scheme).
    pub(super) page: String,
}

impl Shared {
    fn page_token(&self, session: &Session) -> Token {
        self.secrets.token(TokenKind::SessionPage, session.id.as_str(), session.token_generation)
    }

    /// The hosted page of a session.
    pub(super) fn session_url(&self, session: &Session) -> String {
        self.base_url.join(&self.session_path(session))
    }

    /// The path of a session's page.
    pub(super) fn session_path(&self, session: &Session) -> String {
        format!("/s/{}", self.page_token(session).reveal())
    }

    /// What a browser shows that has opened a session: the token of its page, which it knows anyway.
    pub(super) fn session_proof(&self, session: &Session) -> String {
        self.page_token(session).reveal().to_owned()
    }

    /// The hosted page of a link.
    pub(super) fn link_url(&self, link: &Link) -> String {
        self.base_url.join(&self.link_path(link))
    }

    /// The path of a link's page.
    pub(super) fn link_path(&self, link: &Link) -> String {
        let (kind, generation) = (link.id.token_kind(), link.token_generation);
        let token = self.secrets.token(kind, link.id.as_str(), generation);
        let folder = match link.id {
            LinkId::Checkout(_) => "c",
            LinkId::Payment(_) => "p",
        };
        format!("/{folder}/{}", token.reveal())
    }

    /// The links of a claim, with the page of its session.
    pub(super) fn claim_links(&self, claim: &Claim, session: &Session) -> ClaimLinks {
        let path = format!("/w/{}", self.claim_token(claim).reveal());
        // `encode` cannot fail: base URLs have a bound that keeps links far below bech32's.
        let lnurl = LnUrl::from_url(self.base_url.join(&path)).encode().to_ascii_uppercase();
        let page = format!("{}?lightning={lnurl}", self.session_url(session));
        ClaimLinks { lnurlw: self.base_url.lud17("lnurlw", &path), lnurl, withdraw: path, page }
    }

    /// What opens a claim.
    pub(super) fn claim_token(&self, claim: &Claim) -> Token {
        self.secrets.token(TokenKind::ClaimLink, claim.id.as_str(), claim.link_generation)
    }

    /// The secret of a webhook endpoint, as its merchant keeps it.
    pub(super) fn webhook_secret(&self, endpoint: &Endpoint) -> String {
        format!("wsec_{}", STANDARD.encode(self.secrets.webhook_key(endpoint)))
    }

    /// The callback of a claim's link.
    pub(super) fn callback_url(&self, link: &Token) -> String {
        self.base_url.join(&format!("/w/{}/callback", link.reveal()))
    }

    /// The claim's current k1.
    pub(super) fn k1(&self, claim: &Claim) -> Token {
        self.secrets.token(TokenKind::K1, claim.id.as_str(), claim.k1_generation)
    }
}
