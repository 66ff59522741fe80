//! How an instance looks and what it says of itself: tag line, colours and logo.
//!
//! Contract: whatever stands in a [`Brand`] can be read by people and needs nothing from elsewhere: [`Palette`] refuses
//! colours without contrast, [`Logo`] what is no small picture that is whole in itself.

mod colour;
mod logo;

pub use colour::{Colour, ColourError, Palette};
pub use logo::{Logo, LogoError};

/// What the settings say beside the instance's name; without any of it an instance looks as Discover does.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// One line that says what the site is for.
    pub tag_line: Option<String>,
    pub palette: Option<Palette>,
    pub logo: Option<Logo>,
}
