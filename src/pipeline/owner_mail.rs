//! Mails to owners: what they have to know and would not look for.
//!
//! Contract: one mail for each thing to be told, to the contact that the owner named, where that is a mailbox and the
//! operator set a mail server. What could not be sent is tried again with the next visit. No log names the mailbox.

use discover_crawler::closure::{Closed, Consequence};
use discover_crawler::{Finish, Health};
use discover_model::{DeliveryId, Network, Source};
use discover_server::alerts::{Answer, Mail};
use discover_store::Mailbox;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Pipeline;
use super::alerts::introduced;
use crate::mail::Mailer;

impl Pipeline {
    /// Tells the owner of a source that visitors cannot read it: when it is hidden, and when it is erased. Notes in the
    /// state what was told.
    pub(super) async fn tell_of_closing(
        &self,
        source: &Source,
        network: Option<&Network>,
        finish: &mut Finish,
        now: Timestamp,
    ) {
        let Some(closed) = finish.state.closed else {
            return;
        };
        let follows = closed.consequence(now);
        if follows == Consequence::Nothing || closed.told.is_some_and(|told| told >= follows) {
            return;
        }
        let (Some(settings), Some(network)) = (self.config.mail.clone(), network) else {
            return;
        };
        let Some(to) = network.contact.as_deref().and_then(mailbox) else {
            return;
        };
        let hello = introduced(&self.config.base_url);
        let mailer = Mailer::new(settings, self.config.instance_name.clone(), hello);
        let owners_page = self.config.base_url.join("owner").map(String::from);
        let mail = Mail {
            id: id(source, &closed, follows),
            to,
            subject: format!("{}: a source is closed to visitors", network.name),
            text: text(
                source,
                network,
                &finish.health,
                &owners_page.unwrap_or_default(),
            ),
            stop: None,
            told: Vec::new(),
        };
        let told = match mailer.send(&mail, now).await {
            Answer::Status { status: 250, .. } => true,
            // Nobody will ever read it there.
            Answer::NoMailbox(_) => {
                tracing::warn!(source = %source.id, "the owner's mailbox is none: nobody was told that the source is closed");
                true
            }
            _ => {
                tracing::warn!(source = %source.id, "the owner could not be told by mail that the source is closed; tried again at the next visit");
                false
            }
        };
        if told && let Some(closed) = &mut finish.state.closed {
            closed.told = Some(follows);
        }
    }
}

/// The mailbox in a contact: `mailto:clerk@council.example`, or the address alone.
fn mailbox(contact: &str) -> Option<Mailbox> {
    let contact = contact.trim();
    let address = contact.strip_prefix("mailto:").unwrap_or(contact);
    address.split('?').next()?.parse().ok()
}

/// The same however often it is sent.
fn id(source: &Source, closed: &Closed, follows: Consequence) -> DeliveryId {
    let mut hash = Sha256::new();
    hash.update(source.id.to_bytes());
    hash.update(closed.since.as_second().to_be_bytes());
    hash.update([u8::from(follows == Consequence::Erase)]);
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    DeliveryId::from_bytes(first)
}

fn text(source: &Source, network: &Network, health: &Health, owners_page: &str) -> String {
    let what = health.what.as_deref().unwrap_or("visitors cannot read it");
    let fix = health.fix.as_deref().unwrap_or_default();
    format!(
        "{} asked to be found here with this source:\n\n{}\n\nAt our last visit: {what}.\n\n\
         To come back, let visitors without an account read it; we ask again at least once a week. {fix}\n\n\
         If you closed it on purpose, you need do nothing. What we saw, and how to change or end your consent:\n\n{owners_page}\n",
        network.name, source.url
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_mailed_to_only_where_it_is_a_mailbox() {
        for contact in [
            "clerk@council.example",
            " mailto:clerk@council.example?subject=x",
        ] {
            let found = mailbox(contact);
            assert_eq!(
                found.as_ref().map(Mailbox::as_str),
                Some("clerk@council.example")
            );
        }
        for contact in [
            "https://council.example/contact",
            "01234 567890",
            "",
            "Clerk <x>",
        ] {
            assert_eq!(mailbox(contact), None, "{contact}");
        }
    }
}
