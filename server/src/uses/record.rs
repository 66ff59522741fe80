//! Counts what a view showed, and writes what was counted.

use discover_store::Uses;

use crate::state::View;

/// Counts what was shown of these networks, one use each.
pub(crate) fn count<'a>(view: &View, slugs: impl IntoIterator<Item = &'a str>, one: Uses) {
    let counted = slugs.into_iter().filter_map(|slug| {
        let network = view.network_by_slug(slug)?;
        Some((network.id, view.today, one))
    });
    if view.state.uses().add(counted) {
        let view = view.clone();
        tokio::spawn(async move { write(&view).await });
    }
}

/// Writes what was counted so far. What cannot be written is not counted: nobody waits for a statistic.
pub(crate) async fn write(view: &View) {
    let counted = view.state.uses().take();
    if counted.is_empty() {
        return;
    }
    if let Err(error) = view.state.store().add_uses(&counted).await {
        tracing::warn!("counts of use were not written: {error}");
    }
}
