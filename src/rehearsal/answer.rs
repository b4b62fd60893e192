//! What somebody says who is asked for a yes: "no, instead …", "not yet", "yes, if not better by
//! 18:25", "rachael decides".

use super::arguments::{LineWords, argument};
use super::find::NameKind;
use crate::names::{ChangeId, ChannelId, Names, PersonId};
use crate::units::{Calendar, Span, Time};
use jiff::civil;

/// How long to wait before somebody is asked again, unless given: as "not yet" in a scenario, so
/// that people in the room and simulated ones mean the same.
const AGAIN: Span = Span::from_secs(300);

/// An answer to the question whether to go ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GoAheadAnswer {
    Yes,
    No,
    /// No; this change instead.
    Instead(ChangeId),
    /// Ask again then.
    NotYet(FutureMoment),
    /// Yes then, unless all is clear before.
    IfNotBetter(FutureMoment),
    /// Somebody else decides.
    Refer(PersonId),
}

/// A moment to come, as it is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FutureMoment {
    /// After so long.
    In(Span),
    /// When the clock shows this.
    By(civil::Time),
}

impl FutureMoment {
    /// How long it is until then; an error if the clock has shown it already.
    pub(super) fn until(self, now: Time, calendar: &Calendar) -> Result<Span, String> {
        /// A clock time further ahead than this is taken to be in the past.
        const HALF_A_DAY: Span = Span::from_secs(12 * 3600);
        let (clock, time) = match self {
            FutureMoment::In(span) => return Ok(span),
            FutureMoment::By(time) => (calendar.clock(now), time),
        };
        let at = calendar.next_after(now, time).map(|at| at.since(now));
        let at = at.filter(|wait| *wait <= HALF_A_DAY);
        at.ok_or_else(|| format!("{} has passed: it is {clock}", time.strftime("%H:%M:%S")))
    }

    fn written(self) -> String {
        match self {
            FutureMoment::In(span) => format!("in {span}"),
            FutureMoment::By(time) => format!("by {}", time.strftime("%H:%M:%S")),
        }
    }

    /// A time of day, a duration, or a number of minutes; `None`: it is another word.
    fn read(word: &str) -> Option<Result<FutureMoment, String>> {
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            let wrong = || format!("`{word}` is not a time of day; write 18:25 or 18:25:30");
            return Some(word.parse().map(FutureMoment::By).map_err(|_| wrong()));
        }
        let minutes = word.parse::<u16>().map(|minutes| Span::MINUTE * u64::from(minutes));
        let span = minutes.ok().or_else(|| word.parse::<Span>().ok())?;
        let some = (Span::SECOND..=Span::from_secs(86_400)).contains(&span);
        let span = Span(span.0 / 1_000_000 * 1_000_000);
        let wrong = || format!("`{word}` is too short or too long; write 1s to 24h");
        Some(some.then_some(FutureMoment::In(span)).ok_or_else(wrong))
    }
}

/// An answer with who gives it, by which channel, and what more is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub person: Option<PersonId>,
    pub channel: Option<ChannelId>,
    pub decision: GoAheadAnswer,
    pub wants: Option<String>,
}

/// Words of an answer, as they are found one after the other.
#[derive(Default)]
struct AnswerParts {
    people: Vec<PersonId>,
    channel: Option<ChannelId>,
    change: Option<ChangeId>,
    yes: Option<bool>,
    not_yet: bool,
    again: bool,
    better: bool,
    refer: Option<PersonId>,
    when: Option<FutureMoment>,
}

/// Linking words of the written answers, which mean nothing by themselves.
const LINKS: [&str; 4] = ["by", "in", "if", "not"];
/// Filler words that people add; they may also be somebody's name.
const FILLERS: [&str; 12] =
    ["via", "on", "from", "at", "ask", "me", "says", "then", "please", "unless", "do", "it"];

impl Answer {
    /// Reads an answer; `None` for words that say neither yes nor no nor anything between.
    pub(super) fn read(text: &str, names: &Names) -> Result<Option<Answer>, String> {
        let (text, wants) = without_wants(text);
        let words = LineWords::parse(
            text,
            &[NameKind::Person, NameKind::Channel, NameKind::Change],
            names,
        )?;
        let mut found = AnswerParts::default();
        let mut position = 0;
        while let Some(word) = words.0.get(position) {
            position += 1;
            let next = words.0.get(position).map(|next| plain(next));
            match plain(word).as_str() {
                "not" if next.as_deref() == Some("yet") => {
                    (found.not_yet, position) = (true, position + 1);
                }
                "not-yet" | "notyet" | "later" | "pause" => found.not_yet = true,
                // Of a launch that goes on as it is, which is no to whatever was asked.
                "continue" => found.say(word, false)?,
                "pivot" => {
                    let to = usize::from(next.as_deref() == Some("to"));
                    let how = "say to which change: `pivot CHANGE`";
                    let change = words.0.get(position + to).ok_or(how)?;
                    let change = LineWords::one(change, &[NameKind::Change], names)?.1;
                    (found.change, position) = (Some(change.into()), position + to + 1);
                }
                "again" => found.again = true,
                "better" => found.better = true,
                "instead" if next.is_none() => {
                    return Err("say which change: `no, instead CHANGE`".to_string());
                }
                "instead" => {
                    let change = LineWords::one(&words.0[position], &[NameKind::Change], names)?.1;
                    (found.change, position) = (Some(change.into()), position + 1);
                }
                "decides" | "decide" => {
                    let who = "say who decides: `rachael decides`";
                    found.refer = Some(found.people.pop().ok_or(who)?);
                }
                _ => found.take(word, names)?,
            }
        }
        let Some(decision) = found.decision()? else { return Ok(None) };
        if let [_, other, ..] = found.people[..] {
            let name = &names.people[other.index()];
            return Err(format!("unexpected `{name}`: one answer at a time"));
        }
        let (person, channel) = (found.people.first().copied(), found.channel);
        Ok(Some(Answer { person, channel, decision, wants }))
    }

