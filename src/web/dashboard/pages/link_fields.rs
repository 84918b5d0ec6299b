//! What is asked of a link or of a session: both sell the same.

use maud::{Markup, html};

use super::super::json::Json;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{Filled, body, put};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, link as say};
use super::currencies;

/// Which fields a form has beside the ones that all have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Link,
    Session,
}

const PRICES: &[&str] = &["fixed", "options", "preset"];

pub(super) const FIELDS: [Field; 34] = [
    must("link", say::KIND, Kind::Radio(&["payment", "checkout"])),
    may("title", say::TITLE, Kind::Text),
    may("title_description", say::TITLE_DESCRIPTION, Kind::Lines),
    may("title_image", say::TITLE_IMAGE, Kind::Text),
    must("type", say::PRICE, Kind::Radio(PRICES)),
    must("currency", say::CURRENCY, Kind::Pick),
    must("amount", say::AMOUNT, Kind::Number),
    must("options", say::OPTIONS, Kind::Numbers),
    may("preset.min_amount", say::MIN_AMOUNT, Kind::Number),
    may("preset.max_amount", say::MAX_AMOUNT, Kind::Number),
    may("add_cashback", say::ADD_CASHBACK, Kind::Flag),
    must("cashback.id", say::CASHBACK, Kind::Pick),
    may("customer_collections_status.is_email_enabled", say::EMAIL, Kind::Flag),
    may("customer_collections_status.is_phone_enabled", say::PHONE, Kind::Flag),
    may("customer_collections_status.is_billing_address_enabled", say::BILLING, Kind::Flag),
    may("customer_collections_status.is_shipping_address_enabled", say::SHIPPING, Kind::Flag),
    may("custom_fields[0].label", say::QUESTION, Kind::Text),
    may("custom_fields[0].type", say::ANSWER, Kind::Pick),
    may("custom_fields[0].options", say::ANSWERS, Kind::Texts),
    may("custom_fields[0].is_optional", say::IS_OPTIONAL, Kind::Flag),
    may("custom_fields[1].label", say::QUESTION, Kind::Text),
    may("custom_fields[1].type", say::ANSWER, Kind::Pick),
    may("custom_fields[1].options", say::ANSWERS, Kind::Texts),
    may("custom_fields[1].is_optional", say::IS_OPTIONAL, Kind::Flag),
    may("custom_fields[2].label", say::QUESTION, Kind::Text),
    may("custom_fields[2].type", say::ANSWER, Kind::Pick),
    may("custom_fields[2].options", say::ANSWERS, Kind::Texts),
    may("custom_fields[2].is_optional", say::IS_OPTIONAL, Kind::Flag),
    may("success_message", say::SUCCESS_MESSAGE, Kind::Lines),
    may("success_url", say::SUCCESS_URL, Kind::Text),
    may("cancel_url", say::CANCEL_URL, Kind::Text),
    may("ttl", say::TTL, Kind::Times(60)),
    may("statement_descriptor", say::STATEMENT, Kind::Text),
    may("metadata", words::METADATA, Kind::Notes),
];

/// Offers what can be chosen from.
pub(super) async fn offer(visit: &Visit, filled: &mut Filled) -> Result<bool, Trouble> {
    filled.offer("currency", currencies(visit, filled.value("currency")).await?);
    let mut cashbacks = vec![(String::new(), say::CHOOSE.to_owned())];
    for status in ["active", "scheduled"] {
        let list = visit.get(&format!("/cashbacks?status={status}&limit=100")).await?;
        for row in list.list("data") {
            let name = format!("{} ({})", row.text("name"), super::cashbacks::worth(row));
            cashbacks.push((row.text("id").to_owned(), name));
        }
    }
    let has_any = cashbacks.len() > 1;
    filled.offer("cashback.id", cashbacks);
    let types = ["text", "number", "dropdown"];
    let types = types.map(|word| (word.to_owned(), words::choice(word).to_owned()));
    for name in ["custom_fields[0].type", "custom_fields[1].type", "custom_fields[2].type"] {
        filled.offer(name, types.to_vec());
    }
    Ok(has_any)
}

