//! Pictures of pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// A picture of what can be seen of the page, as PNG.
    #[track_caller]
    pub fn screenshot(&self) -> Vec<u8> {
        self.try_screenshot().unwrap_or_else(|why| panic!("no picture: {why}"))
    }

    pub(super) fn try_screenshot(&self) -> Result<Vec<u8>, String> {
        Ok(decoded(&self.driver.ask("GET", "/screenshot", Value::Null)?))
    }

    /// A picture of the whole page, as PNG.
    pub fn screenshot_in_full(&self) -> Vec<u8> {
        let asked = json!({"format": "png", "captureBeyondViewport": true});
        decoded(&self.driver.devtools("Page.captureScreenshot", asked)["data"])
    }

    /// Waits until every picture is there and nothing moves on the page any more, but for what moves for ever.
    #[track_caller]
    pub fn wait_still(&self) {
        self.wait_for(
            "document.getAnimations().every(a => a.playState === 'finished' \
             || a.effect.getComputedTiming().endTime === Infinity) \
             && [...document.images].every(i => i.complete)",
        );
    }
}

/// The bytes of a Base64 text.
pub(super) fn decoded(text: &Value) -> Vec<u8> {
    let text = text.as_str().expect("a picture comes as text");
    STANDARD.decode(text).expect("a picture comes as Base64")
}
