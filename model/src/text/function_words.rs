//! Function words: the words between words, which tie sentences together and say nothing of what they are about.
//!
//! Two ways lead to them. Lists (the `stop-words` crate, and ours where it has none or too few) serve from the first post on.
//! [`Usage`] learns from how a language's words are used, and serves every language once enough of it is held; who counts
//! words already asks [`Lengths`] alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::{fold, folded, normalise, segments};
use crate::language::Language;

/// Lists of languages that the crate lacks or has too few words of, space between.
const OURS: [(&str, &str); 9] = [
    (
        "en",
        "a about after again all also am an and any are as at be because been before being both but by can cannot could \
         did do does doing don down during each few for from further get got had has have having he her here hers him his \
         how i if im in into is it its ive just me more most my no nor not now of off on once only or other our out over \
         own re same she should so some such than that the their them then there these they this those through to too \
         under until up us very was we were what when where which while who whom why will with would you your thanks \
         thank please hi hello anyone",
    ),
    (
        "cy",
        "a â ac ag am ar at arall arni arno arnaf atyn atoch beth bod bob bawb bydd byddai byddwn bu buon bues byth cael cafodd \
         cyn chi chwi cei chael dan dim dros drwy dy dyma dyna dy'n dylai ddim e ef efo ei eich ein er ers es eto eu fe fel felly \
         fod fy fo fyddai gael gan gall ganddo ger gyda gydag gwneud gwnaeth gellir hefyd heb hi hon honno hwn hwnnw hwy hyd hyn \
         hynny i iawn iddi iddo iddyn ie ill ni na nac nad nag nes neu nhw nid nes nos nôl o oddi oedd oeddwn oedden oes ond onid \
         os pa pan pam pawb pe peidio pob pryd pwy rhag rhai rhaid rhwng roedd roeddwn roedden rydw rydym rydyn rwy rwyf sef sut \
         sy sydd ta tan ti to tra trwy tua tuag ty un unrhyw wedi wedyn wnaeth wneud wrth y ych ydw ydy ydych ydyn ydym yn yna \
         yng ym yma yno ynddo yr yw mae maen maent mai mewn mi mo mor mwy mynd nawr rwan 'r 'n 'i 'u 'ch 'w oni rydych dydy dyw \
         dydi does doedd ond pwy bynnag erbyn hon nhw rhywun rhywbeth mae'r mae'n o'r i'r a'r â'r yw'r sy'n roedd'n rwy'n dwi'n ydi'r gyda'r wedi'i cafwyd caiff ceir daeth dod aeth âi gallai gallwch medru",
    ),
    (
        "so",
        "aad aan aanan ah ahaa ahaan ahay ahayd ahi ama amma ayaa ayaan ayay ayey ayuu baa baan bay buu dhexdiisa dhammaan doona \
         doonaa doonto ee eey ha hadda hadii haddii hore i ilaa ii in inaa inaan inay inuu isaga iska iyada iyaga iyo jir jira jiray \
         jirtay ka kale karaa karo kasoo kastoo ku kuma kuna kuu la lagu laga lahaa leh leeyahay lakin laakiin loo ma maaha mar marka \
         markii mid mida mise miyaa na noo oo qaar sida si soo soona socota tahay tan taas tihiin u uga ugu uu waa waan waana waanu \
         waxa waxaa waxaan waxaana waxay waxayna waxey waxuu wuxuu wax wuu wuxuuna way wey weli yahay yihiin yaa yar",
    ),
    (
        "pa",
        "ਦਾ ਦੇ ਦੀ ਦੀਆਂ ਨੂੰ ਨੇ ਵਿੱਚ ਵਿਚ ਤੋਂ ਤੇ ਅਤੇ ਹੈ ਹਨ ਸੀ ਸਨ ਇਹ ਉਹ ਇਸ ਉਸ ਕਿ ਜੋ ਲਈ ਨਾਲ ਵੀ ਹੀ ਨਹੀਂ ਕਰ ਕੀਤਾ ਹੋ ਗਿਆ ਹੋਇਆ ਇੱਕ ਮੈਂ ਅਸੀਂ ਤੁਸੀਂ ਪਰ \
         ਜਾਂ ਤਾਂ ਨਾ ਕੇ ਕੋਈ ਸਭ ਉੱਤੇ ਇਸਦੇ ਜਦੋਂ ਕੀ ਰਹੇ ਰਿਹਾ ਰਹੀ ਹੁਣ ਮੇਰੇ ਮੇਰਾ ਸਾਡੇ",
    ),
    (
        "ur",
        "اب اپنا اپنی اپنے اس اسی ان انہوں انہیں اور ایک اگر ایسا بھی بعد بہت پر پھر تا تک تھا تھی تھے تو تم جا جب جس جن جو چکا دیا دی \
         ذریعے رہا رہی رہے ساتھ سب سکتا سکتی سکتے سے طرح کا کر کرتا کرتی کرتے کرنا کرنے کس کسی کو کوئی کون کہ کہا کی کیا کیسے کیوں کے گا \
         گی گے گئی گئے گیا لیا لیے لئے لیکن مجھے مگر میرا میری میرے میں نہ نہیں نے والا والی والے وہ وہاں ہر ہم ہمارے ہو ہوا ہوئی ہوئے ہوتا \
         ہوتی ہوتے ہونا ہونے ہوں ہی ہے ہیں یا یہ یہاں یہی آپ",
    ),
    (
        "bn",
        "ও এবং কিন্তু অথবা বা যে যা এই এ সে তা তার তাদের আমি আমরা আমার আমাদের আপনি তুমি তারা এটি এটা ওই সেই কি কী কেন কোন কোনো না নেই নয় হয় \
         হয়েছে হয়ে হবে হচ্ছে ছিল ছিলেন আছে আছেন করে করা করেন করেছে করছে করতে করার থেকে জন্য সঙ্গে সাথে মধ্যে পরে আগে পর্যন্ত দিয়ে নিয়ে \
         উপর এর এক একটি একটা তবে যদি তখন যখন এখন আর আরও শুধু সব খুব যেতে গেছে গিয়ে বলে বলা",
    ),
    (
        "gd",
        "a ach agus ag air am an anns ann as bha bho bhon bu cha chan chun dhe dha do eile fo fhèin gu gun i iad is le leis mar mi mo \
         na nach nam nan no o on oir rè ri ro robh sa san seo sin sinn sibh tha thar thu tro ur",
    ),
    (
        "sq",
        "dhe e i të në një që për me nga është janë ishte ka kanë kam nuk si por se do u më ose edhe ky kjo ai ajo ata ne ju unë çdo \
         kur ku po jo ka pas para deri sipas tek te duke vetëm shumë",
    ),
    (
        "sr",
        "и у је да се на су за од са као али или не што који која које из до по о то тај та ја ти он она ми ви они био била било бити \
         i u je da se na su za od sa kao ali ili ne što koji koja koje iz do po o to taj ta ja ti on ona mi vi oni bio bila bilo biti",
    ),
];

