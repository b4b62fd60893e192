//! What can be typed, and what it means.

use super::answer::Answer;
use super::arguments::{ParsedArguments, argument, quoted, split};
use super::asides::Aside;
use super::find::{NameKind, NameMatch, find, named, near};
use super::improvised::Improvisation;
use super::talk::Talk;
use crate::names::{ChangeId, ChannelId, Names, PersonId};
use crate::units::{Span, Time};

/// A line that the facilitator typed, with its names found.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody answers a page: takes it or not.
    Ack { person: Option<PersonId>, channel: Option<ChannelId>, yes: bool },
    /// The responder says whether this is an incident.
    Declare { person: Option<PersonId>, yes: bool },
    /// The responder chooses a change.
    Choose { change: ChangeId, person: Option<PersonId> },
    /// The decider says yes or no, or something between.
    Decide(Answer),
    /// Somebody answers whatever is asked.
    Answer(Answer),
    /// Somebody makes the change by hand: it ends at `done`, not at its table time.
    Start(Option<ChangeId>),
    /// The deploy is over.
    Done(Option<ChangeId>),
    /// The deploy is over and has not worked.
    Failed(Option<ChangeId>),
    /// People do what no play says.
    Improvise(Improvisation),
    /// Somebody outside says something, or somebody tells somebody something.
    Talk(Talk),
    /// Something said beside the exercise, which changes nothing in it.
    Aside(Aside),
    /// Something to remember.
    Note(String),
    /// Something to talk about afterwards.
    Park(String),
    /// The clock stands still while people talk, and that does not count.
    Discuss(String),
    /// The clock runs ahead until somebody in the room is asked something.
    Next,
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
    /// Keep what only the controller may know off the terminal, or show it again.
    Hide(bool),
    /// The status of everything.
    Status,
    /// What can be typed.
    Help,
}

/// A command as it was entered: in full, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedCommand {
    pub at: Time,
    pub text: String,
}

impl TypedCommand {
    /// The word of the command, and what follows it.
    fn parts(&self) -> (&str, &str) {
        self.text.split_once(' ').unwrap_or((&self.text, ""))
    }

    /// The speed that it sets.
    pub fn speed(&self) -> Option<f64> {
        match self.parts() {
            ("speed", rest) => speed(rest).ok(),
            _ => None,
        }
    }

    /// Whether it ends the rehearsal.
    pub fn aborts(&self) -> bool {
        self.parts().0 == "abort"
    }

    /// Whether time was passed over at once.
    pub fn jumps(&self) -> bool {
        matches!(self.parts().0, "skip" | "next")
    }

    /// Whether it is about how the clock runs, and nothing else.
    fn is_about_the_clock(&self) -> bool {
        matches!(self.parts().0, "pause" | "discuss" | "resume" | "speed")
    }
}

/// Every command word; the first of a line represents the others.
const WORDS: [&[&str]; 35] = [
    &["ack", "acknowledge", "answer"],
    &["declare"],
    &["choose", "choice", "pick"],
    &["decide"],
    &["start", "begin"],
    &["done", "finished"],
    &["failed", "fail"],
    &["do"],
    &["open"],
    &["close"],
    &["clear", "all-clear", "allclear"],
    &["assign"],
    &["handoff", "hand-off", "handover", "hand"],
    &["seat", "sit", "join"],
    &["leave"],
    &["say"],
    &["told", "tell"],
    &["note", "n"],
    &["park"],
    &["discuss"],
    &["next", ">"],
    &["inject"],
    &["pause", "stop", "hold"],
    &["resume", "continue", "go", "startex"],
    &["skip", "forward"],
    &["speed"],
    &["undo"],
    &["abort", "endex"],
    &["status", "s", "?"],
    &["hide"],
    &["show"],
    &["what"],
    &["keep"],
    &["guess"],
    &["odds"],
];

const HELP_WORDS: [&str; 3] = ["help", "h", "commands"];

