//! Lines of text whose format nobody has named: which word is what, by what the words look like.

use super::elapsed::{Unit, amount, with_unit};
use super::layout::{Layout, Named, Piece, Spans};
use super::notation;
use super::role::{Field, Fields, Role};
use super::words::{Word, separator, words};
use jiff::tz::TimeZone;

/// A format that was found by looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inferred {
    pub layout: Layout,
    /// What was guessed and why, in sentences.
    pub guesses: Vec<String>,
    /// Words that may be the response time, but do not say so: their number and an example.
    pub candidates: Vec<(usize, String)>,
}

/// Which word of a line is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Shape {
    /// First and last word of the time.
    time: (usize, usize),
    roles: Vec<(usize, Role)>,
    elapsed: Option<Took>,
}

/// Where the response time stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Took {
    word: usize,
    unit: Option<Unit>,
    /// By which name it is found, however many words are before it.
    name: Option<Vec<u8>>,
    guess: Option<&'static str>,
}

/// Looks at the first lines. `None` if not even half of them have time, status and request.
pub(super) fn infer(lines: &[&[u8]], given: &Fields) -> Option<Inferred> {
    let between = separator(lines);
    let mut shapes: Vec<(Shape, usize, &[u8])> = Vec::new();
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
        let Ok(layout) = Layout::new(pieces(line, &words, shape)) else { continue };
        let cut = lines.iter().filter(|line| layout.cut(line, &mut spans).is_ok()).count();
        if 2 * cut >= lines.len().max(1) {
            let guess = shape.elapsed.as_ref().and_then(|took| Some((took.word, took.guess?)));
            let guesses = guess.map(|(word, why)| {
                let text = String::from_utf8_lossy(words[word].text(line)).into_owned();
                format!("word {} (`{text}`) is the response time in seconds: {why}", word + 1)
            });
            return Some(Inferred {
                layout,
                guesses: guesses.into_iter().collect(),
                candidates: match shape.elapsed {
                    Some(_) => Vec::new(),
                    None => candidates(line, &words, shape),
                },
            });
        }
    }
    None
}

const METHODS: [&[u8]; 11] = [
    b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"PROPFIND", b"CONNECT",
    b"TRACE", b"PURGE",
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

fn is_address(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.parse::<std::net::IpAddr>().is_ok()
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

fn shape(line: &[u8], words: &[Word], given: &Fields) -> Option<Shape> {
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
            roles.push((word, if is_request(words[word].text(line)) { Role::Request } else { Role::Path }));
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
            Took { word, unit: field.unit, name, guess: None }
        }),
        None => took(line, words, &|word| free(&roles, word)),
    };
    roles.sort_by_key(|(word, _)| *word);
    Some(Shape { time, roles, elapsed: elapsed.filter(|took| free(&[], took.word)) })
}

