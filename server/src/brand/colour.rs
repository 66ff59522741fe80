//! Colours of an instance, and whether they can be read (WCAG 2.2, 1.4.3: 4.5 to 1).
//!
//! Contract: one colour is given, and one for dark screens if somebody likes; what else a page needs is mixed from it. Every
//! pair in which one of them is written, or written on, has the contrast, or there is no [`Palette`].

use std::fmt;
use std::str::FromStr;

/// The least contrast between letters and what they stand on.
const LEAST: f64 = 4.5;
/// What is aimed at where we choose ourselves.
const GOOD: f64 = 5.5;
/// Steps by which a colour is made lighter or darker until it can be read.
const STEPS: u32 = 20;

const WHITE: Colour = Colour::new(0xff, 0xff, 0xff);
const BLACK: Colour = Colour::new(0x0b, 0x0c, 0x0c);

/// What colours of an instance stand on: tokens of `assets/discover.css`.
#[derive(Debug, Clone, Copy)]
struct Surfaces {
    screen: &'static str,
    paper: Colour,
    sand: Colour,
    ink: Colour,
}

const LIGHT: Surfaces = Surfaces {
    screen: "light",
    paper: Colour::new(0xff, 0xfe, 0xfb),
    sand: Colour::new(0xf7, 0xf2, 0xe8),
    ink: Colour::new(0x1c, 0x1a, 0x16),
};
const DARK: Surfaces = Surfaces {
    screen: "dark",
    paper: Colour::new(0x17, 0x16, 0x13),
    sand: Colour::new(0x22, 0x20, 0x1b),
    ink: Colour::new(0xf4, 0xf0, 0xe7),
};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ColourError {
    #[error("{0:?} is no colour")]
    NotAColour(String),
    #[error(
        "{colour} cannot be read on {screen} screens: beside {beside} its contrast is {contrast:.2} to 1, and WCAG 2.2 asks for 4.5"
    )]
    Contrast {
        colour: Colour,
        beside: Colour,
        screen: &'static str,
        contrast: f64,
        /// The nearest colour of the same kind that can be read.
        instead: Colour,
    },
}

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Relative luminance, 0 to 1, as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast of two colours, 1 to 21, as WCAG 2.2 defines it.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with a share of another, 0 to 1.
    fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8
        };
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl FromStr for Colour {
    type Err = ColourError;

    /// `#rrggbb`, as CSS writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no_colour = || ColourError::NotAColour(text.to_owned());
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or_else(no_colour)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| no_colour())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self::new(red, green, blue))
    }
}

/// The colours that `discover.css` takes from a brand, on one kind of screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scheme {
    /// Links, buttons, lines, bars.
    accent: Colour,
    /// The same under a pointer.
    strong: Colour,
    /// Letters on the accent.
    on_accent: Colour,
    /// A soft ground under notices.
    tint: Colour,
}

impl Scheme {
    fn new(accent: Colour, surfaces: Surfaces) -> Self {
        let on_accent = if accent.contrast(WHITE) >= accent.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        };
        Self {
            accent,
            strong: accent.mixed(surfaces.ink, 0.35),
            on_accent,
            tint: surfaces.paper.mixed(accent, 0.12),
        }
    }

    /// The pair of letters and ground that is hardest to read, with its contrast.
    fn weakest(self, surfaces: Surfaces) -> (Colour, Colour, f64) {
        let pairs = [
            (self.accent, surfaces.paper),
            (self.accent, surfaces.sand),
            (self.accent, self.tint),
            (self.strong, self.tint),
            (surfaces.ink, self.tint),
            (self.accent, self.on_accent),
            (self.strong, self.on_accent),
        ];
        let with = pairs.map(|(letters, on)| (letters, on, letters.contrast(on)));
        with.into_iter()
            .min_by(|(.., one), (.., two)| one.total_cmp(two))
            .unwrap_or((
                self.accent,
                surfaces.paper,
                self.accent.contrast(surfaces.paper),
            ))
    }

    /// The colour brought nearer to the ink of its ground until the weakest pair has this contrast.
    fn readable(colour: Colour, surfaces: Surfaces, least: f64) -> Self {
        (0..=STEPS)
            .map(|step| colour.mixed(surfaces.ink, f64::from(step) / f64::from(STEPS)))
            .map(|colour| Self::new(colour, surfaces))
            .find(|scheme| scheme.weakest(surfaces).2 >= least)
            .unwrap_or_else(|| Self::new(surfaces.ink, surfaces))
    }

    fn checked(accent: Colour, surfaces: Surfaces) -> Result<Self, ColourError> {
        let scheme = Self::new(accent, surfaces);
        let (colour, beside, contrast) = scheme.weakest(surfaces);
        if contrast >= LEAST {
            return Ok(scheme);
        }
        Err(ColourError::Contrast {
            colour,
            beside,
            screen: surfaces.screen,
            contrast,
            instead: Self::readable(accent, surfaces, LEAST).accent,
        })
    }

    fn tokens(self) -> String {
        let Self {
            accent,
            strong,
            on_accent,
            tint,
        } = self;
        format!("--accent:{accent};--accent-strong:{strong};--on-accent:{on_accent};--tint:{tint}")
    }
}

