//! What every output says in the same way: plain words for numbers, days and kinds, texts with their language and
//! direction, and the addresses of pages. Pure; nothing here knows a page or a route.

pub(crate) mod answered;
pub(crate) mod coordinated;
pub(crate) mod digest;
pub(crate) mod early;
pub(crate) mod inline;
pub(crate) mod kinds;
pub(crate) mod links;
pub(crate) mod order;
pub(crate) mod platforms;
pub(crate) mod quotation;
pub(crate) mod say;
pub(crate) mod why;
pub(crate) mod words;
