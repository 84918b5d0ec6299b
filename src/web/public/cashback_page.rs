//! The cashback pop-up. It is a `dialog` that is open in the page: a browser without scripts shows it there, and the
//! script lifts it over the page when the payment arrives.

use maud::{Markup, html};

use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::currency::Currency;

use super::super::Shared;
use super::checkout_page::way_on;
use super::forms::{Said, paste};
use super::session::View;
use super::status::Status;
use super::{amounts, frame, texts};

/// What is said aloud of the cashback.
pub(super) fn announcement(view: &View) -> Option<String> {
    let claim = view.claim.as_ref()?;
    let amount = amounts::sat(claim.amount);
    Some(match (claim.status, claim.last_error) {
        (ClaimStatus::Open, Some(code)) => {
            format!("{}: {}. {}", texts::DID_NOT_ARRIVE, texts::failure(code), texts::SCAN_AGAIN)
        }
        (ClaimStatus::Open, None) => {
            format!("{}. {}: {amount}. {}", texts::PAID, texts::YOUR_CASHBACK, texts::SCAN_TO_GET)
        }
        (ClaimStatus::Processing, _) => format!("{amount}: {}", texts::ON_ITS_WAY),
        (ClaimStatus::Paid, _) => format!("{amount}: {}", texts::ARRIVED),
        (ClaimStatus::Expired, _) => texts::EXPIRED.to_owned(),
        (ClaimStatus::Cancelled, _) => texts::CANCELLED.to_owned(),
    })
}

/// The pop-up of a claim.
pub(super) fn popup(
    shared: &Shared,
    token: &str,
    view: &View,
    claim: &Claim,
    said: &Said,
) -> Markup {
    let is_alive = matches!(claim.status, ClaimStatus::Open | ClaimStatus::Processing);
    html! {
        dialog #cashback open aria-labelledby="cashback-title" data-claim=(claim.status.name())
            data-lift[is_alive] {
            form.close method="dialog" {
                button aria-label=(texts::CLOSE) title=(texts::CLOSE) { "✕" }
            }
            @match claim.status {
                ClaimStatus::Open => (open(shared, token, view, claim, said)),
                ClaimStatus::Processing => (processing(view, claim)),
                ClaimStatus::Paid => (paid(view, claim)),
                ClaimStatus::Expired => (over(texts::EXPIRED, texts::NOT_CLAIMED)),
                ClaimStatus::Cancelled => (over(texts::CANCELLED, texts::BY_THE_SHOP)),
            }
            @if let Some(url) = &view.session.terms.success_url { (way_on(url, !is_alive)) }
        }
    }
}

/// How much it is; in the currency of the checkout too, at the rate of the payment.
fn worth(view: &View, claim: &Claim) -> Markup {
    let currency = view.session.terms.currency;
    let rate = view.payment.as_ref().and_then(|payment| payment.rate);
    let fiat = rate.filter(|_| matches!(currency, Currency::Fiat(_)));
    let fiat = fiat.map(|rate| rate.amount_of(currency, claim.amount));
    html! {
        p.amount { (amounts::sat(claim.amount)) }
        @if let Some(fiat) = fiat.filter(|fiat| !fiat.is_zero()) {
            p.in-sats { "≈ " (amounts::money(fiat, currency)) }
        }
    }
}

fn open(shared: &Shared, token: &str, view: &View, claim: &Claim, said: &Said) -> Markup {
    let links = shared.claim_links(claim, &view.session);
    let until = claim.expires_at;
    html! {
        h2 #cashback-title tabindex="-1" { (texts::YOUR_CASHBACK) }
        (worth(view, claim))
        (warnings(shared, view, claim))
        p.do { (texts::SCAN_TO_GET) }
        (frame::code(&format!("/s/{token}/cashback.svg"), texts::CASHBACK_CODE, &links.lnurl, texts::COPY_CASHBACK))
        (frame::hand_over(&format!("lightning:{}", links.lnurl), &links.lnurl))
        p.fine.until {
            (texts::GOOD_UNTIL)
            time data-when=(until.millis()) { (amounts::moment(until)) }
            ". " (texts::COME_BACK)
        }
        div.more {
            (paste(token, &links.withdraw, claim, said))
            (frame::as_text(&links.lnurl))
            p.fine {
                a href=(links.lnurlw) { (texts::OPEN_LNURLW) }
                button.plain type="button" data-print { (texts::PRINT) }
            }
        }
    }
}

/// Why the last try failed, and why this is not the moment for the next.
fn warnings(shared: &Shared, view: &View, claim: &Claim) -> Markup {
    let now = shared.clock.now().wall;
    let wait = Status::of(view, now).retry_after_secs;
    let has_to_rest = claim.must_wait(now);
    html! {
        @if let Some(code) = claim.last_error {
            p.warning.failed {
                strong { (texts::DID_NOT_ARRIVE) } ": " (texts::failure(code)) ". "
                @if wait.is_none() { (texts::SCAN_AGAIN) }
            }
        }
        @if let Some(secs) = wait {
            p.warning.busy {
                @if has_to_rest { (texts::FAILED_OFTEN) } @else { (texts::ANOTHER_FIRST) }
                " " (texts::TRY_IN)
                span.count data-count=(secs) {
                    (amounts::left(crate::domain::time::Span::from_secs(secs)))
                }
                "."
            }
        }
    }
}

fn processing(view: &View, claim: &Claim) -> Markup {
    html! {
        div.spinner aria-hidden="true" { (frame::bolt()) }
        h2 #cashback-title tabindex="-1" { (texts::ON_ITS_WAY) }
        (worth(view, claim))
        p.fine { (texts::MOMENT) }
    }
}

fn paid(view: &View, claim: &Claim) -> Markup {
    html! {
        div.confetti aria-hidden="true" { @for _ in 0..14 { i {} } }
        (frame::tick())
        h2 #cashback-title tabindex="-1" { (texts::ARRIVED) }
        (worth(view, claim))
        @if let Some(payout) = &view.payout {
            details.text.proof {
                summary { (texts::PROOF) }
                dl {
                    dt { (texts::PAYMENT_HASH) }
                    dd.code { (payout.hash) }
                    @if let Some(preimage) = &payout.preimage {
                        dt { (texts::PREIMAGE) }
                        dd.code { (preimage.to_hex()) }
                    }
                }
            }
        }
    }
}

fn over(title: &str, why: &str) -> Markup {
    html! {
        h2 #cashback-title tabindex="-1" { (title) }
        p { (why) }
    }
}
