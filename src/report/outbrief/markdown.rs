//! The outbrief for an issue or a chat: the first screen and the main tables as Markdown.

use super::formatting::{capital, percent};
use super::{first, many, minutes};
use crate::decision::Phase;
use crate::journal::{Incident, printed};
use crate::report::context::ReportContext;
use crate::report::episodes::{self, Class, Episode};
use crate::report::extras::Extras;
use crate::report::extras::HotWash;
use crate::report::odds::FirstScreen;
use crate::report::summary::verdict;
use crate::report::untrusted::for_terminal;
use crate::report::{affected, findings, go_no_go, improvised, messages, responses, told};
use crate::units::{Span, Time};

/// The maximum length of a string from outside.
const LONGEST: usize = 120;
/// The most rows of a table in a message.
const ROWS: usize = 12;

/// The whole text.
pub(super) fn text(context: &ReportContext, beside: Extras) -> String {
    let mut text = format!("# Outbrief: {}\n\n", safe(&context.header.scenario));
    if let Some(damage) = beside.damage {
        text += &format!("**Only part of this run is known:** {}.\n\n", safe(damage));
    }
    if let Some(answer) = FirstScreen::from_context(context, beside) {
        text += &answer_text(&answer);
    }
    let (_, judged) = verdict::judged(context);
    let (judged, told) = (safe_sentence(&judged), safe_sentence(&first::sentence(context)));
    // What came of the day comes before what was asked of it.
    text += &match context.is_complete() {
        true => format!("**{told}** {judged}\n"),
        false => format!("**{judged}** {told}\n"),
    };
    if let Some(affected) = affected::sentence(context) {
        text += &format!("\n{}\n", safe_sentence(&affected));
    }
    if let Some(missed) = verdict::undetected(context) {
        text += &format!("\n**{}**\n", safe_sentence(&missed));
    }
    for incident in context.story.incidents().iter().take(3) {
        text += &incident_text(context, incident);
    }
    if let Some(sentence) = beside.campaign.and_then(many::sentence) {
        text += &format!("\n{sentence}\n");
    }
    let header = context.header;
    if context.is_real() {
        text += &findings_text(context);
        let began = header.calendar.day(Time::ZERO);
        text += &format!("\n---\n**REAL**, {began}. Times are measured: what was typed.\n");
        return text;
    }
    text += &told_text(context);
    text += &beside.hot_wash.map(hot_wash_text).unwrap_or_default();
    text += &expectations_text(context);
    text += &findings_text(context);
    text += &rules_text(context);
    text += &criteria_text(context);
    text += &format!(
        "\n---\nThe rehearsal begins at {}, {}. \
         Run `{}`, scenario `{}`, seed {}, trial {}, sim {}. Times are {}.\n",
        context.clock(Time::ZERO),
        header.calendar.day(Time::ZERO),
        alphanumeric(&header.run_id),
        alphanumeric(&header.scenario_hash),
        header.seed,
        header.trial,
        safe(&header.program),
        context.evidence_words()
    );
    text
}

/// Who was told when, where something of it is expected or people were seen to do it.
fn told_text(context: &ReportContext) -> String {
    let audiences = told::shown(context);
    let rows = audiences.iter().take(ROWS).map(|one| {
        let regular = one.regular().map(|regular| format!("; updates {regular}"));
        let limit = Some(one.limit()).filter(|limit| !limit.is_empty());
        let limit = limit.map(|limit| format!(" (expected {limit})")).unwrap_or_default();
        let mark = if one.missed() { "missed: " } else { "" };
        let order = Some(one.order()).filter(|order| !order.is_empty());
        let order = order.map(|order| format!(", {order}")).unwrap_or_default();
        let regular = regular.unwrap_or_default();
        let said = format!("{mark}{} {}{order}{limit}{regular}", one.whom, one.first());
        format!("- {}\n", safe_words(&said))
    });
    let rows: String = rows.collect();
    let messages = context.story.messages();
    let said = messages.iter().take(ROWS).map(|message| {
        let told =
            messages::outcome_text(message).map(|told| format!("; {told}")).unwrap_or_default();
        let (origin_of, text) = (messages::origin_of(context, message), &message.sent.text);
        format!(
            "- {}\n",
            safe_words(&format!("{origin_of}, “{text}”: {}{told}", messages::read(message)))
        )
    });
    let said: String = said.collect();
    match (rows.is_empty(), said.is_empty()) {
        (true, true) => String::new(),
        _ => format!("\n**Who was told when**\n\n{rows}{said}"),
    }
}