/// The folded words of a list; a word with a sign in it stands for its parts too.
fn folded_list<'a>(words: impl Iterator<Item = &'a str>) -> HashSet<String> {
    let mut set = HashSet::new();
    for word in words {
        let form = normalise(word);
        let parts = segments(form.as_str()).map(|part| folded(&form.as_str()[part.from..part.to]));
        let parts: Vec<String> = parts.collect();
        // Without its sign `I'll` is another word, as are `we'll`, `she'd` and their like.
        if !matches!(parts.as_slice(), [_, last] if matches!(last.as_str(), "ll" | "d")) {
            set.insert(parts.concat());
        }
        set.extend(parts);
    }
    set.remove("");
    set
}

fn list_of(language: Language) -> HashSet<String> {
    let code = match language.as_str() {
        "nb" | "nn" => "no",
        code => code,
    };
    let ours = OURS.iter().find(|(of, _)| *of == code);
    let theirs = stop_words::lookup(code).unwrap_or_default();
    folded_list(
        ours.into_iter()
            .flat_map(|(_, list)| list.split_whitespace())
            .chain(theirs.iter().copied()),
    )
}

/// The function words of a language by its list, folded.
#[derive(Debug)]
pub struct FunctionWords(HashSet<String>);

impl FunctionWords {
    /// Of this language; of English where it is unknown.
    pub fn of(language: Option<Language>) -> &'static Self {
        let language = language.unwrap_or(Language::ENGLISH);
        let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
        lists
            .entry(language)
            .or_insert_with(|| Box::leak(Box::new(Self(list_of(language)))))
    }

    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// Lists read so far; each is leaked once, as there are as many as languages.
