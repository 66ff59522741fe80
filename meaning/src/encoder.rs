//! Texts to vectors: word pieces, the model's graph, the mean over the pieces, length 1.
//!
//! One text is run at a time: an 8-bit graph rounds by the largest number of a whole batch, so that in batches a text's
//! vector would depend on its neighbours. Several texts run side by side instead.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rten::{Model, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use tokenizers::{Tokenizer, TruncationParams};

use crate::folder::{Folder, MeaningError};
use crate::offsets::Offsets;
use crate::reading::TOKENS;
use crate::vector::Vector;

/// As the model was trained: texts that are compared with each other all begin so.
const PREFIX: &str = "query: ";
/// Names under which exports give the numbers of every piece.
const OUTPUTS: [&str; 3] = ["last_hidden_state", "token_embeddings", "output_0"];

/// A model that is ready to read. About 0.4 GB for an 8-bit graph of 250,000 pieces.
pub struct Encoder {
    tokenizer: Tokenizer,
    model: Model,
    inputs: Inputs,
    output: NodeId,
    dimensions: usize,
    fingerprint: [u8; 16],
    offsets: Option<Arc<Offsets>>,
    graph: String,
}

#[derive(Debug)]
struct Inputs {
    pieces: NodeId,
    mask: NodeId,
    /// Which of two texts a piece is of: some graphs ask, and here there is one.
    kinds: Option<NodeId>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder")
            .field("graph", &self.graph)
            .field("dimensions", &self.dimensions)
            .finish_non_exhaustive()
    }
}

