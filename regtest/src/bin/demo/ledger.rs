//! The books, as the story leaves them.

use satback_regtest::{PATIENCE, eventually};

use super::tell::Teller;
use super::town::Town;

/// Prints the merchant's statement.
pub(crate) fn print(teller: &Teller, town: &Town) {
    teller.say(&format!("{:<22} {:<6} {:>17}", "type", "", "msat"));
    for (kind, direction, msat, _) in town.shop.statement() {
        teller.say(&format!("{kind:<22} {direction:<6} {msat:>17}"));
    }
    teller.say(&format!("{:<22} {:<6} {:>17}", "available", "", town.shop.available()));
}

/// Both audits hold, and nothing is left in flight: what the books say the node holds is what it holds.
pub(crate) fn balanced(teller: &Teller, town: &Town) -> bool {
    let audit = eventually("books and node to agree at rest;", PATIENCE, || {
        let audit = town.daemon.operator().get("/ledger/audit").granted();
        let external = &audit["external"];
        if external["at_rest"] == true && external["difference_msat"] == 0 {
            Ok(audit)
        } else {
            Err(external.to_string())
        }
    });
    teller.say(&format!(
        "audit of {} rows: {}",
        audit["internal"]["rows"], audit["internal"]["problems"]
    ));
    teller.say(&format!("books against node: {}", audit["external"]));
    audit["ok"] == true && town.shop.in_flight() == 0
}
