//! The voice of the demo: numbered steps with the time each took.

use std::cell::Cell;
use std::time::Instant;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// Tells the story.
pub(crate) struct Teller {
    began: Instant,
    step: Cell<u32>,
    once: bool,
}

impl Teller {
    /// Begins.
    pub(crate) fn start(once: bool) -> Teller {
        println!(
            "satback on a private regtest: real Bitcoin Core, real Lightning nodes, real HTTP.\n"
        );
        Teller { began: Instant::now(), step: Cell::new(0), once }
    }

    /// Seconds since the beginning, to a tenth.
    #[expect(clippy::float_arithmetic, reason = "a time to be looked at, and no money")]
    pub(crate) fn seconds(&self) -> f64 {
        (self.began.elapsed().as_secs_f64() * 10.0).round() / 10.0
    }

    /// Tells a step, does it, and tells how long it took.
    pub(crate) fn step<T>(&self, what: &str, act: impl FnOnce() -> T) -> T {
        self.step.set(self.step.get() + 1);
        println!("{:>2}. {what}", self.step.get());
        let began = Instant::now();
        let done = act();
        println!("    done in {:.1} s", began.elapsed().as_secs_f64());
        done
    }

    /// A line below a step.
    pub(crate) fn say(&self, what: &str) {
        for line in what.lines() {
            println!("    {line}");
        }
    }

    /// A QR code, where there is a terminal to look at.
    pub(crate) fn qr(&self, text: &str) {
        if self.once {
            return;
        }
        if let Ok(code) = QrCode::new(text) {
            let drawn = code
                .render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .build();
            self.say(&drawn);
        }
    }
}