/// First and last word of the time: a bracketed one before any other, one word before two.
fn time(line: &[u8], words: &[Word]) -> Option<(usize, usize)> {
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

/// The request, and its role: a whole request line, or method and path one after the other.
fn request(line: &[u8], words: &[Word], roles: &mut Vec<(usize, Role)>) -> Option<usize> {
    let text = |word: usize| words[word].text(line);
    if let Some(word) = (0..words.len()).find(|word| is_request(text(*word))) {
        roles.push((word, Role::Request));
        return Some(word);
    }
    let method = (1..words.len()).find(|word| {
        METHODS.contains(&text(word - 1)) && is_target(text(*word))
    });
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

/// Names of the request's time in seconds, as nginx's users write them.
const IN_SECONDS: [&[u8]; 5] = [b"rt", b"request_time", b"reqtime", b"request-time", b"response_time"];
/// Names of the upstream's share of it.
const UPSTREAM: [&[u8]; 3] = [b"urt", b"upstream_response_time", b"uht"];

fn took(line: &[u8], words: &[Word], free: &dyn Fn(usize) -> bool) -> Option<Took> {
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
        let unit = std::str::from_utf8(behind).ok().and_then(|word| word.parse::<Unit>().ok());
        if unit.is_some_and(|unit| stands_apart && unit != Unit::Seconds) {
            return None;
        }
        let name = (!stands_apart).then(|| name(found).to_vec());
        Some(Took { word: found, unit: Some(Unit::Seconds), name, guess: None })
    };
    let with_its_unit = || {
        let word = all().find(|word| {
            let text = text(*word);
            text.first().is_some_and(u8::is_ascii_digit) && with_unit(text).is_some()
        })?;
        let name = words[word].name(line).map(<[u8]>::to_vec);
        Some(Took { word, unit: None, name, guess: None })
    };
    let named_unit = || {
        let found = all().filter(number).find_map(|word| {
            let name = words[word].name(line)?;
            let unit = Unit::of_name(std::str::from_utf8(name).ok()?)?;
            Some(Took { word, unit: Some(unit), name: Some(name.to_vec()), guess: None })
        });
        found
    };
    // nginx writes its $request_time with three decimals, and without quotes.
    let lone = || {
        let word = all().find(|word| {
            let text = text(*word);
            let point = memchr::memchr(b'.', text);
            number(word)
                && words[*word].open.is_none()
                && words[*word].named.is_none()
                && point.is_some_and(|point| text.len() - point == 4)
        })?;
        let behind = words.get(word + 1).map(|next| next.text(line)).unwrap_or(b"");
        if let Some(unit) = std::str::from_utf8(behind).ok().and_then(|word| word.parse().ok()) {
            return (name(word).is_empty() || !IN_SECONDS.contains(&name(word)))
                .then_some(Took { word, unit: Some(unit), name: None, guess: None });
        }
        let guess = Some("it has the three decimals of nginx's $request_time");
        Some(Took { word, unit: Some(Unit::Seconds), name: None, guess })
    };
    by_name(&IN_SECONDS)
        .or_else(with_its_unit)
        .or_else(named_unit)
        .or_else(lone)
        .or_else(|| by_name(&UPSTREAM))
}

/// Numbers that may be the response time, if somebody says so.
fn candidates(line: &[u8], words: &[Word], shape: &Shape) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let taken = shape.roles.iter().any(|(taken, _)| *taken == index);
        let text = word.text(line);
        // What follows the status is the size of the answer.
        let after_status = shape
            .roles
            .iter()
            .any(|(taken, role)| *role == Role::Status && *taken + 1 == index);
        if !taken && !after_status && index > shape.time.1 && amount(text, 1).is_some() {
            found.push((index + 1, String::from_utf8_lossy(text).into_owned()));
        }
    }
    found
}

/// The pattern of a line whose words are known.
fn pieces(line: &[u8], words: &[Word], shape: &Shape) -> Vec<Piece> {
    let mut wanted: Vec<(usize, usize, Role, Option<Unit>)> =
        shape.roles.iter().map(|(word, role)| (*word, *word, *role, None)).collect();
    wanted.push((shape.time.0, shape.time.1, Role::Time, None));
    if let Some(took) = &shape.elapsed {
        wanted.push((took.word, took.word, Role::Elapsed, took.unit));
    }
    wanted.sort_by_key(|(word, ..)| *word);
    let status = shape.roles.iter().find(|(_, role)| *role == Role::Status).map_or(0, |s| s.0);
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at, mut next) = (0, 0);
    for (first, last, role, unit) in &wanted {
        let by_name = *role == Role::Elapsed
            && shape.elapsed.as_ref().is_some_and(|took| took.name.is_some());
        let free_head = next == 0 && words[*first].open == Some(b'[') && *first > 0;
        if (by_name || free_head) && *first > next {
            text(&mut pieces, &line[at..words[next].from.min(words[next].named.unwrap_or(usize::MAX))]);
            skip(&mut pieces, "_");
            // The blank before the word, its name, its sign and its quote.
            let word = &words[*first];
            let start = word.named.unwrap_or(word.from - usize::from(word.open.is_some()));
            text(&mut pieces, &line[start - 1..word.from]);
        } else {
            for (index, word) in words[next..*first].iter().enumerate() {
                text(&mut pieces, &line[at..word.from]);
                skip(&mut pieces, name_of(next + index, status, word));
                at = word.to;
            }
            text(&mut pieces, &line[at..words[*first].from]);
        }
        let name = name_of_role(*role, *unit).to_string();
        pieces.push(Piece::Field(Named { name, role: Some(*role), unit: *unit }));
        at = words[*last].to;
        next = last + 1;
    }
    let closing = words.get(next.wrapping_sub(1)).filter(|word| word.open.is_some());
    if closing.is_some() && at < line.len() {
        text(&mut pieces, &line[at..at + 1]);
    }
    pieces
}

fn skip(pieces: &mut Vec<Piece>, name: &str) {
    let field = Named { name: name.to_string(), role: None, unit: None };
    pieces.push(Piece::Field(field));
}

fn name_of(index: usize, status: usize, word: &Word) -> &'static str {
    match word.open {
        None if index == status + 1 => "body_bytes_sent",
        Some(b'"') if index == status + 2 => "http_referer",
        _ => "_",
    }
}