impl Encoder {
    /// Loads the model and lets it read two sentences, so that what does not work is told now.
    pub fn open(folder: &Path) -> Result<Self, MeaningError> {
        let files = Folder::read(folder)?;
        let fingerprint = files.fingerprint();
        let tokenizer = tokenizer(&files)?;
        let wrong = |detail: String| MeaningError::Graph {
            path: files.graph_path.clone(),
            detail,
        };
        let model = Model::load(files.graph).map_err(|error| wrong(error.to_string()))?;
        let named = |ids: &[NodeId], name: &str| {
            ids.iter().copied().find(|id| {
                model
                    .node_info(*id)
                    .is_some_and(|node| node.name() == Some(name))
            })
        };
        let input = |name: &str| {
            named(model.input_ids(), name).ok_or_else(|| wrong(format!("it has no input {name:?}")))
        };
        let inputs = Inputs {
            pieces: input("input_ids")?,
            mask: input("attention_mask")?,
            kinds: input("token_type_ids").ok(),
        };
        let known = 2 + usize::from(inputs.kinds.is_some());
        if model.input_ids().len() > known {
            return Err(wrong(format!(
                "it wants {} inputs, of which {known} are known",
                model.input_ids().len()
            )));
        }
        let output = OUTPUTS
            .iter()
            .find_map(|name| named(model.output_ids(), name))
            .or_else(|| model.output_ids().first().copied())
            .ok_or_else(|| wrong("it has no output".to_owned()))?;
        let mut encoder = Self {
            tokenizer,
            model,
            inputs,
            output,
            dimensions: files.dimensions,
            fingerprint,
            offsets: None,
            graph: files.graph_path.display().to_string(),
        };
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let [first, second] = Offsets::probes();
        let probes = [
            encoder.encode(first, &pool)?.0,
            encoder.encode(second, &pool)?.0,
        ];
        if probes.iter().any(|probe| probe.scale == 0.0) {
            return Err(wrong("it gives no numbers for plain sentences".to_owned()));
        }
        encoder.offsets = Offsets::built_in()
            .filter(|table| table.fits(&probes))
            .map(Arc::new);
        Ok(encoder)
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Which model this is: vectors of another cannot be compared with its own.
    pub fn fingerprint(&self) -> [u8; 16] {
        self.fingerprint
    }

    /// The graph's file.
    pub fn graph(&self) -> &str {
        &self.graph
    }

    /// Where this model puts languages as a whole, where that is known of it.
    pub fn offsets(&self) -> Option<&Arc<Offsets>> {
        self.offsets.as_ref()
    }

    /// Vectors of texts, in their order, and how many pieces were read; `threads` texts at a time. `done` is told of
    /// each text that is finished.
    pub fn encode_all(
        &self,
        texts: &[String],
        threads: usize,
        done: impl Fn() + Sync,
    ) -> Result<(Vec<Vector>, usize), MeaningError> {
        let next = AtomicUsize::new(0);
        let work = || {
            let pool = Arc::new(ThreadPool::with_num_threads(1));
            let mut found = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(text) = texts.get(at) else {
                    return Ok(found);
                };
                found.push((at, self.encode(text, &pool)?));
                done();
            }
        };
        let parts: Vec<Result<Vec<_>, MeaningError>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.clamp(1, texts.len().max(1)))
                .map(|_| scope.spawn(work))
                .collect();
            workers
                .into_iter()
                .map(|worker| {
                    worker
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        let mut found = Vec::with_capacity(texts.len());
        for part in parts {
            found.extend(part?);
        }
        found.sort_unstable_by_key(|(at, _)| *at);
        let pieces = found.iter().map(|(_, (_, pieces))| pieces).sum();
        let vectors = found.into_iter().map(|(_, (vector, _))| vector).collect();
        Ok((vectors, pieces))
    }

    /// The vector of one text, and how many pieces it has.
    fn encode(&self, text: &str, pool: &Arc<ThreadPool>) -> Result<(Vector, usize), MeaningError> {
        let failed = |tokens: usize, detail: String| MeaningError::Run { tokens, detail };
        let pieces = self
            .tokenizer
            .encode_fast(format!("{PREFIX}{text}"), true)
            .map_err(|error| failed(0, error.to_string()))?;
        let ids: Vec<i32> = pieces.get_ids().iter().map(|id| *id as i32).collect();
        let count = ids.len();
        let row = |values: Vec<i32>| -> ValueOrView<'_> {
            NdTensor::from_data([1, count], values).into_dyn().into()
        };
        let mut inputs = vec![
            (self.inputs.pieces, row(ids)),
            (self.inputs.mask, row(vec![1; count])),
        ];
        if let Some(kinds) = self.inputs.kinds {
            inputs.push((kinds, row(vec![0; count])));
        }
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [states] = self
            .model
            .run_n(inputs, [self.output], Some(options))
            .map_err(|error| failed(count, error.to_string()))?;
        let states: NdTensor<f32, 3> = states
            .try_into()
            .map_err(|error: rten::TryFromValueError| failed(count, error.to_string()))?;
        if states.shape() != [1, count, self.dimensions] {
            return Err(failed(
                count,
                format!(
                    "it answered in the shape {:?}, not [1, {count}, {}]",
                    states.shape(),
                    self.dimensions
                ),
            ));
        }
        let mut mean = vec![0.0; self.dimensions];
        let states = states.to_vec();
        for piece in states.chunks_exact(self.dimensions) {
            for (sum, x) in mean.iter_mut().zip(piece) {
                *sum += x;
            }
        }
        Ok((Vector::of(&mean), count))
    }
}

fn tokenizer(files: &Folder) -> Result<Tokenizer, MeaningError> {
    let wrong = |error: tokenizers::Error| MeaningError::Tokenizer {
        path: files.tokenizer_path.clone(),
        detail: error.to_string(),
    };
    let mut tokenizer = Tokenizer::from_bytes(&files.tokenizer).map_err(wrong)?;
    // Files of hubs may ask for padding, or for no limit.
    tokenizer
        .with_padding(None)
        .with_truncation(Some(TruncationParams {
            max_length: TOKENS.min(files.positions),
            ..TruncationParams::default()
        }))
        .map_err(wrong)?;
    Ok(tokenizer)
}
