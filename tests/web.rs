//! Both listeners over simulated adapters: real HTTP against the real engine, with time and payments moved by hand.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod web {
    mod api_fuzz;
    mod bad_input;
    mod balances;
    mod bodies;
    mod cli;
    mod cli_commands;
    mod cli_errors;
    mod cli_watch;
    mod contract;
    mod dashboard;
    mod document;
    mod idempotency;
    mod isolation;
    mod keys;
    mod kit;
    mod link_details;
    mod link_pages;
    mod links;
    mod lists;
    mod lnurl;
    mod metrics;
    mod mistakes;
    mod objects;
    mod pages;
    mod post;
    mod prices;
    mod publishable;
    mod reachable;
    mod receiver;
    mod refusals;
    mod rows;
    mod rude;
    mod rules;
    mod samples;
    mod screens;
    mod sends;
    mod shops;
    mod webhooks;
}
