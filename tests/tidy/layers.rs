//! Who may use whom (DESIGN section 4).

use super::code::program;

/// A module, the modules of ours that it may use beside itself, and the libraries.
struct Layer {
    name: &'static str,
    ours: &'static [&'static str],
    libraries: &'static [&'static str],
}

const ALL: &[&str] = &["*"];

const LAYERS: [Layer; 29] = [
    Layer { name: "domain", ours: &[], libraries: &[] },
    Layer { name: "ports", ours: &["domain"], libraries: &[] },
    Layer { name: "engine", ours: &["domain", "ports"], libraries: &["tracing"] },
    Layer { name: "shell", ours: &["domain", "ports", "engine"], libraries: &["tracing"] },
    Layer {
        name: "store",
        ours: &["domain", "ports"],
        libraries: &["bitcoin", "crc32fast", "serde_json", "sled", "tracing"],
    },
    Layer {
        name: "node",
        ours: &["bolt11", "direct", "domain", "ports"],
        libraries: &[
            "base64",
            "bitcoin",
            "ldk_node",
            "rusqlite",
            "serde_json",
            "tokio",
            "tracing",
            "ureq",
        ],
    },
    Layer { name: "bolt11", ours: &["domain", "ports"], libraries: &["lightning_invoice"] },
    Layer { name: "books_export", ours: &["domain", "ports"], libraries: &["serde_json"] },
    Layer {
        name: "rates",
        ours: &["config", "direct", "domain", "ports"],
        libraries: &["serde_json", "tracing", "ureq"],
    },
    Layer { name: "secrets", ours: &["domain", "ports"], libraries: &["bitcoin"] },
    Layer { name: "system", ours: &["domain", "ports"], libraries: &["getrandom"] },
    Layer { name: "direct", ours: &[], libraries: &["ureq"] },
    Layer { name: "metrics", ours: &["domain", "ports", "engine"], libraries: &["prometheus"] },
    Layer { name: "tripwire", ours: &[], libraries: &[] },
    Layer {
        name: "config",
        ours: &["domain", "engine"],
        libraries: &["toml", "tracing_subscriber"],
    },
    Layer {
        name: "web",
        ours: &["domain", "ports", "engine", "shell", "config", "books_export", "metrics"],
        libraries: &[
            "axum",
            "base64",
            "bitcoin",
            "form_urlencoded",
            "futures_util",
            "http_body",
            "http_body_util",
            "hyper",
            "hyper_util",
            "lnurl",
            "maud",
            "qrcode",
            "schemars",
            "serde",
            "serde_json",
            "tokio",
            "tower_http",
            "tower_service",
            "tracing",
        ],
    },
    Layer {
        // A folder of `web` with rules of its own: it asks the API, and neither engine nor node.
        name: "dashboard",
        ours: &["domain", "ports", "web"],
        libraries: &["axum", "bitcoin", "form_urlencoded", "maud", "serde_json", "tracing"],
    },
    Layer {
        name: "cli",
        // Of `web` the API's document, of which the commands are made.
        ours: &[
            "app",
            "books_export",
            "config",
            "direct",
            "domain",
            "node",
            "ports",
            "system",
            "web",
        ],
        libraries: &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "serde_json",
            "toml",
            "tracing",
            "tracing_subscriber",
            "ureq",
        ],
    },
    Layer {
        name: "webhook",
        ours: &["domain", "guarded", "ports"],
        libraries: &["base64", "bitcoin", "ureq"],
    },
    Layer { name: "guarded", ours: &[], libraries: &["ureq"] },
    Layer {
        name: "lnurl_pay",
        ours: &["domain", "guarded", "ports"],
        libraries: &["lnurl", "serde_json", "ureq"],
    },
    Layer { name: "main", ours: &["cli"], libraries: &["satback"] },
    Layer { name: "lib", ours: ALL, libraries: &[] },
    Layer {
        name: "app",
        ours: ALL,
        libraries: &["bitcoin", "rustix", "serde", "serde_json", "tokio", "tracing"],
    },
    Layer { name: "bin", ours: &[], libraries: &["satback"] },
    Layer {
        name: "fuzz",
        // Without the node: fuzzing compiles everything anew.
        ours: &[
            "bolt11", "config", "domain", "engine", "metrics", "ports", "rates", "secrets",
            "shell", "sim", "store", "web",
        ],
        libraries: &[
            "axum",
            "bitcoin",
            "crc32fast",
            "form_urlencoded",
            "lightning_invoice",
            "serde_json",
            "tokio",
            "tower_service",
        ],
    },
    Layer {
        name: "bench",
        // Without the node, as fuzz.
        ours: &[
            "config", "domain", "engine", "metrics", "ports", "rates", "secrets", "shell", "sim",
            "store", "web",
        ],
        libraries: &["axum", "serde_json", "tokio", "tower_service"],
    },
    Layer { name: "sim", ours: ALL, libraries: &["bitcoin", "memchr", "serde_json", "tokio"] },
    // Kept for the end so that a new module has to be thought about.
    Layer { name: "", ours: &[], libraries: &[] },
];

