//! Style, script and icon of the hosted pages. Their addresses change with what they hold, so that browsers may keep them
//! for good and yet have the new ones after an upgrade.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use bitcoin::hashes::{Hash, sha256};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const ICON: &str = include_str!("icon.svg");

/// The address of the style sheet.
pub(super) static STYLE_AT: LazyLock<String> = LazyLock::new(|| address("page.css", STYLE));
/// The address of the script.
pub(super) static SCRIPT_AT: LazyLock<String> = LazyLock::new(|| address("page.js", SCRIPT));
/// The address of the icon.
pub(super) static ICON_AT: LazyLock<String> = LazyLock::new(|| address("icon.svg", ICON));

fn address(name: &str, text: &str) -> String {
    let digest = sha256::Hash::hash(text.as_bytes()).to_string();
    format!("/assets/{name}?{}", digest.get(..8).unwrap_or(""))
}

/// `GET /assets/page.css`.
pub(super) async fn style() -> Response {
    asset("text/css", STYLE)
}

/// `GET /assets/page.js`.
pub(super) async fn script() -> Response {
    asset("text/javascript", SCRIPT)
}

/// `GET /assets/icon.svg`.
pub(super) async fn icon() -> Response {
    asset("image/svg+xml", ICON)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
