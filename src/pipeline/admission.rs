//! What is to be kept of what a visit read: the gate, and the language of what passed it.
//!
//! An item that is read as it was before, under the rules that held then, and of which the post is still there, is not
//! decided again: what came of it stands. Its mark tells, which the store keeps beside the post
//! ([decision](../../docs/adr/0052-what-is-read-as-before-is-not-decided-again.md)).

use std::collections::{BTreeMap, HashMap};

use discover_crawler::Batch;
use discover_indexer::language::Detector;
use discover_model::gate::{self, Policy};
use discover_model::item_mark::Marker;
use discover_model::{Grant, ItemState, Network, PostId, Refusal, Source, VoiceKey};
use discover_store::{Commit, Marked, Store};
use jiff::Timestamp;

use super::round::Round;

/// Names everything in this program that reads, redacts and judges a text; made by the build.
const RULES: &str = env!("DISCOVER_RULES");

/// What decides about the items of one source.
pub(super) struct Admission<'a> {
    grant: &'a Grant,
    source: &'a Source,
    voice_key: VoiceKey,
    /// Title and link alone are kept.
    link_only: bool,
    taken_back: HashMap<PostId, Refusal>,
    marker: Marker,
    detector: Detector,
}

/// What was decided, and which posts are held back, held or not.
struct Decided<'a> {
    commit: Commit<'a>,
    withheld: Vec<PostId>,
}

impl<'a> Admission<'a> {
    /// `network`: as the store has it; one that is not there keeps as little as possible.
    pub(super) async fn load(
        store: &Store,
        grant: &'a Grant,
        source: &'a Source,
        network: Option<&Network>,
    ) -> anyhow::Result<Self> {
        let voice_key = store.voice_key(source.network).await?;
        let taken_back = store.taken_back(source.network).await?;
        let link_only = network.is_none_or(|network| network.link_only);
        Ok(Self::new(grant, source, voice_key, link_only, taken_back))
    }

    fn new(
        grant: &'a Grant,
        source: &'a Source,
        voice_key: VoiceKey,
        link_only: bool,
        taken_back: HashMap<PostId, Refusal>,
    ) -> Self {
        let policy = Policy {
            source,
            voice_key: &voice_key,
            link_only,
            taken_back: &taken_back,
        };
        Self {
            marker: Marker::new(grant, &policy, RULES),
            detector: Detector::default(),
            grant,
            source,
            voice_key,
            link_only,
            taken_back,
        }
    }

    pub(super) fn voice_key(&self) -> &VoiceKey {
        &self.voice_key
    }

    /// What must stay away, by why.
    pub(super) fn taken_back(&self) -> &HashMap<PostId, Refusal> {
        &self.taken_back
    }

    /// From now on these stay away.
    pub(super) fn bar(&mut self, posts: &[PostId]) {
        self.taken_back
            .extend(posts.iter().map(|id| (*id, Refusal::Withdrawn)));
    }

    /// Decides about a batch; the commit has no fence yet. Refusals are counted in `round`.
    pub(super) async fn decide(
        &mut self,
        store: &Store,
        batch: Batch,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<Commit<'a>> {
        let ids: Vec<PostId> = batch
            .items
            .iter()
            .map(|item| self.post_id(&item.key))
            .collect();
        let known = store.item_marks(ids.iter().copied()).await?;
        let Decided {
            mut commit,
            withheld,
        } = self.sift(&ids, &known, batch, now, round)?;
        for post in withheld {
            // What was kept and is now held back must go; what was never kept may still be released.
            if store.post(post).await?.is_some() {
                commit.gone.push(post);
            }
        }
        Ok(commit)
    }

    fn post_id(&self, key: &str) -> PostId {
        PostId::derive(self.source.network, self.source.id, &gate::stored_key(key))
    }

