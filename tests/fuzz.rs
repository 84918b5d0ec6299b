//! The bodies of the fuzz targets (`src/fuzz`) as property tests: over the committed corpora, and over inputs put together
//! from the words that each parser knows.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod fuzz {
    mod corpora;
    mod generated;
}
