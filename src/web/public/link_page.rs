//! What the hosted page of a link looks like: plain, without a script, and with one button.

use maud::{DOCTYPE, Markup, html};

use crate::domain::checkout::{Choice, SessionStatus};
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::link::{Link, LinkId, LinkStatus, Price};

use super::link::LinkView;

/// Renders the page; `problem` is what was wrong with the last attempt.
pub(super) fn render(view: &LinkView, problem: Option<&str>) -> Markup {
    let terms = &view.link.terms;
    let title = terms.title.as_deref().unwrap_or(&view.account.name);
    // Over an unsafe connection the browser would not load it anyway.
    let image = terms.title_image.as_deref().filter(|image| image.starts_with("https://"));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href="/assets/page.css";
            }
            body {
                main {
                    @if let Some(image) = image { img src=(image) alt=""; }
                    h1 { (title) }
                    @if let Some(text) = &terms.title_description { p { (text) } }
                    section id="link" {
                        @if let Some(problem) = problem { p.bad { (problem) } }
                        @match (&view.link.id, view.link.status) {
                            (_, LinkStatus::Deactivated) => p { "This link is closed." },
                            (_, LinkStatus::Paid) => p.good { "This checkout has been paid." },
                            (LinkId::Checkout(_) | LinkId::Payment(_), LinkStatus::Active) => {
                                (offer(&view.link, &view.path))
                            }
                        }
                        (way_back(view))
                    }
                }
            }
        }
    }
}

/// An amount as people read it.
fn money(amount: Decimal, currency: Currency) -> String {
    match currency {
        Currency::Sats => format!("{amount} sat"),
        Currency::Btc | Currency::Fiat(_) => format!("{amount} {}", currency.code()),
    }
}

fn offer(link: &Link, path: &str) -> Markup {
    let currency = link.terms.currency;
    html! {
        form method="post" action=(path) {
            @match &link.terms.price {
                Price::Fixed(amount) => p.amount { (money(*amount, currency)) },
                Price::Chosen(Choice::Options(amounts)) => @for (at, amount) in amounts.iter().enumerate() {
                    p.amount {
                        label {
                            input type="radio" name="amount" value=(amount) checked[at == 0] required;
                            " " (money(*amount, currency))
                        }
                    }
                },
                Price::Chosen(choice) => p {
                    label {
                        "Amount in " (currency.code()) ": "
                        input type="text" name="amount" inputmode="decimal" autocomplete="off" required;
                    }
                    @if let Choice::Preset(least, most) = choice {
                        br; "at least " (money(*least, currency))
                        br; "at most " (money(*most, currency))
                    }
                },
            }
            p { button type="submit" { "Pay with Lightning" } }
        }
    }
}

/// For a browser that has paid here: its own page has the cashback.
fn way_back(view: &LinkView) -> Markup {
    let is_paid = view.mine.as_ref().is_some_and(|session| session.status == SessionStatus::Paid);
    html! {
        @if is_paid {
            form method="post" action=(view.path) {
                input type="hidden" name="open" value="last";
                p { button type="submit" { "Back to what you paid" } }
            }
        }
    }
}
