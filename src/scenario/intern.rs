//! Every name of the scenario, in file order.

use crate::language::problem::{Problem, Problems, quoted};
use crate::language::source::Place;
use crate::language::written::{Entries, OneOrMany, Placed, check_length};
use crate::names::{Dimension, Names};
use crate::scenario::document::Document;
use crate::scenario::faults::resolve::name as fault_name;
use crate::scenario::go_no_go::resolve::OVERLOAD;
use crate::scenario::people::written::WrittenPerson;
use crate::scenario::plays::written::{State, WrittenTrigger};
use crate::scenario::traffic::written::{AccountMix, Shares};
use indexmap::IndexSet;

/// The names.
pub fn intern(document: &Document, problems: &mut Problems) -> Names {
    let mut interner = Interner { problems };
    interner.lengths(document);
    let mut names = Names::default();
    if let Some(site) = &document.site {
        names.tiers = keys(site.tiers.as_ref());
        names.endpoints = keys(site.endpoints.as_ref());
        let tiers = site.tiers.iter().flat_map(|tiers| &tiers.0);
        let zones = tiers.flat_map(|(_, tier)| tier.iter().filter_map(|tier| tier.zones.as_ref()));
        names.zones = zones.flat_map(|OneOrMany(zones)| zones.iter().map(text)).collect();
    }
    names.categories = categories(document);
    names.faults = interner.faults(document);
    names.rules = interner.rules(document);
    names.rules.extend(sources(document).iter().map(|source| format!("{NOTICED_BY}{source}")));
    names.people = keys(document.people.as_ref());
    names.roles = roles(document);
    names.channels = keys(document.channels.as_ref());
    names.escalations = keys(document.escalation.as_ref());
    names.changes = keys(document.changes.as_ref());
    let changes = document.changes.iter().flat_map(|changes| &changes.0);
    let rows = changes.filter_map(|(_, change)| change.as_ref());
    names.pipelines = rows.filter_map(|row| row.0.pipeline.as_ref().map(text)).collect();
    names.plays = keys(document.plays.as_ref());
    interner.limits(&names, document);
    names
}

/// How the alert of somebody who notices things begins: `noticed by support`.
pub const NOTICED_BY: &str = "noticed by ";

/// Everybody who notices something by themselves, or for whom a play waits, in file order.
pub fn sources(document: &Document) -> IndexSet<String> {
    let mut sources = IndexSet::new();
    for fault in document.faults.iter().flatten() {
        let notices = fault.noticed.iter().flat_map(|OneOrMany(notices)| notices);
        sources.extend(notices.filter_map(|notice| notice.by.as_ref().map(text)));
    }
    let plays = document.plays.iter().flat_map(|plays| &plays.0);
    let when = plays.flat_map(|(_, play)| play.iter().filter_map(|play| play.when.as_ref()));
    for trigger in when.flat_map(|OneOrMany(when)| when) {
        if let WrittenTrigger::State(State { noticed: Some(source), .. }) = trigger
            && source.value != ANYONE
        {
            sources.insert(text(source));
        }
    }
    sources
}

/// Whoever notices something, in a play's `when`.
pub const ANYONE: &str = "anyone";

fn keys<T>(entries: Option<&Entries<T>>) -> IndexSet<String> {
    entries.into_iter().flat_map(Entries::names).map(text).collect()
}

fn text(name: &Placed<String>) -> String {
    name.value.clone()
}

struct Interner<'a> {
    problems: &'a mut Problems,
}

