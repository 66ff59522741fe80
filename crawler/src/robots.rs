//! robots.txt by RFC 9309, with the readings of Google's open matcher where the RFC leaves room.
//!
//! The most specific group wins (several groups for one agent are merged), the longest rule wins, allow wins a tie,
//! `*` and a final `$` are understood, unknown lines do not end a group, and `Crawl-delay` is read. Pure: fetching,
//! caching and what a failed fetch means are in [`crate::fetch`].

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

/// How much of a file is read (RFC 9309 2.5 asks for at least 500 KiB).
pub const MAX_BYTES: usize = 500 * 1024;
/// Longer lines are cut: no real path is.
const MAX_LINE: usize = 16 * 1024;
/// Rules kept for one agent; a file with more is no longer a list written for crawlers.
const MAX_RULES: usize = 5000;

/// A parsed robots.txt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Group {
    agents: Vec<String>,
    everyone: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// One `Allow` or `Disallow` line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    #[serde(rename = "a")]
    allow: bool,
    #[serde(rename = "p")]
    pattern: String,
}

/// What a robots.txt says to one agent: small enough to be kept between visits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Rule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
}

impl Robots {
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(MAX_BYTES)];
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut groups: Vec<Group> = Vec::new();
        let mut group_has_rules = true;
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = &line[..line.len().min(MAX_LINE)];
            let Some((key, value)) = key_and_value(line) else {
                continue;
            };
            match key {
                Key::Agent => {
                    if group_has_rules {
                        groups.push(Group::default());
                        group_has_rules = false;
                    }
                    if let Some(group) = groups.last_mut() {
                        group.add_agent(value);
                    }
                }
                Key::Rule { allow } => {
                    if let Some(group) = groups.last_mut() {
                        group_has_rules = true;
                        group.rules.push(Rule {
                            allow,
                            pattern: if allow {
                                Form::OPENS.of(value)
                            } else {
                                Form::CLOSES.of(value)
                            },
                        });
                    }
                }
                Key::Delay => {
                    if let Some(group) = groups.last_mut() {
                        group_has_rules = true;
                        group.delay = seconds(value).or(group.delay);
                    }
                }
            }
        }
        Self { groups }
    }

    /// The merged rules for `agent` (a product token such as `Discover`).
    pub fn rules_for(&self, agent: &str) -> Rules {
        let named = |group: &&Group| {
            group
                .agents
                .iter()
                .any(|name| !name.is_empty() && name.eq_ignore_ascii_case(agent))
        };
        let mut chosen: Vec<&Group> = self.groups.iter().filter(named).collect();
        if chosen.is_empty() {
            chosen = self.groups.iter().filter(|group| group.everyone).collect();
        }
        Rules {
            rules: chosen
                .iter()
                .flat_map(|group| group.rules.iter().cloned())
                .filter(|rule| !rule.pattern.is_empty())
                .take(MAX_RULES)
                .collect(),
            delay_ms: chosen
                .iter()
                .filter_map(|group| group.delay)
                .max()
                .and_then(|delay| u64::try_from(delay.as_millis()).ok()),
        }
    }

    pub fn allows(&self, agent: &str, url: &Url) -> bool {
        self.allows_raw(agent, url.as_str())
    }

    /// As [`Self::allows`], for an address that was not parsed and so not percent-encoded either.
    pub fn allows_raw(&self, agent: &str, url: &str) -> bool {
        self.rules_for(agent).allows_raw(url)
    }

    pub fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        self.rules_for(agent).crawl_delay()
    }
}

impl Rules {
    pub fn allows(&self, url: &Url) -> bool {
        self.allows_raw(url.as_str())
    }

    fn allows_raw(&self, url: &str) -> bool {
        let path = path_and_query(url).as_bytes();
        let closes = Form::CLOSES.of(path);
        let opens = Form {
            escapes: false,
            ..Form::OPENS
        }
        .of(path);
        let (mut allow, mut disallow) = (0, 0);
        for rule in &self.rules {
            let path = if rule.allow { &opens } else { &closes }.as_bytes();
            let longest = if rule.allow {
                &mut allow
            } else {
                &mut disallow
            };
            let length = rule.pattern.len();
            if length > *longest && matches(rule.pattern.as_bytes(), path) {
                *longest = length;
            } else if rule.allow && length > *longest {
                // A directory is the same page as its index file.
                if let Some(directory) = index_directory(&rule.pattern)
                    && directory.len() > *longest
                    && matches(directory.as_bytes(), path)
                {
                    *longest = directory.len();
                }
            }
        }
        disallow <= allow
    }

    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay_ms.map(Duration::from_millis)
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.delay_ms.is_none()
    }

    /// Number of rules, for deciding whether they are worth keeping between visits.
    pub fn len(&self) -> usize {
        self.rules.len()
    }
}

