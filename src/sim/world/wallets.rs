//! Wallets: honest ones, impatient ones, and those that try what they can.

use crate::domain::bytes::{NodeId, PaymentHash, Preimage};
use crate::domain::claim::ClaimStatus;
use crate::domain::id::ClaimId;
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState, Purpose};
use crate::domain::time::Span;
use crate::domain::token::TokenKind;
use crate::engine::command::{Command, SubmitInvoice};
use crate::engine::reply::Refusal;
use crate::ports::clock::Clock;
use crate::ports::secrets::Secrets;
use crate::ports::store::{HashOwner, fetch, table};

use super::super::invoice::{hash_of, wallet_invoice, with_text};
use super::super::node::Behaviour;
use super::{World, marks};

impl World {
    /// What a wallet's link and k1 are now; `None` if the claim cannot be read.
    fn k1_generation(&mut self, claim: &ClaimId) -> Option<u32> {
        let rows = self.rows()?;
        let claim = fetch::<table::Claim>(&*rows, claim.clone()).ok()??;
        Some(claim.k1_generation)
    }

    /// What the node does to payments in one world: seeds differ, so that what is rare meets itself.
    pub(super) fn choose_moods(&self) -> Vec<Behaviour> {
        let fee = Msat::new(self.chance.between(0, 5_000));
        let all = [
            Behaviour::Arrive(fee),
            Behaviour::Arrive(fee),
            Behaviour::Hold,
            Behaviour::Hold,
            Behaviour::Fail(FailureCode::NoRoute),
            Behaviour::Reject(FailureCode::NoRoute),
            Behaviour::UnclearAndSent,
            Behaviour::UnclearAndLost,
            Behaviour::Queue,
        ];
        let some: Vec<_> = all.into_iter().filter(|_| self.chance.one_in(2)).collect();
        if some.is_empty() { all.to_vec() } else { some }
    }

    /// A new invoice of some wallet, and what the node will do to its payment.
    pub(super) fn make_invoice(&mut self, amount: Msat) -> Invoice {
        let number = u64::try_from(self.log.invoices.len()).unwrap_or(0) + 1;
        let mut preimage = Preimage([9; 32]);
        preimage.0[..8].copy_from_slice(&number.to_be_bytes());
        let is_short = self.chance.one_in(10);
        let (least, most) = if is_short { (1, 25) } else { (21, 3_600) };
        let lifetime = Span::from_secs(self.chance.between(least, most));
        let expires_at = self.outside.clock.now().wall + lifetime;
        let invoice = wallet_invoice(&preimage, amount, expires_at);
        let behaviour = self.chance.pick(&self.moods).copied().unwrap_or(Behaviour::Hold);
        marks::hit(format!("node: {}", name(behaviour)));
        self.node().script(&preimage, behaviour);
        self.log.invoices.push((preimage, invoice.clone()));
        invoice
    }

    fn submit(&mut self, claim: &ClaimId, k1_generation: u32, invoice: &Invoice) -> bool {
        let secrets = &self.outside.secrets;
        let digest = |kind, generation| {
            secrets.token_digest(&secrets.token(kind, claim.as_str(), generation))
        };
        let request = SubmitInvoice {
            link: digest(TokenKind::ClaimLink, 0),
            k1: Some(digest(TokenKind::K1, k1_generation)),
            invoice: invoice.clone(),
        };
        let answer = self.ask(Command::SubmitInvoice(Box::new(request)));
        self.say(format!("callback {claim} k1 {k1_generation} {}: {answer:?}", invoice.hash));
        matches!(answer, Some(Ok(_)))
    }

    /// The k1 of a claim is another one after each proven failure (DESIGN D8).
    fn check_k1(&mut self, at: usize, generation: u32) {
        let Some((_, invoice)) = self.log.claims[at].last.clone() else { return };
        let Some(rows) = self.rows() else { return };
        let owner = fetch::<table::Hash>(&*rows, invoice.hash);
        let Ok(Some(HashOwner::Payout(id))) = owner else { return };
        let Ok(Some(payout)) = fetch::<table::Payout>(&*rows, id) else { return };
        let Purpose::Claim(claim, k1_generation) = payout.purpose else { return };
        let is_ours = claim == self.log.claims[at].id;
        let failed = is_ours && payout.state == PayoutState::Failed;
        if failed && generation <= k1_generation {
            self.wrong.push(format!("{claim} has its k1 still after a failure"));
        }
    }

    /// Some claim that a customer holds, and the number of its k1 now.
    fn some_claim(&mut self) -> Option<(usize, ClaimId, u32)> {
        let count = u64::try_from(self.log.claims.len()).ok().filter(|count| *count > 0)?;
        let at = usize::try_from(self.chance.below(count)).ok()?;
        let id = self.log.claims[at].id.clone();
        let generation = self.k1_generation(&id)?;
        self.check_k1(at, generation);
        Some((at, id, generation))
    }

    /// Some wallet claims as it should: what its page shows to be open.
    pub(super) fn claim_honestly(&mut self) {
        let Some(rows) = self.rows() else { return };
        let mut open = vec![];
        for at in 0..self.log.claims.len() {
            let claim = fetch::<table::Claim>(&*rows, self.log.claims[at].id.clone());
            if let Ok(Some(claim)) = claim
                && claim.status == ClaimStatus::Open
            {
                open.push((at, claim.id, claim.k1_generation));
            }
        }
        if let Some((at, id, generation)) = self.chance.pick(&open).cloned() {
            self.check_k1(at, generation);
            let amount = self.log.claims[at].amount;
            self.claim_with_new_invoice(at, &id, generation, amount);
        }
    }

