//! *Operator > Backup*: what to copy, and how; the copy itself is made on the machine.

use axum::response::Response;
use maud::html;

use super::super::layout;
use super::super::parts::{copyable, head};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, backup as say};

/// How it is done.
pub(in super::super) async fn page(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let content = html! {
        (head(&[], &html! { (words::NAV_BACKUP) }, &html! {}))
        p.lead { (say::LEAD) }
        @for (title, text, command) in say::STEPS {
            section.card { h2 { (title) } p { (text) }
                @if !command.is_empty() { (copyable(command)) }
            }
        }
    };
    Ok(layout::page(&visit, words::NAV_BACKUP, &content))
}
