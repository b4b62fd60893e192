//! What a launch plan leaves open, as data: what it is about, where it is, and from that, in one
//! place, the sentence that says so.

use super::finding::FindingRow;
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::language::wording::Wording;

/// A finding of a plan that can run: what the journal has of it, and what only the plan knows.
#[derive(Debug, Clone)]
pub struct PlanFinding {
    /// What it is about.
    pub point: OpenPoint,
    /// As the journal and reports have it.
    pub row: FindingRow,
    /// Its place.
    pub place: Place,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Places are counted in bytes: the same plan with other line ends, or in other files, finds the
/// same.
impl PartialEq for PlanFinding {
    fn eq(&self, other: &PlanFinding) -> bool {
        (&self.point, &self.row) == (&other.point, &other.row)
    }
}

impl PlanFinding {
    /// What it says, without whose it is and by when.
    pub fn alone(&self) -> String {
        match &self.point {
            OpenPoint::Item { item, .. } => format!("{ON_THE_LIST}: {item}"),
            _ => self.row.text.clone(),
        }
    }
}

/// What a finding is about. Whoever asks about it or sums it up reads this, never its sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenPoint {
    /// Nobody has a role.
    Vacant { role: String },
    /// An item of the checklist is not done.
    Item { item: String, owner: Option<String>, due: Option<String> },
    /// One person has a role that plays ask.
    NoDeputy { holder: String, role: String, plays: Vec<String> },
    /// One person does too much.
    OnePerson { person: String, does: Vec<Duty> },
    /// Somebody is first on several ladders.
    TwoPlaces { person: String, ladders: Vec<UsedLadder> },
    /// Nobody has looked up how much there is of something.
    UncheckedLimit { limit: String },
    /// Nobody knows when a step of the launch is due: what it is called, and whom it tells where
    /// it has no name of its own.
    UntimedStep { step: String, tells: Option<String> },
    /// Nobody says whether a criterion is met.
    Unattested { criterion: String },
    /// A rule does not say when it fires.
    OpenRule { rule: String, text: String },
    /// Nobody has measured a figure of an ordinary day.
    Unmeasured { figure: Option<String> },
    /// Something that nobody asks more of than its sentence.
    Other(Wording),
}

/// What one person does beside other things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty {
    /// Says yes, in a role.
    Approves { role: String },
    /// Is first on the ladder of the launch's changes.
    MakesChanges { ladder: String },
    /// Commands, in a role.
    Commands { role: String },
    /// Is first on a ladder that plays page.
    Responds { ladder: String },
}

/// A ladder, and what walks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedLadder {
    pub name: String,
    pub by_launch: bool,
    pub by_plays: bool,
}

/// What is said of open items, before their list.
const ON_THE_LIST: &str = "open on the checklist";
/// What is said of roles that nobody has, before their names.
const VACANT: &str = "nobody is assigned to";

impl OpenPoint {
    /// The sentence that says so.
    pub fn wording(&self) -> Wording {
        match self {
            OpenPoint::Vacant { role } => Wording::ending(VACANT, VACANT, role.clone()),
            OpenPoint::Item { item, owner, due } => {
                let whose = open_until(owner.as_deref(), due.as_deref());
                Wording::listed(ON_THE_LIST, format!("{item}{whose}"))
            }
            OpenPoint::NoDeputy { holder, role, plays } => {
                let stall = if plays.len() == 1 { "stalls" } else { "stall" };
                let plays: Vec<String> = plays.iter().map(|play| quoted(play)).collect();
                Wording::from(format!(
                    "{} is the only {}, without a deputy: {} {stall} without an answer",
                    quoted(holder),
                    quoted(role),
                    plays.join(" and "),
                ))
            }
            OpenPoint::OnePerson { person, does } => {
                let does: Vec<String> = does.iter().map(Duty::words).collect();
                Wording::from(format!("{} {}", quoted(person), listed(&does)))
            }
            OpenPoint::TwoPlaces { person, ladders } => {
                let ladders: Vec<String> = ladders.iter().map(UsedLadder::words).collect();
                let (who, first) = (quoted(person), listed(&ladders));
                Wording::from(format!("{who} is needed in two places: first on {first}"))
            }
            OpenPoint::UncheckedLimit { limit } => {
                let says = "nobody has checked the limit";
                Wording::ending(says, says, quoted(limit))
            }
            OpenPoint::UntimedStep { step, .. } => {
                Wording::listed("nobody knows when", step.clone())
            }
            OpenPoint::Unattested { criterion } => {
                Wording::listed("nobody has said who attests", criterion.clone())
            }
            OpenPoint::OpenRule { rule, text } => {
                Wording::from(format!("rule {rule} is not filled in: {text}"))
            }
            OpenPoint::Unmeasured { figure } => {
                let of = figure.as_ref().map_or(String::new(), |figure| format!(" of {figure}"));
                Wording::from(format!(
                    "nobody has measured what is normal{of} (`sim baseline` reads it from a log)"
                ))
            }
            OpenPoint::Other(wording) => wording.clone(),
        }
    }
}

