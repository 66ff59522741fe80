//! What is kept of a source that closes to visitors: hidden, shown again when it opens, erased when it stays closed.

use discover_crawler::closure::Consequence;
use discover_crawler::{Finish, SourceState};
use discover_model::SourceId;
use jiff::Timestamp;

use super::Pipeline;

impl Pipeline {
    /// Acts on what a visit learnt about whether visitors can read the source.
    pub(super) async fn follow_closure(
        &self,
        source: SourceId,
        finish: &Finish,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let visibility = match finish.state.closed {
            Some(closed) if closed.consequence(now) >= Consequence::Hide => {
                tracing::info!(%source, since = %closed.since, "closed to visitors: what is kept of it is hidden");
                Some(self.store.hide_closed(source, now).await?)
            }
            None if finish.health.is_ok() => self.store.show_reopened(source).await?,
            _ => None,
        };
        if let Some(visibility) = visibility {
            self.publish_visibility(visibility);
        }
        Ok(())
    }

    /// Erases what is kept of sources that stayed closed. A visit is not needed for it: the site may not be asked any
    /// more.
    pub(crate) async fn erase_closed(&self, now: Timestamp) -> anyhow::Result<()> {
        let mut any = false;
        for (source, state) in self.store.closed_sources().await? {
            let state: SourceState = serde_json::from_str(&state).unwrap_or_default();
            let closed = state.closed;
            if closed.is_some_and(|closed| closed.consequence(now) == Consequence::Erase) {
                self.store.erase_closed(source).await?;
                any = true;
            }
        }
        if any {
            self.purge(now).await?;
        }
        Ok(())
    }
}
