//! Writing an answer: a form for whoever holds a key of the scope `answer:write`, and what the redaction leaves of it.
//!
//! Contract: nothing is recorded before its writer saw it as everybody will. The key is asked for with that, kept nowhere, and
//! goes into no address and no page. Whatever is refused, what was typed stands in the form again.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State as FromState};
use axum::http::StatusCode;
use axum::response::Response;
use discover_store::KeyScope;
use jiff::civil::Date;
use serde::Deserialize;

use super::view::{Frame, Nav, label};
use crate::analyst::{self, Analyst, Door};
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::owner::{as_limited, failed, private_page, see_other};
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::new_answer::Fault;
use crate::shapes::{NewAnswer, TopicRef};
use crate::state::{State, View};
use crate::text::answered::stage;
use crate::text::inline::{Day, Text};
use crate::text::links;

const STAGES: [&str; 4] = ["heard", "answered", "decided", "changed"];
const SEAL: &str = "answer as it was shown";

#[derive(Debug, Template)]
#[template(path = "answerform.html")]
struct Page {
    frame: Frame,
    /// The topic's page, and its name.
    topic: (String, Text),
    answers: String,
    here: String,
    stages: Vec<Choice>,
    typed: AnswerForm,
    trouble: Option<(Msg, &'static str)>,
    shown: Option<Shown>,
}

#[derive(Debug)]
struct Choice {
    value: &'static str,
    words: Msg,
    hint: Msg,
    chosen: bool,
}

/// The entry as it would stand, and the seal of what was typed.
#[derive(Debug)]
struct Shown {
    stage: Msg,
    text: Text,
    /// Whether the redaction took anything out.
    changed: bool,
    due: Option<Day>,
    seal: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    corrects: String,
    /// Seal of what was shown.
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    key: Key,
}

/// A key as it was typed: never printed again.
#[derive(Clone, Default, Deserialize)]
struct Key(String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl AnswerForm {
    /// As the API takes it; the field that cannot be read.
    fn read(&self) -> Result<NewAnswer, (Msg, &'static str)> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let due: Option<Date> = match given(&self.due) {
            None => None,
            Some(day) => Some(day.parse().map_err(|_| (msg!("write-bad-day"), "due"))?),
        };
        let corrects = match given(&self.corrects) {
            None => None,
            Some(seq) => Some(seq.parse().map_err(|_| told(Fault::Corrects))?),
        };
        Ok(NewAnswer {
            stage: self.stage.clone(),
            // A browser ends lines as it likes.
            text: self.text.replace("\r\n", "\n"),
            url: given(&self.url),
            due,
            corrects,
        })
    }

    /// Of what was typed, and of the entry that it would follow: what was agreed to once is recorded once.
    fn seal(&self, state: &State, id: &str, after: Option<u64>) -> String {
        let text = self.text.replace("\r\n", "\n");
        let after = after.map(|seq| seq.to_string()).unwrap_or_default();
        let parts = [
            id,
            &after,
            &self.stage,
            &text,
            &self.url,
            &self.due,
            &self.corrects,
        ];
        state.store().seal(SEAL, &parts)
    }
}

/// What is wrong, and at which field.
fn told(fault: Fault) -> (Msg, &'static str) {
    match fault {
        Fault::Stage => (msg!("write-no-stage"), "stage"),
        Fault::Text => (msg!("write-bad-text"), "text"),
        Fault::LongUrl | Fault::NoUrl => (msg!("write-bad-url"), "url"),
        Fault::PersonalUrl => (msg!("write-personal-url"), "url"),
        Fault::Full => (msg!("write-full"), "text"),
        Fault::Due => (msg!("write-bad-day"), "due"),
        Fault::Corrects => (msg!("write-bad-entry"), "corrects"),
        Fault::OtherStage => (msg!("write-other-stage"), "stage"),
    }
}

impl Page {
    fn new(state: &State, topic: &TopicRef, typed: AnswerForm) -> Self {
        let here = links::topic(topic.id);
        Self {
            frame: Frame::new(
                &state.config().instance_name,
                msg!("write-heading"),
                Nav::Topics,
            ),
            answers: format!("{here}/answers"),
            topic: (here.clone(), label(&topic.label, &topic.labels)),
            here: format!("{here}/answers/write"),
            stages: STAGES
                .into_iter()
                .map(|value| Choice {
                    value,
                    words: stage(value),
                    hint: match value {
                        "heard" => msg!("write-heard"),
                        "answered" => msg!("write-answered"),
                        "decided" => msg!("write-decided"),
                        _ => msg!("write-changed"),
                    },
                    chosen: typed.stage == value,
                })
                .collect(),
            typed,
            trouble: None,
            shown: None,
        }
    }

