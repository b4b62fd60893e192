//! The questions asked of every trial, and their answers.

use crate::decision::{Phase, Step};
use crate::journal::episodes::{self, Class};
use crate::journal::{
    self, AudienceTimeline, Expectation, Header, Incident, Story, Totals, Verdict,
};
use crate::names::Dimension;
use crate::scenario::Plan;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// A figure of a day that is worth a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// In words; part of it may come from the scenario.
    pub name: String,
    /// What its values are.
    pub unit: HeadlineUnit,
}

/// What the headline of an expectation begins with.
pub(super) const MEETS: &str = "meets ";

/// The headline for all requests; more of them is neither good nor bad.
const REQUESTS: &str = "requests";

/// The ending of the headline for updates that were due; more is neither good nor bad.
const DUE: &str = " due";

/// Between a headline and the segment that it is about: `affected, browser chrome`.
const OF_SEGMENT: &str = ", ";

impl Headline {
    /// Whether more of it is worse or better; `None` where it is neither by itself.
    pub fn more_is(&self) -> Option<Effect> {
        match self.unit {
            HeadlineUnit::Chance => self.name.starts_with(MEETS).then_some(Effect::Better),
            HeadlineUnit::Requests if self.name == REQUESTS => None,
            HeadlineUnit::Updates if self.name.ends_with(DUE) => None,
            _ => Some(Effect::Worse),
        }
    }

    /// What it counts and of which segment of users, if it is about one of them.
    pub fn segment(&self) -> Option<(&str, &str)> {
        let counted = matches!(self.unit, HeadlineUnit::Users | HeadlineUnit::UserMinutes);
        self.name.split_once(OF_SEGMENT).filter(|_| counted)
    }
}

/// What a difference does to those who run the site and those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It takes longer, or does more harm.
    Worse,
    /// The other way round.
    Better,
}

impl Effect {
    /// The other one.
    pub fn reversed(self) -> Effect {
        match self {
            Effect::Worse => Effect::Better,
            Effect::Better => Effect::Worse,
        }
    }
}

/// The unit of a headline's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadlineUnit {
    /// 1 if it came true and 0 if not: its mean is a probability.
    Chance,
    /// Seconds.
    Seconds,
    /// Requests in one trial.
    Requests,
    /// Users in one trial.
    Users,
    /// Minutes of users' time in one trial.
    UserMinutes,
    /// Updates of an incident that were due in one trial.
    Updates,
    /// Events per simulated day.
    PerDay,
}

impl HeadlineUnit {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            HeadlineUnit::Chance => "chance",
            HeadlineUnit::Seconds => "s",
            HeadlineUnit::Requests => "requests",
            HeadlineUnit::Users => "users",
            HeadlineUnit::UserMinutes => "user_minutes",
            HeadlineUnit::Updates => "updates",
            HeadlineUnit::PerDay => "per_day",
        }
    }
}

/// A headline, and how its value is found.
pub(super) struct HeadlineQuestion {
    pub headline: Headline,
    ask: HeadlineMeasure,
}

/// One of the sums of a trial.
type Count = fn(&Totals) -> u64;

enum HeadlineMeasure {
    IncidentOpens,
    PlayOpens(String),
    Meets(usize),
    Spent(Phase),
    Total,
    Recovered,
    Helped,
    Contained,
    FalseAlarms,
    /// Until this audience was first told.
    Told(String),
    /// How many updates to it were due, or how many of those did not come.
    Updates {
        whom: String,
        every: Span,
        missed: bool,
    },
    Requests(Count),
    UsersAffected,
    Lost,
    /// Of the segment at this place in [`Totals::segments`].
    UsersAffectedOf(usize),
    LostOf(usize),
}

/// A trial that is over.
pub(super) struct FinishedTrial<'a> {
    story: &'a Story,
    totals: &'a Totals,
    /// Of the incident that expectations judge: what was going on for how long, and its times.
    judged: Option<JudgedIncident>,
    /// What those who must be told of it were told.
    told: Vec<(String, AudienceTimeline)>,
    days: f64,
}

