//! In place of `meaning.rs` where the program is built without the feature `meaning`: no model can be opened.

use std::path::Path;
use std::sync::{Arc, RwLock};

use anyhow::bail;
use discover_graph::{Graph, Snapshot};
use discover_model::ConversationId;
use discover_server::ByMeaning;
use jiff::civil::Date;

use super::Pipeline;

/// There is none.
#[derive(Debug)]
pub(crate) enum Meaning {}

impl Meaning {
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        bail!(
            "a model is set ({}), but this program was built without meaning: build it with `--features meaning`, or take `model` out",
            folder.display()
        )
    }

    pub(super) fn forget(&self, _: ConversationId) {
        match *self {}
    }
}

pub(super) fn draw(graph: &RwLock<Graph>, today: Date, _: Option<&Meaning>) -> Arc<Snapshot> {
    discover_graph::refresh(graph, today)
}

impl Pipeline {
    pub(crate) fn by_meaning(_: &Arc<Self>) -> Option<ByMeaning> {
        None
    }

    pub(crate) async fn read_meaning(&self) -> anyhow::Result<u64> {
        Ok(0)
    }

    pub(super) async fn renew_meaning(&self) -> anyhow::Result<()> {
        Ok(())
    }

    pub(crate) async fn rebuild_meaning(&self) -> anyhow::Result<u64> {
        bail!(super::NO_MODEL)
    }
}
