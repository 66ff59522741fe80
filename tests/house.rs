//! The house inside its rooms: which modules of a crate use each other in a circle, and names that are no words of the
//! field. Read from the source text, so that a new circle or an old name fails here and not at a reader's desk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ROOMS: [&str; 9] = [
    "model", "crawler", "store", "indexer", "graph", "meaning", "server", "bench", ".",
];

/// Files in circles, by room: none is left, and none may come back.
const IN_CIRCLES: [(&str, usize); 9] = [
    ("model", 0),
    ("crawler", 0),
    ("store", 0),
    ("indexer", 0),
    ("graph", 0),
    ("meaning", 0),
    ("server", 0),
    ("bench", 0),
    (".", 0),
];

/// Names of files, modules and types that this project once made up where the field has a term.
const OLD_NAMES: [&str; 23] = [
    "desk", "errand", "lane", "kin", "ties", "ground", "standing", "looks", "heads", "telling",
    "offer", "letter", "trip", "courier", "packing", "held", "settle", "judge", "meet", "turns",
    "book", "guard", "numbers",
];

/// The modules of one crate: path below `crate` -> source text without comments and tests.
struct Room {
    modules: BTreeMap<String, String>,
}

impl Room {
    fn read(room: &str) -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join(room).join("src");
        let mut modules = BTreeMap::new();
        for file in rust_files(&src) {
            let relative = file
                .strip_prefix(&src)
                .expect("below src")
                .with_extension("");
            let mut parts: Vec<String> = relative
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            if matches!(
                parts.last().map(String::as_str),
                Some("mod" | "lib" | "main")
            ) {
                parts.pop();
            }
            if parts
                .iter()
                .any(|part| part == "tests" || part == "testing" || part.ends_with("_tests"))
            {
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a source file");
            modules.insert(parts.join("::"), code_of(&text));
        }
        Self { modules }
    }

    /// The module that defines what `path` (below `crate`) names, following `pub use` of its own children.
    fn home(&self, path: &[String]) -> Option<String> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let length = (0..=path.len())
                .rev()
                .find(|&length| self.modules.contains_key(&path[..length].join("::")))?;
            let module = path[..length].join("::");
            let Some(item) = path.get(length) else {
                return Some(module);
            };
            let text = &self.modules[&module];
            let Some(onward) = uses(text)
                .into_iter()
                .filter(|(public, _)| *public)
                .filter_map(|(_, used)| self.absolute(&module, &used))
                .find(|used| used.last() == Some(item) && used.len() > length + 1)
            else {
                return Some(module);
            };
            path = onward
                .into_iter()
                .chain(path[length + 1..].iter().cloned())
                .collect();
        }
        None
    }

    /// A path as written in `module`, from `crate` on; none where it leads out of the crate.
    fn absolute(&self, module: &str, path: &[String]) -> Option<Vec<String>> {
        let own: Vec<String> = module
            .split("::")
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let mut at = match path.first().map(String::as_str)? {
            "crate" => Vec::new(),
            "self" => own.clone(),
            "super" => own[..own.len().checked_sub(1)?].to_vec(),
            first => {
                let mut child = own.clone();
                child.push(first.to_owned());
                if !self.modules.contains_key(&child.join("::")) {
                    return None;
                }
                child
            }
        };
        let mut rest = &path[1..];
        while rest.first().is_some_and(|part| part == "super") {
            at.pop()?;
            rest = &rest[1..];
        }
        at.extend(rest.iter().cloned());
        Some(at)
    }

    /// Which modules each module uses, re-exports left out.
    fn arrows(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let mut arrows = BTreeMap::new();
        for (module, text) in &self.modules {
            let used = uses(text)
                .into_iter()
                .filter(|(public, _)| !public)
                .map(|(_, path)| path)
                .chain(inline_paths(text))
                .filter_map(|path| self.absolute(module, &path))
                .filter_map(|path| self.home(&path))
                .filter(|home| home != module)
                .collect();
            arrows.insert(module.as_str(), used);
        }
        arrows
    }

    /// Modules from which one comes back to where one was.
    fn in_circles(&self) -> BTreeSet<String> {
        let arrows = self.arrows();
        let reach = |from: &str| {
            let mut seen = BTreeSet::new();
            let mut open: Vec<String> = arrows[from].iter().cloned().collect();
            while let Some(next) = open.pop() {
                if seen.insert(next.clone()) {
                    open.extend(arrows.get(next.as_str()).into_iter().flatten().cloned());
                }
            }
            seen
        };
        arrows
            .keys()
            .filter(|module| reach(module).contains(**module))
            .map(|module| (*module).to_owned())
            .collect()
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text up to its tests, without comments.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        let tests = start == "#[cfg(test)]"
            && lines.peek().is_some_and(|next| {
                next.trim_start().starts_with("mod ") && next.trim_end().ends_with('{')
            });
        if tests {
            break;
        }
        if !start.starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// The paths of all `use` statements, with braces spread; whether the statement hands the name on.
fn uses(text: &str) -> Vec<(bool, Vec<String>)> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let line_start = |word: &str| {
            statement
                .rfind(&format!("\n{word}"))
                .map(|at| at + 1 + word.len())
                .or_else(|| statement.starts_with(word).then_some(word.len()))
        };
        let (public, at) =
            if let Some(at) = line_start("pub use ").or_else(|| line_start("pub(crate) use ")) {
                (true, at)
            } else if let Some(at) = line_start("use ") {
                (false, at)
            } else {
                continue;
            };
        let tree: String = statement[at..]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let mut paths = Vec::new();
        spread(&tree, &mut Vec::new(), &mut paths);
        found.extend(paths.into_iter().map(|path| (public, path)));
    }
    found
}

