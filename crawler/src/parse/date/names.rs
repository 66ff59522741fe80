//! Names that stand in dates: months in many languages, zones.

/// Seconds east of UTC of a zone by its customary name, in lower case.
pub(super) fn named_offset(name: &str) -> Option<i32> {
    let minutes = match name {
        "z" | "ut" | "utc" | "gmt" | "wet" | "uct" => 0,
        "bst" | "cet" | "west" | "met" | "mez" | "wat" => 60,
        "cest" | "eet" | "mest" | "mesz" | "sast" | "cat" => 120,
        "eest" | "msk" | "eat" | "trt" => 180,
        "msd" | "gst" => 240,
        "pkt" => 300,
        "ist" => 330,
        "npt" => 345,
        "ict" | "wib" => 420,
        "sgt" | "hkt" | "awst" | "pht" => 480,
        "jst" | "kst" => 540,
        "acst" => 570,
        "aest" => 600,
        "acdt" => 630,
        "aedt" => 660,
        "nzst" => 720,
        "nzdt" => 780,
        "ndt" => -150,
        "nst" => -210,
        "adt" | "brt" | "art" => -180,
        "ast" | "edt" => -240,
        "est" | "cdt" | "et" => -300,
        "cst" | "mdt" | "ct" => -360,
        "mst" | "pdt" | "mt" => -420,
        "pst" | "akdt" | "pt" => -480,
        "akst" => -540,
        "hst" => -600,
        // Military letters were defined with the wrong sign; RFC 2822 says to read them as UTC.
        letter if letter.len() == 1 => 0,
        _ => return None,
    };
    Some(minutes * 60)
}

/// Names of months by their beginnings, longest first where one begins another.
const MONTHS: [&[&str]; 12] = [
    // English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Greek, Welsh and kin.
    &[
        "jan",
        "jän",
        "ian",
        "ene",
        "gen",
        "janv",
        "sty",
        "янв",
        "січ",
        "ιαν",
        "ion",
        "oca",
        "led",
        "tam",
        "كانون الثاني",
        "يناير",
    ],
    &[
        "feb",
        "fév",
        "fev",
        "febbr",
        "lut",
        "фев",
        "лют",
        "φεβ",
        "chwef",
        "chw",
        "şub",
        "úno",
        "helm",
        "فبراير",
    ],
    &[
        "mar", "mär", "mrz", "maart", "mrt", "márc", "мар", "бер", "μαρ", "μάρ", "maw", "bře",
        "maal", "مارس",
    ],
    &[
        "apr",
        "avr",
        "abr",
        "ápr",
        "kwi",
        "апр",
        "кві",
        "απρ",
        "ebr",
        "nis",
        "dub",
        "huht",
        "أبريل",
        "ابريل",
    ],
    &[
        "may", "mai", "maj", "mag", "mei", "máj", "май", "мая", "тра", "μαι", "μάι", "mayo",
        "maio", "kvě", "touk", "مايو",
    ],
    &[
        "jun",
        "juin",
        "iun",
        "giu",
        "jún",
        "cze",
        "июн",
        "чер",
        "ιουν",
        "ιούν",
        "meh",
        "haz",
        "čvn",
        "kesä",
        "يونيو",
    ],
    &[
        "jul",
        "juil",
        "iul",
        "lug",
        "júl",
        "lip",
        "июл",
        "ιουλ",
        "ιούλ",
        "gorff",
        "tem",
        "čvc",
        "hein",
        "يوليو",
    ],
    &[
        "aug",
        "aoû",
        "aou",
        "ago",
        "sie",
        "авг",
        "сер",
        "αυγ",
        "aws",
        "ağu",
        "srp",
        "elok",
        "أغسطس",
    ],
    &[
        "sep",
        "set",
        "szept",
        "wrz",
        "сен",
        "вер",
        "σεπ",
        "medi",
        "eyl",
        "zář",
        "syys",
        "سبتمبر",
    ],
    &[
        "oct",
        "okt",
        "ott",
        "out",
        "paź",
        "окт",
        "жов",
        "οκτ",
        "hyd",
        "eki",
        "říj",
        "loka",
        "أكتوبر",
    ],
    &[
        "nov",
        "lis",
        "noi",
        "ноя",
        "νοε",
        "νοέ",
        "tach",
        "kas",
        "marras",
        "نوفمبر",
    ],
    &[
        "dec",
        "dez",
        "des",
        "déc",
        "dic",
        "gru",
        "дек",
        "гру",
        "δεκ",
        "rhag",
        "ara",
        "pro",
        "joul",
        "ديسمبر",
    ],
];

/// The month whose name begins like `word`; the longest beginning wins, and numbers or one letter are no names.
pub(super) fn month_name(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let mut best: Option<(usize, i8)> = None;
    for (number, names) in (1..).zip(MONTHS) {
        for name in names {
            if lower.starts_with(name) && best.is_none_or(|(length, _)| name.len() > length) {
                best = Some((name.len(), number));
            }
        }
    }
    // Czech červen (6) and červenec (7) begin alike, as do Polish and Ukrainian "lip" and "lyp".
    if lower.starts_with("červenec") {
        return Some(7);
    }
    if lower.starts_with("červ") {
        return Some(6);
    }
    best.map(|(_, number)| number)
}
