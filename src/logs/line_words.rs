//! A line of text as words: bare ones, quoted ones, bracketed ones, cells between bars; and which
//! of them are its time.

use super::notation;
use jiff::tz::TimeZone;

/// A word of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Where its text begins and ends, without quotes or brackets, without `name=` in front.
    pub from: usize,
    pub to: usize,
    /// What encloses it.
    pub open: Option<u8>,
    /// Where the name in front of it begins (`rt=0.069`, `rt:0.069`).
    pub named: Option<usize>,
}

impl Word {
    /// Its text.
    pub fn text<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[self.from..self.to]
    }

    /// The name in front of it, without its sign.
    pub fn name<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        let name = &line[self.named?..self.from];
        let end = name.iter().position(|byte| b"=:".contains(byte))?;
        Some(&name[..end])
    }

    /// Where its text ends with what encloses it.
    fn end(&self) -> usize {
        self.to + usize::from(self.open.is_some())
    }
}

/// How many words of a line are looked at. A choice that bounds what a hostile line costs: lines of
/// access logs have a few dozen at most.
const MOST: usize = 80;

/// The words of a line; between `separator`s, or between spaces without one.
pub(super) fn words(line: &[u8], separator: Option<u8>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < line.len() && words.len() < MOST {
        let word = match separator {
            Some(separator) => cell(line, at, separator),
            None => {
                let spaces = line[at..].iter().take_while(|b| b" \t".contains(b)).count();
                at += spaces;
                if at >= line.len() {
                    break;
                }
                word(line, at)
            }
        };
        at = word.end().max(at + usize::from(separator.is_none()));
        if separator.is_some() {
            at += 1;
        }
        words.push(word);
    }
    words
}

fn cell(line: &[u8], at: usize, separator: u8) -> Word {
    let end = memchr::memchr(separator, &line[at..]).map_or(line.len(), |found| at + found);
    let text = &line[at..end];
    let from = at + (text.len() - text.trim_ascii_start().len());
    let to = from + text.trim_ascii().len();
    if to >= from + 2 && line[from] == b'"' && line[to - 1] == b'"' {
        return Word { from: from + 1, to: to - 1, open: Some(b'"'), named: None };
    }
    Word { from, to, open: None, named: None }
}

fn word(line: &[u8], at: usize) -> Word {
    let enclosed = |at: usize, named: Option<usize>| {
        let open = line[at];
        let close = match open {
            b'[' => b']',
            b'{' => b'}',
            b'(' => b')',
            _ => open,
        };
        let to = closing(line, at + 1, close)?;
        Some(Word { from: at + 1, to, open: Some(open), named })
    };
    if b"\"[{".contains(&line[at])
        && let Some(word) = enclosed(at, None)
    {
        return match time_before_more(word.text(line)) {
            Some(length) => Word { to: word.from + length, ..word },
            None => word,
        };
    }
    let mut end = at;
    while end < line.len() && !b" \t".contains(&line[end]) {
        let sign = b"=:".contains(&line[end]) && end > at && is_name(&line[at..end]);
        if sign
            && line.get(end + 1) == Some(&b'"')
            && let Some(word) = enclosed(end + 1, Some(at))
        {
            return word;
        }
        if sign && line.get(end + 1).is_some_and(|byte| !b" \t/".contains(byte)) {
            let rest = &line[end + 1..];
            let length = rest.iter().position(|b| b" \t".contains(b)).unwrap_or(rest.len());
            return Word { from: end + 1, to: end + 1 + length, open: None, named: Some(at) };
        }
        end += 1;
    }
    Word { from: at, to: end, open: None, named: None }
}

/// How long the time is at the beginning of a bracket that holds more: `[2018-11-07T22:00:02Z INFO`
/// of Rust's loggers, `[2018-11-07T22:00:02.479 #4171]` of Ruby's.
fn time_before_more(inside: &[u8]) -> Option<usize> {
    let length = memchr::memchr(b' ', inside)?;
    let [_, _, _, _, b'-', _, _, b'-', _, _, b'T', _, _, b':', ..] = inside else { return None };
    let more = inside[length..].trim_ascii();
    // An offset or the name of a zone belongs to the time.
    let zone = matches!(more.first(), Some(b'+' | b'-'))
        || more.len() <= 5 && more.iter().all(u8::is_ascii_uppercase);
    (length >= 19 && !zone).then_some(length)
}

fn is_name(text: &[u8]) -> bool {
    text[0].is_ascii_alphabetic()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

fn closing(line: &[u8], from: usize, close: u8) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr2(close, b'\\', line.get(at..)?)?;
        if line[found] == close {
            return Some(found);
        }
        at = found + 2;
    }
}

/// The separator of a line that has one in place of spaces: bars, tabs or semicolons with nothing
/// around them.
pub(super) fn separator(lines: &[&[u8]]) -> Option<u8> {
    let dense = |line: &[u8], separator: u8| {
        let bare = line
            .windows(3)
            .filter(|three| three[1] == separator && !(three[0] == b' ' && three[2] == b' '));
        bare.count() >= 4
    };
    [b'|', b'\t', b';'].into_iter().find(|separator| {
        let n = lines.iter().filter(|line| dense(line, *separator)).count();
        // An agent has semicolons of its own, but is in quotes then.
        let quotes = lines.iter().any(|line| line.contains(&b'"')) && *separator == b';';
        2 * n >= lines.len().max(1) && !quotes
    })
}

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

/// The time among the words of a text, as it is written there.
pub(super) fn time_in(text: &[u8]) -> Option<&[u8]> {
    let words = words(text, None);
    let (first, last) = time(text, &words)?;
    Some(&text[words[first].from..words[last].to])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str, separator: Option<u8>) -> Vec<&str> {
        let words = words(line.as_bytes(), separator);
        words.into_iter().map(|word| &line[word.from..word.to]).collect()
    }

    #[test]
    fn words_are_enclosed_named_or_bare() {
        let line = r#"a [b c]  "d \"e" rt=0.1 x:"y z" ["1" "2"]"-" 12:30 http://a/b ""#;
        let expected =
            ["a", "b c", r#"d \"e"#, "0.1", "y z", r#""1" "2""#, "-", "12:30", "http://a/b", "\""];
        assert_eq!(texts(line, None), expected);
        assert_eq!(texts("a b|c||\"d\"|e", Some(b'|')), ["a b", "c", "", "d", "e"]);
        assert_eq!(texts("", None), Vec::<&str>::new());
    }

    #[test]
    fn bars_separate_only_where_nothing_is_around_them() {
        assert_eq!(separator(&[b"a|b|c|d|e"]), Some(b'|'));
        assert_eq!(separator(&[b"a | b | c | d | e"]), None);
        assert_eq!(separator(&[b"a b c"]), None);
    }

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
