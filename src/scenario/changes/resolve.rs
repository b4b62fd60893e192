//! The change-time table and the freezes.

use crate::change::{Admission, Change, ChangeTable, Freeze, Route};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::{Problem, quoted};
use crate::language::source::Place;
use crate::language::value::calendar::MomentSpec;
use crate::language::value::shown::ShownValue;
use crate::language::written::{OneOrMany, Placed};
use crate::names::{ChangeId, EndpointId, TierId};
use crate::scenario::changes::takes_out::batches;
use crate::scenario::changes::written::{Row as RowKeys, WrittenChange, WrittenFreeze};
use crate::scenario::document::Document;
use crate::scenario::inputs::{InputTable, optional};
use crate::scenario::plan::Plan;
use crate::scenario::resolver::Resolver;
use crate::units::{Ratio, Span, Spread, Time};

impl Resolver<'_> {
    /// The change-time table with its freezes.
    pub fn change_table(&mut self, document: &Document) -> ChangeTable {
        let rows = document.changes.iter().flat_map(|changes| &changes.0);
        let changes =
            rows.filter_map(|(name, row)| self.change(name, row.as_ref()?, document)).collect();
        self.groups_scale_by_themselves(document);
        let freezes = document.freezes.iter().flatten();
        let freezes = freezes.filter_map(|freeze| self.freeze(freeze)).collect();
        ChangeTable { changes, freezes }
    }

    /// A change cannot add instances to a tier whose number follows its load.
    fn groups_scale_by_themselves(&mut self, document: &Document) {
        let tiers = document.site.iter().flat_map(|site| &site.tiers).flat_map(|tiers| &tiers.0);
        let scales =
            tiers.filter(|(_, keys)| keys.as_ref().is_some_and(|keys| keys.autoscaling.is_some()));
        let groups: Vec<&str> = scales.map(|(name, _)| name.value.as_str()).collect();
        let rows = document.changes.iter().flat_map(|changes| &changes.0);
        let adds = rows.filter_map(|(_, row)| row.as_ref()?.0.add.as_ref());
        for (tier, _) in adds.flat_map(|add| &add.0) {
            if groups.contains(&tier.value.as_str()) {
                let message = format!("{} scales by itself", quoted(&tier.value));
                let hint = "it would remove again what a change adds: raise its min_capacity";
                self.error(tier.place, message, hint);
            }
        }
    }

    fn change(
        &mut self,
        name: &Placed<String>,
        WrittenChange(row): &WrittenChange,
        document: &Document,
    ) -> Option<Change> {
        let names = self.names;
        let pipeline = match &row.pipeline {
            Some(pipeline) => Some(self.find(&names.pipelines, pipeline, "pipeline")?),
            None => None,
        };
        if let Some(serves) = &row.serves
            && serves.value != 503
        {
            let message = format!("a maintenance page serves 503, not {}", serves.value);
            self.error(serves.place, message, "write `serves: 503`");
        }
        let ends = row.ends.as_ref().map_or(&[][..], |OneOrMany(ends)| ends);
        if let Some(itself) = ends.iter().find(|ended| ended.value == name.value) {
            self.error(itself.place, "a change cannot end itself", "");
        }
        let ends: Vec<ChangeId> = self.find_all(&names.changes, ends, "change");
        let mut add = Vec::new();
        for (tier, number) in row.add.iter().flat_map(|add| &add.0) {
            let id: Option<TierId> = self.find(&names.tiers, tier, "tier");
            let number = number.as_ref().map(|number| self.between(number, 1..=10_000));
            add.extend(id.zip(number));
        }
        let mut routes = Vec::new();
        for (endpoint, path) in row.route.iter().flat_map(|route| &route.0) {
            let id: Option<EndpointId> = self.find(&names.endpoints, endpoint, "endpoint");
            let path = path.as_ref().and_then(|path| self.path(path));
            routes.extend(id.zip(path).map(|(endpoint, path)| Route { endpoint, path }));
        }
        if row.rollout.is_some() && row.propagate.is_some() {
            self.error(row.place, "`propagate` is another word for `rollout`", "use one of them");
        }
        self.rolls(row);
        let admits = self.admits(row);
        let takes_out = self.takes_out(row, document);
        let takes = &row.takes.as_ref()?.value;
        if takes.spread.is_none() && !is_made(document, &name.value) {
            let text = format!("nobody knows how long {} takes", name.value);
            self.finding(FindingKind::Unfilled, Severity::Medium, text, name.place);
        }
        // Nobody can rehearse what nobody has timed: where it is made, it fails at once.
        let untimed = takes.spread.is_none();
        Some(Change {
            takes: takes.spread.unwrap_or(Spread::Fixed(Span::ZERO)),
            paper: takes.paper.clone(),
            propagate: row.rolls.map(|rolls| rolls.value).or(row.rollout).or(row.propagate),
            rolls: row.rolls.is_some(),
            fails: if untimed { Ratio(1.0) } else { row.fails.unwrap_or(Ratio(0.0)) },
            pipeline,
            maintenance: row.serves.is_some(),
            admits,
            ends,
            add,
            takes_out,
            routes,
        })
    }

    /// A waiting room.
    fn admits(&mut self, row: &RowKeys) -> Option<Admission> {
        let Some(admits) = &row.admits else {
            if let Some(waits) = &row.waits {
                let message = "`waits` is for those whom a waiting room holds back";
                self.error(waits.place, message, "say how many come in: `admits: 50/s`");
            }
            return None;
        };
        if admits.value.0 <= 0.0 {
            let message = "a waiting room that admits nobody is a maintenance page";
            self.error(admits.place, message, "write `serves: 503`");
        }
        if !(1e-3..=1e6).contains(&admits.value.0) && admits.value.0 > 0.0 {
            let message = "a waiting room admits between 0.001 and 1,000,000 visits per second";
            self.error(admits.place, message, "write a rate such as `50/s`");
        }
        if row.serves.is_some() {
            let message = "a change is either a waiting room or a maintenance page";
            self.error(admits.place, message, "leave out `admits` or `serves`");
        }
        Some(Admission { rate: admits.value, waits: row.waits.map(|waits| waits.value) })
    }

    /// A rollout of which the site has more and more.
    fn rolls(&mut self, row: &RowKeys) {
        let Some(rolls) = &row.rolls else { return };
        if row.rollout.is_some() || row.propagate.is_some() {
            let message = "a change either `rolls`, and takes effect on the way, or is in effect \
                           at the end of its `rollout`";
            self.error(rolls.place, message, "use one of them");
        }
        if self.lasts > Span::ZERO && rolls.value.median() >= self.lasts {
            let message = format!(
                "it rolls for {}, and the run is over after {}",
                rolls.value.in_one_line(),
                self.lasts
            );
            let problem = Problem::warning(rolls.place, message);
            self.problems.push(problem.hint("make the scenario longer"));
        }
    }

    fn freeze(&mut self, freeze: &WrittenFreeze) -> Option<Freeze> {
        let names = self.names;
        let changes = freeze.changes.as_ref().map_or(&[][..], |OneOrMany(changes)| changes);
        let changes = self.find_all(&names.changes, changes, "change");
        let except = freeze.except.as_ref().map_or(&[][..], |OneOrMany(plays)| plays);
        let except = self.find_all(&names.plays, except, "play");
        let tell = match &freeze.tell {
            Some(role) => self.find(&names.roles, role, "role"),
            None => None,
        };
        let (from, to) = (freeze.from?, freeze.to?);
        if let Some(open) = [from, to].iter().find(|moment| moment.value == MomentSpec::Open) {
            let text = "nobody knows how long this freeze lasts: it is left out".to_string();
            self.finding(FindingKind::Untimed, Severity::Medium, text, open.place);
            return None;
        }
        let (mut start, end) = (self.moment(&from)?, self.moment(&to)?);
        // Both by the clock: a freeze that began before the run has its next beginning tomorrow.
        let by_clock = |moment: &Placed<MomentSpec>| matches!(moment.value, MomentSpec::Clock(_));
        if start >= end && by_clock(&from) && by_clock(&to) {
            start = Time::ZERO;
        }
        if start >= end {
            self.error(to.place, "this freeze ends before it begins", "");
        }
        Some(Freeze { from: start, to: end, changes, except, tell })
    }

    /// A change that a play or a launch step makes; one that nobody has timed counts as failed.
    pub fn made_change(&mut self, name: &Placed<String>, document: &Document) -> Option<ChangeId> {
        let names = self.names;
        let id = self.find(&names.changes, name, "change")?;
        if let Some(place) = untimed(document, &name.value) {
            let text = format!(
                "{} is to be made, and nobody knows how long it takes: it counts as failed",
                name.value
            );
            let known = self.findings.iter().any(|finding| finding.row.text == text);
            if !known {
                let hint = "time it once, and write how long it took: 3m, ~45m, <5m";
                self.finding_with(hint, FindingKind::Untimed, Severity::High, text.into(), place);
            }
        }
        Some(id)
    }
}

