//! Money, and what the operator and programs need.

use satback::domain::bytes::PaymentHash;
use satback::domain::money::{Msat, Sat};
use satback::sim::Behaviour;
use satback::sim::daemon::OPERATOR_KEY;
use serde_json::json;

use super::super::kit::Town;
use super::kit::{Visitor, key, shopkeeper};

const PATH: &str = "/dashboard/accounts";

fn id(object: &serde_json::Value) -> &str {
    object["id"].as_str().unwrap()
}

#[test]
fn the_statement_has_a_running_balance_on_the_page_and_in_the_file() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    town.daemon.process.settle_down();
    town.daemon.process.pump();
    let visitor = shopkeeper(&town);
    let page = visitor.get("/dashboard/transactions").shown();
    assert!(page.body.contains("Balance after") && page.body.contains("+10,000\u{a0}sat"));
    let file = visitor.get("/dashboard/transactions.csv").shown();
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<Vec<&str>> = file.body.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        lines[0],
        ["id", "time", "type", "direction", "amount_msat", "balance_msat", "source"]
    );
    let mut balance = 0;
    for line in &lines[1..] {
        let amount: i64 = line[4].parse().unwrap();
        balance += if line[3] == "credit" { amount } else { -amount };
        assert_eq!(line[5].parse::<i64>().unwrap(), balance);
    }
    assert!(lines.len() > 3, "{}", file.body);
    let available = town.shop.api.get("/balances").granted()["available_msat"].as_i64();
    assert_eq!(available, Some(balance));
    let only = visitor.get("/dashboard/transactions.csv?type=Withdraw").shown();
    assert_eq!(only.body.lines().count(), 2);
    let none = visitor.get("/dashboard/transactions?from=2090-01-01").shown();
    assert!(none.body.contains("Nothing matches these filters"));
}

#[test]
fn a_payment_is_made_with_a_session_of_its_own() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let new = "/dashboard/payments/new";
    let wrong = visitor.send(new, "/dashboard/payments", &[("currency", "SATS")]).shown();
    assert!(wrong.body.contains("Amount: fill this in."));
    let fields = [("currency", "SATS"), ("amount", "1500"), ("ttl", "10")];
    let made = visitor.send(new, "/dashboard/payments", &fields);
    let payment = town.shop.api.get("/payments").granted()["data"][0].clone();
    assert_eq!(made.leads_to(), format!("/dashboard/payments/{}", id(&payment)));
    assert_eq!((&payment["amount"], &payment["ttl"]), (&json!(1_500), &json!(600)));
    let page = visitor.get(made.leads_to()).shown();
    assert!(page.body.contains("The payment is made."));
}

#[test]
fn home_says_what_needs_attention() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    assert!(visitor.get("/").shown().body.contains("Nothing. All is well."));
    let (_, claim) = town.claim(10_000);
    let home = visitor.get("/").shown();
    assert!(home.body.contains("9,995\u{a0}sat") || home.body.contains("10,000\u{a0}sat"));
    assert!(home.body.contains("1 payment"));
    let debit = format!("/accounts/{}/debits", town.shop.account);
    town.operator.post(&debit, json!({"amount": 9_900})).granted();
    assert!(
        visitor.get("/").shown().body.contains("Low balance: customers can claim 500\u{a0}sat")
    );
    town.operator.post("/drain", json!({})).granted();
    assert!(visitor.get("/").shown().body.contains("New sales and claims are switched off"));
    let path = format!("/dashboard/claims/{}/cancel", id(&claim));
    visitor.send(&path, &path, &[]).leads_to();
    assert!(!visitor.get("/").shown().body.contains("Low balance"));
}