    /// Some wallet claims, one way or another.
    pub(super) fn claim(&mut self) {
        let Some((at, id, generation)) = self.some_claim() else { return };
        let amount = self.log.claims[at].amount;
        match self.chance.below(10) {
            0..=4 => self.claim_with_new_invoice(at, &id, generation, amount),
            5 | 6 => self.repeat(at, &id),
            7 => self.claim_with_anothers_invoice(&id, generation),
            8 => self.bring_many(&id, generation, amount),
            _ => self.bring_rubbish(&id, generation, amount),
        }
    }

    fn claim_with_new_invoice(&mut self, at: usize, id: &ClaimId, generation: u32, amount: Msat) {
        let invoice = self.make_invoice(amount);
        // What the answer was is not known if the process dies; the wallet keeps what it asked.
        self.log.claims[at].last = Some((generation, invoice.clone()));
        self.log.claims[at].accepted = self.submit(id, generation, &invoice);
        if self.log.claims[at].accepted {
            marks::hit("wallet: accepted");
            if self.log.drained || self.log.paused.contains(&self.log.claims[at].account) {
                self.wrong.push(format!("{id} was accepted behind closed doors"));
            }
        }
    }

    /// An impatient wallet calls back again with what it called back with. While no failure came in between, it is told
    /// the same again.
    fn repeat(&mut self, at: usize, id: &ClaimId) {
        let Some((generation, invoice)) = self.log.claims[at].last.clone() else { return };
        let is_old = self.k1_generation(id).is_none_or(|current| current != generation);
        let (accepted, before) = (self.log.claims[at].accepted, self.starts);
        if self.submit(id, generation, &invoice) {
            marks::hit("wallet: exact replay or late acceptance");
            self.log.claims[at].accepted = true;
        } else if accepted && !is_old && self.starts == before && self.process.is_some() {
            self.wrong.push(format!("{id} does not know what it accepted"));
        }
    }

    fn claim_with_anothers_invoice(&mut self, id: &ClaimId, generation: u32) {
        let Some((_, invoice)) = self.chance.pick(&self.log.invoices).cloned() else { return };
        marks::hit("wallet: an invoice that was brought before");
        self.submit(id, generation, &invoice);
    }

    /// Many invoices for one k1: at most one of them may be paid.
    fn bring_many(&mut self, id: &ClaimId, generation: u32, amount: Msat) {
        marks::hit("wallet: many invoices for one k1");
        let mut accepted = 0;
        for _ in 0..3 {
            let invoice = self.make_invoice(amount);
            accepted += u32::from(self.submit(id, generation, &invoice));
        }
        if accepted > 1 {
            self.wrong.push(format!("{id} took {accepted} invoices for one k1"));
        }
    }

    /// Our own invoice, another amount, an old or foreign k1.
    fn bring_rubbish(&mut self, id: &ClaimId, generation: u32, amount: Msat) {
        marks::hit("wallet: rubbish");
        let mut invoice = self.make_invoice(amount);
        let mut k1_generation = generation;
        match self.chance.below(4) {
            0 => invoice.payee = super::super::SimNode::ID,
            1 => invoice.amount = Some(amount + Msat::new(1)),
            2 => invoice.payee = NodeId([7; 33]),
            _ => k1_generation = generation.wrapping_add(1),
        }
        let is_fine = invoice.payee == NodeId([7; 33]) && k1_generation == generation;
        if self.submit(id, k1_generation, &with_text(invoice)) && !is_fine {
            self.wrong.push(format!("{id} took what it must not"));
        }
    }

    /// Somebody guesses links and k1.
    pub(super) fn guess(&mut self) {
        let secrets = &self.outside.secrets;
        let guess = secrets.digest(&self.chance.below(u64::MAX).to_be_bytes());
        let invoice =
            wallet_invoice(&Preimage([1; 32]), Msat::new(1), self.outside.clock.now().wall);
        let request = SubmitInvoice { link: guess, k1: Some(guess), invoice };
        let answer = self.ask(Command::SubmitInvoice(Box::new(request)));
        if !matches!(answer, None | Some(Err(Refusal::UnknownLink))) {
            self.wrong.push("a guess was a link".to_owned());
        }
    }

    /// Some payment that is held ends.
    pub(super) fn end_some_flight(&mut self) {
        let flights = self.node().in_flight();
        if let Some(hash) = self.chance.pick(&flights).copied() {
            self.end_flight(&hash);
        }
    }

    pub(super) fn end_flight(&mut self, hash: &PaymentHash) {
        if self.chance.one_in(2) {
            self.say(format!("{hash} settles"));
            self.node().settle(hash, Msat::new(self.chance.between(0, 5_000)));
        } else {
            self.say(format!("{hash} comes back"));
            self.node().fail(hash, FailureCode::RecipientRejected);
        }
    }

    /// The preimage that the wallet of a hash knows.
    pub(super) fn preimage_of(&self, hash: &PaymentHash) -> Option<Preimage> {
        self.log
            .invoices
            .iter()
            .map(|(preimage, _)| *preimage)
            .find(|found| hash_of(found) == *hash)
    }
}

const fn name(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::Arrive(_) => "arrives at once",
        Behaviour::Hold => "is held",
        Behaviour::Fail(_) => "fails in an event",
        Behaviour::Reject(_) => "is refused",
        Behaviour::UnclearAndSent => "is sent and unclear",
        Behaviour::UnclearAndLost => "is lost and unclear",
        Behaviour::Queue => "waits for its peer",
    }
}