struct JudgedIncident {
    spent: [Option<Span>; Phase::ALL.len()],
    total: Span,
    recovered: Option<Span>,
    helped: Option<Span>,
    contained: Option<Span>,
}

/// The headline for how long it took until the change that helped was in effect: asked of a plan
/// that says what really happened.
pub(super) const HELPED: &str = "helped";

/// The headline for how likely a play opens.
pub fn play_opens(play: &str) -> String {
    format!("play {play} opens")
}

/// Everything asked of the trials of a plan, in the order of the tables.
pub(super) fn questions(plan: &Plan) -> Vec<HeadlineQuestion> {
    let mut questions = Vec::new();
    let mut add = |name: String, unit, ask| {
        questions.push(HeadlineQuestion { headline: Headline { name, unit }, ask });
    };
    add("an incident opens".to_string(), HeadlineUnit::Chance, HeadlineMeasure::IncidentOpens);
    for play in &plan.names.plays {
        add(play_opens(play), HeadlineUnit::Chance, HeadlineMeasure::PlayOpens(play.clone()));
    }
    for (position, expectation) in plan.expect.iter().enumerate() {
        add(
            format!("{MEETS}{expectation}"),
            HeadlineUnit::Chance,
            HeadlineMeasure::Meets(position),
        );
    }
    for phase in Phase::ALL {
        add(phase.word().to_string(), HeadlineUnit::Seconds, HeadlineMeasure::Spent(phase));
    }
    add("total".to_string(), HeadlineUnit::Seconds, HeadlineMeasure::Total);
    add("recovered".to_string(), HeadlineUnit::Seconds, HeadlineMeasure::Recovered);
    if plan.actual.is_some() {
        add(HELPED.to_string(), HeadlineUnit::Seconds, HeadlineMeasure::Helped);
    }
    add("contained".to_string(), HeadlineUnit::Seconds, HeadlineMeasure::Contained);
    add("false alarms".to_string(), HeadlineUnit::PerDay, HeadlineMeasure::FalseAlarms);
    for (name, unit, ask) in audience_headlines(plan) {
        add(name, unit, ask);
    }
    let requests: [(&str, Count); 4] = [
        (REQUESTS, |totals| totals.site.generated),
        ("requests failed", |totals| totals.site.failed + totals.site.rejected),
        ("requests given up", |totals| totals.site.abandoned),
        ("requests turned away", |totals| totals.site.planned),
    ];
    for (name, count) in requests {
        add(name.to_string(), HeadlineUnit::Requests, HeadlineMeasure::Requests(count));
    }
    add("users affected".to_string(), HeadlineUnit::Users, HeadlineMeasure::UsersAffected);
    add("user-minutes lost".to_string(), HeadlineUnit::UserMinutes, HeadlineMeasure::Lost);
    let segments = Dimension::ALL.into_iter().flat_map(|dimension| {
        let words = &plan.names.categories[dimension as usize];
        // Where all users are alike, the one segment is everybody.
        let apart = words.len() > 1;
        words.iter().map(move |word| (apart, format!("{} {word}", dimension.word())))
    });
    let segments: Vec<(usize, String)> = segments
        .enumerate()
        .filter(|(_, (apart, _))| *apart)
        .map(|(position, (_, segment))| (position, segment))
        .collect();
    for (position, segment) in &segments {
        let name = format!("affected{OF_SEGMENT}{segment}");
        add(name, HeadlineUnit::Users, HeadlineMeasure::UsersAffectedOf(*position));
    }
    for (position, segment) in &segments {
        let name = format!("user-minutes lost{OF_SEGMENT}{segment}");
        add(name, HeadlineUnit::UserMinutes, HeadlineMeasure::LostOf(*position));
    }
    questions
}

