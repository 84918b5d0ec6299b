//! The hosted pages of checkout links (`/c/…`) and payment links (`/p/…`). `GET` shows what it is, with a button, and
//! changes nothing: crawlers and previews come by. `POST` leads to a session's own page; a claim is never shown here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::domain::account::Account;
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{NoPrice, Session};
use crate::domain::decimal::Decimal;
use crate::domain::link::{Link, LinkStatus};
use crate::domain::rate::Price;
use crate::domain::time::Timestamp;
use crate::domain::token::{Token, TokenKind};
use crate::engine::command::OpenLink;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::Refusal;
use crate::ports::store::{StoreFault, TokenOwner, fetch, table};
use crate::shell::desk::DeskFault;
use crate::web::named::Named;

use super::super::{Shared, body};
use super::session::{NoView, named};
use super::{Public, cookies, frame, link_page, texts};

/// What a link's page is about.
pub(super) struct LinkView {
    pub(super) account: Account,
    pub(super) link: Link,
    /// The session that this browser opened through this link.
    pub(super) mine: Option<Session>,
    /// The cashback attached to the link.
    pub(super) cashback: Option<Cashback>,
    /// The path of the page, for forms and cookies.
    pub(super) path: String,
    /// When it was looked at.
    pub(super) now: Timestamp,
}

/// What was wrong with the last try.
pub(super) struct Problem {
    pub(super) why: &'static str,
    /// The amount as the customer gave it.
    pub(super) typed: String,
}

/// `GET /c/{token}`.
pub(super) async fn show_checkout(
    State(public): State<Public>,
    Named(token): Named,
    headers: HeaderMap,
) -> Response {
    show(&public.shared, TokenKind::CheckoutLink, &token, &headers)
}

/// `GET /p/{token}`.
pub(super) async fn show_payment(
    State(public): State<Public>,
    Named(token): Named,
    headers: HeaderMap,
) -> Response {
    show(&public.shared, TokenKind::PaymentLink, &token, &headers)
}

/// `POST /c/{token}`.
pub(super) async fn open_checkout(
    State(public): State<Public>,
    Named(token): Named,
    headers: HeaderMap,
) -> Response {
    let view = match read(&public.shared, TokenKind::CheckoutLink, &token, &headers) {
        Ok(view) => view,
        Err(none) => return frame::none(none),
    };
    match view.link.status {
        LinkStatus::Active => match the_session(&public.shared, &view.link) {
            Ok(session) => lead_to(&public.shared, &view.path, &session, None),
            Err(none) => frame::none(none),
        },
        // Whoever opened it while it was unpaid has its page; anybody else is told that it is over.
        LinkStatus::Paid => match &view.mine {
            Some(session) => lead_to(&public.shared, &view.path, session, None),
            None => page(&view, None, StatusCode::OK),
        },
        LinkStatus::Deactivated => page(&view, None, StatusCode::GONE),
    }
}

/// `POST /p/{token}`, with the form's `amount` where the customer has a choice; `open=last` leads back to the session that
/// this browser opened last.
pub(super) async fn open_payment(
    State(public): State<Public>,
    Named(token): Named,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let view = match read(&public.shared, TokenKind::PaymentLink, &token, &headers) {
        Ok(view) => view,
        Err(none) => return frame::none(none),
    };
    let Ok(bytes) = body::read(request.into_body(), public.body_max_bytes).await else {
        return (StatusCode::BAD_REQUEST, "the form is too large or did not arrive")
            .into_response();
    };
    let said = |name: &str| {
        form_urlencoded::parse(&bytes)
            .find_map(|(found, value)| (found == name).then(|| value.trim().to_owned()))
    };
    if let (Some("last"), Some(session)) = (said("open").as_deref(), &view.mine) {
        return lead_to(&public.shared, &view.path, session, None);
    }
    if view.link.status != LinkStatus::Active {
        return page(&view, None, StatusCode::GONE);
    }
    let chosen = said("amount").filter(|text| !text.is_empty());
    let owed = match owed(&view.link, chosen.as_deref()) {
        Ok(owed) => owed,
        Err(why) => {
            let problem = Problem { why, typed: chosen.unwrap_or_default() };
            return page(&view, Some(&problem), StatusCode::BAD_REQUEST);
        }
    };
    open(&public.shared, &view, &headers, owed).await
}

/// Finds or makes this browser's session over what is owed, and leads to it.
async fn open(shared: &Shared, view: &LinkView, headers: &HeaderMap, amount: Decimal) -> Response {
    let known = cookies::browser(headers).map(str::to_owned);
    let name = known.unwrap_or_else(|| cookies::new_browser(shared));
    let browser = shared.secrets.digest(name.as_bytes());
    let request = OpenLink { link: view.link.id.clone(), browser, amount };
    let opened = shared.blocking(move |desk| desk.open_link(request)).await;
    match opened {
        Ok(Ok(session)) => lead_to(shared, &view.path, &session, Some(&name)),
        Ok(Err(fault)) => {
            let (status, why) = reason(&fault);
            let problem = Problem { why, typed: amount.to_string() };
            page(view, Some(&problem), status)
        }
        Err(_) => frame::none(NoView::Broken(StoreFault("the desk does not answer".to_owned()))),
    }
}

