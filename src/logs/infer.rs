//! Lines of text whose format nobody has named: which word is what, by what the words look like.

use super::candidates::{Hidden, candidates, hidden, is_address};
use super::elapsed_field::{ElapsedField, find_elapsed};
use super::layout::{LineLayout, Spans};
use super::line_words::time;
use super::line_words::{Word, separator, words};
use super::role::{Field, Fields, Role};
use super::sketch::{LineShape, pieces};

/// A format that was found by looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inferred {
    pub layout: LineLayout,
    /// What was guessed and why, in sentences.
    pub guesses: Vec<String>,
    /// Words that may be the response time, but do not say so: their number and an example.
    pub candidates: Vec<(usize, String)>,
    /// Where no word is a number: one with numbers inside.
    pub hidden: Option<Hidden>,
}

/// Looks at the first lines. `None` if not even half of them have time, status and request.
pub(super) fn infer(lines: &[&[u8]], given: &Fields) -> Option<Inferred> {
    let between = separator(lines);
    let mut shapes: Vec<(LineShape, usize, &[u8])> = Vec::new();
    for line in lines {
        let Some(shape) = shape(line, &words(line, between), given) else { continue };
        match shapes.iter_mut().find(|(known, ..)| *known == shape) {
            Some((_, n, _)) => *n += 1,
            None => shapes.push((shape, 1, line)),
        }
    }
    shapes.sort_by_key(|(_, n, _)| std::cmp::Reverse(*n));
    let mut spans = Spans::new();
    for (shape, _, line) in shapes.iter().take(8) {
        let words = words(line, between);
        let Ok(layout) = LineLayout::new(pieces(line, &words, shape)) else { continue };
        let cut = lines.iter().filter(|line| layout.cut(line, &mut spans).is_ok()).count();
        if 2 * cut >= lines.len().max(1) {
            let guess = shape.elapsed.as_ref().and_then(|took| Some((took.word, took.guess?)));
            let guesses = guess.map(|(word, why)| {
                let text = String::from_utf8_lossy(words[word].text(line)).into_owned();
                format!("word {} (`{text}`) is the response time in seconds: {why}", word + 1)
            });
            let candidates = match shape.elapsed {
                Some(_) => Vec::new(),
                None => candidates(line, &words, shape),
            };
            let open = shape.elapsed.is_none() && candidates.is_empty();
            let hidden = if open { hidden(line, &words, shape) } else { None };
            let guesses = guesses.into_iter().collect();
            return Some(Inferred { layout, guesses, candidates, hidden });
        }
    }
    None
}

/// How far a line is understood, in words that follow "it".
pub(super) fn understood(line: &[u8]) -> String {
    let words = words(line, separator(&[line]));
    let shown = |from: usize, to: usize| {
        let text = String::from_utf8_lossy(&line[words[from].from..words[to].to]).into_owned();
        text.chars().take(40).collect::<String>()
    };
    let Some((first, last)) = time(line, &words) else {
        let text: String = String::from_utf8_lossy(line).chars().take(60).collect();
        if is_without_year(line) {
            return format!("begins `{text}`: a time without its year, and there is no other");
        }
        return format!("begins `{text}`, and no time can be read there");
    };
    let at = shown(first, last);
    match request(line, &words, &mut Vec::new()) {
        None => format!("has a time (`{at}`), but no request such as GET /path"),
        Some(word) => {
            let path = shown(word, word);
            format!("has a time (`{at}`) and a request (`{path}`), but no status after it")
        }
    }
}

/// Whether a line begins as syslog dates its lines: `Nov  7 22:00:02`.
fn is_without_year(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (Some(month), Some(day), Some(clock)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let digits = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    month.len() == 3
        && month.iter().all(u8::is_ascii_alphabetic)
        && day.len() <= 2
        && digits(day)
        && clock.len() == 8
        && clock.split(|byte| *byte == b':').filter(|part| digits(part)).count() == 3
}

const METHODS: [&[u8]; 11] = [
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"PATCH",
    b"PROPFIND",
    b"CONNECT",
    b"TRACE",
    b"PURGE",
];

fn is_request(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |byte| *byte == b' ');
    let method = parts.next().unwrap_or(b"");
    METHODS.contains(&method) && parts.next().is_some_and(is_target)
}

