//! The hosted pages of checkout links (`/c/…`) and payment links (`/p/…`). `GET` shows what it is, with a button, and
//! changes nothing: crawlers and previews come by. `POST` leads to a session's own page; a claim is never shown here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::domain::account::Account;
use crate::domain::checkout::{NoPrice, Session};
use crate::domain::decimal::Decimal;
use crate::domain::link::{Link, LinkStatus};
use crate::domain::rate::Price;
use crate::domain::token::{Token, TokenKind};
use crate::engine::command::OpenLink;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::Refusal;
use crate::ports::store::{StoreFault, TokenOwner, fetch, table};
use crate::shell::desk::DeskFault;
use crate::web::named::Named;

use super::super::{Shared, body};
use super::session::{NoView, named};
use super::{Public, cookies, link_page};

/// What a link's page is about.
pub(super) struct LinkView {
    pub(super) account: Account,
    pub(super) link: Link,
    /// The session that this browser opened through this link.
    pub(super) mine: Option<Session>,
    /// The path of the page, for forms and cookies.
    pub(super) path: String,
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
        Err(none) => return none.into_response(),
    };
    match view.link.status {
        LinkStatus::Active => match the_session(&public.shared, &view.link) {
            Ok(session) => lead_to(&public.shared, &view.path, &session, None),
            Err(none) => none.into_response(),
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
        Err(none) => return none.into_response(),
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
        Err(why) => return page(&view, Some(why), StatusCode::BAD_REQUEST),
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
            page(view, Some(why), status)
        }
        Err(_) => NoView::Broken(StoreFault("the desk does not answer".to_owned())).into_response(),
    }
}

/// What is owed after the customer's choice, or what is wrong with it.
fn owed(link: &Link, chosen: Option<&str>) -> Result<Decimal, &'static str> {
    let chosen = match chosen {
        Some(text) => Some(Decimal::parse(text).map_err(|_| "This is not an amount.")?),
        None => None,
    };
    let amount = link.terms.price.choose(chosen).map_err(|no| match no {
        NoPrice::Missing => "Please say how much.",
        NoPrice::NotAnOption => "Please choose one of the amounts.",
        NoPrice::TooLittle => "This is less than the shop takes.",
        NoPrice::TooMuch => "This is more than the shop takes.",
    })?;
    // In fiat it takes the rate of the moment to tell what else can be paid.
    let currency = link.terms.currency;
    let is_none = |rate| Price::of(amount, rate).is_none();
    if !currency.fits(amount) || currency.own_rate().is_some_and(is_none) {
        return Err(UNPAYABLE);
    }
    Ok(amount)
}

const UNPAYABLE: &str = "This amount cannot be paid: it must be at least one satoshi.";

fn reason(fault: &DeskFault) -> (StatusCode, &'static str) {
    let busy =
        (StatusCode::SERVICE_UNAVAILABLE, "The shop is closed for a moment; try again later.");
    match fault {
        DeskFault::Refused(Refusal::LinkNotActive) => (StatusCode::GONE, "This link is closed."),
        DeskFault::NoPrice => (StatusCode::BAD_REQUEST, UNPAYABLE),
        DeskFault::NoRate(..) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The exchange rate is not known at the moment; try again later.",
        ),
        DeskFault::Refused(_)
        | DeskFault::NoAnswer(NoAnswer::Full | NoAnswer::Ended)
        | DeskFault::Node(_) => busy,
        DeskFault::InboundCapacity => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The shop cannot receive that much at the moment; try a smaller amount or come back later.",
        ),
    }
}

fn show(shared: &Shared, kind: TokenKind, token: &str, headers: &HeaderMap) -> Response {
    let view = match read(shared, kind, token, headers) {
        Ok(view) => view,
        Err(none) => return none.into_response(),
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

fn page(view: &LinkView, problem: Option<&str>, status: StatusCode) -> Response {
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
    Ok(LinkView { account, link, mine, path })
}

fn is_of(owner: &TokenOwner, kind: TokenKind) -> bool {
    matches!(owner, TokenOwner::Link(id) if id.token_kind() == kind)
}

/// The one session of a checkout link.
fn the_session(shared: &Shared, link: &Link) -> Result<Session, NoView> {
    named(fetch::<table::Session>(&*shared.rows, named(link.session.clone())?)?)
}
