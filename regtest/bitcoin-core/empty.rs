//! Empty: cargo wants a target before it reads a manifest's dependencies.
