//! The figures as a view shows them.

use std::sync::Arc;

use discover_model::{NetworkId, Source};

use super::Figures;
use crate::problem::Problem;
use crate::state::View;

impl Figures {
    /// Sources of a network that may be shown.
    pub(crate) fn sources<'a>(
        &'a self,
        view: &'a View,
        network: NetworkId,
    ) -> impl Iterator<Item = &'a Source> {
        self.sources
            .get(&network)
            .into_iter()
            .flatten()
            .filter(move |source| view.visibility.shows_source(network, source.id))
    }
}

/// The figures, at most two seconds old.
pub(crate) async fn figures(view: &View) -> Result<Arc<Figures>, Problem> {
    view.state.figures(view.today).await
}
