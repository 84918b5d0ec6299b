//! The seed's tour as a shopkeeper: from signing in to a cashback on a link.

use satback_regtest::browser::Look;
use serde_json::json;

use super::shop::Desk;

impl Desk {
    fn api(&self, path: &str) -> serde_json::Value {
        self.town.shop.api.get(path).granted()
    }

    /// What the tour leaves: a cashback, and a link that carries it.
    fn check_tour(&self) {
        let cashback = &self.api("/cashbacks")["data"][0];
        assert_eq!((&cashback["name"], &cashback["type"]), (&json!("Autumn"), &json!("fixed")));
        assert_eq!(cashback["amount"].to_string(), "250");
        assert_eq!(cashback["status"], "active");
        let zone = self.browser.run("return new Date(2020, 0, 2, 8, 30).getTime();", &[]);
        assert_eq!(cashback["start_date"], zone, "in the reader's zone");
        let link = &self.api("/payment-links")["data"][0];
        assert_eq!(link["title"], "Coffee");
        assert_eq!(link["cashback"]["id"], cashback["id"]);
        assert!(self.browser.url().ends_with(link["id"].as_str().unwrap()));
    }
}

#[test]
fn a_shopkeeper_makes_a_cashback_and_adds_it_to_a_link_by_clicks() {
    let (desk, key) = Desk::closed("dashboard_tour", Look::laptop());
    let browser = &desk.browser;
    browser.type_in("#key", &key);
    browser.click("button[type=submit]");
    browser.wait_text(".side", "Send Payments");
    desk.check();
    browser.click(".side a[href='/dashboard/cashbacks']");
    browser.wait_text("h1", "Cashback");
    browser.wait_text(".head .primary", "Create New");
    browser.click(".head .primary");
    browser.wait_text("h1", "New cashback");
    browser.type_in("#f-name", "Autumn");
    browser.click("input[name=type][value=fixed]");
    browser.wait_gone("#f-percentage");
    browser.type_in("#f-amount", "250");
    browser.type_in("#f-start_date", "01022020\u{e004}0830AM");
    browser.wait_text(".submit .primary", "Create cashback");
    browser.click(".submit .primary");
    browser.wait_text(".notice", "The cashback is made.");
    browser.wait_text("h1", "Autumn");
    desk.check();

    browser.click(".side a[href='/dashboard/links']");
    browser.wait_text("h1", "Checkout / Payment Links");
    browser.click(".head .primary");
    browser.wait_text("h1", "New link");
    browser.type_in("#f-title", "Coffee");
    browser.type_in("#f-amount", "5000");
    browser.wait_gone("#f-cashback-id");
    browser.click("#f-add_cashback");
    let id = desk.api("/cashbacks")["data"][0]["id"].as_str().unwrap().to_owned();
    browser.choose("#f-cashback-id", &id);
    desk.check();
    browser.click(".submit .primary");
    browser.wait_text(".notice", "The link is made.");
    browser.wait_text(".share", "https://shop.example/p/");
    desk.check_tour();
    browser.click(&format!("a[href='/dashboard/cashbacks/{id}']"));
    browser.wait_text("main", "Coffee");
    browser.click("a.danger");
    browser.wait_text("h1", "Deactivate this cashback?");
    browser.click("button.danger");
    browser.wait_text("h1", "Deactivated");
}

#[test]
fn a_shopkeeper_takes_the_same_tour_by_keyboard_alone() {
    let (desk, key) = Desk::closed("dashboard_keyboard", Look::laptop());
    let browser = &desk.browser;
    let follow = |css: &str, words: &str| {
        browser.tab_to(css);
        browser.press("Enter");
        browser.wait_text("h1", words);
    };
    browser.tab_to("#key");
    browser.type_keys(&key);
    browser.press("Enter");
    browser.wait_text("h1", "Home");
    browser.press("Tab");
    assert_eq!(browser.focused(), "a Skip to the content");
    follow(".side a[href='/dashboard/cashbacks']", "Cashback");
    follow(".head .primary", "New cashback");
    browser.tab_to("#f-name");
    browser.type_keys("Autumn");
    browser.tab_to("input[name=type]");
    browser.press("ArrowDown");
    browser.tab_to("#f-amount");
    browser.type_keys("250");
    browser.tab_to("#f-start_date");
    browser.type_keys("01022020");
    browser.press("Tab");
    browser.type_keys("0830AM");
    browser.tab_to(".submit .primary");
    browser.press("Enter");
    browser.wait_text("h1", "Autumn");
    follow(".side a[href='/dashboard/links']", "Checkout / Payment Links");
    follow(".head .primary", "New link");
    browser.tab_to("#f-title");
    browser.type_keys("Coffee");
    browser.tab_to("#f-amount");
    browser.type_keys("5000");
    browser.tab_to("#f-add_cashback");
    browser.press("Space");
    browser.tab_to("#f-cashback-id");
    browser.press("ArrowDown");
    browser.tab_to(".submit .primary");
    browser.press("Enter");
    browser.wait_text("h1", "Coffee");
    desk.check_tour();
}

#[test]
fn on_a_phone_the_menu_folds_and_lists_can_be_sorted_and_copied_from() {
    let mut desk = Desk::open("dashboard_phone", Look::phone(), None);
    let trade = desk.trade("Breakfast");
    desk.go("/dashboard/links");
    let browser = &desk.browser;
    browser.wait_gone(".side nav");
    browser.click(".side .menu");
    browser.wait_visible(".side nav");
    desk.check();
    browser.click(".side a[href='/dashboard/claims']");
    browser.wait_text("h1", "Claims");
    browser.look(Look::laptop());
    let first = |words: &str| browser.wait_text("tbody tr:first-child", words);
    first("157 sat");
    browser.click("th[data-sort=amount_msat] button");
    browser.click("th[data-sort=amount_msat] button");
    first("1,250 sat");
    assert_eq!(browser.attribute("th[data-sort=amount_msat]", "aria-sort"), "descending");
    browser.allow_clipboard();
    desk.go(&format!("/dashboard/links/{}", trade.link["id"].as_str().unwrap()));
    browser.click(".share button");
    browser.wait_text(".share button", "Copied");
    assert_eq!(browser.clipboard(), trade.link["url"].as_str().unwrap());
}
