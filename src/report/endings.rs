//! How incidents ended and what ended them, cause by cause, in the words that every page and screen
//! takes.

use super::context::ReportContext;
use super::responses;
use super::untrusted::for_terminal;
use crate::decision::AttemptOutcome;
use crate::journal::{AttemptEntry, CauseRecord, Credit, Incident, between};
use crate::units::Span;

/// The maximum width of a name in a sentence, in columns.
const NAME: usize = 40;

/// How an incident ended.
pub(crate) struct Ending {
    /// The first maintenance page that was up for it: after how long, and its name.
    pub contained: Option<(Span, Option<String>)>,
    /// Users were well again after so long, and by what, to follow on `recovered after 20m`. Of
    /// several causes it is the one that it began with.
    pub recovered: Option<(Span, String)>,
    /// Neither: how long it has lasted, and what became of it.
    pub open: Option<(Span, &'static str)>,
    /// Every rule had resolved, and users were not well again: why not.
    pub unwell: Option<String>,
    /// After how long it was known that all is clear, if that was later than its end.
    pub clear: Option<Span>,
    /// What else was wrong while it lasted, a sentence for each.
    pub further: Vec<String>,
}

impl Ending {
    /// How this incident ended, as far as the story of its run goes.
    pub fn new(context: &ReportContext, incident: &Incident) -> Ending {
        let (began, last) = (incident.first().start.started_at, incident.last());
        let mut pages = incident.attempts.iter().filter(|a| a.outcome == AttemptOutcome::Contained);
        let contained = pages
            .next()
            .map(|page| (between(began, page.ended_at), page.change.as_deref().map(short)));
        let causes = causes(context, incident);
        let (recovered, open) = match last.outcome {
            AttemptOutcome::Contained => (None, None),
            AttemptOutcome::Recovered => (recovered(context, incident, &causes), None),
            other => (None, Some((between(began, last.ended_at), responses::outcome(other)))),
        };
        let unwell = last.outcome == AttemptOutcome::Recovered && recovered.is_none();
        let unwell = unwell.then(|| why_users_are_not_well(context, &causes));
        let further = causes.iter().filter(|record| !is_first(incident, record));
        Ending {
            contained,
            recovered,
            open,
            unwell,
            clear: all_clear(context, incident),
            further: further.map(|record| sentence(context, record)).collect(),
        }
    }

    /// `contained after 5m by maintenance-page, recovered after 20m by fix; all clear after 22m`.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        if let Some((after, by)) = &self.contained {
            let by = by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
            words.push(format!("contained after {after}{by}"));
        }
        if let Some((after, by)) = &self.recovered {
            words.push(format!("recovered after {after}{by}{}", self.cleared()));
        }
        if let Some(why) = &self.unwell {
            words.push(format!("not recovered: {why}{}", self.cleared()));
        }
        if let Some((after, outcome)) = self.open {
            words.push(format!("not recovered after {after} ({outcome})"));
        }
        words.join(", ")
    }

    /// `; all clear after 22m`, or nothing. The rules can be well while some users are not yet.
    pub fn cleared(&self) -> String {
        let Some(at) = self.clear else { return String::new() };
        match &self.recovered {
            Some((after, _)) if at < *after => format!("; alerts had cleared after {at} already"),
            _ => format!("; all clear after {at}"),
        }
    }
}

/// The causes of an incident that harmed users, where that is counted.
fn causes(context: &ReportContext, incident: &Incident) -> Vec<CauseRecord> {
    if context.header.mode.by_hand() {
        return Vec::new();
    }
    let mut records = context.story.causes_of_incident(context.header, incident.number);
    records.retain(|record| record.harmed.is_some());
    records
}

/// Whether an incident began with this.
fn is_first(incident: &Incident, record: &CauseRecord) -> bool {
    incident.first().start.fault.as_deref() == Some(record.cause.name().as_str())
}

