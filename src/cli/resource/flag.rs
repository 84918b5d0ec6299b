//! Fields as flags: what people type, checked and brought into the form that the API takes.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction};
use serde_json::value::RawValue;

use super::field::{Field, Shape};
use super::says::says;
use crate::cli::output::moment;

/// The flag of a field.
pub(super) fn flag(field: &Field) -> Arg {
    let arg = Arg::new(field.flag())
        .long(field.flag())
        .help(help(field))
        .required(field.required)
        .value_name(value_name(&field.shape))
        .value_parser(parser(&field.shape));
    match &field.shape {
        Shape::Words { hidden, .. } => arg.hide_possible_values(*hidden),
        // So that what follows the flag is not taken for its value.
        Shape::Boolean => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Shape::Texts | Shape::Numbers => arg.action(ArgAction::Append).value_delimiter(','),
        Shape::Pairs => arg.action(ArgAction::Append),
        Shape::Text(_)
        | Shape::Id(_)
        | Shape::Integer(..)
        | Shape::Moment
        | Shape::Number
        | Shape::Json => arg,
    }
}

fn help(field: &Field) -> String {
    let rule = match &field.shape {
        Shape::Text(Some(most)) => format!("at most {most} characters"),
        Shape::Id(prefix) => format!("{prefix}…"),
        Shape::Words { hidden: true, .. } => "SATS, BTC, or an ISO 4217 code".to_owned(),
        Shape::Integer(least, u64::MAX) => format!("from {least}"),
        Shape::Integer(least, most) => format!("{least} to {most}"),
        Shape::Moment => "2026-12-31T23:59Z, or Unix milliseconds".to_owned(),
        Shape::Texts | Shape::Numbers => "several with commas between them".to_owned(),
        Shape::Pairs => "may be said more than once".to_owned(),
        Shape::Text(None) | Shape::Words { .. } | Shape::Number | Shape::Boolean | Shape::Json => {
            String::new()
        }
    };
    let name = field.path.join(".");
    let text = says(&name).map_or_else(|| format!("Sets {name}"), str::to_owned);
    if rule.is_empty() { text } else { format!("{text} ({rule})") }
}

const fn value_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text(_) | Shape::Texts => "TEXT",
        Shape::Id(_) => "ID",
        Shape::Words { .. } => "WORD",
        Shape::Integer(..) | Shape::Number | Shape::Numbers => "NUMBER",
        Shape::Moment => "MOMENT",
        Shape::Boolean => "BOOL",
        Shape::Pairs => "NAME=TEXT",
        Shape::Json => "JSON",
    }
}

/// Reads what was typed, as the text that the API takes in a query.
fn parser(shape: &Shape) -> ValueParser {
    match shape {
        Shape::Text(_) | Shape::Id(_) | Shape::Texts => ValueParser::string(),
        Shape::Words { words, .. } => PossibleValuesParser::new(words).into(),
        Shape::Boolean => PossibleValuesParser::new(["true", "false"]).into(),
        Shape::Integer(least, most) => {
            let (least, most) = (*least, *most);
            ValueParser::from(move |text: &str| match text.parse::<u64>() {
                Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
                _ => Err(format!("a whole number from {least} to {most}")),
            })
        }
        Shape::Moment => ValueParser::from(|text: &str| match moment::parse(text) {
            Some(millis) => Ok(millis.to_string()),
            None => Err("a moment like 2026-12-31T23:59Z, or Unix milliseconds"),
        }),
        Shape::Number | Shape::Numbers => ValueParser::from(|text: &str| {
            let begins = text.starts_with(|first: char| first.is_ascii_digit());
            match serde_json::from_str::<&RawValue>(text) {
                Ok(raw) if begins => Ok(raw.get().to_owned()),
                _ => Err("a number, with a point before its decimals"),
            }
        }),
        Shape::Pairs => ValueParser::from(|text: &str| match text.split_once('=') {
            Some((name, _)) if !name.is_empty() => Ok(text.to_owned()),
            _ => Err("NAME=TEXT"),
        }),
        Shape::Json => ValueParser::from(|text: &str| {
            serde_json::from_str::<&RawValue>(text).map(|raw| raw.get().to_owned())
        }),
    }
}
