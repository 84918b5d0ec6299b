//! Tables that fit any terminal.

use super::columns::{Cell, Column};
use super::json::Json;
use super::plain::{clean, shorten, width};

/// The terminal that everybody has.
const MAX_WIDTH: usize = 80;
/// Between two columns.
const GAP: usize = 2;
/// A text is not shortened below this as long as another column can be left out.
const MIN_TEXT: usize = 8;

/// A column with what it shows of every row.
struct Strip {
    head: String,
    cells: Vec<String>,
    width: usize,
    gives_way: bool,
    is_number: bool,
}

impl Strip {
    fn new(head: String, cells: Vec<String>, gives_way: bool, is_number: bool) -> Self {
        let widest = cells.iter().chain([&head]).map(|text| width(text)).max().unwrap_or(0);
        Self { head, cells, width: widest, gives_way, is_number }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    fn pad(&self, text: &str) -> String {
        let text = shorten(text, self.width);
        let room = " ".repeat(self.width - width(&text));
        if self.is_number { format!("{room}{text}") } else { format!("{text}{room}") }
    }
}

/// A table of these objects. Without columns of their own, they show the scalars that they have.
pub(super) fn render(columns: &[Column], rows: &[Json<'_>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let (below, beside): (Vec<Column>, Vec<Column>) =
        columns.iter().partition(|(_, cell)| matches!(cell, Cell::Below(_) | Cell::Ways(..)));
    let mut strips: Vec<Strip> = beside
        .iter()
        .map(|(head, cell)| {
            let cells = rows.iter().map(|row| cell.show(*row)).collect();
            Strip::new((*head).to_owned(), cells, cell.gives_way(), cell.is_number())
        })
        .collect();
    if columns.is_empty() {
        strips = scalars(rows);
    }
    // What is true of no row needs no column.
    strips.retain(|strip| !strip.head.is_empty() || !strip.is_empty());
    fit(&mut strips);
    let mut text = line(strips.iter().map(|strip| strip.pad(&strip.head)).collect());
    for (number, row) in rows.iter().enumerate() {
        text += &line(strips.iter().map(|strip| strip.pad(&strip.cells[number])).collect());
        for (_, cell) in &below {
            text += &format!("  {}\n", shorten(&cell.show(*row), MAX_WIDTH - 2));
        }
    }
    text
}

/// A column for every scalar that some row has.
fn scalars(rows: &[Json<'_>]) -> Vec<Strip> {
    let mut names: Vec<String> = vec![];
    for (name, value) in rows.iter().flat_map(|row| row.fields()) {
        if value.scalar().is_some() && name != "object" && !names.contains(&name) {
            names.push(name);
        }
    }
    let strip = |name: String| {
        let cells = rows.iter().map(|row| clean(&row.text(&name).unwrap_or_default())).collect();
        Strip::new(clean(&name).to_uppercase(), cells, name != "id", false)
    };
    names.into_iter().map(strip).collect()
}

/// Shortens texts, the widest first, and leaves out the last columns, until the table fits.
fn fit(strips: &mut Vec<Strip>) {
    loop {
        let gaps = GAP * strips.len().saturating_sub(1);
        let total: usize = strips.iter().map(|strip| strip.width).sum::<usize>() + gaps;
        if total <= MAX_WIDTH {
            return;
        }
        let elastic = strips.iter_mut().filter(|strip| strip.gives_way && strip.width > MIN_TEXT);
        if let Some(widest) = elastic.max_by_key(|strip| strip.width) {
            widest.width -= 1;
        } else if strips.len() > 1 {
            strips.pop();
        } else {
            strips.iter_mut().for_each(|strip| strip.width = MAX_WIDTH);
        }
    }
}

fn line(cells: Vec<String>) -> String {
    format!("{}\n", cells.join(&" ".repeat(GAP)).trim_end())
}
