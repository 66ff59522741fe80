//! Proof of consent: where it stands, what it says, and the token that binds it to one registration.
//!
//! Contract: a token is made for one network and one [`ProofSubject`], an origin or one folder of it, and is worth nothing
//! for any other. It proves consent, never identity.

mod error;
mod file;
mod hash;
mod method;
mod place;

pub use error::BadProof;
pub use file::{ConsentFile, Proof, read_file, read_short};
pub use hash::sha256_hex;
pub use method::ProofMethod;
pub use place::{
    ProofAddress, ProofSubject, dns_name, folder_placement, placement, token, well_known_url,
};

/// Largest consent file that is read.
pub const MAX_PROOF_BYTES: usize = 16 * 1024;