static LISTS: Mutex<BTreeMap<Language, &'static FunctionWords>> = Mutex::new(BTreeMap::new());

/// Whether a folded word is on the list of its language's function words; of English where the language is unknown.
pub fn is_function_word(word: &str, language: Option<Language>) -> bool {
    FunctionWords::of(language).contains(word)
}

/// How long the texts of a language are: what it takes to say how far chance alone would spread a word. Only texts long
/// enough to say a thing twice are counted; in a title everything is said once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Texts by the power of two that their number of words reaches, and their words.
    classes: BTreeMap<u32, (u32, u64)>,
    texts: u32,
    words: u64,
}

/// Fewest words of a text that function words are learned from.
const LONG: u32 = 24;
/// Fewest texts of a language that its function words are learned from: where few are held, of one theme, its own words
/// are spread as evenly.
const ENOUGH: u32 = 500;
/// Share of a language's texts that use each of its function words, at least.
const SHARE: f64 = 0.08;
/// How much more unevenly than by chance a function word is used, at most, in nats.
const UNEVEN: f64 = 0.25;

impl Lengths {
    /// Whether a text of so many words is one that is learned from.
    pub const fn counts(words: u32) -> bool {
        words >= LONG
    }

    /// Counts a text of so many words; too short a one is none.
    pub fn add(&mut self, words: u32) {
        if Self::counts(words) {
            let class = self.classes.entry(words.ilog2()).or_default();
            (class.0, class.1) = (class.0 + 1, class.1 + u64::from(words));
            self.texts += 1;
            self.words += u64::from(words);
        }
    }

    /// Takes back what [`Lengths::add`] counted.
    pub fn remove(&mut self, words: u32) {
        let class = words.ilog2();
        if Self::counts(words)
            && let Some(held) = self.classes.get_mut(&class)
        {
            *held = (
                held.0.saturating_sub(1),
                held.1.saturating_sub(words.into()),
            );
            if held.0 == 0 {
                self.classes.remove(&class);
            }
            self.texts = self.texts.saturating_sub(1);
            self.words = self.words.saturating_sub(words.into());
        }
    }

    /// Whether a word that stands `times` times, in `with` of these texts, is spread as function words are: over many of
    /// them, and about as evenly as chance would spread it over texts as long. What texts are about comes in bunches: a
    /// text that says it once says it again (residual inverse document frequency: Church and Gale, 1995).
    pub fn is_used_everywhere(&self, with: u32, times: u32) -> bool {
        let (with, all) = (f64::from(with), f64::from(self.texts));
        if self.texts < ENOUGH || with < SHARE * all {
            return false;
        }
        let rate = f64::from(times) / self.words.max(1) as f64;
        let by_chance: f64 = self
            .classes
            .values()
            .map(|(texts, words)| {
                let length = *words as f64 / f64::from((*texts).max(1));
                f64::from(*texts) * (1.0 - (-rate * length).exp())
            })
            .sum();
        (by_chance / with).ln() <= UNEVEN
    }
}

/// How a language's words are used, learned from its texts; the same whatever the order they came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    lengths: Lengths,
    words: HashMap<Box<str>, Uses>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Uses {
    texts: u32,
    times: u32,
}

