use discover_crawler::parse::{self, Head};
use discover_model::{NetworkId, Source, SourceKind, SourceOptions};
use url::Url;
fn cpu() -> u128 {
    let t = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    t.split(' ').next().and_then(|x| x.parse().ok()).unwrap_or(0)
}
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let max: usize = std::env::args().nth(2).map_or(usize::MAX, |x| x.parse().unwrap());
    let rounds: u32 = std::env::args().nth(3).map_or(20, |x| x.parse().unwrap());
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    let feeds: Vec<Vec<u8>> = files.iter().map(|f| std::fs::read(f).unwrap()).filter(|f| f.len() <= max).collect();
    let bytes: usize = feeds.iter().map(Vec::len).sum();
    let base = Url::parse("https://site.example/feed").unwrap();
    let head = Head::default();
    let source = Source::new(NetworkId::from_u128(1), SourceKind::Feed, base.clone(), SourceOptions::default());
    let n = feeds.len() as f64 * f64::from(rounds);
    let a = cpu();
    for _ in 0..rounds { for f in &feeds { let _ = std::hint::black_box(parse::feed(f, &base, &head)); } }
    let b = cpu();
    let mut items = 0;
    for _ in 0..rounds { for f in &feeds { if let Ok(p) = parse::feed(f, &base, &head) { items += std::hint::black_box(parse::items(&p, &source)).len(); } } }
    let c = cpu();
    let us = |x: u128| x as f64 / 1e3 / n;
    println!("{} feeds mean {} B, {} items/feed; parse {:.1} us ({:.0} MB/s), parse+items {:.1} us", feeds.len(), bytes / feeds.len(), items as f64 / n, us(b - a), bytes as f64 * f64::from(rounds) / (b - a) as f64 * 1e3, us(c - b));
}
