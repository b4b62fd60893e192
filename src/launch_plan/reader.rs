//! Reads the lines of a plan one after another into facts, and says what became of each.

use super::action::{action, phrases};
use super::facts::{Action, At, Chain, Duty, Facts, Fate, Play, Step, Task};
use super::lines::{Kind, Line};
use super::names::{chain, channels_in_order, is_person, mention, mentions};
use super::phrase;
use super::thresholds::threshold;
use super::topic::{Topic, topic};
use super::{criteria, tables};
use jiff::civil::Date;

/// Reads a plan line by line.
pub(super) struct Reader<'a> {
    pub(super) lines: &'a [Line],
    pub(super) facts: Facts,
    pub(super) year: i16,
    /// What marks the one who decides, where the plan has a legend (`👑 = decision maker`).
    decider_mark: Option<String>,
    /// Other people could be meant by a first name: the line and the name.
    pub(super) ambiguous: Vec<At<String>>,
    /// The head of the table that is being read, and which table it is.
    pub(super) head: Option<(usize, Vec<String>)>,
    /// The last line of words: what the list below it is about.
    lead: Option<usize>,
    /// The headings that are steps and plays, by their place among the lines.
    step_of: Vec<(usize, usize)>,
    play_of: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lines: &'a [Line], year: i16) -> Reader<'a> {
        Reader {
            lines,
            facts: Facts::default(),
            year,
            decider_mark: None,
            ambiguous: Vec::new(),
            head: None,
            lead: None,
            step_of: Vec::new(),
            play_of: Vec::new(),
        }
    }

    /// Reads all lines; what became of each, in their order.
    pub(super) fn read(&mut self) -> Vec<Fate> {
        let zones = self.lines.iter().filter_map(|line| {
            let value = phrase::clock(&line.text)?.zone?;
            Some(At { value, line: line.number })
        });
        self.facts.zone = zones.into_iter().next();
        (0..self.lines.len())
            .map(|index| {
                let line = &self.lines[index];
                let fate = match &line.kind {
                    Kind::Heading => self.heading(index),
                    Kind::Row { cells, head, table } => {
                        tables::row(self, line, cells, *head, *table)
                    }
                    Kind::Markup => Fate::NotUnderstood,
                    Kind::Item { .. } if line.text.is_empty() => {
                        Fate::Open("an item of the list is empty".to_string())
                    }
                    Kind::Item { done: Some(done), .. } => self.task(index, *done),
                    Kind::Item { .. } | Kind::Words => self.words(index),
                };
                self.open_or(&line.text, fate)
            })
            .collect()
    }

    /// What is understood may still have a hole in it.
    fn open_or(&self, text: &str, fate: Fate) -> Fate {
        match (fate, phrase::open(text)) {
            (Fate::Understood(_), Some(hole)) => {
                Fate::Open(format!("`{hole}` is still to be filled in"))
            }
            (Fate::NotUnderstood, _) if phrase::untestable(text).is_some() => {
                Fate::Open("nobody can test it".to_string())
            }
            (fate, _) => fate,
        }
    }

    fn heading(&mut self, index: usize) -> Fate {
        let line = &self.lines[index];
        self.lead = None;
        if index == 0 && topic(&line.text).is_none() {
            self.facts.title = Some(line.text.clone());
        }
        self.note_date(&line.text, line.number);
        if let Some(play) = self.play_heading(index) {
            self.play_of.push((index, play));
            return Fate::Understood("a play");
        }
        if let Some(found) = phrase::clock(&line.text).filter(|clock| clock.from <= 3) {
            let text = line.text[found.to..].trim_start_matches([':', '-', '–', ' ', '.']).trim();
            if phrase::hours(&line.text).is_none() && !text.is_empty() {
                return self.step_heading(index, found.minutes, text.to_string());
            }
        }
        if topic(&line.text) == Some(Topic::Gameday) {
            self.gameday(index);
        }
        Fate::Understood("a heading")
    }

    fn step_heading(&mut self, index: usize, minutes: Option<u16>, text: String) -> Fate {
        let line = &self.lines[index];
        let day = self.day(index);
        if topic(&text) == Some(Topic::GoNoGo) {
            if let Some(minutes) = minutes {
                self.facts.meeting = Some(At { value: (day, minutes), line: line.number });
            }
            return Fate::Understood("the go/no-go meeting");
        }
        let action = action(&text);
        self.facts.steps.push(Step {
            text,
            minutes,
            day,
            action,
            by: None,
            notes: Vec::new(),
            line: line.number,
        });
        self.step_of.push((index, self.facts.steps.len() - 1));
        Fate::Understood("a step")
    }

    /// `Crisis plan: rollback`, `Crisis plan: rollback fails, put up a maintenance page`.
    fn play_heading(&mut self, index: usize) -> Option<usize> {
        let line = &self.lines[index];
        if topic(&line.text) != Some(Topic::Play) {
            return None;
        }
        let text = line.text.split_once(':').map_or(line.text.as_str(), |(_, text)| text).trim();
        let lower = text.to_lowercase();
        let fails = [" fails", " failed", " does not work", " doesn't work", " is not possible"];
        let after = fails.iter().find_map(|word| lower.find(word)).and_then(|at| {
            let before = lower[..at].trim();
            let named = |play: &Play| before.contains(&play.name) || play.name.contains(before);
            self.facts.plays.iter().rposition(named)
        });
        let mut parts = phrases(text).into_iter();
        let first = parts.next().unwrap_or_default();
        let rest: Vec<String> = parts.collect();
        let page = lower.contains("maintenance") || lower.contains("503");
        let words = match (after.is_some(), page) {
            (true, true) => "maintenance page".to_string(),
            (true, false) => rest.first().cloned().unwrap_or(first),
            _ => first,
        };
        let name = tables::slug(&words);
        let name = match self.facts.plays.iter().any(|play| play.name == name) {
            true => format!("{name}-{}", line.number),
            false => name,
        };
        let acts = rest.iter().filter_map(|part| action(part));
        let steps = acts.map(|value| At { value, line: line.number }).collect();
        let notes = Vec::new();
        self.facts.plays.push(Play { name, after, steps, notes, page, line: line.number });
        Some(self.facts.plays.len() - 1)
    }

    /// A line with a box is something to be done.
    fn task(&mut self, index: usize, done: bool) -> Fate {
        let line = &self.lines[index];
        self.note_date(&line.text, line.number);
        let lead = self.lead.map(|lead| &self.lines[lead]).filter(|lead| lead.under == line.under);
        let attends = lead.is_some_and(|lead| topic(&lead.text) == Some(Topic::People));
        let person = mention(&line.text)
            .filter(|who| attends || who.name.contains(' ') || self.facts.knows(&who.name));
        let lead = lead.map(|lead| lead.text.clone());
        let item = match (person, lead) {
            // A name with a box: somebody is to be there.
            (Some(person), lead) => {
                self.person(&person, line.number);
                let lead = lead.filter(|_| attends).unwrap_or_default();
                let lead = lead.trim_end_matches([':', ' ']);
                match lead.char_indices().nth(60) {
                    Some((end, _)) => format!("{} ({}…)", line.text, lead[..end].trim_end()),
                    None if lead.is_empty() => line.text.clone(),
                    None => format!("{} ({lead})", line.text),
                }
            }
            (None, _) => line.text.clone(),
        };
        let due = phrase::days(&line.text, self.year).map(|days| days.to);
        let due = due.or_else(|| self.due_of_parent(index)).or_else(|| self.day(index));
        let owner = self.owner(&line.text, line.number);
        self.facts.tasks.push(Task { item, owner, due, done, line: line.number });
        self.gameday_item(index);
        Fate::Understood("a task")
    }

    /// An item below another one is due with it.
    fn due_of_parent(&self, index: usize) -> Option<Date> {
        let Kind::Item { depth, .. } = self.lines[index].kind else { return None };
        let above = self.lines[..index].iter().rev();
        let mut items = above.take_while(|line| matches!(line.kind, Kind::Item { .. }));
        let parent = items
            .find(|line| matches!(line.kind, Kind::Item { depth: other, .. } if other < depth))?;
        phrase::days(&parent.text, self.year).map(|days| days.to)
    }

    /// A person at the end in parentheses, or before a colon or a verb, sees to it.
    fn owner(&mut self, text: &str, line: usize) -> Option<usize> {
        let inside = text.rfind('(').map(|at| text[at + 1..].trim_end_matches([')', '.']));
        let named = inside.and_then(mention).filter(|who| who.name.contains(' '));
        let verb = || {
            let words: Vec<&str> =
                text.split([',', '(']).nth(1).map(str::trim).into_iter().collect();
            words.first().and_then(|words| mention(words)).filter(|who| who.name.contains(' '))
        };
        let known = named.or_else(verb)?;
        Some(self.person(&known, line))
    }

    fn words(&mut self, index: usize) -> Fate {
        let line = &self.lines[index];
        let text = line.text.as_str();
        self.note_date(text, line.number);
        if line.kind == Kind::Words {
            self.lead = Some(index);
        }
        if let Some(fate) = self.legend(text) {
            return fate;
        }
        if let Some(found) = threshold(text, line.number) {
            self.facts.thresholds.push(found);
            return Fate::Understood("a threshold");
        }
        if let Some(play) = self.inside(index, &self.play_of) {
            return self.play_line(index, play);
        }
        if let Some(fate) = self.people_to_call(index) {
            return fate;
        }
        if let Some(fate) = criteria::criterion(self, index) {
            return fate;
        }
        if let Some(step) = self.inside(index, &self.step_of) {
            return self.step_line(index, step);
        }
        if let Some(fate) = self.timed_line(index) {
            return fate;
        }
        if let Some(fate) = self.label(index) {
            return fate;
        }
        self.rest(index)
    }

    /// `👑 = ultimate decision maker`.
    fn legend(&mut self, text: &str) -> Option<Fate> {
        let (mark, meaning) = text.split_once('=')?;
        let mark = mark.trim();
        let lower = meaning.to_lowercase();
        let decides = lower.contains("decision maker")
            || lower.contains("decides")
            || lower.contains("decider");
        if !decides || mark.is_empty() || mark.chars().count() > 3 {
            return None;
        }
        self.decider_mark = Some(mark.to_string());
        Some(Fate::Understood("what a mark means"))
    }

    /// Chains, channels and hours.
    fn people_to_call(&mut self, index: usize) -> Option<Fate> {
        let line = &self.lines[index];
        let (text, number) = (line.text.as_str(), line.number);
        let in_order = channels_in_order(text);
        if let (Some(value), None) = (&in_order, &self.facts.channels) {
            self.facts.channels = Some(At { value: value.clone(), line: number });
        }
        if let Some(hours) = phrase::hours(text) {
            let days = self.days(index);
            let weekdays = phrase::weekdays(text);
            self.facts.duties.push(Duty { days, weekdays, hours, line: number });
            return Some(Fate::Understood("hours of duty"));
        }
        if in_order.is_some() {
            return Some(Fate::Understood("the order of channels"));
        }
        let (label, rest) = labelled(text).unwrap_or(("", text));
        let turns = chain(rest)?;
        let people: Vec<usize> =
            turns.iter().flatten().map(|mention| self.person(mention, number)).collect();
        let step = self.inside(index, &self.step_of);
        let label = match (label, step) {
            ("", Some(step)) => self.facts.steps[step].text.clone(),
            ("", None) => self.heading_of(index).unwrap_or("on call").to_string(),
            (label, _) => label.to_string(),
        };
        for person in &people {
            if step.is_none() {
                self.facts.give_role(*person, &label);
            }
        }
        let same = |chain: &Chain| chain.people == people && step.is_some();
        let at = match self.facts.chains.iter().position(same) {
            Some(at) => at,
            None => {
                self.facts.chains.push(Chain { label, people, line: number });
                self.facts.chains.len() - 1
            }
        };
        if let Some(step) = step {
            self.facts.steps[step].by = Some(at);
        }
        Some(Fate::Understood("who is tried after whom"))
    }

    fn play_line(&mut self, index: usize, play: usize) -> Fate {
        let line = &self.lines[index];
        let mut understood = false;
        for phrase in phrases(&line.text) {
            match action(&phrase) {
                Some(value) => {
                    self.name_people(&value, line.number);
                    self.facts.plays[play].steps.push(At { value, line: line.number });
                    understood = true;
                }
                None => {
                    let page =
                        phrase.contains("503") || phrase.to_lowercase().contains("maintenance");
                    self.facts.plays[play].page |= page;
                    understood |= page;
                    self.facts.plays[play].notes.push(At { value: phrase, line: line.number });
                }
            }
        }
        if understood { Fate::Understood("a step of a play") } else { Fate::NotUnderstood }
    }

    fn step_line(&mut self, index: usize, step: usize) -> Fate {
        let line = &self.lines[index];
        if line.text.ends_with(':') {
            return Fate::Understood("a heading");
        }
        let act = action(&line.text);
        if let Some(act) = &act {
            self.name_people(act, line.number);
        }
        let note = At { value: line.text.clone(), line: line.number };
        self.facts.steps[step].notes.push(note);
        match act {
            Some(act) => {
                let own = &mut self.facts.steps[step].action;
                if own.is_none() && matches!(act, Action::Change { .. }) {
                    *own = Some(act);
                }
                Fate::Understood("what a step does")
            }
            None if phrase::open(&line.text).is_some() => Fate::Understood("what a step does"),
            None => Fate::NotUnderstood,
        }
    }

    /// `17:30 switch the traffic` in a list is a step as well.
    fn timed_line(&mut self, index: usize) -> Option<Fate> {
        let line = &self.lines[index];
        let found = phrase::clock(&line.text).filter(|clock| clock.from <= 3)?;
        let text = line.text[found.to..].trim_start_matches([':', '-', '–', ' ', '.', '|']).trim();
        if text.is_empty() {
            return None;
        }
        let fate = self.step_heading(index, found.minutes, text.to_string());
        self.step_of.retain(|(at, _)| *at != index);
        Some(fate)
    }

    /// `Engineering: Jo Miller, Sam Ray`, `Jo Miller: Product Owner`, `Help desk: ?`.
    fn label(&mut self, index: usize) -> Option<Fate> {
        let line = &self.lines[index];
        let topics = self.topics(index);
        let about_people = [Topic::People, Topic::Escalation, Topic::GoNoGo];
        let people = topics.iter().any(|topic| about_people.contains(topic));
        let poll = topics.contains(&Topic::GoNoGo);
        let text = self.without_mark(&line.text);
        let marked = text.len() < line.text.len();
        let Some((label, rest)) = labelled(&text) else {
            return self.bare_role(index, people, poll);
        };
        let (label, rest) = (label.trim().to_string(), rest.trim().to_string());
        if let Some(person) = mention(&label).filter(|_| is_title(&rest) || marked) {
            let person = self.person(&person, line.number);
            if !rest.is_empty() && !is_open(&rest) {
                self.facts.give_role(person, &rest);
            }
            if marked || decides(&rest) {
                self.decides(person, line.number);
            }
            if poll {
                self.polled(&rest, line.number);
            }
            return Some(Fate::Understood("a person"));
        }
        if !people && !decides(&label) {
            return None;
        }
        let (named, left_out) = mentions(&rest);
        if named.is_empty() && !is_open(&rest) {
            return None;
        }
        for mention in &named {
            let person = self.person(mention, line.number);
            self.facts.give_role(person, &label);
            if marked || decides(&label) {
                self.decides(person, line.number);
            }
        }
        if named.is_empty() {
            self.facts.vacant(&label, line.number);
        }
        if poll {
            self.polled(&label, line.number);
        }
        let doubtful = named.iter().any(|mention| mention.tentative);
        if named.is_empty() {
            return Some(Fate::Open(format!("nobody is named for {label}")));
        }
        if doubtful || (left_out && is_open(&rest)) {
            return Some(Fate::Open(format!("who {label} is is not sure")));
        }
        Some(Fate::Understood("people of a role"))
    }

    /// A role or a name that stands alone: `NSOC`, `Jo Miller`.
    fn bare_role(&mut self, index: usize, people: bool, poll: bool) -> Option<Fate> {
        let line = &self.lines[index];
        let short = line.text.split_whitespace().count() <= 4;
        if !people || !short || !matches!(line.kind, Kind::Item { .. }) {
            return None;
        }
        if let Some(person) = mention(&line.text).filter(|who| is_person(&who.name)) {
            self.person(&person, line.number);
            return Some(Fate::Understood("a person"));
        }
        self.facts.vacant(&line.text, line.number);
        if poll {
            self.polled(&line.text, line.number);
        }
        Some(Fate::Open(format!("nobody is named for {}", line.text)))
    }

    /// What is left: bans, things to do under a date, and what a play or a step could not say.
    fn rest(&mut self, index: usize) -> Fate {
        let line = &self.lines[index];
        let lower = line.text.to_lowercase();
        let number = line.number;
        if ["do not ", "don't ", "never ", "no deploys", "no changes", "freeze"]
            .iter()
            .any(|word| lower.starts_with(word))
        {
            self.facts.bans.push(At { value: line.text.clone(), line: number });
            return Fate::Understood("what may not be done");
        }
        self.gameday_item(index);
        let dated = self.day(index).is_some();
        let listed = matches!(line.kind, Kind::Item { .. });
        let checklist = self.topics(index).contains(&Topic::Checklist);
        let own_date = phrase::days(&line.text, self.year).map(|days| days.to);
        if listed && (dated || checklist || own_date.is_some()) {
            let owner = self.owner(&line.text, number);
            let due = own_date.or_else(|| self.day(index));
            let item = line.text.clone();
            self.facts.tasks.push(Task { item, owner, due, done: false, line: number });
            return Fate::Understood("a task");
        }
        match line.text.ends_with(':') {
            true => Fate::Understood("a heading"),
            false => Fate::NotUnderstood,
        }
    }
}