impl Duty {
    fn words(&self) -> String {
        match self {
            Duty::Approves { role } => format!("approves (as {})", quoted(role)),
            Duty::MakesChanges { ladder } => {
                format!("makes the launch's changes (first on {})", quoted(ladder))
            }
            Duty::Commands { role } => format!("commands (as {})", quoted(role)),
            Duty::Responds { ladder } => format!("responds (first on {})", quoted(ladder)),
        }
    }

    /// The ladder that somebody is first on for this.
    pub fn ladder(&self) -> Option<&str> {
        match self {
            Duty::MakesChanges { ladder } | Duty::Responds { ladder } => Some(ladder),
            Duty::Approves { .. } | Duty::Commands { .. } => None,
        }
    }
}

impl UsedLadder {
    fn words(&self) -> String {
        let name = quoted(&self.name);
        match (self.by_launch, self.by_plays) {
            (true, false) => format!("{name} (launch steps)"),
            (false, true) => format!("{name} (plays)"),
            _ => name,
        }
    }
}

impl<S: Into<Wording>> From<S> for OpenPoint {
    fn from(wording: S) -> OpenPoint {
        OpenPoint::Other(wording.into())
    }
}

/// That nobody has a role.
pub fn vacant(role: &str) -> String {
    format!("{VACANT} {role}")
}

/// `, owner ed, due 2018-11-09`, or that it has no owner, as an open item says it at its end.
fn open_until(owner: Option<&str>, due: Option<&str>) -> String {
    let whose = owner.map_or(", no owner".to_string(), |owner| format!(", owner {owner}"));
    whose + &due.map_or(String::new(), |due| format!(", due {due}"))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_written_from_what_they_are_about() {
        let text = |point: OpenPoint| point.wording().text;
        let item = |owner: Option<&str>, due: Option<&str>| {
            let (owner, due) = (owner.map(str::to_string), due.map(str::to_string));
            text(OpenPoint::Item { item: "rooms".into(), owner, due })
        };
        assert_eq!(item(None, None), "open on the checklist: rooms, no owner");
        let whole = "open on the checklist: rooms, owner ed, due 2018-11-09";
        assert_eq!(item(Some("ed"), Some("2018-11-09")), whole);
        let plays = vec!["rollback".to_string(), "page".to_string()];
        let point = OpenPoint::NoDeputy { holder: "x".into(), role: "lead".into(), plays };
        let told = "`x` is the only `lead`, without a deputy: `rollback` and `page` stall without \
                    an answer";
        assert_eq!(text(point), told);
        let does = vec![
            Duty::Approves { role: "lead".into() },
            Duty::MakesChanges { ladder: "ops".into() },
            Duty::Responds { ladder: "oncall".into() },
        ];
        let told = "`x` approves (as `lead`), makes the launch's changes (first on `ops`) and \
                    responds (first on `oncall`)";
        assert_eq!(text(OpenPoint::OnePerson { person: "x".into(), does }), told);
    }
}
