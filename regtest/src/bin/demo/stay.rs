//! The demo stays up: where everything is, and what to paste.

use serde_json::json;

use super::town::Town;
use super::wallet_socket;

/// Prints addresses, keys and commands, and waits for Ctrl-C.
pub(crate) fn until_interrupted(town: &Town) {
    let socket = town.world.folder().join("wallet.sock");
    let demo = std::env::current_exe().expect("this program has a path");
    let (demo, socket_text) = (demo.display(), socket.display());
    let (public, admin) = (town.daemon.public(), town.daemon.admin());
    let (shop, operator) = (&town.shop, town.daemon.operator_key());
    let session = shop.session(20_000);
    let page = session["url"].as_str().unwrap_or("").to_owned();
    let invoice = session["payments"][0]["payment_request"].as_str().unwrap_or("").to_owned();
    println!(
        "\nIt stays up until Ctrl-C.\n\n\
         public       http://{public}\n\
         admin API    http://{admin}\n\
         operator key {operator}\n\
         merchant key {key}\n\
         account      {account}\n\
         cashback     {cashback}\n\
         config       {config}\n\
         log          {log}\n\n\
         A fresh checkout of 20000 sat, its page:\n  {page}\n\
         Pay it with the demo's wallet:\n  {demo} wallet {socket_text} pay {invoice}\n\
         Then claim what its page shows:\n  {demo} wallet {socket_text} claim LNURL1…\n\
         An invoice of the demo's wallet over 1000 sat, ordinary or held:\n  \
         {demo} wallet {socket_text} invoice 1000000\n  {demo} wallet {socket_text} hold 1000000\n\
         Another checkout:\n  curl -s http://{admin}/checkout-sessions -u {key}: \
         -H 'Content-Type: application/json' \\\n    -d '{{\"currency\":\"SATS\",\"amount\":20000,\
         \"cashback\":{{\"id\":\"{cashback}\"}}}}'\n\
         The books:\n  curl -s http://{admin}/ledger/audit -u {operator}:\n",
        key = shop.key,
        account = shop.account,
        cashback = shop.cashback,
        config = town.daemon.config().display(),
        log = town.daemon.dir.join("log").display(),
    );
    println!(
        "{}",
        json!({
            "public": format!("http://{public}"),
            "admin": format!("http://{admin}"),
            "operator_key": operator,
            "merchant_key": shop.key,
            "account": shop.account,
            "cashback": shop.cashback,
            "page": page,
            "config": town.daemon.config(),
            "wallet": [demo.to_string(), "wallet".to_owned(), socket_text.to_string()],
        })
    );
    wallet_socket::serve(&socket, town);
}