/// The name of a field in a pattern that is printed, to be pasted.
fn name_of_role(role: Role, unit: Option<Unit>) -> &'static str {
    match (role, unit) {
        (Role::Time, _) => "time_local",
        (Role::Address, _) => "remote_addr",
        (Role::Agent, _) => "http_user_agent",
        (Role::Elapsed, Some(Unit::Seconds)) => "request_time",
        (Role::Elapsed, Some(Unit::Millis)) => "elapsed_ms",
        (Role::Elapsed, Some(Unit::Micros)) => "elapsed_us",
        (Role::Elapsed, Some(Unit::Nanos)) => "elapsed_ns",
        (role, _) => role.word(),
    }
}

fn text(pieces: &mut Vec<Piece>, bytes: &[u8]) {
    let mut plain: Vec<u8> = Vec::with_capacity(bytes.len());
    for byte in bytes {
        let byte = if *byte == b'\t' && !plain.is_empty() { b' ' } else { *byte };
        if byte != b' ' || plain.last() != Some(&b' ') {
            plain.push(byte);
        }
    }
    match pieces.last_mut() {
        _ if plain.is_empty() => {}
        Some(Piece::Text(before)) => before.extend_from_slice(&plain),
        _ => pieces.push(Piece::Text(plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let reading = super::super::assemble::Reading { zone: &TimeZone::UTC, plus: false };
        let request = super::super::assemble::assemble(slots, reading);
        let request = request.unwrap_or_else(|flaw| panic!("{}: {flaw:?}", found.layout.text()));
        assert_eq!(request.at.rfc3339(), "2018-11-07T22:00:02Z", "{line}");
        let agent = request.agent.as_deref() == Some(AGENT.as_bytes());
        let target = String::from_utf8_lossy(&request.target).into_owned();
        (target, request.status, agent, request.elapsed.map(|span| span.0 / 1_000))
    }

    #[test]
    fn times_are_where_they_say_so_and_nowhere_else() {
        const TIME: &str = "07/Nov/2018:22:00:02 +0000";
        let cases = [
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5"#, false, None),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#, true, None),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 0.069"#, true, Some(69_000)),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1"  200 5 "-" "AGENT" "2.98""#, true, None),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 69000"#, true, None),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" rt=0.069 urt="0.06""#, true, Some(69_000)),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" urt="0.069""#, true, Some(69_000)),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" "-" upstream_response_time 0.05 msec 1541628002.479 request_time 0.069"#, true, Some(69_000)),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" 69ms"#, true, Some(69_000)),
            (r#"1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" took_ms=69"#, true, Some(69_000)),
            (r#"www 1.2.3.4 - - [TIME] HIT "GET /a HTTP/1.1" 200 5 "-" "AGENT" "-" "-" 0.069 0.068 ."#, true, Some(69_000)),
            (r#"1.2.3.4 - [1.2.3.4] - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#, true, None),
            (r#"1.2.3.4 - - [TIME]  "GET /a HTTP/1.1" 200 5 ["192.0.2.7:1800" "0.069" "0.069"]"-" "AGENT" "-""#, true, None),
            (r#""1.2.3.4" www [TIME] "GET /a HTTP/1.1" 200 5 394 1294 "-" "AGENT" 0.069 "4.75""#, true, Some(69_000)),
            (r#"2018-11-07T22:00:02+00:00 1.2.3.4 "GET /a HTTP/1.1" - 200 0.069 520 162 "-" "AGENT" "-""#, true, Some(69_000)),
            (r#"TIME|10.0.0.1|GET /a HTTP/1.1|200|-|1.2.3.4|AGENT|-|www|5|0.069|0.068"#, true, Some(69_000)),
            (r#"Nov  7 22:00:02 vh1 nginx: www 1.2.3.4 - - [TIME] "GET /a HTTP/1.1" 200 5 "-" "AGENT" "3.80" "-""#, true, None),
            (r#"2018-11-07 22:00:02 1.2.3.4 GET /a 200 5"#, false, None),
        ];
        for (line, agent, took) in cases {
            let line = line.replace("TIME", TIME);
            assert_eq!(read(&line), ("/a".to_string(), 200, agent, took), "{line}");
        }
    }

    #[test]
    fn what_was_guessed_and_what_may_be_meant_is_said() {
        let line = r#"1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "AGENT""#;
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
            assert_eq!(slots.parts().next(), Some((&b"69"[..], Some(Unit::Millis))), "{name}");
        }
    }

    #[test]
    fn what_is_no_log_is_not_inferred() {
        for line in ["hello", "", "200 300 400", "[x] \"y\" 200", "2018-11-07 22:00:02 INFO up"] {
            assert!(infer(&[line.as_bytes()], &Fields::default()).is_none(), "{line}");
        }
    }
}
