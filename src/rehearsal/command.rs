//! What can be typed, and what it means.

use super::find::{Found, Kind, find, named, near};
use crate::names::{ChangeId, ChannelId, Names, PersonId};
use crate::units::Span;
use std::fmt::Write;

/// A line that the facilitator typed, with its names found.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody answers a page: takes it or not.
    Ack { person: Option<PersonId>, channel: Option<ChannelId>, yes: bool },
    /// The responder says whether this is an incident.
    Declare { person: Option<PersonId>, yes: bool },
    /// The responder chooses a change.
    Choose { change: ChangeId, person: Option<PersonId> },
    /// The decider says yes or no.
    Decide { person: Option<PersonId>, channel: Option<ChannelId>, yes: bool },
    /// Somebody makes the change by hand: it ends at `done`, not at its table time.
    Start(Option<ChangeId>),
    /// The deploy is over.
    Done(Option<ChangeId>),
    /// The deploy is over and has not worked.
    Failed(Option<ChangeId>),
    /// Something to remember.
    Note(String),
    /// A fault begins now: the name of one in the scenario, or one as a scenario writes it.
    Inject(String),
    /// The clock stands still.
    Pause,
    /// The clock goes on.
    Resume,
    /// The clock runs ahead, until somebody in the room is asked.
    Skip(Span),
    /// Simulated seconds per second from now on.
    Speed(f64),
    /// The last input is taken back.
    Undo,
    /// The gameday ends here, for good.
    Abort(String),
    /// Where everything stands.
    Status,
    /// What can be typed.
    Help,
}

/// What `help` says.
pub const HELP: &str = "\
  ack WHO [CHANNEL] [no]       somebody answers a page (no: does not take it)
  declare yes|no [WHO]         the responder: is this an incident?
  choose CHANGE [WHO]          the responder: which change?
  decide yes|no [WHO] [CHANNEL]   the decider: do we do it?
  start [CHANGE]               somebody makes the change by hand: it ends at `done`
  done [CHANGE], failed [CHANGE]  the change is done, or has not worked
  note TEXT                    goes into the journal and the timeline
  inject FAULT                 a fault begins now: by its name in the scenario, or as written
                               there: inject slow: evss, by: 8s, for: 10m
  pause, resume, speed 4x      the clock
  skip 10m                     the clock runs ahead, until somebody in the room is asked
  undo                         takes the last input back
  status                       the clock, who is asked what, what is being deployed
  abort [WHY]                  ends the exercise for good; Ctrl-C leaves it to be resumed
Names may be short (`ack jam sl`) or slightly misspelt; `undo` is there for slips.
";

/// Every command word; the first of a line stands for the others.
const WORDS: [&[&str]; 16] = [
    &["ack", "acknowledge", "answer"],
    &["declare"],
    &["choose", "choice", "pick"],
    &["decide"],
    &["start", "begin"],
    &["done", "finished"],
    &["failed", "fail"],
    &["note", "n"],
    &["inject"],
    &["pause", "stop", "hold"],
    &["resume", "continue", "go"],
    &["skip", "forward"],
    &["speed"],
    &["undo"],
    &["abort"],
    &["status", "s", "?"],
];

const HELP_WORDS: [&str; 3] = ["help", "h", "commands"];

const YES: [&str; 7] = ["yes", "y", "ok", "okay", "agree", "agreed", "approved"];
const NO: [&str; 5] = ["no", "n", "nogo", "refuse", "refused"];

