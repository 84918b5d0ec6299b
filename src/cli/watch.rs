//! Looking again and again, until what is waited for is there or somebody interrupts.

use std::time::Duration;

use crate::app::Fault;

use super::tell;

/// What a look found.
pub(super) enum Look {
    /// What is to be seen now; there may be more to come.
    Seen(String),
    /// What was waited for, or nobody listens any more.
    Over,
}

/// Looks every so often, and shows what is seen whenever it is something else than before. The first look must succeed;
/// later ones may find the daemon restarting, which is told once.
pub(super) fn follow(
    every: Duration,
    mut look: impl FnMut() -> Result<Look, Fault>,
    mut show: impl FnMut(&str) -> bool,
) -> Result<(), Fault> {
    let (mut shown, mut told) = (None, None);
    loop {
        match look() {
            Ok(Look::Over) => return Ok(()),
            Ok(Look::Seen(seen)) => {
                told = None;
                if shown.as_ref() != Some(&seen) && !show(&seen) {
                    return Ok(());
                }
                shown = Some(seen);
            }
            Err(Fault::Unavailable(text) | Fault::TryAgain(text)) if shown.is_some() => {
                if told.as_ref() != Some(&text) {
                    tell(&text);
                }
                told = Some(text);
            }
            Err(fault) => return Err(fault),
        }
        std::thread::sleep(every);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a row of looks.
    fn shown(looks: Vec<Result<Look, Fault>>) -> (Vec<String>, Result<(), Fault>) {
        let (mut looks, mut shown) = (looks.into_iter(), vec![]);
        let done = follow(
            Duration::ZERO,
            || looks.next().unwrap_or(Ok(Look::Over)),
            |seen| {
                shown.push(seen.to_owned());
                seen != "gone"
            },
        );
        (shown, done)
    }

    fn seen(text: &str) -> Result<Look, Fault> {
        Ok(Look::Seen(text.to_owned()))
    }

    fn away() -> Result<Look, Fault> {
        Err(Fault::Unavailable("away".to_owned()))
    }

    #[test]
    fn only_what_changed_is_shown_and_a_restart_is_waited_for() {
        let looks = vec![seen("a"), seen("a"), away(), away(), seen("a"), seen("b"), seen("a")];
        let (shown, done) = shown(looks);
        assert_eq!(shown, ["a", "b", "a"]);
        assert!(done.is_ok());
    }

    #[test]
    fn it_ends_when_nobody_listens_and_when_the_first_look_fails() {
        assert_eq!(shown(vec![seen("a"), seen("gone"), seen("b")]).0, ["a", "gone"]);
        assert!(shown(vec![away()]).1.is_err());
        let broken = Err(Fault::Internal("broken".to_owned()));
        assert!(shown(vec![seen("a"), broken]).1.is_err());
    }
}
