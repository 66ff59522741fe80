//! Following a search for somebody who is not there: saved searches, and alerts to their webhooks or by mail.
//!
//! Contract: the store's queue holds ids; a [`letter`] or a [`mail`] is made at the moment of sending, from what may be shown then.
//! [`Watch`] is the one reader of the change log for all follows; one of them at a time. The process around the server
//! sends, and [`judge`] says what an answer means. See docs/adr/0017.

pub(crate) mod book;
mod judge;
mod letter;
mod mail;
mod watch;

pub use judge::{Answer, judge};
pub use letter::{Letter, letter};
pub(crate) use mail::{Link, often};
pub use mail::{Mail, mail, next_mail};
pub use watch::Watch;
