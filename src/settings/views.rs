//! `views.toml`: the views that an operator names, each an address of this site.
//!
//! Contract: every mistake is told at once, with its line, column and reason, as of the other files.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use discover_server::views::{MOST_VIEWS, NamedView, ViewError, ViewText};
use toml::de::DeTable;

use super::table::{At, Table};
use super::{Collector, Mistakes};

/// Languages of the pages besides English.
const OTHERS: [&str; 2] = ["cy", "ur"];
/// More of a file is not read.
const MOST_BYTES: u64 = 256 * 1024;

/// Reads the file that the settings name.
pub(crate) fn load(path: &Path) -> anyhow::Result<Vec<NamedView>> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| {
        format!("cannot read the views {shown}: check `views` in discover.toml; a path begins at the folder in which discover is started, unless it begins with /")
    })?;
    anyhow::ensure!(
        size.len() <= MOST_BYTES,
        "the views {shown} have more than 256 KiB"
    );
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the views {shown}"))?;
    Ok(read(path, &text)?)
}

pub(crate) fn read(path: &Path, text: &str) -> Result<Vec<NamedView>, Mistakes> {
    let mut mistakes = Collector::new(path, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        mistakes.add(
            error.span().unwrap_or(0..0),
            error.message().to_owned(),
            "this is not TOML: see https://toml.io for how it is written",
        );
    }
    let mut root = Table::new(document.get_ref(), 0..0, "views.toml");
    let (mut views, mut names) = (Vec::new(), BTreeSet::new());
    for (n, mut table) in root
        .tables("view", "[[view]]", &mut mistakes)
        .into_iter()
        .enumerate()
    {
        if n == MOST_VIEWS {
            mistakes.add(
                table.at.clone(),
                format!("there are more than {MOST_VIEWS} views"),
                "leave out those that nobody uses",
            );
        }
        if let Some((at, view)) = view(&mut table, &mut mistakes) {
            if names.insert(view.name.clone()) {
                views.push(view);
            } else {
                mistakes.add(
                    at,
                    format!("the name {:?} is given twice", view.name),
                    "give each view a name of its own: it stands in its address",
                );
            }
        }
        table.finish(&mut mistakes);
    }
    root.finish(&mut mistakes);
    mistakes.finish(views)
}

/// One view, and where its name stands; what is wrong with it has been told.
fn view(
    table: &mut Table<'_, '_>,
    mistakes: &mut Collector,
) -> Option<(std::ops::Range<usize>, NamedView)> {
    let name = table.required("name", "\"blood-tests\"", mistakes);
    let address = table.required("address", "\"/search?q=blood+tests\"", mistakes);
    let english = text(table, mistakes);
    let mut others = Vec::new();
    for code in OTHERS {
        if let Some(mut inner) = table.table(code, "a language of [[view]]", mistakes) {
            let at = inner.at.clone();
            others.extend(text(&mut inner, mistakes).map(|text| (code, at, text)));
            inner.finish(mistakes);
        }
    }
    let (name, address) = (name?, address?);
    let mut view = match NamedView::new(&name.value, &address.value, english?) {
        Ok(view) => view,
        Err(error) => {
            let (at, fix) = match &error {
                ViewError::Name(_) => (
                    name.at.clone(),
                    "write for example name = \"blood-tests\": it stands in the address /views/blood-tests",
                ),
                ViewError::Page(_) => (
                    address.at,
                    "write what stands after the name of the site in the address of a search, comparison, list of topics or map, for example \"/search?q=blood+tests\"",
                ),
                _ => (
                    address.at,
                    "open the page you mean and copy its address from /search, /compare, /topics or /map on",
                ),
            };
            mistakes.add(at, error.to_string(), fix);
            return None;
        }
    };
    for (code, at, text) in others {
        match view.clone().with_text(code, text) {
            Ok(with) => view = with,
            Err(error) => mistakes.add(at, error.to_string(), "leave it out"),
        }
    }
    Some((name.at, view))
}

/// Title and description.
fn text(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<ViewText> {
    let title = table.required("title", "\"Blood tests\"", mistakes)?;
    let description = table.string("description", mistakes);
    let words = description
        .as_ref()
        .map(|found: &At<String>| found.value.as_str());
    match ViewText::new(&title.value, words) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = match (&error, description) {
                (ViewError::Text("`description`", _), Some(found)) => found.at,
                _ => title.at,
            };
            mistakes.add(at, error.to_string(), "write one short line");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_read_in_their_order_with_their_languages() {
        let text = "[[view]]\nname = \"blood-tests\"\ntitle = \"Blood tests\"\ndescription = \"All of it\"\naddress = \"/search?q=blood+tests&language=cy\"\n\
            [view.cy]\ntitle = \"Profion gwaed\"\n\n[[view]]\nname = \"quiet\"\ntitle = \"Quiet\"\naddress = \"/topics?rank=quiet\"\n";
        let views = read(Path::new("views.toml"), text).expect("views");
        let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
        assert_eq!(names, ["blood-tests", "quiet"]);
        assert_eq!(views[0].others["cy"].title, "Profion gwaed");
        assert_eq!(views[1].address, "/topics?rank=quiet");
    }

    #[test]
    fn what_is_wrong_with_a_view_is_told_with_its_line_and_reason() {
        let view = |name: &str, address: &str| {
            format!("[[view]]\nname = \"{name}\"\ntitle = \"T\"\naddress = '{address}'\n")
        };
        for (text, line, said) in [
            (
                view("a", "/search?q=\"open"),
                "views.toml:4:",
                "the query cannot be read at its character",
            ),
            (view("a", "/search?sort=best"), "views.toml:4:", "`sort`"),
            (
                view("a", "/owner"),
                "views.toml:4:",
                "no page that a view can be of",
            ),
            (
                view("A b", "/search"),
                "views.toml:2:",
                "no name for an address",
            ),
            (
                view("a", "/search") + &view("a", "/map"),
                "views.toml:6:",
                "given twice",
            ),
            (
                view("a", "/search") + "adress = \"x\"\n",
                "views.toml:5:",
                "did you mean `address`?",
            ),
            (
                "[[view]]\nname = \"a\"\n".to_owned(),
                "views.toml:1:",
                "has no `address`",
            ),
        ] {
            let error = read(Path::new("views.toml"), &text).expect_err(&text);
            let shown: String = error
                .render()
                .split(['\n', '│'])
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ");
            assert!(
                shown.contains(line) && shown.contains(said),
                "{text}: {shown}"
            );
        }
    }
}
