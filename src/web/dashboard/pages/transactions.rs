//! *Balance > Transactions*: the statement with its running balance, and the same as a file for a spreadsheet.

use std::fmt::Write;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::layout;
use super::super::parts::table::{day, day_fields};
use super::super::parts::{self, head, moment, sat, time};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, transaction as say};
use super::statement::{self, Line};

const PATH: &str = "/dashboard/transactions";
/// Rows on a page.
const ROWS: usize = 25;

/// What the query asks for.
struct Wanted<'a> {
    kind: &'a str,
    from: u64,
    until: u64,
}

impl<'a> Wanted<'a> {
    fn of(visit: &'a Visit) -> Self {
        let until = day(visit, "until").map_or(u64::MAX, |day| day.saturating_add(86_400_000));
        Self { kind: visit.param("type"), from: day(visit, "from").unwrap_or(0), until }
    }

    fn fits(&self, line: &Line) -> bool {
        let kind = line.transfer.posting.kind.name();
        let is_kind = self.kind.is_empty() || self.kind == kind;
        is_kind && line.transfer.created.millis() < self.until
    }

    fn is_filtered(&self) -> bool {
        !self.kind.is_empty() || self.from > 0 || self.until < u64::MAX
    }
}

/// The statement.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let Some(account) = visit.account().cloned() else {
        return Err(Trouble::plain(words::CHOOSE_ACCOUNT));
    };
    let wanted = Wanted::of(&visit);
    let read = statement::read(&visit, &account, wanted.from).await?;
    let lines: Vec<&Line> = read.lines.iter().filter(|line| wanted.fits(line)).collect();
    let pages = lines.len().div_ceil(ROWS).max(1);
    let at = visit.param("page").parse().unwrap_or(1_usize).clamp(1, pages);
    let shown = lines.iter().skip((at - 1) * ROWS).take(ROWS);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(visit.query.iter().filter(|(name, _)| name != "page"));
    let query = query.finish();
    let actions = html! {
        a.button href={ (PATH) ".csv?" (query) } download { (say::DOWNLOAD) }
    };
    let content = html! {
        (head(&[], &html! { (words::NAV_TRANSACTIONS) }, &actions))
        p.lead { (say::LEAD) }
        @if !lines.is_empty() || wanted.is_filtered() { (filters(&visit, &wanted)) }
        @if lines.is_empty() {
            div.empty {
                @if wanted.is_filtered() { h2 { (words::NOTHING_FITS) } p { a href=(PATH) { (words::SHOW_ALL) } } }
                @else { h2 { (say::EMPTY) } p { (say::EMPTY_NEXT) } }
            }
        } @else {
            (table(shown.copied()))
            @if pages > 1 {
                nav.pager aria-label=(words::PAGES) {
                    @if at > 1 { a.button rel="prev" href={ (PATH) "?" (query) "&page=" (at - 1) } { (words::NEWER) } }
                    span.where { (words::page_of(at, pages)) }
                    @if at < pages { a.button rel="next" href={ (PATH) "?" (query) "&page=" (at + 1) } { (words::OLDER) } }
                }
            }
        }
    };
    Ok(layout::page(&visit, words::NAV_TRANSACTIONS, &content))
}

fn filters(visit: &Visit, wanted: &Wanted<'_>) -> Markup {
    html! {
        form.filters method="get" action=(PATH) role="search" aria-label=(words::FILTER_BY) {
            label {
                span { (words::TYPE) }
                select name="type" {
                    option value="" { (words::ALL) }
                    @for kind in say::KINDS {
                        option value=(kind.0) selected[wanted.kind == kind.0] { (kind.1) }
                    }
                }
            }
            (day_fields(visit))
            button type="submit" { (words::FILTER) }
            @if wanted.is_filtered() { a href=(PATH) { (words::SHOW_ALL) } }
        }
    }
}

/// Where a row comes from, if there is a page for it.
fn source(id: &str) -> Markup {
    let folders = [("pi_", "payments"), ("po_", "payouts"), ("clm_", "claims")];
    let folder = folders.into_iter().find(|(prefix, _)| id.starts_with(prefix));
    match folder {
        Some((_, folder)) => parts::id_link(folder, id),
        None => parts::told(id),
    }
}

/// A balance, which an incident may have taken below zero.
fn signed(msat: i64) -> String {
    let sign = if msat < 0 { "−" } else { "" };
    format!("{sign}{}", sat(msat.unsigned_abs()))
}

fn table<'a>(lines: impl Iterator<Item = &'a Line>) -> Markup {
    html! {
        div.scroll {
            table.list role="table" aria-label=(words::NAV_TRANSACTIONS) {
                thead role="rowgroup" { tr role="row" {
                    th role="columnheader" scope="col" { (words::CREATED) }
                    th role="columnheader" scope="col" { (words::TYPE) }
                    th role="columnheader" scope="col" { (say::SOURCE) }
                    th.num role="columnheader" scope="col" { (words::AMOUNT) }
                    th.num role="columnheader" scope="col" { (say::BALANCE) }
                } }
                tbody role="rowgroup" {
                    @for line in lines {
                        tr role="row" {
                            td role="cell" data-label=(words::CREATED) { (moment(Some(line.transfer.created.millis()))) }
                            td role="cell" data-label=(words::TYPE) { (say::kind(line.transfer.posting.kind.name())) }
                            td role="cell" data-label=(say::SOURCE) { (source(&line.transfer.source)) }
                            td.num role="cell" data-label=(words::AMOUNT) {
                                span class={ "num " (if line.is_credit { "plus" } else { "minus" }) } {
                                    (if line.is_credit { "+" } else { "−" }) (sat(line.transfer.posting.amount.get()))
                                }
                            }
                            td.num role="cell" data-label=(say::BALANCE) { span.num { (signed(line.balance_msat)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The statement as a file, oldest first.
pub(in super::super) async fn file(visit: Visit) -> Result<Response, Trouble> {
    let Some(account) = visit.account().cloned() else {
        return Err(Trouble::plain(words::CHOOSE_ACCOUNT));
    };
    let wanted = Wanted::of(&visit);
    let read = statement::read(&visit, &account, wanted.from).await?;
    if read.is_cut {
        // Half a statement would look like a whole one.
        return Err(Trouble::plain(say::TOO_LONG));
    }
    let mut text = "id,time,type,direction,amount_msat,balance_msat,source\r\n".to_owned();
    for line in read.lines.iter().rev().filter(|line| wanted.fits(line)) {
        let row = &line.transfer;
        let direction = if line.is_credit { "credit" } else { "debit" };
        let cells =
            [row.id.as_str(), &time::iso(row.created.millis()), row.posting.kind.name(), direction];
        for text_cell in cells {
            text.push_str(&cell(text_cell));
            text.push(',');
        }
        let amount = row.posting.amount.get();
        // Writing to a text cannot fail.
        let _ = write!(text, "{amount},{},{}\r\n", line.balance_msat, cell(&row.source));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"transactions.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// A cell that no spreadsheet takes for a formula, with quotes where they are needed.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(cell(text), expect, "{text}");
    }

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        check("Fees Adjustment", "Fees Adjustment");
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2", "'-2");
        check("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
        check("\t=1", "'\t=1");
        check("a,b", "\"a,b\"");
        check("=\"x\"\r\ny", "\"'=\"\"x\"\"\r\ny\"");
    }
}
