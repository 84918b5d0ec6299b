//! Pictures for the manual, in `docs/screenshots` after `pngquant`.

use satback_regtest::browser::{Look, target_folder};

use super::shop::Desk;

#[test]
fn the_dashboard_has_its_picture_taken() {
    let mut desk = Desk::open("dashboard_pictures", Look::laptop().still(), None);
    let trade = desk.trade("5 % back on everything");
    let cashback = trade.cashback["id"].as_str().unwrap();
    let folder = target_folder().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, path) in [
        ("dashboard-home", "/".to_owned()),
        ("dashboard-cashback-form", "/dashboard/cashbacks/new".to_owned()),
        ("dashboard-cashback", format!("/dashboard/cashbacks/{cashback}")),
        ("dashboard-link-form", "/dashboard/links/new".to_owned()),
    ] {
        desk.go(&path);
        for (theme, look) in [
            ("", Look::laptop()),
            ("-dark", Look::laptop().dark()),
            ("-phone", Look::phone().sized(390, 844)),
        ] {
            desk.browser.look(look.still());
            desk.browser.wait_still();
            let file = folder.join(format!("manual-{name}{theme}.png"));
            std::fs::write(&file, desk.browser.screenshot()).unwrap();
        }
        desk.browser.look(Look::laptop().still());
    }
}
