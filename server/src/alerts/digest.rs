//! Mails to those who follow a search: made at the moment of sending, from what may be shown then.
//!
//! Contract: plain text. Nothing of it but a title, a name or an excerpt is from elsewhere, each on a line of its own, so
//! that none can look like ours. What asks for a yes says nothing that the holder of the key wrote: it goes to somebody
//! who may not have asked for it.

use std::fmt::Write;

use discover_model::ConversationId;
use discover_store::{ClaimedMail, FollowAbout, MailItem, Uses};
use url::Url;

use super::answers;
use super::message::{Link, Mail, SUBJECT, join, line, often, sender};
use super::topic_mails;
use crate::problem::Problem;
use crate::read::params::SavedSearch;
use crate::read::search;
use crate::shapes::{Conversation, Highlight};
use crate::state::{State, View};
use crate::uses;

/// What a mail says now; nothing where none of what it is about may be shown (any more, or just now).
pub async fn mail(state: &State, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    if claimed.asks() {
        return asking(state, claimed).map(Some);
    }
    let view = state.view().await?;
    match claimed.about {
        FollowAbout::Search => {}
        FollowAbout::Early => return topic_mails::early(&view, claimed).await,
        FollowAbout::Digest => return topic_mails::digests(&view, claimed).await,
        FollowAbout::Answers => return answers::mail(&view, claimed).await,
    }
    let q =
        SavedSearch::parse(&claimed.search).map_or_else(|_| String::new(), |saved| saved.params.q);
    let (mut found, mut gone, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for (delivery, item) in &claimed.items {
        match item {
            MailItem::Found(id) => {
                let Some(hit) = search::hit(&view, &q, *id).await? else {
                    continue;
                };
                found.push(hit);
                told.push(*delivery);
            }
            MailItem::Withdrawn(id) => {
                gone.push(*id);
                told.push(*delivery);
            }
            // Of a search there is nothing else.
            _ => {}
        }
    }
    if told.is_empty() {
        return Ok(None);
    }
    for (conversation, _) in &found {
        let one = Uses {
            alerted: 1,
            ..Uses::default()
        };
        uses::count(&view, [conversation.network.slug.as_str()], one);
    }
    let text = digest(&view, claimed, &found, &gone)?;
    Ok(Some(Mail {
        id: claimed.id,
        to: claimed.to.clone(),
        subject: subject(claimed, found.len(), gone.len()),
        text,
        stop: Some(Link::Stop.url(state, claimed.follow)?),
        told,
    }))
}

fn asking(state: &State, claimed: &ClaimedMail) -> Result<Mail, Problem> {
    let instance = &state.config().instance_name;
    let holder = line(&claimed.holder);
    let confirm = Link::Confirm.url(state, claimed.follow)?;
    let stop = Link::Stop.url(state, claimed.follow)?;
    let every = often(claimed.every);
    let asked = match claimed.about {
        // Asked for on a page: nobody knows by whom.
        FollowAbout::Search if holder.is_empty() => {
            format!("Somebody asked {instance} to send what a search finds to this address")
        }
        FollowAbout::Search => {
            format!("{holder} asked {instance} to send what a saved search finds to this address")
        }
        FollowAbout::Early => format!(
            "{holder} asked {instance} to send early warnings and newly emerging topics to this address"
        ),
        // Nobody knows who: it may have been anybody.
        FollowAbout::Digest => {
            format!("Somebody asked {instance} to send its digest to this address")
        }
        // The network's name is its owner's words.
        FollowAbout::Answers => format!(
            "Somebody who proved to own a network at {instance} asked to be told at this address when a body\nanswers what was raised there"
        ),
    };
    let text = format!(
        "{asked}, at most {every}.\n\n\
         If you want that, open this page and say yes, within three days:\n\n{confirm}\n\n\
         If you did not ask for it, you need do nothing: no other mail is sent, and your address is deleted\n\
         after three days. To have it deleted now, and not be asked again for 30 days:\n\n{stop}\n\n\
         {instance} finds public conversations among networks that asked to be found: {}\n{}",
        join(state, "about")?,
        sender(state.config())
    );
    Ok(Mail {
        id: claimed.id,
        to: claimed.to.clone(),
        subject: line(&format!("Do you want mails from {instance}?")),
        text,
        stop: Some(stop),
        told: claimed
            .items
            .iter()
            .map(|(delivery, _)| *delivery)
            .collect(),
    })
}

fn conversations(count: usize) -> String {
    match count {
        1 => "1 conversation".to_owned(),
        count => format!("{count} conversations"),
    }
}

fn name(claimed: &ClaimedMail) -> String {
    claimed
        .name
        .as_deref()
        .map_or_else(|| "your saved search".to_owned(), line)
}

fn subject(claimed: &ClaimedMail, found: usize, gone: usize) -> String {
    let what = match (found, gone) {
        (0, gone) => format!("{} gone", conversations(gone)),
        (found, _) => conversations(found),
    };
    let subject = format!("{}: {what}", name(claimed));
    subject.chars().take(SUBJECT).collect()
}

fn digest(
    view: &View,
    claimed: &ClaimedMail,
    found: &[(Conversation, Vec<Highlight>)],
    gone: &[ConversationId],
) -> Result<String, Problem> {
    let state = &view.state;
    let config = state.config();
    let mut text = String::new();
    let mut say = |words: std::fmt::Arguments<'_>| {
        // Writing into a text cannot fail.
        let _ = text.write_fmt(words);
    };
    if !found.is_empty() {
        say(format_args!(
            "{} for {}, as {} shows them now.\n",
            conversations(found.len()),
            name(claimed),
            config.instance_name
        ));
    }
    for (number, (conversation, highlight)) in found.iter().enumerate() {
        let started = conversation.started.map_or_else(
            || "no date".to_owned(),
            |at| {
                let day = at.to_zoned(config.zone.clone());
                day.strftime("%-d %B %Y").to_string()
            },
        );
        let excerpt = highlight
            .first()
            .map_or(conversation.excerpt.as_str(), |passage| &passage.text);
        say(format_args!(
            "\n{}. {}\n   {}, {}\n",
            number + 1,
            line(&conversation.title),
            line(&conversation.network.name),
            started
        ));
        let excerpt = line(excerpt);
        if !excerpt.is_empty() {
            say(format_args!("   \"{excerpt}\"\n"));
        }
        say(format_args!(
            "   {}: {}\n   Here: {}\n",
            // What is there is not the network's word.
            match conversation.links_to {
                Some(_) => "Links to",
                None => "There",
            },
            line(&conversation.url),
            page(state, conversation.id)?
        ));
    }
    if !gone.is_empty() {
        say(format_args!(
            "\nGone since an earlier mail, or no longer found by this search. Please delete what you hold of it:\n"
        ));
        for id in gone {
            say(format_args!("   {}\n", page(state, *id)?));
        }
    }
    if claimed.waiting > 0 {
        say(format_args!(
            "\n{} more wait for the next mail.\n",
            claimed.waiting
        ));
    }
    let asked = SavedSearch::parse(&claimed.search)
        .map_or_else(|_| String::new(), |saved| saved.params.to_query());
    say(format_args!(
        "\nThe whole search: {}\n\n-- \n{}Sent at most {}, because whoever reads this address said yes to it.\nNo more of these: {}\n",
        join(state, &format!("search?{asked}"))?,
        sender(config),
        often(claimed.every),
        Link::Stop.url(state, claimed.follow)?
    ));
    Ok(text)
}

fn page(state: &State, id: ConversationId) -> Result<Url, Problem> {
    join(state, &format!("conversations/{id}"))
}