#[test]
fn the_operator_keeps_accounts_their_money_and_their_keys() {
    let town = Town::start();
    town.daemon.process.outside.node.receive(PaymentHash([9; 32]), Msat::new(70_000_000));
    town.daemon.process.pump();
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    for path in [
        "",
        "accounts",
        "accounts/new",
        "node",
        "node/channels/new",
        "node/peers/new",
        "node/send",
        "audit",
        "suspense",
        "backup",
        "cashbacks",
        "links",
        "sessions",
        "claims",
        "payouts",
        "payments",
        "webhooks",
        "events",
        "rates",
    ] {
        let path = if path.is_empty() { "/".to_owned() } else { format!("/dashboard/{path}") };
        operator.get(&path).shown();
    }
    let made =
        operator.send("/dashboard/accounts/new", "/dashboard/accounts", &[("name", "Bakery")]);
    let detail = made.leads_to().to_owned();
    let account = detail.rsplit('/').next().unwrap().to_owned();
    let suspense = town.operator.get("/ledger/suspense").granted()["data"][0].clone();
    let receipt = format!("/dashboard/suspense/{}", id(&suspense));
    let assigned = operator.send(&receipt, &format!("{receipt}/assign"), &[("account", &account)]);
    assert_eq!(assigned.leads_to(), receipt);
    let page = operator.get(&detail).shown();
    assert!(page.body.contains("70,000\u{a0}sat"));
    let wrong = operator.send(&detail, &format!("{detail}/debit"), &[("amount", "70001")]).shown();
    assert!(wrong.body.contains("balance does not cover the amount"));
    let taken = operator.send(&detail, &format!("{detail}/debit"), &[("amount", "0.5")]);
    assert_eq!(taken.leads_to(), detail);
    let given = operator.send(&detail, &format!("{detail}/credit"), &[("amount", "0.25")]);
    assert_eq!(given.leads_to(), detail);
    let balance = town.operator.get(&format!("/balances?account={account}")).granted();
    assert_eq!(balance["available_msat"], 69_999_750);
    let form = operator.get(&detail).shown();
    let fields =
        [("csrf", form.hidden("csrf")), ("once", "0123".into()), ("type", "secret".into())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let made = operator.post(&format!("{detail}/keys"), &fields).shown();
    let from = made.body.find("<code>sk_test_").unwrap() + 6;
    let key = made.body[from..from + 56].to_owned();
    let again = operator.post(&format!("{detail}/keys"), &fields).shown();
    assert!(again.body.contains("This form was sent before") && !again.body.contains(&key));
    assert!(!operator.get(&detail).shown().body.contains(&key), "it is shown once");
    let keys = town.operator.get(&format!("/accounts/{account}/keys")).granted();
    assert_eq!(keys["data"].as_array().unwrap().len(), 1);
    Visitor::signed_in(&town, &key).get("/").shown();
    let fields = [("name", "Bakery"), ("claims_paused", "yes"), ("fee_limits.ppm", "5000")];
    let edit = format!("{detail}/edit");
    assert_eq!(operator.send(&edit, &edit, &fields).leads_to(), detail);
    let row = town.operator.get(&format!("/accounts/{account}")).granted();
    assert_eq!((&row["claims_paused"], &row["fee_limits"]["ppm"]), (&json!(true), &json!(5_000)));
}

#[test]
fn the_operator_gets_an_address_for_deposits_and_switches_sales_off_and_on() {
    let town = Town::start();
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    let page = operator.send("/dashboard/node", "/dashboard/node/address", &[]).shown();
    let from = page.body.find("/dashboard/node/address.svg?address=").unwrap();
    let code = &page.body[from..from + page.body[from..].find('"').unwrap()];
    let code = operator.get(code).shown();
    assert_eq!(code.header("content-type"), Some("image/svg+xml"));
    assert_eq!(operator.get("/dashboard/node/address.svg?address=%3Csvg%3E").status, 404);
    operator.send("/dashboard/node", "/dashboard/node/drain", &[]).leads_to();
    assert!(operator.get("/dashboard/node").shown().body.contains("Take them again"));
    operator.send("/dashboard/node", "/dashboard/node/undrain", &[]).leads_to();
    assert!(operator.get("/dashboard/node").shown().body.contains("Take nothing new"));
    let fields = [("node_id", "xyz"), ("address", ""), ("capacity_sat", "5")];
    let form =
        operator.send("/dashboard/node/channels/new", "/dashboard/node/channels", &fields).shown();
    for problem in
        ["must be 66 hex digits", "Address: fill this in.", "must be a whole number from 20000"]
    {
        assert!(form.body.contains(problem), "{problem}");
    }
}

#[test]
fn the_operator_opens_and_closes_a_channel_and_sends_what_is_its_own() {
    let mut town = Town::start();
    let outside = &town.daemon.process.outside;
    outside.node.deposit(Sat::new(900_000));
    outside.node.set_held(Msat::new(900_000_000));
    town.daemon.process.reconcile();
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    let node_id = format!("02{}", "11".repeat(32));
    let contact = [("node_id", node_id.as_str()), ("address", "a.example:9735")];
    let page = |path: &str| format!("/dashboard/node/{path}");
    operator.send(&page("peers/new"), &page("peers"), &contact).leads_to();
    assert!(operator.get("/dashboard/node").shown().body.contains(&node_id));

    let size = [contact[0], contact[1], ("capacity_sat", "100000")];
    operator.send(&page("channels/new"), &page("channels"), &size).leads_to();
    let channel = town.operator.get("/node/channels").granted()["data"][0].clone();
    let close = page(&format!("channels/{}/close", id(&channel)));
    let shown = operator.get("/dashboard/node").shown();
    assert!(shown.body.contains(&close) && shown.body.contains("<svg class=\"bar\""));
    operator.send(&close, &close, &[("force", "yes")]).leads_to();
    assert_eq!(town.operator.get("/node/channels").granted()["data"], json!([]));
    let gone = operator.send(&close, &close, &[]).shown();
    assert!(gone.body.contains("There is no such channel."), "{}", gone.body);

    let to = ("address", "bcrt1qsomebody");
    let both =
        operator.send(&page("send"), &page("send"), &[to, ("amount_sat", "600"), ("all", "yes")]);
    assert!(both.shown().body.contains("f-amount_sat-wrong"));
    let beyond = operator.send(&page("send"), &page("send"), &[to, ("amount_sat", "900001")]);
    assert!(beyond.shown().body.contains("own money"));
    operator.send(&page("send"), &page("send"), &[to, ("amount_sat", "600")]).leads_to();
    let left = town.operator.get("/node").granted()["onchain_spendable_sat"].clone();
    assert_eq!(left, 899_400);
}

#[test]
fn webhooks_are_made_looked_at_and_switched() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let fields = [("url", "ftp://x"), ("enabled_events", "nonsense")];
    let wrong = visitor.send("/dashboard/webhooks/new", "/dashboard/webhooks", &fields).shown();
    assert!(wrong.body.contains("f-url-wrong") && wrong.body.contains("f-enabled_events-wrong"));
    let fields =
        [("url", "https://shop.example/hook"), ("enabled_events", "claim.*, payment.paid")];
    let made = visitor.send("/dashboard/webhooks/new", "/dashboard/webhooks", &fields);
    let detail = made.leads_to().to_owned();
    let endpoint = town.shop.api.get("/webhooks").granted()["data"][0].clone();
    assert_eq!(endpoint["enabled_events"], json!(["claim.*", "payment.paid"]));
    let verify = format!("{detail}/verify");
    for (secret, said) in [
        (endpoint["secret"].as_str().unwrap(), "That is the secret of this webhook."),
        ("wsec_another", "That is not the secret of this webhook."),
    ] {
        let checked = visitor.send(&verify, &verify, &[("secret", secret)]);
        assert!(visitor.get(checked.leads_to()).shown().body.contains(said), "{said}");
    }
    let session = town.shop.session(1_000, &town.shop.cashback());
    town.pay(&session);
    let page = visitor.get(&detail).shown();
    assert!(
        page.body.contains("payment.paid")
            && page.body.contains(endpoint["secret"].as_str().unwrap())
    );
    let from = page.body.find("/resend/").unwrap();
    let message = page.body[from + 8..].split('"').next().unwrap();
    let again = visitor.send(&detail, &format!("{detail}/resend/{message}"), &[]);
    assert_eq!(again.leads_to(), detail);
    let sent = town.shop.api.get(&format!("/webhooks/{}/deliveries", id(&endpoint))).granted();
    assert_eq!(sent["data"].as_array().unwrap().len(), 3);
    let path = format!("{detail}/disable");
    visitor.send(&path, &path, &[]).leads_to();
    assert!(visitor.get(&detail).shown().body.contains("Deactivated"));
    let events = town.shop.api.get("/events").granted();
    let event = format!("/dashboard/events/{}", id(&events["data"][0]));
    assert!(visitor.get(&event).shown().body.contains("The object as it was"));
}

