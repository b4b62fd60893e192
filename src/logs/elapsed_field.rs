//! Finds the word of a line of text that says it is the response time.

use super::elapsed::{ElapsedUnit, amount, with_unit};
use super::line_words::Word;

/// The place of the response time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ElapsedField {
    pub word: usize,
    pub unit: Option<ElapsedUnit>,
    /// By which name it is found, however many words are before it.
    pub name: Option<Vec<u8>>,
    pub guess: Option<&'static str>,
}

/// Names of the request's time in seconds, as nginx's users write them.
const IN_SECONDS: [&[u8]; 5] =
    [b"rt", b"request_time", b"reqtime", b"request-time", b"response_time"];
/// Names of the upstream's share of it.
const UPSTREAM: [&[u8]; 3] = [b"urt", b"upstream_response_time", b"uht"];

/// Whether a word is nothing else.
pub(super) type Free<'a> = &'a dyn Fn(usize) -> bool;

/// The word of the response time, among those that are nothing else.
pub(super) fn find_elapsed(line: &[u8], words: &[Word], free: Free) -> Option<ElapsedField> {
    let all = || (0..words.len()).filter(|word| free(*word));
    let text = |word: usize| words[word].text(line);
    // `rt=0.069`, `rt:0.069`, `rt: 0.069`, `request_time 0.069`.
    let name = |word: usize| {
        let before = word.checked_sub(1).filter(|before| free(*before)).map(text);
        let before = before.map(|name| name.strip_suffix(b":").unwrap_or(name));
        words[word].name(line).or(before).unwrap_or(b"")
    };
    let number = |word: &usize| amount(text(*word), 1_000_000_000).is_some();
    let by_name = |names: &[&[u8]]| {
        let found = all().filter(number).find(|word| names.contains(&name(*word)))?;
        let stands_apart = words[found].named.is_none();
        // `rt: 0.069 msec`: the word behind it says another unit than the name.
        let behind = words.get(found + 1).map(|next| next.text(line)).unwrap_or(b"");
        let unit = std::str::from_utf8(behind).ok().and_then(|word| word.parse().ok());
        if unit.is_some_and(|unit: ElapsedUnit| stands_apart && unit != ElapsedUnit::Seconds) {
            return None;
        }
        let name = (!stands_apart).then(|| name(found).to_vec());
        Some(ElapsedField { word: found, unit: Some(ElapsedUnit::Seconds), name, guess: None })
    };
    let with_its_unit = || {
        let word = all().find(|word| {
            let text = text(*word);
            text.first().is_some_and(u8::is_ascii_digit) && with_unit(text).is_some()
        })?;
        let name = words[word].name(line).map(<[u8]>::to_vec);
        Some(ElapsedField { word, unit: None, name, guess: None })
    };
    let named_unit = || {
        all().filter(number).find_map(|word| {
            let name = words[word].name(line)?;
            let unit = ElapsedUnit::of_name(std::str::from_utf8(name).ok()?)?;
            Some(ElapsedField { word, unit: Some(unit), name: Some(name.to_vec()), guess: None })
        })
    };
    // `69.1 ms`: the word behind the number is its unit, unless its own name says another.
    let unit_behind = || {
        all().filter(number).find_map(|word| {
            let behind = words.get(word + 1).filter(|next| next.open.is_none())?.text(line);
            let unit = std::str::from_utf8(behind).ok()?.parse::<ElapsedUnit>().ok()?;
            let contradicts = IN_SECONDS.contains(&name(word)) || UPSTREAM.contains(&name(word));
            let unit = Some(unit).filter(|_| !contradicts)?;
            Some(ElapsedField { word, unit: Some(unit), name: None, guess: None })
        })
    };
    // nginx writes its $request_time with three decimals, and without quotes.
    let lone = || {
        let word = all().find(|word| {
            let text = text(*word);
            let point = memchr::memchr(b'.', text);
            let doubtful = IN_SECONDS.contains(&name(*word)) || UPSTREAM.contains(&name(*word));
            number(word)
                && !doubtful
                && words[*word].open.is_none()
                && words[*word].named.is_none()
                && point.is_some_and(|point| text.len() - point == 4)
        })?;
        let guess = Some("it has the three decimals of nginx's $request_time");
        Some(ElapsedField { word, unit: Some(ElapsedUnit::Seconds), name: None, guess })
    };
    by_name(&IN_SECONDS)
        .or_else(with_its_unit)
        .or_else(named_unit)
        .or_else(unit_behind)
        .or_else(lone)
        .or_else(|| by_name(&UPSTREAM))
}
