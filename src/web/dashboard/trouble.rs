//! What a visitor sees instead of what was asked for.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::json::Json;
use super::{layout, words};

/// Something in the way.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// Nobody is signed in; afterwards it goes on here.
    SignIn(Option<String>),
    /// The API refused.
    Refused(StatusCode, Vec<Problem>),
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// A stable word.
    pub(super) code: String,
    /// The field, as the API calls it; empty for the whole.
    pub(super) param: String,
    /// For people.
    pub(super) message: String,
}

impl Trouble {
    /// A refusal of the dashboard's own.
    pub(super) fn plain(message: &str) -> Self {
        let problem = Problem {
            code: "forbidden".to_owned(),
            param: String::new(),
            message: message.to_owned(),
        };
        Self::Refused(StatusCode::FORBIDDEN, vec![problem])
    }

    /// There is nothing here.
    pub(super) fn nothing() -> Self {
        let problem = Problem {
            code: "not_found".to_owned(),
            param: String::new(),
            message: words::NOTHING_HERE.to_owned(),
        };
        Self::Refused(StatusCode::NOT_FOUND, vec![problem])
    }

    /// A refusal of the API.
    pub(super) fn refused(status: StatusCode, json: &Json) -> Self {
        let text = |error: &Json, name: &str| error.text(name).to_owned();
        let problems = json.list("errors").iter().map(|error| Problem {
            code: text(error, "code"),
            param: text(error, "param"),
            message: text(error, "message"),
        });
        Self::Refused(status, problems.collect())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(next) => {
                let next = next.filter(|next| next != "/").unwrap_or_default();
                if next.is_empty() {
                    return Redirect::to("/dashboard/sign-in").into_response();
                }
                let query: String = form_urlencoded::Serializer::new(String::new())
                    .append_pair("next", &next)
                    .finish();
                Redirect::to(&format!("/dashboard/sign-in?{query}")).into_response()
            }
            Self::Refused(status, problems) => {
                let title = match status {
                    StatusCode::NOT_FOUND => words::NOT_FOUND,
                    status if status.is_server_error() => words::BROKEN,
                    _ => words::NOT_DONE,
                };
                let body = html! {
                    h1 { (title) }
                    @for problem in &problems { p { (words::sentence(&problem.message)) } }
                    p { a.button href="/" { (words::TO_HOME) } }
                };
                (status, layout::bare(title, &body)).into_response()
            }
        }
    }
}