impl Command {
    /// The first words of all commands, for completion.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|words| words[0]).chain([HELP_WORDS[0]])
    }

    /// The word by which the command of this very word is known, whatever else it is called.
    pub fn known_by(word: &str) -> Option<&'static str> {
        let lower = word.to_lowercase();
        let words = WORDS.iter().find(|words| words.contains(&lower.as_str()))?;
        Some(words[0])
    }

    /// Reads a line. The error says what is wrong and what to type instead.
    pub fn parse(line: &str, names: &Names) -> Result<Command, String> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let alone = |command: Command| {
            if rest.is_empty() { Ok(command) } else { Err(format!("`{word}` takes no arguments")) }
        };
        if let Some(said) = answer(line, names)? {
            return Ok(Command::Answer(said));
        }
        let known = command_word(word)?;
        if let Some(command) = read_elsewhere(known, rest, names)? {
            return Ok(command);
        }
        match known {
            "ack" => {
                let arguments =
                    ParsedArguments::parse(rest, &[NameKind::Person, NameKind::Channel], names)?;
                let ParsedArguments { person, channel, yes, .. } = arguments;
                Ok(Command::Ack { person, channel, yes: yes.unwrap_or(true) })
            }
            "declare" => {
                let ParsedArguments { person, yes, .. } =
                    ParsedArguments::parse(rest, &[NameKind::Person], names)?;
                let yes = yes.ok_or("say `declare yes` or `declare no`")?;
                Ok(Command::Declare { person, yes })
            }
            "choose" => {
                let ParsedArguments { person, change, .. } =
                    ParsedArguments::parse(rest, &[NameKind::Change, NameKind::Person], names)?;
                let change = change.ok_or("say which change: `choose CHANGE`")?;
                Ok(Command::Choose { change, person })
            }
            "decide" => {
                let said = Answer::read(rest, names)?;
                let what = "say `decide yes`, `decide no` or `decide not yet`, and who decides";
                Ok(Command::Decide(said.ok_or(what)?))
            }
            "start" => {
                Ok(Command::Start(ParsedArguments::parse(rest, &[NameKind::Change], names)?.change))
            }
            "done" => {
                Ok(Command::Done(ParsedArguments::parse(rest, &[NameKind::Change], names)?.change))
            }
            "failed" => Ok(Command::Failed(
                ParsedArguments::parse(rest, &[NameKind::Change], names)?.change,
            )),
            "note" if rest.is_empty() => Err("say what to note: `note TEXT`".to_string()),
            "note" => Ok(Command::Note(rest.to_string())),
            "park" if rest.is_empty() => Err("say what to talk about: `park NOTE`".to_string()),
            "park" => Ok(Command::Park(rest.to_string())),
            "discuss" => Ok(Command::Discuss(rest.to_string())),
            "next" => alone(Command::Next),
            "inject" if rest.is_empty() => Err(no_fault(names)),
            "inject" => Ok(Command::Inject(injected(rest, names))),
            "pause" => alone(Command::Pause),
            "resume" => alone(Command::Resume),
            "skip" => span(rest).map(Command::Skip),
            "speed" => speed(rest).map(Command::Speed),
            "undo" => alone(Command::Undo),
            "abort" => Ok(Command::Abort(rest.to_string())),
            "status" => alone(Command::Status),
            "hide" => alone(Command::Hide(true)),
            "show" => alone(Command::Hide(false)),
            _ => Ok(Command::Help),
        }
    }

    /// The command in full, as it is written to disk; it is read back as the same, whatever the
    /// names of the scenario are.
    pub fn written(&self, names: &Names) -> String {
        let text = self.text(names, false);
        // A person may be called `no`, and a channel like a person.
        let same = Command::parse(&text, names).is_ok_and(|command| command == *self);
        if same { text } else { self.text(names, true) }
    }

    fn text(&self, names: &Names, labelled: bool) -> String {
        let person =
            |person: &PersonId| argument(NameKind::Person, &names.people[person.index()], labelled);
        let channel = |channel: &ChannelId| {
            argument(NameKind::Channel, &names.channels[channel.index()], labelled)
        };
        let change = |change: &ChangeId| {
            argument(NameKind::Change, &names.changes[change.index()], labelled)
        };
        let yes = |yes: bool| Some(if yes { "yes" } else { "no" }.to_string());
        let (word, rest): (&str, [Option<String>; 3]) = match self {
            Command::Ack { person: who, channel: by, yes: takes } => {
                let no = if *takes { None } else { yes(false) };
                ("ack", [who.as_ref().map(person), by.as_ref().map(channel), no])
            }
            Command::Declare { person: who, yes: agrees } => {
                ("declare", [yes(*agrees), who.as_ref().map(person), None])
            }
            Command::Choose { change: which, person: who } => {
                ("choose", [Some(change(which)), who.as_ref().map(person), None])
            }
            Command::Decide(said) => ("decide", [Some(said.text(names, labelled)), None, None]),
            Command::Answer(said) => ("", [Some(said.text(names, labelled)), None, None]),
            Command::Start(which) => ("start", [which.as_ref().map(change), None, None]),
            Command::Done(which) => ("done", [which.as_ref().map(change), None, None]),
            Command::Failed(which) => ("failed", [which.as_ref().map(change), None, None]),
            Command::Improvise(what) => ("", [Some(what.text(names, labelled)), None, None]),
            Command::Talk(what) => ("", [Some(what.text(names, labelled)), None, None]),
            Command::Aside(aside) => ("", [Some(aside.text(names)), None, None]),
            Command::Park(note) => ("park", [Some(note.clone()), None, None]),
            Command::Discuss(what) => {
                ("discuss", [Some(what.clone()).filter(|what| !what.is_empty()), None, None])
            }
            Command::Next => ("next", [None, None, None]),
            Command::Note(note) => ("note", [Some(note.clone()), None, None]),
            Command::Inject(fault) if labelled => {
                ("inject", [Some(quoted(fault).into_owned()), None, None])
            }
            Command::Inject(fault) => ("inject", [Some(fault.clone()), None, None]),
            Command::Pause => ("pause", [None, None, None]),
            Command::Resume => ("resume", [None, None, None]),
            Command::Skip(span) => ("skip", [Some(span.to_string()), None, None]),
            Command::Speed(speed) => ("speed", [Some(format!("{speed}x")), None, None]),
            Command::Undo => ("undo", [None, None, None]),
            Command::Abort(why) => {
                ("abort", [Some(why.clone()).filter(|why| !why.is_empty()), None, None])
            }
            Command::Status => ("status", [None, None, None]),
            Command::Hide(true) => ("hide", [None, None, None]),
            Command::Hide(false) => ("show", [None, None, None]),
            Command::Help => ("help", [None, None, None]),
        };
        let words: Vec<String> =
            std::iter::once(word.to_string()).chain(rest.into_iter().flatten()).collect();
        words.join(" ").trim_start().to_string()
    }
}