    /// `ids` are those of the batch's items, `known` the marks of what is held of them.
    fn sift(
        &mut self,
        ids: &[PostId],
        known: &HashMap<PostId, Marked>,
        batch: Batch,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<Decided<'a>> {
        let mut commit = Commit {
            state_json: Some(serde_json::to_string(&batch.state)?),
            ..Commit::new(self.source)
        };
        let mut withheld = Vec::new();
        commit.gone = batch.gone.iter().map(|key| self.post_id(key)).collect();
        self.taken_back
            .extend(commit.gone.iter().map(|id| (*id, Refusal::Withdrawn)));
        let mut times: HashMap<PostId, u32> = HashMap::with_capacity(ids.len());
        for id in ids {
            *times.entry(*id).or_default() += 1;
        }
        let mut marks = BTreeMap::new();
        for (item, id) in batch.items.into_iter().zip(ids) {
            let mark = self.marker.mark(&item);
            // Of two items under one key the last counts: neither may stand back for the other.
            let held = known.get(id).filter(|held| {
                Some(held.mark) == mark
                    && times.get(id) == Some(&1)
                    && !self.taken_back.contains_key(id)
                    && self.grant.is_live(now)
            });
            if let Some(held) = held {
                self.detector.keep(item.language.as_deref(), held.language);
                commit.unchanged.push(*id);
                round.not_decided += 1;
                continue;
            }
            let address = item.url.to_string();
            if matches!(item.state, ItemState::Withheld(_)) {
                withheld.push(*id);
            }
            let policy = Policy {
                source: self.source,
                voice_key: &self.voice_key,
                link_only: self.link_only,
                taken_back: &self.taken_back,
            };
            match gate::admit(self.grant, &policy, item, now) {
                Ok(post) => {
                    let decided = {
                        let post = post.get();
                        self.detector.decide(
                            &post.text,
                            post.title.as_deref(),
                            post.declared_language.as_deref(),
                        )
                    };
                    // The last one said counts here too.
                    marks.insert(*id, mark);
                    commit
                        .posts
                        .push(post.with_language(decided.language, decided.confidence));
                }
                Err(refusal) => {
                    *round.refused.entry(refusal.code().to_owned()).or_default() += 1;
                    commit.refusals.push((refusal, address));
                }
            }
        }
        commit.marks = marks
            .into_iter()
            .filter_map(|(id, mark)| Some((id, mark?)))
            .collect();
        Ok(Decided { commit, withheld })
    }
}

#[cfg(test)]
mod tests {
    use discover_crawler::SourceState;
    use discover_model::grant::{Evidence, GrantRecord, GrantState, Purpose};
    use discover_model::proof::ProofMethod;
    use discover_model::{GrantId, Item, NetworkId, Origin, Scope, SourceKind, SourceOptions};
    use jiff::SignedDuration;
    use url::Url;

    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn url(text: &str) -> Url {
        Url::parse(text).expect("url")
    }

    fn source() -> Source {
        let url = url("https://site.example/feed");
        let options = SourceOptions::default();
        Source::new(NetworkId::from_u128(1), SourceKind::Feed, url, options)
    }

    fn grant() -> Grant {
        let origin: Origin = "https://site.example".parse().expect("origin");
        Grant::recorded(GrantRecord {
            id: GrantId::from_u128(5),
            network: NetworkId::from_u128(1),
            scope: Scope::all(origin),
            purposes: vec![Purpose::Search],
            retention_days: 365,
            evidence: Evidence {
                method: ProofMethod::WellKnown,
                folder: None,
                sha256: String::new(),
                seen: NOW,
            },
            granted: NOW,
            expires: NOW + SignedDuration::from_hours(24),
            members_told: true,
            state: GrantState::Live,
        })
    }

    fn item(key: &str, text: &str) -> Item {
        Item {
            key: key.into(),
            url: url(&format!("https://site.example/{key}")),
            root: None,
            parent: None,
            thread: None,
            title: Some("A title".into()),
            text: text.into(),
            author: None,
            published: None,
            updated: None,
            language: None,
            links: vec![],
            state: ItemState::Live,
        }
    }

    /// One source, and the marks of what is held of it.
    struct Site {
        source: Source,
        grant: Grant,
        link_only: bool,
        taken_back: HashMap<PostId, Refusal>,
        held: HashMap<PostId, Marked>,
    }

    /// How many of a batch were decided to be kept, refused, and left as they were.
    type Counts = (usize, usize, usize);

    impl Site {
        fn new() -> Self {
            Self {
                source: source(),
                grant: grant(),
                link_only: false,
                taken_back: HashMap::new(),
                held: HashMap::new(),
            }
        }

        fn id(&self, key: &str) -> PostId {
            PostId::derive(self.source.network, self.source.id, key)
        }

