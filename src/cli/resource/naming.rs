//! What the commands of the API are called: a noun and a verb, by the method and the path.

/// Operations whose path does not say what people call them: method, path, noun, verb.
const NAMED: [(&str, &str, &str, &str); 11] = [
    ("GET", "/balances", "balance", "show"),
    ("GET", "/balance-transactions", "transactions", "list"),
    ("POST", "/accounts/{id}/keys", "accounts", "create-key"),
    ("DELETE", "/accounts/{id}/keys/{key}", "accounts", "revoke-key"),
    ("POST", "/accounts/{id}/credits", "accounts", "credit"),
    ("POST", "/accounts/{id}/debits", "accounts", "debit"),
    ("POST", "/drain", "daemon", "drain"),
    ("POST", "/undrain", "daemon", "undrain"),
    ("POST", "/node/channels", "node", "open-channel"),
    ("POST", "/node/channels/{id}/close", "node", "close-channel"),
    ("POST", "/node/peers", "node", "connect"),
];

/// The noun and the verb of an operation; `lists` is true if it answers a list.
pub(super) fn name(method: &str, path: &str, lists: bool) -> (String, String) {
    let named = NAMED.iter().find(|named| (named.0, named.1) == (method, path));
    if let Some((_, _, noun, verb)) = named {
        return ((*noun).to_owned(), (*verb).to_owned());
    }
    let parts: Vec<_> = path.split('/').skip(1).collect();
    let last = parts.last().copied().unwrap_or("");
    let verb = match (method, parts.len(), last.starts_with('{')) {
        ("GET", 1, _) if lists => "list".to_owned(),
        ("GET", 1, _) | ("GET", _, true) => "show".to_owned(),
        ("POST", 1, _) => "create".to_owned(),
        ("POST", _, true) => "update".to_owned(),
        ("DELETE", _, true) => "delete".to_owned(),
        ("DELETE", ..) => format!("delete-{last}"),
        _ => last.to_owned(),
    };
    (parts.first().copied().unwrap_or("").to_owned(), verb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::admin::route_facts;

    #[test]
    fn every_exception_is_about_a_route_that_there_is() {
        let routes = route_facts();
        for (method, path, noun, verb) in NAMED {
            let known = |route: &crate::web::admin::RouteFacts| {
                route.method == method && route.path == path
            };
            assert!(routes.iter().any(known), "{method} {path} ({noun} {verb})");
        }
    }

    #[test]
    fn names_follow_from_method_and_path() {
        for (method, path, lists, expect) in [
            ("GET", "/claims", true, "claims list"),
            ("GET", "/node", false, "node show"),
            ("GET", "/claims/{id}", false, "claims show"),
            ("POST", "/cashbacks", false, "cashbacks create"),
            ("POST", "/cashbacks/{id}", false, "cashbacks update"),
            ("DELETE", "/webhooks/{id}", false, "webhooks delete"),
            ("DELETE", "/sessions/{id}/details", false, "sessions delete-details"),
            ("POST", "/ledger/suspense/{id}/assign", false, "ledger assign"),
            ("GET", "/node/channels", true, "node channels"),
            ("GET", "/balances", false, "balance show"),
        ] {
            let (noun, verb) = name(method, path, lists);
            assert_eq!(format!("{noun} {verb}"), expect);
        }
    }
}
