//! A rehearsal on the terminal: how it went, and the same day with everybody simulated beside it.

use super::page::{Ink, Page, Style, inked, plain, right};
use crate::decision::Phase;
use crate::journal::{
    AttemptEntry, Event, Evidence, Header, Incident, PhaseTimeline, RoomKind, Story, printed,
};
use crate::report::context::ReportContext;
use crate::report::extras::Extras;
use crate::report::improvised;
use crate::report::responses;
use crate::report::standing::{ObservedRun, best_choice, telling};
use crate::units::Span;

/// Where the minutes went in the room, in the simulation of the same day and luck, and on paper.
///
/// Panics if the header's start is not a time, which reading a journal excludes.
pub fn rehearsed(header: &Header, room: &Story, simulated: &Story, style: Style) -> String {
    let context = ReportContext::new(header, room);
    let mut page = Page::new(style);
    parked(&context, room, &mut page);
    by_hand(&context, &mut page);
    let (mine, theirs) = (room.incidents(), simulated.incidents());
    if mine.is_empty() && theirs.is_empty() {
        return page.finish();
    }
    page.heading("Rehearsed beside simulated");
    for position in 0..mine.len().max(theirs.len()) {
        let timeline =
            |story: &Story, one: Option<&Incident>| one.map(|one| story.phase_timeline(one));
        let (mine, theirs) = (mine.get(position), theirs.get(position));
        let courses = [timeline(room, mine), timeline(simulated, theirs)];
        incident(&context, mine, theirs, &courses, &mut page);
    }
    page.paragraph(
        Ink::Faint,
        "simulated: the same day and luck with every seat empty. A * is measured: people did it.",
    );
    page.finish()
}

/// What somebody wanted to talk about afterwards.
fn parked(context: &ReportContext, room: &Story, page: &mut Page) {
    let parked = room.entries().iter().filter_map(|entry| match &entry.event {
        Event::Room { kind: RoomKind::Park, text, .. } => Some((entry.at, text)),
        _ => None,
    });
    let rows: Vec<_> =
        parked.map(|(at, text)| vec![plain(context.clock(at)), plain(text.clone())]).collect();
    if !rows.is_empty() {
        page.heading("For the hot wash");
        page.table(rows);
    }
}

/// What people made of their own accord.
fn by_hand(context: &ReportContext, page: &mut Page) {
    let all = improvised::improvised(context.story);
    if all.is_empty() {
        return;
    }
    page.heading("Improvised");
    for one in all {
        let said =
            format!("{}  {}: {}", context.clock(one.at), one.change, one.outcome_text(context));
        page.paragraph(Ink::Plain, &said);
        page.paragraph(Ink::Faint, &format!("          {}", one.attribution_text()));
    }
}

fn incident(
    context: &ReportContext,
    mine: Option<&Incident>,
    theirs: Option<&Incident>,
    courses: &[Option<PhaseTimeline>; 2],
    page: &mut Page,
) {
    let attempts = |incident: Option<&Incident>| incident.map_or(0, |i| i.attempts.len());
    let number = mine.or(theirs).map_or(0, |incident| incident.number);
    let heading = ["", "room", "simulated", "table"];
    let mut rows = vec![heading.map(|word| right(word.to_string())).to_vec()];
    for attempt in 0..attempts(mine).max(attempts(theirs)) {
        let of =
            |incident: Option<&Incident>| incident?.attempts.get(attempt).map(|a| (*a).clone());
        let (mine, theirs) = (of(mine), of(theirs));
        let what = |attempt: &Option<AttemptEntry>| match attempt {
            None => "nothing".to_string(),
            Some(attempt) => {
                let change = attempt.change.as_deref().unwrap_or("no change");
                format!("{change}, {}", responses::outcome(attempt.outcome))
            }
        };
        rows.push(vec![inked(Ink::Plain, format!("incident {number}, attempt {}", attempt + 1))]);
        rows.push(vec![inked(Ink::Faint, format!("in the room: {}", what(&mine)))]);
        rows.push(vec![inked(Ink::Faint, format!("simulated: {}", what(&theirs)))]);
        for phase in Phase::ALL {
            let took = |course: &Option<PhaseTimeline>| {
                let spans = course.as_ref()?.of_attempt(attempt as u32 + 1);
                let spans = spans.filter(|span| span.phase == phase).map(printed);
                spans.map(in_seconds).reduce(|sum, length| sum + length)
            };
            let (room, simulated) = (took(&courses[0]), took(&courses[1]));
            if room.is_none() && simulated.is_none() {
                continue;
            }
            let measured = mine.as_ref().is_some_and(|a| a.is_measured(phase));
            let paper = match phase {
                Phase::Deploy => mine.as_ref().and_then(|a| context.change(a.change.as_deref())),
                _ => None,
            };
            rows.push(vec![
                plain(phase.word()),
                right(written(room) + if measured { Evidence::Measured.mark() } else { "  " }),
                right(written(simulated)),
                right(paper.map_or(String::new(), |row| row.paper.clone())),
            ]);
        }
    }
    rows.push(vec![
        plain("total"),
        right(written(courses[0].as_ref().map(PhaseTimeline::printed_total)) + "  "),
        right(written(courses[1].as_ref().map(PhaseTimeline::printed_total))),
        right(String::new()),
    ]);
    page.table(rows);
}

