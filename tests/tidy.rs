//! The rules of the house, kept by a test and not by a promise: who may use whom, how large things may get, what the
//! repository says about itself.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod tidy {
    mod code;
    mod codes;
    mod configuration;
    mod facts;
    mod invariants;
    mod layers;
    mod repository;
    mod sizes;
}