impl Group {
    /// The name ends at the first character that cannot be part of a product token.
    fn add_agent(&mut self, value: &[u8]) {
        if value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace) {
            self.everyone = true;
            return;
        }
        let end = value
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'-' | b'_'))
            .unwrap_or(value.len());
        self.agents
            .push(String::from_utf8_lossy(&value[..end]).into_owned());
    }
}

enum Key {
    Agent,
    Rule { allow: bool },
    Delay,
}

/// Splits a line at its colon, or at white space where the colon was forgotten and exactly two words are left.
fn key_and_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = match line.iter().position(|byte| *byte == b'#') {
        Some(comment) => &line[..comment],
        None => line,
    };
    let line = line.trim_ascii();
    let (key, value) = if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        (&line[..colon], &line[colon + 1..])
    } else {
        let space = line.iter().position(u8::is_ascii_whitespace)?;
        let value = line[space..].trim_ascii();
        if value.iter().any(u8::is_ascii_whitespace) {
            return None;
        }
        (&line[..space], value)
    };
    let key = key.trim_ascii().to_ascii_lowercase();
    let key = match key.as_slice() {
        b"user-agent" | b"useragent" | b"user agent" => Key::Agent,
        b"allow" => Key::Rule { allow: true },
        // The misspellings seen most often; their writers meant it.
        b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => {
            Key::Rule { allow: false }
        }
        b"crawl-delay" | b"crawldelay" => Key::Delay,
        _ => return None,
    };
    Some((key, value.trim_ascii()))
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    (seconds.is_finite() && (0.0..=31_536_000.0).contains(&seconds))
        .then(|| Duration::from_secs_f64(seconds))
}

/// How rules and addresses are brought to one form before they are compared (RFC 9309 2.2.2, RFC 3986 6.2.2): hex digits
/// stand in capitals, and escapes of unreserved characters are decoded. `%2A` and `%24` stay escapes, so that they are
/// not taken for a rule's `*` and `$`.
#[derive(Clone, Copy)]
struct Form {
    /// Decode escapes of letters and digits too. What opens a path is read by Google's matcher as it is written, what
    /// closes one by the RFC: where the two differ, the site stays closed.
    letters: bool,
    /// Write as `%XX` what an address holds only so.
    escapes: bool,
}

impl Form {
    const CLOSES: Self = Self {
        letters: true,
        escapes: true,
    };
    const OPENS: Self = Self {
        letters: false,
        escapes: true,
    };

