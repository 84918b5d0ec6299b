//! The forms of a session's page: the amount that the customer chooses, what the merchant asks, and the invoice of a
//! wallet without LNURL. What was typed is kept, and what is wrong with it stands beside it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::domain::checkout::{Choice, SessionStatus, SessionTerms};
use crate::domain::claim::Claim;
use crate::domain::customer::{Collection, CustomField, FieldKind};

use super::session::View;
use super::{amounts, texts};

/// What a customer typed, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The fields of the form.
    pub(super) values: BTreeMap<String, String>,
    /// A field, and the rule that it breaks.
    pub(super) problems: Vec<(String, String)>,
    /// True while the customer wants to paste an invoice.
    pub(super) pastes: bool,
}

impl Said {
    /// True where loading the page anew would lose something.
    pub(super) fn is_typing(&self) -> bool {
        self.pastes || !self.problems.is_empty()
    }

    fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    fn problem(&self, field: &str) -> Option<&str> {
        let found = self.problems.iter().find(|(wrong, _)| wrong == field);
        found.map(|(_, rule)| rule.as_str())
    }
}

/// A field with its label, its problem if it has one, and whatever else belongs below the label.
struct Field<'a> {
    name: &'a str,
    label: &'a str,
    is_optional: bool,
    problem: Option<&'a str>,
}

impl Field<'_> {
    fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    fn problem_id(&self) -> Option<String> {
        self.problem.map(|_| format!("{}-problem", self.id()))
    }

    fn around(&self, input: &Markup) -> Markup {
        html! {
            div.field {
                label for=(self.id()) {
                    bdi { (self.label) }
                    @if self.is_optional { span.fine { " (" (texts::OPTIONAL) ")" } }
                }
                (input)
                @if let Some(problem) = self.problem {
                    p.problem id=[self.problem_id()] { (problem) }
                }
            }
        }
    }

    fn line(&self, kind: &str, fills: Option<&str>, mode: Option<&str>, value: &str) -> Markup {
        self.around(&html! {
            input type=(kind) id=(self.id()) name=(self.name) value=(value) autocomplete=[fills]
                inputmode=[mode] dir="auto" required[!self.is_optional]
                aria-invalid=[self.problem.map(|_| "true")] aria-describedby=[self.problem_id()];
        })
    }

    fn lines(&self, fills: Option<&str>, rows: u32, value: &str) -> Markup {
        self.around(&html! {
            textarea id=(self.id()) name=(self.name) rows=(rows) autocomplete=[fills] dir="auto"
                required[!self.is_optional] aria-invalid=[self.problem.map(|_| "true")]
                aria-describedby=[self.problem_id()] { (value) }
        })
    }

    fn choice(&self, options: &[String], value: &str) -> Markup {
        self.around(&html! {
            select id=(self.id()) name=(self.name) required[!self.is_optional]
                aria-invalid=[self.problem.map(|_| "true")] aria-describedby=[self.problem_id()] {
                option value="" { (texts::NO_CHOICE) }
                @for option in options {
                    option value=(option) selected[option == value] { (option) }
                }
            }
        })
    }
}

/// What the page has to ask before it can show an invoice.
pub(super) fn questions(token: &str, view: &View, said: &Said) -> Option<Markup> {
    if view.session.status != SessionStatus::Active {
        return None;
    }
    let terms = &view.session.terms;
    if let (true, Some(collects)) = (view.must_answer, terms.collects.as_deref()) {
        return Some(ask_details(token, collects, said));
    }
    let chooses = view.payment.is_none() && view.session.owed().is_none();
    chooses.then(|| ask_amount(token, terms, said))
}

fn ask_amount(token: &str, terms: &SessionTerms, said: &Said) -> Markup {
    let action = format!("/s/{token}/amount");
    let label = texts::amount_in(terms.currency.code());
    let problem = said.problem("amount");
    let field = Field { name: "amount", label: &label, is_optional: false, problem };
    html! {
        form.ask method="post" action=(action) {
            @match &terms.choice {
                Some(Choice::Options(amounts)) => {
                    h2 { (texts::CHOOSE_AMOUNT) }
                    @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
                    div.options {
                        @for amount in amounts {
                            button.button name="amount" value=(amount) {
                                (amounts::money(*amount, terms.currency))
                            }
                        }
                    }
                }
                choice => {
                    h2 { (texts::HOW_MUCH) }
                    (field.line("text", Some("off"), Some("decimal"), said.value("amount")))
                    @if let Some(Choice::Preset(least, most)) = choice {
                        p.fine {
                            (texts::between(&amounts::money(*least, terms.currency),
                                &amounts::money(*most, terms.currency)))
                        }
                    }
                    button.button.first { (texts::CONTINUE) }
                }
            }
        }
    }
}

fn ask_details(token: &str, collects: &Collection, said: &Said) -> Markup {
    let field = |name| Field {
        name,
        label: texts::field(name),
        is_optional: false,
        problem: said.problem(name),
    };
    html! {
        form.ask method="post" action=(format!("/s/{token}/details")) {
            h2 { (texts::YOUR_DETAILS) }
            @if said.problems.is_empty() { p.fine { (texts::DETAILS_FOR) } }
            @else { p.problem role="alert" { (texts::PLEASE_CHECK) } }
            @if collects.email {
                (field("email").line("email", Some("email"), Some("email"), said.value("email")))
            }
            @if collects.phone {
                (field("phone").line("tel", Some("tel"), Some("tel"), said.value("phone")))
            }
            @if collects.billing_address {
                (field("billing_address").lines(Some("billing street-address"), 3, said.value("billing_address")))
            }
            @if collects.shipping_address {
                (field("shipping_address").lines(Some("shipping street-address"), 3, said.value("shipping_address")))
            }
            @for question in &collects.custom_fields { (custom(question, said)) }
            button.button.first { (texts::CONTINUE) }
        }
    }
}

fn custom(question: &CustomField, said: &Said) -> Markup {
    let (name, value) = (question.id.as_str(), said.value(&question.id));
    let field = Field {
        name,
        label: &question.label,
        is_optional: question.is_optional,
        problem: said.problem(name),
    };
    match &question.kind {
        FieldKind::Dropdown(options) => field.choice(options, value),
        FieldKind::Text => field.line("text", None, None, value),
        FieldKind::Number => field.line("text", Some("off"), Some("decimal"), value),
    }
}

/// For wallets without LNURL: the customer brings the invoice. With scripts the page calls the callback itself, as a
/// wallet does; without, the form comes here.
pub(super) fn paste(token: &str, withdraw: &str, claim: &Claim, said: &Said) -> Markup {
    let amount = amounts::sat(claim.amount);
    let label = texts::invoice_over(&amount);
    let problem = said.problem("pr");
    let field = Field { name: "pr", label: &label, is_optional: false, problem };
    html! {
        details.paste open[said.is_typing()] {
            summary { (texts::PASTE_INSTEAD) }
            // Without scripts the page loads itself again and again, but not at this address.
            @if !said.is_typing() {
                noscript { p { a href=(format!("/s/{token}?paste#cashback")) { (texts::PASTE_INSTEAD) } } }
            }
            form #paste .ask method="post" action=(format!("/s/{token}/invoice"))
                data-withdraw=(withdraw) data-busy=(texts::SENDING) data-lost=(texts::UNREACHABLE) {
                (field.lines(Some("off"), 3, said.value("pr")))
                p.problem #paste-said role="alert" {}
                button.button { (texts::GET_PAID) }
            }
        }
    }
}
