//! The body of a request, written from what the flags said. Numbers stay the digits that were typed.

use std::collections::BTreeMap;

use super::field::Shape;

/// A field that was said: where it belongs, and its value as JSON.
pub(super) type Said<'a> = (&'a [String], String);

/// The JSON of a field that was said.
pub(super) fn value(shape: &Shape, said: &[String]) -> String {
    let first = said.first().map_or("", String::as_str);
    let list = |values: Vec<String>| format!("[{}]", values.join(","));
    match shape {
        Shape::Text(_) | Shape::Id(_) | Shape::Words { .. } => quoted(first),
        Shape::Integer(..) | Shape::Moment | Shape::Number | Shape::Boolean | Shape::Json => {
            first.to_owned()
        }
        Shape::Texts => list(said.iter().map(|text| quoted(text)).collect()),
        Shape::Numbers => list(said.to_vec()),
        Shape::Pairs => {
            let pairs = said.iter().filter_map(|pair| pair.split_once('='));
            let pairs: Vec<_> =
                pairs.map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
            format!("{{{}}}", pairs.join(","))
        }
    }
}

/// An object of these fields.
pub(super) fn object(said: &[Said<'_>]) -> String {
    let mut by_name: BTreeMap<&str, Vec<Said<'_>>> = BTreeMap::new();
    for (path, json) in said {
        if let [name, rest @ ..] = path {
            by_name.entry(name).or_default().push((rest, json.clone()));
        }
    }
    let field = |(name, inner): (&str, Vec<Said<'_>>)| {
        let json = match inner.as_slice() {
            [([], json)] => json.clone(),
            fields => object(fields),
        };
        format!("{}:{json}", quoted(name))
    };
    let fields: Vec<_> = by_name.into_iter().map(field).collect();
    format!("{{{}}}", fields.join(","))
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_becomes_the_object_that_the_api_reads() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let said = |shape: &Shape, texts: &[&str]| {
            value(shape, &texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
        };
        let (amount, id, notes) = (path("amount"), path("cashback.id"), path("metadata"));
        let (least, most) = (path("preset.min_amount"), path("preset.max_amount"));
        let fields: Vec<Said<'_>> = vec![
            (&amount, said(&Shape::Number, &["0.00000100000000000000001"])),
            (&id, said(&Shape::Text(None), &["cb_\"\u{1b}"])),
            (&notes, said(&Shape::Pairs, &["order=7", "note=a=b"])),
            (&least, said(&Shape::Number, &["1"])),
            (&most, said(&Shape::Number, &["2"])),
        ];
        assert_eq!(
            object(&fields),
            r#"{"amount":0.00000100000000000000001,"cashback":{"id":"cb_\"\u001b"},"#.to_owned()
                + r#""metadata":{"order":"7","note":"a=b"},"preset":{"max_amount":2,"min_amount":1}}"#
        );
        assert_eq!(said(&Shape::Numbers, &["5", "6.5"]), "[5,6.5]");
        assert_eq!(said(&Shape::Texts, &["a", "b"]), r#"["a","b"]"#);
        assert_eq!(object(&[]), "{}");
    }
}
