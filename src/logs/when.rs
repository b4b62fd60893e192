//! Which words of a line are its time.

use super::notation;
use super::words::{Word, words};
use jiff::tz::TimeZone;

/// First and last word of the time: a bracketed one before any other, one word before two.
pub(super) fn time(line: &[u8], words: &[Word]) -> Option<(usize, usize)> {
    let reads = |from: usize, to: usize| {
        let text = &line[words[from].from..words[to].to];
        text.len() > 9 && notation::read(text, &TimeZone::UTC).is_some()
    };
    let all = || 0..words.len();
    let epoch = |word: usize| !words[word].text(line).contains(&b':');
    let bracketed = all().find(|word| words[*word].open == Some(b'[') && reads(*word, *word));
    let one = || all().find(|word| !epoch(*word) && reads(*word, *word));
    let two = || all().skip(1).find(|word| reads(word - 1, *word)).map(|word| (word - 1, word));
    let number = || all().find(|word| epoch(*word) && reads(*word, *word));
    let single = |word: usize| (word, word);
    bracketed
        .map(single)
        .or_else(|| match (one(), two()) {
            // `07/Nov/2018:22:00:02 +0000`: the second word belongs to the first.
            (Some(word), Some(pair)) if pair.0 == word => Some(pair),
            (Some(word), _) => Some(single(word)),
            (None, pair) => pair,
        })
        .or_else(|| number().map(single))
}

/// The time among the words of a text, as it stands there.
pub(super) fn time_in(text: &[u8]) -> Option<&[u8]> {
    let words = words(text, None);
    let (first, last) = time(text, &words)?;
    Some(&text[words[first].from..words[last].to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_among_other_words() {
        for (text, time) in [
            ("I, [2018-11-07T22:00:02.479 #4171]  INFO -- :", Some("2018-11-07T22:00:02.479")),
            ("2018/11/07 22:00:02.479\tinfo\thttp.log", Some("2018/11/07 22:00:02.479")),
            ("web-1  | [2018-11-07T22:00:02Z INFO  app]", Some("2018-11-07T22:00:02Z")),
            ("[07/Nov/2018:22:00:02 +0000] web", Some("07/Nov/2018:22:00:02 +0000")),
            ("[2018-11-07T22:00:02 +0000] web", Some("2018-11-07T22:00:02 +0000")),
            ("level=info web-1 |", None),
        ] {
            assert_eq!(time_in(text.as_bytes()), time.map(str::as_bytes), "{text}");
        }
    }
}
