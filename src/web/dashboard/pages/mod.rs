//! The pages, one file a place in the sidebar.

use super::trouble::Trouble;
use super::visit::Visit;
use super::words;

pub(super) mod accounts;
pub(super) mod act;
pub(super) mod backup;
pub(super) mod books;
pub(super) mod cashbacks;
pub(super) mod channels;
pub(super) mod claims;
pub(super) mod events;
pub(super) mod home;
pub(super) mod keys;
mod link_fields;
pub(super) mod links;
pub(super) mod node;
pub(super) mod payments;
pub(super) mod payouts;
pub(super) mod rates;
pub(super) mod sessions;
pub(super) mod statement;
pub(super) mod transactions;
pub(super) mod webhooks;

/// The currencies that have a rate now, and the one that was chosen.
async fn currencies(visit: &Visit, chosen: &str) -> Result<Vec<(String, String)>, Trouble> {
    let rates = visit.get("/rates").await?;
    let usable = rates.list("data").iter().filter(|rate| rate.is("usable"));
    let mut codes = vec!["SATS".to_owned(), "BTC".to_owned()];
    codes.extend(usable.map(|rate| rate.text("currency").to_owned()));
    codes.push(chosen.to_owned());
    let mut offered: Vec<(String, String)> = vec![];
    for code in codes.into_iter().filter(|code| !code.is_empty()) {
        if offered.iter().all(|(known, _)| *known != code) {
            offered.push((code.clone(), words::currency(&code)));
        }
    }
    Ok(offered)
}

/// Things are made for somebody: the operator chooses for whom, and a key that only reads makes nothing.
fn must_be_for_someone(visit: &Visit) -> Result<(), Trouble> {
    if !visit.holder.may_write() {
        return Err(Trouble::plain(words::KEY_ONLY_READS));
    }
    if visit.account().is_none() {
        return Err(Trouble::plain(words::CHOOSE_ACCOUNT));
    }
    Ok(())
}
