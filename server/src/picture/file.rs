//! A picture as a file by itself: what the style sheet does for it on a page stands in it, and so does where it is from.
//!
//! Contract: no style, no script, nothing loaded; links name the instance. Every program that draws SVG shows it alike.

use askama::Template;

use super::Px;

/// Room around the drawing.
const MARGIN: f64 = 12.0;
const LINE: f64 = 15.0;
/// Width of a sign of the lines below, on average.
const SIGN: f64 = 5.9;

#[derive(Debug, Template)]
#[template(path = "picture/file.svg", escape = "html")]
struct File {
    width: Px,
    height: Px,
    drawing: Inlined,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    y: Px,
    text: String,
}

/// A drawing that was rendered, and escaped, by its own template.
#[derive(Debug)]
struct Inlined(String);

impl std::fmt::Display for Inlined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Inlined {}

/// The file of a drawing of this size, with `said` below it; `base` is where this instance is, without a slash at the end.
pub(crate) fn file(
    drawing: &impl Template,
    (width, height): (f64, f64),
    said: &str,
    base: &str,
) -> Result<String, askama::Error> {
    let text = lines(said, (width / SIGN) as usize);
    let below = height + MARGIN;
    let file = File {
        width: Px(width + 2.0 * MARGIN),
        height: Px(below + LINE * (text.len() as f64 + 1.0)),
        drawing: Inlined(inlined(&drawing.render()?, (width, height), base)),
        lines: (1..)
            .zip(text)
            .map(|(n, text)| Line {
                y: Px(below + LINE * f64::from(n)),
                text,
            })
            .collect(),
    };
    file.render()
}