#[test]
fn a_merchant_sees_its_own_keys_by_their_ends() {
    let town = Town::start();
    let secret = key(&town, &town.shop.account, "secret");
    let visitor = Visitor::signed_in(&town, &secret);
    let page = visitor.get("/dashboard/keys").shown();
    assert!(page.body.contains(&secret[secret.len() - 4..]) && !page.body.contains(&secret));
    let other = town.merchant("other");
    let path = format!("/accounts/{}/keys", other.account);
    assert_eq!(town.shop.api.get(&path).refused(404), "not_found");
    assert_eq!(town.shop.publishable.get(&path).refused(403), "forbidden");
}

#[test]
fn the_operator_parks_and_resolves_a_payout_that_a_wallet_holds_up() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    town.daemon.process.settle_down();
    let payout = town.again(&claim)["payouts"][0].clone();
    let path = format!("/dashboard/payouts/{}", id(&payout));
    let page = shopkeeper(&town).get(&path).shown();
    assert!(!page.body.contains("/park"), "that is the operator's");
    assert_eq!(shopkeeper(&town).get(&format!("{path}/resolve")).status, 403);
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    let park = format!("{path}/park");
    assert!(operator.get(&park).shown().body.contains("Park this payout?"));
    assert_eq!(operator.send(&park, &park, &[]).leads_to(), path);
    assert!(operator.get(&path).shown().body.contains("Parked"));
    assert!(operator.get("/").shown().body.contains("1 payout is parked."));
    let resolve = format!("{path}/resolve");
    let fields = [("status", "paid"), ("preimage", "00")];
    let wrong = operator.send(&resolve, &resolve, &fields).shown();
    assert!(wrong.body.contains("Preimage must be 64 hex digits."));
    let fields = [("status", "failed"), ("reason", "they say so")];
    let refused = operator.send(&resolve, &resolve, &fields).shown();
    assert!(refused.body.contains("The node will tell the outcome of this payout by itself"));
    assert!(refused.body.contains("they say so"), "what was typed stays");
}

