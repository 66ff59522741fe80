//! The kinds of detail that are taken out, and what a reader sees in their place.

use serde::{Deserialize, Serialize};

/// What an address in a text that is not shown becomes.
pub(super) const LINK: &str = "[link]";

/// What a name of a file becomes.
pub(super) const FILE: &str = "[file]";

macro_rules! kinds {
    ($($kind:ident = $name:literal, $placeholder:literal;)*) => {
        /// What was taken out. Names are final: they stand in the API and in stored counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Kind { $($kind,)* }

        impl Kind {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
            /// What a reader sees in place of the detail. Of a postcode, the outward part is shown instead.
            pub const fn placeholder(self) -> &'static str {
                match self { $(Self::$kind => $placeholder,)* }
            }
        }

        /// One for each kind, and those of addresses.
        pub(crate) static PLACEHOLDERS: &[&str] = &[$($placeholder,)* LINK, FILE];
    };
}

kinds! {
    NhsNumber = "NHS_NUMBER", "[NHS number]";
    Nino = "NINO", "[National Insurance number]";
    Email = "EMAIL", "[e-mail]";
    Phone = "PHONE", "[phone]";
    Postcode = "POSTCODE", "[postcode]";
    Person = "PERSON", "[name]";
    Dob = "DOB", "[date of birth]";
    Address = "ADDRESS", "[address]";
    Handle = "HANDLE", "[handle]";
    Card = "CARD", "[card number]";
    Bank = "BANK", "[bank details]";
    Ip = "IP", "[IP address]";
    Vehicle = "VEHICLE", "[number plate]";
    HospitalId = "HOSPITAL_ID", "[hospital number]";
    DrivingLicence = "DRIVING_LICENCE", "[driving licence]";
}