/// What is owed after the customer's choice, or what is wrong with it.
fn owed(link: &Link, chosen: Option<&str>) -> Result<Decimal, &'static str> {
    let chosen = match chosen {
        Some(text) => Some(Decimal::parse(text).map_err(|_| texts::NOT_AN_AMOUNT)?),
        None => None,
    };
    let amount = link.terms.price.choose(chosen).map_err(|no| match no {
        NoPrice::Missing => texts::SAY_HOW_MUCH,
        NoPrice::NotAnOption => texts::ONE_OF_THESE,
        NoPrice::TooLittle => texts::TOO_LITTLE,
        NoPrice::TooMuch => texts::TOO_MUCH,
    })?;
    // In fiat it takes the rate of the moment to tell what else can be paid.
    let currency = link.terms.currency;
    let is_none = |rate| Price::of(amount, rate).is_none();
    if !currency.fits(amount) || currency.own_rate().is_some_and(is_none) {
        return Err(texts::UNPAYABLE);
    }
    Ok(amount)
}

fn reason(fault: &DeskFault) -> (StatusCode, &'static str) {
    let busy = (StatusCode::SERVICE_UNAVAILABLE, texts::SHOP_CLOSED);
    match fault {
        DeskFault::Refused(Refusal::LinkNotActive) => (StatusCode::GONE, texts::LINK_CLOSED),
        DeskFault::NoPrice => (StatusCode::BAD_REQUEST, texts::UNPAYABLE),
        DeskFault::NoRate(..) => (StatusCode::SERVICE_UNAVAILABLE, texts::NO_RATE),
        DeskFault::Refused(_)
        | DeskFault::NoAnswer(NoAnswer::Full | NoAnswer::Ended)
        | DeskFault::Node(_)
        | DeskFault::Unreachable(_)
        | DeskFault::NoInvoice(_) => busy,
        DeskFault::InboundCapacity => (StatusCode::SERVICE_UNAVAILABLE, texts::TOO_MUCH_LATER),
    }
}

fn show(shared: &Shared, kind: TokenKind, token: &str, headers: &HeaderMap) -> Response {
    let view = match read(shared, kind, token, headers) {
        Ok(view) => view,
        Err(none) => return frame::none(none),
    };
    let status = match view.link.status {
        LinkStatus::Active | LinkStatus::Paid => StatusCode::OK,
        LinkStatus::Deactivated => StatusCode::GONE,
    };
    let mut response = page(&view, None, status);
    // The name comes with the page: who then presses the button twice is one browser already.
    if kind == TokenKind::PaymentLink && cookies::browser(headers).is_none() {
        let name = cookies::new_browser(shared);
        set(&mut response, cookies::name_browser(shared, &view.path, &name));
    }
    response
}

fn page(view: &LinkView, problem: Option<&Problem>, status: StatusCode) -> Response {
    (status, Html(link_page::render(view, problem).into_string())).into_response()
}

/// On to the session's own page.
fn lead_to(shared: &Shared, path: &str, session: &Session, browser: Option<&str>) -> Response {
    let target = shared.session_path(session);
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
    set(&mut response, cookies::remember(shared, path, session));
    if let Some(name) = browser {
        set(&mut response, cookies::name_browser(shared, path, name));
    }
    response
}

fn set(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Reads what a link's page is about.
fn read(
    shared: &Shared,
    kind: TokenKind,
    token: &str,
    headers: &HeaderMap,
) -> Result<LinkView, NoView> {
    let token = Token::parse(kind, token).ok_or(NoView::Unknown)?;
    let rows = &*shared.rows;
    let owner = fetch::<table::Token>(rows, shared.secrets.token_digest(&token))?;
    let Some(TokenOwner::Link(id)) = owner.filter(|owner| is_of(owner, kind)) else {
        return Err(NoView::Unknown);
    };
    let link = named(fetch::<table::Link>(rows, id)?)?;
    let path = shared.link_path(&link);
    let account = named(fetch::<table::Account>(rows, link.account.clone())?)?;
    let is_of_link = |session: &Session| session.visit.as_ref().is_some_and(|v| v.link == link.id);
    let mine = cookies::session(shared, headers).filter(is_of_link);
    let cashback = match link.terms.cashback.clone() {
        Some(id) => Some(named(fetch::<table::Cashback>(rows, id)?)?),
        None => None,
    };
    Ok(LinkView { account, link, mine, cashback, path, now: shared.clock.now().wall })
}

fn is_of(owner: &TokenOwner, kind: TokenKind) -> bool {
    matches!(owner, TokenOwner::Link(id) if id.token_kind() == kind)
}

/// The one session of a checkout link.
fn the_session(shared: &Shared, link: &Link) -> Result<Session, NoView> {
    named(fetch::<table::Session>(&*shared.rows, named(link.session.clone())?)?)
}