/// An answer that is typed without `decide`: it begins with one, or with whose it is.
fn answer(line: &str, names: &Names) -> Result<Option<Answer>, String> {
    let word = line.split([' ', ',']).next().unwrap_or_default().to_lowercase();
    if ["yes", "no", "not", "not-yet", "ok", "okay", "agreed"].contains(&word.as_str()) {
        return Answer::read(line, names);
    }
    let begins_with_a_command = command_word(&word).is_ok();
    let said = || Answer::read(line, names).ok().flatten();
    Ok(if begins_with_a_command { None } else { said() })
}

/// What people do outside the plan, what they say, and what is said beside the exercise; `None`:
/// another command.
fn read_elsewhere(known: &str, rest: &str, names: &Names) -> Result<Option<Command>, String> {
    if let Some(improvised) = Improvisation::read(known, rest, names)? {
        return Ok(Some(Command::Improvise(improvised)));
    }
    if let Some(talk) = Talk::read(known, rest, names)? {
        return Ok(Some(Command::Talk(talk)));
    }
    Ok(Aside::read(known, rest, names)?.map(Command::Aside))
}

/// The word that a command is known by.
fn command_word(word: &str) -> Result<&'static str, String> {
    let lower = word.trim_end_matches(',').to_lowercase();
    if HELP_WORDS.contains(&lower.as_str()) {
        return Ok(HELP_WORDS[0]);
    }
    if let Some(words) = WORDS.iter().find(|words| words.contains(&lower.as_str())) {
        return Ok(words[0]);
    }
    let all: Vec<&str> = Command::words().collect();
    one_word(word, &all).map(|position| all[position])
}

