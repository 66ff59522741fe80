//! The messages of every language, as Fluent keeps them. They are part of the executable.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::locale::Locale;

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// The files of a language: name and text.
        pub(super) const fn files(locale: Locale) -> &'static [(&'static str, &'static str)] {
            match locale {
                Locale::English => &[$(($name, include_str!(concat!("../../locales/en/", $name, ".ftl")))),+],
                Locale::Welsh => &[$(($name, include_str!(concat!("../../locales/cy/", $name, ".ftl")))),+],
                Locale::Urdu => &[$(($name, include_str!(concat!("../../locales/ur/", $name, ".ftl")))),+],
            }
        }
    };
}

files!(
    "common",
    "about",
    "accessibility",
    "answers",
    "brief",
    "chart",
    "compare",
    "conversation",
    "digest",
    "error",
    "home",
    "map",
    "matrix",
    "networks",
    "object",
    "owner",
    "ownerhome",
    "package",
    "search",
    "topic",
    "topics",
    "transparency",
    "tray",
    "views",
    "why",
);

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| Locale::ALL.map(bundle));

/// Tests assert that every file parses and no key stands twice; here the rest of a file counts all the same.
fn bundle(locale: Locale) -> Bundle {
    let languages = locale.tag().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(languages);
    // Foreign names stand in `<bdi>`, which does the same and can be seen.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(number));
    for (_, text) in files(locale) {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*text).to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Numbers with their thousands apart; all our languages part them by the same sign.
fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value >= 0.0 && number.value.fract() == 0.0 => {
            Some(crate::text::words::exact(number.value as u64))
        }
        _ => None,
    }
}

fn of(locale: Locale) -> &'static Bundle {
    let [english, welsh, urdu] = &*BUNDLES;
    match locale {
        Locale::English => english,
        Locale::Welsh => welsh,
        Locale::Urdu => urdu,
    }
}

/// The message in this language, else in English, else its key.
pub(super) fn format(
    locale: Locale,
    key: &'static str,
    args: &FluentArgs<'_>,
) -> Cow<'static, str> {
    for locale in [locale, Locale::English] {
        let bundle = of(locale);
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        if let Some(pattern) = pattern {
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(args), &mut errors);
            debug_assert!(errors.is_empty(), "{key}: {errors:?}");
            return text.into_owned().into();
        }
    }
    debug_assert!(false, "no message is called {key}");
    key.into()
}
