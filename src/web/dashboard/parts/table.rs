//! Lists: a table a page, with filters above it and ways to newer and older pages below it.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::{layout, words};
use super::time::parse;
use super::{create, head};

/// Rows on a page.
const ROWS: usize = 20;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Column {
    label: &'static str,
    /// The field that the reader can sort by; empty for none.
    sort: &'static str,
    is_number: bool,
    show: fn(&Json) -> Markup,
}

/// A column of words.
pub(in super::super) const fn column(
    label: &'static str,
    sort: &'static str,
    show: fn(&Json) -> Markup,
) -> Column {
    Column { label, sort, is_number: false, show }
}

/// A column of numbers, which stand below each other.
pub(in super::super) const fn numbers(
    label: &'static str,
    sort: &'static str,
    show: fn(&Json) -> Markup,
) -> Column {
    Column { label, sort, is_number: true, show }
}

/// A choice above a list.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Filter {
    pub(in super::super) name: &'static str,
    pub(in super::super) label: &'static str,
    /// None: another page links here with the word.
    pub(in super::super) choices: &'static [&'static str],
}

/// A list of the API as a page.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Listing {
    pub(in super::super) path: &'static str,
    pub(in super::super) api: &'static str,
    pub(in super::super) title: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) columns: &'static [Column],
    pub(in super::super) filters: &'static [Filter],
    /// What stands there when there is nothing, and what to do next.
    pub(in super::super) empty: (&'static str, &'static str),
    /// Where to make one.
    pub(in super::super) create: Option<(&'static str, &'static str)>,
}

/// Shows a list as a page of its own.
pub(in super::super) async fn page(visit: &Visit, list: &Listing) -> Result<Response, Trouble> {
    let body = body(visit, list).await?;
    let actions = html! {
        @if let Some((path, label)) = list.create.filter(|_| visit.may_make() || list.is_operators()) {
            (create(path, label))
        }
    };
    let content = html! {
        (head(&[], &html! { (list.title) }, &actions))
        p.lead { (list.lead) }
        (body)
    };
    Ok(layout::page(visit, list.title, &content))
}

impl Listing {
    fn is_operators(&self) -> bool {
        self.api == "/accounts"
    }
}

/// What the API is asked for, and whether that leaves something out.
fn query(visit: &Visit, list: &Listing) -> (String, bool) {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &ROWS.to_string());
    let mut is_filtered = false;
    for filter in list.filters {
        let word = visit.param(filter.name);
        if !word.is_empty() {
            query.append_pair(filter.name, word);
            is_filtered = true;
        }
    }
    for (name, bound) in [("from", "created[gte]"), ("until", "created[lt]")] {
        if let Some(millis) = day(visit, name) {
            let end = if name == "until" { 86_400_000 } else { 0 };
            query.append_pair(bound, &(millis + end).to_string());
            is_filtered = true;
        }
    }
    for cursor in ["starting_after", "ending_before"] {
        if !visit.param(cursor).is_empty() {
            query.append_pair(cursor, visit.param(cursor));
        }
    }
    (query.finish(), is_filtered)
}

/// The table of a list with all that belongs to it.
pub(in super::super) async fn body(visit: &Visit, list: &Listing) -> Result<Markup, Trouble> {
    let (query, is_filtered) = query(visit, list);
    let answer = visit.get(&format!("{}?{query}", list.api)).await?;
    let rows = answer.list("data");
    let is_first =
        visit.param("starting_after").is_empty() && visit.param("ending_before").is_empty();
    Ok(html! {
        @if !rows.is_empty() || is_filtered || !is_first { (filters(visit, list, is_filtered)) }
        @if rows.is_empty() {
            div.empty {
                @if is_filtered || !is_first {
                    h2 { (words::NOTHING_FITS) }
                    p { a href=(visit.path) { (words::SHOW_ALL) } }
                } @else {
                    h2 { (list.empty.0) }
                    p { (list.empty.1) }
                    @if let Some((path, label)) = list.create.filter(|_| visit.may_make()) { (create(path, label)) }
                }
            }
        } @else {
            (table(list.title, list.columns, rows))
            (pager(visit, &answer))
        }
    })
}

