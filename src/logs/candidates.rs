//! What may be the response time of a line of text, but does not say so.

use super::elapsed::amount;
use super::elapsed_field::ElapsedField;
use super::layout::LineLayout;
use super::line_words::Word;
use super::role::Role;
use super::sketch::{LineShape, pieces};
use super::units_said::likeliest;

/// A word with numbers inside, the last of which may be the response time: `**0/69000**`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hidden {
    pub word: String,
    pub number: String,
    /// How lines are written if that is so, in the likeliest unit.
    pub pattern: String,
}

/// Whether a word is an address.
pub(super) fn is_address(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.parse::<std::net::IpAddr>().is_ok()
}

/// Numbers that may be the response time, if somebody says so.
pub(super) fn candidates(line: &[u8], words: &[Word], shape: &LineShape) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let taken = shape.roles.iter().any(|(taken, _)| *taken == index);
        let text = word.text(line);
        // What follows the status is the size of the answer.
        let after_status =
            shape.roles.iter().any(|(taken, role)| *role == Role::Status && *taken + 1 == index);
        if !taken && !after_status && index > shape.time.1 && amount(text, 1).is_some() {
            found.push((index + 1, String::from_utf8_lossy(text).into_owned()));
        }
    }
    found
}

/// A word with numbers inside, if there is one that may hold the response time.
pub(super) fn hidden(line: &[u8], words: &[Word], shape: &LineShape) -> Option<Hidden> {
    let taken = |index: usize| shape.roles.iter().any(|(taken, _)| *taken == index);
    for (index, word) in words.iter().enumerate().skip(shape.time.1 + 1) {
        let text = word.text(line);
        let letters = text.iter().any(u8::is_ascii_alphabetic);
        let address = std::str::from_utf8(text).is_ok_and(|text| {
            text.parse::<std::net::SocketAddr>().is_ok() || is_address(text.as_bytes())
        });
        let plain = amount(text, 1).is_some();
        if taken(index) || word.named.is_some() || letters || address || plain || text.len() > 80 {
            continue;
        }
        let numbers = numbers(line, word);
        let Some(last) = numbers.last().filter(|last| amount(last.text(line), 1).is_some()) else {
            continue;
        };
        let number = String::from_utf8_lossy(last.text(line)).into_owned();
        let more = numbers.len() - 1;
        let shift = |word: usize| if word > index { word + more } else { word };
        let unit = Some(likeliest(&number));
        let with_it = LineShape {
            time: shape.time,
            roles: shape.roles.iter().map(|(word, role)| (shift(*word), *role)).collect(),
            elapsed: Some(ElapsedField { word: index + more, unit, name: None, guess: None }),
        };
        let words = [&words[..index], &numbers, &words[index + 1..]].concat();
        let pattern = LineLayout::new(pieces(line, &words, &with_it)).ok()?.text();
        let word = String::from_utf8_lossy(text).into_owned();
        return Some(Hidden { word, number, pattern });
    }
    None
}

/// The numbers inside of a word, as words.
fn numbers(line: &[u8], word: &Word) -> Vec<Word> {
    let mut numbers = Vec::new();
    let mut at = word.from;
    while at < word.to {
        let part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        let length = line[at..word.to].iter().take_while(|byte| part(byte)).count();
        if length > 0 && line[at].is_ascii_digit() {
            numbers.push(Word { from: at, to: at + length, open: None, named: None });
        }
        at += length.max(1);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::layout::Spans;
    use crate::logs::line_words::words;
    use crate::logs::template::{Described, parse};

    #[test]
    fn a_number_inside_of_a_word_is_offered_with_the_description_that_takes_it() {
        let head = "1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 5 ";
        for (tail, pattern, number) in [
            ("**0/69000**", "**$_/$elapsed_us**", "69000"),
            ("(60642713-0.069)", "($_-$request_time)", "0.069"),
            (
                "[\"192.0.2.7:1800\" \"0.069\" \"0.068\"]",
                "[\"$_:$_\" \"$_\" \"$request_time\"",
                "0.068",
            ),
        ] {
            let line = format!("{head}{tail}");
            let line = line.as_bytes();
            let words = words(line, None);
            let roles = vec![(0, Role::Address), (4, Role::Request), (5, Role::Status)];
            let shape = LineShape { time: (3, 3), roles, elapsed: None };
            let found = hidden(line, &words, &shape).expect(tail);
            assert!(found.pattern.ends_with(pattern), "{tail}: {}", found.pattern);
            assert_eq!((found.number.as_str(), found.word.is_empty()), (number, false));
            let Ok(Described::Text(layout)) = parse(&found.pattern) else { panic!("{tail}") };
            let slots =
                layout.slots(line, &mut Spans::new()).expect("it is how the line is written");
            let part = slots.parts().next().map(|(part, _)| part.to_vec());
            assert_eq!(part.as_deref(), Some(number.as_bytes()), "{tail}");
        }
        let plain = format!("{head}\"-\" 10.0.0.1:80");
        let words = words(plain.as_bytes(), None);
        let shape = LineShape { time: (3, 3), roles: vec![(5, Role::Status)], elapsed: None };
        assert_eq!(hidden(plain.as_bytes(), &words, &shape), None, "a size and an address");
    }
}
