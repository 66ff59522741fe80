//! The function words of a language, as the one text pipeline knows them.

pub(crate) use discover_model::text::is_function_word as is_stop;
