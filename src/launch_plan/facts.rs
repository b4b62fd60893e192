//! What a launch plan says, each fact with the line that says it.

use super::names::Mention;
use super::phrase::DutyHours;
use jiff::civil::Date;

/// A value and its line in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// What the line says.
    pub value: T,
    /// The line, from 1.
    pub line: usize,
}

/// A person of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPerson {
    /// The fullest name that the plan has.
    pub name: String,
    /// The lines that name the person, the first first.
    pub lines: Vec<usize>,
    /// The line on which the plan is not sure of the person (`Lee?`).
    pub tentative: Option<usize>,
    /// The roles, as the plan words them.
    pub roles: Vec<String>,
}

impl StatedPerson {
    /// Whether this person holds a role of this name.
    pub fn holds(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held.eq_ignore_ascii_case(role))
    }
}

/// A role that nobody is named for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// The role, as the plan words it.
    pub role: String,
    /// The lines that ask for it.
    pub lines: Vec<usize>,
}

/// Who is tried after whom. People are indices into [`Facts::people`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactChain {
    /// What for, as the plan words it.
    pub label: String,
    /// In the order in which they are tried.
    pub people: Vec<usize>,
    /// The line.
    pub line: usize,
}

/// Days and hours in which people are to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The first and the last day; `None` where the plan says none.
    pub days: Option<(Date, Date)>,
    /// Only Monday to Friday.
    pub weekdays: bool,
    /// From when to when.
    pub hours: DutyHours,
    /// The line.
    pub line: usize,
}

/// Something to be done before the launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedTask {
    /// What.
    pub item: String,
    /// Who is responsible for it; a person of the plan.
    pub owner: Option<usize>,
    /// By when.
    pub due: Option<Date>,
    /// The box is ticked.
    pub done: bool,
    /// The line.
    pub line: usize,
}

/// What a go/no-go criterion asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CriterionAsk {
    /// `5,000 users`.
    Users(u64),
    /// `85% diverse users (across browser types, …)`: a whole percentage of these dimensions.
    Coverage(u64, Vec<&'static str>),
    /// Somebody has to say so: these, where the plan names them.
    Attested(Vec<String>),
}

/// A go/no-go criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedCriterion {
    /// As the plan words it.
    pub text: String,
    /// What a program can check of it.
    pub asked: CriterionAsk,
    /// The line.
    pub line: usize,
}

/// Something that a step or a play does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatedAction {
    /// Somebody has to say yes; `deputy` decides where there was no answer `within` so long.
    Ask { who: String, by: Vec<&'static str>, deputy: Option<String>, within: Option<String> },
    /// Somebody is told; `template` as the plan words it, `?` where it is still to be written.
    Tell {
        from: Option<Mention>,
        to: String,
        template: Option<String>,
        every: Option<String>,
        text: String,
    },
    /// Somebody is called to work on it.
    Page { who: String },
    /// Something else is done that takes so long.
    Work { what: String, takes: String },
    /// Something of the site is changed; how long that takes, and until it has reached everybody,
    /// where the plan says so here.
    Change { what: String, takes: Option<String>, propagates: Option<String> },
}

/// A step of the launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedStep {
    /// As the plan words it, without the time.
    pub text: String,
    /// Minutes after midnight; `None` where nobody has decided yet.
    pub minutes: Option<u16>,
    /// That time counts from the launch (`T-30m`).
    pub counted: bool,
    /// The day that it is listed under.
    pub day: Option<Date>,
    /// What it does, where that can be told.
    pub action: Option<StatedAction>,
    /// The chain that does it, as an index into [`Facts::chains`].
    pub by: Option<usize>,
    /// What else the plan says of it.
    pub notes: Vec<At<String>>,
    /// The line.
    pub line: usize,
}

/// A threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedThreshold {
    /// The sentence that a scenario takes, with `?` for what is open.
    pub sentence: String,
    /// How long it must last, where that is not part of the sentence.
    pub lasting: Option<String>,
    /// As the plan words it.
    pub text: String,
    /// The line.
    pub line: usize,
}

/// What is done when something goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPlay {
    /// `rollback`.
    pub name: String,
    /// The play that it follows when that one fails.
    pub after: Option<usize>,
    /// What is done, in the plan's order.
    pub steps: Vec<At<StatedAction>>,
    /// What the plan says of it and is not a step.
    pub notes: Vec<At<String>>,
    /// It puts up a maintenance page.
    pub page: bool,
    /// The line.
    pub line: usize,
}

/// A row of the change-time table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeTime {
    /// As the plan words it.
    pub name: String,
    /// As a scenario takes it; `None` where the plan does not say.
    pub takes: Option<String>,
    /// A cache or the like that holds the old state for longer.
    pub propagates: Option<String>,
    /// The line.
    pub line: usize,
}

