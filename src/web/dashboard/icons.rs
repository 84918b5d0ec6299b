//! Small drawings: lines in the colour of the text beside them. They say nothing that the text does not.

use maud::{Markup, PreEscaped, html};

const fn drawing(name: &str) -> &'static str {
    match name.as_bytes() {
        b"home" => "M3 11l9-8 9 8M5 9.5V21h5v-6h4v6h5V9.5",
        b"gift" => {
            "M4 11h16v10H4zM2.5 7h19v4h-19zM12 7v14M12 7S10.500 2.500 8 3s-1 4 4 4zM12 7s1.500-4.500 4-4 1 4-4 4z"
        }
        b"hand" => "M4 12a8 8 0 1 1 8 8M12 8v4l3 2M4 16v5h5",
        b"out" => "M7 17L17 7M9 7h8v8",
        b"in" => "M17 7L7 17M7 9v8h8",
        b"link" => {
            "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1"
        }
        b"cart" => "M3 4h2.500l2 11h10l2-8H6.500M9 20h.01M16 20h.01",
        b"list" => "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
        b"chart" => "M4 4v16h16M8 15l4-5 3 3 5-6",
        b"bell" => "M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 21h4",
        b"clock" => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l3 2",
        b"key" => {
            "M15 9h.01M14.500 3.500a6 6 0 1 1-3.300 10.900L8 17.500H5.500V20H3v-3l6-6a6 6 0 0 1 5.500-7.500z"
        }
        b"people" => {
            "M9 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM2 21a7 7 0 0 1 14 0M16 4.500a4 4 0 0 1 0 7M18 14.500a7 7 0 0 1 4 6.500"
        }
        b"bolt" => "M13 2L4 14h7l-1 8 9-12h-7z",
        b"check" => "M4 12.500l5 5L20 6.500",
        b"question" => {
            "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18h.01M12 2.500a9.500 9.500 0 1 1 0 19 9.500 9.500 0 0 1 0-19z"
        }
        b"disk" => "M12 3v12M7 10l5 5 5-5M4 17v4h16v-4",
        b"menu" => "M4 6h16M4 12h16M4 18h16",
        b"leave" => "M10 4H4v16h6M15 8l4 4-4 4M19 12H9",
        b"warn" => "M12 3l10 18H2zM12 10v5M12 18h.01",
        b"plus" => "M12 5v14M5 12h14",
        _ => "M9 5l7 7-7 7",
    }
}

/// A drawing beside a text.
pub(super) fn icon(name: &str) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor"
            stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
            focusable="false" {
            path d=(drawing(name)) {}
        }
    }
}

/// The sign of the house, as a file.
pub(super) const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5546d4"/><path d="M18 5L9 18h6l-1 9 9-13h-6z" fill="#fff"/></svg>"##;

/// The sign of the house, beside its name.
pub(super) fn logo() -> Markup {
    html! { span.logo aria-hidden="true" { (PreEscaped(LOGO)) } }
}
