//! What is told early as a feed: an entry where a warning or an emerging topic began, another where it holds no more.

use super::entries::{absolute, tag};
use super::notes::{Note, Notes};
use crate::problem::Problem;
use crate::read;
use crate::read::params::NoticeParams;
use crate::state::View;
use crate::text::{early, links, words};

/// Entries of one feed.
const ENTRIES: usize = 50;

/// Beginnings and ends, latest first. What is not shown any more has an end alone.
pub(super) async fn notes(
    view: &View,
    params: &NoticeParams,
    form: &str,
) -> Result<Notes, Problem> {
    let all = read::notices::notices(view, params).await?;
    let config = view.state.config();
    let mut entries = Vec::new();
    for notice in &all.items {
        let page = match &notice.topic {
            Some(topic) => absolute(view, &links::topic(topic.id)),
            None => absolute(view, "/topics/warnings"),
        };
        if notice.topic.is_some() {
            let told = early::begun(notice, &all);
            entries.push(Note {
                id: tag(view, &format!("notice/{}", notice.number)),
                title: told.title,
                text: told.text,
                page: page.clone(),
                published: notice.began,
            });
        }
        if let Some(ended) = notice.ended {
            let day = notice.began.to_zoned(config.zone.clone()).date();
            let told = early::ended(notice, &words::day(day));
            entries.push(Note {
                id: tag(view, &format!("notice/{}/end", notice.number)),
                title: told.title,
                text: told.text,
                page,
                published: ended,
            });
        }
    }
    entries.sort_by(|a, b| b.published.cmp(&a.published).then(b.id.cmp(&a.id)));
    entries.truncate(ENTRIES);
    let query = params.to_query();
    Ok(Notes {
        id: tag(view, &format!("notices?{query}")),
        title: format!("Told early: {}", config.instance_name),
        note: Some(
            "Early warnings and topics that are newly emerging, each with its odds, and when they hold no more."
                .to_owned(),
        ),
        page: absolute(view, "/topics/warnings"),
        own: absolute(
            view,
            &links::with_query(&format!("/topics/warnings.{form}"), &query),
        ),
        entries,
    })
}
