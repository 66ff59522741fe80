//! `discover meaning check|rebuild`: whether the model works, and vectors made anew.

use std::process::ExitCode;

use crate::cli::MeaningCommand;
use crate::commands::say;
use crate::control::{self, Request};
use crate::pipeline::{NO_MODEL, Pipeline, Readers};
use crate::progress::Progress;
use crate::settings::config::Config;

pub(super) async fn run(config: Config, command: &MeaningCommand) -> anyhow::Result<ExitCode> {
    match command {
        MeaningCommand::Check => check(&config).await,
        MeaningCommand::Rebuild => rebuild(config).await,
    }
}

async fn rebuild(config: Config) -> anyhow::Result<ExitCode> {
    let what = "meaning".to_owned();
    let read = match control::ask(&config.data, &Request::Rebuild { what }).await? {
        Some(value) => value["conversations"].as_u64().unwrap_or_default(),
        None => {
            anyhow::ensure!(config.model.is_some(), NO_MODEL);
            let pipeline = Pipeline::open(config, Readers::None, Progress::detect()).await?;
            pipeline.rebuild_meaning().await?
        }
    };
    say(&format!("{read} conversations read anew"))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "meaning"))]
async fn check(_: &Config) -> anyhow::Result<ExitCode> {
    anyhow::bail!("this program was built without meaning: build it with `--features meaning`")
}

#[cfg(feature = "meaning")]
async fn check(config: &Config) -> anyhow::Result<ExitCode> {
    use std::time::Instant;

    let Some(folder) = config.model.clone() else {
        anyhow::bail!(NO_MODEL);
    };
    let started = Instant::now();
    let encoder =
        tokio::task::spawn_blocking(move || discover_meaning::Encoder::open(&folder)).await??;
    say(&format!(
        "{}: {} numbers a text, loaded in {:.1} s",
        encoder.graph(),
        encoder.dimensions(),
        started.elapsed().as_secs_f64()
    ))?;
    say(&match encoder.offsets() {
        Some(table) => format!("where it puts {} languages is known", table.languages()),
        None => "where it puts languages is not known: it is another model than multilingual-e5-small, so languages that speak of little are compared less well".to_owned(),
    })?;
    let model = encoder.fingerprint();
    let (right, all, speed) =
        tokio::task::spawn_blocking(move || samples::understood(&encoder)).await??;
    say(&format!(
        "{right} of {all} sentences in six languages are nearest to a translation; {speed:.0} word pieces a second"
    ))?;
    if super::has_store(config) {
        let store = super::open_to_read(config).await?;
        say(&format!(
            "{} of {} conversations have been read",
            store.count_vectors(model).await?,
            store.counts().await?.conversations
        ))?;
    }
    if right * 4 < all * 3 {
        eprintln!(
            "error: the model does not put the same thing in several languages together: is it a multilingual sentence model, as docs/meaning.md names one?"
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Sentences of our own on four subjects, each in six languages.
#[cfg(feature = "meaning")]
mod samples {
    use std::time::Instant;

    use discover_meaning::{Encoder, Entry, MeaningError, Space};
    use discover_model::ConversationId;
    use jiff::Timestamp;

    const LANGUAGES: [&str; 6] = ["en", "cy", "pl", "ur", "ar", "bn"];
    const SENTENCES: [[&str; 6]; 4] = [
        [
            "The walk-in clinic closes and blood is no longer taken there.",
            "Mae'r clinig galw i mewn yn cau ac ni chymerir gwaed yno mwyach.",
            "Przychodnia bez zapisów zostaje zamknięta i nie pobiera się tam już krwi.",
            "واک اِن کلینک بند ہو رہا ہے اور اب وہاں خون نہیں لیا جاتا۔",
            "تغلق العيادة التي لا تحتاج إلى موعد ولم يعد الدم يؤخذ فيها.",
            "ওয়াক-ইন ক্লিনিক বন্ধ হচ্ছে এবং সেখানে আর রক্ত নেওয়া হয় না।",
        ],
        [
            "The bus to the hospital comes only once an hour since the summer.",
            "Dim ond unwaith yr awr y daw'r bws i'r ysbyty ers yr haf.",
            "Od lata autobus do szpitala jeździ tylko raz na godzinę.",
            "گرمیوں سے ہسپتال جانے والی بس گھنٹے میں صرف ایک بار آتی ہے۔",
            "منذ الصيف لا تأتي الحافلة إلى المستشفى إلا مرة كل ساعة.",
            "গ্রীষ্মের পর থেকে হাসপাতালের বাস ঘণ্টায় মাত্র একবার আসে।",
        ],
        [
            "Children learn to swim in the old pool by the park.",
            "Mae plant yn dysgu nofio yn yr hen bwll wrth y parc.",
            "Dzieci uczą się pływać w starym basenie przy parku.",
            "بچے پارک کے پاس پرانے تالاب میں تیرنا سیکھتے ہیں۔",
            "يتعلم الأطفال السباحة في المسبح القديم بجانب الحديقة.",
            "শিশুরা পার্কের পাশের পুরনো পুলে সাঁতার শেখে।",
        ],
        [
            "The library lends out seeds for the garden in spring.",
            "Mae'r llyfrgell yn benthyg hadau ar gyfer yr ardd yn y gwanwyn.",
            "Wiosną biblioteka wypożycza nasiona do ogrodu.",
            "لائبریری بہار میں باغ کے لیے بیج ادھار دیتی ہے۔",
            "تعير المكتبة بذورا للحديقة في الربيع.",
            "বসন্তে গ্রন্থাগার বাগানের জন্য বীজ ধার দেয়।",
        ],
    ];

    /// How many of how many are nearest to a translation, and word pieces read a second.
    pub(super) fn understood(encoder: &Encoder) -> Result<(usize, usize, f64), MeaningError> {
        let texts: Vec<String> = SENTENCES
            .iter()
            .flatten()
            .map(|&text| text.to_owned())
            .collect();
        let started = Instant::now();
        let (vectors, pieces) = encoder.encode_all(&texts, 1, || ())?;
        let speed = pieces as f64 / started.elapsed().as_secs_f64();
        let held = (0_u128..).zip(vectors).map(|(number, vector)| Entry {
            id: ConversationId::from_u128(number),
            language: LANGUAGES[number as usize % 6].parse().ok(),
            started: Some(Timestamp::UNIX_EPOCH),
            vector,
        });
        let space = Space::of(held.collect(), encoder.dimensions(), encoder.offsets());
        let right = (0..texts.len() as u128)
            .filter(|number| {
                let near = space.nearest(ConversationId::from_u128(*number), 1);
                near.first()
                    .is_some_and(|near| near.id.as_u128() / 6 == number / 6)
            })
            .count();
        Ok((right, texts.len(), speed))
    }
}
