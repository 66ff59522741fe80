//! Words of others in a text, and names that software writes around words: quotes with their attribution, mentions,
//! preview boxes, mail attributions, trailers and signatures.
//!
//! Quoted words count for the one who wrote them, so a quote that says whom it quotes is left out whole; one that names
//! nobody (a report, a law) stays. Everything here looks at what platforms and mailers write by themselves, never at
//! what people may say in a sentence of their own.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use crate::prepare::scan::Tag;

use super::writer::html_to_words;

/// Longest beginning of a quote in which its attribution is looked for, in bytes of markup.
const HEAD: usize = 600;

fn fixed(pattern: &str) -> Regex {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .multi_line(true)
        .build()
        .unwrap_or_else(|error| unreachable!("fixed pattern: {error}"))
}

const VERBS: &str = r"(?:wrote|said|says|writes|schrieb|hat geschrieben|a écrit|a dit|escribió|dijo|ha scritto|scrisse|ha detto|escreveu|disse|schreef|zei|napisał(?:\(?a\)?)?|skrev|sa|ysgrifennodd|dywedodd|писал(?:\(?а\)?)?|написал(?:\(?а\)?)?)";

/// A line that says who is quoted: `Megan Price wrote:`, `@megan said in Clinic:`, `Quote from: megan on Monday`.
static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r"^\W{{0,4}}(?:(?:originally )?posted by:? [^\n]{{1,80}}|quot(?:e|ing)(?: from)?:? [^\n]{{1,100}}|(?:@?[^\s:>][^\n:]{{0,60}}\s)?{VERBS}(?:\s(?:in|on|am|le)\s[^\n]{{1,160}})?\s*:|[^\n]{{3,200}}\s{VERBS}\s*(?:\([^)\n]*\))?\s*:)\s*$"
    ))
});

/// The same at the beginning of a quote, words of the quote behind it.
static BEGINS_ATTRIBUTED: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r"\A\W{{0,4}}(?:(?:originally )?posted by:? |quote from:? |@?[^\s:>][^\n:]{{0,60}}\s{VERBS}(?:\s(?:in|on)\s[^\n]{{1,160}})?\s*:)"
    ))
});

/// Whole lines that software writes: a mail's attribution, who is answered, who posted, trailers of patches.
static LINES: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r"^(?:(?:on|am|le|el|op|ar|il|em|den|dnia)\s[^\n]{{0,120}}\d[^\n]{{0,160}}(?:\n[^\n]{{0,120}})?{VERBS}[^\n:]{{0,60}}:|(?:originally |originally-)posted by:?[^\n]{{1,80}}|(?:posted|submitted) by:? [^\n]{{1,60}}|quote from:? [^\n]{{1,120}}|(?:signed-off|acked|reviewed|tested|reported|suggested|helped|mentored|co-developed|co-authored|reported-and-tested|reviewed-and-tested|debugged|requested)-by:[^\n]*|cc: [^\n]*[@<\[][^\n]*)[ \t]*(?:\n|\z)"
    ))
});

/// How WordPress begins a reply in a feed of comments.
static IN_REPLY: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\A(?:in reply to|als antwort auf|en réponse à|en respuesta a|in risposta a|in antwoord op|em resposta a|mewn ymateb i|som svar på|w odpowiedzi na) [^\n.]{1,80}\.(?:\s+|\z)",
    )
});

/// Anything that one of the lines above may be in: nearly every text has none.
static ANY: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r"{VERBS}[^\n:]{{0,60}}:|posted by|submitted by|quote from|-by:|^cc: |\A(?:in reply|als antwort|en réponse|en respuesta|in risposta|in antwoord|em resposta|mewn ymateb|som svar|w odpowiedzi)"
    ))
});

