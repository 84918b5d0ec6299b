//! What a merchant asks customers about themselves, and what they said. It is kept apart from everything else, so that
//! it can be deleted.

use super::time::Timestamp;

/// What a customer is asked for before the invoice is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// An e-mail address.
    pub email: bool,
    /// A phone number.
    pub phone: bool,
    /// A billing address.
    pub billing_address: bool,
    /// A shipping address.
    pub shipping_address: bool,
    /// The merchant's own questions.
    pub custom_fields: Vec<CustomField>,
}

/// A question of the merchant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Its id.
    pub id: String,
    /// The question.
    pub label: String,
    /// What the answer may be.
    pub kind: FieldKind,
    /// True if it need not be answered.
    pub is_optional: bool,
}

/// What an answer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// One of these.
    Dropdown(Vec<String>),
}

/// What a customer said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its billing address.
    pub billing_address: Option<String>,
    /// Its shipping address.
    pub shipping_address: Option<String>,
    /// Its answers to the merchant's own questions.
    pub answers: Vec<Answer>,
    /// When it said so.
    pub created: Timestamp,
}

/// An answer to a question of the merchant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question's id.
    pub id: String,
    /// The question as it was.
    pub label: String,
    /// The answer.
    pub value: String,
}

/// Longest answer on one line, and longest postal address, in characters.
const MAX_LINE: usize = 254;
const MAX_ADDRESS: usize = 500;

/// A field whose answer breaks a rule, and the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadAnswer {
    /// The field's name, or the id of a question.
    pub field: String,
    /// The rule.
    pub rule: &'static str,
}

impl Collection {
    /// Takes what a customer said to the questions that were asked; `said` knows fields by name and questions by id. All
    /// that is wrong comes back at once, and what was not asked for is not kept.
    ///
    /// # Errors
    /// Every answer that is missing or breaks a rule.
    pub fn take<'a>(
        &self,
        said: impl Fn(&str) -> Option<&'a str>,
        now: Timestamp,
    ) -> Result<Details, Vec<BadAnswer>> {
        let mut bad = vec![];
        let mut field = |name: &str, asked: bool, rule, fits: &dyn Fn(&str) -> bool| {
            let text = said(name).map(str::trim).filter(|text| !text.is_empty());
            if asked && !text.is_some_and(fits) {
                bad.push(BadAnswer { field: name.to_owned(), rule });
            }
            text.filter(|_| asked).map(str::to_owned)
        };
        let mut details = Details {
            email: field("email", self.email, "must be an e-mail address", &is_email),
            phone: field("phone", self.phone, "must be a phone number", &is_phone),
            billing_address: field("billing_address", self.billing_address, ADDRESS, &is_address),
            shipping_address: field(
                "shipping_address",
                self.shipping_address,
                ADDRESS,
                &is_address,
            ),
            answers: vec![],
            created: now,
        };
        for question in &self.custom_fields {
            match question.answer(said(&question.id)) {
                Ok(None) => {}
                Ok(Some(answer)) => details.answers.push(answer),
                Err(rule) => bad.push(BadAnswer { field: question.id.clone(), rule }),
            }
        }
        if bad.is_empty() { Ok(details) } else { Err(bad) }
    }
}

const ADDRESS: &str = "must be an address of at most 500 characters";

/// What a text weighs in a row: its bytes and its quotes, where what JSON escapes counts twice.
pub(super) fn weight(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | 0..=31)).count();
    text.len() + escaped + 4
}

impl CustomField {
    /// What its texts weigh in a row.
    pub(super) fn weight(&self) -> usize {
        let options: usize = match &self.kind {
            FieldKind::Dropdown(options) => options.iter().map(|option| weight(option)).sum(),
            FieldKind::Text | FieldKind::Number => 0,
        };
        weight(&self.id) + weight(&self.label) + options + 60
    }

    fn answer(&self, said: Option<&str>) -> Result<Option<Answer>, &'static str> {
        let Some(value) = said.map(str::trim).filter(|value| !value.is_empty()) else {
            return if self.is_optional { Ok(None) } else { Err("is required") };
        };
        let fits = match &self.kind {
            FieldKind::Text => is_line(value),
            FieldKind::Number => {
                super::decimal::Decimal::parse(value.trim_start_matches('-')).is_ok()
            }
            FieldKind::Dropdown(options) => options.iter().any(|option| option == value),
        };
        if !fits {
            return Err(match self.kind {
                FieldKind::Text => "must be one line of at most 254 characters",
                FieldKind::Number => "must be a number",
                FieldKind::Dropdown(_) => "must be one of the options",
            });
        }
        let (id, label) = (self.id.clone(), self.label.clone());
        Ok(Some(Answer { id, label, value: value.to_owned() }))
    }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= MAX_LINE && !text.contains(char::is_control)
}

fn is_address(text: &str) -> bool {
    let is_bad = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r');
    text.chars().count() <= MAX_ADDRESS && !text.contains(is_bad)
}

/// Something before an `@`, and a host with a dot behind it; more than that only a letter to it can tell.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let is_host = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    is_line(text) && !name.is_empty() && is_host && !text.contains(char::is_whitespace)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let legal = |letter: char| letter.is_ascii_digit() || "+-() ./".contains(letter);
    (5..=20).contains(&digits) && text.len() <= 40 && text.chars().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Collection {
        let field = |id: &str, kind, is_optional| CustomField {
            id: id.to_owned(),
            label: format!("What is {id}?"),
            kind,
            is_optional,
        };
        Collection {
            email: true,
            phone: true,
            billing_address: true,
            shipping_address: false,
            custom_fields: vec![
                field("size", FieldKind::Dropdown(vec!["S".to_owned(), "L".to_owned()]), false),
                field("age", FieldKind::Number, true),
            ],
        }
    }

    fn take(said: &[(&str, &str)]) -> Result<Details, Vec<String>> {
        let find =
            |name: &str| said.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let taken = everything().take(find, Timestamp::from_secs(1));
        taken.map_err(|bad| bad.into_iter().map(|bad| bad.field).collect())
    }

    #[test]
    fn what_was_asked_is_taken_and_nothing_else() {
        let said = [
            ("email", " a@b.example "),
            ("phone", "+49 (30) 123-456"),
            ("billing_address", "Street 1\n12345 Town"),
            ("shipping_address", "elsewhere"),
            ("size", "L"),
        ];
        let details = take(&said).unwrap();
        assert_eq!(details.email.as_deref(), Some("a@b.example"));
        assert_eq!(details.shipping_address, None, "it was not asked for");
        assert_eq!(details.answers.len(), 1);
        assert_eq!(
            (details.answers[0].id.as_str(), details.answers[0].value.as_str()),
            ("size", "L")
        );
    }

    #[test]
    fn everything_that_is_missing_or_wrong_is_told_at_once() {
        assert_eq!(take(&[]).unwrap_err(), ["email", "phone", "billing_address", "size"]);
        let long = "x".repeat(501);
        let said = [
            ("email", "a@b"),
            ("phone", "call me"),
            ("billing_address", long.as_str()),
            ("size", "XL"),
            ("age", "old"),
        ];
        assert_eq!(take(&said).unwrap_err(), ["email", "phone", "billing_address", "size", "age"]);
        for email in ["@b.c", "a b@c.d", "a@.c", "a@c.", "a"] {
            assert!(!is_email(email), "{email}");
        }
    }
}