/// What surprised most of what was guessed, and what is kept.
fn hot_wash_text(wash: &HotWash) -> String {
    let mut text = String::new();
    if !wash.guesses.surprises.is_empty() {
        text += "\n**What surprised most**\n\n";
        for surprise in wash.guesses.surprises.iter().take(ROWS) {
            text += &format!("1. {}\n", safe_words(&surprise.text));
        }
    }
    if !wash.improvements.is_empty() {
        text += "\n**Improvement plan**\n\n";
        for one in wash.improvements.iter().take(ROWS) {
            let owner = one.owner.as_deref().unwrap_or("nobody yet");
            let due = one.due.as_ref().map_or(String::new(), |due| format!(", due {due}"));
            let found = one.found.as_ref().map_or(String::new(), |found| format!(": {found}"));
            let said = format!("{}, owner {owner}{due}{found}", one.change);
            text += &format!("- {}\n", safe_words(&said));
        }
    }
    text
}

/// What many runs say, before the run that is told.
fn answer_text(answer: &FirstScreen) -> String {
    let sentence = safe_words(&answer.answer.sentence());
    let mut text = format!("{}\n\n", safe_words(&answer.eyebrow()));
    let breaks = answer.breaks().map(|what| format!("{}\n\n", safe_words(&what)));
    text += &breaks.unwrap_or_default();
    text += &format!("**{}** {sentence}\n\n", answer.answer.word());
    let labelled = [("also", answer.answer.others()), ("why lost", answer.answer.why())];
    for (label, said) in labelled {
        let said = said.map(|said| format!("- {label}: {}\n", safe_words(&said)));
        text += &said.unwrap_or_default();
    }
    for (label, lines) in [("do", answer.to_do()), ("hinges on", answer.hinges())] {
        for line in lines {
            text += &format!("- {label}: {}\n", safe_words(&line));
        }
    }
    for (word, walk) in answer.walks() {
        let ending = safe_words(&walk.ending);
        let steps = safe_words(&walk.steps().replace(" | ", ", "));
        text += &format!("- {word}: {ending} (run {}): {steps}\n", walk.trial);
    }
    let users = answer.users().map(|users| format!("- users: {}\n", safe_words(&users)));
    text += &users.unwrap_or_default();
    text + &format!("\n## One run in full: {}\n\n", answer.rank_of_run())
}

/// A hash as it is written between back-ticks, where nothing can be escaped.
fn alphanumeric(hash: &str) -> String {
    hash.replace(|c: char| !c.is_ascii_alphanumeric(), "")
}

fn incident_text(context: &ReportContext, incident: &Incident) -> String {
    let course = context.story.phase_timeline(incident);
    let total = course.total();
    let from = context.clock(incident.first().start.started_at);
    let mut text = format!(
        "\n## Incident {}: where {} went, from {from}\n\n",
        incident.number,
        course.printed_total()
    );
    text += "| step | took | share | | what happened |\n|---|---:|---:|---|---|\n";
    for attempt in &incident.attempts {
        if incident.attempts.len() > 1 {
            let change = attempt.change.as_deref().map_or("no change".to_string(), safe);
            let outcome = responses::ended_as(context, attempt);
            text += &format!("| **attempt {}** | | | | {change}: {outcome} |\n", attempt.number);
        }
        for stretch in course.of_attempt(attempt.number) {
            let blocks = (stretch.length().0 as u128 * 20).div_ceil(u128::from(total.0.max(1)));
            let table = context.change(attempt.change.as_deref()).map(|row| safe(&row.paper));
            let table = table.filter(|_| stretch.phase == Phase::Deploy);
            text += &format!(
                "| {} | {} | {} | {} | {}{} |\n",
                stretch.phase.word(),
                printed(stretch),
                percent(stretch.length(), total),
                "█".repeat(blocks as usize),
                minutes::meaning(stretch.phase, course.spans().last() == Some(stretch)),
                table.map_or(String::new(), |paper| format!(" (table: {paper})")),
            );
        }
    }
    for one in improvised::improvised(context.story) {
        if one.incident == Some(incident.number) {
            let said = format!(
                "{}, {}: {}",
                one.change,
                one.attribution_text(),
                one.outcome_text(context)
            );
            text += &format!("\n{} {}\n", context.clock(one.at), safe_words(&said));
        }
    }
    let assumed = minutes::assumed(incident, &course);
    if assumed > Span::ZERO {
        let share = percent(assumed, total);
        text += &format!("\n{share} of it rests on assumed times of people.\n");
    }
    text
}