/// The beginning of a day of the reader's that the query names.
pub(in super::super) fn day(visit: &Visit, name: &str) -> Option<u64> {
    let millis = parse(&format!("{}T00:00", visit.param(name)))?;
    Some(millis.saturating_add_signed(-visit.zone_minutes * 60_000))
}

/// True for what the page was opened with and nobody chooses here.
fn is_kept(list: &Listing, name: &str) -> bool {
    let is_linked = |filter: &Filter| filter.name == name && filter.choices.is_empty();
    name == "kind" || list.filters.iter().any(is_linked)
}

fn filters(visit: &Visit, list: &Listing, is_filtered: bool) -> Markup {
    html! {
        form.filters method="get" action=(visit.path) role="search" aria-label=(words::FILTER_BY) {
            @for (name, value) in visit.query.iter().filter(|(name, _)| is_kept(list, name)) {
                input type="hidden" name=(name) value=(value);
            }
            @for filter in list.filters.iter().filter(|filter| !filter.choices.is_empty()) {
                label {
                    span { (filter.label) }
                    select name=(filter.name) {
                        option value="" { (words::ALL) }
                        @for choice in filter.choices {
                            option value=(choice) selected[visit.param(filter.name) == *choice] {
                                (words::status(choice))
                            }
                        }
                    }
                }
            }
            (day_fields(visit))
            button type="submit" { (words::FILTER) }
            @if is_filtered { a href=(visit.path) { (words::SHOW_ALL) } }
        }
    }
}

/// Two days between which things were made.
pub(in super::super) fn day_fields(visit: &Visit) -> Markup {
    html! {
        label { span { (words::FROM) } input type="date" name="from" value=(visit.param("from")); }
        label { span { (words::UNTIL) } input type="date" name="until" value=(visit.param("until")); }
    }
}

/// Rows below each other; on a phone each becomes a card.
pub(in super::super) fn table(title: &str, columns: &[Column], rows: &[Json]) -> Markup {
    html! {
        div.scroll {
            table.list role="table" aria-label=(title) {
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in columns {
                            th role="columnheader" scope="col" class=[column.is_number.then_some("num")]
                                data-sort=[(!column.sort.is_empty()).then_some(column.sort)] {
                                (column.label)
                            }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" {
                            @for column in columns {
                                td role="cell" class=[column.is_number.then_some("num")] data-label=(column.label)
                                    data-value=[(!column.sort.is_empty()).then(|| row.text(column.sort))] {
                                    ((column.show)(row))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pager(visit: &Visit, answer: &Json) -> Markup {
    let rows = answer.list("data");
    let (first, last) = (rows.first(), rows.last());
    let ids = (first.map_or("", |row| row.text("id")), last.map_or("", |row| row.text("id")));
    let is_ascending = !visit.param("starting_after").is_empty();
    let is_paged = is_ascending || !visit.param("ending_before").is_empty();
    let has_more = answer.is("has_more");
    let has_newer = if is_ascending { has_more } else { is_paged };
    let has_older = is_ascending || has_more;
    let to = |cursor: &str, id: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let kept = visit
            .query
            .iter()
            .filter(|(name, _)| name != "starting_after" && name != "ending_before");
        query.extend_pairs(kept);
        query.append_pair(cursor, id);
        format!("{}?{}", visit.path, query.finish())
    };
    html! {
        @if has_newer || has_older {
            nav.pager aria-label=(words::PAGES) {
                @if has_newer { a.button rel="prev" href=(to("starting_after", ids.0)) { (words::NEWER) } }
                @if has_older { a.button rel="next" href=(to("ending_before", ids.1)) { (words::OLDER) } }
            }
        }
    }
}
