//! Lines about people: who holds a role, who is called after whom, and when.

use super::super::facts::{At, ContactChain, Duty, LineStatus};
use super::super::lengths::timed;
use super::super::lines::Kind;
use super::super::names::{
    Mention, chain, channels_in_order, is_person, mention, mentions, roles_in_order,
};
use super::super::pattern::pattern;
use super::super::phrase;
use super::super::state::{PlanReader, decides, is_open, is_role, is_title, labelled};
use super::super::topic::Topic;

pattern!(
    NO_ROLE,
    concat!(
        r"(?i)\b(?:responsibilit\w+|channels?|systems?|dates?|times?|timezone|hours|status",
        r"|version|location|room|links?|url|notes?|purpose|scope|agenda|duration|phone|e-?mail",
        r"|names?|velocity|metrics|readiness|satisfaction|rates?|kpis?|type|audience",
        r"|frequency|content|actions?|target|update\w*)\s*$",
        r"|^(?:name|contact)s?\b",
    )
);
pattern!(
    LAST_WORD,
    concat!(
        r"(?i)^(?:the )?(?<who>[\p{L}][\p{L} .'’/()-]{0,50}?)\s+(?:alone )?(?:decides?",
        r"|(?:is|will be) (?:the )?(?:(?:final|ultimate|sole) )?(?:decision[- ]maker|decider)",
        r"|(?:has|have|holds?) (?:the )?(?:(?:final|ultimate|sole) )?(?:decision[- ]making ",
        r"authority|decision authority|last word|final say|authority to decide)",
        r"|makes? the (?:final )?(?:call|decision))\b",
    )
);

pattern!(
    ROTATES,
    concat!(
        r"(?i)^(?:it )?(?:rotat\w+|varies|changes|whoever|(?:is )?on[- ]?call\b|per shift",
        r"|as assigned|see )",
    )
);
pattern!(
    BACKUP,
    r"(?i)^(?:backup|back-up|deputy|alternate|alt|secondary|second)\b\s*[:–-]?\s*(?<who>.+)$"
);
pattern!(
    LEVEL,
    concat!(
        r"(?i)^(?:(?:level|tier|line|step)\s*\d|l\d|\d(?:st|nd|rd) (?:level|line)",
        r"|(?:primary|secondary|tertiary|first|second|third)(?: (?:on[- ]?call|contact",
        r"|responder|escalation))?)$",
    )
);

/// The people behind a label: a list of names, or a name behind a title (`VP Sales – Jo Miller`).
fn people_of(rest: &str) -> (Vec<Mention>, bool) {
    let (named, left_out) = mentions(rest);
    let behind = rest.rsplit_once(['–', '—']).or_else(|| rest.rsplit_once(" - "));
    match behind.filter(|_| named.is_empty()).and_then(|(_, name)| mention(name)) {
        Some(person) if person.name.contains(' ') => (vec![person], false),
        _ => (named, left_out),
    }
}

