//! Checkout links and payment links: made, opened, paid, closed and opened again. What happens to a link and what
//! happens to its sessions is one commit.

use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Session, SessionStatus, Visit};
use crate::domain::decimal::Decimal;
use crate::domain::event::EventKind;
use crate::domain::id::{CashbackId, CheckoutLinkId, PaymentId, PaymentLinkId, SessionId};
use crate::domain::link::{Link, LinkId, LinkStatus};
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{List, Scope, TokenOwner, table};

use super::checkouts;
use super::command::{Issued, LinkOrder, NewLink, NewSession, OpenLink, Origin};
use super::crowds::Crowd;
use super::ownership::owned;
use super::reply::{Object, Refusal, Reply};
use super::tx::{Fail, Tx};

/// Carries out what is asked about a link.
pub(super) fn order(tx: &mut Tx<'_>, order: LinkOrder, origin: &Origin) -> Result<Snapshot, Fail> {
    match order {
        LinkOrder::CreateCheckout(new, issued) => create_checkout(tx, new, issued),
        LinkOrder::CreatePayment(new) => create_payment(tx, new),
        LinkOrder::Open(request, issued) => open(tx, &request, issued),
        LinkOrder::Deactivate(id) => deactivate(tx, id, origin),
        LinkOrder::Activate(id) => activate(tx, id, origin),
    }
}

fn named_by(id: &LinkId) -> Object {
    match id {
        LinkId::Checkout(_) => Object::CheckoutLink,
        LinkId::Payment(_) => Object::PaymentLink,
    }
}

fn new_link(tx: &mut Tx<'_>, id: LinkId, new: NewLink) -> Link {
    let link = Link {
        id,
        seq: tx.next_seq(),
        account: new.account,
        terms: new.terms,
        status: LinkStatus::Active,
        session: None,
        opened: 0,
        paid: 0,
        token_generation: 0,
        created: tx.now(),
        modified: tx.now(),
    };
    let list = match link.id {
        LinkId::Checkout(_) => List::CheckoutLinks,
        LinkId::Payment(_) => List::PaymentLinks,
    };
    tx.list(list, &[Scope::Account(link.account.clone())], link.seq, link.id.as_str());
    let owner = TokenOwner::Link(link.id.clone());
    tx.index_token(link.id.token_kind(), link.id.as_str(), link.token_generation, owner);
    link
}

/// A link, its session and its payment, told of in this order (Speed).
fn create_checkout(tx: &mut Tx<'_>, new: NewLink, issued: Issued) -> Result<Snapshot, Fail> {
    let session = first_session(&new, issued.price.amount);
    let cashback = checkouts::admit(tx, &session)?;
    let id = LinkId::Checkout(CheckoutLinkId::new(tx.now(), tx.random()));
    let mut link = new_link(tx, id, new);
    let visit = Visit { link: link.id.clone(), browser: None };
    let session = of_link(session, &link.id);
    let made = checkouts::make(tx, session, Some(visit), cashback.as_ref(), Some(issued))?;
    link.session = Some(made.session.id.clone());
    link.opened = 1;
    let subject = Snapshot::Link(Box::new(link.clone()), made.session.payments.clone());
    tx.tell(EventKind::CheckoutLinkCreated, Some(&link.account), subject.clone());
    checkouts::announce(tx, &made);
    tx.put::<table::Link>(link.id.clone(), link);
    Ok(subject)
}

/// What the engine is asked whether it may be made, before there is an invoice.
pub fn first_session(new: &NewLink, amount: Decimal) -> NewSession {
    let terms = new.terms.session(amount);
    NewSession { account: new.account.clone(), terms }
}

fn of_link(mut session: NewSession, link: &LinkId) -> NewSession {
    session.terms.source = Some(link.source().to_owned());
    session.terms.source_id = Some(link.to_string());
    session
}

