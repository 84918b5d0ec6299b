//! Where settings come from: the file, then the environment, then flags – each over the one before.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::keys::{Keys, Written};
use super::{Config, Loaded, Problems};

/// What variables of the environment begin with: `SATBACK__SECTION__KEY`.
const PREFIX: &str = "SATBACK__";

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file.
    pub file: Option<PathBuf>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// Flags: `section.key=value`.
    pub flags: Vec<String>,
}

impl Sources {
    /// The file, this process's environment, and flags.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<String>) -> Self {
        // What is no text cannot be a setting.
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { file, env: std::env::vars_os().filter_map(text).collect(), flags }
    }

    /// Reads everything.
    ///
    /// # Errors
    /// Every problem there is, not the first one only.
    pub fn load(&self) -> Result<Loaded, Problems> {
        let (loaded, problems) = self.read();
        if problems.is_empty() { Ok(loaded) } else { Err(Problems(problems)) }
    }

    /// Reads everything, with defaults where something is wrong, and says what is.
    pub fn read(&self) -> (Loaded, Vec<String>) {
        let mut problems = vec![];
        let mut table = Table::new();
        let mut written = Written::default();
        let mut folder = PathBuf::new();
        if let Some(file) = &self.file {
            folder = file.parent().map_or(folder, Path::to_owned);
            match read_file(file) {
                Ok(read) => table = read,
                Err(problem) => problems.push(problem),
            }
        }
        for (name, value) in &self.env {
            if let Some(name) = name.strip_prefix(PREFIX) {
                let name = name.to_ascii_lowercase().replace("__", ".");
                set(&mut table, &mut written, &name, value, &mut problems);
            }
        }
        for flag in &self.flags {
            match flag.split_once('=') {
                Some((name, value)) => set(&mut table, &mut written, name, value, &mut problems),
                None => problems.push(format!("{flag:?} is not section.key=value")),
            }
        }
        let mut keys = Keys::new(table, written, &folder);
        let config = Config::read(&mut keys);
        keys.finish();
        problems.append(&mut keys.problems);
        (Loaded { config, declared: keys.declared }, problems)
    }
}

fn read_file(file: &Path) -> Result<Table, String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    // The error's own text shows the line, and a secret may stand in it.
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| {
            text.get(..span.start).unwrap_or("").bytes().filter(|byte| *byte == b'\n').count() + 1
        });
        format!("{}, line {line}: {}", file.display(), error.message())
    })
}

/// A value from outside a file is TOML if it can be read as that, and a text otherwise.
fn set(
    table: &mut Table,
    written: &mut Written,
    name: &str,
    value: &str,
    problems: &mut Vec<String>,
) {
    let parsed = format!("value = {value}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(value.to_owned()));
    let (section, key) = name.split_once('.').unwrap_or(("", name));
    written.insert((section.to_owned(), key.to_owned()), value.to_owned());
    let Some((section, key)) = name.split_once('.') else {
        table.insert(name.to_owned(), parsed);
        return;
    };
    let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    match section.as_table_mut() {
        Some(section) => {
            section.insert(key.to_owned(), parsed);
        }
        None => problems.push(format!("{name}: there is no such key")),
    }
}