mod context;

/// `label: rest`, where that is no time and no address.
pub(super) fn labelled(text: &str) -> Option<(&str, &str)> {
    let at = text.find(':')?;
    let (label, rest) = (&text[..at], &text[at + 1..]);
    let time = label.ends_with(|letter: char| letter.is_ascii_digit())
        && rest.starts_with(|letter: char| letter.is_ascii_digit());
    let short = label.split_whitespace().count() <= 6;
    (!time && short && !label.trim().is_empty() && !rest.starts_with("//")).then_some((label, rest))
}

/// Whether nothing but a question stands there.
pub(super) fn is_open(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || phrase::open(text).is_some()
}

/// Whether these words name a job, not a person.
fn is_title(text: &str) -> bool {
    const TITLES: [&str; 22] = [
        "owner",
        "manager",
        "lead",
        "director",
        "engineer",
        "officer",
        "chief",
        "coordinator",
        "representative",
        "rep",
        "commander",
        "scribe",
        "liaison",
        "head",
        "sponsor",
        "architect",
        "developer",
        "sre",
        "analyst",
        "approver",
        "comms",
        "decider",
    ];
    !is_person(text)
        && text
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| TITLES.contains(&word.to_lowercase().as_str()))
}

/// Whether these words say that somebody has the last word.
fn decides(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "decision maker",
        "decision-maker",
        "decider",
        "final approv",
        "go/no-go owner",
        "decision owner",
        "approver",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Names in what is told or asked are people of the plan too.
impl Reader<'_> {
    fn name_people(&mut self, act: &Action, line: usize) {
        match act {
            Action::Tell { from: Some(from), to, .. } => {
                let teller = self.person(from, line);
                self.facts.give_role(teller, "comms");
                if let Some(to) = mention(to) {
                    self.person(&to, line);
                }
            }
            Action::Ask { who, .. } | Action::Tell { to: who, .. } | Action::Page { who } => {
                if let Some(who) = mention(who) {
                    self.person(&who, line);
                }
            }
            Action::Change { .. } => {}
        }
    }
}
