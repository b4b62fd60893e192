//! What people do outside the plays: a change of their own, a play opened or closed, somebody else
//! who responds, a seat taken or left.

use super::arguments::{LineWords, argument};
use super::find::NameKind;
use crate::names::{ChangeId, Names, PersonId, PlayId, RoleId};

/// What to do where nobody is asked whether this is an incident, and there is none.
pub(super) const NO_INCIDENT: &str = "`open PLAY` says that it is one";

/// What to do where somebody is not asked what he answers.
pub(super) const STATUS: &str = "`status` says what is open";

/// Something that the plan does not say, and people do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Improvisation {
    /// A change is made: by whom, and who has asked for it.
    Do { change: ChangeId, by: Option<PersonId>, asked_by: Option<Asker> },
    /// A play opens in the place of the one that is running.
    Open(PlayId),
    /// The play that is running ends there.
    Close,
    /// All is clear of what people have opened by hand.
    Clear,
    /// Somebody responds who was not paged.
    Assign(PersonId),
    /// Whoever responds hands over to somebody else.
    Handoff(PersonId),
    /// Somebody takes a seat.
    Seat(PersonId),
    /// Somebody leaves a seat.
    Leave(PersonId),
}

/// Who has asked for a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asker {
    Role(RoleId),
    Person(PersonId),
}

impl Improvisation {
    /// Reads what follows one of these words; `None`: it is another command.
    pub(super) fn read(word: &str, rest: &str, names: &Names) -> Result<Option<Self>, String> {
        let person = |what: &str| {
            let words = LineWords::parse(rest, &[NameKind::Person], names)?.0;
            let words: Vec<&String> = words.iter().filter(|word| *word != "to").collect();
            match words[..] {
                [] => Err(format!("say {what}")),
                [name] => Ok(PersonId::from(LineWords::one(name, &[NameKind::Person], names)?.1)),
                [_, other, ..] => Err(format!("unexpected `{other}`: one person at a time")),
            }
        };
        Ok(Some(match word {
            "do" => Improvisation::change(rest, names)?,
            "open" => {
                let words = LineWords::parse(rest, &[NameKind::Play], names)?.0;
                let plays = NameKind::Play.all(names).join(", ");
                let [name] = &words[..] else {
                    return Err(format!("say one play: `open PLAY`; there is {plays}"));
                };
                Improvisation::Open(LineWords::one(name, &[NameKind::Play], names)?.1.into())
            }
            "clear" if rest.is_empty() => Improvisation::Clear,
            "clear" => return Err("`clear` takes no arguments".to_string()),
            "close" if rest.is_empty() => Improvisation::Close,
            "close" => return Err("`close` takes no arguments: it ends the play".to_string()),
            "assign" => Improvisation::Assign(person("who responds: `assign wyatt`")?),
            "handoff" => Improvisation::Handoff(person("who takes over: `handoff james`")?),
            "seat" => Improvisation::Seat(person("who takes a seat: `seat wyatt`")?),
            "leave" => Improvisation::Leave(person(
                "who leaves the seat: `leave wyatt`; Ctrl-C leaves the exercise",
            )?),
            _ => return Ok(None),
        }))
    }

    /// `CHANGE [for ROLE] [by PERSON]`.
    fn change(rest: &str, names: &Names) -> Result<Self, String> {
        const HOW: &str = "write `do CHANGE`, and who asked and who makes it if that is known: \
                           `do CHANGE for comms by james`";
        let kinds = [NameKind::Change, NameKind::Role, NameKind::Person];
        let words = LineWords::parse(rest, &kinds, names)?.0;
        let Some((first, mut rest)) = words.split_first() else { return Err(HOW.to_string()) };
        let change = LineWords::one(first, &[NameKind::Change], names)?.1.into();
        let (mut by, mut asked_by) = (None, None);
        while let [word, name, more @ ..] = rest {
            match word.to_lowercase().as_str() {
                "for" if asked_by.is_none() => {
                    let (kind, at) =
                        LineWords::one(name, &[NameKind::Role, NameKind::Person], names)?;
                    asked_by = Some(match kind {
                        NameKind::Role => Asker::Role(at.into()),
                        _ => Asker::Person(at.into()),
                    });
                }
                "by" if by.is_none() => {
                    by = Some(LineWords::one(name, &[NameKind::Person], names)?.1.into());
                }
                _ => return Err(HOW.to_string()),
            }
            rest = more;
        }
        match rest {
            [] => Ok(Improvisation::Do { change, by, asked_by }),
            _ => Err(HOW.to_string()),
        }
    }

    /// The command as it is written to disk.
    pub(super) fn text(&self, names: &Names, labelled: bool) -> String {
        let person =
            |person: PersonId| argument(NameKind::Person, &names.people[person.index()], labelled);
        match *self {
            Improvisation::Do { change, by, asked_by } => {
                let change = argument(NameKind::Change, &names.changes[change.index()], labelled);
                let asked_by = asked_by.map(|asker| match asker {
                    Asker::Person(who) => person(who),
                    Asker::Role(role) => {
                        argument(NameKind::Role, &names.roles[role.index()], labelled)
                    }
                });
                let asked_by = asked_by.map(|who| format!(" for {who}")).unwrap_or_default();
                let by = by.map(|by| format!(" by {}", person(by))).unwrap_or_default();
                format!("do {change}{asked_by}{by}")
            }
            Improvisation::Open(play) => {
                format!("open {}", argument(NameKind::Play, &names.plays[play.index()], labelled))
            }
            Improvisation::Close => "close".to_string(),
            Improvisation::Clear => "clear".to_string(),
            Improvisation::Assign(who) => format!("assign {}", person(who)),
            Improvisation::Handoff(who) => format!("handoff {}", person(who)),
            Improvisation::Seat(who) => format!("seat {}", person(who)),
            Improvisation::Leave(who) => format!("leave {}", person(who)),
        }
    }
}
