//! Reading keys: each is declared once, with its unit in its name, its default, its bounds and a sentence about it. What
//! is wrong is collected, so that all of it can be said at once; what is declared becomes the example configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::secret::Secret;

/// A key as it was declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// The section; empty for keys that stand before all sections.
    pub(super) section: &'static str,
    /// The key.
    pub(super) key: &'static str,
    /// Its default, as TOML; `None` if it has none.
    pub(super) default: Option<String>,
    /// What it is for.
    pub(super) about: &'static str,
    /// The value that counts, as TOML with secrets masked.
    pub(super) value: Option<String>,
}

/// Settings from outside a file as they were written: a text that looks like a number is a text where one is wanted.
pub(super) type Written = BTreeMap<(String, String), String>;

/// Reads a table of settings.
#[derive(Debug)]
pub(super) struct Keys {
    settings: BTreeMap<(String, String), Value>,
    written: Written,
    sections: BTreeSet<String>,
    read: BTreeSet<(String, String)>,
    folder: PathBuf,
    section: &'static str,
    /// What is wrong.
    pub(super) problems: Vec<String>,
    /// What was declared, in order.
    pub(super) declared: Vec<Declared>,
}

impl Keys {
    /// Reads `table`; paths in it are relative to `folder`.
    pub(super) fn new(table: Table, written: Written, folder: &Path) -> Self {
        let mut keys = Self {
            settings: BTreeMap::new(),
            written,
            sections: BTreeSet::new(),
            read: BTreeSet::new(),
            folder: folder.to_owned(),
            section: "",
            problems: vec![],
            declared: vec![],
        };
        for (name, value) in table {
            match value {
                Value::Table(section) => {
                    keys.sections.insert(name.clone());
                    for (key, value) in section {
                        keys.settings.insert((name.clone(), key), value);
                    }
                }
                value => {
                    keys.settings.insert((String::new(), name), value);
                }
            }
        }
        keys
    }

    /// The keys that follow stand in this section.
    pub(super) fn section(&mut self, name: &'static str) {
        self.section = name;
        self.sections.remove(name);
    }

    fn name(&self, key: &str) -> String {
        if self.section.is_empty() { key.to_owned() } else { format!("{}.{key}", self.section) }
    }

    /// Notes what is wrong with a key.
    pub(super) fn problem(&mut self, key: &str, what: impl Display) {
        let name = self.name(key);
        self.problems.push(format!("{name}: {what}"));
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        let place = (self.section.to_owned(), key.to_owned());
        let value = self.settings.get(&place).cloned();
        self.read.insert(place);
        value
    }

    fn declare(
        &mut self,
        key: &'static str,
        default: Option<Value>,
        value: Option<Value>,
        about: &'static str,
    ) {
        self.declared.push(Declared {
            section: self.section,
            key,
            default: default.map(|default| default.to_string()),
            about,
            value: value.map(|value| value.to_string()),
        });
    }

    /// True or false.
    pub(super) fn boolean(
        &mut self,
        key: &'static str,
        default: bool,
        about: &'static str,
    ) -> bool {
        let value = match self.take(key) {
            None => default,
            Some(Value::Boolean(value)) => value,
            Some(_) => {
                self.problem(key, "must be true or false");
                default
            }
        };
        self.declare(key, Some(Value::Boolean(default)), Some(Value::Boolean(value)), about);
        value
    }

    /// A whole number within bounds.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        default: u64,
        bounds: RangeInclusive<u64>,
        about: &'static str,
    ) -> u64 {
        let value = match self.take(key) {
            None => default,
            Some(Value::Integer(number)) => {
                let number = u64::try_from(number).ok().filter(|number| bounds.contains(number));
                number.unwrap_or_else(|| {
                    let (least, most) = (bounds.start(), bounds.end());
                    self.problem(key, format!("must be between {least} and {most}"));
                    default
                })
            }
            Some(_) => {
                self.problem(key, "must be a whole number");
                default
            }
        };
        let toml = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        self.declare(key, Some(toml(default)), Some(toml(value)), about);
        value
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, default: &str, about: &'static str) -> String {
        self.optional_text(key, Some(default), about).unwrap_or_default()
    }

    /// A text that may be absent.
    pub(super) fn optional_text(
        &mut self,
        key: &'static str,
        default: Option<&str>,
        about: &'static str,
    ) -> Option<String> {
        let value = match self.take(key) {
            None => default.map(str::to_owned),
            Some(Value::String(text)) => Some(text),
            Some(_) => match self.written.get(&(self.section.to_owned(), key.to_owned())) {
                Some(text) => Some(text.clone()),
                None => {
                    self.problem(key, "must be a text");
                    default.map(str::to_owned)
                }
            },
        };
        let toml = |text: &str| Value::String(text.to_owned());
        self.declare(key, default.map(toml), value.as_deref().map(toml), about);
        value
    }

    /// A text that `parse` understands; `rule` says what it must be.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        default: &str,
        rule: &str,
        about: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key, default, about);
        let value = parse(&text);
        if value.is_none() {
            self.problem(key, format!("{text:?} is not {rule}"));
        }
        value
    }

    /// A list of texts that `parse` understands.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        default: &[&str],
        rule: &str,
        about: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let default: Vec<_> =
            default.iter().map(|text| Value::String((*text).to_owned())).collect();
        let values = match self.take(key) {
            None => default.clone(),
            Some(Value::Array(values)) => values,
            Some(single @ Value::String(_)) => vec![single],
            Some(_) => {
                self.problem(key, "must be a list of texts");
                default.clone()
            }
        };
        let mut parsed = vec![];
        for value in &values {
            match value.as_str().and_then(&parse) {
                Some(value) => parsed.push(value),
                None => self.problem(key, format!("{value} is not {rule}")),
            }
        }
        self.declare(key, Some(Value::Array(default)), Some(Value::Array(values)), about);
        parsed
    }

    /// A path, relative to the configuration's folder.
    pub(super) fn path(
        &mut self,
        key: &'static str,
        default: &str,
        about: &'static str,
    ) -> PathBuf {
        let text = self.text(key, default, about);
        self.folder.join(text)
    }

    /// A path that may be absent, relative to the configuration's folder.
    pub(super) fn optional_path(
        &mut self,
        key: &'static str,
        about: &'static str,
    ) -> Option<PathBuf> {
        let text = self.optional_text(key, None, about)?;
        Some(self.folder.join(text))
    }

    /// A secret: `env:NAME` or `file:PATH`, never itself.
    pub(super) fn secret(
        &mut self,
        key: &'static str,
        default: Option<&str>,
        about: &'static str,
    ) -> Option<Secret> {
        let reference = self.optional_text(key, default, about)?;
        match Secret::parse(&reference, &self.folder) {
            Ok(secret) => Some(secret),
            Err(what) => {
                if let Some(declared) = self.declared.last_mut() {
                    declared.value = Some("\"(masked)\"".to_owned());
                }
                self.problem(key, what);
                None
            }
        }
    }

    /// Settings that no key was declared for.
    pub(super) fn finish(&mut self) {
        let of_unknown_section = |place: &(String, String)| self.sections.contains(&place.0);
        let unknown: Vec<_> = self
            .settings
            .keys()
            .filter(|place| !self.read.contains(*place) && !of_unknown_section(place))
            .cloned()
            .collect();
        for section in &self.sections {
            self.problems.push(format!("[{section}]: there is no such section"));
        }
        for (section, key) in unknown {
            let name = if section.is_empty() { key } else { format!("{section}.{key}") };
            self.problems.push(format!("{name}: there is no such key"));
        }
    }
}