/// Who must have word of incidents by when.
fn audience_headlines(plan: &Plan) -> Vec<(String, HeadlineUnit, HeadlineMeasure)> {
    let told = plan.expect.iter().flat_map(|expectation| match expectation {
        Expectation::Told { whom, .. } => {
            vec![(
                format!("told {whom}"),
                HeadlineUnit::Seconds,
                HeadlineMeasure::Told(whom.clone()),
            )]
        }
        Expectation::Updates { whom, every } => {
            let ask =
                |missed| HeadlineMeasure::Updates { whom: whom.clone(), every: *every, missed };
            vec![
                (format!("updates to {whom} due"), HeadlineUnit::Updates, ask(false)),
                (format!("updates to {whom} missed"), HeadlineUnit::Updates, ask(true)),
            ]
        }
        _ => Vec::new(),
    });
    told.collect()
}

impl<'a> FinishedTrial<'a> {
    /// What the story of a trial of this plan says.
    pub(super) fn new(plan: &Plan, header: &Header, story: &'a Story) -> Self {
        let judged = story.judged(&plan.expect);
        let told = judged.as_ref().map_or(Vec::new(), |incident| {
            let whom = plan.expect.iter().filter_map(Expectation::audience);
            whom.map(|whom| (whom.to_string(), story.informed(header, incident, whom))).collect()
        });
        let judged = judged.as_ref().map(|incident| JudgedIncident::new(header, story, incident));
        let totals = story.totals().expect("a trial that is over has its sums");
        FinishedTrial { story, totals, judged, told, days: plan.lasts.seconds() / 86_400.0 }
    }

    /// What an audience was told of the incident that expectations judge.
    fn informed(&self, whom: &str) -> Option<&AudienceTimeline> {
        self.told.iter().find(|(of, _)| of == whom).map(|(_, informed)| informed)
    }
}

impl JudgedIncident {
    fn new(header: &Header, story: &Story, incident: &Incident) -> JudgedIncident {
        let course = story.phase_timeline(incident);
        JudgedIncident {
            spent: Phase::ALL.map(|phase| course.spent(phase)),
            total: course.total(),
            recovered: story.recovery(header, incident),
            helped: story.helped(header, incident),
            contained: incident.contained(),
        }
    }
}

impl HeadlineQuestion {
    /// Whether it is about something that the plan expects.
    pub(super) fn expects(&self) -> bool {
        matches!(self.ask, HeadlineMeasure::Meets(_))
    }

    /// Whether it is the time to recovery.
    pub(super) fn is_recovery(&self) -> bool {
        matches!(self.ask, HeadlineMeasure::Recovered)
    }

    /// Whether it is the one for an incident.
    pub(super) fn is_incident(&self) -> bool {
        matches!(self.ask, HeadlineMeasure::IncidentOpens)
    }

