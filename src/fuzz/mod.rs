//! What a stranger's bytes reach, as plain functions over bytes: each takes any bytes, lets the program's own reader have
//! them, and asserts what must hold of whatever comes out. cargo-fuzz drives them (`make fuzz`), and so do property
//! tests (`tests/fuzz`) with the committed corpora and generated inputs. They panic when the program is wrong, and only
//! then. Feature `fuzz`, in no release.

mod bolt11;
mod callback;
mod journal;
mod lists;
mod names;
mod orders;
mod row;
mod wallet;
mod world;

pub use callback::callback;
pub use journal::journal;
pub use lists::lists;
pub use names::names;
pub use orders::orders;
pub use row::row;
pub use wallet::wallet;

pub use self::bolt11::invoice;

/// A body: it takes any bytes, and panics if the program is wrong about them.
pub type Body = fn(&[u8]);

/// Every body under the name of its fuzz target and its corpus.
pub const TARGETS: [(&str, Body); 8] = [
    ("callback", callback),
    ("invoice", invoice),
    ("journal", journal),
    ("lists", lists),
    ("names", names),
    ("orders", orders),
    ("row", row),
    ("wallet", wallet),
];

/// The first byte as a choice among `count`, and the rest as text.
fn choice(data: &[u8], count: usize) -> Option<(usize, std::borrow::Cow<'_, str>)> {
    let (first, rest) = data.split_first()?;
    Some((usize::from(*first) % count, String::from_utf8_lossy(rest)))
}
