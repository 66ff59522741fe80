use std::fs;
use std::path::Path;

use super::support::{Home, conversation, home, id, post};
use crate::{Index, IndexError};
use jiff::civil::date;

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the index") {
        let entry = entry.expect("a file");
        if !entry.file_name().to_string_lossy().ends_with(".lock") {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

fn files_with(dir: &Path, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("the index") {
        let entry = entry.expect("a file");
        let bytes = fs::read(entry.path()).expect("its bytes");
        if bytes
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
        {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn what_was_not_committed_is_not_claimed_after_a_crash() {
    let home = home(&[conversation(1, "One", "first")]);
    home.index.commit(41).expect("commit");
    home.index
        .put(&conversation(2, "Two", "second"))
        .expect("put");
    // The files as they are while the writer is alive are what a killed process leaves.
    let left = tempfile::tempdir().expect("a folder");
    copy(home.dir.path(), left.path());
    let reopened = Index::open(left.path(), "UTC").expect("an index");
    assert_eq!(reopened.committed_seq(), 41);
    assert_eq!(reopened.all_ids().expect("ids"), [id(1)]);
}

#[test]
fn a_conversation_stands_once_however_often_it_is_put() {
    let home = home(&[]);
    let put = |words| {
        let put = home.index.put(&conversation(1, "One", words));
        put.expect("put");
    };
    put("first");
    put("second");
    home.index.commit(2).expect("commit");
    assert_eq!(home.index.all_ids().expect("ids"), [id(1)]);
    put("third");
    home.index.commit(3).expect("commit");
    assert_eq!(home.index.all_ids().expect("ids"), [id(1)]);
    home.index.remove(id(1)).expect("remove");
    put("fourth");
    home.index.commit(4).expect("commit");
    assert_eq!(home.index.all_ids().expect("ids"), [id(1)]);
    home.index.purge().expect("purge");
    assert!(files_with(home.dir.path(), "third").is_empty());
    assert_eq!(home.index.doc_count(), 1);
}

#[test]
fn the_seq_survives_merging_and_purging() {
    let home = home(&[]);
    for seq in 2..30 {
        home.index
            .put(&conversation(u128::from(seq), "One", "words"))
            .expect("put");
        home.index.commit(seq).expect("commit");
    }
    home.index.remove(id(5)).expect("remove");
    home.index.commit(77).expect("commit");
    home.index.purge().expect("purge");
    assert_eq!(
        (home.index.committed_seq(), home.index.doc_count()),
        (77, 27)
    );
    drop(home.index);
    let reopened = Index::open(home.dir.path(), "UTC").expect("an index");
    assert_eq!((reopened.committed_seq(), reopened.doc_count()), (77, 27));
    reopened.clear().expect("clear");
    assert_eq!((reopened.committed_seq(), reopened.doc_count()), (0, 0));
}

#[test]
fn a_flipped_byte_or_a_lost_file_is_found_at_opening() {
    let home = home(&[conversation(1, "One", "first words")]);
    let whole = tempfile::tempdir().expect("a folder");
    copy(home.dir.path(), whole.path());
    drop(Index::open(whole.path(), "UTC").expect("whole"));
    let mut tried = 0;
    for entry in fs::read_dir(home.dir.path()).expect("the index") {
        let name = entry.expect("a file").file_name();
        let text = name.to_string_lossy().into_owned();
        if text.ends_with(".lock") || text.starts_with('.') {
            continue;
        }
        for lose in [false, true] {
            let broken = tempfile::tempdir().expect("a folder");
            copy(home.dir.path(), broken.path());
            let path = broken.path().join(&name);
            if lose {
                fs::remove_file(&path).expect("gone");
            } else {
                let mut bytes = fs::read(&path).expect("bytes");
                let middle = bytes.len() / 3;
                bytes[middle] ^= 0x55;
                fs::write(&path, bytes).expect("written");
            }
            let error = Index::open(broken.path(), "UTC").expect_err(&text);
            assert!(
                matches!(error, IndexError::Corrupt(_)),
                "{text} lost {lose}: {error:?}"
            );
            tried += 1;
        }
    }
    assert!(tried > 8);
}

#[test]
fn after_a_purge_no_file_holds_a_word_of_what_was_removed() {
    let mut secret = conversation(1, "Zzyzxtitle", "Qwyjibo is the opening word");
    post(&mut secret, date(2026, 11, 2), "and Wibblefoo a reply");
    let mut others: Vec<_> = (2..60)
        .map(|n| conversation(n, "Plain", "ordinary words"))
        .collect();
    others.push(secret.clone());
    let home = home(&others);
    let word = "qwyjibo";
    assert!(!files_with(home.dir.path(), &word[2..]).is_empty() || home.found(word) == [1]);
    // Held open by a search of the moment before, as on a busy server.
    let _kept = home.answer("ordinary");
    home.index.remove(secret.id).expect("remove");
    home.index.commit(2).expect("commit");
    home.index.purge().expect("purge");
    for word in ["qwyjibo", "zzyzxtitle", "wibblefoo", "zzyzxtitl"] {
        assert_eq!(
            files_with(home.dir.path(), word),
            Vec::<String>::new(),
            "{word}"
        );
    }
    let bytes = secret.id.to_bytes();
    for entry in fs::read_dir(home.dir.path()).expect("the index") {
        let file = fs::read(entry.expect("a file").path()).expect("bytes");
        assert!(!file.windows(16).any(|window| window == bytes) || bytes[..15] == [0; 15]);
    }
    assert_eq!(home.index.doc_count(), 58);
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let home = home(&[conversation(1, "One", "first")]);
    assert!(matches!(
        Index::open(home.dir.path(), "UTC"),
        Err(IndexError::Locked)
    ));
    let reader = Index::open_read_only(home.dir.path()).expect("a reader");
    assert_eq!(reader.doc_count(), 1);
    assert!(matches!(
        reader.put(&conversation(2, "Two", "x")),
        Err(IndexError::ReadOnly)
    ));
    let empty = tempfile::tempdir().expect("a folder");
    assert!(matches!(
        Index::open_read_only(empty.path()),
        Err(IndexError::Io(_))
    ));
}

#[test]
fn a_conversation_too_long_to_hold_is_found_by_its_beginning_and_its_end() {
    let mut long = conversation(1, "Endless", "beginningword");
    let filler = "filler words of a very long thread ".repeat(900);
    for n in 0..60 {
        let marker = match n {
            30 => "middleword ",
            59 => "endingword ",
            _ => "",
        };
        post(&mut long, date(2026, 11, 2), &format!("{marker}{filler}"));
    }
    let home = home(&[long]);
    assert_eq!(home.all("beginningword endingword"), [1]);
    assert!(home.all("middleword").is_empty());
}

#[test]
fn no_bit_of_the_lists_beside_the_segments_can_leave_anything_out() {
    let home = home(&[
        conversation(1, "One", "first words"),
        conversation(2, "Two", "second words"),
        conversation(3, "Three", "third words"),
        conversation(4, "Four", "fourth words"),
        conversation(5, "Five", "fifth words"),
    ]);
    home.index
        .put(&conversation(6, "Six", "sixth words"))
        .expect("put");
    home.index.remove(id(2)).expect("remove");
    home.index.commit(41).expect("commit");
    let expected = (41, home.index.all_ids().expect("ids"));
    let broken = tempfile::tempdir().expect("a folder");
    copy(home.dir.path(), broken.path());
    let (mut found, mut harmless) = (0, Vec::new());
    for name in ["meta.json", ".managed.json"] {
        let path = broken.path().join(name);
        let whole = fs::read(&path).expect("bytes");
        let text = String::from_utf8_lossy(&whole).into_owned();
        // The schema is compared as a whole with the one that is wanted.
        let (from, to) = match (text.find("\"schema\""), text.find("\"opstamp\": ")) {
            (Some(from), Some(_)) => (from, text.rfind("\"opstamp\": ").expect("behind it")),
            _ => (0, 0),
        };
        for at in (0..whole.len()).filter(|at| !(from..to).contains(at)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).expect("written");
            match Index::open(broken.path(), "UTC") {
                Err(IndexError::Corrupt(_)) => found += 1,
                Err(other) => panic!("{name} at {at}: {other:?}"),
                Ok(index) => {
                    let held = (index.committed_seq(), index.all_ids().expect("ids"));
                    assert_eq!(held, expected, "{name} at {at}");
                    harmless.push((name, at));
                }
            }
            fs::write(&path, &whole).expect("written");
        }
    }
    assert!(found > 500 && harmless.len() < 20, "{found} {harmless:?}");
}

#[test]
fn an_index_whose_days_are_of_another_time_zone_is_made_anew() {
    let home = home(&[conversation(1, "T", "blood test")]);
    let dir = home.dir.path().to_owned();
    let Home { dir: kept, index } = home;
    drop(index);
    assert!(
        matches!(Index::open(&dir, "Asia/Tokyo"), Err(IndexError::Corrupt(why)) if why.contains("Asia/Tokyo"))
    );
    assert!(Index::open_read_only(&dir).is_ok());
    assert!(Index::open(&dir, "UTC").is_ok());
    drop(kept);
}

#[test]
fn others_put_and_commit_while_removed_words_are_merged_away() {
    let home = home(&[]);
    for seq in 1..40_u64 {
        let word = if seq % 2 == 0 { "zyzzyva" } else { "keeper" };
        home.index
            .put(&conversation(u128::from(seq), word, word))
            .expect("put");
        home.index.commit(seq).expect("commit");
    }
    for seq in (2..40_u64).step_by(2) {
        home.index.remove(id(u128::from(seq))).expect("remove");
    }
    home.index.commit(50).expect("commit");
    let over = std::sync::atomic::AtomicBool::new(false);
    let relaxed = std::sync::atomic::Ordering::Relaxed;
    let last = std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            let mut seq = 50_u64;
            // The same few again and again, so that there are always segments with something to merge away.
            while !over.load(relaxed) {
                seq += 1;
                let number = 1 + u128::from(seq) % 3 * 2;
                home.index
                    .put(&conversation(number, "keeper", "edited"))
                    .expect("put");
                home.index.commit(seq).expect("commit");
            }
            seq
        });
        home.index.purge().expect("purge");
        over.store(true, relaxed);
        writes.join().expect("a writer")
    });
    assert_eq!(files_with(home.dir.path(), "zyzzyva"), Vec::<String>::new());
    assert!(last > 51, "{last}");
    assert_eq!(
        (home.index.committed_seq(), home.index.doc_count()),
        (last, 20)
    );
}
