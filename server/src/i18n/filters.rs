//! The filter of templates: `{{ "key"|t }}`, and `{{ ("key"|t).with("day", day) }}` with what the message speaks of.

use askama::Values;
use askama::filters::ValidFilterInvocation;

use super::message::Msg;

// By hand: the macro of askama writes what this crate forbids.
#[derive(Debug, Default)]
#[expect(non_camel_case_types, reason = "askama finds a filter by its name")]
pub(crate) struct t;

impl ValidFilterInvocation for t {}

impl t {
    pub(crate) fn execute(self, key: &'static str, _: &dyn Values) -> askama::Result<Msg> {
        Ok(Msg::Key {
            key,
            args: Vec::new(),
            begins: false,
        })
    }
}
