//! The questions of a registration: their words, and how each is answered.

use discover_model::proof::ProofMethod;

use super::answers::{Answers, NONE};
use crate::i18n::{Msg, msg};
use crate::owner::question::{Choice, Field, Question, QuestionPage};
use crate::state::State;

/// How many questions there are, the proof among them.
pub(super) const ALL: u64 = 11;

/// Which question a step is.
fn number(step: &str) -> u64 {
    match step {
        "groups" | "excerpts" => 2,
        "method" => 3,
        "proof" => 4,
        "sources" => 5,
        "name" => 6,
        "owner" => 7,
        "areas" => 8,
        "days" => 9,
        "contact" => 10,
        "told" => 11,
        _ => 1,
    }
}

pub(super) fn place(step: &str) -> Msg {
    msg!("question-place", number = number(step), all = ALL)
}

/// The step before, where a form can lead back to it.
pub(super) fn before(step: &str, answers: &Answers) -> Option<&'static str> {
    Some(match step {
        "groups" => "address",
        "excerpts" => "groups",
        "method" if answers.sensitive() => "excerpts",
        "method" => "groups",
        "name" => "sources",
        "owner" => "name",
        "areas" => "owner",
        "days" => "areas",
        "contact" => "days",
        "told" => "contact",
        _ => return None,
    })
}

pub(super) fn page(
    state: &State,
    answers: &Answers,
    step: &'static str,
    trouble: Option<Msg>,
) -> QuestionPage {
    let asked = question(state, answers, step, trouble);
    let place = Some(place(step));
    QuestionPage {
        frame: QuestionPage::titled(&state.config().instance_name, place.as_ref(), &asked),
        place,
        action: if answers.ticket.seal.is_empty() {
            "/register"
        } else {
            "/register/join"
        },
        hidden: answers.hidden(step),
        back: before(step, answers),
        note: (step == "address").then(|| msg!("address-note")),
        asked,
    }
}

pub(super) fn question(
    state: &State,
    answers: &Answers,
    step: &'static str,
    trouble: Option<Msg>,
) -> Question {
    let typed = |mode, complete, most| Field::Text {
        value: answers.one(step).to_owned(),
        mode,
        complete,
        most,
    };
    let chosen = answers.all(step);
    let choice = |value: &str, words: Msg| Choice::new(value, words, &chosen);
    let (heading, hint, field, why) = match step {
        "groups" => (
            msg!("groups-question"),
            Some(msg!("groups-hint")),
            Field::Many(vec![
                choice("child", msg!("groups-child")),
                choice("self-harm", msg!("groups-self-harm")),
                choice("refuge", msg!("groups-refuge")),
                choice(NONE, msg!("groups-none")).apart(),
            ]),
            Some((msg!("why-asked"), msg!("groups-why"))),
        ),
        "excerpts" => (
            msg!("excerpts-question"),
            Some(msg!("excerpts-hint")),
            Field::One(vec![
                choice("no", msg!("excerpts-no")),
                choice("yes", msg!("excerpts-yes")),
            ]),
            None,
        ),
        "method" => (
            msg!("method-question"),
            Some(msg!("method-hint")),
            Field::One(
                [
                    (
                        ProofMethod::WellKnown,
                        msg!("method-file"),
                        msg!("method-file-hint"),
                    ),
                    (
                        ProofMethod::Meta,
                        msg!("method-tag"),
                        msg!("method-tag-hint"),
                    ),
                    (
                        ProofMethod::DnsTxt,
                        msg!("method-dns"),
                        msg!("method-dns-hint"),
                    ),
                    (
                        ProofMethod::Profile,
                        msg!("method-profile"),
                        msg!("method-profile-hint"),
                    ),
                ]
                .map(|(method, words, hint)| choice(method.as_str(), words).with_hint(hint))
                .into(),
            ),
            None,
        ),
        "sources" => (
            msg!("sources-question"),
            Some(msg!("sources-hint")),
            Field::Many(found(answers)),
            None,
        ),
        "name" => (
            msg!("name-question"),
            Some(msg!("name-hint")),
            typed("text", "organization", 120),
            None,
        ),
        "owner" => (
            msg!("owner-question"),
            Some(msg!("owner-hint")),
            typed("text", "organization", 120),
            None,
        ),
        "areas" => {
            let areas = answers.areas();
            (
                msg!("areas-question"),
                Some(msg!("areas-hint")),
                Field::Several(vec![
                    ("councils", msg!("areas-councils"), areas.councils),
                    ("wards", msg!("areas-wards"), areas.wards),
                    ("boards", msg!("areas-boards"), areas.boards),
                ]),
                None,
            )
        }
        "days" => (
            msg!("days-question"),
            Some(msg!("days-hint")),
            typed("numeric", "off", 6),
            None,
        ),
        "contact" => (
            msg!("contact-question"),
            Some(msg!("contact-hint")),
            typed("email", "email", 200),
            None,
        ),
        "told" => (
            msg!("told-question"),
            None,
            Field::One(vec![
                choice("yes", msg!("told-yes")),
                choice("no", msg!("told-no")),
            ]),
            Some((
                msg!("told-text"),
                Msg::English(crate::owner::home::members_text(answers.one("name"), state)),
            )),
        ),
        _ => (
            msg!("address-question"),
            Some(msg!("address-hint")),
            typed("url", "url", 1000),
            // Before they begin: whoever cannot tell their members yet should know now.
            Some((
                msg!("told-early"),
                Msg::English(crate::owner::home::members_text("[Your site]", state)),
            )),
        ),
    };
    Question {
        name: step,
        heading,
        hint,
        field,
        trouble,
        why,
    }
}

/// The sources that were found: each by its kind and address, none of them chosen beforehand.
fn found(answers: &Answers) -> Vec<Choice> {
    let chosen = answers.all("sources");
    let found = answers.all("found");
    let choices = found.iter().map(|value| {
        let line = value.lines().next().unwrap_or_default();
        let (kind, address) = line.split_once(' ').unwrap_or(("", line));
        let kind = kind
            .parse()
            .map_or_else(|_| msg!("kind-none"), crate::text::say::kind);
        Choice::new(value, kind, &chosen).with_hint(address)
    });
    choices.collect()
}
