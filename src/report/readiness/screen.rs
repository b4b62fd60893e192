//! Go/no-go on the terminal.

use super::{NOBODY, Readiness, Tone, at, owner, status_words};
use crate::readiness::{DecisionStatus, RowState, SeatState, SourceLine};
use crate::report::summary::{Ink, Page, Style, TextPiece, inked, plain};

/// The most findings that are listed; the page has them all.
const FINDINGS: usize = 10;

impl Tone {
    fn ink(self) -> Ink {
        match self {
            Tone::Good => Ink::Good,
            Tone::Bad => Ink::Bad,
            Tone::Open => Ink::Fired,
        }
    }
}

/// The status of everything, what is missing first. It ends in a newline.
pub fn readiness_summary(readiness: &Readiness, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&readiness.board.scenario);
    page.paragraph_at(0, Ink::Faint, &format!("Go/no-go, {}", readiness.moment()));
    page.line(Vec::new());
    let (tone, word, sentence) = readiness.answer();
    page.paragraph_at(0, tone.ink(), &format!("{word} {sentence}"));
    page.paragraph_at(0, Ink::Plain, &readiness.counts());
    for text in [readiness.dissent(), readiness.decided_despite()].iter().flatten() {
        page.paragraph_at(0, Ink::Bad, text);
    }
    missing(readiness, &mut page);
    page.heading("Criteria");
    readiness.board.rows.iter().for_each(|row| criterion(row, &mut page));
    poll(readiness, &mut page);
    rehearsed(readiness, &mut page);
    page.heading("Capacity");
    readiness.capacity().iter().for_each(|text| page.paragraph(Ink::Plain, text));
    findings(readiness, &mut page);
    decision(readiness, &mut page);
    page.finish()
}

fn faint_pieces(texts: &[&str]) -> Vec<TextPiece> {
    texts.iter().map(|text| inked(Ink::Faint, *text)).collect()
}

fn missing(readiness: &Readiness, page: &mut Page) {
    page.heading("What is missing, from whom, by when");
    if readiness.missing.is_empty() {
        return page.paragraph(Ink::Good, "Nothing.");
    }
    let mut rows = vec![faint_pieces(&["by", "from", "what"])];
    rows.extend(readiness.missing.iter().map(|one| {
        let by = match one.late {
            true => inked(Ink::Bad, format!("{} (late)", at(&one.by))),
            false => plain(at(&one.by)),
        };
        let from = match &one.from {
            Some(from) => plain(from),
            None => inked(Ink::Bad, NOBODY),
        };
        vec![by, from, plain(&one.what)]
    }));
    page.table(rows);
}

fn criterion(row: &RowState, page: &mut Page) {
    let ink = Tone::from_status(&row.status).ink();
    page.line(vec![
        plain("  "),
        plain(&row.name),
        plain(": "),
        inked(ink, status_words(&row.status)),
    ]);
    let asked = format!("required: {} · owner: {} · by {}", row.required, owner(row), at(&row.due));
    page.paragraph_at(4, Ink::Faint, &asked);
    for line in &row.lines {
        heard(line, row.lines.len() > 1 || line.name != row.name, page);
    }
}

/// `oit: met as of Mon 2018-11-05 15:00, attested (josh), expires …`.
fn heard(line: &SourceLine, named: bool, page: &mut Page) {
    let name = if named { format!("{}: ", line.name) } else { String::new() };
    let mut text = match &line.value {
        None => "nothing heard".to_string(),
        Some(value) => {
            let as_of = line.as_of.as_ref().map_or(String::new(), |at| format!(" as of {at}"));
            let source = line.source.as_ref().map_or(String::new(), |from| format!(" by {from}"));
            let expires = line.expires.as_ref();
            let expires = expires.map_or(String::new(), |over| format!(", expires {}", at(over)));
            let known = line.known.word();
            format!("{value}{as_of}, {known}{source}{expires}")
        }
    };
    if let Some(note) = &line.note {
        text = if line.value.is_some() { format!("{text}; {note}") } else { note.clone() };
    }
    if named && line.value.is_some() {
        text = format!("{text}: {}", status_words(&line.status));
    }
    if let Some(words) = &line.words {
        text = format!("{text}. \"{words}\"");
    }
    page.paragraph_at(4, Ink::Plain, &format!("{name}{text}"));
}

