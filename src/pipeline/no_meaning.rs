//! In place of `meaning.rs` where the program is built without the feature `meaning`: no model can be opened.

use std::path::Path;

use anyhow::bail;
use discover_model::ConversationId;

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

impl Pipeline {
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