    /// Whether any trial of the plan could have a value. A headline that could and has none yet is
    /// rare, and worth waiting for; one that could not is never known.
    pub(super) fn possible(&self, plan: &Plan) -> bool {
        let steps = || plan.playbook.plays.iter().flat_map(|play| &play.steps);
        let acts = |step: &Step| matches!(step, Step::Change(_) | Step::Diagnose { .. });
        match &self.ask {
            HeadlineMeasure::Spent(phase) => match phase {
                Phase::Detect | Phase::Clear => !plan.playbook.plays.is_empty(),
                Phase::Acknowledge => steps().any(|step| matches!(step, Step::Page(_))),
                Phase::Declare => steps().any(|step| matches!(step, Step::Declare(_))),
                Phase::Diagnose => steps().any(|step| matches!(step, Step::Diagnose { .. })),
                Phase::Reach => {
                    steps().any(|step| matches!(step, Step::Ask(ask) if !ask.asks_nobody()))
                }
                Phase::Decide => steps().any(|step| match step {
                    Step::Ask(ask) => ask.takes.is_some() || !ask.others.is_empty(),
                    _ => false,
                }),
                Phase::Work => steps().any(|step| matches!(step, Step::Work(_))),
                Phase::Queue | Phase::Deploy | Phase::Rollout => steps().any(acts),
                Phase::Confirm => {
                    plan.playbook.plays.iter().any(|play| play.verify.is_some())
                        || steps().any(|step| matches!(step, Step::Confirm(_)))
                }
                // Nobody plans for them, so that none may ever come.
                Phase::Hold | Phase::Stalled => false,
            },
            HeadlineMeasure::Total
            | HeadlineMeasure::Recovered
            | HeadlineMeasure::Contained
            | HeadlineMeasure::Told(_)
            | HeadlineMeasure::Updates { .. } => !plan.playbook.rules.is_empty(),
            HeadlineMeasure::Helped => steps().any(acts),
            HeadlineMeasure::IncidentOpens
            | HeadlineMeasure::PlayOpens(_)
            | HeadlineMeasure::Meets(_)
            | HeadlineMeasure::FalseAlarms
            | HeadlineMeasure::Requests(_)
            | HeadlineMeasure::UsersAffected
            | HeadlineMeasure::Lost
            | HeadlineMeasure::UsersAffectedOf(_)
            | HeadlineMeasure::LostOf(_) => true,
        }
    }

    /// The value in one trial; `None` if there was nothing to measure.
    pub(super) fn answer(&self, evidence: &FinishedTrial) -> Option<f64> {
        let judged = evidence.judged.as_ref();
        let seconds = |span: Option<Span>| span.map(|span| span.seconds());
        let chance = |came_true: bool| Some(f64::from(u8::from(came_true)));
        match &self.ask {
            HeadlineMeasure::IncidentOpens => chance(!evidence.story.incidents().is_empty()),
            HeadlineMeasure::PlayOpens(play) => {
                chance(journal::plays_opened(evidence.story).contains(&play.as_str()))
            }
            HeadlineMeasure::Meets(position) => {
                // What was not judged was neither met nor missed.
                let entry = evidence.story.expectations().nth(*position);
                let judged = entry.filter(|entry| entry.verdict != Verdict::NotJudged);
                judged.and_then(|entry| chance(entry.met()))
            }
            HeadlineMeasure::Spent(phase) => seconds(judged.and_then(|j| j.spent[*phase as usize])),
            HeadlineMeasure::Total => seconds(judged.map(|judged| judged.total)),
            HeadlineMeasure::Recovered => seconds(judged.and_then(|judged| judged.recovered)),
            HeadlineMeasure::Helped => seconds(judged.and_then(|judged| judged.helped)),
            HeadlineMeasure::Contained => seconds(judged.and_then(|judged| judged.contained)),
            HeadlineMeasure::FalseAlarms => {
                let episodes = episodes::episodes(evidence.story);
                let alarms = episodes.iter().filter(|e| e.class() == Class::FalseAlarm).count();
                Some(alarms as f64 / evidence.days)
            }
            HeadlineMeasure::Told(whom) => {
                seconds(evidence.informed(whom).and_then(AudienceTimeline::first))
            }
            HeadlineMeasure::Updates { whom, every, missed } => {
                let (due, late) = evidence.informed(whom)?.updates(*every)?;
                Some(if *missed { late } else { due } as f64)
            }
            HeadlineMeasure::Requests(count) => Some(count(evidence.totals) as f64),
            HeadlineMeasure::UsersAffected => Some(evidence.totals.site.affected.total() as f64),
            HeadlineMeasure::Lost => Some(minutes(evidence.totals.site.lost)),
            HeadlineMeasure::UsersAffectedOf(segment) => {
                Some(evidence.totals.segments[*segment].affected.total() as f64)
            }
            HeadlineMeasure::LostOf(segment) => {
                Some(minutes(evidence.totals.segments[*segment].lost))
            }
        }
    }
}

fn minutes(span: Span) -> f64 {
    span.seconds() / 60.0
}
