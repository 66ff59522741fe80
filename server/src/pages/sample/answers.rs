//! What happened about the first topic: corrected, erased, overdue.

use discover_model::ConversationId;
use jiff::civil::date;

use super::{topic_id, topic_ref};
use crate::shapes::{AnswerEntry, Answers, Cited, Due, Erased, NetworkRef};

fn entry(seq: u64, stage: &str, by: &str, day: i8, text: &str) -> AnswerEntry {
    AnswerEntry {
        seq,
        stage: stage.to_owned(),
        by: by.to_owned(),
        at: date(2026, 11, day),
        written: super::at(&format!("2026-11-{day:02}T10:00:00Z")),
        late_days: None,
        due: None,
        text: Some(text.to_owned()),
        erased: None,
        url: None,
        hash: "4be19a07".repeat(8),
        salt: Some("ab".repeat(32)),
        corrects: None,
        corrected_by: None,
        topic: topic_id(0),
        conversations: vec![ConversationId::from_u128(1), ConversationId::from_u128(2)],
        cites: vec![Cited {
            id: ConversationId::from_u128(1),
            title: "Turned away at the door".to_owned(),
            language: None,
            network: NetworkRef {
                slug: "leeds-carers".to_owned(),
                name: "Leeds Carers".to_owned(),
            },
        }],
        cited: 4,
        conversations_hash: "9f2c77ab".repeat(8),
        conversations_salt: None,
        networks: vec![NetworkRef {
            slug: "leeds-carers".to_owned(),
            name: "Leeds Carers".to_owned(),
        }],
        raised: 4,
        withdrawn: 2,
        absent: 1,
        asked: 1,
        told: 0,
        ledger: 5_000 + seq,
        signature: "0f".repeat(64),
    }
}

/// Four entries, one corrected and one erased; something is due, and something overdue.
pub(crate) fn answers() -> Answers {
    let (board, council) = ("Wexmoor Health Board", "Ashmere City Council");
    let heard = "We have read this topic, and will look at who cannot book.";
    let erased = AnswerEntry {
        text: None,
        salt: None,
        erased: Some(Erased {
            at: date(2026, 11, 18),
            moment: super::at("2026-11-18T10:00:00Z"),
            reason: "it named a member of staff".to_owned(),
        }),
        ..entry(2, "heard", council, 16, "")
    };
    let wrong = AnswerEntry {
        corrected_by: Some(4),
        late_days: Some(1),
        url: Some("https://board.example/news/walk-in".to_owned()),
        due: Some(date(2026, 12, 16)),
        ..entry(
            3,
            "answered",
            board,
            20,
            "Two walk-in mornings a week come back, 7:30 to 9:30.",
        )
    };
    let correction = AnswerEntry {
        corrects: Some(3),
        ..entry(
            4,
            "answered",
            board,
            21,
            "The hours in entry 3 were wrong: 8:00 to 10:00.",
        )
    };
    let due = |by: &str, stage: &str, entry, day, overdue_days| Due {
        by: by.to_owned(),
        due: day,
        entry,
        stage: stage.to_owned(),
        overdue_days,
    };
    Answers {
        topic: topic_ref(topic_id(0)),
        items: vec![
            entry(1, "heard", board, 12, heard),
            erased,
            wrong,
            correction,
        ],
        due: vec![
            due(council, "heard", 2, date(2026, 11, 19), Some(3)),
            due(board, "answered", 3, date(2026, 12, 16), None),
        ],
        generation: 17,
    }
}
