//! Personal details that nobody has, each made once: how a text says them, how an address does, and what to look for.

/// A kind of detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    NhsNumber,
    Nino,
    Email,
    SpeltEmail,
    Phone,
    Postcode,
    Person,
    Born,
    Handle,
    Card,
    Bank,
    Ip,
}

impl Detail {
    pub(super) const ALL: [Self; 12] = [
        Self::NhsNumber,
        Self::Nino,
        Self::Email,
        Self::SpeltEmail,
        Self::Phone,
        Self::Postcode,
        Self::Person,
        Self::Born,
        Self::Handle,
        Self::Card,
        Self::Bank,
        Self::Ip,
    ];
}

/// One detail.
#[derive(Debug, Clone)]
pub(super) struct Canary {
    /// A sentence that says it.
    pub(super) said: String,
    /// As a step of an address, a parameter's value or a file's name.
    pub(super) slug: String,
    /// As a name that somebody writes under; `None` where nobody does.
    pub(super) name: Option<String>,
    /// What must be found nowhere, whatever its case.
    pub(super) needles: Vec<String>,
}

/// Four consonants that no other number has: no word begins with another.
pub(super) fn letters(number: usize) -> String {
    const LETTERS: &[u8] = b"bcdfghjkmpqrtvwxz";
    let mut rest = number;
    let mut out = String::new();
    for _ in 0..4 {
        out.push(char::from(LETTERS[rest % LETTERS.len()]));
        rest /= LETTERS.len();
    }
    out
}

/// A number with a check digit modulo 11 (NHS Data Dictionary), unlike every other of this table.
fn nhs_number(number: usize) -> String {
    (0..)
        .find_map(|step| {
            let nine = format!("{:09}", 401_000_000 + number * 29 + step);
            let sum: usize = nine
                .bytes()
                .enumerate()
                .map(|(at, digit)| (10 - at) * usize::from(digit - b'0'))
                .sum();
            match 11 - sum % 11 {
                10 => None,
                11 => Some(format!("{nine}0")),
                check => Some(format!("{nine}{check}")),
            }
        })
        .expect("one in eleven has none")
}

/// Luhn's check digit.
fn card(number: usize) -> String {
    let fifteen = format!("4539{:011}", 14_880_343_000_usize + number * 37);
    let sum: u32 = fifteen
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0');
            match digit * (2 - at as u32 % 2) {
                twice if twice > 9 => twice - 9,
                once => once,
            }
        })
        .sum();
    format!("{fifteen}{}", (10 - sum % 10) % 10)
}

/// ISO 13616: 98 less the remainder of the whole, letters as numbers, by 97.
fn iban(number: usize) -> String {
    let account = format!("NWBK6016{:010}", 1_331_926_000_usize + number * 41);
    let digits: String = format!("{account}GB00")
        .chars()
        .map(|c| c.to_digit(36).expect("a letter or a digit").to_string())
        .collect();
    let rest = digits.bytes().fold(0_u32, |rest, digit| {
        (rest * 10 + u32::from(digit - b'0')) % 97
    });
    format!("GB{:02}{account}", 98 - rest)
}

fn grouped(text: &str, sizes: &[usize], between: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    for size in sizes {
        let (group, after) = rest.split_at((*size).min(rest.len()));
        groups.push(group);
        rest = after;
    }
    groups.join(between)
}

