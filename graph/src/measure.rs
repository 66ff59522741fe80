//! The arithmetic of a topic: counts, effective networks, the three ranks, and whether it looks coordinated.
//!
//! One function for the pass and for masks, so that a masked topic is what a pass without the hidden part would say.
//! Near copies count once (for the network that had the text first), a voice counts by the logarithm of what it
//! writes, and a network by the logarithm of what its voices add up to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use discover_model::{Language, NetworkId, threshold};
use jiff::civil::Date;

use crate::Parameters;
use crate::graph::Facts;
use crate::snapshot::{RankValue, Ranks};

/// A conversation as part of a topic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) facts: Arc<Facts>,
    /// Its group of near copies.
    pub(crate) copies: u32,
    /// How central it is.
    pub(crate) weight: f32,
}

/// What is counted of a topic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measures {
    pub(crate) conversations: u32,
    pub(crate) texts: u32,
    pub(crate) networks: Vec<(NetworkId, u32)>,
    pub(crate) voices: u32,
    pub(crate) effective_networks: f64,
    pub(crate) languages: Vec<Language>,
    pub(crate) born: Date,
    pub(crate) last_active: Date,
    pub(crate) days: BTreeMap<Date, u32>,
    pub(crate) coordinated: Option<String>,
    pub(crate) rank: Ranks,
    pub(crate) shown: bool,
}

/// Activity of one network: voices with decayed and plain counts.
#[derive(Default)]
struct Activity {
    /// Voice -> posts, short decayed rate, long decayed rate (posts a day).
    voices: BTreeMap<u64, [f64; 3]>,
}

/// Added to both rates before they are compared, so that two posts are no wave.
const PRIOR: f64 = 1.0;
/// What a week that only one network was active in counts: nobody corroborates it.
const ALONE: f64 = 0.1;

impl Activity {
    fn saturated(&self, which: usize, scale: f64) -> f64 {
        let voices: f64 = self
            .voices
            .values()
            .map(|counts| (counts[which] * scale).ln_1p())
            .sum();
        voices.ln_1p()
    }
}

/// Near copies in one network from which a text is taken for repeated: nobody says the same four times to be heard once.
const REPEATED: u32 = 4;

pub(crate) fn measure<'a>(
    members: impl Iterator<Item = &'a Member> + Clone,
    today: Date,
    parameters: &Parameters,
) -> Option<Measures> {
    let mut networks: BTreeMap<NetworkId, u32> = BTreeMap::new();
    let mut languages: BTreeMap<Language, u32> = BTreeMap::new();
    let mut all_voices: BTreeSet<(NetworkId, u64)> = BTreeSet::new();
    let mut activity: BTreeMap<NetworkId, Activity> = BTreeMap::new();
    let mut days: BTreeMap<Date, u32> = BTreeMap::new();
    let mut weeks: BTreeMap<i64, BTreeSet<NetworkId>> = BTreeMap::new();
    let mut copied: BTreeSet<u32> = BTreeSet::new();
    let mut roots = Roots::default();
    let mut repeated: BTreeMap<(u32, NetworkId), u32> = BTreeMap::new();
    for member in members.clone() {
        *repeated
            .entry((member.copies, member.facts.network))
            .or_default() += 1;
    }
    let (mut conversations, mut posts) = (0, 0_u32);
    let short_life = parameters.short_half_life / std::f64::consts::LN_2;
    let long_life = parameters.long_half_life / std::f64::consts::LN_2;
    for member in members {
        let facts = &member.facts;
        conversations += 1;
        *networks.entry(facts.network).or_default() += 1;
        if let Some(language) = facts.language {
            *languages.entry(language).or_default() += 1;
        }
        roots.add(member);
        let copy = !copied.insert(member.copies);
        for (at, post) in facts.posts.iter().enumerate() {
            all_voices.insert((facts.network, post.voice));
            if copy && at == 0 {
                continue;
            }
            *days.entry(post.day).or_default() += 1;
            // A text that a network repeats is there to be seen, not to be ranked by.
            if at == 0 && repeated[&(member.copies, facts.network)] >= REPEATED {
                continue;
            }
            posts += 1;
            let age = days_between(post.day, today).max(0) as f64;
            let counts = activity
                .entry(facts.network)
                .or_default()
                .voices
                .entry(post.voice)
                .or_default();
            counts[0] += 1.0;
            counts[1] += (-age / short_life).exp() / short_life;
            counts[2] += (-age / long_life).exp() / long_life;
            weeks
                .entry(week(post.day))
                .or_default()
                .insert(facts.network);
        }
    }
    let first = *days.keys().next()?;
    let last = *days.keys().next_back()?;
    let shares: Vec<f64> = activity
        .values()
        .map(|activity| activity.saturated(0, 1.0))
        .collect();
    let effective = effective(&shares);
    let rates = |which: usize| -> Vec<f64> {
        activity
            .values()
            .map(|activity| activity.saturated(which, 7.0))
            .collect()
    };
    let (short, long) = (rates(1), rates(2));
    let corroborated = corroborated(&weeks);
    let rank = Ranks {
        emerging: emerging(&short, &long),
        enduring: enduring(corroborated, weeks.len(), effective),
        quiet: quiet(corroborated, posts, effective),
    };
    let mut networks: Vec<(NetworkId, u32)> = networks.into_iter().collect();
    networks.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut languages: Vec<(Language, u32)> = languages.into_iter().collect();
    languages.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    Some(Measures {
        conversations,
        texts: copied.len() as u32,
        voices: all_voices.len() as u32,
        effective_networks: effective,
        languages: languages
            .into_iter()
            .map(|(language, _)| language)
            .collect(),
        born: first,
        last_active: last,
        days,
        coordinated: roots.coordinated(),
        rank,
        shown: conversations > 1 && threshold::may_show(networks.len(), all_voices.len()),
        networks,
    })
}