#[test]
fn links_are_closed_and_opened_again_and_what_customers_said_is_deleted() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let body = json!({"currency": "SATS", "amount": 10, "type": "fixed"});
    let link = town.shop.api.post("/payment-links", body).granted();
    let body = json!({"currency": "SATS", "amount": 10});
    let checkout = town.shop.api.post("/checkout-links", body).granted();
    let status =
        |list: &str, object| town.shop.api.get(&format!("/{list}/{}", id(object))).granted();
    let path = format!("/dashboard/links/{}", id(&link));
    for (verb, expect) in [("deactivate", "deactivated"), ("activate", "active")] {
        let act = format!("{path}/{verb}");
        assert_eq!(visitor.send(&act, &act, &[]).leads_to(), path);
        assert_eq!(status("payment-links", &link)["status"], expect);
    }
    let act = format!("/dashboard/links/{}/deactivate", id(&checkout));
    visitor.send(&act, &act, &[]).leads_to();
    assert_eq!(status("checkout-links", &checkout)["status"], "deactivated");
    let session = town.shop.session(1_000, &town.shop.cashback());
    let path = format!("/dashboard/sessions/{}", id(&session));
    let edit = format!("{path}/edit");
    assert_eq!(visitor.send(&edit, &edit, &[("title", "Changed")]).leads_to(), path);
    assert!(visitor.get(&path).shown().body.contains("Changed"));
    for verb in ["forget", "deactivate"] {
        let act = format!("{path}/{verb}");
        assert_eq!(visitor.send(&act, &act, &[]).leads_to(), path);
    }
    assert_eq!(status("checkout-sessions", &session)["status"], "deactivated");
}

#[test]
fn the_operator_works_for_one_account_and_sees_each_by_itself() {
    let town = Town::start();
    let (_, _) = town.claim(10_000);
    let other = town.merchant("Bakery");
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    assert_eq!(operator.get("/dashboard/cashbacks/new").status, 403, "for whom?");
    let (shop, bakery) =
        (format!("{PATH}/{}", town.shop.account), format!("{PATH}/{}", other.account));
    operator.send(&bakery, "/dashboard/act-for", &[("account", &other.account)]).leads_to();
    assert!(operator.get("/").shown().body.contains("Bakery"));
    let balance = "10,000\u{a0}sat";
    assert!(operator.get(&shop).shown().body.contains(balance), "each page shows its own balance");
    assert!(!operator.get(&bakery).shown().body.contains(balance));
    assert!(!operator.get("/dashboard/cashbacks").shown().body.contains("5 % back"));
    let fields = [("name", "For them"), ("type", "fixed"), ("amount", "7"), ("currency", "SATS")];
    operator.send("/dashboard/cashbacks/new", "/dashboard/cashbacks", &fields).leads_to();
    let listed = other.api.get("/cashbacks").granted();
    assert_eq!(listed["data"][0]["name"], "For them");
    let csrf = operator.get("/").shown().hidden("csrf");
    let last = if other.account.ends_with('a') { "b" } else { "a" };
    let nobody = format!("{}{last}", &other.account[..other.account.len() - 1]);
    let nobody = [("csrf", csrf.as_str()), ("account", nobody.as_str())];
    assert_eq!(operator.post("/dashboard/act-for", &nobody).status, 404);
    operator.post("/dashboard/act-for", &[("csrf", &csrf)]).leads_to();
    assert!(operator.get("/dashboard/cashbacks").shown().body.contains("5 % back"));
}
