//! What a scribe can type: the words of the room, with those of a night that no exercise has.

use crate::names::{ChangeId, ChannelId, Names, PersonId};
use crate::rehearsal::{Command, quoted};
use jiff::civil;

/// A line as it was typed, with its names found.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedLine {
    /// Something happened.
    Entry(NightEntry),
    /// The last line is taken back.
    Undo,
    /// The board, now.
    Status,
    /// What can be typed.
    Help,
    /// The night is over.
    End,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct NightEntry {
    /// `None`: now.
    pub(super) at: Option<civil::Time>,
    /// `None`: the one that is open, the last of several.
    pub(super) incident: Option<u32>,
    pub(super) what: EntryKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum EntryKind {
    /// Somebody noticed, by a rule or in words.
    Alert(String),
    /// Somebody was asked.
    Ask {
        person: PersonId,
        channel: Option<ChannelId>,
        text: String,
    },
    /// Somebody was told: whom, by whom, what.
    Told {
        whom: String,
        by: Option<PersonId>,
        text: String,
    },
    /// A change is everywhere.
    Live(Option<ChangeId>),
    NoEffect,
    Recovered,
    /// Work of the play is done, in the play's words or nearly so.
    Worked(String),
    /// What the room says anyway.
    Spoken(Command),
}

/// What `help` says.
pub const HELP: &str = "\
  alert RULE, alert WORDS      somebody noticed: a rule fired, or in words
  ask WHO [CHANNEL] [WHAT]     somebody was paged, called or asked
  ack WHO [CHANNEL] [no]       somebody answers (no: does not take it)
  declare [no] [WHO]           it is called an incident, or is none
  choose CHANGE [WHO]          a change is chosen
  decide ANSWER [WHO]          yes · no · no, instead CHANGE · RACHAEL decides ·
                               not yet, ask again in 5m · yes, if not better by 18:25
  yes, no, not yet …           the same, of whoever was asked last
  start, done, failed, live [CHANGE]   the progress of the change
  done WORK                    work of the play is done: `done write the report`
  do CHANGE [for WHO] [by WHO] a change is being made, whatever the plan says
  no-effect, recovered         it did not help; service is back to normal
  told WHOM [by WHO] [WHAT]    told oit, told everyone, told public the page is up
  open PLAY, close             a play replaces the running one, which ends
  assign WHO, handoff WHO      who responds from now on
  note TEXT                    anything else worth remembering
  at 18:07 …                   in front of any of these: when it was, if not now
  #2 …                         in front of any of these: of incident 2
  undo                         removes the last line
  status, end                  the board; the night is over
Names may be short (`ack jam sl`) or slightly misspelt. A name with spaces goes in quotes.
This board only informs. It pages nobody and changes nothing.
";

impl NightEntry {
    /// The line in full, as it is written to disk.
    pub(super) fn written(&self, names: &Names) -> String {
        let at = self.at.map(|at| format!("at {} ", at.strftime("%H:%M:%S"))).unwrap_or_default();
        let incident = self.incident.map(|number| format!("#{number} ")).unwrap_or_default();
        format!("{at}{incident}{}", self.what.written(names))
    }
}

impl EntryKind {
    fn written(&self, names: &Names) -> String {
        let person = |id: &PersonId| quoted(&names.people[id.index()]);
        match self {
            EntryKind::Alert(text) => format!("alert {text}"),
            EntryKind::Ask { person: who, channel, text } => {
                let by = channel.map(|id| format!(" by {}", quoted(&names.channels[id.index()])));
                format!("ask {}{} {text}", person(who), by.unwrap_or_default())
            }
            EntryKind::Told { whom, by, text } => {
                let by = by.as_ref().map(|by| format!(" by {}", person(by))).unwrap_or_default();
                format!("told {}{by} {text}", quoted(whom))
            }
            EntryKind::Live(change) => {
                let change = change.map(|id| format!(" {}", quoted(&names.changes[id.index()])));
                format!("live{}", change.unwrap_or_default())
            }
            EntryKind::NoEffect => "no-effect".to_string(),
            EntryKind::Recovered => "recovered".to_string(),
            EntryKind::Worked(text) => format!("done {text}"),
            EntryKind::Spoken(command) => command.written(names),
        }
        .trim_end()
        .to_string()
    }
}
