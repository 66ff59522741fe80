//! One question on a page: its words, what was typed, what is wrong with it, and what travels on unseen.
//!
//! Contract: nothing is answered beforehand, nothing that was typed is lost, and nothing is kept here between two pages.

use askama::Template;

use crate::i18n::{Msg, filters, msg};
use crate::pages::view::{Frame, Nav};

/// How a question is answered.
#[derive(Debug)]
pub(super) enum Field {
    Text {
        value: String,
        /// `inputmode` of the field.
        mode: &'static str,
        /// `autocomplete` of the field.
        complete: &'static str,
        most: usize,
    },
    /// Several lines, each with its name and label, none of which has to be filled in.
    Several(Vec<(&'static str, Msg, String)>),
    One(Vec<Choice>),
    Many(Vec<Choice>),
}

/// One answer among several.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: Msg,
    pub(super) hint: Option<Msg>,
    pub(super) chosen: bool,
    /// Whether it stands apart from those before it, as their opposite.
    pub(super) apart: bool,
}

impl Choice {
    pub(super) fn new(value: &str, words: impl Into<Msg>, chosen: &[String]) -> Self {
        Self {
            value: value.to_owned(),
            words: words.into(),
            hint: None,
            chosen: chosen.iter().any(|one| one == value),
            apart: false,
        }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<Msg>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn apart(mut self) -> Self {
        self.apart = true;
        self
    }
}

#[derive(Debug)]
pub(super) struct Question {
    /// Name of its field, and what a step is called.
    pub(super) name: &'static str,
    pub(super) heading: Msg,
    pub(super) hint: Option<Msg>,
    pub(super) field: Field,
    pub(super) trouble: Option<Msg>,
    /// Why it is asked: what a fold is called, and what stands in it.
    pub(super) why: Option<(Msg, Msg)>,
}

/// A page that asks.
#[derive(Debug, Template)]
#[template(path = "owner/question.html")]
pub(super) struct QuestionPage {
    pub(super) frame: Frame,
    /// Which question it is, of how many.
    pub(super) place: Option<Msg>,
    pub(super) asked: Question,
    pub(super) action: &'static str,
    /// Answers given so far, and what they rest on.
    pub(super) hidden: Vec<(&'static str, String)>,
    /// The step before.
    pub(super) back: Option<&'static str>,
    pub(super) note: Option<Msg>,
}

impl QuestionPage {
    /// Its title says first that something is wrong, where it is.
    pub(super) fn titled(instance: &str, place: Option<&Msg>, asked: &Question) -> Frame {
        let title = match place {
            Some(place) => msg!("question-title", heading = asked.heading, place = place,),
            None => asked.heading.clone(),
        };
        let title = match &asked.trouble {
            Some(_) => msg!("error-title", title = title),
            None => title,
        };
        Frame::new(instance, title, Nav::Register)
    }
}
