//! `told.csv`: who had word of each incident when, before or after the change, and which updates
//! did not come.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::decision::EVERYONE;
use crate::journal::{
    AudienceTimeline, Event, Evidence, Expectation, HeardBy, Incident, RegularUpdate, RoomKind,
    between,
};
use crate::units::Span;

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 19] = [
    ("incident", "number", "number of the incident, in order of opening"),
    ("audience", "", "the role, the person, or who is outside the team"),
    ("incident_at", "time", "when what is behind the incident took effect"),
    ("incident_local", "local time", "the same as spreadsheets read it"),
    ("told_at", "time", "when they were first told; blank if they never were"),
    ("told_local", "local time", "the same"),
    ("told_s", "s", "from the start of the incident until they were told"),
    ("limit_s", "s", "what is expected of that; blank if nothing is"),
    ("in_time", "", "yes or no; blank where there is no limit"),
    ("told_by", "", "who told them; blank: the program, or it is not known"),
    ("how", "", "told: somebody told them; message: of a message; asked: they answered a question"),
    ("change_at", "time", "when the first change began to be made; blank if none was"),
    ("change_local", "local time", "the same"),
    ("before_change", "", "yes or no; blank if no change was made"),
    ("words", "number", "how often they were told until all was clear"),
    ("every_s", "s", "how often an update is expected or is to come by the play; blank: never"),
    ("updates_due", "number", "until all was clear"),
    ("updates_missed", "number", "those of them that did not come in time"),
    ("evidence", "", "when first told: simulated or measured"),
];

/// What is expected of an audience, and what it was told of an incident.
pub(crate) struct AudienceUpdates {
    pub whom: String,
    /// What is expected of the first word, and whether before a change.
    pub within: Option<Span>,
    pub before_change: bool,
    /// How often an update is expected, or is to come by the plan.
    pub every: Option<Span>,
    /// The play that says so, where nothing else does.
    pub by_play: Option<String>,
    /// Somebody in the room had to tell them by the plan.
    pub due: bool,
    pub informed: AudienceTimeline,
}

impl AudienceUpdates {
    /// Whether the first word came in time; `None` where there is no limit, or it is not over.
    pub fn in_time(&self) -> Option<bool> {
        self.informed.in_time(self.within?)
    }

    /// Whether something that was expected did not come.
    pub fn missed(&self) -> bool {
        let late = self.in_time() == Some(false);
        let after = self.before_change && self.informed.before_change() == Some(false);
        let expected = self.every.is_some() && self.by_play.is_none();
        let never = (expected || self.due) && self.informed.words.is_empty();
        late || after || never || self.updates().is_some_and(|(_, missed)| missed > 0)
    }

    /// How many updates were due and how many did not come; `None` where none are expected.
    pub fn updates(&self) -> Option<(u64, u64)> {
        self.informed.updates(self.every?)
    }

    /// `after 9m 40s by rachael`, `not told`.
    pub fn first(&self) -> String {
        let Some(word) = self.informed.words.first() else {
            let never = if self.due { "not told, though the plan says so" } else { "not told" };
            return never.to_string();
        };
        let by = match (word.how, &word.by) {
            (HeardBy::Asked, _) => ", being asked".to_string(),
            (_, Some(by)) => format!(" by {by}"),
            (_, None) => String::new(),
        };
        let measured = word.evidence.mark();
        format!("after {}{measured}{by}", between(self.informed.from, word.at))
    }

    /// `before the change`, `after it began`, `no change`.
    pub fn order(&self) -> &'static str {
        match (self.informed.before_change(), self.informed.words.is_empty()) {
            (None, _) => "no change",
            (Some(true), _) => "before the change",
            (Some(false), false) => "after it began",
            (Some(false), true) => "",
        }
    }

    /// `< 30m`, `before change`; blank where nothing is expected.
    pub fn limit(&self) -> String {
        let within = self.within.map(|within| format!("< {within}"));
        let before = self.before_change.then(|| "before change".to_string());
        within.into_iter().chain(before).collect::<Vec<_>>().join(" ")
    }

    /// `every 30m: 2 due, 1 missed`; `None` where none are expected.
    pub fn regular(&self) -> Option<String> {
        let every = self.every?;
        Some(match self.updates() {
            // The play has not come so far.
            None if self.by_play.is_some() && !self.due => return None,
            None => format!("every {every}: never told"),
            Some((due, 0)) => format!("every {every}: {due} came, none missed"),
            Some((due, missed)) => format!("every {every}: {} came, {missed} missed", due - missed),
        })
    }
}

