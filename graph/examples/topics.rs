//! Measures the graph with the bench's own modules, without building the rest of the bench.
#[path = "../../bench/src/related.rs"]
mod related;
#[path = "../../bench/src/score.rs"]
mod score;
#[path = "../../bench/src/topics.rs"]
mod topics;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
        "topics" => topics::run(args[2].as_ref(), args.get(3).map(AsRef::as_ref), true).map(drop),
        "related" => related::run(args[2].as_ref(), args[3].as_ref()),
        _ => {
            let sizes: Vec<usize> = args[2..]
                .iter()
                .filter_map(|size| size.parse().ok())
                .collect();
            topics::grow(&sizes);
            Ok(())
        }
    }
}