fn create_payment(tx: &mut Tx<'_>, new: NewLink) -> Result<Snapshot, Fail> {
    checkouts::closed_to_new_business(tx)?;
    checkouts::live_cashback(tx, &new.account, new.terms.cashback.clone())?;
    let id = LinkId::Payment(PaymentLinkId::new(tx.now(), tx.random()));
    let link = new_link(tx, id, new);
    Ok(save(tx, link, vec![], EventKind::PaymentLinkCreated))
}

/// The unpaid session that this browser has over this amount, or what must be known to make another one.
pub(super) fn find_visit(tx: &Tx<'_>, request: &OpenLink) -> Result<Reply, Fail> {
    let link = open_link(tx, &request.link)?;
    match same_visit(tx, &link, request)? {
        Some(session) => {
            let payments = checkouts::payments_of(tx, &session)?;
            let snapshot = Snapshot::session(session, &payments);
            Ok(Reply::Object { snapshot, replayed: false })
        }
        None => {
            let terms = link.terms.session(request.amount);
            let cashback = attached(tx, terms.cashback.clone())?;
            Ok(checkouts::first_wanted(&terms, cashback.as_ref()))
        }
    }
}

fn attached(tx: &Tx<'_>, id: Option<CashbackId>) -> Result<Option<Cashback>, Fail> {
    id.map(|id| tx.named::<table::Cashback>(id)).transpose()
}

fn open_link(tx: &Tx<'_>, id: &LinkId) -> Result<Link, Fail> {
    checkouts::closed_to_new_business(tx)?;
    let link = tx.asked::<table::Link>(id.clone(), named_by(id))?;
    match link.status {
        LinkStatus::Active => Ok(link),
        LinkStatus::Paid | LinkStatus::Deactivated => Err(Refusal::LinkNotActive.into()),
    }
}

fn visit_of(tx: &Tx<'_>, link: &Link, request: &OpenLink) -> Result<Option<Session>, Fail> {
    let id = tx.state.crowds.of_browser(&link.id, &request.browser).cloned();
    id.map(|id| tx.named::<table::Session>(id)).transpose()
}

fn same_visit(tx: &Tx<'_>, link: &Link, request: &OpenLink) -> Result<Option<Session>, Fail> {
    let visit = visit_of(tx, link, request)?;
    Ok(visit.filter(|session| session.terms.amount == request.amount))
}

/// One unpaid session for each browser, and so many for each link: in the commit that makes one more, the one that
/// nobody looked at for the longest is closed.
fn open(tx: &mut Tx<'_>, request: &OpenLink, issued: Issued) -> Result<Snapshot, Fail> {
    let mut link = open_link(tx, &request.link)?;
    if let Some(session) = same_visit(tx, &link, request)? {
        // The same browser asked twice at once; the second invoice is known to nobody.
        let payments = checkouts::payments_of(tx, &session)?;
        return Ok(Snapshot::session(session, &payments));
    }
    match visit_of(tx, &link, request)? {
        Some(mut other) => checkouts::close(tx, &mut other).map(drop)?,
        None => {
            let most = tx.around.policy.max_unpaid_per_link;
            checkouts::make_room(tx, &Crowd::Link(link.id.clone()), most)?;
        }
    }
    let new = NewLink { account: link.account.clone(), terms: link.terms.clone() };
    let new = of_link(first_session(&new, request.amount), &link.id);
    // Whether the cashback is live is decided when the session is paid: customers may buy without one.
    let cashback = attached(tx, new.terms.cashback.clone())?;
    let visit = Visit { link: link.id.clone(), browser: Some(request.browser) };
    let made = checkouts::make(tx, new, Some(visit), cashback.as_ref(), Some(issued))?;
    link.opened += 1;
    tx.put::<table::Link>(link.id.clone(), link);
    Ok(checkouts::announce(tx, &made))
}

