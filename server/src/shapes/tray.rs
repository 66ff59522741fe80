//! A tray: quotations that a reader gathered, by ids in an address.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Check, Coordinated, Quote};

/// One quotation of a tray.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrayQuotation {
    /// What the parameter `tray` names it by.
    pub item: String,
    #[serde(flatten)]
    pub quote: Quote,
    /// Its conversation here, in full.
    #[schema(format = "uri")]
    pub page: String,
    /// What it is cited as, in words.
    pub reference: String,
    /// Of the topic that it is in; absent where nothing looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    /// Where the proof of consent is.
    pub consent: String,
}

/// The quotations of a tray that may be shown now, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Tray {
    #[schema(max_items = 20)]
    pub items: Vec<TrayQuotation>,
    /// Ids of the tray that nothing is shown of: withdrawn, hidden or deleted since, or never there. Which ones is not said.
    pub not_shown: u64,
    /// Networks that are quoted.
    pub networks: u64,
    /// The tray's page, in full.
    #[schema(format = "uri")]
    pub url: String,
    /// What it takes to check what is made of it.
    pub check: Check,
    pub generation: u64,
}
