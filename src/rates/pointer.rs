//! A JSON pointer (RFC 6901) into JSON whose numbers stay as they were written: a float would change them.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The number that `pointer` leads to, as it was written; a text that holds one counts too.
///
/// # Errors
/// In words: the answer is no JSON, nothing is there, or it is neither number nor text.
pub(super) fn number_at(json: &[u8], pointer: &str) -> Result<String, String> {
    let mut value: &RawValue =
        serde_json::from_slice(json).map_err(|_| "the answer is no JSON".to_owned())?;
    let nothing = || format!("the answer has nothing at {pointer}");
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let found = match value.get().as_bytes().first() {
            Some(b'{') => {
                let fields: BTreeMap<String, &RawValue> =
                    serde_json::from_str(value.get()).map_err(|_| nothing())?;
                fields.get(&step).copied()
            }
            Some(b'[') => {
                let items: Vec<&RawValue> =
                    serde_json::from_str(value.get()).map_err(|_| nothing())?;
                step.parse::<usize>().ok().and_then(|at| items.get(at).copied())
            }
            _ => None,
        };
        value = found.ok_or_else(nothing)?;
    }
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_err(|_| nothing()),
        Some(b'-' | b'0'..=b'9') => Ok(text.to_owned()),
        _ => Err(format!("what the answer has at {pointer} is no number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_they_were_written() {
        let json = br#"{"a": [{"x/y": 95123.450000000001}, "1e3"], "b": {"c": null}}"#;
        assert_eq!(number_at(json, "/a/0/x~1y").as_deref(), Ok("95123.450000000001"));
        assert_eq!(number_at(json, "/a/1").as_deref(), Ok("1e3"));
        for wrong in ["/a", "/a/2", "/a/x", "/b/c", "/b/d", "/a/1/0", ""] {
            assert!(number_at(json, wrong).is_err(), "{wrong}");
        }
        assert!(number_at(b"<html>", "/a").is_err());
    }
}
