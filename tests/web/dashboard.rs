//! The dashboard over plain HTTP: who gets in, whose things are shown, and what strangers' texts and clicks cannot do.

mod kit;
mod operating;
mod pages;
mod screens;
mod signing_in;
