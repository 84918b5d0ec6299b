//! An answer of the API as the text that it is: numbers keep their digits, fields their order.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// A value of an answer.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// Reads an answer, if it is JSON.
    pub(in crate::cli) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(text).ok().map(|raw| Self(raw.get()))
    }

    /// The fields of an object.
    pub(in crate::cli) fn fields(self) -> Vec<(String, Self)> {
        let fields = serde_json::from_str::<BTreeMap<String, &RawValue>>(self.0);
        let mut fields: Vec<_> = fields.unwrap_or_default().into_iter().collect();
        // All of them lie in one text: in the order in which they were written.
        fields.sort_by_key(|(_, raw)| raw.get().as_ptr());
        fields.into_iter().map(|(name, raw)| (name, Self(raw.get()))).collect()
    }

    /// The values of a list.
    pub(in crate::cli) fn items(self) -> Vec<Self> {
        let items = serde_json::from_str::<Vec<&RawValue>>(self.0).unwrap_or_default();
        items.into_iter().map(|raw| Self(raw.get())).collect()
    }

    /// The field at a path with dots, unless it is `null`.
    pub(in crate::cli) fn at(self, path: &str) -> Option<Self> {
        let found = path.split('.').try_fold(self, |value, name| {
            let found = value.fields().into_iter().find(|(known, _)| known == name);
            found.map(|(_, inner)| inner)
        });
        found.filter(|value| value.0 != "null")
    }

    /// A text, the digits of a number, or a truth; nothing of `null`, lists and objects.
    pub(in crate::cli) fn scalar(self) -> Option<String> {
        match self.0.as_bytes().first() {
            Some(b'"') => serde_json::from_str(self.0).ok(),
            Some(b'{' | b'[' | b'n') | None => None,
            Some(_) => Some(self.0.to_owned()),
        }
    }

    /// The scalar at a path.
    pub(in crate::cli) fn text(self, path: &str) -> Option<String> {
        self.at(path)?.scalar()
    }

    /// True if the field says so.
    pub(in crate::cli) fn is(self, path: &str) -> bool {
        self.at(path).is_some_and(|value| value.0 == "true")
    }

    /// True of a list.
    pub(in crate::cli) fn is_list(self) -> bool {
        self.0.starts_with('[')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_fields_their_order() {
        let text = r#" {"z":0.00001000,"a":{"b":18446744073709551615},"c":["x",null,true]} "#;
        let json = Json::parse(text).unwrap();
        let names: Vec<_> = json.fields().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["z", "a", "c"]);
        assert_eq!(json.text("z").unwrap(), "0.00001000");
        assert_eq!(json.text("a.b").unwrap(), "18446744073709551615");
        let items = json.at("c").unwrap().items();
        assert_eq!(items[0].scalar().unwrap(), "x");
        assert!(
            items[1].scalar().is_none() && json.at("a.c").is_none() && json.at("z.b").is_none()
        );
        assert!(Json::parse("<html>").is_none());
    }
}
