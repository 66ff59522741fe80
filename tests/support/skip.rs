//! Tests that need something of the machine: where it is missing they say so, and in CI they fail.

/// Says that a test is skipped for `reason`; a failure where `CI` is set, as there everything must have been provided.
pub(crate) fn skip(reason: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "skipped in CI, where it must run: {reason}"
    );
    eprintln!("skipped: {reason}");
}