/// One use tree into its paths: `a::{b, c::d as e}` gives `a::b` and `a::c::d`.
fn spread(tree: &str, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let (mut depth, mut start) = (0_usize, 0);
    let mut branches = Vec::new();
    for (at, sign) in tree.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                branches.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&tree[start..]);
    for branch in branches
        .iter()
        .map(|branch| branch.trim())
        .filter(|branch| !branch.is_empty())
    {
        let (path, inner) = match branch.split_once('{') {
            Some((path, inner)) => (path.trim_end_matches("::"), inner.strip_suffix('}')),
            None => (branch.split(" as ").next().unwrap_or(branch), None),
        };
        let length = before.len();
        before.extend(
            path.split("::")
                .map(str::trim)
                .filter(|part| !part.is_empty() && *part != "*")
                .map(str::to_owned),
        );
        match inner {
            Some(inner) => spread(inner, before, paths),
            None => paths.push(
                before
                    .iter()
                    .enumerate()
                    .filter(|(n, part)| *n == 0 || *part != "self")
                    .map(|(_, part)| part.clone())
                    .collect(),
            ),
        }
        before.truncate(length);
    }
}

/// Paths written out in the code: `crate::a::b`, `super::b`.
fn inline_paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            if text[..at]
                .ends_with(|sign: char| sign.is_alphanumeric() || sign == '_' || sign == ':')
            {
                continue;
            }
            let path: String = text[at..]
                .chars()
                .take_while(|sign| sign.is_alphanumeric() || *sign == '_' || *sign == ':')
                .collect();
            found.push(
                path.split("::")
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
            );
        }
    }
    found
}

#[test]
fn modules_of_a_room_do_not_use_each_other_in_circles() {
    let mut wrong = Vec::new();
    for (room, allowed) in IN_CIRCLES {
        let circles = Room::read(room).in_circles();
        if circles.len() > allowed {
            wrong.push(format!(
                "{room}: {} in circles, {allowed} allowed: {circles:?}",
                circles.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_modules_and_types_are_called_by_the_words_of_the_field() {
    let mut wrong = Vec::new();
    for room in ROOMS {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join(room).join("src");
        for file in rust_files(&src) {
            let stem = file
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            let folder = file
                .parent()
                .and_then(Path::file_name)
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let text = std::fs::read_to_string(&file).expect("a source file");
            for old in OLD_NAMES {
                if stem == old || folder == old {
                    wrong.push(format!("{}: file or folder `{old}`", file.display()));
                }
                let mut kind = old.to_owned();
                kind[..1].make_ascii_uppercase();
                for word in ["struct", "enum", "trait", "type"] {
                    if text.split(&format!("{word} {kind}")).skip(1).any(|after| {
                        !after.starts_with(|sign: char| sign.is_alphanumeric() || sign == '_')
                    }) {
                        wrong.push(format!("{}: {word} `{kind}`", file.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
