//! What is asked of every trial.

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
    ask: Ask,
}

/// One of the sums of a trial.
type Count = fn(&Totals) -> u64;

enum Ask {
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
pub(super) struct Evidence<'a> {
    story: &'a Story,
    totals: &'a Totals,
    /// Of the incident that expectations judge: what was going on for how long, and its times.
    judged: Option<Judged>,
    /// What those who must be told of it were told.
    told: Vec<(String, AudienceTimeline)>,
    days: f64,
}

struct Judged {
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
    add("an incident opens".to_string(), HeadlineUnit::Chance, Ask::IncidentOpens);
    for play in &plan.names.plays {
        add(play_opens(play), HeadlineUnit::Chance, Ask::PlayOpens(play.clone()));
    }
    for (position, expectation) in plan.expect.iter().enumerate() {
        add(format!("{MEETS}{expectation}"), HeadlineUnit::Chance, Ask::Meets(position));
    }
    for phase in Phase::ALL {
        add(phase.word().to_string(), HeadlineUnit::Seconds, Ask::Spent(phase));
    }
    add("total".to_string(), HeadlineUnit::Seconds, Ask::Total);
    add("recovered".to_string(), HeadlineUnit::Seconds, Ask::Recovered);
    if plan.actual.is_some() {
        add(HELPED.to_string(), HeadlineUnit::Seconds, Ask::Helped);
    }
    add("contained".to_string(), HeadlineUnit::Seconds, Ask::Contained);
    add("false alarms".to_string(), HeadlineUnit::PerDay, Ask::FalseAlarms);
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
        add(name.to_string(), HeadlineUnit::Requests, Ask::Requests(count));
    }
    add("users affected".to_string(), HeadlineUnit::Users, Ask::UsersAffected);
    add("user-minutes lost".to_string(), HeadlineUnit::UserMinutes, Ask::Lost);
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
        add(name, HeadlineUnit::Users, Ask::UsersAffectedOf(*position));
    }
    for (position, segment) in &segments {
        let name = format!("user-minutes lost{OF_SEGMENT}{segment}");
        add(name, HeadlineUnit::UserMinutes, Ask::LostOf(*position));
    }
    questions
}

/// Who must have word of incidents by when.
fn audience_headlines(plan: &Plan) -> Vec<(String, HeadlineUnit, Ask)> {
    let told = plan.expect.iter().flat_map(|expectation| match expectation {
        Expectation::Told { whom, .. } => {
            vec![(format!("told {whom}"), HeadlineUnit::Seconds, Ask::Told(whom.clone()))]
        }
        Expectation::Updates { whom, every } => {
            let ask = |missed| Ask::Updates { whom: whom.clone(), every: *every, missed };
            vec![
                (format!("updates to {whom} due"), HeadlineUnit::Updates, ask(false)),
                (format!("updates to {whom} missed"), HeadlineUnit::Updates, ask(true)),
            ]
        }
        _ => Vec::new(),
    });
    told.collect()
}

impl<'a> Evidence<'a> {
    /// What the story of a trial of this plan says.
    pub(super) fn new(plan: &Plan, header: &Header, story: &'a Story) -> Self {
        let judged = story.judged(&plan.expect);
        let told = judged.as_ref().map_or(Vec::new(), |incident| {
            let whom = plan.expect.iter().filter_map(Expectation::audience);
            whom.map(|whom| (whom.to_string(), story.informed(header, incident, whom))).collect()
        });
        let judged = judged.as_ref().map(|incident| Judged::new(header, story, incident));
        let totals = story.totals().expect("a trial that is over has its sums");
        Evidence { story, totals, judged, told, days: plan.lasts.seconds() / 86_400.0 }
    }

    /// What an audience was told of the incident that expectations judge.
    fn informed(&self, whom: &str) -> Option<&AudienceTimeline> {
        self.told.iter().find(|(of, _)| of == whom).map(|(_, informed)| informed)
    }
}

