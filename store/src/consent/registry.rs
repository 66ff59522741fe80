//! Networks and their sources.

use std::collections::BTreeMap;

use discover_model::network::{Network, NetworkState};
use discover_model::{NetworkId, Source, SourceId, VoiceKey};
use jiff::Timestamp;

use crate::consent::network_state::{not_found, state_of};
use crate::consent::visibility;
use crate::database::{Pool, Row, query, query_scalar};
use crate::row::{bad, count, id, json, micros, parsed, time, word};
use crate::{Store, StoreError, Writer, files};

impl Store {
    /// Records a network, or what changed of it. Its voice key is `voice_key`, else a random one; a key that is
    /// there is kept, because another one would split every voice in two. A withdrawn network cannot be changed. What
    /// is paused or lapsed stays so: the caller's copy of the state may be old.
    pub async fn put_network(
        &self,
        network: &Network,
        voice_key: Option<VoiceKey>,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = put_network(&mut writer, network, voice_key).await;
        writer.finish(result).await
    }

    /// All networks that are not purged, by slug.
    pub async fn networks(&self) -> Result<Vec<Network>, StoreError> {
        let rows = query("SELECT * FROM networks ORDER BY slug")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(read_network).collect()
    }

    pub async fn network(&self, id: NetworkId) -> Result<Option<Network>, StoreError> {
        let row = query("SELECT * FROM networks WHERE network_id = ?")
            .bind(id.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?.as_ref().map(read_network).transpose()
    }

    pub async fn network_by_slug(&self, slug: &str) -> Result<Option<Network>, StoreError> {
        let row = query("SELECT * FROM networks WHERE slug = ?")
            .bind(slug)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?.as_ref().map(read_network).transpose()
    }

    /// The network's secret for voices.
    pub async fn voice_key(&self, network: NetworkId) -> Result<VoiceKey, StoreError> {
        let secret: Option<Vec<u8>> = self.named(
            query_scalar("SELECT secret FROM voice_keys WHERE network_id = ?")
                .bind(network.to_bytes().to_vec())
                .fetch_optional(self.readers())
                .await
                .map_err(StoreError::from),
        )?;
        let secret = secret.ok_or_else(|| not_found(network))?;
        // The value itself must not get into a message.
        let secret = secret
            .try_into()
            .map_err(|_| bad("secret", "(not 32 bytes)"))?;
        Ok(VoiceKey::new(secret))
    }

    /// Records a source, or its changed options. `first_due` counts for a new source only.
    pub async fn put_source(
        &self,
        source: &Source,
        first_due: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = put_source(&mut writer, source, first_due).await;
        writer.finish(result).await
    }

    /// Sources of one network or of all, by network and address.
    pub async fn sources(&self, network: Option<NetworkId>) -> Result<Vec<Source>, StoreError> {
        self.named(sources(self.readers(), network).await)
    }

    /// How many sources each network has.
    pub async fn source_counts(&self) -> Result<BTreeMap<NetworkId, u64>, StoreError> {
        self.named(source_counts(self.readers()).await)
    }

    /// Ends visits to a source (it left the registry); its posts stay until they expire or are hidden.
    pub async fn stop_source(&self, source: SourceId) -> Result<(), StoreError> {
        self.set_stopped(source, true).await
    }

    /// Takes up visits again.
    pub async fn resume_source(&self, source: SourceId) -> Result<(), StoreError> {
        self.set_stopped(source, false).await
    }

    async fn set_stopped(&self, source: SourceId, stopped: bool) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done =
                query("UPDATE frontier SET stopped = ?, claimed_until = NULL WHERE source_id = ?")
                    .bind(stopped)
                    .bind(source.to_bytes().to_vec())
                    .execute(writer.connection())
                    .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::NotFound {
                    what: "source",
                    id: source.to_string(),
                });
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}

