//! What all hosted pages have in common: head, shop, foot, and the pages that say that there is none.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::session::NoView;
use super::{assets, texts};

/// The head of a page.
pub(super) struct Head<'a> {
    pub(super) title: &'a str,
    /// After so many seconds a browser without scripts loads the page again.
    pub(super) refresh_secs: Option<u32>,
    pub(super) has_script: bool,
}

/// A whole page around its `main`.
pub(super) fn page(head: &Head<'_>, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(texts::LANGUAGE) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                @if let Some(secs) = head.refresh_secs {
                    noscript { meta http-equiv="refresh" content=(secs); }
                }
                title { (head.title) }
                link rel="icon" href=(*assets::ICON_AT);
                link rel="stylesheet" href=(*assets::STYLE_AT);
                @if head.has_script { script src=(*assets::SCRIPT_AT) defer {} }
            }
            body {
                (main)
                footer { (bolt()) (texts::FOOT) }
                // Screen readers hear what changes; it stays while the page around it is replaced.
                p #said .unseen role="status" aria-live="polite" {}
            }
        }
    }
}

/// The shop: the first letter of its name as a sign, and the name.
pub(super) fn shop(name: &str) -> Markup {
    let sign = name.chars().find(|letter| letter.is_alphanumeric());
    html! {
        p.shop {
            span.sign aria-hidden="true" {
                @match sign {
                    Some(letter) => (letter.to_uppercase().to_string()),
                    None => (bolt()),
                }
            }
            bdi { (name) }
        }
    }
}

/// A page that says one thing.
pub(super) fn notice(title: &str, text: &str) -> Markup {
    let main = html! {
        main.alone { section.pane { h1 { (title) } p { (text) } } }
    };
    page(&Head { title, refresh_secs: None, has_script: false }, &main)
}

/// The page that stands where there is none.
pub(super) fn none(why: NoView) -> Response {
    let (title, text) = match &why {
        NoView::Unknown => (texts::NO_PAGE, texts::NO_PAGE_WHY),
        NoView::Broken(_) => (texts::BROKEN, texts::BROKEN_WHY),
    };
    let status: StatusCode = why.into_response().status();
    (status, Html(notice(title, text).into_string())).into_response()
}

/// The page of somebody who asks too often, and when to ask again.
pub(super) fn too_many(wait_secs: u64) -> Response {
    let page = notice(texts::TOO_MANY, texts::TOO_MANY_WHY).into_string();
    let retry_after = [(header::RETRY_AFTER, wait_secs.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, retry_after, Html(page)).into_response()
}

/// A flash.
pub(super) fn bolt() -> Markup {
    drawing("<path d=\"M13 2 4 14h6l-1 8 9-12h-6z\" fill=\"currentColor\"/>")
}

/// A present.
pub(super) fn present() -> Markup {
    drawing(
        "<path d=\"M4 11h16v10H4zM2.5 7h19v4h-19zM12 7v14M12 7S7 7 7 4.5 11 3 12 7c1-4 5-5 5-2.5S12 7 12 7z\" \
         fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>",
    )
}

/// A tick in a circle, which draws itself.
pub(super) fn tick() -> Markup {
    html! {
        span.tick aria-hidden="true" {
            (drawing("<path d=\"M6 12.5l4 4 8-9\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.4\" \
                stroke-linecap=\"round\" stroke-linejoin=\"round\" pathLength=\"1\"/>"))
        }
    }
}

fn drawing(inside: &'static str) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(inside)) }
    }
}

/// A QR code on its own white ground; with scripts, a tap copies what it holds.
pub(super) fn code(image: &str, alt: &str, copies: &str, label: &str) -> Markup {
    html! {
        button.qr type="button" data-copy=(copies) data-done=(texts::COPIED) aria-label=(label) {
            img src=(image) alt=(alt) width="300" height="300";
            span.toast aria-hidden="true" { (texts::COPIED) }
        }
    }
}

/// The two ways to hand something to a wallet of this device.
pub(super) fn hand_over(link: &str, copies: &str) -> Markup {
    html! {
        div.acts {
            a.button.first href=(link) { (bolt()) (texts::OPEN_WALLET) }
            button.button type="button" data-copy=(copies) data-done=(texts::COPIED) { (texts::COPY) }
        }
    }
}

/// What can be copied by hand.
pub(super) fn as_text(text: &str) -> Markup {
    html! {
        details.text { summary { (texts::AS_TEXT) } p.code { (text) } }
    }
}
