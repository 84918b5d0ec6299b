//! The hosted page of a session. Every state of it is made here, on the server: the script only fetches it again when
//! something has changed, and a browser without scripts does so by itself.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

use crate::domain::checkout::{PaymentStatus, SessionStatus};
use crate::domain::claim::ClaimStatus;
use crate::domain::time::{Span, Timestamp};
use crate::web::named::Named;

use super::super::{Shared, qr};
use super::forms::Said;
use super::session::{View, look, read};
use super::status::Status;
use super::{Public, cashback_page, checkout_page, frame};

/// Seconds after which a page that may still change asks for itself again where there are no scripts: while somebody is
/// likely to look at it, and later.
const REFRESH_SECS: u32 = 3;
const LATER_REFRESH_SECS: u32 = 30;
/// For how long after the last change somebody is likely to look at the page.
const ATTENTION: Span = Span::from_secs(900);
/// With `?paste` the page waits for an invoice: it is not loaded anew while the customer types.
const PASTE: &str = "paste";

/// `GET /s/{token}`.
pub(super) async fn page(
    State(public): State<Public>,
    Named(token): Named,
    uri: axum::http::Uri,
) -> Response {
    match look(&public.shared, &token).await {
        Ok(view) => {
            public.views.note(&public.shared, &view);
            let said = Said { pastes: uri.query() == Some(PASTE), ..Said::default() };
            Html(render(&public.shared, &token, &view, &said).into_string()).into_response()
        }
        Err(why) => frame::none(why),
    }
}

/// `GET /s/{token}/invoice.svg`.
pub(super) async fn invoice_qr(State(public): State<Public>, Named(token): Named) -> Response {
    match read(&public.shared, &token) {
        // Upper case makes a smaller code; BOLT11 is the same in either.
        Ok(View { payment: Some(payment), must_answer: false, .. }) => {
            image(qr::svg(&format!("LIGHTNING:{}", payment.invoice.as_str().to_uppercase())))
        }
        Ok(_) => (StatusCode::NOT_FOUND, "there is no invoice (yet)").into_response(),
        Err(none) => none.into_response(),
    }
}

/// `GET /s/{token}/cashback.svg`: always the same code, for it holds the claim's link.
pub(super) async fn cashback_qr(State(public): State<Public>, Named(token): Named) -> Response {
    match read(&public.shared, &token) {
        Ok(View { claim: Some(claim), session, .. }) => {
            image(qr::sturdy_svg(&public.shared.claim_links(&claim, &session).lnurl))
        }
        Ok(_) => (StatusCode::NOT_FOUND, "there is no cashback (yet)").into_response(),
        Err(none) => none.into_response(),
    }
}

fn image(svg: Option<String>) -> Response {
    match svg {
        Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
        None => (StatusCode::INTERNAL_SERVER_ERROR, "no code").into_response(),
    }
}

/// The page, with what the customer `said` if that cannot be taken as it is.
pub(super) fn render(shared: &Shared, token: &str, view: &View, said: &Said) -> Markup {
    let now = shared.clock.now().wall;
    let terms = &view.session.terms;
    let title = terms.title.as_deref().unwrap_or(&view.account.name);
    let status = serde_json::to_string(&Status::of(view, now)).unwrap_or_default();
    let waits = may_change(view) && !said.is_typing();
    let main = html! {
        main #page data-here=(format!("/s/{token}")) data-status=(status) data-again=[again_secs(view, now)]
            data-said=(cashback_page::announcement(view).unwrap_or_else(|| checkout_page::announcement(view))) {
            (checkout_page::summary(view, now))
            section.pane {
                div #checkout { (checkout_page::state(token, view, said, now)) }
                @if let Some(claim) = &view.claim {
                    (cashback_page::popup(shared, token, view, claim, said))
                }
            }
        }
    };
    let refresh_secs = waits.then(|| refresh_secs(view, now));
    frame::page(&frame::Head { title, refresh_secs, has_script: true }, &main)
}

fn may_change(view: &View) -> bool {
    let status = view.payment.as_ref().map(|payment| payment.status);
    // A page that asks something must not be loaded anew while the customer types.
    let unpaid = view.session.status == SessionStatus::Active
        && matches!(status, Some(PaymentStatus::Unpaid | PaymentStatus::Expired))
        && !view.must_answer;
    let claimable = view
        .claim
        .as_ref()
        .is_some_and(|claim| matches!(claim.status, ClaimStatus::Open | ClaimStatus::Processing));
    unpaid || claimable
}

fn refresh_secs(view: &View, now: Timestamp) -> u32 {
    let claimed = view.claim.as_ref().map_or(view.session.modified, |claim| claim.modified);
    let changed = view.session.modified.max(claimed);
    let changed = view.payment.as_ref().map_or(changed, |payment| changed.max(payment.modified));
    let is_recent = now.since(changed) < ATTENTION;
    if is_recent { REFRESH_SECS } else { LATER_REFRESH_SECS }
}

/// After how many seconds the script should look again though nothing was told: a new invoice is due then, or another
/// try is possible.
fn again_secs(view: &View, now: Timestamp) -> Option<u64> {
    let invoice = view.payment.as_ref().filter(|payment| {
        view.session.status == SessionStatus::Active && payment.status == PaymentStatus::Unpaid
    });
    let invoice = invoice.map(|payment| payment.expires_at.since(now).secs() + 1);
    let expired = view.payment.as_ref().is_some_and(|payment| {
        view.session.status == SessionStatus::Active && payment.status == PaymentStatus::Expired
    });
    let next_try = expired.then_some(u64::from(LATER_REFRESH_SECS));
    let retry = Status::of(view, now).retry_after_secs;
    let expiry = view.claim.as_ref().filter(|claim| claim.status == ClaimStatus::Open);
    let expiry = expiry.map(|claim| claim.expires_at.since(now).secs() + 2);
    [invoice, next_try, retry, expiry].into_iter().flatten().min()
}