fn poll(readiness: &Readiness, page: &mut Page) {
    let poll = &readiness.board.poll;
    if poll.is_empty() {
        return;
    }
    page.heading("The poll");
    let mut rows = vec![faint_pieces(&["who", "says", "speaks", "heard"])];
    rows.extend(poll.iter().map(|seat| {
        let (says, heard) = seat_words(seat);
        let ink = Tone::from_status(&seat.line.status).ink();
        let speaks = match &seat.people {
            Some(people) => plain(people),
            None => inked(Ink::Bad, NOBODY),
        };
        vec![plain(&seat.name), inked(ink, says), speaks, plain(heard)]
    }));
    page.table_with_spare(&[2], rows);
}

/// What a seat says, and when it was heard, in whose words.
pub(super) fn seat_words(seat: &SeatState) -> (String, String) {
    let line = &seat.line;
    let dissent = seat.vote.filter(|vote| vote.dissents());
    let says = match (dissent, &line.value, &seat.asked) {
        (Some(vote), ..) => vote.word().to_uppercase(),
        (None, Some(_), _) => status_words(&line.status),
        (None, None, Some(_)) => "asked".to_string(),
        (None, None, None) => "not asked".to_string(),
    };
    let heard = match (&line.as_of, &line.source, &seat.asked) {
        (Some(at), Some(by), _) => format!("{by}, {at}"),
        (None, Some(by), _) => by.clone(),
        (_, _, Some(asked)) => format!("asked {asked}"),
        _ => String::new(),
    };
    let words = line.words.as_ref().map(|words| format!("\"{words}\""));
    let more: Vec<String> = line.note.iter().cloned().chain(words).collect();
    let heard = [vec![heard].into_iter().filter(|text| !text.is_empty()).collect(), more].concat();
    (says, heard.join("; "))
}

fn rehearsed(readiness: &Readiness, page: &mut Page) {
    page.heading("What was rehearsed (simulated: it counts for no criterion)");
    readiness.rehearsed().iter().for_each(|text| page.paragraph(Ink::Plain, text));
    for one in readiness.exercises.into_iter().flatten() {
        page.line(Vec::new());
        let ink = if one.unnoticed { Ink::Bad } else { Ink::Plain };
        page.paragraph(ink, &format!("{} ({})", one.title, one.how));
        page.paragraph_at(4, Ink::Plain, &one.came);
        if let Some(hinge) = &one.hinge {
            page.paragraph_at(4, Ink::Plain, &format!("hinges on: {hinge}"));
        }
        for (criterion, forecast) in readiness.forecasts(one) {
            page.paragraph_at(4, Ink::Faint, &format!("{criterion}: {forecast}"));
        }
    }
}

fn findings(readiness: &Readiness, page: &mut Page) {
    let grave = readiness.severe_gaps();
    page.heading(&format!("Open high-severity findings: {}", grave.len()));
    if grave.is_empty() {
        return page.paragraph(Ink::Plain, "None.");
    }
    let mut rows = vec![faint_pieces(&["by", "owner", "finding"])];
    let more = grave.len().saturating_sub(FINDINGS);
    rows.extend(grave.into_iter().take(FINDINGS).map(|gap| {
        let owner = match &gap.owner {
            Some(owner) => plain(owner),
            None => inked(Ink::Bad, "nobody"),
        };
        let due = match gap.late {
            true => inked(Ink::Bad, format!("{} late", gap.due.unwrap_or_default())),
            false => plain(gap.due.unwrap_or_default()),
        };
        vec![due, owner, plain(&gap.text)]
    }));
    page.table(rows);
    if more > 0 {
        page.paragraph(Ink::Faint, &format!("{more} more are on the page."));
    }
}

/// The last row is a person's.
fn decision(readiness: &Readiness, page: &mut Page) {
    page.heading("The decision");
    let (tone, word, sentence) = readiness.answer();
    let text = match readiness.board.decision {
        DecisionStatus::Nothing => sentence,
        _ => format!("{word} {sentence}"),
    };
    page.paragraph(tone.ink(), &text);
    page.paragraph(Ink::Faint, &format!("Again: {}", readiness.again));
}