    /// The words after `decide`, as they are written to disk.
    pub(super) fn text(&self, names: &Names, labelled: bool) -> String {
        let person =
            |person: PersonId| argument(NameKind::Person, &names.people[person.index()], labelled);
        let change =
            |change: ChangeId| argument(NameKind::Change, &names.changes[change.index()], labelled);
        let (first, last) = match self.decision {
            GoAheadAnswer::Yes => ("yes", String::new()),
            GoAheadAnswer::No => ("no", String::new()),
            GoAheadAnswer::Instead(other) => ("no", format!("instead {}", change(other))),
            GoAheadAnswer::NotYet(when) => ("not yet", format!("again {}", when.written())),
            GoAheadAnswer::IfNotBetter(when) => {
                ("yes", format!("if not better {}", when.written()))
            }
            GoAheadAnswer::Refer(other) => ("", format!("{} decides", person(other))),
        };
        let by = self
            .channel
            .map(|channel| argument(NameKind::Channel, &names.channels[channel.index()], labelled));
        let who = self.person.map(person);
        let wants = self.wants.as_ref().map(|wants| format!("wants {wants}"));
        let words = [Some(first.to_string()), who, by, Some(last), wants];
        let words: Vec<String> =
            words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

impl AnswerParts {
    fn say(&mut self, word: &str, yes: bool) -> Result<(), String> {
        match self.yes.replace(yes) {
            None => Ok(()),
            Some(_) => Err(format!("unexpected `{word}`: one answer at a time")),
        }
    }

    fn take(&mut self, word: &str, names: &Names) -> Result<(), String> {
        let once = |free: bool| match free {
            true => Ok(()),
            false => Err(format!("unexpected `{word}`: one answer at a time")),
        };
        let bare = plain(word);
        if let Some(yes) = LineWords::yes_or_no(&bare) {
            self.say(word, yes)?;
        } else if let Some(when) = FutureMoment::read(&bare) {
            self.when = Some(match (self.when, when?) {
                (None, when) => when,
                // As it is said and written: `1m 30s`.
                (Some(FutureMoment::In(first)), FutureMoment::In(more)) => {
                    FutureMoment::In(first + more)
                }
                _ => return once(false),
            });
        } else if !is_filler(word, &bare, names) {
            match LineWords::one(word, &[NameKind::Person, NameKind::Channel], names)? {
                (NameKind::Person, position) => self.people.push(position.into()),
                (_, position) => {
                    once(self.channel.is_none())?;
                    self.channel = Some(position.into());
                }
            }
        }
        Ok(())
    }

    fn decision(&self) -> Result<Option<GoAheadAnswer>, String> {
        let two = || Err("that is two answers; give one of them".to_string());
        let put_off = self.not_yet || (self.yes == Some(false) && self.when.is_some());
        Ok(Some(match (self.yes, self.change, self.refer) {
            (None, None, Some(person)) if !put_off => GoAheadAnswer::Refer(person),
            (_, _, Some(_)) | (Some(true), Some(_), _) => return two(),
            (_, Some(_), _) if put_off => return two(),
            (_, Some(change), _) => GoAheadAnswer::Instead(change),
            (Some(true), ..) if put_off => return two(),
            _ if put_off || (self.again && self.yes.is_none()) => {
                GoAheadAnswer::NotYet(self.when.unwrap_or(FutureMoment::In(AGAIN)))
            }
            (Some(true), ..) => match (self.when, self.better) {
                (Some(when), _) => GoAheadAnswer::IfNotBetter(when),
                (None, false) => GoAheadAnswer::Yes,
                (None, true) => {
                    let until = "say until when: `yes, if not better by 18:25` or `in 10m`";
                    return Err(until.to_string());
                }
            },
            (Some(false), ..) => GoAheadAnswer::No,
            (None, ..) => return Ok(None),
        }))
    }
}

fn is_filler(word: &str, bare: &str, names: &Names) -> bool {
    let somebody = names.people.contains(word) || names.people.contains(bare);
    let is_name = somebody || names.channels.contains(word) || names.channels.contains(bare);
    LINKS.contains(&bare) || (FILLERS.contains(&bare) && !is_name)
}

/// A word without what only ends it.
fn plain(word: &str) -> String {
    word.trim_end_matches([',', ';', ':', '.', '!']).to_lowercase()
}

/// What is said before `wants`, and what is wanted. A name in quotes may have the word in it.
fn without_wants(text: &str) -> (&str, Option<String>) {
    const WANTS: &str = "wants ";
    let mut from = 0;
    while let Some(found) = text[from..].find(WANTS) {
        let at = from + found;
        let before = text[..at].trim_end();
        let whole = before.len() < at || at == 0;
        let wanted = text[at + WANTS.len()..].trim();
        if whole && shlex::split(before).is_some() && !wanted.is_empty() {
            return (before, Some(wanted.to_string()));
        }
        from = at + WANTS.len();
    }
    (text, None)
}