/// The command word that was typed, or the only one that begins so; the error names the one that
/// is a slip away.
pub fn one_word(word: &str, all: &[&str]) -> Result<usize, String> {
    let lower = word.to_lowercase();
    match find(&lower, all) {
        NameMatch::One(position) => Ok(position),
        NameMatch::Several(found) => Err(format!("`{word}` could be {}", found.join(" or "))),
        NameMatch::Nothing => match near(&lower, all) {
            Some(position) => {
                Err(format!("there is no command `{word}`; did you mean `{}`?", all[position]))
            }
            None => Err(format!("there is no command `{word}`; `help` lists them all")),
        },
    }
}

fn no_fault(names: &Names) -> String {
    let all = NameKind::Fault.all(names);
    let known = match all.is_empty() {
        true => "the scenario has no fault of its own".to_string(),
        false => format!("the scenario has {}", all.join(", ")),
    };
    format!("say which fault; {known}; or write one: inject slow: evss, by: 8s, for: 10m")
}

/// What is injected: a fault's name in quotes without them, all else as it was typed.
fn injected(rest: &str, names: &Names) -> String {
    let words = if rest.starts_with(['"', '\'']) { split(rest).ok() } else { None };
    match words.as_deref() {
        Some([name]) if names.faults.contains(name.as_str()) => name.clone(),
        _ => rest.to_string(),
    }
}

/// A fault as a scenario writes it has a verb with a colon; a name may have one too.
pub(super) fn is_written(text: &str, names: &Names) -> bool {
    text.contains(':') && !names.faults.contains(text)
}

/// A fault of the scenario by its name, forgivingly.
pub(super) fn fault(text: &str, names: &Names) -> Result<usize, String> {
    let exactly = names.faults.get_index_of(text);
    exactly
        .map_or_else(|| named(text, NameKind::Fault, names), Ok)
        .map_err(|error| format!("{error}; or write one: inject slow: evss, by: 8s, for: 10m"))
}

fn span(text: &str) -> Result<Span, String> {
    if text.is_empty() {
        let next = "`next` runs to the next question";
        return Err(format!("say how far: `skip 10m`, `skip 90s`; {next}"));
    }
    let wrong = || format!("`{text}` is not a duration; write `skip 10m` or `skip 90s`");
    text.parse::<Span>().ok().filter(|span| *span > Span::ZERO).ok_or_else(wrong)
}

/// A speed such as `4x`, `0.5`: simulated seconds per second.
pub fn speed(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches(['x', 'X', '×']).parse::<f64>();
    let number = number.ok().filter(|speed| (0.01..=1e6).contains(speed));
    number.ok_or_else(|| format!("`{text}` is not a speed; write 1x, 4x, at most 1000000x"))
}

/// The inputs before the last one that can be taken back, and that one: anything but the
/// clock's standing still, going on, and speed.
pub fn without_last(inputs: &[TypedCommand]) -> Option<(Vec<TypedCommand>, TypedCommand)> {
    let last = inputs.iter().rposition(|input| !input.is_about_the_clock())?;
    Some((inputs[..last].to_vec(), inputs[last].clone()))
}
