//! Files of the dashboard, in the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::icons;

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// The looks.
pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("assets/dashboard.css"))
}

/// What a script adds; every page works without it.
pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("assets/dashboard.js"))
}

/// The sign of the house.
pub(super) async fn icon() -> Response {
    file("image/svg+xml", icons::LOGO)
}