impl PlanReader<'_> {
    /// `Dana decides`, `The IC has the last word`.
    pub(super) fn last_word(&mut self, index: usize) -> Option<LineStatus> {
        let line = &self.lines[index];
        let who = LAST_WORD.captures(&line.text)?["who"].trim().to_string();
        if let Some(person) = mention(&who) {
            let person = self.person(&person, line.number);
            self.decides(person, line.number);
            return Some(LineStatus::Understood("who has the last word"));
        }
        let upper = who.starts_with(|letter: char| letter.is_uppercase());
        let named = upper && who.split_whitespace().count() <= 4 && is_role(&who);
        if !named {
            return None;
        }
        self.facts.vacant(&who, line.number);
        Some(LineStatus::Open(format!("{who} has the last word, and nobody is assigned to it")))
    }

    /// `Engineering: Jo Miller, Sam Ray`, `Jo Miller: Product Owner`, `Help desk: ?`.
    pub(super) fn label(&mut self, index: usize) -> Option<LineStatus> {
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
        // One word with a capital may be any label.
        let sure = |who: &Mention| {
            who.name.contains(' ') || people || marked || self.facts.knows(&who.name)
        };
        let person = mention(&label).filter(|who| (is_title(&rest) || marked) && sure(who));
        if let Some(person) = person {
            self.titled(&person, &rest, marked, poll, line.number);
            return Some(LineStatus::Understood("a person"));
        }
        let (mut named, left_out) = people_of(&rest);
        // "Incident commander: Jo Miller" says so wherever it is.
        let titled = is_title(&label) && named.iter().any(sure) && !left_out;
        if !people && !decides(&label) && !titled {
            return None;
        }
        if left_out && !is_open(&rest) {
            // A sentence with capitals in it names nobody yet.
            named.retain(|who| who.name.contains(' ') || self.facts.knows(&who.name));
        }
        // With nothing behind it, a label may be of anything.
        let asks = match rest.is_empty() {
            true => !self.has_following_lines(index) && (is_role(&label) || decides(&label)),
            false => is_open(&rest),
        };
        if named.is_empty() && people && ROTATES.is_match(&rest) && is_role(&label) {
            let role = label.split('(').next().unwrap_or_default().trim().to_string();
            self.facts.vacant(&role, line.number);
            return Some(LineStatus::Open(format!("who is {role} changes")));
        }
        if named.is_empty() && (!asks || NO_ROLE.is_match(&label)) {
            return None;
        }
        for mention in &named {
            let person = self.person(mention, line.number);
            self.facts.give_role(person, &label);
            if marked || decides(&label) {
                self.decides(person, line.number);
            }
            self.backup(mention, person, &label, line.number);
        }
        if named.is_empty() {
            self.facts.vacant(&label, line.number);
        }
        if poll {
            self.polled(&label, line.number);
        }
        let doubtful = named.iter().any(|mention| mention.tentative);
        if named.is_empty() {
            return Some(LineStatus::Open(format!("nobody is assigned to {label}")));
        }
        if doubtful || (left_out && is_open(&rest)) {
            return Some(LineStatus::Open(format!("it is not certain who {label} is")));
        }
        Some(LineStatus::Understood("people of a role"))
    }

    /// `Jo Miller: Product Owner`.
    fn titled(&mut self, who: &Mention, title: &str, marked: bool, poll: bool, line: usize) {
        let person = self.person(who, line);
        if !title.is_empty() && !is_open(title) {
            self.facts.give_role(person, title);
        }
        if marked || decides(title) {
            self.decides(person, line);
        }
        if poll {
            self.polled(title, line);
        }
    }

    /// `Jo Miller (backup: Sam Ray)`: both hold the role, and one is tried after the other.
    fn backup(&mut self, first: &Mention, person: usize, role: &str, line: usize) {
        let found = first.note.as_deref().and_then(|note| BACKUP.captures(note));
        let Some(second) = found.and_then(|found| mention(&found["who"])) else { return };
        let second = self.person(&second, line);
        self.facts.give_role(second, role);
        let (label, people) = (role.to_string(), vec![person, second]);
        if self.facts.chains.iter().all(|chain| chain.people != people) {
            self.facts.chains.push(ContactChain { label, people, line });
        }
    }

    /// `Level 2: Sam Ray – 10 minutes`, `Secondary: Jo`: the next one of the order that the lines
    /// around it give.
    fn level(&mut self, index: usize, label: &str, rest: &str) -> Option<LineStatus> {
        let line = &self.lines[index];
        if !LEVEL.is_match(label.trim()) || self.topics(index).first() != Some(&Topic::Escalation) {
            return None;
        }
        if chain(rest).is_some() || roles_in_order(rest).is_some() {
            return None;
        }
        let number = line.number;
        let who = timed(rest).text;
        let Some(person) = mention(&who) else {
            let role = who.split(['(', ',']).next().unwrap_or_default().trim().to_string();
            if role.is_empty() || !is_role(&role) || role.split_whitespace().count() > 4 {
                return None;
            }
            self.facts.vacant(&role, number);
            return Some(LineStatus::Open(format!("nobody is assigned to {role}")));
        };
        let person = self.person(&person, number);
        let heading = self.heading_of(index).unwrap_or("escalation").to_string();
        if self.facts.people[person].roles.is_empty() {
            self.facts.give_role(person, &heading);
        }
        match self.facts.chains.iter_mut().find(|chain| chain.label == heading) {
            Some(chain) if !chain.people.contains(&person) => chain.people.push(person),
            Some(_) => {}
            None => {
                let (label, people) = (heading, vec![person]);
                self.facts.chains.push(ContactChain { label, people, line: number });
            }
        }
        Some(LineStatus::Understood("the escalation order"))
    }

    /// A role or a name on its own: `NSOC`, `Jo Miller`.
    pub(super) fn bare_role(
        &mut self,
        index: usize,
        people: bool,
        poll: bool,
    ) -> Option<LineStatus> {
        let line = &self.lines[index];
        let short = line.text.split_whitespace().count() <= 4;
        if !people || !short || !matches!(line.kind, Kind::Item { .. }) {
            return None;
        }
        if let Some(person) = mention(&line.text).filter(|who| is_person(&who.name)) {
            self.person(&person, line.number);
            return Some(LineStatus::Understood("a person"));
        }
        if NO_ROLE.is_match(&line.text) || !(is_role(&line.text) || is_open(&line.text)) {
            return None;
        }
        self.facts.vacant(&line.text, line.number);
        if poll {
            self.polled(&line.text, line.number);
        }
        Some(LineStatus::Open(format!("nobody is assigned to {}", line.text)))
    }

    /// Chains, channels and hours.
    pub(super) fn people_to_call(&mut self, index: usize) -> Option<LineStatus> {
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
            return Some(LineStatus::Understood("duty hours"));
        }
        if in_order.is_some() {
            return Some(LineStatus::Understood("the order of channels"));
        }
        let (label, rest) = labelled(text).unwrap_or(("", text));
        let (label, rest) = (label.to_string(), rest.to_string());
        if let Some(fate) = self.level(index, &label, &rest) {
            return Some(fate);
        }
        let Some(turns) = chain(&rest) else { return self.chain_of_roles(&rest, number) };
        let people: Vec<usize> =
            turns.iter().flatten().map(|mention| self.person(mention, number)).collect();
        let step = self.inside(index, &self.step_of);
        let label = match (label.as_str(), step) {
            ("", Some(step)) => self.facts.steps[step].text.clone(),
            ("", None) => self.heading_of(index).unwrap_or("on call").to_string(),
            (label, _) => label.to_string(),
        };
        for person in &people {
            // A chain says who is called, not what they are: it names those who have no role yet.
            if step.is_none() && self.facts.people[*person].roles.is_empty() {
                self.facts.give_role(*person, &label);
            }
        }
        let same = |chain: &ContactChain| chain.people == people && step.is_some();
        let at = match self.facts.chains.iter().position(same) {
            Some(at) => at,
            None => {
                self.facts.chains.push(ContactChain { label, people, line: number });
                self.facts.chains.len() - 1
            }
        };
        if let Some(step) = step {
            self.facts.steps[step].by = Some(at);
        }
        Some(LineStatus::Understood("the escalation order"))
    }

    /// `Primary on-call → Secondary → Director`: an order without names.
    fn chain_of_roles(&mut self, text: &str, line: usize) -> Option<LineStatus> {
        let roles = roles_in_order(text)?;
        for role in &roles {
            self.facts.vacant(role, line);
        }
        Some(LineStatus::Open(format!("nobody is assigned to {}", roles.join(", "))))
    }
}
