//! Crash points of the simulated world: wherever the real process could end, its adapters and probes pass a point here,
//! and the world can have it end at any of them. The fuse belongs to the thread, as the whole world does.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Once;

/// Something that happens at a point, between two steps of the process.
type Interlude = (&'static str, Box<dyn FnOnce()>);

#[derive(Default)]
struct Fuse {
    left: Option<u64>,
    passed: u64,
    burnt: Option<String>,
    interlude: Option<Interlude>,
}

thread_local! {
    static FUSE: RefCell<Fuse> = RefCell::default();
}

/// The simulated process has ended here.
#[derive(Debug)]
struct Died;

/// Passes a point; if the fuse has burnt down to it, the process ends.
pub fn pass(point: &str) {
    let due = FUSE.with_borrow_mut(|fuse| fuse.interlude.take_if(|(at, _)| *at == point));
    if let Some((_, act)) = due {
        act();
    }
    let dies = FUSE.with_borrow_mut(|fuse| {
        fuse.passed += 1;
        match fuse.left {
            Some(0) => {
                fuse.left = None;
                fuse.burnt = Some(point.to_owned());
                true
            }
            Some(left) => {
                fuse.left = Some(left - 1);
                false
            }
            None => false,
        }
    });
    if dies {
        panic_any(Died);
    }
}

/// Ends the process at once, as it ends itself when the store fails.
pub fn die(why: &str) -> ! {
    FUSE.with_borrow_mut(|fuse| fuse.burnt = Some(why.to_owned()));
    panic_any(Died)
}

/// The process will end at the point after `points` more of them.
pub fn arm(points: u64) {
    FUSE.with_borrow_mut(|fuse| fuse.left = Some(points));
}

/// It will not, and nothing happens in between.
pub fn disarm() {
    FUSE.with_borrow_mut(|fuse| {
        fuse.left = None;
        fuse.interlude = None;
    });
}

/// When the process next passes `point`, something else happens first: what another thread would do meanwhile.
pub fn interleave(point: &'static str, act: impl FnOnce() + 'static) {
    FUSE.with_borrow_mut(|fuse| fuse.interlude = Some((point, Box::new(act))));
}

/// Points passed so far on this thread.
pub fn passed() -> u64 {
    FUSE.with_borrow(|fuse| fuse.passed)
}

/// Does something that may end the process; then it says at which point that was.
///
/// # Errors
/// The point.
pub fn catch<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    keep_deaths_quiet();
    catch_unwind(AssertUnwindSafe(act)).map_err(|payload| {
        if payload.downcast_ref::<Died>().is_none() {
            resume_unwind(payload);
        }
        FUSE.with_borrow_mut(|fuse| fuse.burnt.take()).unwrap_or_default()
    })
}

/// A death is an event of the world and no fault of ours; everything else is told as ever.
fn keep_deaths_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if panic.payload().downcast_ref::<Died>().is_none() {
                told(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_ends_at_the_point_that_was_asked_for_and_only_once() {
        let walk = || ["a", "b", "c"].into_iter().for_each(pass);
        arm(1);
        assert_eq!(catch(walk), Err("b".to_owned()));
        assert_eq!(catch(walk), Ok(()));
        assert_eq!(catch(|| die("broken")), Err::<(), _>("broken".to_owned()));
        arm(1);
        disarm();
        assert_eq!(catch(walk), Ok(()));
    }
}
