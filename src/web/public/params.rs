//! The parameters of a callback: in any order, in query, form or JSON; unknown ones are ignored, equal duplicates are
//! accepted, different ones are refused (lnurl-withdraw.md, C.2 rule 16).

use form_urlencoded::parse;
use serde_json::value::RawValue;

use super::super::fields::Fields;
use super::reasons;

/// What a callback must bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) k1: String,
    pub(crate) pr: String,
}

#[derive(Default)]
struct Found {
    k1: Option<String>,
    pr: Option<String>,
}

impl Found {
    /// Takes note of a parameter; its name in either case, as the whole link may have been (checklist S4).
    fn note(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        let (place, twice) = if name.eq_ignore_ascii_case("k1") {
            (&mut self.k1, reasons::TWO_K1)
        } else if name.eq_ignore_ascii_case("pr") {
            (&mut self.pr, reasons::TWO_PR)
        } else {
            return Ok(());
        };
        match place {
            Some(before) if !before.eq_ignore_ascii_case(value) => Err(twice),
            _ => {
                *place = Some(value.to_owned());
                Ok(())
            }
        }
    }

    fn note_form(&mut self, form: &[u8]) -> Result<(), &'static str> {
        parse(form).try_for_each(|(name, value)| self.note(&name, &value))
    }

    fn note_json(&mut self, body: &[u8]) -> Result<(), &'static str> {
        let Ok(Fields(fields)) = serde_json::from_slice::<Fields<Box<RawValue>>>(body) else {
            return Err(reasons::BAD_JSON);
        };
        // Values of others are not even read: they may be numbers that no float holds.
        let is_ours =
            |name: &str| name.eq_ignore_ascii_case("k1") || name.eq_ignore_ascii_case("pr");
        fields.into_iter().filter(|(name, _)| is_ours(name)).try_for_each(|(name, value)| {
            let value: String = serde_json::from_str(value.get()).map_err(|_| reasons::BAD_JSON)?;
            self.note(&name, &value)
        })
    }
}

/// Reads the parameters of a query and a body.
pub(crate) fn read(query: &str, content_type: &str, body: &[u8]) -> Result<Params, &'static str> {
    let mut found = Found::default();
    found.note_form(query.as_bytes())?;
    if !body.is_empty() {
        if content_type.to_ascii_lowercase().contains("json") {
            found.note_json(body)?;
        } else {
            found.note_form(body)?;
        }
    }
    let present = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
    Ok(Params {
        k1: present(found.k1).ok_or(reasons::NO_K1)?,
        pr: present(found.pr).ok_or(reasons::NO_PR)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, content_type: &str, body: &str, expect: Result<(&str, &str), &str>) {
        let read = read(query, content_type, body.as_bytes());
        let expect = expect.map(|(k1, pr)| Params { k1: k1.to_owned(), pr: pr.to_owned() });
        assert_eq!(read, expect, "{query} {body}");
    }

    #[test]
    fn parameters_come_in_any_order_place_and_spelling() {
        check("k1=a&pr=b", "", "", Ok(("a", "b")));
        check("pr=b&x=1&k1=a&balanceNotify=http%3A%2F%2Fx", "", "", Ok(("a", "b")));
        check("K1=A&PR=B", "", "", Ok(("A", "B")));
        check("k1=%61&pr=lightning%3Ab", "", "", Ok(("a", "lightning:b")));
        check("", "application/x-www-form-urlencoded", "k1=a&pr=b", Ok(("a", "b")));
        check(
            "",
            "application/json; charset=utf-8",
            r#"{"pr":"b","k1":"a","n":1}"#,
            Ok(("a", "b")),
        );
        check("k1=a", "application/json", r#"{"pr":"b"}"#, Ok(("a", "b")));
    }

    #[test]
    fn equal_duplicates_are_one_and_different_ones_are_none() {
        check("k1=a&pr=b&k1=a", "", "", Ok(("a", "b")));
        check("k1=a&pr=b&k1=A", "", "", Ok(("A", "b")));
        check("k1=a&k1=c&pr=b", "", "", Err(reasons::TWO_K1));
        check("k1=a&pr=b", "", "pr=c", Err(reasons::TWO_PR));
        let json = "application/json";
        check("", json, r#"{"k1":"a","k1":"A","pr":"b"}"#, Ok(("A", "b")));
        check("", json, r#"{"k1":"a","k1":"b","pr":"b"}"#, Err(reasons::TWO_K1));
        check("k1=a", json, r#"{"pr":"b","pr":"c"}"#, Err(reasons::TWO_PR));
    }

    #[test]
    fn parameters_of_others_are_ignored_whatever_they_are() {
        let json = "application/json";
        let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
        for other in ["1e400", "null", r#"{"k1":"c"}"#, r#""k1""#, &deep] {
            let body = format!(r#"{{"x":{other},"k1":"a","pr":"b"}}"#);
            check("", json, &body, Ok(("a", "b")));
        }
    }

    #[test]
    fn what_is_missing_or_no_text_is_named() {
        check("", "", "", Err(reasons::NO_K1));
        check("pr=b", "", "", Err(reasons::NO_K1));
        check("k1=a", "", "", Err(reasons::NO_PR));
        check("k1=a&pr=", "", "", Err(reasons::NO_PR));
        check("", "application/json", r#"{"k1":1,"pr":"b"}"#, Err(reasons::BAD_JSON));
        check("", "application/json", "[]", Err(reasons::BAD_JSON));
        check("", "application/json", "{", Err(reasons::BAD_JSON));
    }
}
