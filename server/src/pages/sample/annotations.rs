//! What is noted on days of the first topic.

use jiff::civil::date;

use super::topic_id;
use crate::shapes::{Annotation, NetworkRef};

/// Two notes on days, one by the operator.
pub(crate) fn annotations() -> Vec<Annotation> {
    let note = |number, day, text: &str| Annotation {
        number,
        day: date(2026, 11, day),
        text: text.to_owned(),
        network: None,
        operator: None,
        written: super::at("2026-11-20T10:00:00Z"),
        topic: topic_id(0),
    };
    vec![
        Annotation {
            network: Some(NetworkRef {
                slug: "leeds-carers".to_owned(),
                name: "Leeds Carers".to_owned(),
            }),
            ..note(
                1,
                10,
                "Our figures include people whom our members drive there.",
            )
        },
        Annotation {
            operator: Some("Public Voice Office".to_owned()),
            ..note(2, 17, "Counted anew that day.")
        },
    ]
}
