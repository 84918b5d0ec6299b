//! QR codes as SVG.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around a code, as the standard asks for.
const QUIET: usize = 4;

/// `text` as an SVG that scales to any size; `None` if it is too long for any code. Upper-case text makes a smaller code.
/// Of the code 7 % may be lost: for what is long and shown on a screen.
pub(super) fn svg(text: &str) -> Option<String> {
    draw(text, EcLevel::L)
}

/// The same where 15 % may be lost: for what is short, and may be printed and folded.
pub(super) fn sturdy_svg(text: &str) -> Option<String> {
    draw(text, EcLevel::M)
}

fn draw(text: &str, level: EcLevel) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), level).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let colors = code.into_colors();
    // One line for each run of dark modules: a quarter of the size of one square for each module.
    let mut runs = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(runs, "M{} {}.5h{}", x + QUIET, y + QUIET, run.len());
            }
            x += run.len();
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\"{runs}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_invoice_still_fits_and_what_cannot_fit_is_none() {
        let long = "LNBCRT1".repeat(100);
        assert!(svg(&long).unwrap().starts_with("<svg"));
        assert_eq!(svg(&"X".repeat(10_000)), None);
    }
}