/// Classes of elements that hold words of others, or names, and nothing of the one who wrote.
const WORDS_OF_OTHERS: [&str; 24] = [
    "onebox",
    "quoteheader",
    "topslice_quote",
    "quotefooter",
    "botslice_quote",
    "quotetitle",
    "quotecontent",
    "bbc_standard_quote",
    "bbc_alternate_quote",
    "bbcodequote",
    "bbcodeblock--quote",
    "bbcode_quote",
    "mycode_quote",
    "userquote",
    "quoteauthor",
    "gmail_quote",
    "gmail_attr",
    "gmail_signature",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-signature",
    "protonmail_quote",
    "filename",
    "informations",
];

/// Classes of links that name a person.
const MENTIONS: [&str; 7] = [
    "mention",
    "usermention",
    "postmention",
    "plugin-mentions-user",
    "user-mention",
    "username-mention",
    "at-mention",
];

/// Whether the element that `tag` begins is left out with all it holds. `behind` is the markup after the tag, `before`
/// the last line written before it.
pub(super) fn is_of_others(tag: &Tag<'_>, behind: &str, before: &str) -> bool {
    let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
    let blockquote = is("blockquote");
    if tag.attributes.is_empty() && !blockquote {
        return false;
    }
    let class = tag.attribute("class").unwrap_or_default();
    let has = |words: &[&str]| {
        class
            .split_ascii_whitespace()
            .any(|class| words.iter().any(|word| word.eq_ignore_ascii_case(class)))
    };
    if is("a") || is("span") {
        return has(&MENTIONS) && !has(&["hashtag", "hashtag-cooked"])
            || is("span") && has(&["filename", "informations"]);
    }
    if is("aside") && has(&["quote"]) {
        return true;
    }
    if !class.is_empty() && has(&WORDS_OF_OTHERS) {
        return true;
    }
    if !blockquote {
        return false;
    }
    let named = ["data-quote", "data-author", "data-username", "data-source"];
    named.iter().any(|name| {
        tag.attribute(name)
            .is_some_and(|who| !who.trim().is_empty())
    }) || tag
        .attribute("type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("cite"))
        || is_attribution(before)
        || begins_attributed(behind)
}

/// Whether a quote begins with the name of who is quoted.
fn begins_attributed(behind: &str) -> bool {
    let mut end = behind.len().min(HEAD);
    while !behind.is_char_boundary(end) {
        end -= 1;
    }
    let head = &behind[..end];
    let head = head
        .get(
            ..head
                .to_ascii_lowercase()
                .find("</blockquote")
                .unwrap_or(head.len()),
        )
        .unwrap_or(head);
    let opens = head.trim_start().to_ascii_lowercase();
    let cited = ["<cite", "<div><cite", "<p><cite", "<header"];
    cited.iter().any(|cite| opens.starts_with(cite)) && opens.contains(':') || {
        let words = html_to_words(head);
        names_somebody(&words) && BEGINS_ATTRIBUTED.is_match(words.trim_start())
    }
}

/// Whether what speaks may be a person: a law, a report and `we` are none.
fn names_somebody(line: &str) -> bool {
    const NOBODY: [&str; 36] = [
        "the", "a", "an", "this", "that", "these", "those", "our", "my", "your", "their", "his",
        "her", "its", "it", "as", "what", "which", "who", "i", "we", "you", "they", "he", "she",
        "der", "die", "das", "les", "los", "ich", "wir", "sie", "y", "yr", "there",
    ];
    let first = line
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .to_lowercase();
    !NOBODY.contains(&first.as_str())
}

/// Whether a line is an attribution and nothing else.
pub(crate) fn is_attribution(line: &str) -> bool {
    line.len() <= 300 && ANY.is_match(line) && names_somebody(line) && ATTRIBUTION.is_match(line)
}

/// The text without lines that software writes.
pub(super) fn without_names_of_others(text: String) -> String {
    if !ANY.is_match(&text) {
        return text;
    }
    let text = IN_REPLY.replace(&text, "");
    let text = LINES.replace_all(&text, "");
    tidy(&text)
}

/// What the writer of a mail said: without quoted lines and what announces them, trailers and the signature
/// (RFC 3676 4.3: `-- `).
pub fn mail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines
        .iter()
        .position(|line| line.trim_end() == "--")
        .unwrap_or(lines.len());
    let mut out = String::with_capacity(text.len());
    for line in &lines[..end] {
        if !line.trim_start().starts_with('>') {
            out.push_str(line);
            out.push('\n');
        }
    }
    tidy(&without_names_of_others(out))
}

