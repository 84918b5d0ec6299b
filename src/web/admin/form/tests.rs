use super::super::declared::field;
use super::*;
use crate::domain::account::METADATA_MAX_BYTES;

/// Reads a body of these fields, which are kept for as long as the test runs.
fn form(json: &str, declared: Vec<Field>) -> Form {
    Form::parse(json.as_bytes(), declared.leak()).unwrap()
}

fn problems(form: Form) -> Vec<String> {
    let error = format!("{:?}", form.finish());
    error
        .match_indices("param: Some(\"")
        .map(|(at, found)| {
            let rest = &error[at + found.len()..];
            rest[..rest.find('"').unwrap()].to_owned()
        })
        .collect()
}

#[test]
fn every_problem_is_found_and_names_its_field() {
    const CASHBACK: Kind = Kind::Object(&[field("id", Kind::Text(10))]);
    let mut form = form(
        r#"{"name":5,"ttl":1,"on":"yes","amount":-1,"url":"javascript:x","other":1,
            "cashback":{"id":7,"x":1},"metadata":{"a":[]}}"#,
        vec![
            field("name", Kind::Text(10)),
            field("ttl", Kind::Number(300, 400)),
            field("on", Kind::Boolean),
            field("amount", Kind::Decimal),
            field("url", Kind::Url),
            field("metadata", Kind::Metadata),
            field("cashback", CASHBACK),
            field("must", Kind::Text(10)).required(),
        ],
    );
    assert_eq!(form.text("name", 10), None);
    assert_eq!(form.number("ttl", 300, 400), None);
    assert_eq!(form.boolean("on"), None);
    assert_eq!(form.decimal("amount"), None);
    assert_eq!(form.url("url"), None);
    assert_eq!(form.metadata(), None);
    let mut inner = form.object("cashback").unwrap();
    assert_eq!(inner.text("id", 10), None);
    form.absorb(inner);
    assert_eq!(form.required_text("must", 10), None);
    assert_eq!(
        problems(form),
        [
            "name",
            "ttl",
            "on",
            "amount",
            "url",
            "metadata",
            "cashback.id",
            "cashback.x",
            "must",
            "other",
        ]
    );
}

#[test]
fn null_and_blank_count_as_absent() {
    let texts = vec![field("a", Kind::Text(5)), field("b", Kind::Text(5))];
    let mut form = form(r#"{"a":null,"b":"  "}"#, texts);
    assert_eq!((form.text("a", 5), form.text("b", 5)), (None, None));
    assert!(form.finish().is_ok());
}

#[test]
fn a_field_that_is_given_twice_is_a_problem() {
    const INNER: Kind = Kind::Object(&[field("b", Kind::Number(0, 9))]);
    let declared = vec![field("a", Kind::Text(5)), field("in", INNER)];
    let mut form = form(r#"{"a":"x","a":"y","in":{"b":1,"b":1}}"#, declared);
    form.text("a", 5);
    let mut inner = form.object("in").unwrap();
    inner.number("b", 0, 9);
    form.absorb(inner);
    assert_eq!(problems(form), ["a", "in.b"]);
}

#[test]
fn texts_are_measured_in_characters_and_only_long_ones_have_lines() {
    let mut form = form(
        r#"{"a":"äöüßé","b":"äöüßéx","c":"x\ny","d":"x\ny"}"#,
        vec![
            field("a", Kind::Text(5)),
            field("b", Kind::Text(5)),
            field("c", Kind::Text(5)),
            field("d", Kind::LongText(5)),
        ],
    );
    assert_eq!(form.text("a", 5).as_deref(), Some("äöüßé"));
    assert_eq!((form.text("b", 5), form.text("c", 5)), (None, None));
    assert_eq!(form.long_text("d", 5).as_deref(), Some("x\ny"));
    assert_eq!(problems(form), ["b", "c"]);
}

#[test]
fn what_is_not_offered_may_be_said_as_long_as_it_asks_for_nothing() {
    let mut form = form(
        r#"{"a":[ ],"b":0.0,"c":{"x":false,"y":[""]},"d":{"x":true},"e":1}"#,
        vec![
            field("a", Kind::NotOffered),
            field("b", Kind::NotOffered),
            field("c", Kind::NotOffered),
            field("d", Kind::NotOffered),
            field("e", Kind::NotOffered),
            field("f", Kind::NotOffered),
        ],
    );
    form.not_offered(&["a", "b", "c", "d", "e", "f"]);
    assert_eq!(problems(form), ["d", "e"]);
}

#[test]
fn what_another_request_would_offer_asks_for_nothing_in_its_own_shape() {
    const PRESET: Kind = Kind::Object(&[field("least", Kind::Decimal)]);
    let declared = vec![
        field("amount", Kind::Decimal),
        field("options", Kind::Decimals(3)),
        field("preset", PRESET),
    ];
    let names = ["amount", "options", "preset"];
    let mut idle = form(r#"{"amount":0,"options":[],"preset":{"least":null}}"#, declared.clone());
    idle.not_offered(&names);
    assert!(idle.finish().is_ok());
    let mut asks = form(r#"{"amount":"","options":[0],"preset":{"most":0}}"#, declared);
    asks.not_offered(&names);
    assert_eq!(problems(asks), names);
}

#[test]
#[should_panic(expected = "b is not declared")]
fn what_is_not_declared_cannot_be_read() {
    let mut form = form(r#"{"b":"x"}"#, vec![field("a", Kind::Text(5))]);
    form.text("b", 5);
}

#[test]
#[should_panic(expected = "how a is declared")]
fn nothing_is_read_in_another_way_than_it_is_declared() {
    let mut form = form(r#"{"a":"x"}"#, vec![field("a", Kind::Text(5))]);
    form.text("a", 6);
}

#[test]
fn amounts_are_read_digit_by_digit() {
    let mut form = form(
        r#"{"a":0.1,"b":1e-8,"c":"5"}"#,
        vec![field("a", Kind::Decimal), field("b", Kind::Decimal), field("c", Kind::Decimal)],
    );
    assert_eq!(form.decimal("a").unwrap().to_string(), "0.1");
    assert_eq!(form.decimal("b").unwrap().to_string(), "0.00000001");
    assert_eq!(form.decimal("c"), None);
}

#[test]
fn numbers_in_metadata_are_kept_digit_by_digit() {
    for number in ["1.50", "123456789012345678901234567890", "1e400", "-0", "0.1e-7"] {
        let read = metadata(&format!("{{\"n\":{number}}}")).unwrap();
        assert_eq!(read.get("n").map(String::as_str), Some(number));
    }
}

#[test]
fn metadata_has_bounds() {
    let many: Vec<_> = (0..51).map(|n| format!("\"k{n}\":1")).collect();
    assert!(metadata(&format!("{{{}}}", many.join(","))).is_err());
    let long = "x".repeat(METADATA_MAX_BYTES);
    assert!(metadata(&format!("{{\"k\":\"{long}\"}}")).is_err());
    assert!(metadata(r#"{"k":"a\u0000"}"#).is_err());
    assert!(metadata(r#"{"k":1,"k":2}"#).is_err());
    assert!(metadata(r#"{"k":"two\nlines"}"#).is_ok());
    let read = metadata(r#"{"n":1.50,"b":true,"z":null,"t":"x"}"#).unwrap();
    assert_eq!(read.get("b").map(String::as_str), Some("true"));
    assert_eq!(read.len(), 3);
}
