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
use crate::corpus::days::{days_between, week};
use crate::corpus::facts::Facts;
use crate::publication::rank::{RankValue, Ranks};
use crate::publication::trend::{Spoken, Trend};

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
    pub(crate) trend: Trend,
    /// Whether it is large enough to be shown.
    pub(crate) shown: bool,
}

/// Added to both rates before they are compared, so that two posts are no wave.
const PRIOR: f64 = 1.0;
/// What a week that only one network was active in counts: nobody corroborates it.
const ALONE: f64 = 0.1;
/// Near copies in one network from which a text is taken for repeated: nobody says the same four times to be heard once.
const REPEATED: u32 = 4;

pub(crate) fn measure(
    members: &[Member],
    today: Date,
    parameters: &Parameters,
) -> Option<Measures> {
    let mut gathered = Gathered::of(members);
    let copying = gathered.copying();
    let mut days: BTreeMap<Date, u32> = BTreeMap::new();
    let mut weeks: Vec<(i64, u32)> = Vec::new();
    let mut posts = 0_u32;
    for post in &mut gathered.posts {
        if post.root && gathered.copies[post.member as usize] {
            continue;
        }
        if let Some(day) = post.day {
            *days.entry(day).or_default() += 1;
        }
        // A text that a network repeats is there to be seen, not to be ranked by.
        if post.root && gathered.repeated[post.member as usize] {
            continue;
        }
        posts += 1;
        post.counts = true;
        if let Some(day) = post.day {
            let week = (week(day), post.network);
            if weeks.last() != Some(&week) {
                weeks.push(week);
            }
        }
    }
    weeks.sort_unstable();
    weeks.dedup();
    // A topic of which no post is dated has begun nowhere and is never new.
    let first = days.keys().next().copied().unwrap_or(Date::ZERO);
    let last = days.keys().next_back().copied().unwrap_or(Date::ZERO);
    let burst = gathered.burst();
    let trend = Trend::of(first, today, &weeks, gathered.spoken(today));
    let activity = gathered.activity(today, parameters);
    let shares: Vec<f64> = activity.networks.iter().map(|sums| sums[0]).collect();
    let effective = effective(&shares);
    let rates =
        |which: usize| -> Vec<f64> { activity.networks.iter().map(|sums| sums[which]).collect() };
    let (active, corroborated) = corroborated(&weeks);
    let rank = Ranks {
        emerging: emerging(&rates(1), &rates(2)),
        enduring: enduring(corroborated, active, effective),
        quiet: quiet(corroborated, posts, effective),
    };
    let conversations = members.len() as u32;
    let networks = most_first(gathered.networks);
    let signs = Signs {
        conversations,
        copied: copying.copied,
        places: copying.networks.len(),
        few: activity.few,
        burst,
    };
    Some(Measures {
        conversations,
        texts: copying.texts,
        voices: activity.voices,
        effective_networks: effective,
        languages: most_first(gathered.languages)
            .into_iter()
            .map(|(language, _)| language)
            .collect(),
        born: first,
        last_active: last,
        days,
        coordinated: signs.coordinated(),
        rank,
        trend,
        shown: conversations > 1 && threshold::may_show(networks.len(), activity.voices as usize),
        networks,
    })
}