fn is_target(text: &[u8]) -> bool {
    text.starts_with(b"/") || text.starts_with(b"http") || text.starts_with(b"*")
}

fn is_status(text: &[u8]) -> bool {
    text.len() == 3
        && text.iter().all(u8::is_ascii_digit)
        && (matches!(text[0], b'1'..=b'5') || text == b"000")
}

fn is_agent(text: &[u8]) -> bool {
    let product = text.split(|byte| *byte == b'/').next().unwrap_or(b"");
    let version = text.get(product.len() + 1).is_some_and(u8::is_ascii_digit);
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_. ".contains(byte);
    version
        && product.first().is_some_and(u8::is_ascii_alphabetic)
        && product.iter().all(word)
        && product != b"HTTP"
}

/// The word that a person has named by its number (`11`, `-1` or `last`) or its name.
fn given_word(line: &[u8], words: &[Word], field: &Field) -> Option<usize> {
    if field.name == "last" {
        return words.len().checked_sub(1);
    }
    if let Ok(number) = field.name.parse::<i64>() {
        let from_end = words.len() as i64 + number;
        let index = if number < 0 { from_end } else { number - 1 };
        return usize::try_from(index).ok().filter(|index| *index < words.len());
    }
    words.iter().position(|word| word.name(line) == Some(field.name.as_bytes()))
}

/// The first of the named words that no line has, in words that follow "it".
pub(super) fn missing_word(lines: &[&[u8]], given: &Fields) -> Option<String> {
    let between = separator(lines);
    let has = |field: &Field| {
        lines.iter().any(|line| given_word(line, &words(line, between), field).is_some())
    };
    let (role, field) = given.iter().find(|(_, field)| !has(field))?;
    let most = lines.iter().map(|line| words(line, between).len()).max().unwrap_or(0);
    let (role, name) = (role.word(), &field.name);
    Some(format!("has no word `{name}` for {role}; its words have the numbers 1 to {most}"))
}

fn shape(line: &[u8], words: &[Word], given: &Fields) -> Option<LineShape> {
    let named = |role: Role| given.get(role).and_then(|field| given_word(line, words, field));
    let time = match named(Role::Time) {
        Some(word) => (word, word),
        None => time(line, words)?,
    };
    let mut roles: Vec<(usize, Role)> = Vec::new();
    let free = |roles: &[(usize, Role)], word: usize| {
        (word < time.0 || word > time.1) && roles.iter().all(|(taken, _)| *taken != word)
    };
    let request = match named(Role::Path) {
        Some(word) => {
            roles.push((
                word,
                if is_request(words[word].text(line)) { Role::Request } else { Role::Path },
            ));
            word
        }
        None => request(line, words, &mut roles)?,
    };
    let status = named(Role::Status).or_else(|| status(line, words, request, time))?;
    roles.push((status, Role::Status));
    let agent = named(Role::Agent).or_else(|| {
        let behind = (0..words.len()).filter(|word| *word > request && free(&roles, *word));
        let quoted: Vec<usize> = behind
            .filter(|word| words[*word].named.is_none())
            .filter(|word| words[*word].open == Some(b'"') || line.contains(&b'|'))
            .collect();
        let like = quoted.iter().find(|word| is_agent(words[**word].text(line)));
        // Referer, then agent.
        let second = quoted.get(1).filter(|_| {
            let referer = words[quoted[0]].text(line);
            referer == b"-" || referer.starts_with(b"http")
        });
        like.or(second).copied()
    });
    roles.extend(agent.map(|agent| (agent, Role::Agent)));
    let address = (0..words.len().min(4)).find(|word| is_address(words[*word].text(line)));
    roles.extend(address.filter(|word| free(&roles, *word)).map(|word| (word, Role::Address)));
    for (role, field) in given.iter() {
        let other = !matches!(role, Role::Time | Role::Status | Role::Path | Role::Agent);
        if other && *role != Role::Elapsed {
            let word = given_word(line, words, field).filter(|word| free(&roles, *word));
            roles.extend(word.map(|word| (word, *role)));
        }
    }
    let elapsed = match given.get(Role::Elapsed) {
        Some(field) => given_word(line, words, field).map(|word| {
            let name = words[word].name(line).map(<[u8]>::to_vec);
            ElapsedField { word, unit: field.unit, name, guess: None }
        }),
        None => find_elapsed(line, words, &|word| free(&roles, word)),
    };
    if given.get(Role::Elapsed).is_some() {
        // What a person says of a word counts before what it looks like.
        roles.retain(|(word, _)| elapsed.as_ref().is_none_or(|took| took.word != *word));
    }
    roles.sort_by_key(|(word, _)| *word);
    Some(LineShape { time, roles, elapsed: elapsed.filter(|took| free(&[], took.word)) })
}

