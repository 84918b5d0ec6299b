//! Both listeners over simulated adapters: real HTTP against the real engine, with time and payments moved by hand.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod web {
    mod cli;
    mod idempotency;
    mod keys;
    mod kit;
    mod link_pages;
    mod links;
    mod lists;
    mod lnurl;
    mod mistakes;
    mod objects;
    mod pages;
    mod post;
    mod prices;
    mod publishable;
    mod receiver;
    mod refusals;
    mod rows;
    mod rude;
    mod screens;
    mod webhooks;
}
