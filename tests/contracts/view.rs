//! The queryable view of the books.

use std::ops::Bound;

use satback::ports::store::StoreFault;
use satback::sim::MapView;
use satback::store::SledView;
use satback::store::view::{Applied, Stretch, View};
use satback_regtest::{PATIENCE, eventually};

fn put(key: &str, row: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    (key.as_bytes().to_vec(), Some(row.as_bytes().to_vec()))
}

fn scan(
    view: &dyn View,
    from: Bound<&str>,
    to: Bound<&str>,
    ascending: bool,
    limit: usize,
) -> String {
    let owned = |bound: Bound<&str>| bound.map(|key| key.as_bytes().to_vec());
    let stretch = Stretch { from: owned(from), to: owned(to), ascending, limit };
    let found = view.scan(&stretch).unwrap();
    let keys = found.iter().map(|(key, row)| {
        assert_eq!(String::from_utf8_lossy(row), String::from_utf8_lossy(key).to_uppercase());
        String::from_utf8_lossy(key).into_owned()
    });
    keys.collect::<Vec<_>>().join(" ")
}

fn keeps_its_contract(view: &dyn View) {
    assert_eq!(view.applied().unwrap(), None, "never written to");
    assert_eq!(view.get(b"a").unwrap(), None);

    let ops = [put("b", "B"), put("d", "x"), put("a", "A"), put("c", "C")];
    view.apply(&ops, None).unwrap();
    assert_eq!(view.applied().unwrap(), None, "it is being made, and counts for nothing yet");
    let mut applied = Applied::EMPTY;
    applied.note(b"a", None, Some(b"A"));
    let gone = (b"e".to_vec(), None);
    view.apply(&[put("d", "D"), gone], Some(&applied)).unwrap();
    assert_eq!(view.applied().unwrap(), Some(applied));
    assert_eq!(view.get(b"d").unwrap(), Some(b"D".to_vec()));

    use Bound::{Excluded, Included, Unbounded};
    assert_eq!(scan(view, Included("a"), Included("d"), true, 9), "a b c d");
    assert_eq!(scan(view, Excluded("a"), Excluded("d"), true, 9), "b c");
    assert_eq!(scan(view, Included("a"), Included("d"), false, 2), "d c", "from the end");
    assert_eq!(scan(view, Included("b"), Unbounded, true, 2), "b c");
    assert_eq!(scan(view, Included("x"), Included("z"), true, 9), "");

    view.apply(&[(b"b".to_vec(), None)], Some(&applied)).unwrap();
    let mut seen = vec![];
    view.each(&mut |key, row| {
        seen.push((key.to_vec(), row.to_vec()));
        Ok(())
    })
    .unwrap();
    let expect = ["a", "c", "d"].map(|key| (key.into(), key.to_uppercase().into()));
    assert_eq!(seen, expect, "in order, and without the view's own row");
    let ended = view.each(&mut |_, _| Err(StoreFault("enough".to_owned())));
    assert_eq!(ended.unwrap_err().0, "enough", "an error ends the visit");
}

#[test]
fn sled_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    keeps_its_contract(&SledView::open(dir.path()).unwrap());
    // sled's threads let go of its file a moment after the last handle has gone.
    let again = eventually("sled to let go;", PATIENCE, || {
        SledView::open(dir.path()).map_err(|fault| fault.0)
    });
    assert_eq!(again.get(b"d").unwrap(), Some(b"D".to_vec()), "it outlives the process");
}

#[test]
fn a_view_in_memory_keeps_the_contract() {
    keeps_its_contract(&MapView::default());
}