impl Command {
    /// The first words of all commands, for completion.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|words| words[0]).chain([HELP_WORDS[0]])
    }

    /// Reads a line. The error says what is wrong and what to type instead.
    pub fn parse(line: &str, names: &Names) -> Result<Command, String> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let alone = |command: Command| {
            if rest.is_empty() { Ok(command) } else { Err(format!("`{word}` stands alone")) }
        };
        match command_word(word)? {
            "ack" => {
                let arguments = ParsedArguments::of(rest, &[Kind::Person, Kind::Channel], names)?;
                let ParsedArguments { person, channel, yes, .. } = arguments;
                Ok(Command::Ack { person, channel, yes: yes.unwrap_or(true) })
            }
            "declare" => {
                let ParsedArguments { person, yes, .. } =
                    ParsedArguments::of(rest, &[Kind::Person], names)?;
                let yes = yes.ok_or("say `declare yes` or `declare no`")?;
                Ok(Command::Declare { person, yes })
            }
            "choose" => {
                let ParsedArguments { person, change, .. } =
                    ParsedArguments::of(rest, &[Kind::Change, Kind::Person], names)?;
                let change = change.ok_or("say which change: `choose CHANGE`")?;
                Ok(Command::Choose { change, person })
            }
            "decide" => {
                let arguments = ParsedArguments::of(rest, &[Kind::Person, Kind::Channel], names)?;
                let ParsedArguments { person, channel, yes, .. } = arguments;
                let yes = yes.ok_or("say `decide yes` or `decide no`, and who decides")?;
                Ok(Command::Decide { person, channel, yes })
            }
            "start" => {
                Ok(Command::Start(ParsedArguments::of(rest, &[Kind::Change], names)?.change))
            }
            "done" => Ok(Command::Done(ParsedArguments::of(rest, &[Kind::Change], names)?.change)),
            "failed" => {
                Ok(Command::Failed(ParsedArguments::of(rest, &[Kind::Change], names)?.change))
            }
            "note" if rest.is_empty() => Err("say what to note: `note TEXT`".to_string()),
            "note" => Ok(Command::Note(rest.to_string())),
            "inject" if rest.is_empty() => Err(no_fault(names)),
            "inject" => Ok(Command::Inject(rest.to_string())),
            "pause" => alone(Command::Pause),
            "resume" => alone(Command::Resume),
            "skip" => span(rest).map(Command::Skip),
            "speed" => speed(rest).map(Command::Speed),
            "undo" => alone(Command::Undo),
            "abort" => Ok(Command::Abort(rest.to_string())),
            "status" => alone(Command::Status),
            _ => Ok(Command::Help),
        }
    }

    /// The command in full, as it is written to disk; it is read back as the same.
    pub fn written(&self, names: &Names) -> String {
        let yes = |yes: &bool| if *yes { "yes" } else { "no" };
        let mut text = String::new();
        let person = |text: &mut String, person: &Option<PersonId>| {
            if let Some(person) = person {
                write!(text, " {}", names.people[person.index()]).expect("memory");
            }
        };
        let channel = |text: &mut String, channel: &Option<ChannelId>| {
            if let Some(channel) = channel {
                write!(text, " {}", names.channels[channel.index()]).expect("memory");
            }
        };
        let of = |word: &str, change: &Option<ChangeId>| match change {
            Some(change) => format!("{word} {}", names.changes[change.index()]),
            None => word.to_string(),
        };
        match self {
            Command::Ack { person: who, channel: by, yes } => {
                text.push_str("ack");
                person(&mut text, who);
                channel(&mut text, by);
                text.push_str(if *yes { "" } else { " no" });
            }
            Command::Declare { person: who, yes: agrees } => {
                text = format!("declare {}", yes(agrees));
                person(&mut text, who);
            }
            Command::Choose { change, person: who } => {
                text = of("choose", &Some(*change));
                person(&mut text, who);
            }
            Command::Decide { person: who, channel: by, yes: agrees } => {
                text = format!("decide {}", yes(agrees));
                person(&mut text, who);
                channel(&mut text, by);
            }
            Command::Start(change) => text = of("start", change),
            Command::Done(change) => text = of("done", change),
            Command::Failed(change) => text = of("failed", change),
            Command::Note(note) => text = format!("note {note}"),
            Command::Inject(fault) => text = format!("inject {fault}"),
            Command::Pause => text.push_str("pause"),
            Command::Resume => text.push_str("resume"),
            Command::Skip(span) => text = format!("skip {span}"),
            Command::Speed(speed) => text = format!("speed {speed}x"),
            Command::Undo => text.push_str("undo"),
            Command::Abort(why) => text = format!("abort {why}").trim_end().to_string(),
            Command::Status => text.push_str("status"),
            Command::Help => text.push_str("help"),
        }
        text
    }
}

/// The word that a command is known by.
fn command_word(word: &str) -> Result<&'static str, String> {
    let lower = word.to_lowercase();
    if HELP_WORDS.contains(&lower.as_str()) {
        return Ok(HELP_WORDS[0]);
    }
    if let Some(words) = WORDS.iter().find(|words| words.contains(&lower.as_str())) {
        return Ok(words[0]);
    }
    let all: Vec<&str> = Command::words().collect();
    match find(&lower, &all) {
        Found::One(position) => Ok(all[position]),
        Found::Several(found) => Err(format!("`{word}` may be {}", found.join(" or "))),
        Found::Nothing => match near(&lower, &all) {
            Some(position) => {
                Err(format!("there is no command `{word}`; did you mean `{}`?", all[position]))
            }
            None => Err(format!("there is no command `{word}`; `help` lists them all")),
        },
    }
}

