//! Wallets that buy and claim without pause, whatever happens to the shop.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use ldk_node::lightning_types::payment::PaymentHash;
use ldk_node::payment::{PaymentDirection, PaymentStatus};
use satback_regtest::{PATIENCE, Peer, Shop, peer::hash_of, perhaps, until, wallet};
use serde_json::json;

use crate::regtest::kit::EXPIRY_SECS;

const PRICE_SAT: u64 = 10_000;
/// How long a wallet looks at one purchase before it goes on to the next.
const ATTENTION: Duration = Duration::from_secs(15);
/// The refusals after which a wallet makes a new invoice. After any other, and without an answer, it asks the same again.
const RENEW: [&str; 2] = ["please make a new one", "scan again"];

/// What the wallets share.
pub(crate) struct Crowd {
    stopped: AtomicBool,
    paused: AtomicBool,
    resting: AtomicUsize,
    accepted: Sender<()>,
}

impl Crowd {
    /// A crowd, and where it tells each acceptance of an invoice.
    pub(crate) fn gather() -> (Self, Receiver<()>) {
        let (accepted, told) = mpsc::channel();
        let (stopped, paused) = (AtomicBool::new(false), AtomicBool::new(false));
        (Self { stopped, paused, resting: AtomicUsize::new(0), accepted }, told)
    }

    /// What stops the wallets when it goes, a panic included.
    pub(crate) fn end(&self) -> End<'_> {
        End(self)
    }

    /// Lets every wallet finish what it is at.
    pub(crate) fn pause(&self) {
        self.paused.store(true, SeqCst);
        until("the wallets to rest", PATIENCE, || {
            (self.resting.load(SeqCst) == super::WALLETS).then_some(())
        });
    }

    pub(crate) fn go_on(&self) {
        self.paused.store(false, SeqCst);
    }

    fn goes_on(&self) -> bool {
        self.resting.fetch_add(1, SeqCst);
        let free = || self.stopped.load(SeqCst) || !self.paused.load(SeqCst);
        until("the campaign to go on", 4 * PATIENCE, || free().then_some(()));
        self.resting.fetch_sub(1, SeqCst);
        !self.stopped.load(SeqCst)
    }
}

/// The end of a crowd's work.
pub(crate) struct End<'a>(&'a Crowd);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.stopped.store(true, SeqCst);
    }
}

/// A checkout that a wallet has paid, or tried to.
pub(crate) struct Purchase {
    pub(crate) shop: String,
    pub(crate) session: String,
    /// What the wallet paid on.
    pub(crate) hash: PaymentHash,
    /// What it has brought to be paid, and whether it was told OK.
    pub(crate) invoices: Vec<(String, bool)>,
    /// The wallet's next invoice is the last one again.
    again: bool,
    done: bool,
}

/// One wallet at one shop.
pub(crate) struct Wallet<'a> {
    pub(crate) customer: &'a Peer,
    pub(crate) shop: &'a Shop,
    pub(crate) crowd: &'a Crowd,
}

impl Wallet<'_> {
    pub(crate) fn claim_until_told(&self) -> Vec<Purchase> {
        let mut purchases: Vec<Purchase> = vec![];
        while self.crowd.goes_on() {
            if let Some(purchase) = purchases.iter_mut().find(|purchase| !purchase.done) {
                self.attend(purchase, Duration::ZERO);
            }
            if let Some(mut purchase) = self.buy() {
                self.attend(&mut purchase, ATTENTION);
                purchases.push(purchase);
            }
        }
        purchases
    }

    /// Pays a new checkout; `None` if the shop or the way to it is not there.
    fn buy(&self) -> Option<Purchase> {
        let body = json!({"currency": "SATS", "amount": PRICE_SAT, "cashback": {"id": self.shop.cashback}});
        let answer = perhaps(Duration::from_secs(5), || {
            let answer = self.shop.api.try_ask("POST", "/checkout-sessions", Some(&body)).ok()?;
            (answer.status == 200).then_some(answer.json)
        })?;
        let invoice = answer["payments"][0]["payment_request"].as_str().unwrap();
        let hash = self.customer.start_pay(invoice).ok()?.hash;
        let purchase = Purchase {
            shop: self.shop.account.clone(),
            session: answer["id"].as_str().unwrap().into(),
            hash,
            invoices: vec![],
            again: false,
            done: false,
        };
        let status = || self.customer.payment(&hash).map(|record| record.status);
        let ended = || status().filter(|status| *status != PaymentStatus::Pending);
        (perhaps(2 * ATTENTION, ended) != Some(PaymentStatus::Failed)).then_some(purchase)
    }

    /// Sees to the cashback of a purchase for a while.
    fn attend(&self, purchase: &mut Purchase, attention: Duration) {
        let _ = perhaps(attention, || {
            let _ = self.step(purchase);
            purchase.done.then_some(())
        });
    }

    fn step(&self, purchase: &mut Purchase) -> Result<(), String> {
        let session = self.shop.api.try_get(&format!("/checkout-sessions/{}", purchase.session))?;
        let Some(claim) = session.json["claim"].as_str() else { return Ok(()) };
        let claim = self.shop.api.try_get(&format!("/claims/{claim}"))?.json;
        match claim["status"].as_str() {
            Some("paid") => purchase.done = true,
            Some("open") => self.bring_invoice(purchase, claim["lnurl"].as_str().unwrap())?,
            _ => {}
        }
        Ok(())
    }

    fn bring_invoice(&self, purchase: &mut Purchase, lnurl: &str) -> Result<(), String> {
        let info = wallet::info(&wallet::decode(lnurl)?)?;
        if !purchase.again {
            let invoice = self.customer.invoice(info.max_msat, "cashback", EXPIRY_SECS);
            purchase.invoices.push((invoice, false));
        }
        let (invoice, accepted) = purchase.invoices.last_mut().unwrap();
        let answer = wallet::callback(&info, invoice);
        if answer.is_ok() {
            *accepted = true;
            let _ = self.crowd.accepted.send(());
        }
        purchase.again =
            answer.is_err_and(|reason| !RENEW.iter().any(|renew| reason.contains(renew)));
        Ok(())
    }
}

/// Whether a customer has a payment on its way.
pub(crate) fn is_paying(customer: &Peer) -> bool {
    customer.payments().iter().any(|record| {
        record.direction == PaymentDirection::Outbound && record.status == PaymentStatus::Pending
    })
}

/// How many of a purchase's invoices the customer was paid for, by its own records.
pub(crate) fn times_paid(customer: &Peer, purchase: &Purchase) -> usize {
    let paid = purchase.invoices.iter().filter(|(invoice, _)| {
        let hash = hash_of(invoice).unwrap();
        customer.received_msat(&hash).is_some()
    });
    paid.count()
}