/// Whether a launch step or a play makes this change; that nobody has timed it is said there.
fn is_made(document: &Document, name: &str) -> bool {
    let of_launch = document.launch.iter().flatten().filter_map(|step| step.change.as_ref());
    let plays =
        document.plays.iter().flat_map(|plays| &plays.0).filter_map(|(_, play)| play.as_ref());
    let of_plays = plays
        .flat_map(|play| play.steps.iter().flatten())
        .filter_map(|step| step.0.change.as_ref());
    of_launch.chain(of_plays).any(|change| change.value == name)
}

/// Where a change says `"?"` instead of its time.
fn untimed(document: &Document, name: &str) -> Option<Place> {
    let rows = &document.changes.as_ref()?.0;
    let (_, row) = rows.iter().find(|(change, _)| change.value == name)?;
    let takes = row.as_ref()?.0.takes.as_ref()?;
    takes.value.spread.is_none().then_some(takes.place)
}

impl InputTable<'_> {
    /// The inputs of the change-time table.
    pub fn changes(&mut self, document: &Document, plan: &Plan) {
        let patience = Spread::Fixed(plan.traffic.patience);
        let rows = document.changes.iter().flat_map(|changes| &changes.0);
        for ((name, row), change) in rows.zip(&plan.playbook.changes.changes) {
            let Some(row) = row else { continue };
            let row = &row.0;
            let path = format!("changes.{}", name.value);
            if row.written.is_empty() {
                self.place(format!("{path}.takes"), change.paper.clone(), Some(name.place));
            } else {
                self.at(path.clone());
                self.row(&row.written, "takes", &change.paper);
            }
            self.at(path);
            let rollout = match (row.rolls.is_some(), row.propagate.is_some()) {
                (true, _) => "rolls",
                (_, true) => "propagate",
                _ => "rollout",
            };
            self.row(&row.written, rollout, optional(change.propagate));
            self.row(&row.written, "fails", change.fails);
            if let Some(admits) = change.admits {
                self.row(&row.written, "admits", ShownValue::PerSecond(admits.rate.0));
                self.row(&row.written, "waits", admits.waits.unwrap_or(patience));
            }
            if !change.takes_out.is_empty() {
                let instances = |tier: TierId| plan.site.tiers[tier.index()].instances;
                let scales = |tier: TierId| plan.site.tiers[tier.index()].autoscaling.is_some();
                let out = batches(&change.takes_out, &plan.names, &instances, &scales);
                self.row(&row.written, "takes_out", out);
            }
            let pipeline = change.pipeline.map(|id| plan.names.pipelines[id.index()].clone());
            self.row(&row.written, "pipeline", pipeline.unwrap_or("none, never waits".to_string()));
        }
    }
}
