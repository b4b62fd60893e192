//! Reads the lines of a plan one after another into facts, and says what became of each.

mod acts;
mod context;
mod doers;
mod people;
mod triggers;

use super::action::{says_site_changes, wanted};
use super::countdown::leads_to_launch;
use super::dates;
use super::facts::{At, LineStatus, StatedAction, StatedStep, StatedTask, UNTESTABLE};
use super::lines::{Kind, Line};
use super::names::{mention, mentions};
use super::pattern::pattern;
use super::phrase;
use super::state::PlanReader;
use super::thresholds::threshold;
use super::topic::{Topic, topic};
use super::{criteria, tables};

impl PlanReader<'_> {
    /// Reads all lines; what became of each, in their order.
    pub(super) fn read(&mut self) -> Vec<LineStatus> {
        let zones = self.lines.iter().filter_map(|line| {
            let value = phrase::clock(&line.text)?.zone?.to_string();
            Some(At { value, line: line.number })
        });
        self.facts.zone = zones.into_iter().next();
        self.facts.launch = self.launch_time();
        (0..self.lines.len())
            .map(|index| {
                let line = &self.lines[index];
                let fate = match &line.kind {
                    Kind::Heading => self.heading(index),
                    Kind::Row { cells, head, table } => {
                        tables::row(self, line, cells, *head, *table)
                    }
                    Kind::Markup => LineStatus::NotUnderstood,
                    Kind::Item { .. } if line.text.is_empty() => {
                        LineStatus::Open("an item of the list is empty".to_string())
                    }
                    Kind::Item { done: Some(done), .. } => match self.boxed(index) {
                        Some(fate) => fate,
                        None => self.task(index, *done),
                    },
                    Kind::Item { .. } | Kind::Words => self.words(index),
                };
                let fate = match line.kind {
                    Kind::Markup => fate,
                    _ => self.open_or(&line.text, fate),
                };
                self.beyond(index, fate)
            })
            .collect()
    }

    /// From which moment times such as `T-30m` are counted, if there are any.
    fn launch_time(&self) -> Option<At<Option<u16>>> {
        let counts = |line: &&Line| phrase::clock(&line.text).is_some_and(|c| c.offset.is_some());
        let first = self.lines.iter().find(counts)?.number;
        let said = self.lines.iter().find_map(|line| {
            let clock = phrase::clock(&line.text)?;
            let minutes = clock.minutes?;
            let leads = leads_to_launch(&line.text[..clock.from]);
            leads.then_some(At { value: Some(minutes), line: line.number })
        });
        Some(said.unwrap_or(At { value: None, line: first }))
    }

    /// What is understood may still have a hole in it.
    fn open_or(&self, text: &str, fate: LineStatus) -> LineStatus {
        match (fate, phrase::open(text)) {
            (LineStatus::Understood(_), Some(hole)) => {
                LineStatus::Open(format!("`{hole}` is still to be filled in"))
            }
            (LineStatus::NotUnderstood, _) if phrase::untestable(text).is_some() => {
                LineStatus::Open(UNTESTABLE.to_string())
            }
            // Whatever "Launch time: ____" is, somebody has to fill it in.
            (LineStatus::NotUnderstood, _) if phrase::gap(text).is_some() => {
                let hole = phrase::gap(text).unwrap_or_default();
                LineStatus::Open(format!("`{hole}` is still to be filled in"))
            }
            (fate, _) => fate,
        }
    }

    /// Cells of a row beyond the last column: nobody says what they are.
    fn beyond(&self, index: usize, fate: LineStatus) -> LineStatus {
        match (&self.lines[index].beyond, fate) {
            (Some(cells), LineStatus::Understood(_)) => {
                LineStatus::Open(format!("`{cells}` is beyond the last column of the table"))
            }
            (_, fate) => fate,
        }
    }

    fn heading(&mut self, index: usize) -> LineStatus {
        let line = &self.lines[index];
        self.lead = None;
        if index == 0 && topic(&line.text).is_none() {
            self.facts.title = Some(line.text.clone());
        }
        self.note_date(&line.text, line.number);
        if let (Some(days), [], None) =
            (dates::days(&line.text, self.dates), line.under.as_slice(), &self.facts.day)
            && index == 0
        {
            self.facts.day = Some(At { value: days.to, line: line.number });
        }
        // "Monitor" once more further down goes on with the step of that name.
        let again = |step: &StatedStep| step.text.eq_ignore_ascii_case(&line.text);
        if let Some(step) = self.facts.steps.iter().position(again) {
            self.step_of.push((index, step));
            return LineStatus::Understood("a step, once more");
        }
        if let Some(play) = self.play_heading(index) {
            self.play_of.push((index, play));
            return LineStatus::Understood("a play");
        }
        if let Some(found) = phrase::clock(&line.text).filter(|clock| clock.from <= 3) {
            let text = line.text[found.to..].trim_start_matches([':', '-', '–', ' ', '.']).trim();
            if phrase::hours(&line.text).is_none() && !text.is_empty() {
                return self.step_heading(index, &found, text.to_string());
            }
        }
        if topic(&line.text) == Some(Topic::Gameday) {
            self.gameday(index);
        }
        LineStatus::Understood("a heading")
    }

    /// A line with a box is something to be done.
    fn task(&mut self, index: usize, done: bool) -> LineStatus {
        let line = &self.lines[index];
        self.note_date(&line.text, line.number);
        let lead = self.lead.map(|lead| &self.lines[lead]).filter(|lead| lead.under == line.under);
        let attends = lead.is_some_and(|lead| topic(&lead.text) == Some(Topic::People));
        let person = mention(&line.text)
            .filter(|who| attends || who.name.contains(' ') || self.facts.knows(&who.name));
        let lead = lead.map(|lead| lead.text.clone());
        // A name with a box: somebody has to be there, and nobody else can do that for them.
        let attendee = person.map(|person| self.person(&person, line.number));
        let lead = lead.filter(|_| attends && attendee.is_some()).unwrap_or_default();
        let lead = lead.trim_end_matches([':', ' ']);
        let item = match (lead.is_empty(), attended(lead)) {
            (true, _) => line.text.trim_end_matches([':', ' ']).to_string(),
            (false, does) if does.is_empty() => format!("{lead}: {}", line.text),
            (false, does) => format!("{}: {does}", line.text),
        };
        let due = dates::days(&line.text, self.dates).map(|days| days.to);
        let parent = self.parent(index);
        let of_parent = parent.and_then(|at| dates::days(&self.lines[at].text, self.dates));
        let due = due.or(of_parent.map(|days| days.to)).or_else(|| self.day(index));
        let owner = attendee.or_else(|| self.owner(&line.text, line.number));
        let owner = owner.or_else(|| {
            let number = self.lines[parent?].number;
            self.facts.tasks.iter().find(|task| task.line == number)?.owner
        });
        self.facts.tasks.push(StatedTask { item, owner, due, done, line: line.number });
        self.gameday_item(index);
        LineStatus::Understood("a task")
    }

    /// The item that this one is nested under: it has the same due date and owner.
    fn parent(&self, index: usize) -> Option<usize> {
        let Kind::Item { depth, .. } = self.lines[index].kind else { return None };
        let above = self.lines[..index].iter().enumerate().rev();
        let mut items = above.take_while(|(_, line)| matches!(line.kind, Kind::Item { .. }));
        let above = items.find(
            |(_, line)| matches!(line.kind, Kind::Item { depth: other, .. } if other < depth),
        );
        above.map(|(at, _)| at)
    }

    /// Whether something follows that belongs below these words.
    pub(super) fn has_following_lines(&self, index: usize) -> bool {
        let Some(next) = self.lines.get(index + 1) else { return false };
        match (&self.lines[index].kind, &next.kind) {
            (Kind::Item { depth, .. }, Kind::Item { depth: below, .. }) => below > depth,
            (_, Kind::Heading) => false,
            (Kind::Item { .. }, kind) => !matches!(kind, Kind::Item { .. }),
            _ => true,
        }
    }

    fn words(&mut self, index: usize) -> LineStatus {
        let line = &self.lines[index];
        let text = line.text.as_str();
        self.note_date(text, line.number);
        let lead = self.lead;
        if line.kind == Kind::Words {
            self.lead = Some(index);
        }
        if let Some(fate) = self.legend(text).or_else(|| self.consequence(index, lead)) {
            return fate;
        }
        if let Some(found) = threshold(text, line.number) {
            self.facts.thresholds.push(found);
            return LineStatus::Understood("a threshold");
        }
        if let Some(play) = self.inside(index, &self.play_of) {
            return self.play_line(index, play);
        }
        if let Some(fate) = self.last_word(index) {
            return fate;
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
        if let Some(fate) = self.trigger(index).or_else(|| self.timed_line(index)) {
            return fate;
        }
        if let Some(fate) = self.dated_label(index).or_else(|| self.label(index)) {
            return fate;
        }
        self.rest(index)
    }

    /// `👑 = ultimate decision maker`.
    fn legend(&mut self, text: &str) -> Option<LineStatus> {
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
        Some(LineStatus::Understood("what a mark means"))
    }

    /// What is left: bans, things to do under a date, and what a play or a step could not say.
    fn rest(&mut self, index: usize) -> LineStatus {
        let line = &self.lines[index];
        let lower = line.text.to_lowercase();
        let number = line.number;
        if ["do not ", "don't ", "never ", "no deploys", "no changes", "freeze"]
            .iter()
            .any(|word| lower.starts_with(word))
        {
            self.facts.bans.push(At { value: line.text.clone(), line: number });
            return LineStatus::Understood("what must not be done");
        }
        if let Some(fate) = self.counted_line(index) {
            return fate;
        }
        self.gameday_item(index);
        let dated = self.day(index).is_some();
        let listed = matches!(line.kind, Kind::Item { .. });
        let checklist = self.topics(index).contains(&Topic::Checklist);
        let own_date = dates::days(&line.text, self.dates).map(|days| days.to);
        if listed && (dated || checklist || own_date.is_some()) {
            let owner = self.owner(&line.text, number);
            let due = own_date.or_else(|| self.day(index));
            let item = line.text.clone();
            self.facts.tasks.push(StatedTask { item, owner, due, done: false, line: number });
            return LineStatus::Understood("a task");
        }
        if line.text.ends_with(':') {
            return match self.has_following_lines(index) {
                true => LineStatus::Understood("a heading"),
                false => LineStatus::Open("nothing follows it".to_string()),
            };
        }
        match dated && line.kind == Kind::Words {
            true => self.sentence(index),
            false => LineStatus::NotUnderstood,
        }
    }

    /// A sentence below a day: people who do something on it, or something that happens then.
    fn sentence(&mut self, index: usize) -> LineStatus {
        let line = &self.lines[index];
        let (text, number) = (line.text.clone(), line.number);
        let day = self.day(index);
        if says_site_changes(&text) {
            let action =
                Some(StatedAction::Change { what: text.clone(), takes: None, propagates: None });
            let (notes, by) = (Vec::new(), None);
            self.facts.steps.push(StatedStep {
                text,
                minutes: None,
                counted: false,
                day,
                action,
                by,
                notes,
                line: number,
            });
            return LineStatus::Understood("a step");
        }
        let words =
            |word: &&str| !word.starts_with(|first: char| first.is_lowercase()) || *word == "and";
        let named: Vec<&str> = text.split_whitespace().take_while(words).collect();
        let acts = named.len() < text.split_whitespace().count();
        let people = mentions(&named.join(" ")).0;
        let sure = people.len() > 1 || people.iter().any(|who| self.facts.knows(&who.name));
        if !acts || !sure {
            return LineStatus::NotUnderstood;
        }
        let people: Vec<usize> = people.iter().map(|who| self.person(who, number)).collect();
        let owner = people.first().copied();
        let item = text.trim_end_matches('.').to_string();
        self.facts.tasks.push(StatedTask { item, owner, due: day, done: false, line: number });
        LineStatus::Understood("a task")
    }

    /// `Need a better page` within a step or a play is something to be done before.
    pub(super) fn task_in_wish(&mut self, index: usize) -> bool {
        let line = &self.lines[index];
        if !wanted(&line.text) {
            return false;
        }
        let (item, due, number) = (line.text.clone(), self.day(index), line.number);
        self.facts.tasks.push(StatedTask { item, owner: None, due, done: false, line: number });
        true
    }
}

/// How many letters of the words before a list of names go into each item.
const LEAD: usize = 60;

/// What the people of a list are to do, from the words that lead it in: `The following members will
/// be on site` as `be on site`.
fn attended(lead: &str) -> String {
    let lead = FOLLOWING.replace(lead, "");
    if lead.chars().count() <= LEAD {
        return lead.into_owned();
    }
    let cut: String = lead.chars().take(LEAD).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", cut.trim_end_matches([',', '"', '(']))
}

pattern!(
    FOLLOWING,
    concat!(
        r"(?i)^(?:the )?(?:following )?(?:(?:team )?members|people|staff|persons)?\s*",
        r"(?:will|are to|must|should)?\s*",
    )
);