fn expectations_text(context: &ReportContext) -> String {
    let all: Vec<_> = context.story.expectations().collect();
    if all.is_empty() {
        return String::new();
    }
    let mut text = "\n## Expected\n\n".to_string();
    for expected in all.iter().take(ROWS) {
        let (what, observed) = (safe(&expected.text), safe(&expected.observed));
        text += &format!("- **{}** {what}: {observed}\n", expected.verdict.word());
    }
    text
}

fn findings_text(context: &ReportContext) -> String {
    let findings = findings::findings(context);
    let mut text = "\n## Findings\n\n".to_string();
    if findings.is_empty() {
        return text + "None.\n";
    }
    text += "| no. | severity | finding | where | owner | due |\n|---|---|---|---|---|---|\n";
    for (position, finding) in findings.iter().enumerate().take(ROWS) {
        text += &format!(
            "| {} | {} | {} | {} | | |\n",
            findings::id(position),
            finding.severity.word(),
            escaped(&for_terminal(&finding.text, 2 * LONGEST)),
            finding.place().map_or(String::new(), |place| safe(&place)),
        );
    }
    text + &more(findings.len(), "findings.csv")
}

fn rules_text(context: &ReportContext) -> String {
    let episodes = episodes::episodes(context.story);
    let mut text = "\n## Rules\n\n".to_string();
    if episodes.is_empty() {
        text += "No rule fired or nearly fired.\n";
    }
    let known = |episode: &Episode| episode.told_at.or(episode.pending_at).unwrap_or_default();
    let mut told: Vec<&Episode> = episodes.iter().collect();
    told.sort_by_key(|episode| (episode.class() == Class::AlmostFired, known(episode)));
    for episode in told.iter().take(ROWS) {
        let at = context.clock(known(episode));
        let came = match episode.class() {
            Class::Real if episode.no_data => "had no data from".to_string(),
            Class::Real => "fired at".to_string(),
            Class::FalseAlarm => "was a false alarm at".to_string(),
            Class::AlmostFired => format!("almost fired: it held {} from", episode.judged.held),
            Class::NotDetected => "was not detected at".to_string(),
        };
        let why = match (episode.after_cause(), episode.cause()) {
            (Some(after), Some(cause)) => format!(", {after} after {}", safe(&cause.to_string())),
            _ => String::new(),
        };
        text += &format!("- {} {came} {at}{why}\n", safe(&episode.name()));
    }
    text += &more(episodes.len(), "alerts.csv");
    for fault in episodes::undetected(context.story).iter().take(ROWS) {
        let from = context.clock(fault.from);
        text += &format!("- **nobody detected** {}, from {from}\n", safe(fault.fault));
    }
    text
}

fn criteria_text(context: &ReportContext) -> String {
    let criteria: Vec<_> = go_no_go::criteria(context.story).collect();
    if criteria.is_empty() {
        return String::new();
    }
    let mut text = "\n## Go/no-go\n\n".to_string();
    for criterion in criteria.iter().take(ROWS) {
        let note = if criterion.caveat.is_empty() { "" } else { ": " };
        text += &format!(
            "- **{}** {}{note}{}\n",
            criterion.status,
            safe(&criterion.criterion),
            safe(&criterion.caveat)
        );
    }
    text + &more(criteria.len(), "go_no_go.csv")
}

fn more(rows: usize, file: &str) -> String {
    match rows.saturating_sub(ROWS) {
        0 => String::new(),
        more => format!("\n{more} more in {file}.\n"),
    }
}

/// A string from outside: no markup, no mention, no link, no break of a table.
pub(super) fn safe(text: &str) -> String {
    escaped(&for_terminal(text, LONGEST))
}

/// A sentence with strings from outside in it.
fn safe_sentence(text: &str) -> String {
    safe_words(&capital(text))
}

/// The same of what goes on with a sentence.
fn safe_words(text: &str) -> String {
    escaped(&for_terminal(text, 4 * LONGEST))
}

fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push('＠'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe.replace("://", "\\://").replace("www.", "www\\.")
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_from_outside_is_markup() {
        let cases = [
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("a|b", "a\\|b"),
            ("[x](http://evil)", "\\[x\\](http\\://evil)"),
            ("@everyone #12", "＠everyone \\#12"),
            ("first\nsecond", "first\\\\nsecond"),
            ("reverse-proxy-update", "reverse-proxy-update"),
        ];
        for (text, expected) in cases {
            assert_eq!(safe(text), expected);
        }
    }
}