/// When users were well again, and by what; `None` if they were not.
fn recovered(
    context: &ReportContext,
    incident: &Incident,
    causes: &[CauseRecord],
) -> Option<(Span, String)> {
    let began = incident.first().start.started_at;
    let whole = context.story.recovery(context.header, incident)?;
    let first = causes.iter().find(|record| is_first(incident, record));
    if let Some(record) = first.filter(|_| causes.len() > 1) {
        let by =
            context.story.credit_of(record).map_or(String::new(), |credit| words(credit, None));
        return Some((between(record.from, record.restored?), by));
    }
    let credit = context.story.credit(context.header, incident);
    let by = credit.map_or(String::new(), |credit| words(credit, Some(incident.last())));
    Some((between(began, began + whole), by))
}

/// Why users are not well although every rule has resolved.
fn why_users_are_not_well(context: &ReportContext, causes: &[CauseRecord]) -> String {
    let standing = causes.iter().find_map(|record| {
        let (page, taken_back) = context.story.page_at(record.harmed?.1)?;
        taken_back.is_none().then_some(page)
    });
    match standing {
        Some(page) => format!("{} stays up to the end", short(page)),
        None => "users felt it to the end".to_string(),
    }
}

/// `Bad release app at 18:25:00: over after 28m on its own, with fix in effect.`
fn sentence(context: &ReportContext, record: &CauseRecord) -> String {
    let by = context.story.credit_of(record).map_or(String::new(), |credit| words(credit, None));
    let what = short(&record.cause.to_string());
    let ended = match record.restored {
        Some(restored) => format!("over after {}{by}", between(record.from, restored)),
        None => "not over".to_string(),
    };
    format!("Then {what} at {}: {ended}.", context.clock(record.from))
}

/// What ended something, to follow `recovered after 20m`; nothing where nothing is known.
/// Nobody is credited with what they did not end.
fn words(credit: Credit, last: Option<&AttemptEntry>) -> String {
    match credit {
        Credit::Change(change) => format!(" by {}", short(change)),
        Credit::OwnTime => {
            let under_way = last.map_or(String::new(), under_way);
            format!(" on its own; nothing we did was in effect{under_way}")
        }
        Credit::OwnTimeDuring(change) => format!(" on its own, with {} in effect", short(change)),
        Credit::After(change, after) => {
            let seconds = Span::from_secs(after.0.div_ceil(Span::SECOND.0));
            format!(", {seconds} after {} came into effect", short(change))
        }
        Credit::Behind(page) => {
            format!(", when {} was taken down (it had ended on its own behind it)", short(page))
        }
        Credit::Unknown => String::new(),
    }
}

/// What had been begun and was not in effect when it was over.
fn under_way(attempt: &AttemptEntry) -> String {
    let Some(change) = attempt.change.as_deref().map(short) else { return String::new() };
    let stage = match (attempt.reached.deploying_at, attempt.reached.ordered_at) {
        _ if attempt.reached.live_at.is_some() => return String::new(),
        (Some(_), _) if attempt.reached.deployed_at.is_some() => {
            "was not in effect for everybody yet"
        }
        (Some(_), _) => "was being deployed",
        (None, Some(_)) => "was waiting for its pipeline",
        (None, None) => "was still being asked for",
    };
    format!(" ({change} {stage})")
}

/// When it was known that an incident is over, if that was later than its end.
fn all_clear(context: &ReportContext, incident: &Incident) -> Option<Span> {
    let course = context.story.phase_timeline(incident);
    let recovered = incident.last().outcome == AttemptOutcome::Recovered;
    (recovered && course.total() > incident.total()).then(|| course.printed_total())
}

/// In a table: how a cause ended, and the change that is named with it.
pub(crate) fn cells(
    context: &ReportContext,
    record: &CauseRecord,
) -> (&'static str, Option<String>) {
    let change = |change: &str| Some(change.to_string());
    match context.story.credit_of(record) {
        Some(Credit::Change(by)) => ("by a change", change(by)),
        Some(Credit::OwnTime) => ("on its own", None),
        Some(Credit::OwnTimeDuring(during)) => ("on its own, during", change(during)),
        Some(Credit::After(after, _)) => ("after", change(after)),
        Some(Credit::Behind(page)) => ("on its own, behind a page", change(page)),
        Some(Credit::Unknown) => ("not known", None),
        None => ("not over", None),
    }
}

/// A name from outside in a sentence.
fn short(name: &str) -> String {
    for_terminal(name, NAME)
}