/// Whole seconds: what took less counts as none, so that printed parts add up to their total.
fn in_seconds(span: Span) -> Span {
    Span::from_secs(span.0 / Span::SECOND.0)
}

fn written(span: Option<Span>) -> String {
    match span.map(in_seconds) {
        None => "–".to_string(),
        Some(Span::ZERO) => "< 1s".to_string(),
        Some(span) => span.to_string(),
    }
}

/// The times that people took, among the trials of the same scenario, and what the best choice
/// would have been. Empty if nobody was seen to do anything; else it ends in a newline.
///
/// Panics if the header's start is not a time, which reading a journal excludes.
pub fn how_did_we_do(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    let context = ReportContext::new(header, story);
    let mut page = Page::new(style);
    let Some(rehearsed) = ObservedRun::from_context(&context, beside) else { return page.finish() };
    page.heading("How did we do");
    let trials = rehearsed.standings.iter().any(|standing| standing.rank.is_some());
    let mut heading = vec![plain(""), right("took".to_string())];
    if trials {
        heading.push(right("half of runs".to_string()));
        heading.push(inked(Ink::Faint, "percentile of runs, 95% interval"));
    }
    let mut rows = vec![heading];
    for standing in &rehearsed.standings {
        let written = |span: Option<Span>| span.map_or(String::new(), |span| span.to_string());
        let mut row = vec![plain(standing.word()), right(standing.took.to_string())];
        if trials {
            row.push(right(written(standing.usual())));
            row.push(inked(Ink::Faint, standing.place().unwrap_or_default()));
        }
        rows.push(row);
    }
    page.table(rows);
    if let Some(sentence) = telling(&rehearsed).and_then(|standing| standing.sentence()) {
        page.paragraph(Ink::Plain, &sentence);
    }
    if let Some(sentence) = best_choice(&rehearsed, beside) {
        page.paragraph(Ink::Plain, &sentence);
    }
    if !trials {
        let note = "Without many runs of the same scenario, nothing can be said about how usual \
                    this is: sim run SCENARIO.yaml --trials 200 into the run's folder, and again.";
        page.paragraph(Ink::Faint, note);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Entry, Interval, fixture};

    #[test]
    fn both_stand_side_by_side() {
        let (header, entries) = fixture::proxy_outage();
        let simulated = fixture::story(&entries);
        let mut measured = entries.clone();
        for entry in &mut measured {
            if let Event::Attempt(attempt) = &mut entry.event {
                attempt.measured = vec![Interval::Acknowledge];
            }
            if let Event::Phase(span) = &mut entry.event {
                match span.phase {
                    Phase::Acknowledge => span.until = fixture::at(4120.0),
                    Phase::Declare => span.from = fixture::at(4120.0),
                    _ => {}
                }
            }
        }
        let room = fixture::story(&measured);
        let text = rehearsed(&header, &room, &simulated, Style::default());
        let line = |word: &str| {
            let line = text.lines().find(|line| line.trim_start().starts_with(word));
            line.unwrap_or_else(|| panic!("no {word} in {text}"))
                .split_whitespace()
                .collect::<Vec<_>>()
        };
        assert_eq!(line("acknowledge"), ["acknowledge", "1m", "*", "2m", "50s"]);
        assert_eq!(line("deploy"), ["deploy", "3m", "3m", "3m"]);
        assert_eq!(line("total"), ["total", "25m", "40s", "25m", "40s"]);
        for entry in &mut measured {
            if let Event::Phase(span) = &mut entry.event {
                match span.phase {
                    Phase::Acknowledge => span.until = span.from + Span(296_218_000),
                    Phase::Declare => span.from = fixture::at(4060.0) + Span(296_218_000),
                    _ => {}
                }
            }
        }
        let soon = fixture::story(&measured);
        let soon = rehearsed(&header, &soon, &simulated, Style::default());
        assert!(soon.contains("< 1s *") && !soon.contains("ms"), "{soon}");
        let none = rehearsed(&header, &room, &Story::default(), Style::default());
        assert!(none.contains("simulated: nothing"), "{none}");
        let mut notes = Story::default();
        let (kind, text) = (RoomKind::Park, "who may say no?".to_string());
        notes.add(&Entry { event: Event::Room { kind, text, whom: None }, ..entries[0].clone() });
        let parked = rehearsed(&header, &notes, &Story::default(), Style::default());
        assert!(parked.contains("For the hot wash") && parked.contains("who may say no?"));
        let quiet = rehearsed(&header, &Story::default(), &Story::default(), Style::default());
        assert_eq!(quiet, "");
    }
}