/// The request, and its role: a whole request line, or method and path one after the other.
fn request(line: &[u8], words: &[Word], roles: &mut Vec<(usize, Role)>) -> Option<usize> {
    let text = |word: usize| words[word].text(line);
    if let Some(word) = (0..words.len()).find(|word| is_request(text(*word))) {
        roles.push((word, Role::Request));
        return Some(word);
    }
    let method =
        (1..words.len()).find(|word| METHODS.contains(&text(word - 1)) && is_target(text(*word)));
    if let Some(word) = method {
        roles.push((word - 1, Role::Method));
        roles.push((word, Role::Path));
        return Some(word);
    }
    let path = (0..words.len()).find(|word| text(*word).starts_with(b"/"))?;
    roles.push((path, Role::Path));
    Some(path)
}

fn status(line: &[u8], words: &[Word], request: usize, time: (usize, usize)) -> Option<usize> {
    let is = |word: &usize| is_status(words[*word].text(line));
    let called = |word: &usize| {
        let before = word.checked_sub(1).map(|before| words[before].text(line));
        let name = words[*word].name(line).or(before).unwrap_or(b"");
        name.trim_ascii_end().strip_suffix(b":").unwrap_or(name).eq_ignore_ascii_case(b"status")
    };
    let all = || (0..words.len()).filter(is);
    all()
        .find(called)
        .or_else(|| all().find(|word| *word > request))
        .or_else(|| all().find(|word| *word > time.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::elapsed::ElapsedUnit;
    use jiff::tz::TimeZone;

    const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0";

    fn inferred(line: &str) -> Inferred {
        let line = line.replace("AGENT", AGENT);
        let lines = [line.as_bytes(); 3];
        infer(&lines, &Fields::default()).unwrap_or_else(|| panic!("{line}"))
    }

    /// Path, status, agent and microseconds of a line, by the format that it shows itself.
    fn read(line: &str) -> (String, u16, bool, Option<u64>) {
        let found = inferred(line);
        let line = line.replace("AGENT", AGENT);
        let slots = found.layout.slots(line.as_bytes(), &mut Spans::new());
        let slots = slots.unwrap_or_else(|stop| panic!("{} {stop:?}", found.layout.text()));
        let reading = super::super::assemble::AssemblyContext { zone: &TimeZone::UTC, plus: false };
        let request = super::super::assemble::assemble(slots, reading);
        let request = request.unwrap_or_else(|flaw| panic!("{}: {flaw:?}", found.layout.text()));
        assert_eq!(request.at.rfc3339(), "2018-11-07T22:00:02Z", "{line}");
        let agent = request.agent.as_deref() == Some(AGENT.as_bytes());
        let target = String::from_utf8_lossy(&request.target).into_owned();
        (target, request.status, agent, request.elapsed.map(|span| span.0 / 1_000))
    }

    const SHAPES: &[(&str, bool, Option<u64>)] = &[
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5"#, false, None),
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#, true, None),
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 0.069"#, true, Some(69_000)),
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1"  200 5 "-" "AGENT" "2.98""#, true, None),
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 69000"#, true, None),
        (
            r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" rt=0.069 urt="0.06""#,
            true,
            Some(69_000),
        ),
        (
            r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" urt="0.069""#,
            true,
            Some(69_000),
        ),
        (
            "1.2.3.4 - - [TIME] \"GET /a HTTP/1.1\" 200 5 \"-\" \"AGENT\" \"-\" \
                 upstream_response_time 0.05 msec 1541628002.479 request_time 0.069",
            true,
            Some(69_000),
        ),
        (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 69ms"#, true, Some(69_000)),
        (
            r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" took_ms=69"#,
            true,
            Some(69_000),
        ),
        (
            "www 1.2.3.4 - - [TIME] HIT \"GET /a HTTP/1.1\" 200 5 \"-\" \"AGENT\" \"-\" \"-\" \
                 0.069 0.068 .",
            true,
            Some(69_000),
        ),
        (r#"1.2.3.4 - [1.2.3.4] - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#, true, None),
        (
            "1.2.3.4 - - [TIME]  \"GET /a HTTP/1.1\" 200 5 [\"192.0.2.7:1800\" \"0.069\" \
                 \"0.069\"]\"-\" \"AGENT\" \"-\"",
            true,
            None,
        ),
        (
            r#""1.2.3.4" www [TIME] "GET /a HTTP/1.1" 200 5 394 1294 "-" "AGENT" 0.069 "4.75""#,
            true,
            Some(69_000),
        ),
        (
            "2018-11-07T22:00:02+00:00 1.2.3.4 \"GET /a HTTP/1.1\" - 200 0.069 520 162 \"-\" \
                 \"AGENT\" \"-\"",
            true,
            Some(69_000),
        ),
        (
            r#"TIME|10.0.0.1|GET /a HTTP/1.1|200|-|1.2.3.4|AGENT|-|www|5|0.069|0.068"#,
            true,
            Some(69_000),
        ),
        (
            "Nov  7 22:00:02 vh1 nginx: www 1.2.3.4 - - [TIME] \"GET /a HTTP/1.1\" 200 5 \
                 \"-\" \"AGENT\" \"3.80\" \"-\"",
            true,
            None,
        ),
        (r#"2018-11-07 22:00:02 1.2.3.4 GET /a 200 5"#, false, None),
    ];

    #[test]
    fn times_are_where_they_say_so_and_nowhere_else() {
        for &(line, agent, took) in SHAPES {
            let line = line.replace("TIME", "07/Nov/2018:22:00:02 +0000");
            assert_eq!(read(&line), ("/a".to_string(), 200, agent, took), "{line}");
        }
    }

    #[test]
    fn what_was_guessed_and_what_may_be_meant_is_said() {
        let line =
            r#"1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#;
        let guessed = inferred(&format!("{line} 0.069"));
        assert!(guessed.guesses[0].contains("word 10 (`0.069`)"), "{:?}", guessed.guesses);
        let asked = inferred(&format!("{line} 69000"));
        assert_eq!(asked.candidates, [(10, "69000".to_string())]);
        let contradicts = inferred(&format!("{line} rt: 0.069 msec"));
        assert!(contradicts.guesses.is_empty() && !contradicts.candidates.is_empty());
    }

    #[test]
    fn a_person_may_say_which_word_is_the_time() {
        let line = br#"1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 69"#;
        for name in ["last ms", "-1 ms", "8 ms"] {
            let mut fields = Fields::default();
            fields.set(Role::Elapsed, name.parse().expect("a field"));
            let found = infer(&[line], &fields).expect(name);
            let slots = found.layout.slots(line, &mut Spans::new()).expect(name);
            assert_eq!(
                slots.parts().next(),
                Some((&b"69"[..], Some(ElapsedUnit::Millis))),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_no_log_is_not_inferred() {
        let never = ["hello", "", "200 300 400", "[x] \"y\" 200", "2018-11-07 22:00:02 INFO up"];
        let found = never.map(|line| infer(&[line.as_bytes()], &Fields::default()).is_some());
        assert_eq!(found, [false; 5]);
    }
}
