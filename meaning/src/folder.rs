//! The model's folder, as model hubs lay it out: `config.json`, `tokenizer.json`, and the graph in `onnx/`.
//!
//! Foreign files: each is bounded in size before it is read, and every complaint names the file and what to do.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

const CONFIG_BYTES: u64 = 1 << 20;
const TOKENIZER_BYTES: u64 = 64 << 20;
const GRAPH_BYTES: u64 = 2 << 30;
/// Longest vector that is taken.
const DIMENSIONS: std::ops::RangeInclusive<usize> = 32..=4096;

/// Graphs by name, the quickest first: 8 bit, then what hubs write for other processors, then full numbers.
const GRAPHS: &[&str] = &[
    "onnx/model_int8.onnx",
    "onnx/model_quantized.onnx",
    "onnx/model_qint8_avx512_vnni.onnx",
    "onnx/model_uint8.onnx",
    "onnx/model.onnx",
    "model.onnx",
];

/// A model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    #[error("{}: {error}: `model` names a folder as model hubs lay it out, with config.json, tokenizer.json and onnx/model_int8.onnx (docs/meaning.md)", path.display())]
    Missing {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{} has {size} bytes, more than the {most} a file of this kind may have: is it the right file?", path.display())]
    TooLarge { path: PathBuf, size: u64, most: u64 },
    #[error("{} is no configuration of a sentence model: {detail}: get the whole folder anew", path.display())]
    Config { path: PathBuf, detail: String },
    #[error("{} is no tokenizer that can be read: {detail}: get tokenizer.json of the same model anew", path.display())]
    Tokenizer { path: PathBuf, detail: String },
    #[error("{}: no graph: none of {} is there: get the ONNX files of the model too", folder.display(), GRAPHS.join(", "))]
    NoGraph { folder: PathBuf },
    #[error("{} is no graph that can be run: {detail}: take an ONNX export of a sentence model (docs/meaning.md)", path.display())]
    Graph { path: PathBuf, detail: String },
    #[error("the model failed on a text of {tokens} pieces: {detail}")]
    Run { tokens: usize, detail: String },
}

/// The part of `config.json` that is read.
#[derive(Debug, Deserialize)]
struct Config {
    hidden_size: usize,
    max_position_embeddings: usize,
    #[serde(default)]
    model_type: String,
}

/// The files of a model, read and bounded but not yet understood.
#[derive(Debug)]
pub struct Folder {
    pub(crate) tokenizer_path: PathBuf,
    pub(crate) tokenizer: Vec<u8>,
    pub(crate) graph_path: PathBuf,
    pub(crate) graph: Vec<u8>,
    pub(crate) dimensions: usize,
    /// Longest text the model was made for, in pieces.
    pub(crate) positions: usize,
}

impl Folder {
    pub fn read(folder: &Path) -> Result<Self, MeaningError> {
        let config_path = folder.join("config.json");
        let config: Config = serde_json::from_slice(&bounded(&config_path, CONFIG_BYTES)?)
            .map_err(|error| MeaningError::Config {
                path: config_path.clone(),
                detail: error.to_string(),
            })?;
        if !DIMENSIONS.contains(&config.hidden_size) || config.max_position_embeddings < 16 {
            return Err(MeaningError::Config {
                path: config_path,
                detail: format!(
                    "{:?} with {} numbers a text and {} positions",
                    config.model_type, config.hidden_size, config.max_position_embeddings
                ),
            });
        }
        let tokenizer_path = folder.join("tokenizer.json");
        let tokenizer = bounded(&tokenizer_path, TOKENIZER_BYTES)?;
        let graph_path = GRAPHS
            .iter()
            .map(|name| folder.join(name))
            .find(|path| path.exists())
            .ok_or_else(|| MeaningError::NoGraph {
                folder: folder.to_owned(),
            })?;
        Ok(Self {
            graph: bounded(&graph_path, GRAPH_BYTES)?,
            graph_path,
            tokenizer_path,
            tokenizer,
            dimensions: config.hidden_size,
            positions: config.max_position_embeddings,
        })
    }

    /// Says of vectors which model they are of: vectors of two models cannot be compared.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        for part in [&self.tokenizer, &self.graph] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        short
    }
}

/// A file's bytes, if it is no larger than it may be; a pipe or a growing file is cut off as well.
fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, MeaningError> {
    let missing = |error| MeaningError::Missing {
        path: path.to_owned(),
        error,
    };
    let file = File::open(path).map_err(missing)?;
    let stated = file.metadata().map_err(missing)?.len();
    let mut bytes = Vec::with_capacity(stated.min(most) as usize);
    let read = file
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(missing)? as u64;
    if read > most {
        return Err(MeaningError::TooLarge {
            path: path.to_owned(),
            size: stated.max(read),
            most,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        Folder::read(folder.path())
            .expect_err("not a model")
            .to_string()
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_with_what_to_do() {
        let config = r#"{"hidden_size": 384, "max_position_embeddings": 512}"#;
        let missing = complaint(&[]);
        assert!(missing.contains("config.json") && missing.contains("docs/meaning.md"));
        let wrong = complaint(&[("config.json", "{\"hidden_size\": \"many\"}")]);
        assert!(wrong.contains("config.json") && wrong.contains("get the whole folder"));
        let small = complaint(&[(
            "config.json",
            r#"{"hidden_size": 3, "max_position_embeddings": 512}"#,
        )]);
        assert!(small.contains("3 numbers a text"), "{small}");
        let graph = complaint(&[("config.json", config), ("tokenizer.json", "{}")]);
        assert!(graph.contains("onnx/model_int8.onnx"), "{graph}");
    }

    #[test]
    fn a_file_past_its_limit_is_not_read_to_the_end() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), vec![b'x'; 11]).expect("bytes");
        let error = bounded(file.path(), 10).expect_err("too large").to_string();
        assert!(
            error.contains("11 bytes") && error.contains("10"),
            "{error}"
        );
        assert_eq!(bounded(file.path(), 11).expect("fits").len(), 11);
    }
}
