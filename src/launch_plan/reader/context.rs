//! What the headings above a line say of it: its day, its topic, the step or play it belongs to.

use super::super::dates;
use super::super::facts::At;
use super::super::lines::Line;
use super::super::names::{Mention, mentions};
use super::super::phrase::{self, TimeOfDay};
use super::super::state::{PlanReader, is_open, labelled};
use super::super::topic::{Topic, topic};
use jiff::civil::Date;

/// When the launch is where times are counted from it and nothing says so: noon.
const ASSUMED: u16 = 12 * 60;

impl PlanReader<'_> {
    /// What a line is about: what the words say that lead its list in, then the innermost heading
    /// that says anything.
    pub(in crate::launch_plan) fn topics(&self, index: usize) -> Vec<Topic> {
        let line = &self.lines[index];
        let lead = self.lead_of(index).and_then(topic);
        let above = line.under.iter().rev().map(|at| self.lines[*at].text.as_str());
        // Below a day, what an outer heading is about counts no more.
        let mut inner = true;
        let above = above.take_while(|text| {
            let was = inner;
            inner = dates::days(text, self.dates).is_none();
            was
        });
        lead.into_iter().chain(above.filter_map(topic).take(1)).collect()
    }

    /// Whether the nearest heading of a line is about how long changes take.
    pub(in crate::launch_plan) fn is_about_changes(&self, line: &Line) -> bool {
        let nearest = line.under.last().map(|at| self.lines[*at].text.as_str());
        nearest.and_then(topic) == Some(Topic::ChangeTimes)
    }

    /// Whether a line names a role and its people, or leaves them open.
    pub(in crate::launch_plan) fn names_people(&self, index: usize) -> bool {
        let text = self.without_mark(&self.lines[index].text);
        let marked = text.len() < self.lines[index].text.len();
        let rest = labelled(&text).map(|(_, rest)| rest);
        let named = |rest: &str| is_open(rest) || !mentions(rest).0.is_empty();
        marked || rest.is_some_and(named)
    }

    /// The list that the last words led in is over.
    pub(in crate::launch_plan) fn end_lead(&mut self) {
        self.lead = None;
    }

    /// The words that lead in the list that a line is in.
    pub(in crate::launch_plan) fn lead_of(&self, index: usize) -> Option<&str> {
        let lead = self.lead.filter(|lead| *lead < index)?;
        let line = &self.lines[lead];
        (line.under == self.lines[index].under).then_some(line.text.as_str())
    }

    /// The days that the headings above a line give, or the line itself.
    pub(super) fn days(&self, index: usize) -> Option<(Date, Date)> {
        let line = &self.lines[index];
        let own = dates::days(&line.text, self.dates);
        let above = || {
            line.under.iter().rev().find_map(|at| dates::days(&self.lines[*at].text, self.dates))
        };
        own.or_else(above).map(|days| (days.from, days.to))
    }

    /// The day of a line: the last of the days that it is listed under.
    pub(in crate::launch_plan) fn day(&self, index: usize) -> Option<Date> {
        let line = &self.lines[index];
        let mut above = line.under.iter().rev();
        above.find_map(|at| dates::days(&self.lines[*at].text, self.dates)).map(|days| days.to)
    }

    /// The nearest heading.
    pub(super) fn heading_of(&self, index: usize) -> Option<&str> {
        self.lines[index].under.last().map(|at| self.lines[*at].text.as_str())
    }

    /// The step or play that the innermost heading of a line begins.
    pub(super) fn inside(&self, index: usize, of: &[(usize, usize)]) -> Option<usize> {
        let heading = self.lines[index].under.last()?;
        of.iter().find(|(at, _)| at == heading).map(|(_, number)| *number)
    }

    /// The text without the mark of the one who decides.
    pub(super) fn without_mark(&self, text: &str) -> String {
        match &self.decider_mark {
            Some(mark) => text.replace(mark.as_str(), "").trim().to_string(),
            None => text.to_string(),
        }
    }

    /// The person whom a line names; a first name that several have is noted.
    pub(in crate::launch_plan) fn person(&mut self, mention: &Mention, line: usize) -> usize {
        let (person, ambiguous) = self.facts.person(mention, line);
        if ambiguous {
            self.unsure.names.push(At { value: mention.name.clone(), line });
        }
        person
    }

    /// Somebody has the last word; a second one is left for the findings.
    pub(super) fn decides(&mut self, person: usize, line: usize) {
        if self.facts.decider.is_none() {
            self.facts.decider = Some(At { value: person, line });
        }
        self.facts.give_role(person, "decider");
    }

    /// A role is asked at the go/no-go.
    pub(super) fn polled(&mut self, role: &str, line: usize) {
        let known = self.facts.poll.iter().any(|asked| asked.value.eq_ignore_ascii_case(role));
        if !known && !role.trim().is_empty() {
            self.facts.poll.push(At { value: role.trim().to_string(), line });
        }
    }

    /// A time as the clocks of the plan's own zone show it, and its day there.
    pub(in crate::launch_plan) fn moment(
        &mut self,
        clock: &TimeOfDay,
        day: Option<Date>,
        line: usize,
    ) -> (Option<u16>, Option<Date>) {
        if let Some(offset) = clock.offset {
            let launch = self.facts.launch.as_ref().and_then(|at| at.value).unwrap_or(ASSUMED);
            let minutes = i32::from(launch) + offset;
            return (u16::try_from(minutes).ok().filter(|minutes| *minutes < 24 * 60), day);
        }
        let home = self.facts.zone.as_ref().map(|zone| zone.value.clone());
        let (Some(minutes), Some(zone), Some(home)) = (clock.minutes, clock.zone, home) else {
            return (clock.minutes, day);
        };
        let there = day.or_else(|| Date::new(self.dates.year, 1, 15).ok());
        let there = there.and_then(|date| {
            let (hour, minute) =
                (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
            date.at(hour, minute, 0, 0).in_tz(zone).ok()?.in_tz(&home).ok()
        });
        let Some(here) = there.filter(|_| zone != home) else { return (clock.minutes, day) };
        let shown =
            u16::from(here.hour().unsigned_abs()) * 60 + u16::from(here.minute().unsigned_abs());
        let value = format!(
            "{} {zone} is taken as {} {home}, the zone of the plan's first time",
            phrase::clock_shown(minutes),
            phrase::clock_shown(shown)
        );
        self.unsure.zones.push(At { value, line });
        (Some(shown), day.map(|_| here.date()))
    }

    /// Remembers the first date without a year, and what is unsure of dates.
    pub(super) fn note_date(&mut self, text: &str, line: usize) {
        let found = dates::days(text, self.dates);
        if found.is_some_and(|days| !days.has_year) && self.facts.undated.is_none() {
            self.facts.undated = Some(line);
        }
        if let Some(value) = dates::doubt(text, self.dates) {
            self.unsure.dates.push(At { value, line });
        }
    }

    /// The line speaks of a rehearsal.
    pub(super) fn gameday_item(&mut self, index: usize) {
        if topic(&self.lines[index].text) == Some(Topic::Gameday) {
            self.gameday(index);
        }
    }

    pub(super) fn gameday(&mut self, index: usize) {
        if let (Some((day, _)), None) = (self.days(index), &self.facts.gameday) {
            self.facts.gameday = Some(At { value: day, line: self.lines[index].number });
        }
    }
}