/// `text` in lines of about so many signs.
fn lines(text: &str, signs: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + word.chars().count() >= signs {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Classes become attributes, and links lead to the instance. A quotation mark in a text is escaped: no text looks like an
/// attribute.
fn inlined(svg: &str, (width, height): (f64, f64), base: &str) -> String {
    let size = format!(
        "<svg x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{}\" height=\"{}\"",
        Px(width),
        Px(height)
    );
    let svg = svg.replacen("<svg class=\"pic\"", &size, 1);
    let svg = svg.replace(" href=\"/", &format!(" href=\"{base}/"));
    let mut out = String::with_capacity(svg.len() + svg.len() / 4);
    let mut rest = svg.as_str();
    while let Some((before, after)) = rest.split_once(" class=\"") {
        let (class, after) = after.split_once('"').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(attributes(class));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What the style sheet says of a class, in its light colours.
fn attributes(class: &str) -> &'static str {
    match class {
        "bar-on" => r##" fill="#0b5a59""##,
        "bar-base" => r##" fill="#b9ad97""##,
        "base" => r##" stroke="#736b5c""##,
        "grid" => r##" stroke="#d8d0c0""##,
        "soft" => r##" fill="#4b473e""##,
        "letter" => r#" font-size="16" font-weight="700""#,
        "usual" => r##" stroke="#4b473e" stroke-width="1.5" stroke-dasharray="5 4""##,
        "join" => r##" stroke="#1c1a16" stroke-width="1.5" stroke-dasharray="3 3""##,
        "mark-c" => r##" fill="#fffefb" stroke="#1c1a16" stroke-width="1.5""##,
        "gap-dot" => r##" fill="#736b5c""##,
        "gap-line" => r##" stroke="#736b5c" stroke-width="2""##,
        "gap-box" => r##" stroke="#736b5c""##,
        "hull-line" => {
            r##" fill="#d8d0c0" stroke="#d8d0c0" stroke-width="46" stroke-linejoin="round""##
        }
        "hull" => r##" fill="#f1eadb" stroke="#f1eadb" stroke-width="44" stroke-linejoin="round""##,
        "hull-name" => r##" fill="#4b473e" font-size="17" font-weight="700""##,
        "count" => r##" fill="#fffefb" font-size="15" font-weight="700""##,
        "count-ink" => r##" fill="#1c1a16" font-size="13" font-weight="700""##,
        "dot-away" => r##" fill="#fffefb" stroke="#d8d0c0" stroke-width="2""##,
        "tie" => r##" stroke="#736b5c" stroke-linecap="round" opacity=".55""##,
        "hot" => r#" fill="none""#,
        "ring" => r##" fill="none" stroke="#0b5a59" stroke-width="2""##,
        "halo" => {
            r##" font-size="13.5" stroke="#f1eadb" stroke-width="5" stroke-linejoin="round" paint-order="stroke""##
        }
        "dot-emerging" => r##" fill="#0b5a59" stroke="#fffefb" stroke-width="2""##,
        "dot-enduring" => r##" fill="#4b473e" stroke="#fffefb" stroke-width="2""##,
        "dot-quiet" => {
            r##" fill="#fffefb" stroke="#1c1a16" stroke-width="2" stroke-dasharray="4 3""##
        }
        "sign-answered" => r##" fill="#0b5a59" stroke="#fffefb" stroke-width="1.5""##,
        "sign-heard" => r##" fill="#fffefb" stroke="#1c1a16" stroke-width="1.5""##,
        "sign-due" => {
            r##" fill="#fffefb" stroke="#1c1a16" stroke-width="1.5" stroke-dasharray="3 2""##
        }
        "sign-overdue" => r##" fill="#9b2c1d" stroke="#fffefb" stroke-width="1.5""##,
        "sign-mark" => {
            r##" fill="none" stroke="#fffefb" stroke-width="2" stroke-linecap="round" stroke-linejoin="round""##
        }
        "sign-hand" => {
            r##" fill="none" stroke="#1c1a16" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round""##
        }
        "note-line" => r##" stroke="#0b5a59" stroke-width="1.5" stroke-dasharray="1 3""##,
        "note-mark" => r##" fill="#0b5a59" stroke="#fffefb" stroke-width="1.5""##,
        "note-number" => r##" fill="#fffefb" font-size="11" font-weight="700""##,
        "dot-other" => r##" fill="#fffefb" stroke="#736b5c" stroke-width="2""##,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::msg;
    use crate::pages::sample;
    use crate::picture::compared::Compared;
    use crate::picture::map::Picture;
    use crate::picture::timeline::{Chart, Drawing};

    #[test]
    fn a_file_needs_no_style_sheet_and_names_its_source() {
        let timeline = sample::timeline();
        let chart = Chart::new("t", &msg!("column-conversations"), &timeline, &|_| None);
        let both = Compared::new("c", &[("A", &timeline), ("B", &timeline)], &|_| None);
        let map = Picture::new(&sample::map(1)).still();
        let said = "Discover: “<Tests>”, conversations a week. As of 30 November 2026";
        let base = "https://discover.example";
        for (svg, file) in [
            (
                chart.drawing().render(),
                file(&chart.drawing(), Drawing::SIZE, said, base),
            ),
            (
                both.drawing().render(),
                file(&both.drawing(), both.drawing().size(), said, base),
            ),
            (map.render(), file(&map, map.size(), said, base)),
        ] {
            let (svg, file) = (svg.expect("a drawing"), file.expect("a file"));
            for class in svg.split(" class=\"").skip(1) {
                let class = class.split('"').next().unwrap_or_default();
                assert!(
                    class == "pic" || !attributes(class).is_empty(),
                    "no look for {class}"
                );
            }
            assert!(!file.contains("class=") && !file.contains("style"));
            assert!(!file.contains(" href=\"/"));
            assert!(file.contains("&#60;Tests&#62;") && file.contains("As of 30 November 2026"));
            assert_eq!(file.matches("<svg ").count(), 2);
        }
    }

    #[test]
    fn lines_are_no_longer_than_the_picture_is_wide() {
        let cut = lines("one two three four five", 9);
        assert_eq!(cut, ["one two", "three", "four five"]);
    }
}