/// The fields, part by part.
pub(super) fn show(filled: &Filled, of: Of, has_cashbacks: bool) -> Markup {
    let show = |names: &[&str]| {
        let fields = FIELDS.iter().filter(|field| names.contains(&field.name));
        html! { @for field in fields { (field.show(filled)) } }
    };
    let asks = FIELDS.iter().filter(|field| field.name.starts_with("customer_"));
    html! {
        section.card { h2 { (say::WHAT) }
            @if of == Of::Link { (show(&["link"])) }
            (show(&["title", "title_description", "title_image"]))
        }
        section.card { h2 { (say::HOW_MUCH) }
            (show(&["type"]))
            div.row { (show(&["currency", "amount", "options"])) }
            div.row { (show(&["preset.min_amount", "preset.max_amount"])) }
        }
        section.card.options { h2 { (say::EXTRAS) }
            (show(&["add_cashback"]))
            div.reveal {
                @if has_cashbacks { (show(&["cashback.id"])) } @else {
                    p.hint { (say::NO_CASHBACKS) " " a href="/dashboard/cashbacks/new" { (words::cashback::CREATE) } }
                }
            }
            h3 { (say::ASK_CUSTOMERS) }
            @for field in asks { (field.show(filled)) }
            (questions(filled))
        }
        section.card { h2 { (say::AFTERWARDS) }
            (show(&["success_message", "success_url"]))
            @if of == Of::Session { (show(&["cancel_url"])) }
        }
        section.card { h2 { (say::MORE) } (show(&["ttl", "statement_descriptor", "metadata"])) }
    }
}

/// Questions of the shop's own; what was typed or is wrong is in sight.
fn questions(filled: &Filled) -> Markup {
    html! {
        @for at in 0..3 {
            @let begin = format!("custom_fields[{at}].");
            @let own: Vec<&Field> = FIELDS.iter().filter(|field| field.name.starts_with(&begin)).collect();
            @let is_used = own.iter().any(|field| filled.is_touched(field));
            details.more open[is_used] {
                summary { (say::own_question(at + 1)) }
                @for field in own { (field.show(filled)) }
            }
        }
    }
}

/// The body of a request. What the form hides is not sent.
pub(super) fn request(sent: &Sent, of: Of) -> String {
    let is_checkout = of == Of::Link && sent.field("link") == "checkout";
    let price = if is_checkout { "fixed" } else { sent.field("type") };
    let is_said = |field: &&Field| match field.name {
        "link" | "add_cashback" => false,
        "amount" => price == "fixed",
        "options" => price == "options",
        "preset.min_amount" | "preset.max_amount" => price == "preset",
        "cashback.id" => !sent.field("add_cashback").is_empty(),
        "cancel_url" => of == Of::Session,
        "type" => !is_checkout,
        name => !name.starts_with("custom_fields"),
    };
    let fields: Vec<Field> = FIELDS.iter().filter(is_said).copied().collect();
    let mut json = body(&fields, &sent.fields, false);
    if !sent.field("add_cashback").is_empty() && sent.field("cashback.id").is_empty() {
        put(&mut json, "cashback", Json::Object(vec![]));
    }
    let asked = own_questions(sent);
    if !asked.is_empty() {
        put(&mut json, "custom_fields", Json::List(asked));
    }
    json.pretty(0)
}

fn own_questions(sent: &Sent) -> Vec<Json> {
    let mut asked = vec![];
    for at in 0..3 {
        let begin = format!("custom_fields[{at}].");
        let said = |name: &str| sent.field(&format!("{begin}{name}"));
        if said("label").trim().is_empty() && said("options").trim().is_empty() {
            continue;
        }
        let is_dropdown = said("type") == "dropdown";
        let mut question = Json::Object(vec![]);
        for field in FIELDS.iter().filter(|field| field.name.starts_with(&begin)) {
            let name = &field.name[begin.len()..];
            match field.json(&sent.fields) {
                Some(value) if name != "options" || is_dropdown => put(&mut question, name, value),
                _ => {}
            }
        }
        asked.push(question);
    }
    asked
}