pub(crate) async fn put_network(
    writer: &mut Writer<'_>,
    network: &Network,
    voice_key: Option<VoiceKey>,
) -> Result<(), StoreError> {
    let bytes = network.id.to_bytes().to_vec();
    let before = match state_of(writer.connection(), network.id).await {
        Ok(state) => Some(state),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    if before == Some(NetworkState::Withdrawn)
        || visibility::network_withdrew(writer.connection(), network.id).await?
    {
        return Err(StoreError::Withdrawn {
            network: network.id,
        });
    }
    let taken: Option<i64> =
        query_scalar("SELECT 1 FROM networks WHERE slug = ? AND network_id <> ?")
            .bind(&network.slug)
            .bind(bytes.clone())
            .fetch_optional(writer.connection())
            .await?;
    if taken.is_some() {
        return Err(StoreError::SlugTaken {
            slug: network.slug.clone(),
        });
    }
    let areas = serde_json::to_string(&network.areas).expect("areas are texts");
    query(
        "INSERT INTO networks
           (network_id, slug, name, owner, contact, proof, retention_days, recheck_days, registered, state, link_only,
            areas, newcomers, sensitive)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (network_id) DO UPDATE SET
           slug = excluded.slug, name = excluded.name, owner = excluded.owner, contact = excluded.contact,
           proof = excluded.proof, retention_days = excluded.retention_days,
           recheck_days = excluded.recheck_days, registered = excluded.registered,
           state = CASE WHEN excluded.state IN ('paused', 'lapsed') THEN excluded.state ELSE networks.state END,
           link_only = excluded.link_only, areas = excluded.areas, newcomers = excluded.newcomers,
           sensitive = excluded.sensitive",
    )
    .bind(bytes.clone())
    .bind(&network.slug)
    .bind(&network.name)
    .bind(&network.owner)
    .bind(&network.contact)
    .bind(network.proof.as_str())
    .bind(network.retention_days)
    .bind(network.recheck_days)
    .bind(micros(network.registered))
    .bind(network.state.as_str())
    .bind(network.link_only)
    .bind(areas)
    .bind(network.newcomers)
    .bind(network.sensitive)
    .execute(writer.connection())
    .await?;
    let secret = match voice_key {
        Some(key) => *key.bytes(),
        None => files::random()?,
    };
    query("INSERT INTO voice_keys (network_id, secret) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(bytes)
        .bind(secret.to_vec())
        .execute(writer.connection())
        .await?;
    let hidden = |state| matches!(state, Some(NetworkState::Lapsed | NetworkState::Paused));
    if hidden(Some(network.state)) && !hidden(before) {
        visibility::next_generation(writer.connection()).await?;
    }
    Ok(())
}

async fn put_source(
    writer: &mut Writer<'_>,
    source: &Source,
    first_due: Timestamp,
) -> Result<(), StoreError> {
    if state_of(writer.connection(), source.network).await? == NetworkState::Withdrawn {
        return Err(StoreError::Withdrawn {
            network: source.network,
        });
    }
    let options =
        serde_json::to_string(&source.options).expect("source options have only plain fields");
    query(
        "INSERT INTO sources (source_id, network_id, kind, url, options) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (source_id) DO UPDATE SET url = excluded.url, options = excluded.options
         WHERE sources.url <> excluded.url OR sources.options <> excluded.options",
    )
    .bind(source.id.to_bytes().to_vec())
    .bind(source.network.to_bytes().to_vec())
    .bind(source.kind.as_str())
    .bind(source.url.as_str())
    .bind(options)
    .execute(writer.connection())
    .await?;
    query(
        "INSERT INTO frontier (source_id, network_id, host, next_due, state) VALUES (?, ?, ?, ?, '{}')
         ON CONFLICT DO NOTHING",
    )
    .bind(source.id.to_bytes().to_vec())
    .bind(source.network.to_bytes().to_vec())
    .bind(source.url.host_str().unwrap_or_default())
    .bind(micros(first_due))
    .execute(writer.connection())
    .await?;
    Ok(())
}

async fn sources(pool: &Pool, network: Option<NetworkId>) -> Result<Vec<Source>, StoreError> {
    // Two statements: one with an optional condition would read the whole table for one network.
    let query = match network {
        Some(network) => {
            query("SELECT * FROM sources WHERE network_id = ? ORDER BY url, source_id")
                .bind(network.to_bytes().to_vec())
        }
        None => query("SELECT * FROM sources ORDER BY network_id, url, source_id"),
    };
    let rows = query.fetch_all(pool).await?;
    rows.iter().map(read_source).collect()
}

async fn source_counts(pool: &Pool) -> Result<BTreeMap<NetworkId, u64>, StoreError> {
    let rows = query("SELECT network_id, count(*) AS sources FROM sources GROUP BY network_id")
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let network = NetworkId::from_bytes(id(row, "network_id")?);
            Ok((network, count(row, "sources")?))
        })
        .collect()
}

pub(crate) fn read_source(row: &Row) -> Result<Source, StoreError> {
    Ok(Source {
        id: SourceId::from_bytes(id(row, "source_id")?),
        network: NetworkId::from_bytes(id(row, "network_id")?),
        kind: parsed(row, "kind")?,
        url: parsed(row, "url")?,
        options: json(row, "options")?,
    })
}

fn read_network(row: &Row) -> Result<Network, StoreError> {
    let days = |column: &str| -> Result<u16, StoreError> {
        let days = count(row, column)?;
        u16::try_from(days).map_err(|_| bad(column, days))
    };
    Ok(Network {
        id: NetworkId::from_bytes(id(row, "network_id")?),
        slug: row.try_get("slug")?,
        name: row.try_get("name")?,
        owner: row.try_get("owner")?,
        contact: row.try_get("contact")?,
        proof: parsed(row, "proof")?,
        retention_days: days("retention_days")?,
        recheck_days: days("recheck_days")?,
        link_only: row.try_get("link_only")?,
        sensitive: row.try_get("sensitive")?,
        areas: json(row, "areas")?,
        newcomers: row.try_get("newcomers")?,
        registered: time(row, "registered")?,
        state: word(row, "state")?,
    })
}
