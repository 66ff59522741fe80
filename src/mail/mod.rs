//! Mails to those who follow a search: one plain text to one reader, handed to the operator's own mail server.
//!
//! Contract: the server is named by the operator, not by whoever asks for mails, so its address is not guarded as a
//! webhook's is. It is spoken to encrypted, or on this machine. Nothing that is said of a failure names the reader.
//! What is sent is one message under one `Message-ID`, however often it is sent; a server that took it and did not live to
//! say so gets it again.

mod line_stream;
mod message;
mod server;
mod smtp;

use std::sync::Arc;

use discover_server::alerts::{Answer, Mail};
use discover_store::Mailbox;
use jiff::Timestamp;

pub(crate) use server::MailServer;
use smtp::{Failure, TIME};

/// Where mail is handed in, and whom it is from.
#[derive(Debug, Clone)]
pub(crate) struct MailSettings {
    pub server: MailServer,
    pub from: Mailbox,
}

/// Sends mails.
#[derive(Debug, Clone)]
pub(crate) struct Mailer {
    settings: Arc<MailSettings>,
    /// The name of the instance, as readers see whom a mail is from.
    name: String,
    /// How it introduces itself to the server.
    hello: String,
}

impl Mailer {
    pub(crate) fn new(settings: Arc<MailSettings>, name: String, hello: String) -> Self {
        Self {
            settings,
            name,
            hello,
        }
    }

    /// One attempt.
    pub(crate) async fn send(&self, mail: &Mail, now: Timestamp) -> Answer {
        let from = &self.settings.from;
        let message = match message::write(mail, from, &self.name, now) {
            Ok(message) => message,
            Err(error) => return Answer::None(error.to_string()),
        };
        let sent = smtp::send(&self.settings.server, &self.hello, &message);
        match tokio::time::timeout(TIME, sent).await {
            Ok(Ok(())) => Answer::Status {
                status: 250,
                retry_after: None,
            },
            Ok(Err(Failure::NoMailbox(said))) => Answer::NoMailbox(said),
            Ok(Err(failure)) => Answer::None(failure.to_string()),
            Err(_) => Answer::None(format!(
                "the mail server did not answer within {} seconds",
                TIME.as_secs()
            )),
        }
    }
}