impl Usage {
    /// Counts a conversation's texts in this language as one.
    pub fn add<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        let (counted, words) = counted(texts);
        self.lengths.add(words);
        if Lengths::counts(words) {
            for (word, times) in counted {
                let uses = self.words.entry(word.into()).or_default();
                uses.texts += 1;
                uses.times = uses.times.saturating_add(times);
            }
        }
    }

    /// Takes back what [`Usage::add`] counted of the same texts.
    pub fn remove<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        let (counted, words) = counted(texts);
        if !Lengths::counts(words) {
            return;
        }
        self.lengths.remove(words);
        for (word, times) in counted {
            if let Some(uses) = self.words.get_mut(word.as_str()) {
                uses.texts = uses.texts.saturating_sub(1);
                uses.times = uses.times.saturating_sub(times);
                if uses.texts == 0 {
                    self.words.remove(word.as_str());
                }
            }
        }
    }

    /// Whether a folded word is used as function words are.
    pub fn is_function_word(&self, word: &str) -> bool {
        let uses = self.words.get(word).copied().unwrap_or_default();
        self.lengths.is_used_everywhere(uses.texts, uses.times)
    }
}

/// The folded words with how often each stands, and how many words there are.
fn counted<'a>(texts: impl IntoIterator<Item = &'a str>) -> (HashMap<String, u32>, u32) {
    let mut counted: HashMap<String, u32> = HashMap::new();
    let mut words = 0;
    let mut token = String::new();
    for text in texts {
        let form = normalise(text);
        for segment in segments(form.as_str()).filter(|segment| !segment.unspaced && !segment.emoji)
        {
            words += 1;
            token.clear();
            fold(&form.as_str()[segment.from..segment.to], &mut token);
            match counted.get_mut(&token) {
                Some(times) => *times += 1,
                None => _ = counted.insert(token.clone(), 1),
            }
        }
    }
    (counted, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_lists_knows_its_commonest_words() {
        for (language, words) in [
            ("en", "the and of don't"),
            ("cy", "mae mae'r yn ac wedi"),
            ("so", "waxay la waxaana"),
            ("pl", "się nie jest"),
            ("ur", "ہے میں کی"),
            ("bn", "হয়েছে এবং"),
            ("nb", "og det"),
            ("fr", "l'on les"),
            ("pa", "ਹੈ ਦੇ"),
            ("ar", "في من"),
        ] {
            let language = language.parse().unwrap();
            for word in words.split(' ') {
                let form = normalise(word);
                for part in segments(form.as_str()) {
                    let part = folded(&form.as_str()[part.from..part.to]);
                    assert!(is_function_word(&part, Some(language)), "{language} {part}");
                }
            }
        }
        for word in ["surgery", "test", "home", "ill", "care"] {
            assert!(!is_function_word(word, None), "{word}");
        }
    }

    #[test]
    fn a_language_nobody_listed_is_learned_from_its_use_however_long_its_texts_are() {
        let mut usage = Usage::default();
        // Of thirty words or of three hundred; `vu` stands once in ten, and a third of the texts is about one thing.
        let text = |n: usize| {
            let words = (0..if n.is_multiple_of(2) { 30 } else { 300 }).map(|at| match at % 10 {
                0 => "vu".to_owned(),
                1 if n.is_multiple_of(3) => "bohna".to_owned(),
                _ => format!("stell{n}x{at}"),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        for n in 0..600 {
            usage.add([text(n).as_str()]);
        }
        // What everybody says once and briefly is no sign of anything.
        for _ in 0..200 {
            usage.add(["pret klin"]);
        }
        assert!(usage.is_function_word("vu"));
        for word in ["bohna", "stell3x5", "pret"] {
            assert!(!usage.is_function_word(word), "{word}");
        }
        for n in (0..600).rev() {
            usage.remove([text(n).as_str()]);
        }
        assert_eq!(usage, Usage::default());
    }
}
