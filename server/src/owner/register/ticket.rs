//! What an owner asked for, as it travels through the browser: sealed, so that any number of people may begin and
//! nothing is kept of them.

use discover_model::NetworkId;
use serde::Deserialize;
use url::Url;

use crate::operations::Asked;
use crate::problem::{Code, Problem};
use crate::state::State;

/// Label of the key that seals what an owner asked for.
const SEAL: &str = "registration";

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(in crate::owner) struct Ticket {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) address: String,
    /// "links" where titles and links alone are kept, "sensitive" where excerpts are kept of a sensitive network, else
    /// "excerpts".
    pub(super) brake: String,
    pub(super) seal: String,
}

const LINKS: &str = "links";
const SENSITIVE: &str = "sensitive";

impl Ticket {
    pub(super) fn new(state: &State, asked: &Asked) -> Self {
        let (id, method, address) = (
            asked.network.to_string(),
            asked.method.as_str().to_owned(),
            asked.address.to_string(),
        );
        let brake = match (asked.link_only, asked.sensitive) {
            (true, _) => LINKS,
            (false, true) => SENSITIVE,
            (false, false) => "excerpts",
        }
        .to_owned();
        let seal = state.store().seal(SEAL, &[&id, &method, &address, &brake]);
        Self {
            id,
            method,
            address,
            brake,
            seal,
        }
    }

    /// What was asked for, if it was sealed here.
    pub(super) fn open(&self, state: &State) -> Result<Asked, Problem> {
        let broken = || {
            Problem::new(Code::BadParameter, "this registration was not begun here")
                .with_hint("begin again at /register")
        };
        let seal = state
            .store()
            .seal(SEAL, &[&self.id, &self.method, &self.address, &self.brake]);
        if seal != self.seal {
            return Err(broken());
        }
        Ok(Asked {
            network: self.id.parse::<NetworkId>().map_err(|_| broken())?,
            method: self.method.parse().map_err(|_| broken())?,
            address: Url::parse(&self.address).map_err(|_| broken())?,
            link_only: self.brake == LINKS,
            sensitive: self.brake == LINKS || self.brake == SENSITIVE,
        })
    }

    pub(super) fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("id", &self.id),
            ("method", &self.method),
            ("address", &self.address),
            ("brake", &self.brake),
            ("seal", &self.seal),
        ]
    }

    pub(super) fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.pairs())
            .finish()
    }

    /// The same as fields of a form.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        self.pairs()
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec()
    }
}
