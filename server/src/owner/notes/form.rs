//! Reading the form of an upload: fields, and a file, as a browser sends them.
//!
//! Contract: never more than [`LARGEST`] bytes. What was read before something went wrong is given back, so that it can stand
//! in the form again; text comes before the file.

use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{Form, FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use discover_model::post::MAX_TEXT_BYTES;
use futures_util::StreamExt as _;
use serde::Deserialize;

/// Bytes of a form. More than can be kept, so that what is somewhat too long is said and stands in the form again.
const LARGEST: usize = 16 * MAX_TEXT_BYTES;
/// Bytes beyond these that are let pass.
const MOST_PASSED: usize = 16 * LARGEST;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NotesForm {
    pub(super) form: String,
    pub(super) text: String,
    pub(super) on: String,
    /// Seal of a text that a look filled in.
    pub(super) filled: String,
    /// Seal of what was shown.
    pub(super) agreed: String,
    #[serde(skip)]
    pub(super) file: Option<Vec<u8>>,
}

/// Why a form was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    TooLong(&'static str),
    Broken,
}

impl Unread {
    pub(super) fn words(self) -> String {
        match self {
            Self::TooLong(field) => format!(
                "The {field} is too long: at most {} KiB are taken at once. Cut it at a heading",
                MAX_TEXT_BYTES / 1024
            ),
            Self::Broken => "The form could not be read: send it from this page".to_owned(),
        }
    }

    /// Id of the field that it is about.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::TooLong(field) => field,
            Self::Broken => "text",
        }
    }

    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// The form, and why it ends before its end.
pub(super) async fn read(request: Request) -> (NotesForm, Option<Unread>) {
    let (head, body) = request.into_parts();
    let kind = head.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let in_parts = kind
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("multipart/form-data");
    let broken = (NotesForm::default(), Some(Unread::Broken));
    let Ok((bytes, whole)) = taken(body).await else {
        return broken;
    };
    let request = Request::from_parts(head, Body::from(bytes));
    if !in_parts {
        return match Form::<NotesForm>::from_request(request, &()).await {
            _ if !whole => (NotesForm::default(), Some(Unread::TooLong("text"))),
            Ok(Form(form)) => (form, None),
            Err(_) => broken,
        };
    }
    let Ok(mut parts) = Multipart::from_request(request, &()).await else {
        return broken;
    };
    let (mut form, mut at) = (NotesForm::default(), "text");
    let read = fill(&mut form, &mut parts, &mut at).await;
    let unread = match (whole, read) {
        (false, _) => Some(Unread::TooLong(at)),
        (true, Err(_)) => Some(Unread::Broken),
        (true, Ok(())) => None,
    };
    (form, unread)
}

/// The first [`LARGEST`] bytes, and whether that is all. A browser listens once it has sent what it has, so some more is
/// let pass unread.
async fn taken(body: Body) -> Result<(Vec<u8>, bool), axum::Error> {
    let (mut bytes, mut passed) = (Vec::new(), 0);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let room = LARGEST - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        passed += chunk.len().saturating_sub(room);
        if passed > MOST_PASSED {
            break;
        }
    }
    Ok((bytes, passed == 0))
}

async fn fill(
    form: &mut NotesForm,
    parts: &mut Multipart,
    at: &mut &'static str,
) -> Result<(), MultipartError> {
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let chosen = part.file_name().is_some_and(|name| !name.is_empty());
        match name.as_str() {
            "form" => form.form = part.text().await?,
            "text" => form.text = part.text().await?,
            "on" => form.on = part.text().await?,
            "filled" => form.filled = part.text().await?,
            "agreed" => form.agreed = part.text().await?,
            "file" if chosen => {
                *at = "file";
                form.file = Some(part.bytes().await?.to_vec());
            }
            _ => {}
        }
    }
    Ok(())
}