/// What a path may begin with beside a library's name.
const LANGUAGE: [&str; 7] = ["std", "core", "alloc", "crate", "self", "super", "Self"];

fn layer(module: &str) -> &'static Layer {
    let found = LAYERS.iter().find(|layer| layer.name == module && !module.is_empty());
    found.unwrap_or_else(|| panic!("who may use whom does not say anything about {module}"))
}

#[test]
fn modules_use_only_what_they_may() {
    let modules: Vec<_> = LAYERS.iter().map(|layer| layer.name).collect();
    let libraries = libraries();
    let mut wrong = vec![];
    for source in program() {
        let layer = layer(source.module());
        for path in source.paths() {
            let first = path[0].as_str();
            let second = path.get(1).map_or("", String::as_str);
            // `pub(crate)` is a path of one word, and names no module.
            let is_module = !second.is_empty() && modules.contains(&second);
            let ours = first == "crate" && is_module && second != layer.name;
            if ours && layer.ours != ALL && !layer.ours.contains(&second) {
                wrong.push(format!("{}: {}", source.path, path.join("::")));
            }
            let is_library = path.len() > 1 && libraries.iter().any(|library| library == first);
            if is_library && !LANGUAGE.contains(&first) && !layer.libraries.contains(&first) {
                wrong.push(format!("{}: {}", source.path, path.join("::")));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The libraries of the manifest, as code spells them.
fn libraries() -> Vec<String> {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let named = |table: &str| manifest[table].as_table().unwrap().keys().cloned();
    let names = named("dependencies").chain(named("dev-dependencies"));
    let spelt = names
        .map(|name| if name == "lnurl-rs" { "lnurl".to_owned() } else { name.replace('-', "_") });
    let spelt: Vec<_> = spelt.collect();
    assert!(spelt.len() > 20);
    spelt
}

#[test]
fn the_domain_is_pure() {
    let forbidden = [
        "HashMap",
        "HashSet",
        "f32",
        "f64",
        "Instant",
        "SystemTime",
        "thread",
        "fs",
        "net",
        "env",
        "process",
        "Mutex",
        "Rc",
        "RefCell",
    ];
    let mut wrong = vec![];
    for source in program().iter().filter(|source| source.module() == "domain") {
        for path in source.paths() {
            if path.iter().any(|segment| forbidden.contains(&segment.as_str())) {
                wrong.push(format!("{}: {}", source.path, path.join("::")));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_engine_is_synchronous_and_asks_nobody_for_time_or_chance() {
    let mut wrong = vec![];
    for source in program().iter().filter(|source| source.module() == "engine") {
        let own_thread = source.path == "src/engine/queue.rs";
        for path in source.paths() {
            let outside = ["fs", "net", "env", "time", "collections::HashMap"];
            let thread = !own_thread && path.contains(&"thread".to_owned());
            let rest = path[1..].join("::");
            if path[0] == "std" && (thread || outside.iter().any(|begin| rest.starts_with(begin))) {
                wrong.push(format!("{}: std::{rest}", source.path));
            }
        }
        if source.text.contains("async fn") || source.text.contains(".await") {
            wrong.push(format!("{}: async", source.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_auditor_of_the_simulated_world_knows_nothing_of_the_program() {
    let sources = program();
    let auditor = sources.iter().find(|source| source.path == "src/sim/auditor.rs").unwrap();
    for path in auditor.paths() {
        let first = path[0].as_str();
        let is_its_own = path.len() == 1 || !["crate", "super", "satback"].contains(&first);
        assert!(is_its_own, "{}", path.join("::"));
    }
}
