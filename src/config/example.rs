//! The configuration as text: the example that `config/` and `init` show, and what `check-config` prints.

use std::fmt::Write;
use std::path::Path;

use toml::Table;

use super::Config;
use super::keys::{Declared, Keys, Written};

/// A commented configuration with every key: those of `set` with a value of their own, all others commented out at
/// their defaults.
pub fn render(set: &[(&str, &str)]) -> String {
    let mut keys = Keys::new(Table::new(), Written::new(), Path::new("."));
    Config::read(&mut keys);
    let mut text = String::from(
        "# satback's configuration. Every key with its default; what is commented out need not be said.\n\
         # SATBACK__SECTION__KEY in the environment and --set section.key=value go before this file.\n\n",
    );
    let mut section = "";
    for key in &keys.declared {
        if key.section != section {
            section = key.section;
            let _ = write!(text, "\n[{section}]\n");
        }
        let name =
            if section.is_empty() { key.key.to_owned() } else { format!("{section}.{}", key.key) };
        let own = set.iter().find(|(set, _)| *set == name).map(|(_, value)| *value);
        let _ = write!(text, "# {}\n{}\n", key.about, assignment(key, own));
    }
    text
}

fn assignment(key: &Declared, own: Option<&str>) -> String {
    match (own, &key.default) {
        (Some(own), _) => format!("{} = {own}", key.key),
        (None, Some(default)) => format!("# {} = {default}", key.key),
        (None, None) => format!("# {} =", key.key),
    }
}

/// Every key with the value that counts.
pub(super) fn render_effective(declared: &[Declared]) -> String {
    let mut text = String::new();
    let mut section = "";
    for key in declared {
        if key.section != section {
            section = key.section;
            let _ = write!(text, "\n[{section}]\n");
        }
        match &key.value {
            Some(value) => {
                let _ = writeln!(text, "{} = {value}", key.key);
            }
            None => {
                let _ = writeln!(text, "# {} is not set", key.key);
            }
        }
    }
    text
}
