//! Networks that mention a topic without taking part in it: of these nobody may say that they are silent.
//!
//! Contract: a network mentions a topic where a search for all words of its name, in any language that it is named in,
//! finds a conversation there, whenever that was. A reader who searches for the name finds the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use discover_graph::Topic;
use discover_indexer::{MAX_FACET_ROWS, Matching, SearchRequest};
use discover_model::NetworkId;

use super::{search, topics};
use crate::problem::{Code, Problem};
use crate::state::View;

/// Names of a topic that are looked for; a query holds no more than these.
const NAMES: usize = 4;
/// Words of one name.
const WORDS: usize = 6;

/// The search that finds mentions; empty where no name has a word. `labels` are the names by language.
pub(crate) fn asked<'a>(label: &'a str, labels: impl IntoIterator<Item = &'a String>) -> String {
    let mut names: Vec<String> = Vec::new();
    let labels = labels.into_iter().map(String::as_str);
    for label in labels.chain([label]) {
        let words = label.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’'));
        let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let words = words.filter(|word| !word.is_empty()).take(WORDS);
        let words = words.map(|word| match word.to_lowercase().as_str() {
            // An operator, unless it is a phrase.
            "or" => "\"or\"".to_owned(),
            word => word.to_owned(),
        });
        let name = words.collect::<Vec<_>>().join(" ");
        if !name.is_empty() && !names.contains(&name) && names.len() < NAMES {
            names.push(name);
        }
    }
    match names.as_slice() {
        [one] => one.clone(),
        names => names
            .iter()
            .map(|name| format!("({name})"))
            .collect::<Vec<_>>()
            .join(" OR "),
    }
}

/// The networks at which it is mentioned, of those that take no part in it; found once for a publication. None where too many
/// long searches run to look for them now: a page is then shown without them, and says so.
pub(super) async fn of(
    view: &View,
    topic: &Topic,
) -> Result<Option<Arc<BTreeSet<NetworkId>>>, Problem> {
    if let Some(found) = view.mentions.get(topic.id) {
        return Ok(Some(found));
    }
    let q = asked(&topic.label, topics::labels(topic).values());
    let taking: BTreeSet<NetworkId> = topic.networks.iter().map(|row| row.0).collect();
    let others = view.networks().map(|network| network.id);
    let others: Vec<NetworkId> = others.filter(|id| !taking.contains(id)).collect();
    let mut found = BTreeSet::new();
    // An answer names so many networks and no more.
    for some in others.chunks(MAX_FACET_ROWS).filter(|_| !q.is_empty()) {
        let request = SearchRequest {
            q: q.clone(),
            network: some.to_vec(),
            limit: 1,
            matching: Matching::All,
            ..SearchRequest::default()
        };
        match search::networks_of(view, request).await {
            Ok(networks) => found.extend(networks),
            Err(problem) if problem.code == Code::Overloaded => return Ok(None),
            Err(problem) => return Err(problem),
        }
    }
    let found = Arc::new(found);
    view.mentions.put(topic.id, Arc::clone(&found));
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_looked_for_and_none_of_its_words_is_an_operator() {
        let labels = [
            "profion gwaed".to_owned(),
            "walk-in, not: OR tests".to_owned(),
        ];
        assert_eq!(
            asked("walk-in, not: OR tests", &labels),
            "(profion gwaed) OR (walk-in not \"or\" tests)"
        );
        assert_eq!(asked("Blood tests", &[]), "blood tests");
        assert_eq!(asked("…", &[]), "");
        let long = "w ".repeat(400);
        assert!(asked(&long, &[]).len() <= 512);
    }
}
