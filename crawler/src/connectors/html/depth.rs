//! How a nested post shows its depth: `style:margin-left/4ex`, `within:ul.replies` (how many such elements it stands
//! in), or a selector of a number, `@data-depth` for one.

use scraper::{ElementRef, Selector};

use super::pick::Pick;

/// Deepest post.
const DEEPEST: f64 = 10_000.0;

#[derive(Debug, Clone)]
pub(super) enum Depth {
    Style {
        property: String,
        unit: f64,
        suffix: String,
    },
    Within(Selector),
    Number(Pick),
}

impl Depth {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(css) = text.trim().strip_prefix("within:") {
            return Ok(Self::Within(super::pick::selector(css.trim())?));
        }
        let Some(rest) = text.trim().strip_prefix("style:") else {
            return Ok(Self::Number(Pick::parse(text)?));
        };
        let (property, step) = rest.split_once('/').unwrap_or((rest, "1"));
        let digits = step
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(step.len());
        let unit = step[..digits]
            .parse::<f64>()
            .ok()
            .filter(|unit| *unit > 0.0)
            .ok_or_else(|| {
                format!(
                    "the depth {text:?} has no step: write for example \"style:margin-left/4ex\""
                )
            })?;
        Ok(Self::Style {
            property: property.trim().to_ascii_lowercase(),
            unit,
            suffix: step[digits..].to_owned(),
        })
    }

    pub(super) fn of(&self, post: ElementRef<'_>) -> u32 {
        let steps = match self {
            Self::Style {
                property,
                unit,
                suffix,
            } => {
                let value = style(post.attr("style").unwrap_or_default(), property);
                let number = value.and_then(|value| {
                    let number = value.trim().strip_suffix(suffix.as_str())?;
                    number.trim().parse::<f64>().ok()
                });
                number.unwrap_or(0.0) / unit
            }
            Self::Within(css) => {
                let around = post.ancestors().filter_map(ElementRef::wrap);
                return u32::try_from(around.filter(|element| css.matches(element)).count())
                    .unwrap_or(u32::MAX);
            }
            Self::Number(pick) => pick
                .first(post)
                .and_then(|value| value.parse().ok())
                .unwrap_or(0.0),
        };
        if steps.is_finite() {
            steps.round().clamp(0.0, DEEPEST) as u32
        } else {
            0
        }
    }
}

fn style<'a>(style: &'a str, property: &str) -> Option<&'a str> {
    style.split(';').find_map(|part| {
        let (name, value) = part.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then_some(value)
    })
}
