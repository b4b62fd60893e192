//! What fuzzing with coverage has found worth keeping, read as the fuzz targets read it: nothing
//! panics, and what is refused has a message. The targets themselves are in `tests/fuzz`.

use sim::campaign::Shard;
use sim::journal::{JournalReader, Story};
use sim::logs::{Feed, LogReadOptions};
use sim::report::{Style, summary};
use sim::scenario::{SourceText, load};
use std::fs;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/tests/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let seeds: Vec<_> =
        entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("readable")).collect();
    assert!(seeds.len() > 3, "{target}");
    seeds
}

#[test]
fn scenarios_load_or_are_refused_with_a_message() {
    for seed in seeds("scenario") {
        let text = String::from_utf8_lossy(&seed).into_owned();
        if let Err(problems) = load(&SourceText::file("seed.yaml", text), &[]) {
            assert!(problems.render(false).contains("error: "));
        }
    }
}

#[test]
fn journals_and_shards_are_read_to_their_first_bad_line() {
    for seed in seeds("journal") {
        let Ok(reader) = JournalReader::new(&seed[..]) else { continue };
        let header = reader.header().clone();
        let mut story = Story::default();
        reader.map_while(Result::ok).for_each(|entry| story.add(&entry));
        assert!(
            !summary(
                &header,
                &story,
                sim::report::Extras::default(),
                Style { color: false, width: 80 }
            )
            .is_empty()
        );
    }
    for seed in seeds("shard") {
        if let Err(error) = Shard::read(&seed[..]) {
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_log_is_the_same_however_it_is_cut_into_pieces() {
    for seed in seeds("logs") {
        let read = |piece: usize| {
            let mut feed = Feed::new(LogReadOptions::default());
            let mut requests = 0;
            seed.chunks(piece).for_each(|piece| feed.push(piece));
            feed.finish();
            while feed.step(&mut |_| requests += 1) {}
            requests
        };
        assert_eq!(read(7), read(1 << 16));
    }
}
