//! What a merchant sets when it makes a session, and what it may change.

use super::super::account::Metadata;
use super::super::currency::Currency;
use super::super::customer::{Collection, CustomField, weight};
use super::super::decimal::Decimal;
use super::super::id::CashbackId;
use super::super::time::Span;

/// Between which amounts the customer chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any amount.
    Any,
    /// One of these.
    Options(Vec<Decimal>),
    /// Any amount from the first to the second.
    Preset(Decimal, Decimal),
}

/// Why an amount that a customer chose is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPrice {
    /// The customer has to say how much.
    Missing,
    /// It is not one of the amounts to choose from.
    NotAnOption,
    /// It is less than it may be.
    TooLittle,
    /// It is more than it may be.
    TooMuch,
}

impl Choice {
    /// What the customer owes who chose this.
    ///
    /// # Errors
    /// It may not be chosen.
    pub fn take(&self, chosen: Option<Decimal>) -> Result<Decimal, NoPrice> {
        let chosen = chosen.filter(|chosen| !chosen.is_zero()).ok_or(NoPrice::Missing)?;
        match self {
            Self::Options(amounts) if !amounts.contains(&chosen) => Err(NoPrice::NotAnOption),
            Self::Preset(least, _) if *least > chosen => Err(NoPrice::TooLittle),
            Self::Preset(_, most) if chosen > *most => Err(NoPrice::TooMuch),
            Self::Any | Self::Options(_) | Self::Preset(..) => Ok(chosen),
        }
    }
}

/// What a merchant may set when it makes a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTerms {
    /// The currency of `amount`.
    pub currency: Currency,
    /// What the customer owes, as the merchant wrote it; zero if the customer chooses.
    pub amount: Decimal,
    /// Between which amounts the customer chooses, if it does.
    pub choice: Option<Choice>,
    /// How long an invoice of the session is good for.
    pub ttl: Span,
    /// The cashback attached to it.
    pub cashback: Option<CashbackId>,
    /// What the page shows on top.
    pub title: Option<String>,
    /// A sentence below the title.
    pub title_description: Option<String>,
    /// The address of a picture for the page.
    pub title_image: Option<String>,
    /// Internal description.
    pub description: Option<String>,
    /// What the customer's wallet shows for the invoice.
    pub statement_descriptor: Option<String>,
    /// Where the page leads after payment.
    pub success_url: Option<String>,
    /// What the page says after payment.
    pub success_message: Option<String>,
    /// Where the page leads if the customer gives up.
    pub cancel_url: Option<String>,
    /// What made the session, in the merchant's words.
    pub source: Option<String>,
    /// The merchant's id of what it is for (an order, say).
    pub source_id: Option<String>,
    /// What the customer is asked for before the invoice is shown.
    pub collects: Option<Box<Collection>>,
    /// The merchant's notes.
    pub metadata: Metadata,
}

/// What a merchant may change of a session: never what is owed. The inner `None` empties a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionChange {
    /// What the page shows on top.
    pub title: Option<Option<String>>,
    /// A sentence below the title.
    pub title_description: Option<Option<String>>,
    /// The address of a picture for the page.
    pub title_image: Option<Option<String>>,
    /// Internal description.
    pub description: Option<Option<String>>,
    /// Where the page leads after payment.
    pub success_url: Option<Option<String>>,
    /// What the page says after payment.
    pub success_message: Option<Option<String>>,
    /// Where the page leads if the customer gives up.
    pub cancel_url: Option<Option<String>>,
    /// The merchant's notes.
    pub metadata: Option<Metadata>,
}

/// Says that two ways of ending the page are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoEndings;

/// Most that all texts of a session may weigh together (see [`SessionTerms::weight`]): with its payments they have to fit
/// into a row.
pub const MAX_WEIGHT: usize = 20_000;

impl SessionTerms {
    /// Makes a change.
    ///
    /// # Errors
    /// Afterwards there would be both a `success_url` and a `success_message`. A change that sets one of them replaces the
    /// other only if it empties it.
    pub fn change(&mut self, change: SessionChange) -> Result<(), TwoEndings> {
        // Speed's own browser client makes sessions that have both.
        let before = self.success_url.is_some() && self.success_message.is_some();
        let set = |field: &mut Option<String>, to: Option<Option<String>>| {
            if let Some(to) = to {
                *field = to;
            }
        };
        set(&mut self.title, change.title);
        set(&mut self.title_description, change.title_description);
        set(&mut self.title_image, change.title_image);
        set(&mut self.description, change.description);
        set(&mut self.success_url, change.success_url);
        set(&mut self.success_message, change.success_message);
        set(&mut self.cancel_url, change.cancel_url);
        if let Some(metadata) = change.metadata {
            self.metadata = metadata;
        }
        let two = self.success_url.is_some() && self.success_message.is_some();
        if two && !before { Err(TwoEndings) } else { Ok(()) }
    }
}

impl SessionTerms {
    /// What all texts weigh together: their bytes, where what JSON escapes counts twice.
    pub fn weight(&self) -> usize {
        let texts = [
            &self.title,
            &self.title_description,
            &self.title_image,
            &self.description,
            &self.statement_descriptor,
            &self.success_url,
            &self.success_message,
            &self.cancel_url,
            &self.source,
            &self.source_id,
        ];
        let fields = self.collects.iter().flat_map(|collects| &collects.custom_fields);
        let texts = texts.into_iter().flatten().map(|text| weight(text));
        let notes = self.metadata.iter().map(|(key, value)| weight(key) + weight(value));
        texts.chain(notes).chain(fields.map(CustomField::weight)).sum()
    }

    /// What the customer owes, if the merchant has fixed it.
    pub const fn owed(&self) -> Option<Decimal> {
        if self.choice.is_some() { None } else { Some(self.amount) }
    }
}