impl Interner<'_> {
    fn faults(&mut self, document: &Document) -> IndexSet<String> {
        let mut names = IndexSet::new();
        for fault in document.faults.iter().flatten() {
            let name = fault_name(fault);
            if let Some(said) = &fault.name {
                self.fault_name(said, names.contains(&name));
            }
            let numbered = (2..).map(|n| format!("{name} ({n})"));
            let name = std::iter::once(name.clone()).chain(numbered);
            let name = name.into_iter().find(|name| !names.contains(name)).expect("endless");
            names.insert(name);
        }
        names
    }

    /// A name that the team gave a fault must tell it apart from every other cause.
    fn fault_name(&mut self, said: &Placed<String>, taken: bool) {
        let shown = quoted(&said.value);
        let (message, hint) = match said.value.as_str() {
            name if name.trim().is_empty() => (
                "the name of a fault is empty".to_string(),
                "leave `name` out, or call it something",
            ),
            name if name.starts_with(OVERLOAD) => {
                (format!("{shown} is what sim calls a full tier"), "give another name")
            }
            _ if taken => (format!("a second fault is called {shown}"), "rename it"),
            _ => return,
        };
        self.problems.push(Problem::error(said.place, message).hint(hint));
    }

    fn rules(&mut self, document: &Document) -> IndexSet<String> {
        let mut names: IndexSet<String> = IndexSet::new();
        for (number, rule) in document.rules.iter().flatten().enumerate() {
            let Some(alert) = &rule.alert else {
                // The missing name is a problem already; the place in the list is kept.
                names.insert(format!("rule {number}"));
                continue;
            };
            if !names.insert(alert.value.clone()) {
                let message = format!("a second rule is called {}", quoted(&alert.value));
                self.problems.push(Problem::error(alert.place, message).hint("rename it"));
            }
        }
        names
    }

    /// Titles and names that are values are short, as names that are keys are.
    fn lengths(&mut self, document: &Document) {
        let mut check = |what: &str, text: &Placed<String>| {
            check_length(what, &text.value, text.place, self.problems);
        };
        document.scenario.iter().for_each(|title| check("the title", title));
        let rules = document.rules.iter().flatten();
        rules.for_each(|rule| rule.alert.iter().for_each(|alert| check("the name", alert)));
        let people = document.people.iter().flat_map(|people| &people.0);
        for person in people.filter_map(|(_, person)| person.as_ref()) {
            let WrittenPerson::Named(person) = person else { continue };
            let roles = person.role.iter().chain(person.roles.iter().flatten());
            roles.for_each(|role| check("the role", role));
        }
        let site = document.site.as_ref().and_then(|site| site.tiers.as_ref());
        for tier in site.iter().flat_map(|tiers| &tiers.0).filter_map(|(_, tier)| tier.as_ref()) {
            let zones = tier.zones.iter().flat_map(|OneOrMany(zones)| zones);
            zones.for_each(|zone| check("the zone", zone));
        }
        let changes = document.changes.iter().flat_map(|changes| &changes.0);
        let rows = changes.filter_map(|(_, change)| change.as_ref());
        rows.for_each(|row| row.0.pipeline.iter().for_each(|name| check("the pipeline", name)));
    }

    fn limits(&mut self, names: &Names, document: &Document) {
        let mut refuse = |message: String| {
            let place = document.place;
            self.problems.push(Problem::error(Place { end: place.start, ..place }, message));
        };
        for (what, set) in [
            ("tiers", &names.tiers),
            ("endpoints", &names.endpoints),
            ("faults", &names.faults),
            ("rules", &names.rules),
            ("people", &names.people),
            ("changes", &names.changes),
            ("plays", &names.plays),
        ] {
            if set.len() > 1_000 {
                refuse(format!("there are {} {what}, the maximum is 1,000", set.len()));
            }
        }
        for dimension in Dimension::ALL {
            let number = names.categories[dimension as usize].len();
            if number > 200 {
                refuse(format!("the mix has {number} {}s, the maximum is 200", dimension.word()));
            }
        }
        let product: usize = names.categories.iter().map(|set| set.len().max(1)).product();
        if product > 100_000 {
            let message =
                format!("the mix has {product} kinds of visitors, the maximum is 100,000");
            refuse(message);
        }
    }
}

/// The categories of each dimension; one category where the scenario does not say.
fn categories(document: &Document) -> [IndexSet<String>; 4] {
    let traffic = document.traffic.as_ref();
    let mix = traffic.and_then(|traffic| traffic.mix.as_ref());
    let categories = |shares: Option<&Shares>, default: &str| match shares {
        Some(shares) => shares.shares.iter().map(|(name, _)| text(name)).collect(),
        None => IndexSet::from([default.to_string()]),
    };
    let accounts = match mix.and_then(|mix| mix.account.as_ref()) {
        Some(AccountMix::GivenLogin { each, others, .. }) => {
            let sets = each.0.iter().filter_map(|(_, shares)| shares.as_ref()).chain(others);
            sets.flat_map(|shares| shares.shares.iter().map(|(name, _)| text(name))).collect()
        }
        Some(AccountMix::ForAll(shares)) => categories(Some(shares), ""),
        None => categories(None, "any"),
    };
    let mixed = mix.and_then(|mix| mix.tool.as_ref()).into_iter();
    let mixed = mixed.flat_map(|shares| shares.shares.iter().map(|(name, _)| name));
    let described = traffic.and_then(|traffic| traffic.tools.as_ref()).into_iter();
    let tools = mixed.chain(described.flat_map(Entries::names)).map(text).collect();
    let browsers = categories(mix.and_then(|mix| mix.browser.as_ref()), "any");
    [browsers, categories(mix.and_then(|mix| mix.login.as_ref()), "none"), accounts, tools]
}

/// Where a message or a question goes whose reader nobody has named: a role that nobody holds.
pub const NOBODY_YET: &str = "?";

/// The roles that people hold, and after them those outside the team, whom nobody holds. Somebody
/// who is not named yet holds one: the name of the gap.
fn roles(document: &Document) -> IndexSet<String> {
    let mut roles = IndexSet::new();
    for (name, person) in document.people.iter().flat_map(|people| &people.0) {
        match person {
            Some(WrittenPerson::Named(person)) => {
                roles.extend(person.role.iter().map(text));
                roles.extend(person.roles.iter().flatten().map(text));
            }
            Some(WrittenPerson::Unnamed(_)) => drop(roles.insert(text(name))),
            None => {}
        }
    }
    let outside = document.outside.iter().flat_map(|OneOrMany(names)| names);
    roles.extend(outside.map(text));
    if is_told_to_nobody(document) {
        roles.insert(NOBODY_YET.to_string());
    }
    roles
}

/// Whether a step tells `"?"` something, or asks it.
fn is_told_to_nobody(document: &Document) -> bool {
    let open =
        |told: &Option<Placed<String>>| told.as_ref().is_some_and(|told| told.value == NOBODY_YET);
    let mut launch = document.launch.iter().flatten();
    let plays = document.plays.iter().flat_map(|plays| &plays.0);
    let mut steps =
        plays.flat_map(|(_, play)| play.iter().flat_map(|play| play.steps.iter().flatten()));
    launch.any(|step| open(&step.tell) || open(&step.to))
        || steps.any(|step| {
            let asked = step.0.ask.iter().flat_map(|asked| &asked.0);
            open(&step.0.tell)
                || open(&step.0.to)
                || asked.into_iter().any(|who| who.value == NOBODY_YET)
        })
}
