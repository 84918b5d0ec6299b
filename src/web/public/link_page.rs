//! What the hosted page of a link looks like: what is sold, without a script, and with one button.

use maud::{Markup, html};

use crate::domain::checkout::{Choice, SessionStatus};
use crate::domain::decimal::Decimal;
use crate::domain::link::{Link, LinkStatus, Price};

use super::link::{LinkView, Problem};
use super::{amounts, frame, offer, texts};

/// Renders the page; `problem` is what was wrong with the last attempt.
pub(super) fn render(view: &LinkView, problem: Option<&Problem>) -> Markup {
    let terms = &view.link.terms;
    let title = terms.title.as_deref().unwrap_or(&view.account.name);
    let main = html! {
        main.link {
            section.what {
                (frame::shop(&view.account.name))
                @match &terms.title {
                    Some(title) => h1 dir="auto" { (title) },
                    None => h1 dir="auto" { (texts::pay_to(&view.account.name)) },
                }
                @if let Price::Fixed(amount) = &terms.price {
                    p.amount { (amounts::money(*amount, terms.currency)) }
                }
                @if view.link.status == LinkStatus::Active {
                    @if let Some(cashback) = &view.cashback {
                        @if let Some(offer) = offer::in_general(cashback, view.now) { (offer) }
                    }
                }
                @if let Some(text) = &terms.title_description { p.lead dir="auto" { (text) } }
            }
            section.pane #link {
                @match view.link.status {
                    LinkStatus::Deactivated => p.notice { (texts::LINK_CLOSED) },
                    LinkStatus::Paid => div.paid { (frame::tick()) h2 { (texts::LINK_PAID) } },
                    LinkStatus::Active => (form(&view.link, &view.path, problem)),
                }
                (way_back(view))
            }
        }
    };
    frame::page(&frame::Head { title, refresh_secs: None, has_script: false }, &main)
}

fn form(link: &Link, path: &str, problem: Option<&Problem>) -> Markup {
    let typed = problem.map_or("", |problem| problem.typed.as_str());
    html! {
        form.ask method="post" action=(path) {
            @match &link.terms.price {
                Price::Fixed(_) => {},
                Price::Chosen(Choice::Options(amounts)) => (options(link, amounts, typed)),
                Price::Chosen(choice) => (open_price(link, choice, typed, problem)),
            }
            @if let Some(problem) = problem {
                p.bad.problem #problem role="alert" { (problem.why) }
            }
            button.button.first type="submit" { (frame::bolt()) (texts::PAY) }
        }
    }
}

fn options(link: &Link, amounts: &[Decimal], typed: &str) -> Markup {
    let is_chosen = |at: usize, amount: &Decimal| match typed {
        "" => at == 0,
        typed => amount.to_string() == typed,
    };
    html! {
        fieldset.options {
            legend { (texts::CHOOSE_AMOUNT) }
            @for (at, amount) in amounts.iter().enumerate() {
                label {
                    input type="radio" name="amount" value=(amount) checked[is_chosen(at, amount)] required;
                    span { (amounts::money(*amount, link.terms.currency)) }
                }
            }
        }
    }
}

fn open_price(link: &Link, choice: &Choice, typed: &str, problem: Option<&Problem>) -> Markup {
    let currency = link.terms.currency;
    let money = |amount| amounts::money(amount, currency);
    html! {
        h2 { (texts::HOW_MUCH) }
        div.field {
            label for="amount" { (texts::amount_in(currency.code())) }
            input #amount type="text" name="amount" inputmode="decimal" autocomplete="off" required
                value=(typed) aria-invalid=[problem.map(|_| "true")]
                aria-describedby=(if problem.is_some() { "problem bounds" } else { "bounds" });
            p.fine #bounds {
                @if let Choice::Preset(least, most) = choice {
                    (texts::between(&money(*least), &money(*most)))
                }
            }
        }
    }
}

/// For a browser that has paid here: its own page has the cashback.
fn way_back(view: &LinkView) -> Markup {
    let is_paid = view.mine.as_ref().is_some_and(|session| session.status == SessionStatus::Paid);
    html! {
        @if is_paid {
            form.ask method="post" action=(view.path) {
                input type="hidden" name="open" value="last";
                button.button type="submit" { (texts::BACK_TO_PAID) }
            }
        }
    }
}
