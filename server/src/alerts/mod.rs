//! Following a search for somebody who is not there: saved searches, and alerts to their webhooks or by mail.
//!
//! Contract: the store's queue holds ids; a [`webhook_request`] or a [`mail`] is made at the moment of sending, from what may be shown then.
//! [`Percolator`] is the one reader of the change log for all follows; one of them at a time. The process around the server
//! sends, and [`judge`] says what an answer means. See docs/adr/0017.

mod answers;
mod digest;
mod message;
pub(crate) mod notices;
mod percolate;
mod retry_policy;
pub(crate) mod saved_searches;
mod topic_mails;
mod webhook;

pub use digest::mail;
pub(crate) use message::{Link, often};
pub use message::{Mail, next_mail};
pub use notices::TopicWatch;
pub use percolate::Percolator;
pub use retry_policy::{Answer, judge};
pub use webhook::{WebhookRequest, webhook_request};
