//! Metadata: the merchant's own notes, kept as they were written.

use serde_json::value::RawValue;

use crate::domain::account::{METADATA_MAX_BYTES, METADATA_MAX_PAIRS, Metadata};
use crate::web::fields::Fields;

/// A line break or a tab is at home in a text of several lines.
pub(super) fn is_control_in_text(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

/// Reads metadata.
pub(super) fn metadata(json: &str) -> Result<Metadata, String> {
    let Fields(fields) = serde_json::from_str::<Fields<Box<RawValue>>>(json)
        .map_err(|_| "metadata must be an object".to_owned())?;
    if fields.len() > METADATA_MAX_PAIRS {
        return Err(format!("metadata may have at most {METADATA_MAX_PAIRS} pairs"));
    }
    let mut metadata = Metadata::new();
    let mut bytes = 0;
    for (key, value) in fields {
        let text = match value.get() {
            "null" => continue,
            nested if nested.starts_with(['[', '{']) => {
                return Err("values of metadata must be texts, numbers or booleans".to_owned());
            }
            text if text.starts_with('"') => serde_json::from_str(text)
                .map_err(|_| format!("the text of {key} in metadata cannot be read"))?,
            // A number as it was written: a float would change what the merchant noted.
            plain => plain.to_owned(),
        };
        if key.is_empty() || key.contains(char::is_control) || text.contains(is_control_in_text) {
            return Err("metadata may have no empty keys and no control characters".to_owned());
        }
        bytes += key.len() + text.len();
        if metadata.insert(key, text).is_some() {
            return Err("metadata has a key twice".to_owned());
        }
    }
    if bytes > METADATA_MAX_BYTES {
        return Err(format!("metadata may have at most {METADATA_MAX_BYTES} bytes in all"));
    }
    Ok(metadata)
}
