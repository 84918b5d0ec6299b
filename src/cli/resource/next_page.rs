//! What a table does not show: that there is nothing, or how to see more.

use super::operation::Operation;
use crate::cli::output::{Json, plain};
use crate::cli::tell;

/// Says what a table does not: that there is nothing, or how to see more.
pub(super) fn remark(operation: &Operation, body: &str) {
    let Some(list) = Json::parse(body) else { return };
    let rows = list.at("data").map(Json::items).unwrap_or_default();
    if rows.is_empty() {
        tell("there are none");
    }
    let can_page = operation.query.iter().any(|field| field.flag() == "ending-before");
    if list.is("has_more") && can_page {
        let ids = || rows.iter().filter_map(|row| row.text("id"));
        let words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
        let words: Vec<_> = words.collect();
        let command = next_page(&words, ids().next(), ids().next_back());
        tell(&format!("there are more: {command}"));
    }
}

/// The command line for the next page: beyond what is the oldest here, or the newest for who reads upwards.
fn next_page(words: &[String], newest: Option<String>, oldest: Option<String>) -> String {
    let cursors = ["--starting-after", "--ending-before"];
    let is_upwards = words.iter().any(|word| word.starts_with(cursors[0]));
    let mut kept = vec!["satback".to_owned()];
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        if cursors.contains(&word.as_str()) {
            rest.next();
        } else if !cursors.iter().any(|cursor| word.starts_with(&format!("{cursor}="))) {
            kept.push(quoted(&plain::clean(word)));
        }
    }
    let (cursor, id) = if is_upwards { (cursors[0], newest) } else { (cursors[1], oldest) };
    kept.push(format!("{cursor} {}", plain::clean(&id.unwrap_or_default())));
    kept.join(" ")
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_same_command_from_another_cursor() {
        let page = |line: &str| {
            let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
            next_page(&words, Some("clm_9".to_owned()), Some("clm_1".to_owned()))
        };
        assert_eq!(
            page("/bin/satback claims list --status open"),
            "satback claims list --status open --ending-before clm_1"
        );
        assert_eq!(
            page("satback claims list --ending-before clm_7 --limit=3 --set a.b=\"x"),
            "satback claims list --limit=3 --set 'a.b=\"x' --ending-before clm_1"
        );
        assert_eq!(
            page("satback claims list --starting-after=clm_5"),
            "satback claims list --starting-after clm_9"
        );
    }
}