impl Judged {
    fn new(header: &Header, story: &Story, incident: &Incident) -> Judged {
        let course = story.phase_timeline(incident);
        Judged {
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
        matches!(self.ask, Ask::Meets(_))
    }

    /// Whether it is the time to recovery.
    pub(super) fn is_recovery(&self) -> bool {
        matches!(self.ask, Ask::Recovered)
    }

    /// Whether it is the one for an incident.
    pub(super) fn is_incident(&self) -> bool {
        matches!(self.ask, Ask::IncidentOpens)
    }

    /// Whether any trial of the plan could have a value. A headline that could and has none yet is
    /// rare, and worth waiting for; one that could not is never known.
    pub(super) fn possible(&self, plan: &Plan) -> bool {
        let steps = || plan.playbook.plays.iter().flat_map(|play| &play.steps);
        let acts = |step: &Step| matches!(step, Step::Change(_) | Step::Diagnose { .. });
        match &self.ask {
            Ask::Spent(phase) => match phase {
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
            Ask::Total | Ask::Recovered | Ask::Contained | Ask::Told(_) | Ask::Updates { .. } => {
                !plan.playbook.rules.is_empty()
            }
            Ask::Helped => steps().any(acts),
            Ask::IncidentOpens
            | Ask::PlayOpens(_)
            | Ask::Meets(_)
            | Ask::FalseAlarms
            | Ask::Requests(_)
            | Ask::UsersAffected
            | Ask::Lost
            | Ask::UsersAffectedOf(_)
            | Ask::LostOf(_) => true,
        }
    }

    /// The value in one trial; `None` if there was nothing to measure.
    pub(super) fn answer(&self, evidence: &Evidence) -> Option<f64> {
        let judged = evidence.judged.as_ref();
        let seconds = |span: Option<Span>| span.map(|span| span.seconds());
        let chance = |came_true: bool| Some(f64::from(u8::from(came_true)));
        match &self.ask {
            Ask::IncidentOpens => chance(!evidence.story.incidents().is_empty()),
            Ask::PlayOpens(play) => {
                chance(journal::plays_opened(evidence.story).contains(&play.as_str()))
            }
            Ask::Meets(position) => {
                // What was not judged was neither met nor missed.
                let entry = evidence.story.expectations().nth(*position);
                let judged = entry.filter(|entry| entry.verdict != Verdict::NotJudged);
                judged.and_then(|entry| chance(entry.met()))
            }
            Ask::Spent(phase) => seconds(judged.and_then(|j| j.spent[*phase as usize])),
            Ask::Total => seconds(judged.map(|judged| judged.total)),
            Ask::Recovered => seconds(judged.and_then(|judged| judged.recovered)),
            Ask::Helped => seconds(judged.and_then(|judged| judged.helped)),
            Ask::Contained => seconds(judged.and_then(|judged| judged.contained)),
            Ask::FalseAlarms => {
                let episodes = episodes::episodes(evidence.story);
                let alarms = episodes.iter().filter(|e| e.class() == Class::FalseAlarm).count();
                Some(alarms as f64 / evidence.days)
            }
            Ask::Told(whom) => seconds(evidence.informed(whom).and_then(AudienceTimeline::first)),
            Ask::Updates { whom, every, missed } => {
                let (due, late) = evidence.informed(whom)?.updates(*every)?;
                Some(if *missed { late } else { due } as f64)
            }
            Ask::Requests(count) => Some(count(evidence.totals) as f64),
            Ask::UsersAffected => Some(evidence.totals.site.affected.total() as f64),
            Ask::Lost => Some(minutes(evidence.totals.site.lost)),
            Ask::UsersAffectedOf(segment) => {
                Some(evidence.totals.segments[*segment].affected.total() as f64)
            }
            Ask::LostOf(segment) => Some(minutes(evidence.totals.segments[*segment].lost)),
        }
    }
}

fn minutes(span: Span) -> f64 {
    span.seconds() / 60.0
}