/// Weeks are counted from a Monday.
pub(crate) fn week(day: Date) -> i64 {
    days_between(jiff::civil::date(1990, 1, 1), day).div_euclid(7)
}

/// Whole days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Exponential of the Shannon entropy: how many equally active networks would be as varied.
fn effective(shares: &[f64]) -> f64 {
    let total: f64 = shares.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let entropy: f64 = shares
        .iter()
        .filter(|share| **share > 0.0)
        .map(|share| share / total)
        .map(|share| -share * share.ln())
        .sum();
    entropy.exp()
}

/// Active weeks; one that no second network was active in counts little.
fn corroborated(weeks: &BTreeMap<i64, BTreeSet<NetworkId>>) -> f64 {
    weeks
        .values()
        .map(|networks| if networks.len() > 1 { 1.0 } else { ALONE })
        .sum()
}

fn value(value: f64, terms: &[(&'static str, f64)]) -> RankValue {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    RankValue {
        value: round(value),
        terms: terms
            .iter()
            .map(|(name, value)| (*name, round(*value)))
            .collect(),
    }
}

fn emerging(short: &[f64], long: &[f64]) -> RankValue {
    let (networks, effective) = (short.len(), effective(short));
    let (short, long): (f64, f64) = (short.iter().sum(), long.iter().sum());
    let ratio = ((short + PRIOR) / (long + PRIOR)).ln().max(0.0);
    // What one network alone speaks of is no wave.
    let corroborated = if networks > 1 { 1.0 } else { 0.0 };
    value(
        ratio * effective * corroborated,
        &[
            ("short_rate", short),
            ("long_rate", long),
            ("prior", PRIOR),
            ("log_ratio", ratio),
            ("effective_networks", effective),
            ("corroborated", corroborated),
        ],
    )
}

fn enduring(corroborated: f64, active: usize, effective: f64) -> RankValue {
    value(
        corroborated * effective,
        &[
            ("active_weeks", active as f64),
            ("corroborated_weeks", corroborated),
            ("effective_networks", effective),
        ],
    )
}

fn quiet(corroborated: f64, posts: u32, effective: f64) -> RankValue {
    // Rounded as counts are: the term stands in the API, and its square is the count.
    let volume = (threshold::rounded(u64::from(posts)) as f64)
        .max(1.0)
        .sqrt();
    value(
        corroborated * effective / volume,
        &[
            ("corroborated_weeks", corroborated),
            ("effective_networks", effective),
            ("root_of_posts", volume),
        ],
    )
}

/// Root posts, looked at for signs of coordination.
#[derive(Default)]
struct Roots {
    conversations: u32,
    /// Conversations and networks of every group of near copies.
    groups: BTreeMap<u32, (u32, BTreeSet<NetworkId>)>,
    voices: BTreeMap<(NetworkId, u64), u32>,
    days: BTreeMap<Date, u32>,
}

impl Roots {
    fn add(&mut self, member: &Member) {
        let Some(root) = member.facts.posts.first() else {
            return;
        };
        let voice = (member.facts.network, root.voice);
        self.conversations += 1;
        let group = self.groups.entry(member.copies).or_default();
        group.0 += 1;
        group.1.insert(member.facts.network);
        *self.voices.entry(voice).or_default() += 1;
        *self.days.entry(root.day).or_default() += 1;
    }

    /// Why the topic looks coordinated; names nobody and no exact small number.
    fn coordinated(&self) -> Option<String> {
        let all = self.conversations;
        let copies: u32 = self.groups.values().map(|group| group.0 - 1).sum();
        if copies >= 4 && copies * 3 >= all {
            let places: BTreeSet<NetworkId> = self
                .groups
                .values()
                .filter(|group| group.0 > 1)
                .flat_map(|group| group.1.iter().copied())
                .collect();
            let share = if copies * 2 >= all { "most" } else { "many" };
            let from = match places.len() {
                1 => "all from one network",
                2 | 3 => "from few networks",
                _ => "across several networks",
            };
            return Some(format!(
                "{share} of its conversations are near copies of each other, {from}"
            ));
        }
        let mut counts: Vec<u32> = self.voices.values().copied().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let few: u32 = counts.iter().take(3).sum();
        let mut days: Vec<u32> = self.days.values().copied().collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        let burst: u32 = days.iter().take(3).sum();
        (all >= 12 && few * 10 >= all * 7 && burst * 10 >= all * 7).then(|| {
            "most of its conversations were begun by a few voices within a few days".to_owned()
        })
    }
}
