//! What is missing, from whom, by when: the list that people act on.

use super::board::{DecisionStatus, ReadinessBoard, RowState, RowStatus, SourceLine};
use super::hearing::moment;
use super::rows::{ReadinessRow, ReadinessRows, Respondents, Voice};
use jiff::Zoned;

/// Something that somebody must still do.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    pub what: String,
    /// Whose it is; `None`: nobody's.
    pub from: Option<String>,
    pub by: Zoned,
    /// That is over.
    pub late: bool,
}

impl ReadinessBoard {
    /// What is missing of it, the first to be due first. A decision ends the poll.
    pub fn missing(&self, rows: &ReadinessRows) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (row, of) in self.rows.iter().zip(&rows.criteria) {
            self.row(row, of.voices(), &mut missing);
        }
        self.owners(&rows.criteria, &mut missing);
        if !matches!(self.decision, DecisionStatus::Decided(_)) {
            self.seats(&mut missing);
            let from = Some(self.deciders.join(" or ")).filter(|names| !names.is_empty());
            missing.push(self.one("the go/no-go decision".to_string(), from, &self.due));
        }
        missing.sort_by_key(|one| one.by.timestamp());
        missing
    }

    fn one(&self, what: String, from: Option<String>, by: &Zoned) -> Missing {
        Missing { what, from, by: by.clone(), late: *by < self.now }
    }

    fn row(&self, row: &RowState, voices: &[Voice], missing: &mut Vec<Missing>) {
        let name = &row.name;
        // Statements that are wanted from the same people are one item.
        let mut unheard: Vec<(Option<String>, Vec<&str>)> = Vec::new();
        for (position, line) in row.lines.iter().enumerate() {
            let voice = voices.get(position);
            let from = match voice.map(|voice| &voice.who) {
                Some(Respondents::People(people)) => Some(people.join(" or ")),
                _ => row.owner.clone(),
            };
            let what = match voice {
                Some(voice) => format!("{name}: a statement from {}", voice.name),
                None => format!("{name}: a measured number ({})", row.required),
            };
            match (&line.status, &line.note, voice) {
                (RowStatus::Go, _, _) => missing.extend(self.again(name, line, voice, from)),
                (RowStatus::NoGo, _, _) => {
                    let what = format!("{name}: {}", no_go(line, voice.map(|v| v.name.as_str())));
                    missing.push(self.one(what, from, &row.due));
                }
                (RowStatus::GoIf { condition, by }, _, _) => {
                    missing.push(self.condition(name, condition, (line, by), from));
                }
                (RowStatus::Unknown, None, Some(voice)) => {
                    match unheard.iter_mut().find(|(of, _)| *of == from) {
                        Some((_, names)) => names.push(&voice.name),
                        None => unheard.push((from, vec![&voice.name])),
                    }
                }
                (RowStatus::Unknown, None, None) => missing.push(self.one(what, from, &row.due)),
                (RowStatus::Unknown, Some(note), _) => {
                    missing.push(self.one(format!("{what}; {note}"), from, &row.due));
                }
            }
        }
        missing.extend(unheard.into_iter().map(|(from, names)| {
            self.one(format!("{name}: a statement from {}", names.join(", ")), from, &row.due)
        }));
    }

    /// What counts now and will not when it is decided must be said once more.
    fn again(
        &self,
        name: &str,
        line: &SourceLine,
        voice: Option<&Voice>,
        from: Option<String>,
    ) -> Option<Missing> {
        let expires = line.expires.as_ref().filter(|expires| **expires < self.due)?;
        if matches!(self.decision, DecisionStatus::Decided(_)) {
            return None;
        }
        let said = teller(line);
        let (until, before) = (moment(expires), "before it is decided");
        let what = match voice {
            Some(voice) => format!("{name}: a new statement from {}", voice.name),
            None => format!("{name}: a new measurement"),
        };
        let what = format!("{what}; the current one expires {until}, {before}");
        Some(self.one(what, said.or(from), &self.due))
    }

    fn condition(
        &self,
        name: &str,
        condition: &str,
        (line, by): (&SourceLine, &Zoned),
        from: Option<String>,
    ) -> Missing {
        let said = teller(line);
        self.one(format!("{name}: the condition \"{condition}\""), said.or(from), by)
    }

    /// Rows that nobody answers for. Where a word is somebody's anyway, nobody needs to.
    fn owners(&self, criteria: &[ReadinessRow], missing: &mut Vec<Missing>) {
        let spoken = |row: &ReadinessRow| {
            let voices = row.voices();
            !voices.is_empty() && voices.iter().all(|v| matches!(v.who, Respondents::People(_)))
        };
        let rows = self.rows.iter().zip(criteria);
        let without: Vec<&RowState> = rows
            .filter(|(row, of)| row.owner.is_none() && row.status != RowStatus::Go && !spoken(of))
            .map(|(row, _)| row)
            .collect();
        let Some(first) = without.iter().map(|row| &row.due).min() else { return };
        let names: Vec<&str> = without.iter().map(|row| row.name.as_str()).collect();
        let what = format!("somebody who answers for: {}", names.join("; "));
        missing.push(self.one(what, None, first));
    }

    /// Whoever has not been heard, together where nobody is named.
    fn seats(&self, missing: &mut Vec<Missing>) {
        let mut nameless: Vec<&str> = Vec::new();
        for seat in &self.poll {
            let line = &seat.line;
            match (&line.status, &seat.people) {
                (RowStatus::Go, _) => {}
                // Whoever says no has been heard, and something is in the way.
                (RowStatus::NoGo, people) => {
                    let what = format!("the poll: {}", no_go(&seat.line, Some(&seat.name)));
                    let said = teller(&seat.line);
                    missing.push(self.one(what, said.or_else(|| people.clone()), &self.due));
                }
                (RowStatus::GoIf { condition, by }, people) => {
                    let name = format!("the poll, {}", seat.name);
                    missing.push(self.condition(&name, condition, (line, by), people.clone()));
                }
                (RowStatus::Unknown, None) if line.value.is_none() && seat.asked.is_none() => {
                    nameless.push(&seat.name);
                }
                (RowStatus::Unknown, people) => {
                    let said = match (&line.note, &line.value, &seat.asked) {
                        (Some(note), _, _) => format!("; {note}"),
                        (None, Some(word), _) => format!("; said {word}"),
                        (None, None, Some(asked)) => format!("; asked {asked}"),
                        (None, None, None) => String::new(),
                    };
                    let what = format!("the poll: {}{said}", seat.name);
                    missing.push(self.one(what, people.clone(), &self.due));
                }
            }
        }
        if !nameless.is_empty() {
            let what = format!("the poll: a person who speaks for {}", nameless.join(", "));
            missing.push(self.one(what, None, &self.due));
        }
    }
}

/// What is in the way, and must be settled: `user feedback says failed ("no login")`.
fn no_go(line: &SourceLine, whose: Option<&str>) -> String {
    let said = line.value.as_deref().unwrap_or("no");
    let words = line.words.as_ref().map_or(String::new(), |words| format!(" (\"{words}\")"));
    match whose {
        Some(whose) => format!("{whose} says {said}{words}; to be settled"),
        None => format!("it is {said}{words}, which is NO-GO"),
    }
}

/// The person who said so, else where it is known from.
fn teller(line: &SourceLine) -> Option<String> {
    line.by.clone().or_else(|| line.source.clone())
}