/// The session of a link was paid.
pub(super) fn session_paid(tx: &mut Tx<'_>, session: &Session) -> Result<(), Fail> {
    let Some(visit) = &session.visit else { return Ok(()) };
    let mut link = tx.named::<table::Link>(visit.link.clone())?;
    link.paid += 1;
    let (kind, payments) = match link.id {
        LinkId::Checkout(_) => {
            link.status = LinkStatus::Paid;
            link.modified = tx.now();
            (EventKind::CheckoutLinkPaid, session.payments.clone())
        }
        LinkId::Payment(_) => (EventKind::PaymentLinkPaymentReceived, vec![]),
    };
    save(tx, link, payments, kind);
    Ok(())
}

/// The session of a link was closed by hand: a checkout link has no other.
pub(super) fn session_closed(tx: &mut Tx<'_>, session: &Session) -> Result<(), Fail> {
    let Some(Visit { link: id @ LinkId::Checkout(_), .. }) = &session.visit else { return Ok(()) };
    let mut link = tx.named::<table::Link>(id.clone())?;
    if link.status == LinkStatus::Active {
        link.status = LinkStatus::Deactivated;
        link.modified = tx.now();
        save(tx, link, session.payments.clone(), EventKind::CheckoutLinkDeactivated);
    }
    Ok(())
}

/// Closes a link with what of it is unpaid. Closing what is closed changes nothing.
fn deactivate(tx: &mut Tx<'_>, id: LinkId, origin: &Origin) -> Result<Snapshot, Fail> {
    let mut link = tx.asked::<table::Link>(id.clone(), named_by(&id))?;
    owned(&link.account, origin, named_by(&id))?;
    match link.status {
        LinkStatus::Paid => return Err(Refusal::LinkNotActive.into()),
        LinkStatus::Deactivated => {
            let payments = payments_of(tx, &link)?;
            return Ok(Snapshot::Link(Box::new(link), payments));
        }
        LinkStatus::Active => {}
    }
    let (kind, sessions): (_, Vec<SessionId>) = match link.id {
        LinkId::Checkout(_) => {
            (EventKind::CheckoutLinkDeactivated, link.session.iter().cloned().collect())
        }
        LinkId::Payment(_) => {
            (EventKind::PaymentLinkDeactivated, tx.state.crowds.of_link(&link.id))
        }
    };
    for id in sessions {
        let mut session = tx.named::<table::Session>(id)?;
        if session.status == SessionStatus::Active {
            checkouts::close(tx, &mut session)?;
        }
    }
    link.status = LinkStatus::Deactivated;
    link.modified = tx.now();
    let payments = payments_of(tx, &link)?;
    Ok(save(tx, link, payments, kind))
}

fn activate(tx: &mut Tx<'_>, id: LinkId, origin: &Origin) -> Result<Snapshot, Fail> {
    let mut link = tx.asked::<table::Link>(id.clone(), named_by(&id))?;
    owned(&link.account, origin, named_by(&id))?;
    match (&link.id, link.status) {
        // A closed checkout link stays closed: its one session is.
        (LinkId::Checkout(_), _) => Err(Refusal::LinkNotActive.into()),
        (LinkId::Payment(_), LinkStatus::Active | LinkStatus::Paid) => {
            Ok(Snapshot::Link(Box::new(link), vec![]))
        }
        (LinkId::Payment(_), LinkStatus::Deactivated) => {
            link.status = LinkStatus::Active;
            link.modified = tx.now();
            Ok(save(tx, link, vec![], EventKind::PaymentLinkActivated))
        }
    }
}

/// The payments of a checkout link's session.
fn payments_of(tx: &Tx<'_>, link: &Link) -> Result<Vec<PaymentId>, Fail> {
    match link.session.clone() {
        Some(id) => Ok(tx.named::<table::Session>(id)?.payments),
        None => Ok(vec![]),
    }
}

fn save(tx: &mut Tx<'_>, link: Link, payments: Vec<PaymentId>, kind: EventKind) -> Snapshot {
    let snapshot = Snapshot::Link(Box::new(link.clone()), payments);
    tx.tell(kind, Some(&link.account), snapshot.clone());
    tx.put::<table::Link>(link.id.clone(), link);
    snapshot
}