/// The words after a command, in whatever order they came.
#[derive(Default)]
struct ParsedArguments {
    person: Option<PersonId>,
    channel: Option<ChannelId>,
    change: Option<ChangeId>,
    yes: Option<bool>,
}

impl ParsedArguments {
    fn of(rest: &str, kinds: &[Kind], names: &Names) -> Result<ParsedArguments, String> {
        let mut arguments = ParsedArguments::default();
        let words = rest.split_whitespace().filter(|w| !["by", "via", "on", "from"].contains(w));
        for word in words {
            arguments.take(word, kinds, names)?;
        }
        Ok(arguments)
    }

    fn take(&mut self, word: &str, kinds: &[Kind], names: &Names) -> Result<(), String> {
        let lower = word.to_lowercase();
        let is_yes = YES.contains(&lower.as_str());
        if is_yes || NO.contains(&lower.as_str()) {
            return once(&mut self.yes, is_yes, word);
        }
        let all: Vec<Vec<&str>> = kinds.iter().map(|kind| kind.all(names)).collect();
        let found: Vec<Found> = all.iter().map(|all| find(word, all)).collect();
        let exact = |(at, name): (usize, &Found)| match name {
            Found::One(position) if all[at][*position].eq_ignore_ascii_case(word) => Some(at),
            _ => None,
        };
        let one = |found: &Found| matches!(found, Found::One(_));
        let at = match found.iter().enumerate().find_map(exact) {
            Some(at) => Some(at),
            None => found.iter().position(one),
        };
        let several: Vec<String> = found
            .iter()
            .filter_map(|found| match found {
                Found::Several(names) => Some(names.join(" or ")),
                _ => None,
            })
            .collect();
        if let (None, false) = (at, several.is_empty()) {
            return Err(format!("`{word}` may be {}", several.join(" or ")));
        }
        let at = at.map(|at| (at, &found[at]));
        let (kind, position) = match at {
            Some((at, Found::One(position))) => (kinds[at], *position),
            _ => nearest(word, kinds, &all)?,
        };
        match kind {
            Kind::Person => once(&mut self.person, position.into(), word),
            Kind::Channel => once(&mut self.channel, position.into(), word),
            Kind::Change => once(&mut self.change, position.into(), word),
            Kind::Fault => Ok(()),
        }
    }
}

/// The one name among all kinds that is a slip away.
fn nearest(word: &str, kinds: &[Kind], all: &[Vec<&str>]) -> Result<(Kind, usize), String> {
    let together: Vec<&str> = all.iter().flatten().copied().collect();
    let mut position = near(word, &together).ok_or_else(|| {
        let lists = kinds.iter().zip(all);
        let lists: Vec<String> =
            lists.map(|(kind, all)| format!("{}: {}", kind.word(), all.join(", "))).collect();
        format!("`{word}` is nobody and nothing known here ({})", lists.join("; "))
    })?;
    for (kind, names) in kinds.iter().zip(all) {
        if position < names.len() {
            return Ok((*kind, position));
        }
        position -= names.len();
    }
    unreachable!("the position is one of all names")
}

fn once<T>(place: &mut Option<T>, value: T, word: &str) -> Result<(), String> {
    if place.is_some() {
        return Err(format!("`{word}` is one too many: one answer at a time"));
    }
    *place = Some(value);
    Ok(())
}

fn no_fault(names: &Names) -> String {
    let all = Kind::Fault.all(names);
    let known = match all.is_empty() {
        true => "the scenario has no fault of its own".to_string(),
        false => format!("the scenario has {}", all.join(", ")),
    };
    format!("say which fault; {known}; or write one: inject slow: evss, by: 8s, for: 10m")
}

/// A fault of the scenario by its name, forgivingly.
pub(super) fn fault(text: &str, names: &Names) -> Result<usize, String> {
    named(text, Kind::Fault, names)
        .map_err(|error| format!("{error}; or write one: inject slow: evss, by: 8s, for: 10m"))
}

fn span(text: &str) -> Result<Span, String> {
    let wrong = || format!("`{text}` is not a duration; write `skip 10m` or `skip 90s`");
    let span = humantime::parse_duration(text).map_err(|_| wrong())?;
    let nanos = u64::try_from(span.as_nanos()).map_err(|_| wrong())?;
    if nanos == 0 { Err(wrong()) } else { Ok(Span(nanos)) }
}

/// A speed such as `4x`, `0.5`: simulated seconds per second.
pub fn speed(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches(['x', 'X', '×']).parse::<f64>();
    let number = number.ok().filter(|speed| (0.01..=1e6).contains(speed));
    number.ok_or_else(|| format!("`{text}` is no speed; write 1x, 4x, at most 1000000x"))
}
