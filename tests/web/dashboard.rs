//! The dashboard over plain HTTP: who gets in, whose things are shown, and what strangers' texts and clicks cannot do.

mod kit;
mod pages;
mod signing_in;