        fn read(&mut self, items: &[Item], at: Timestamp) -> Counts {
            let mut admission = Admission::new(
                &self.grant,
                &self.source,
                VoiceKey::new([3; 32]),
                self.link_only,
                self.taken_back.clone(),
            );
            let batch = Batch {
                items: items.to_vec(),
                gone: Vec::new(),
                missing: Vec::new(),
                state: SourceState::default(),
            };
            let ids: Vec<PostId> = items.iter().map(|item| self.id(&item.key)).collect();
            let commit = admission
                .sift(&ids, &self.held, batch, at, &mut Round::default())
                .expect("decided")
                .commit;
            self.held.extend(commit.marks.iter().map(|(id, mark)| {
                let post = commit
                    .posts
                    .iter()
                    .map(discover_model::Admitted::get)
                    .find(|post| post.id == *id);
                let language =
                    post.and_then(|post| Some((post.language?, post.language_confidence)));
                (
                    *id,
                    Marked {
                        mark: *mark,
                        language,
                    },
                )
            }));
            (
                commit.posts.len(),
                commit.refusals.len(),
                commit.unchanged.len(),
            )
        }
    }

    #[test]
    fn what_is_read_as_before_is_left_as_it_is_and_an_edit_is_followed() {
        let mut site = Site::new();
        let (one, two) = (item("1", "one"), item("2", "two"));
        assert_eq!(site.read(&[one.clone(), two.clone()], NOW), (2, 0, 0));
        let edited = item("2", "two, edited");
        assert_eq!(site.read(&[one.clone(), edited.clone()], NOW), (1, 0, 1));
        assert_eq!(site.read(&[one.clone(), edited], NOW), (0, 0, 2));
        // Back to what it was: that is an edit too.
        assert_eq!(site.read(&[one, two], NOW), (1, 0, 1));
    }

    #[test]
    fn what_the_store_holds_no_longer_is_decided_again() {
        let mut site = Site::new();
        let one = [item("1", "one")];
        site.read(&one, NOW);
        site.held.clear();
        assert_eq!(site.read(&one, NOW), (1, 0, 0));
    }

    #[test]
    fn another_policy_scope_or_state_sends_everything_through_the_gate_again() {
        let mut site = Site::new();
        let one = [item("1", "one")];
        site.read(&one, NOW);
        site.link_only = true;
        assert_eq!(site.read(&one, NOW), (1, 0, 0));
        let origin = site.grant.scope.origin().clone();
        site.grant = site
            .grant
            .with_scope(Scope::new(origin, &["/elsewhere/"]).expect("scope"));
        assert_eq!(site.read(&one, NOW), (0, 1, 0));
        site.grant = grant();
        site.link_only = false;
        assert_eq!(site.read(&one, NOW), (1, 0, 0));
        site.taken_back.insert(site.id("1"), Refusal::Objected);
        assert_eq!(site.read(&one, NOW), (0, 1, 0));
        site.taken_back.clear();
        assert_eq!(site.read(&one, NOW), (0, 0, 1));
        // A grant that ended lets nothing stand.
        let late = NOW + SignedDuration::from_hours(25);
        assert_eq!(site.read(&one, late), (0, 1, 0));
    }

    #[test]
    fn what_stands_teaches_the_language_of_what_comes_after_it() {
        let said = |key: &str, text: &str| Item {
            title: None,
            ..item(key, text)
        };
        let long = "Mae'r feddygfa wedi newid y ffordd yr ydym yn trefnu profion gwaed, ac mae llawer o bobl yn poeni am hynny.";
        let mut visit: Vec<Item> = (0..20)
            .map(|n| said(&n.to_string(), &format!("{long} {n}")))
            .collect();
        let mut site = Site::new();
        site.read(&visit, NOW);
        visit.push(said("new", "taxi radio"));
        let whole = {
            let mut fresh = Site::new();
            fresh.read(&visit, NOW);
            fresh.held[&fresh.id("new")].language
        };
        assert_eq!(site.read(&visit, NOW), (1, 0, 20));
        let after = site.held[&site.id("new")].language;
        assert_eq!(after.map(|found| found.0), whole.map(|found| found.0));
        assert_eq!(
            after.map(|found| found.0.to_string()),
            Some("cy".to_owned())
        );
    }

    #[test]
    fn of_two_items_under_one_key_both_are_decided_each_time() {
        let mut site = Site::new();
        let both = [item("1", "one"), item("1", "the other")];
        assert_eq!(site.read(&both, NOW), (2, 0, 0));
        assert_eq!(site.read(&both, NOW), (2, 0, 0));
    }
}
