//! What is wrong, in words for people: the API names fields as programs do.

/// A message as a sentence.
pub(in super::super) fn sentence(message: &str) -> String {
    let mut letters = message.trim().chars();
    let Some(first) = letters.next() else { return String::new() };
    let text: String = first.to_uppercase().chain(letters).collect();
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// What is wrong with the field of this label. The API's message begins with the field's own name.
pub(in super::super) fn problem(label: &str, param: &str, message: &str) -> String {
    let leaf = param.rsplit('.').next().unwrap_or(param);
    let leaf = leaf.split('[').next().unwrap_or(leaf);
    if let Some(text) = plain(leaf, message) {
        return format!("{label}: {text}.");
    }
    match message.strip_prefix(leaf) {
        Some(rest) if rest.starts_with(' ') => format!("{label}{}.", named(rest)),
        _ => sentence(&named(message)),
    }
}

/// What is said better than the API says it to programs.
fn plain(leaf: &str, message: &str) -> Option<&'static str> {
    let is_range = message.contains("whole number from");
    let is_missing = message.ends_with("is required");
    Some(match leaf {
        "start_date" | "end_date" if is_range => "give a date and a time",
        "claim_ttl" => "give a number of days, up to five years",
        "ttl" => "give a number of minutes, from 5 to a year",
        "max_claims" if is_range => "give a whole number from 1",
        "id" if is_missing => "choose one of the available cashbacks",
        "type" | "currency" if is_missing => "choose one of them",
        _ if is_missing => "fill this in",
        "amount" | "percentage" | "max_amount" | "min_spend" | "budget"
            if message.ends_with("must be a number") =>
        {
            "give a number, with a point before its decimals"
        }
        _ => return None,
    })
}

/// The names of other fields in a message, as people know them.
fn named(message: &str) -> String {
    let known = [
        ("start_date", "the start date"),
        ("end_date", "the end date"),
        ("success_message", "a message"),
        ("success_url", "an address to go on to"),
        ("min_amount", "the smallest amount"),
        ("max_amount", "the largest amount"),
        ("enabled_events", "events"),
        ("capacity_sat", "the size"),
        ("node_id", "the node’s id"),
        ("percentage", "the percentage"),
    ];
    known.into_iter().fold(message.to_owned(), |text, (name, plain)| text.replace(name, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, param: &str, message: &str, expect: &str) {
        assert_eq!(problem(label, param, message), expect);
    }

    #[test]
    fn problems_are_told_by_the_label_that_people_see() {
        check("Name", "name", "name is required", "Name: fill this in.");
        let rule = "end_date must be after start_date and in the future";
        check(
            "End date",
            "end_date",
            rule,
            "End date must be after the start date and in the future.",
        );
        check(
            "Cashback",
            "cashback.id",
            "id is required",
            "Cashback: choose one of the available cashbacks.",
        );
        check("Question", "custom_fields[0].label", "label is long", "Question is long.");
        let rule = "the account's balance does not cover the amount";
        check("Amount", "amount", rule, "The account's balance does not cover the amount.");
        assert_eq!(sentence("it broke"), "It broke.");
    }
}
