//! Tombstones: keyed hashes of the paths that were withdrawn, so that a withdrawal sticks after its rows are gone.

use discover_model::scope::path_within;
use discover_model::{NetworkId, Origin, Scope};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::StoreError;
use crate::database::{Connection, query, query_scalar};
use crate::row::{id_list, micros, moment};

/// Leaves the tombstone of a path, and marks every path above it.
pub(crate) async fn bury(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    origin: &str,
    prefix: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    for path in up_to(prefix) {
        query(
            "INSERT INTO tombstones (mac, network_id, within, withdrawn) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (mac, network_id) DO UPDATE SET
               within = min(tombstones.within, excluded.within),
               withdrawn = max(tombstones.withdrawn, excluded.withdrawn)",
        )
        .bind(mac(key, origin, path).to_vec())
        .bind(network.to_bytes().to_vec())
        .bind(i64::from(path != prefix))
        .bind(micros(at))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Remembers that the own proof of an origin was withdrawn, whatever paths it covered.
pub(crate) async fn bury_origin(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    origin: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO tombstones (mac, network_id, within, withdrawn) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT (mac, network_id) DO UPDATE SET withdrawn = max(tombstones.withdrawn, excluded.withdrawn)",
    )
    .bind(mac(key, origin, ITSELF).to_vec())
    .bind(network.to_bytes().to_vec())
    .bind(micros(at))
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers that the network that was declared under `slug` with sources at `origin` has left as a whole. The mark stands
/// in no way to a path.
pub(crate) async fn bury_declared(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    slug: &str,
    origin: &Origin,
) -> Result<(), StoreError> {
    bury_mac(connection, declared_mac(key, slug, origin), network).await
}

/// The same of the slug alone, which a network that the operator makes may not take over.
pub(crate) async fn bury_slug(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    slug: &str,
) -> Result<(), StoreError> {
    bury_mac(connection, mac(key, "slug ", slug), network).await
}

async fn bury_mac(
    connection: &mut Connection,
    mac: [u8; 16],
    network: NetworkId,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO tombstones (mac, network_id, within, withdrawn) VALUES (?1, ?2, 1, 0)
         ON CONFLICT (mac, network_id) DO NOTHING",
    )
    .bind(mac.to_vec())
    .bind(network.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a network of this slug has left as a whole.
pub(crate) async fn slug_has_left(
    connection: &mut Connection,
    key: &[u8; 32],
    slug: &str,
) -> Result<bool, StoreError> {
    let found: Option<i64> = query_scalar("SELECT 1 FROM tombstones WHERE mac = ? LIMIT 1")
        .bind(mac(key, "slug ", slug).to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Whether a network of this slug with sources at one of these origins has left as a whole.
pub(crate) async fn has_left(
    connection: &mut Connection,
    key: &[u8; 32],
    slug: &str,
    origins: &[Origin],
) -> Result<bool, StoreError> {
    let macs = id_list(origins.iter().map(|origin| declared_mac(key, slug, origin)));
    let found: Option<i64> = query_scalar(
        "SELECT 1 FROM tombstones WHERE mac IN (SELECT unhex(value) FROM json_each(?)) LIMIT 1",
    )
    .bind(macs)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

fn declared_mac(key: &[u8; 32], slug: &str, origin: &Origin) -> [u8; 16] {
    mac(key, "declared ", &format!("{slug} {origin}"))
}

/// Whether the own proof of an origin was withdrawn, or something that covers a folder of it.
pub(crate) async fn covers_folder(
    connection: &mut Connection,
    key: &[u8; 32],
    origin: &Origin,
    folder: &str,
) -> Result<bool, StoreError> {
    let own = folder.trim_end_matches('/');
    let above = up_to(folder)
        .into_iter()
        .filter(|path| path.trim_end_matches('/') != own)
        .chain([ITSELF]);
    let macs = id_list(above.map(|path| mac(key, origin.as_str(), path)));
    let found: Option<i64> = query_scalar(
        "SELECT 1 FROM tombstones WHERE within = 0 AND mac IN (SELECT unhex(value) FROM json_each(?)) LIMIT 1",
    )
    .bind(macs)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Stands for the own proof of an origin, where paths begin with a slash.
const ITSELF: &str = "";

/// The path itself and all prefixes that cover it: `/a/b` gives `/`, `/a`, `/a/`, `/a/b`.
pub(crate) fn up_to(path: &str) -> Vec<&str> {
    let mut paths: Vec<&str> = path
        .match_indices('/')
        .flat_map(|(at, _)| [&path[..at], &path[..=at]])
        .filter(|prefix| !prefix.is_empty() && path_within(path, prefix))
        .collect();
    paths.push(path);
    paths.dedup();
    paths
}

pub(crate) fn mac(key: &[u8; 32], origin: &str, path: &str) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(origin.as_bytes());
    mac.update(path.as_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    first
}

/// When something that `scope` covers, or that covers it, was last withdrawn.
pub(crate) async fn withdrawn_at(
    connection: &mut Connection,
    key: &[u8; 32],
    scope: &Scope,
) -> Result<Option<Timestamp>, StoreError> {
    let origin = scope.origin().as_str();
    let prefixes = scope.prefixes();
    let itself = id_list(prefixes.iter().map(|prefix| mac(key, origin, prefix)));
    let above = id_list(
        prefixes
            .iter()
            .flat_map(|prefix| up_to(prefix))
            .map(|path| mac(key, origin, path)),
    );
    let at: Option<i64> = query_scalar(
        "SELECT max(withdrawn) FROM tombstones
         WHERE mac IN (SELECT unhex(value) FROM json_each(?1))
            OR (within = 0 AND mac IN (SELECT unhex(value) FROM json_each(?2)))",
    )
    .bind(itself)
    .bind(above)
    .fetch_one(connection)
    .await?;
    at.map(|at| moment(at, "withdrawn")).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_above_a_path_are_those_that_cover_it() {
        assert_eq!(up_to("/"), ["/"]);
        assert_eq!(up_to("/a/b"), ["/", "/a", "/a/", "/a/b"]);
        assert_eq!(up_to("/a/b/"), ["/", "/a", "/a/", "/a/b", "/a/b/"]);
    }
}