/// The colours of an instance, on light screens and on dark ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    light: Scheme,
    dark: Scheme,
}

impl Palette {
    /// Of one colour; for dark screens it is made lighter, unless another is given.
    pub fn new(colour: Colour, in_dark: Option<Colour>) -> Result<Self, ColourError> {
        Ok(Self {
            light: Scheme::checked(colour, LIGHT)?,
            dark: match in_dark {
                Some(colour) => Scheme::checked(colour, DARK)?,
                None => Scheme::readable(colour, DARK, GOOD),
            },
        })
    }

    /// A style sheet that goes behind `discover.css`.
    pub(crate) fn css(&self) -> String {
        format!(
            ":root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
            self.light.tokens(),
            self.dark.tokens()
        )
    }

    /// Our own sign in these colours.
    pub(crate) fn icon(&self, svg: &str) -> String {
        svg.replace(ICON.0, &self.light.accent.to_string())
            .replace(ICON.1, &self.dark.accent.to_string())
    }
}

/// The colours of `assets/icon.svg` that are the brand's, on light screens and on dark ones.
const ICON: (&str, &str) = ("#0b5a59", "#7bd3cb");

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        let black = colour("#000000");
        for (one, two, expected) in [
            (black, WHITE, 21.0),
            (colour("#777777"), WHITE, 4.48),
            (colour("#0000ff"), WHITE, 8.59),
        ] {
            assert!((one.contrast(two) - expected).abs() < 0.01);
            assert!((one.contrast(two) - two.contrast(one)).abs() < f64::EPSILON);
        }
        for wrong in ["red", "#123", "#12345g", "123456", "#1234567", "#+12345"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_what_can_be_taken_instead() {
        for (given, in_dark) in [
            ("#ffcc00", None),
            ("#7bd3cb", None),
            ("#0b5a59", Some("#0b5a59")),
        ] {
            let refused = Palette::new(colour(given), in_dark.map(colour)).expect_err(given);
            let ColourError::Contrast {
                contrast, instead, ..
            } = refused
            else {
                panic!("{refused}");
            };
            assert!(contrast < LEAST, "{given}: {contrast}");
            let mended = match in_dark {
                Some(_) => Palette::new(colour(given), Some(instead)),
                None => Palette::new(instead, None),
            };
            assert!(mended.is_ok(), "{given}: {instead} is no better");
        }
    }

    #[test]
    fn every_pair_of_every_colour_that_is_taken_can_be_read() {
        let mut taken = 0;
        for (red, green) in (0..=255)
            .step_by(15)
            .flat_map(|r| (0..=255).step_by(15).map(move |g| (r, g)))
        {
            for blue in (0..=255).step_by(51) {
                let Ok(palette) = Palette::new(Colour::new(red, green, blue), None) else {
                    continue;
                };
                taken += 1;
                for (scheme, surfaces) in [(palette.light, LIGHT), (palette.dark, DARK)] {
                    let (letters, on, contrast) = scheme.weakest(surfaces);
                    assert!(contrast >= LEAST, "{letters} on {on}: {contrast}");
                }
            }
        }
        assert!(taken > 200, "{taken} colours only");
    }

    #[test]
    fn what_colours_stand_on_is_what_the_style_sheet_has() {
        let sheet = include_str!("../../assets/discover.css");
        for ground in [LIGHT, DARK] {
            let Surfaces {
                paper, sand, ink, ..
            } = ground;
            let tokens = format!("--paper: {paper}; --sand: {sand}; --ink: {ink};");
            assert!(sheet.contains(&tokens), "{tokens}");
        }
        let (light, dark) = ICON;
        let icon = include_str!("../../assets/icon.svg");
        assert!(icon.contains(light) && icon.contains(dark));
        for accent in [light, dark] {
            assert!(sheet.contains(&format!("--accent: {accent};")));
        }
        assert!(Palette::new(colour(light), Some(colour(dark))).is_ok());
    }
}
