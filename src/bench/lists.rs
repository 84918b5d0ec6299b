//! How long a page of `GET /payments` takes, by where it lies in the list.

use std::time::{Duration, Instant};

use super::books::Asked;

/// Objects of a page.
const PAGE: usize = 100;
/// Pages that are compared, from the newest to the oldest.
const PLACES: usize = 5;
/// How often each is read.
const ROUNDS: usize = 200;

/// Fills books with payments, walks through all pages, and reads some of them again and again. Lines for people.
///
/// # Panics
/// If the books cannot be made in the system's temporary folder.
pub fn measure(count: usize) -> Vec<String> {
    let began = Instant::now();
    let mut books = Asked::with(count);
    let filled = began.elapsed();
    let queries = walk(&mut books, count);
    let last = queries.len() - 1;
    let places: Vec<&String> =
        (0..PLACES).map(|place| &queries[last * place / (PLACES - 1)]).collect();
    let mut times = vec![vec![]; PLACES];
    // In turns, so that what else the machine does hits all of them alike.
    for _ in 0..ROUNDS {
        for (place, query) in places.iter().enumerate() {
            let began = Instant::now();
            let page = books.page(query);
            times[place].push(began.elapsed());
            assert!(page["data"].as_array().is_some_and(|data| !data.is_empty()), "{page}");
        }
    }
    report(count, filled, queries.len(), times)
}

/// The queries of all pages, newest first.
fn walk(books: &mut Asked, count: usize) -> Vec<String> {
    let mut queries = vec![format!("limit={PAGE}")];
    let mut seen = 0;
    loop {
        let page = books.page(&queries[queries.len() - 1]);
        let data = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        seen += data.len();
        match data.last().and_then(|payment| payment["id"].as_str()) {
            Some(oldest) if page["has_more"] == true => {
                queries.push(format!("limit={PAGE}&ending_before={oldest}"));
            }
            _ => break,
        }
    }
    assert_eq!(seen, count, "every payment is on a page");
    queries
}

fn report(
    count: usize,
    filled: Duration,
    pages: usize,
    mut times: Vec<Vec<Duration>>,
) -> Vec<String> {
    times.iter_mut().for_each(|times| times.sort_unstable());
    let mut lines = vec![format!("{count} payments in {pages} pages, made in {filled:.1?}")];
    let median = |times: &[Duration]| times[times.len() / 2];
    for (place, times) in times.iter().enumerate() {
        let percent = 100 * place / (PLACES - 1);
        let high = times[times.len() * 99 / 100];
        let middle = median(times);
        lines.push(format!(
            "page {percent:3} % from the newest: median {middle:.2?}, 99 % within {high:.2?}"
        ));
    }
    let nanos = |times: &[Duration]| median(times).as_nanos();
    // In hundredths: money is not the only thing here without floats.
    let ratio = nanos(&times[PLACES - 1]) * 100 / nanos(&times[0]).max(1);
    lines.push(format!("last page / first page = {}.{:02}", ratio / 100, ratio % 100));
    lines
}