fn most_first<T: Ord>(counts: impl IntoIterator<Item = (T, u32)>) -> Vec<(T, u32)> {
    let mut counts: Vec<(T, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

/// One post, in the order of the members.
struct Post {
    voice: u64,
    /// In order of the networks' ids.
    network: u32,
    member: u32,
    day: Option<Date>,
    root: bool,
    /// Whether it is counted in rates.
    counts: bool,
}

/// How much of the members is near copies of others.
#[derive(Default)]
struct Copying {
    /// Groups; a text of its own is one.
    texts: u32,
    /// Copies besides the first of each group.
    copied: u32,
    /// Where texts stand that were copied.
    networks: BTreeSet<u32>,
}

/// What is read of the members: facts lie far apart, so they are looked at once and sorted here.
struct Gathered {
    posts: Vec<Post>,
    networks: BTreeMap<NetworkId, u32>,
    languages: BTreeMap<Language, u32>,
    /// Group and network of every member.
    texts: Vec<(u32, u32)>,
    /// By member: whether one before it has the same text, and whether its network repeats it.
    copies: Vec<bool>,
    repeated: Vec<bool>,
}

impl Gathered {
    fn of(members: &[Member]) -> Self {
        let mut gathered = Self {
            posts: Vec::with_capacity(members.len()),
            networks: BTreeMap::new(),
            languages: BTreeMap::new(),
            texts: Vec::with_capacity(members.len()),
            copies: vec![false; members.len()],
            repeated: vec![false; members.len()],
        };
        let mut met: Vec<NetworkId> = Vec::new();
        let mut numbers: BTreeMap<NetworkId, u32> = BTreeMap::new();
        for (at, member) in (0..).zip(members) {
            let facts = &member.facts;
            let network = *numbers.entry(facts.network).or_insert_with(|| {
                met.push(facts.network);
                met.len() as u32 - 1
            });
            *gathered.networks.entry(facts.network).or_default() += 1;
            if let Some(language) = facts.language {
                *gathered.languages.entry(language).or_default() += 1;
            }
            gathered.texts.push((member.copies, network));
            let posts = facts.posts.iter().enumerate().map(|(turn, post)| Post {
                voice: post.voice,
                network,
                member: at,
                day: post.day,
                root: turn == 0,
                counts: false,
            });
            gathered.posts.extend(posts);
        }
        let mut place = vec![0; met.len()];
        for (at, network) in (0..).zip(gathered.networks.keys()) {
            place[numbers[network] as usize] = at;
        }
        for post in &mut gathered.posts {
            post.network = place[post.network as usize];
        }
        for text in &mut gathered.texts {
            text.1 = place[text.1 as usize];
        }
        gathered
    }

    /// Notes which members are copies and which repeat.
    fn copying(&mut self) -> Copying {
        let mut order: Vec<(u32, u32)> = (0..)
            .zip(&self.texts)
            .map(|(at, (group, _))| (*group, at))
            .collect();
        order.sort_unstable();
        let mut copying = Copying::default();
        for run in order.chunk_by(|a, b| a.0 == b.0) {
            copying.texts += 1;
            if run.len() == 1 {
                continue;
            }
            copying.copied += run.len() as u32 - 1;
            let mut networks: BTreeMap<u32, u32> = BTreeMap::new();
            for (turn, (_, at)) in run.iter().enumerate() {
                self.copies[*at as usize] = turn > 0;
                *networks.entry(self.texts[*at as usize].1).or_default() += 1;
            }
            for (_, at) in run {
                self.repeated[*at as usize] = networks[&self.texts[*at as usize].1] >= REPEATED;
            }
            copying.networks.extend(networks.into_keys());
        }
        copying
    }

    /// Conversations that were begun on the three busiest days.
    fn burst(&self) -> u32 {
        let mut days: BTreeMap<Date, u32> = BTreeMap::new();
        for post in self.posts.iter().filter(|post| post.root) {
            if let Some(day) = post.day {
                *days.entry(day).or_default() += 1;
            }
        }
        three_most(days.into_values().collect())
    }

    /// What was said in the weeks that the lists look at, by whom.
    fn spoken(&self, today: Date) -> Vec<Spoken> {
        let counted = self.posts.iter().filter(|post| post.counts);
        counted
            .filter_map(|post| {
                Some(Spoken {
                    network: post.network,
                    weeks_ago: Trend::weeks_ago(post.day?, today)?,
                    conversation: post.member,
                })
            })
            .collect()
    }

    fn activity(&mut self, today: Date, parameters: &Parameters) -> Activity {
        // A stable sort: what a voice wrote is added up in the order of the members.
        self.posts.sort_by_key(|post| (post.network, post.voice));
        let mut decay = Decay::new(today, parameters);
        let mut activity = Activity::default();
        let mut begun: Vec<u32> = Vec::new();
        for network in self.posts.chunk_by(|a, b| a.network == b.network) {
            let (mut sums, mut any) = ([0.0_f64; 3], false);
            for voice in network.chunk_by(|a, b| a.voice == b.voice) {
                activity.voices += 1;
                let roots = voice.iter().filter(|post| post.root).count();
                if roots > 0 {
                    begun.push(roots as u32);
                }
                let mut counts = [0.0_f64; 3];
                for post in voice.iter().filter(|post| post.counts) {
                    let (short, long) = post.day.map_or((0.0, 0.0), |day| decay.of(day));
                    counts[0] += 1.0;
                    counts[1] += short;
                    counts[2] += long;
                }
                if counts[0] > 0.0 {
                    any = true;
                    sums[0] += counts[0].ln_1p();
                    sums[1] += (counts[1] * 7.0).ln_1p();
                    sums[2] += (counts[2] * 7.0).ln_1p();
                }
            }
            if any {
                activity.networks.push(sums.map(f64::ln_1p));
            }
        }
        activity.few = three_most(begun);
        activity
    }
}

/// What voices and networks do.
#[derive(Default)]
struct Activity {
    /// Per network that counts: saturated posts, and short and long rates in posts a week.
    networks: Vec<[f64; 3]>,
    voices: u32,
    /// Conversations that three voices began.
    few: u32,
}

/// Decayed parts of a post in the short and the long rate, in posts a day.
struct Decay {
    today: Date,
    short_life: f64,
    long_life: f64,
    /// Posts of one day mostly come together.
    last: Option<(Date, (f64, f64))>,
}

impl Decay {
    fn new(today: Date, parameters: &Parameters) -> Self {
        Self {
            today,
            short_life: parameters.short_half_life / std::f64::consts::LN_2,
            long_life: parameters.long_half_life / std::f64::consts::LN_2,
            last: None,
        }
    }

    fn of(&mut self, day: Date) -> (f64, f64) {
        if let Some((known, parts)) = self.last
            && known == day
        {
            return parts;
        }
        let age = days_between(day, self.today).max(0) as f64;
        let part = |life: f64| (-age / life).exp() / life;
        let parts = (part(self.short_life), part(self.long_life));
        self.last = Some((day, parts));
        parts
    }
}

fn three_most(mut counts: Vec<u32>) -> u32 {
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.iter().take(3).sum()
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

/// Active weeks, and what they count: one that no second network was active in counts little. `weeks` are weeks and
/// the networks active in them, sorted.
fn corroborated(weeks: &[(i64, u32)]) -> (usize, f64) {
    let runs = weeks.chunk_by(|a, b| a.0 == b.0);
    let counts = runs.map(|run| if run.len() > 1 { 1.0 } else { ALONE });
    counts.fold((0, 0.0), |(weeks, sum), count| (weeks + 1, sum + count))
}

fn value(value: f64, terms: &[(&'static str, f64)]) -> RankValue {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    RankValue {
        value: round(value),
        terms: terms
            .iter()
            .map(|(name, value)| (*name, round(*value)))
            .collect(),
        ..RankValue::default()
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

/// What is looked at for signs of coordination.
struct Signs {
    conversations: u32,
    /// Near copies of another, and the networks they stand in.
    copied: u32,
    places: usize,
    /// Begun by the three busiest voices, and on the three busiest days.
    few: u32,
    burst: u32,
}

impl Signs {
    /// Why the topic looks coordinated; names nobody and no exact small number.
    fn coordinated(&self) -> Option<String> {
        let (all, copies) = (self.conversations, self.copied);
        if copies >= 4 && copies * 3 >= all {
            let share = if copies * 2 >= all { "most" } else { "many" };
            let from = match self.places {
                1 => "all from one network",
                2 | 3 => "from few networks",
                _ => "across several networks",
            };
            return Some(format!(
                "{share} of its conversations are near copies of each other, {from}"
            ));
        }
        (all >= 12 && self.few * 10 >= all * 7 && self.burst * 10 >= all * 7).then(|| {
            "most of its conversations were begun by a few voices within a few days".to_owned()
        })
    }
}
