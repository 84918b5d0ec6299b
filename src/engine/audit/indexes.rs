//! Rules about indexes: every payment hash, token and list place leads to its object, and the other way round.

use crate::domain::bytes::PaymentHash;
use crate::domain::id::AccountId;
use crate::domain::link::LinkId;
use crate::domain::token::TokenKind;
use crate::ports::secrets::Secrets;
use crate::ports::store::{HashOwner, List, Scope, TokenOwner};

use super::{Everything, Problems};

pub(super) fn check(all: &Everything, secrets: &dyn Secrets, problems: &mut Problems) {
    check_hashes(all, problems);
    check_tokens(all, secrets, problems);
    check_lists(all, problems);
    check_outbox(all, problems);
}

/// One payment hash, one owner, for ever (DESIGN D7).
fn check_hashes(all: &Everything, problems: &mut Problems) {
    let owners = all
        .payments
        .values()
        .map(|row| (row.hash, HashOwner::Payment(row.id.clone())))
        .chain(all.payouts.values().map(|row| (row.hash, HashOwner::Payout(row.id.clone()))))
        .chain(all.suspense.values().map(|row| (row.hash, HashOwner::Suspense(row.id.clone()))));
    let mut count = 0;
    for (hash, owner) in owners {
        count += 1;
        check_owner(all, hash, &owner, problems);
    }
    problems.check(count == all.hashes.len(), || {
        format!("{} payment hashes are indexed, {count} are in use", all.hashes.len())
    });
}

fn check_owner(all: &Everything, hash: PaymentHash, owner: &HashOwner, problems: &mut Problems) {
    let indexed = all.hashes.get(&hash) == Some(owner);
    problems.check(indexed, || format!("the payment hash of {owner:?} is not indexed as its own"));
}

/// Every token that is in use now leads to what it opens.
fn check_tokens(all: &Everything, secrets: &dyn Secrets, problems: &mut Problems) {
    let digest =
        |kind, id: &str, generation| secrets.token_digest(&secrets.token(kind, id, generation));
    let mut check = |digest, owner: TokenOwner| {
        let indexed = all.tokens.get(&digest) == Some(&owner);
        problems.check(indexed, || format!("a token of {owner:?} is not indexed"));
    };
    for claim in all.claims.values() {
        let (id, link, k1) = (claim.id.as_str(), claim.link_generation, claim.k1_generation);
        let owner = TokenOwner::ClaimLink(claim.id.clone(), link);
        check(digest(TokenKind::ClaimLink, id, link), owner);
        check(digest(TokenKind::K1, id, k1), TokenOwner::K1(claim.id.clone(), k1));
    }
    for session in all.sessions.values() {
        let (id, generation) = (session.id.as_str(), session.token_generation);
        let owner = TokenOwner::SessionPage(session.id.clone());
        check(digest(TokenKind::SessionPage, id, generation), owner);
    }
    for link in all.links.values() {
        let (kind, id, generation) =
            (link.id.token_kind(), link.id.as_str(), link.token_generation);
        check(digest(kind, id, generation), TokenOwner::Link(link.id.clone()));
    }
    for key in all.keys.values() {
        check(key.digest, TokenOwner::ApiKey(key.id.clone()));
    }
}

/// Every object stands in the operator's list, in its merchant's, and a payout in its claim's; at a place of its own.
fn check_lists(all: &Everything, problems: &mut Problems) {
    let next = all.books.as_ref().map_or(0, |books| books.next_seq);
    let mut seen = std::collections::BTreeSet::new();
    for (id, (list, seq)) in &all.places {
        problems.check(*seq < next, || format!("{id} stands after the end"));
        problems.check(seen.insert(*seq), || format!("{id} shares its place with another"));
        // A receipt in suspense may be listed twice: for the operator, and for whom it was assigned to.
        let listed = all.listed.get(id) == Some(&(*list, *seq));
        problems.check(listed, || format!("{id} is not where the list says"));
    }
    problems.check(all.places.len() == all.listed.len(), || {
        format!("{} objects, but {} listed", all.places.len(), all.listed.len())
    });
    for (account, list, seq) in owned(all) {
        let scope = Scope::Account(account.clone());
        let listed = all.scoped.contains(&(scope, list, seq));
        problems.check(listed, || format!("place {seq} is missing in a list of {account}"));
    }
    for payout in all.payouts.values() {
        let Some(claim) = payout.claim() else { continue };
        let scope = Scope::Claim(claim.clone());
        let listed = all.scoped.contains(&(scope, List::Payouts, payout.seq));
        problems.check(listed, || format!("{} is missing in its claim's list", payout.id));
    }
}

/// Every message has its endpoint and stands in that one's list; what is still to be sent has its event.
fn check_outbox(all: &Everything, problems: &mut Problems) {
    for delivery in all.deliveries.values() {
        let id = &delivery.id;
        let owner = all.endpoints.get(&delivery.endpoint).map(|endpoint| &endpoint.account);
        problems.check(owner == Some(&delivery.account), || format!("{id} goes to no endpoint"));
        let scope = Scope::Endpoint(delivery.endpoint.clone());
        let listed = all.scoped.contains(&(scope, List::Deliveries, delivery.seq));
        problems.check(listed, || format!("{id} is missing in its endpoint's list"));
        let event = all.places.get(delivery.event.as_str());
        let told = delivery.is_over() || event.is_some_and(|(list, _)| *list == List::Events);
        problems.check(told, || format!("{id} has nothing to tell"));
    }
}

/// Whose which places are.
fn owned(all: &Everything) -> impl Iterator<Item = (&AccountId, List, u64)> {
    let keys = all.keys.values().map(|row| (&row.account, List::ApiKeys, row.seq));
    let cashbacks = all.cashbacks.values().map(|row| (&row.account, List::Cashbacks, row.seq));
    let sessions = all.sessions.values().map(|row| (&row.account, List::Sessions, row.seq));
    let payments = all.payments.values().map(|row| (&row.account, List::Payments, row.seq));
    let links = all.links.values().map(|row| match row.id {
        LinkId::Checkout(_) => (&row.account, List::CheckoutLinks, row.seq),
        LinkId::Payment(_) => (&row.account, List::PaymentLinks, row.seq),
    });
    let claims = all.claims.values().map(|row| (&row.account, List::Claims, row.seq));
    let payouts = all.payouts.values().map(|row| (&row.account, List::Payouts, row.seq));
    let sends = all.sends.values().map(|row| (&row.account, List::Sends, row.seq));
    let endpoints = all.endpoints.values().map(|row| (&row.account, List::Endpoints, row.seq));
    let statement = all
        .transfers
        .iter()
        .filter_map(|row| row.statement().map(|(account, _)| (account, List::Transfers, row.seq)));
    keys.chain(cashbacks)
        .chain(sessions)
        .chain(payments)
        .chain(links)
        .chain(claims)
        .chain(payouts)
        .chain(sends)
        .chain(endpoints)
        .chain(statement)
}