/// Everything that was understood of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The first heading.
    pub title: Option<String>,
    /// Everybody whom it names.
    pub people: Vec<StatedPerson>,
    /// The one who decides, by a mark, a title or a sentence.
    pub decider: Option<At<usize>>,
    /// Roles that nobody is named for.
    pub vacancies: Vec<Vacancy>,
    /// Who is tried after whom.
    pub chains: Vec<ContactChain>,
    /// The order in which channels are tried.
    pub channels: Option<At<Vec<&'static str>>>,
    /// When people are to be reached.
    pub duties: Vec<Duty>,
    /// What is to be done before.
    pub tasks: Vec<StatedTask>,
    /// What must be met before.
    pub criteria: Vec<StatedCriterion>,
    /// Who is asked at the go/no-go, by role.
    pub poll: Vec<At<String>>,
    /// When the go/no-go is.
    pub meeting: Option<At<(Option<Date>, u16)>>,
    /// What is done on the day.
    pub steps: Vec<StatedStep>,
    /// When to roll back.
    pub thresholds: Vec<StatedThreshold>,
    /// Reasons to roll back that no number of the site shows: somebody has to notice them.
    pub triggers: Vec<At<String>>,
    /// What is done when something goes wrong.
    pub plays: Vec<StatedPlay>,
    /// How long each kind of change takes.
    pub changes: Vec<ChangeTime>,
    /// What may not be done.
    pub bans: Vec<At<String>>,
    /// The time zone that the plan's times are in.
    pub zone: Option<At<String>>,
    /// The moment of the launch from which others are counted, in minutes after midnight; its line
    /// is the first that counts from it where the plan does not say when it is.
    pub launch: Option<At<Option<u16>>>,
    /// The day that the plan's title or its `Date:` gives.
    pub day: Option<At<Date>>,
    /// The day of a rehearsal, where the plan has one.
    pub gameday: Option<At<Date>>,
    /// The first line with a date that has no year.
    pub undated: Option<usize>,
}

/// Why a line is open that asks for something which nobody can test.
pub const UNTESTABLE: &str = "nobody can test it";

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineStatus {
    /// Understood, as this.
    Understood(&'static str),
    /// Understood, but something of it is open.
    Open(String),
    /// Not understood; it is kept as a comment.
    NotUnderstood,
}

impl Facts {
    /// The day of the go/no-go, else of the first step, else of the title, else of the rehearsal,
    /// and its line; `None` where the plan has no day.
    pub fn launch_day(&self) -> Option<(Date, usize)> {
        let meeting = self.meeting.as_ref().and_then(|at| Some((at.value.0?, at.line)));
        let step = || self.steps.iter().find_map(|step| Some((step.day?, step.line)));
        let titled = || self.day.as_ref().map(|day| (day.value, day.line));
        let gameday = || self.gameday.as_ref().map(|day| (day.value, day.line));
        meeting.or_else(step).or_else(titled).or_else(gameday)
    }

    /// The person whom a line names, a new one where nobody fits. A first name alone means the
    /// first of that name; the second value says that others have it too.
    pub fn person(&mut self, mention: &Mention, line: usize) -> (usize, bool) {
        let Some((index, ambiguous)) = self.find(&mention.name) else {
            self.people.push(StatedPerson {
                name: mention.name.clone(),
                lines: vec![line],
                tentative: mention.tentative.then_some(line),
                roles: Vec::new(),
            });
            return (self.people.len() - 1, false);
        };
        let person = &mut self.people[index];
        if mention.name.len() > person.name.len() {
            person.name = mention.name.clone();
        }
        if !person.lines.contains(&line) {
            person.lines.push(line);
        }
        if mention.tentative && person.tentative.is_none() {
            person.tentative = Some(line);
        }
        (index, ambiguous)
    }

    /// The person of this name; the second value says that others could be meant as well.
    pub fn find(&self, name: &str) -> Option<(usize, bool)> {
        let fits = |person: &StatedPerson| same_person(&person.name, name);
        let fitting: Vec<usize> =
            (0..self.people.len()).filter(|index| fits(&self.people[*index])).collect();
        let exact = fitting.iter().find(|at| self.people[**at].name == name);
        let index = exact.or(fitting.first()).copied()?;
        Some((index, exact.is_none() && fitting.len() > 1))
    }

    /// Whether somebody of this name, or of this first name, is in the plan already.
    pub fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Somebody is given a role.
    pub fn give_role(&mut self, person: usize, role: &str) {
        let roles = &mut self.people[person].roles;
        if !roles.iter().any(|held| held.eq_ignore_ascii_case(role)) {
            roles.push(role.to_string());
        }
    }

    /// Nobody is named for a role on this line.
    pub fn vacant(&mut self, role: &str, line: usize) {
        let held = self.vacancies.iter_mut().find(|v| v.role.eq_ignore_ascii_case(role));
        match held {
            Some(vacancy) if !vacancy.lines.contains(&line) => vacancy.lines.push(line),
            Some(_) => {}
            None => self.vacancies.push(Vacancy { role: role.to_string(), lines: vec![line] }),
        }
    }
}

/// Whether two names may mean one person: the same first name, and no two different last names.
pub fn same_person(one: &str, other: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        name.split_whitespace().map(|word| word.trim_end_matches('.').to_lowercase()).collect()
    };
    let (one, other) = (parts(one), parts(other));
    if one.first() != other.first() {
        return false;
    }
    match (one.get(1), other.get(1)) {
        (Some(one), Some(other)) => {
            let initial = one.chars().count() == 1 || other.chars().count() == 1;
            one == other || (initial && one.chars().next() == other.chars().next())
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_name_means_the_first_of_that_name() {
        let mut facts = Facts::default();
        let mut person = |name: &str| {
            let mention = Mention { name: name.to_string(), tentative: false, note: None };
            facts.person(&mention, 1)
        };
        assert_eq!(person("Kim"), (0, false));
        assert_eq!(person("Kim Lee"), (0, false), "the fuller name of the same person");
        assert_eq!(person("Kim Gray"), (1, false));
        assert_eq!(person("Kim G."), (1, false));
        assert_eq!(person("Kim"), (0, true), "two could be meant");
        assert_eq!(facts.people[0].name, "Kim Lee");
    }
}