/// No more than one empty line, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            empty = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty { "\n\n" } else { "\n" });
        }
        empty = false;
        out.push_str(line);
    }
    out
}

/// Words that tell an organisation from a person.
const ORGANISATION: &str = r"(?i)\b(?:council|cyngor|society|club|association|team|tîm|forum|centre|center|trust|charity|group|union|office|press|news|media|church|school|university|college|library|museum|party|department|ministry|service|services|committee|board|network|foundation|institute|company|ltd|gmbh|inc|staff|admin|editor|editors|desk|hospital|health|city|town|village|parish)\b";
static IS_ORGANISATION: LazyLock<Regex> = LazyLock::new(|| fixed(ORGANISATION));

/// The text without the name of the one who wrote it, as far as it is known. A name of several words goes wherever it
/// stands; one of a single word, which may be any word, only where it is given as a name: behind `by` or a dash at the
/// end, or in a line of its own.
pub(crate) fn without_own_name(text: &str, name: &str) -> String {
    let name = name.trim();
    let words: Vec<&str> = name.split_whitespace().collect();
    let long = name.chars().count();
    if !(3..=80).contains(&long)
        || name.contains(['@', '/'])
        || words.len() > 6
        || !text.to_lowercase().contains(&name.to_lowercase())
    {
        return text.to_owned();
    }
    let spaced: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    let spaced = spaced.join(r"\s+");
    let whole = words.len() > 1
        && !IS_ORGANISATION.is_match(name)
        && !name.chars().any(|c| c.is_ascii_digit());
    let given = format!(
        r"(?:[ \t]*[,;|(\[–—-]?[ \t]*\b(?:posted |written |submitted |comment |reply |sent )?(?:by|von|par|por|door|gan):?[ \t]+|[ \t]+[–—|-]+[ \t]*|^[ \t]*[–—-]*[ \t]*){spaced}[)\]]?[ \t]*[.:]?[ \t]*$"
    );
    let pattern = if whole {
        format!(
            r"{given}|(?:\b(?:posted |written |submitted )?by:?[ \t]+)?\b{spaced}\b(?:[ \t]*:)?"
        )
    } else {
        given
    };
    let Ok(pattern) = RegexBuilder::new(&pattern)
        .case_insensitive(true)
        .multi_line(true)
        .build()
    else {
        return text.to_owned();
    };
    let out = pattern.replace_all(text, "");
    if out.len() == text.len() {
        return text.to_owned();
    }
    let out: Vec<&str> = out.lines().map(str::trim).collect();
    tidy(&out.join("\n").replace("  ", " "))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::html_to_text;
    use super::*;

    fn words(html: &str) -> String {
        let base = Url::parse("https://site.example/").expect("base");
        html_to_text(html, &base).text
    }

    #[test]
    fn a_quote_that_names_whom_it_quotes_is_left_out_whole() {
        for quote in [
            "<blockquote><div><cite>Megan Price wrote:</cite>The service stopped.</div></blockquote>",
            "<blockquote class=\"bbCodeBlock bbCodeBlock--quote\" data-quote=\"Megan Price\"><a>Megan Price said:</a> The service stopped.</blockquote>",
            "<div class=\"bbCodeBlock bbCodeQuote\" data-author=\"Megan Price\"><aside><div class=\"attribution\">Megan Price said</div><blockquote>The service stopped.</blockquote></aside></div>",
            "<aside class=\"quote no-group\" data-username=\"megan\"><div class=\"title\">Megan Price:</div><blockquote><p>The service stopped.</p></blockquote></aside>",
            "<p><a class=\"plugin-mentions-user\" href=\"/user/megan\">@Megan-Price</a> said in <a href=\"/post/1\">Clinic</a>:</p><blockquote>The service stopped.</blockquote>",
            "<blockquote class=\"mycode_quote\"><cite><span> (1 May)</span>Megan Price Wrote: </cite>The service stopped.</blockquote>",
            "<div class=\"quoteheader\"><a>Quote from: Megan Price on Monday</a></div><blockquote class=\"bbc_standard_quote\">The service stopped.</blockquote><div class=\"quotefooter\"></div>",
            "<blockquote class=\"Quote UserQuote\"><div class=\"QuoteAuthor\"><a>Megan Price</a> said:</div><div class=\"QuoteText\">The service stopped.</div></blockquote>",
            "<blockquote><p>Originally posted by Megan Price:</p><p>The service stopped.</p></blockquote>",
            "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On Fri, 2 Oct 2026 at 10:00, Megan Price wrote:<br></div><blockquote>The service stopped.</blockquote></div>",
            "<p>Megan Price wrote:</p><blockquote><p>The service stopped.</p></blockquote>",
        ] {
            assert_eq!(
                words(&format!("{quote}<p>Same here.</p>")),
                "Same here.",
                "{quote}"
            );
        }
        let law = "<p>The law says:</p><blockquote>No service may stop.</blockquote>";
        assert!(words(law).contains("No service may stop."));
        assert!(words("<blockquote>No service may stop.</blockquote>").contains("may stop"));
    }

    #[test]
    fn names_that_platforms_write_go_and_what_people_say_stays() {
        for (html, text) in [
            (
                "In reply to <a href='/#c1'>Megan Price</a>.\n<p>Same here.</p>",
                "Same here.",
            ),
            (
                "<p>Posted by Megan Price</p><p>Same here.</p>",
                "Same here.",
            ),
            (
                "<p><a class='mention' href='/u/x'>@jo</a> Same here.</p>",
                "Same here.",
            ),
            (
                "<p>As I said in May: it is closed.</p>",
                "As I said in May: it is closed.",
            ),
            (
                "<p>Signed-off-by: Megan Price</p><p>Same here.</p>",
                "Same here.",
            ),
        ] {
            assert_eq!(words(html), text);
        }
        let boxed =
            "<aside class='onebox'><h3>A headline</h3><p>A lead</p></aside><p>Seen this?</p>";
        assert_eq!(words(boxed), "Seen this?");
    }

    #[test]
    fn a_mail_is_what_its_writer_said() {
        let text = "On Fri, 2 Oct 2026 at 10:00, Megan Price <megan@site.example> wrote:\n> The service stopped.\n>\nSame here.\n\n--\nGwen Hughes\n12 High Street";
        assert_eq!(mail(text), "Same here.");
    }

    #[test]
    fn the_own_name_is_taken_out_where_it_is_given_as_a_name() {
        for (text, name, left) in [
            (
                "Comment on Clinic by Megan Price",
                "Megan Price",
                "Comment on Clinic",
            ),
            ("By: Megan Price", "megan price", ""),
            ("Same here.\n\nMegan Price", "Megan Price", "Same here."),
            ("Clinic closed - Megan", "Megan", "Clinic closed"),
            (
                "Health is what Health says",
                "Health",
                "Health is what Health says",
            ),
            ("Town Council meets", "Town Council", "Town Council meets"),
        ] {
            assert_eq!(without_own_name(text, name), left, "{text}");
        }
    }

    #[test]
    fn many_open_quotes_cost_no_more_than_one() {
        let html = "<aside class=\"quote\">x ".repeat(50_000);
        assert!(words(&html).starts_with('x'));
    }
}