impl Canary {
    /// `number` makes it unlike every other.
    pub(super) fn new(detail: Detail, number: usize) -> Self {
        let word = letters(number);
        let made = |said: String, slug: String, needles: &[&str]| Self {
            said,
            slug,
            name: None,
            needles: needles.iter().map(|needle| (*needle).to_owned()).collect(),
        };
        match detail {
            Detail::NhsNumber => {
                let digits = nhs_number(number);
                let (spaced, dashed) = (
                    grouped(&digits, &[3, 3, 4], " "),
                    grouped(&digits, &[3, 3, 4], "-"),
                );
                made(
                    format!("My NHS number is {spaced}, they asked."),
                    format!("nhs-number-{dashed}"),
                    &[&digits, &spaced, &dashed],
                )
            }
            Detail::Nino => {
                let digits = format!("{:06}", 100_003 + number * 17);
                let plain = format!("AB{digits}C");
                let spaced = grouped(&plain, &[2, 2, 2, 2, 1], " ");
                made(
                    format!("National Insurance number {spaced} is on the form."),
                    format!("national-insurance-{plain}"),
                    &[&plain, &spaced],
                )
            }
            Detail::Email => {
                let user = format!("zqpost{word}");
                Self {
                    name: Some(format!("{user}@clinic.example")),
                    ..made(
                        format!("Write to {user}@clinic.example about it."),
                        format!("{user}@clinic.example"),
                        &[&user],
                    )
                }
            }
            Detail::SpeltEmail => {
                let user = format!("zqspelt{word}");
                made(
                    format!("Write to {user} at clinic dot example about it."),
                    format!("{user}-at-clinic-dot-example"),
                    &[&user],
                )
            }
            Detail::Phone => {
                let digits = format!("07911{:06}", 100_019 + number * 19);
                let spaced = grouped(&digits, &[5, 6], " ");
                let dashed = grouped(&digits, &[5, 6], "-");
                made(
                    format!("Ring me on {spaced} after six."),
                    format!("call-{dashed}"),
                    &[&digits, &spaced, &dashed, &digits[1..]],
                )
            }
            Detail::Postcode => {
                const ENDS: &[u8] = b"ABEFGJLNPQUWXYZ";
                let (first, second) = (ENDS[number % 15], ENDS[number / 15 % 15]);
                let end = format!(
                    "{}{}{}",
                    number / 225 % 10,
                    char::from(first),
                    char::from(second)
                );
                let (spaced, dashed) = (format!("LS6 {end}"), format!("ls6-{end}"));
                made(
                    format!("We live at 12 Quarry Lane, {spaced}, near the mill."),
                    dashed.clone(),
                    &[
                        &spaced,
                        &dashed,
                        &format!("LS6%20{end}"),
                        &format!("LS6+{end}"),
                    ],
                )
            }
            Detail::Person => {
                let surname = format!("Quill{word}");
                Self {
                    name: Some(format!("Margaret {surname}")),
                    ..made(
                        format!("My name is Margaret {surname} and I wait."),
                        format!("my-name-is-margaret-{surname}"),
                        &[&surname],
                    )
                }
            }
            Detail::Born => {
                let (day, month, year) =
                    (number % 28 + 1, number / 28 % 12 + 1, 1930 + number / 336);
                let (slashed, dashed) = (
                    format!("{day:02}/{month:02}/{year}"),
                    format!("{day:02}-{month:02}-{year}"),
                );
                made(
                    format!("My date of birth is {slashed} by the way."),
                    format!("date-of-birth-{dashed}"),
                    &[&slashed, &dashed],
                )
            }
            Detail::Handle => {
                let handle = format!("zqhandle{word}");
                Self {
                    name: Some(format!("@{handle}")),
                    ..made(
                        format!("Ask @{handle} about it."),
                        format!("@{handle}"),
                        &[&handle],
                    )
                }
            }
            Detail::Card => {
                let digits = card(number);
                let spaced = grouped(&digits, &[4, 4, 4, 4], " ");
                let dashed = grouped(&digits, &[4, 4, 4, 4], "-");
                made(
                    format!("They charged my card {spaced} twice."),
                    format!("card-{digits}"),
                    &[&digits, &spaced, &dashed],
                )
            }
            Detail::Bank => {
                let plain = iban(number);
                let spaced = grouped(&plain, &[4, 4, 4, 4, 4, 2], " ");
                made(
                    format!("Pay to {spaced} for the bus."),
                    format!("iban-{plain}"),
                    &[&plain, &spaced, &plain[4..]],
                )
            }
            Detail::Ip => {
                let address = format!("81.2.{}.{}", number / 200 + 10, number % 200 + 20);
                made(
                    format!("Posted from {address} last night."),
                    format!("from-{address}"),
                    &[&address],
                )
            }
        }
    }
}