    /// The same with what is wrong.
    fn troubled(self, state: &State, (words, field): (Msg, &'static str)) -> Self {
        let title = msg!("error-title", title = msg!("write-heading"));
        Self {
            frame: Frame::new(&state.config().instance_name, title, Nav::Topics),
            trouble: Some((words, field)),
            ..self
        }
    }

    fn wrong(&self, field: &str) -> Option<&Msg> {
        let trouble = self.trouble.as_ref();
        trouble
            .filter(|(_, at)| *at == field)
            .map(|(words, _)| words)
    }
}

fn refused(page: &Page, status: StatusCode) -> Result<Response, Problem> {
    let mut answer = private_page(page)?;
    *answer.status_mut() = status;
    Ok(answer)
}

pub(super) async fn form(view: View, Path(id): Path<String>) -> Result<Response, Problem> {
    let topic = read::answers::to_write(&view, &id)?;
    private_page(&Page::new(&view.state, &topic, AnswerForm::default()))
}

/// Shows what would be recorded; once that was seen, and a key is given with it, records it.
pub(super) async fn write(
    FromState(state): FromState<State>,
    client: Client,
    Path(id): Path<String>,
    asked: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let topic = read::answers::to_write(&view, &id)?;
    let typed = match asked {
        Ok(Form(typed)) => typed,
        Err(rejection) => {
            let page = Page::new(&state, &topic, AnswerForm::default());
            let page = page.troubled(&state, told(Fault::Text));
            return refused(&page, rejection.status());
        }
    };
    let page = Page::new(&state, &topic, typed.clone());
    let new = match typed.read() {
        Ok(new) => new,
        Err(trouble) => return refused(&page.troubled(&state, trouble), StatusCode::BAD_REQUEST),
    };
    let (text, after) = match read::answers::preview(&view, &id, &new).await? {
        Ok(shown) => shown,
        Err(fault) => {
            let page = page.troubled(&state, told(fault));
            return refused(&page, StatusCode::BAD_REQUEST);
        }
    };
    let seal = typed.seal(&state, &topic.id.to_string(), after);
    let agreed = typed.agreed == seal;
    let page = Page {
        shown: Some(Shown {
            stage: stage(&new.stage),
            changed: text != new.text.trim(),
            text: Text::unknown(text),
            due: new.due.map(Day),
            seal,
        }),
        ..page
    };
    if !agreed {
        return private_page(&page);
    }
    let analyst = match holder(&state, client, &typed.key).await {
        Ok(analyst) => analyst,
        Err(Refusal::Words(words)) => {
            let page = page.troubled(&state, (words, "key"));
            return refused(&page, StatusCode::FORBIDDEN);
        }
        Err(Refusal::Limit(problem)) => {
            let minutes = problem.retry_after.unwrap_or(60).div_ceil(60);
            let page = page.troubled(&state, (msg!("question-limit", minutes = minutes), "key"));
            return Ok(as_limited(private_page(&page)?, &problem));
        }
        Err(Refusal::Other(problem)) => return Err(problem),
    };
    match read::answers::write(&view, &analyst, &id, &new).await {
        Ok(entry) => Ok(see_other(&format!(
            "{}/answers#e{}",
            links::topic(topic.id),
            entry.seq
        ))),
        // Only with the key is it known whose entries may be corrected.
        Err(problem) if problem.code == Code::BadBody => {
            let page = page.troubled(&state, told(Fault::Corrects));
            refused(&page, StatusCode::BAD_REQUEST)
        }
        Err(problem) => Err(problem),
    }
}

/// Why a key does not write.
enum Refusal {
    Words(Msg),
    Limit(Problem),
    Other(Problem),
}

async fn holder(state: &State, client: Client, key: &Key) -> Result<Analyst, Refusal> {
    let opened = analyst::opened(state, &key.0).await;
    match opened.map_err(Refusal::Other)? {
        Door::Known(analyst) if analyst.has(KeyScope::Answer) => Ok(analyst),
        Door::Known(_) => Err(Refusal::Words(msg!("write-other-key"))),
        Door::Spent(problem) => Err(Refusal::Limit(problem)),
        Door::Anonymous | Door::Wrong(_) => match failed(state, client, "") {
            Ok(()) => Err(Refusal::Words(msg!("write-wrong-key"))),
            Err(problem) => Err(Refusal::Limit(problem)),
        },
    }
}
