//! What is written but changes nothing: hours nobody works, calls nobody makes, misspelt owners.

use crate::language::problem::{nearest, quoted};
use crate::language::wording::Wording;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::TierId;
use crate::scenario::lint::Linter;
use crate::scenario::people::written::WrittenPerson;

impl Linter<'_> {
    /// Mistakes that no other check would catch.
    pub fn unused(&mut self) {
        self.hours();
        self.paths();
        self.calls();
        self.owners();
    }

    /// Without their hours, people are on duty all the time.
    fn hours(&mut self) {
        let document = self.document;
        let people = document.people.iter().flat_map(|people| &people.0);
        let worked: Vec<&str> = people
            .filter_map(|(_, person)| match person {
                Some(WrittenPerson::Named(named)) => named.hours.as_ref(),
                _ => None,
            })
            .flat_map(|OneOrMany(hours)| hours)
            .map(|hours| hours.value.as_str())
            .collect();
        for name in document.hours.iter().flat_map(Entries::names) {
            if !worked.contains(&name.value.as_str()) {
                let says = "nobody works the hours";
                let message = Wording::ending(says, says, quoted(&name.value));
                let hint = format!(
                    "who has no `hours` is always on duty: write `hours: {}` with a person",
                    name.value
                );
                self.warning(name.place, message, hint);
            }
        }
    }

    /// Endpoints that no tool uses and tiers that no path has; a shared part may offer more.
    fn paths(&mut self) {
        let document = self.document;
        let Some(site) = &document.site else { return };
        let own = |name: &&Placed<String>| name.place.source == 0;
        let used = |endpoint: usize| {
            let mut uses = self.plan.traffic.tools.iter().flat_map(|tool| &tool.uses);
            uses.any(|(used, _)| used.index() == endpoint)
        };
        let endpoints = site.endpoints.iter().flat_map(Entries::names).enumerate();
        let idle = endpoints.filter(|(at, _)| !used(*at)).map(|(_, name)| name);
        let idle: Vec<&Placed<String>> = idle.filter(own).collect();
        let passed = |tier: TierId| self.paths_of_all().any(|(_, path)| path.contains(&tier));
        let tiers = site.tiers.iter().flat_map(Entries::names).enumerate();
        let apart = tiers.filter(|(at, _)| !passed(TierId::from(*at))).map(|(_, name)| name);
        let apart: Vec<&Placed<String>> = apart.filter(own).collect();
        for name in idle {
            let says = "no tool uses the endpoint";
            let message = Wording::ending(says, &format!("{says}s"), quoted(&name.value));
            let hint = "give it a share in the `use` of a tool, or remove it";
            self.warning(name.place, message, hint);
        }
        for name in apart {
            let says = "no endpoint goes through the tier";
            let message = Wording::ending(says, &format!("{says}s"), quoted(&name.value));
            let hint = "put it into the path of an endpoint, or remove it";
            self.warning(name.place, message, hint);
        }
    }

    /// Every path with its endpoint: those of the site, and those that changes make.
    pub(in crate::scenario) fn paths_of_all(&self) -> impl Iterator<Item = (usize, &Vec<TierId>)> {
        let routes = self.plan.playbook.changes.changes.iter().flat_map(|change| &change.routes);
        let routes = routes.map(|route| (route.endpoint.index(), &route.path));
        let endpoints = self.plan.site.endpoints.iter().enumerate();
        endpoints.map(|(of, endpoint)| (of, &endpoint.path)).chain(routes)
    }

    /// The last tier of every path waits for nobody.
    fn calls(&mut self) {
        let document = self.document;
        let calls = document.site.as_ref().and_then(|site| site.calls.as_ref());
        for name in calls.into_iter().flat_map(Entries::names) {
            let names = self.names();
            let (tier, endpoint) = match names.tiers.get_index_of(&name.value) {
                Some(tier) => (tier, None),
                None => {
                    let Some((tier, endpoint)) = name.value.rsplit_once(char::is_whitespace) else {
                        continue;
                    };
                    let tier = names.tiers.get_index_of(tier.trim());
                    let endpoint = names.endpoints.get_index_of(endpoint.trim());
                    let (Some(tier), Some(endpoint)) = (tier, endpoint) else { continue };
                    (tier, Some(endpoint))
                }
            };
            if self.waits(TierId::from(tier), endpoint) {
                continue;
            }
            let (tier, of) = (quoted(&names.tiers[tier]), endpoint.map(|of| &names.endpoints[of]));
            let says = "calls no other tier: this changes nothing";
            let message = match of {
                None => Wording::beginning(tier, says, format!("… {says}")),
                Some(of) => {
                    let of = quoted(of);
                    format!("{tier} calls no other tier for {of}: this changes nothing").into()
                }
            };
            let hint = "name the tier that waits: in `web > db`, calls of `web` wait for `db`";
            self.warning(name.place, message, hint);
        }
    }

    /// Whether some path, or one that a change makes, goes on after a tier.
    fn waits(&self, tier: TierId, endpoint: Option<usize>) -> bool {
        let goes_on = |path: &[TierId]| path.iter().rev().skip(1).any(|passed| *passed == tier);
        let wanted = |of: usize| endpoint.is_none_or(|endpoint| endpoint == of);
        self.paths_of_all().any(|(of, path)| wanted(of) && goes_on(path))
    }

    /// An owner may be anybody; one who is almost somebody of the plan is a slip.
    fn owners(&mut self) {
        let document = self.document;
        let owners = document.checklist.iter().flatten().filter_map(|item| item.owner.as_ref());
        for owner in owners {
            let names = self.names();
            let known = names.people.iter().chain(&names.roles).map(String::as_str);
            if owner.value == "?" || known.clone().any(|name| name == owner.value) {
                continue;
            }
            if let Some(near) = nearest(&owner.value, known) {
                let message =
                    format!("the owner {} is not one of the `people`", quoted(&owner.value));
                self.warning(owner.place, message, format!("did you mean {}?", quoted(near)));
            }
        }
    }
}
