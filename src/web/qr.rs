//! QR codes as SVG.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Side of a code on a page, in CSS pixels.
const SIDE: u32 = 300;

/// `text` as an SVG; `None` if it is too long for any code. Upper-case text makes a smaller code.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_invoice_still_fits_and_what_cannot_fit_is_none() {
        assert!(svg(&"LNBCRT1".repeat(100)).unwrap().starts_with("<?xml"));
        assert_eq!(svg(&"X".repeat(10_000)), None);
    }
}
