//! What each flag is for, in a few words. What is not here is named by its field.

const SAYS: &[(&str, &str)] = &[
    ("account", "The account that it belongs to"),
    ("address", "Where the node can be reached (host:port), or where coins go"),
    ("all", "Everything that can be spent"),
    ("amount", "An amount in the unit of its currency"),
    ("amount_msat", "The amount in millisatoshis"),
    ("amount_sat", "The amount in satoshis"),
    ("announce", "Tell the network of the channel"),
    ("api_version", "The version of the messages"),
    ("budget", "How much all claims together may come to"),
    ("cancel_url", "Where a customer who does not pay goes"),
    ("capacity_sat", "How large the channel is, in satoshis"),
    ("cashback", "Only those of this cashback"),
    ("cashback.id", "The cashback that comes with it"),
    ("checkout_session", "Only those of this session"),
    ("claim", "Only those of this claim"),
    ("claim_ttl", "How many seconds a claim stays open"),
    ("claims_paused", "Pay no claims of the account for now"),
    ("created[gt]", "Only what was made after this moment"),
    ("created[gte]", "Only what was made at this moment or later"),
    ("created[lt]", "Only what was made before this moment"),
    ("created[lte]", "Only what was made at this moment or earlier"),
    ("currency", "What the amounts are in"),
    ("custom_fields", "Questions to the customer"),
    ("description", "What customers or merchants read"),
    ("enabled_events", "The events that it is told of; * means all"),
    ("end_date", "When it ends"),
    ("ending_before", "Only what is older than this id"),
    ("event", "Only those about this event"),
    ("event_type", "Only those of this type"),
    ("fee_limits.base_sat", "The part of a payout's largest fee that is the same for all"),
    ("fee_limits.max_sat", "The most that a payout's fee may be"),
    ("fee_limits.ppm", "The part of a payout's largest fee that grows with it, in millionths"),
    ("fee_rate_sat_vb", "The fee rate, in satoshis per virtual byte"),
    ("force", "Without the peer: slower, and with higher fees"),
    ("limit", "How many at once"),
    ("low_balance_msat", "Below which balance to send account.low_balance"),
    ("max_amount", "The most that one claim may come to"),
    ("max_claims", "How many claims there may be"),
    ("metadata", "Notes of yours"),
    ("min_spend", "The least that must be paid for a cashback"),
    ("name", "What it is called"),
    ("node_id", "The public key of the node"),
    ("options", "Amounts to choose from"),
    ("overlap_secs", "How many seconds the key works on"),
    ("parked", "Only those that are parked, or are not"),
    ("payment_methods", "How it can be paid"),
    ("percentage", "The share of what was paid, in percent"),
    ("preimage", "The proof that it was paid"),
    ("preset.max_amount", "The most that the customer may choose"),
    ("preset.min_amount", "The least that the customer may choose"),
    ("reason", "Why, for the record"),
    ("secret", "The endpoint's secret"),
    ("session", "Only those of this session"),
    ("source", "Where it comes from"),
    ("source_id", "What it is called where it comes from"),
    ("start_date", "When it begins"),
    ("starting_after", "Only what is newer than this id"),
    ("statement_descriptor", "What stands on statements"),
    ("status", "The state"),
    ("success_message", "What a customer who has paid reads"),
    ("success_url", "Where a customer who has paid goes"),
    ("target_currency", "What it is paid in"),
    ("title", "The title of the page"),
    ("title_description", "What stands below the title"),
    ("title_image", "The picture beside the title"),
    ("ttl", "How many seconds it can be paid"),
    ("type", "The kind"),
    ("url", "The endpoint's address"),
];

/// What a field is for.
pub(super) fn says(name: &str) -> Option<&'static str> {
    SAYS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::resource::operation::operations;

    #[test]
    fn nothing_is_explained_that_nobody_can_say() {
        let fields = operations().iter().flat_map(|own| own.query.iter().chain(&own.body));
        let known: BTreeSet<_> = fields.map(|field| field.path.join(".")).collect();
        let stale: Vec<_> = SAYS.iter().filter(|(name, _)| !known.contains(*name)).collect();
        assert_eq!(stale, Vec::<&(&str, &str)>::new());
    }
}
