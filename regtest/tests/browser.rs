//! The browser does what a person would, and notices what a person might not.
#![allow(clippy::unwrap_used, reason = "a test fails with the error")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

use qrcode::QrCode;
use qrcode::render::svg;
use satback_regtest::{Browser, Look, PATIENCE, browser, until};

/// Serves one page, under every path, until the process ends.
fn serve(policy: &'static str, page: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map(Result::unwrap) {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Security-Policy: {policy}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                page.len()
            );
            // The browser may have gone.
            let _ =
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
        }
    });
    at
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href='data:,'>\
         <meta name=viewport content='width=device-width'><title>A page</title><body>{body}"
    )
}

#[test]
fn a_browser_does_what_a_person_does() {
    let form = "<h1>Hello</h1><input id=name aria-label=Name><select id=size aria-label=Size>\
        <option value=s>S<option value=l>L</select><button id=go>Go</button><p id=said></p>\
        <script>go.onclick = () => said.textContent = `${document.getElementById('name').value} ${size.value}`</script>";
    let at = serve("", page(form));
    let browser = Browser::start("a_person", Look::phone().dark().still());
    browser.open(&format!("http://{at}/"));
    assert_eq!((browser.title().as_str(), browser.text("h1").as_str()), ("A page", "Hello"));
    browser.fill("#name", "Ada");
    browser.choose("#size", "l");
    browser.click("#go");
    browser.wait_text("#said", "Ada l");
    browser.reload();
    browser.tab_to("#name");
    browser.type_keys("Bob");
    browser.tab_to("#go");
    browser.press("Enter");
    browser.wait_text("#said", "Bob s");
    let asked = |query: &str| browser.run(&format!("return matchMedia('({query})').matches"), &[]);
    for query in ["prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "width: 320px"] {
        assert_eq!(asked(query), true, "{query}");
    }
    browser.look(Look::laptop());
    assert_eq!(asked("width: 1280px"), true);
    assert_eq!(asked("prefers-color-scheme: dark"), false);
    assert_eq!(browser.barriers(), Vec::<String>::new());
    let requests = browser.requests();
    assert!(requests.len() == 2, "{requests:?}");
    assert!(requests.iter().all(|page| page.status == 200 && page.bytes > 500));
}

#[test]
fn a_page_without_scripts_can_still_be_read_and_used() {
    let at = serve(
        "",
        page(
            "<form action=/next><button id=go>Go</button></form><p id=said>quiet</p>\
        <script>said.textContent = 'loud'</script>",
        ),
    );
    let browser = Browser::start("without_scripts", Look::phone().without_scripts());
    browser.open(&format!("http://{at}/"));
    browser.wait_text("#said", "quiet");
    browser.click("#go");
    browser.wait_url("/next");
    assert!(browser.is_visible("#said"));
}

#[test]
fn a_code_on_a_screenshot_is_read_by_somebody_else() {
    let code = QrCode::new("LIGHTNING:LNBCRT1TEST").unwrap();
    let code = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    let code = code.split_once("?>").unwrap().1.to_owned();
    let browser = Browser::start("a_code", Look::phone());
    browser.open(&format!("http://{}/", serve("", page(&format!("<div id=code>{code}</div>")))));
    assert_eq!(browser::codes_in(&browser.screenshot()), ["LIGHTNING:LNBCRT1TEST"]);
    assert_eq!(browser::codes_in(&browser.screenshot_of("#code")), ["LIGHTNING:LNBCRT1TEST"]);
}

#[test]
fn what_goes_wrong_on_a_page_fails_its_test() {
    let elsewhere = serve("", page(""));
    for (name, policy, body, finding) in [
        ("an_error", "", "<script>nothing.there</script>".to_owned(), "nothing is not defined"),
        (
            "a_report",
            "script-src 'none'",
            "<script>1</script>".to_owned(),
            "Content Security Policy",
        ),
        ("a_stranger", "", format!("<img alt=x src='http://{elsewhere}/x'>"), "another host"),
    ] {
        let browser = Browser::start(&format!("noticed_{name}"), Look::laptop());
        browser.open(&format!("http://{}/", serve(policy, page(&body))));
        let findings = browser.findings();
        assert!(findings.len() == 1 && findings[0].contains(finding), "{name}: {findings:?}");
        let noticed = catch_unwind(AssertUnwindSafe(|| drop(browser))).unwrap_err();
        assert!(noticed.downcast::<String>().unwrap().contains(finding), "{name}");
        let picture = browser::target_folder().join(format!("screenshots/noticed_{name}.png"));
        assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"), "{name}");
    }
    let unlabelled = page("<input><p style='color:#ccc;background:#fff'>pale</p>");
    let browser = Browser::start("barriers", Look::laptop());
    browser.open(&format!("http://{}/", serve("", unlabelled)));
    let barriers = browser.barriers().join("\n");
    assert!(barriers.contains("label") && barriers.contains("color-contrast"), "{barriers}");
}

#[test]
fn nothing_of_a_browser_stays_when_it_is_dropped() {
    let browser = Browser::start("gone", Look::laptop());
    let process = format!("/proc/{}", browser.pid());
    assert!(Path::new(&process).exists());
    drop(browser);
    until("the browser to be gone", PATIENCE, || (!Path::new(&process).exists()).then_some(()));
}
