//! `go.html`: go or no-go on one page, to be put on a wall or printed.

use super::screen::seat_words;
use super::{NOBODY, Readiness, Tone, at, owner, status_words};
use crate::readiness::{RowState, RowStatus, SeatState, SourceLine};
use crate::report::outbrief::prelude::{PageFrame, PageSection, document, named, shown, table};
use crate::report::untrusted::for_terminal;
use maud::{Markup, html};

/// The file that the rows come from.
const FILE: &str = "the record";
/// The longest that a sentence of ours with names in it becomes.
const SENTENCE: usize = 4_000;

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Open => "unsure",
        }
    }
}

/// The whole page. It ends in a newline.
pub fn readiness_page(readiness: &Readiness) -> String {
    let heading = shown(&readiness.board.scenario);
    let title = named("Go/no-go", &readiness.board.scenario);
    let moment = readiness.moment();
    let frame = PageFrame {
        title: &title,
        eyebrow: html! { "Go/no-go · " (text(&moment)) },
        heading: &heading,
        first: first(readiness),
        footer: html! {
            p { "Made by sim " (env!("CARGO_PKG_VERSION")) ". What people said is as they said it; \
                 sim decides nothing." }
            pre tabindex="0" { code { (shown(readiness.again)) } }
        },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let mut sections: Vec<PageSection> = vec![("criteria", "Criteria", criteria(readiness))];
    if !readiness.board.poll.is_empty() {
        sections.push(("poll", "The poll", poll(readiness)));
    }
    sections.push((
        "rehearsed",
        "What was rehearsed (simulated: it counts for no criterion)",
        rehearsed(readiness),
    ));
    let capacity = readiness.capacity();
    let capacity = html! { @for sentence in &capacity { p { (text(sentence)) } } };
    sections.push(("capacity", "Capacity", capacity));
    sections.push(("findings", "Open high-severity findings", findings(readiness)));
    sections.push(("decision", "The decision", decision(readiness)));
    document(frame, &sections)
}

/// A sentence of ours with names from outside in it.
fn text(sentence: &str) -> String {
    for_terminal(sentence, SENTENCE)
}

/// A word in the colour of what it says.
fn tag(status: &RowStatus) -> Markup {
    let class = match status {
        RowStatus::Go => "tag good",
        RowStatus::NoGo => "tag bad",
        RowStatus::GoIf { .. } | RowStatus::Unknown => "tag medium",
    };
    match status {
        RowStatus::GoIf { condition, by } => html! {
            span class=(class) { "GO IF" } " " (shown(condition)) " "
            span class=(class) { "BY" } " " (date(&at(by)))
        },
        other => html! { span class=(class) { (other.word()) } },
    }
}

fn nobody() -> Markup {
    html! { span.tag.bad { (NOBODY) } }
}

/// A moment that breaks between day and time alone.
fn date(moment: &str) -> Markup {
    let (day, time) = moment.rsplit_once(' ').filter(|(_, time)| time.contains(':')).unzip();
    html! {
        span.date { (shown(day.unwrap_or(moment))) }
        @if let Some(time) = time { " " (shown(time)) }
    }
}

fn maybe(text: Option<&String>) -> Markup {
    html! { (text.map_or("–".to_string(), |text| shown(text))) }
}

fn first(readiness: &Readiness) -> Markup {
    let (tone, word, sentence) = readiness.answer();
    html! {
        section aria-labelledby="verdict" {
            h2.unseen id="verdict" { "Status" }
            div class={ "verdict " (tone.class()) } {
                p { strong { (text(&word)) } " " (text(&sentence)) }
                p { (readiness.counts()) }
                @let warnings = [readiness.dissent(), readiness.decided_despite()];
                @for sentence in warnings.iter().flatten() {
                    p.bad { (text(sentence)) }
                }
            }
        }
        section.part aria-labelledby="missing" {
            h2 id="missing" { "What is missing, from whom, by when" }
            @if readiness.missing.is_empty() { p { "Nothing." } } @else { (missing(readiness)) }
        }
    }
}

fn missing(readiness: &Readiness) -> Markup {
    let rows = readiness.missing.iter().map(|one| {
        vec![
            html! { (text(&one.what)) },
            match &one.from {
                Some(from) => html! { (shown(from)) },
                None => nobody(),
            },
            html! { (at(&one.by)) @if one.late { " " span.tag.bad { "late" } } },
        ]
    });
    let caption = "Sorted by due time.";
    table("What is missing", caption, &["What", "From whom", ">By when"], rows.collect(), FILE)
}

fn criteria(readiness: &Readiness) -> Markup {
    let columns = [
        "Criterion",
        "Status",
        "Required",
        "Value",
        "As of",
        "How known",
        "Source",
        "Expires",
        "Owner",
        "By",
    ];
    let mut rows = Vec::new();
    for row in &readiness.board.rows {
        let alone = row.lines.len() == 1;
        if !alone {
            let mut cells = vec![html! { (shown(&row.name)) }, tag(&row.status)];
            cells.push(html! { (shown(&row.required)) });
            cells.extend((0..5).map(|_| html! {}));
            cells.extend(whose(row));
            rows.push(cells);
        }
        rows.extend(row.lines.iter().map(|line| cells(row, line, alone)));
    }
    let caption = "A row is GO only by what was measured or what somebody attests; what expires \
                   falls back by itself.";
    table("Criteria", caption, &columns, rows, FILE)
}

fn whose(row: &RowState) -> [Markup; 2] {
    let owner = match row.owner {
        Some(_) => html! { (shown(&owner(row))) },
        None => html! { span.tag.bad { "nobody" } },
    };
    [owner, date(&at(&row.due))]
}

fn cells(row: &RowState, line: &SourceLine, alone: bool) -> Vec<Markup> {
    let name = match alone {
        true => html! { (shown(&row.name)) },
        false => html! { span.quiet { "– " (shown(&line.name)) } },
    };
    let expires = line.expires.as_ref().map(at);
    let known = Some(line.known.word().to_string()).filter(|word| !word.is_empty());
    let mut cells = vec![
        name,
        tag(&line.status),
        html! { @if alone { (shown(&row.required)) } },
        html! {
            (maybe(line.value.as_ref()))
            @if let Some(note) = &line.note { br; (text(note)) }
            @if let Some(words) = &line.words { br; "“" (shown(words)) "”" }
        },
        line.as_of.as_ref().map_or(maybe(None), |as_of| date(as_of)),
        maybe(known.as_ref()),
        maybe(line.source.as_ref()),
        expires.as_ref().map_or(maybe(None), |expires| date(expires)),
    ];
    match alone {
        true => cells.extend(whose(row)),
        false => cells.extend([html! {}, html! {}]),
    }
    cells
}

fn poll(readiness: &Readiness) -> Markup {
    let row = |seat: &SeatState| {
        let (says, heard) = seat_words(seat);
        let says = match says == status_words(&seat.line.status) {
            true => tag(&seat.line.status),
            false => html! { span.tag.medium { (shown(&says)) } },
        };
        let speaks = match &seat.people {
            Some(people) => html! { (shown(people)) },
            None => nobody(),
        };
        vec![html! { (shown(&seat.name)) }, says, speaks, html! { (text(&heard)) }]
    };
    let rows = readiness.board.poll.iter().map(row).collect();
    let caption = "Who was asked, what they said and when. A condition reopens at its deadline.";
    table("The poll", caption, &["Who", "Says", "Who speaks", "Heard"], rows, FILE)
}

fn rehearsed(readiness: &Readiness) -> Markup {
    let exercises = readiness.exercises.unwrap_or_default();
    let rows = exercises.iter().map(|one| {
        vec![
            html! { (shown(&one.title)) },
            html! { (shown(&one.how)) },
            html! {
                (text(&one.came)) @if one.unnoticed { " " span.tag.bad { "not noticed" } }
            },
            html! { (text(one.hinge.as_deref().unwrap_or("–"))) },
            html! { code { (shown(&one.folder)) } },
        ]
    });
    let forecasts = || exercises.iter().flat_map(|one| readiness.forecasts(one));
    html! {
        @for sentence in readiness.rehearsed() { p { (text(&sentence)) } }
        @if !exercises.is_empty() {
            @let columns = ["Failure", "How", "Result", "Hinges on", "Results"];
            (table("What was rehearsed", "Odds come from simulation.", &columns,
                rows.collect(), FILE))
        }
        @if forecasts().next().is_some() {
            h3 { "Forecasts for criteria, which no row above counts" }
            ul { @for (criterion, forecast) in forecasts() {
                li { (shown(criterion)) ": " (text(forecast)) }
            } }
        }
    }
}

fn findings(readiness: &Readiness) -> Markup {
    let rows: Vec<Vec<Markup>> = (readiness.severe_gaps().into_iter())
        .map(|gap| {
            let owner = match &gap.owner {
                Some(owner) => html! { (shown(owner)) },
                None => html! { span.tag.bad { "nobody" } },
            };
            let due = html! {
                @match &gap.due { Some(due) => span.date { (shown(due)) }, None => "–" }
                @if gap.late { " " span.tag.bad { "late" } }
            };
            vec![html! { (text(&gap.text)) }, owner, due]
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "None." } } @else {
            (table("Open high-severity findings", "What the plan leaves open.",
                &["Finding", "Owner", "By"], rows, "findings.csv of a run"))
        }
    }
}

fn decision(readiness: &Readiness) -> Markup {
    let (tone, word, sentence) = readiness.answer();
    let decided = matches!(readiness.board.decision, crate::readiness::DecisionStatus::Decided(_));
    html! {
        div class={ "verdict " (tone.class()) } {
            p { @if decided { strong { (text(&word)) } " " } (text(&sentence)) }
        }
        @if !decided {
            p { "Go/no-go: " span.blank {} " Name: " span.blank {} " Time: " span.blank {} }
        }
    }
}