/// Everybody who is expected to have word of an incident, and then everybody else who had.
pub(crate) fn audiences(context: &ReportContext) -> Vec<AudienceUpdates> {
    let (expected, regular) = (context.expected(), context.header.regular());
    let mut all = Vec::new();
    for incident in context.story.incidents() {
        let due = due_to(context, &incident);
        let whom = expected.iter().filter_map(Expectation::audience);
        let mut names: Vec<&str> = Vec::new();
        let told = context.story.audiences(incident.number).into_iter().chain(due.iter().copied());
        for name in whom.chain(told) {
            if !names.contains(&name) && name != EVERYONE {
                names.push(name);
            }
        }
        let own = regular.iter().filter(|regular| incident.played(&regular.play));
        let own: Vec<&RegularUpdate> = own.collect();
        all.extend(names.into_iter().map(|name| {
            let informed = context.story.informed(context.header, &incident, name);
            let due = due.contains(&name);
            AudienceUpdates { due, ..audience(name, &expected, &own, informed) }
        }));
    }
    all
}

/// Whom people in the room had to tell by the plan while an incident was open.
fn due_to<'b>(context: &ReportContext<'b>, incident: &Incident) -> Vec<&'b str> {
    let informed = context.story.informed(context.header, incident, "");
    let own = informed.from..=informed.until;
    let mut all: Vec<&str> = Vec::new();
    for entry in context.story.entries().iter().filter(|entry| own.contains(&entry.at)) {
        let Event::Room { kind: RoomKind::Due, whom: Some(whom), .. } = &entry.event else {
            continue;
        };
        if !all.contains(&whom.as_str()) {
            all.push(whom);
        }
    }
    all
}

fn audience(
    name: &str,
    expected: &[Expectation],
    own: &[&RegularUpdate],
    informed: AudienceTimeline,
) -> AudienceUpdates {
    // Of several plays, the one that tells most often.
    let shortest =
        own.iter().filter(|regular| regular.whom == name).min_by_key(|regular| regular.every);
    let (every, by_play) =
        (shortest.map(|shortest| shortest.every), shortest.map(|shortest| shortest.play.clone()));
    let whom = name.to_string();
    let (within, before_change) = (None, false);
    let due = false;
    let mut audience =
        AudienceUpdates { whom, within, before_change, every, by_play, due, informed };
    for expectation in expected {
        match expectation {
            Expectation::Told { whom, within, before_change } if whom == name => {
                (audience.within, audience.before_change) = (*within, *before_change);
            }
            Expectation::Updates { whom, every } if whom == name => {
                (audience.every, audience.by_play) = (Some(*every), None);
            }
            _ => {}
        }
    }
    audience
}

/// Who was told when, where that is worth showing: something of it is expected, somebody was never
/// told what the plan has told, or people were seen to tell somebody.
pub(crate) fn shown(context: &ReportContext) -> Vec<AudienceUpdates> {
    let all = audiences(context);
    if is_about(context, &all) { all } else { Vec::new() }
}

fn is_about(context: &ReportContext, all: &[AudienceUpdates]) -> bool {
    let expected = context.expected().iter().any(|expectation| expectation.audience().is_some());
    let measured = |evidence: &Evidence| !evidence.is_simulated();
    expected
        || context.story.entries().iter().any(|entry| match &entry.event {
            Event::Tell { evidence, .. } => measured(evidence),
            _ => false,
        })
        || !context.header.regular().is_empty() && all.iter().any(AudienceUpdates::missed)
}

pub(crate) fn rows(context: &ReportContext) -> Rows {
    audiences(context).iter().map(|audience| row(context, audience)).collect()
}

fn row(context: &ReportContext, audience: &AudienceUpdates) -> Vec<Cell> {
    let informed = &audience.informed;
    let first = informed.words.first();
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let updates = audience.updates();
    vec![
        Cell::from(informed.incident),
        Cell::from(&audience.whom),
        context.moment(informed.from),
        context.local(informed.from),
        context.moment(first.map(|word| word.at)),
        Cell::from(first.map(|word| context.local(word.at))),
        Cell::seconds(informed.first()),
        Cell::seconds(audience.within),
        Cell::from(audience.in_time().map(yes)),
        Cell::from(first.and_then(|word| word.by.clone())),
        Cell::from(first.map(|word| word.how.word())),
        context.moment(informed.change.map(|(at, _)| at)),
        Cell::from(informed.change.map(|(at, _)| context.local(at))),
        Cell::from(informed.before_change().map(yes)),
        Cell::from(informed.words.len() as u64),
        Cell::seconds(audience.every),
        Cell::from(updates.map(|(due, _)| due)),
        Cell::from(updates.map(|(_, missed)| missed)),
        Cell::from(first.map(|word| match word.evidence {
            Evidence::Simulated => context.evidence().word(),
            measured => measured.word(),
        })),
    ]
}