    fn of(self, value: &[u8]) -> String {
        let mut text = String::with_capacity(value.len());
        let mut plain = Vec::new();
        let mut rest = value;
        while let [byte, tail @ ..] = rest {
            rest = tail;
            match (*byte, tail) {
                (b'%', [a, b, after @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                    flush(&mut text, &mut plain);
                    let digit = |hex: u8| char::from(hex).to_digit(16).unwrap_or(0) as u8;
                    let decoded = (digit(*a) << 4) | digit(*b);
                    let unreserved = matches!(decoded, b'-' | b'.' | b'_' | b'~')
                        || self.letters && decoded.is_ascii_alphanumeric();
                    if unreserved {
                        text.push(char::from(decoded));
                    } else {
                        push_escape(&mut text, decoded);
                    }
                    rest = after;
                }
                (0x80.. | b' ' | b'"' | b'<' | b'>', _) if self.escapes => {
                    flush(&mut text, &mut plain);
                    push_escape(&mut text, *byte);
                }
                _ => plain.push(*byte),
            }
        }
        flush(&mut text, &mut plain);
        text
    }
}

fn flush(text: &mut String, plain: &mut Vec<u8>) {
    text.push_str(&String::from_utf8_lossy(plain));
    plain.clear();
}

fn push_escape(text: &mut String, byte: u8) {
    text.push('%');
    for digit in [byte >> 4, byte & 15] {
        text.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
    }
}

/// Path and query of an address, without its fragment; `/` where there is none.
fn path_and_query(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or_default();
    let authority = match url.find("://") {
        // A scheme is only one before the path begins.
        Some(at) if !url[..at].contains(['/', '?']) => at + 3,
        _ if url.starts_with("//") => 2,
        _ => 0,
    };
    let rest = &url[authority..];
    if authority == 0 && rest.starts_with('/') {
        return rest;
    }
    match rest.find(['/', '?', ';']) {
        Some(at) if rest.as_bytes()[at] == b'/' => &rest[at..],
        // `http://host?x`: the path is empty; matching `/` is all that can be said of it.
        _ => "/",
    }
}

/// `/a/index.html` allowed also allows `/a/` itself.
fn index_directory(pattern: &str) -> Option<String> {
    let slash = pattern.rfind('/')?;
    pattern[slash..]
        .starts_with("/index.htm")
        .then(|| format!("{}$", &pattern[..=slash]))
}

/// Greedy match of a pattern with `*`, anchored at the start, and at the end if it ends in `$`.
/// Taking the first place where each piece fits is enough, as pieces are in order and `*` takes anything.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, anchored) = match pattern {
        [head @ .., b'$'] => (head, true),
        _ => (pattern, false),
    };
    let mut pieces = pattern.split(|byte| *byte == b'*').peekable();
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    if pieces.peek().is_none() {
        return !anchored || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() && anchored {
            return rest.ends_with(piece);
        }
        if piece.is_empty() {
            continue;
        }
        match rest.windows(piece.len()).position(|part| part == piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        test: String,
        robots: String,
        agent: String,
        url: String,
        expect: bool,
    }

    #[test]
    fn row_07_every_case_of_the_reference_matcher_holds() {
        let Some(text) = crate::testing::data("robots/cases.jsonl") else {
            return;
        };
        let text = String::from_utf8(text).expect("utf-8");
        let (mut cases, mut wrong) = (0, Vec::new());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let case: Case = serde_json::from_str(line).expect("a case");
            cases += 1;
            let robots = Robots::parse(case.robots.as_bytes());
            if robots.allows_raw(&case.agent, &case.url) != case.expect {
                wrong.push(format!(
                    "{}: {} for {} in {:?}",
                    case.test, case.url, case.agent, case.robots
                ));
            }
        }
        assert!(wrong.is_empty(), "{} of {cases}: {wrong:#?}", wrong.len());
        assert_eq!(cases, 140);
    }

    #[test]
    fn escapes_of_unreserved_characters_and_lower_case_digits_change_nothing() {
        for (rule, path, allowed) in [
            ("/%7Ejo/", "/~jo/feed.xml", false),
            ("/~jo/", "/%7Ejo/feed.xml", false),
            ("/%7ejo/", "/%7Ejo/feed.xml", false),
            ("/f%c3%b6%c3%b6/", "/f%C3%B6%C3%B6/feed.xml", false),
            ("/föö/", "/f%c3%b6%c3%b6/feed.xml", false),
            ("/%70rivate/", "/private/x", false),
            ("/private/", "/%70rivate/x", false),
            ("/my%20notes/", "/my%20notes/x", false),
            ("/my notes/", "/my%20notes/x", false),
            ("/a%2Fb", "/a/b", true),
            ("/a%2fb", "/a%2Fb", false),
            ("/a%2Ab", "/aXb", true),
            ("/*?paged=", "/feed.xml?paged=2", false),
        ] {
            let robots = Robots::parse(format!("User-agent: *\nDisallow: {rule}\n").as_bytes());
            let url = Url::parse(&format!("http://h.example{path}")).expect("url");
            assert_eq!(
                robots.allows("Discover", &url),
                allowed,
                "{rule} and {path}"
            );
        }
        let open = Robots::parse(b"User-agent: *\nDisallow: /\nAllow: /%7Ejo/\n");
        assert!(open.allows_raw("Discover", "http://h.example/~jo/x"));
        assert!(open.allows_raw("Discover", "http://h.example/%7ejo/x"));
    }

    #[test]
    fn row_05_a_file_of_600_kib_is_read_to_500_kib() {
        let mut file = "User-agent: *\nDisallow: /private/\n".to_owned();
        while file.len() < 600 * 1024 {
            file.push_str("# padding padding padding padding padding padding\n");
        }
        file.push_str("Disallow: /late/\n");
        let robots = Robots::parse(file.as_bytes());
        assert!(!robots.allows_raw("Discover", "http://a.example/private/x"));
        assert!(robots.allows_raw("Discover", "http://a.example/late/x"));
    }

    #[test]
    fn row_08_crawl_delay_is_read_from_our_group_else_from_everyones() {
        let robots = Robots::parse(
            b"User-agent: *\nCrawl-delay: 5\n\nUser-agent: discover\nCrawl-delay: 1.5\nDisallow: /x\n",
        );
        assert_eq!(
            robots.crawl_delay("Discover"),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(robots.crawl_delay("Other"), Some(Duration::from_secs(5)));
        let odd = Robots::parse(b"User-agent: *\nCrawl-delay: -1\nCrawl-delay: NaN\n");
        assert_eq!(odd.crawl_delay("Discover"), None);
    }

    #[test]
    fn rules_survive_being_kept_between_visits() {
        let robots = Robots::parse(b"User-agent: *\nDisallow: /a*b$\nCrawl-delay: 2\n");
        let rules = robots.rules_for("Discover");
        let json = serde_json::to_string(&rules).expect("json");
        let back: Rules = serde_json::from_str(&json).expect("rules");
        assert_eq!(back, rules);
        assert!(!back.allows(&Url::parse("http://h.example/a/b").expect("url")));
    }
}
