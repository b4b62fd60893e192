//! Plays that nobody can open, and verifications that end before a rule can resolve.

use crate::decision::{Hold, Instead, Play, Rule, Step, Trigger};
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::language::written::OneOrMany;
use crate::names::PlayId;
use crate::scenario::lint::{Linter, key};
use crate::scenario::plays::written::WrittenTrigger;
use crate::units::Span;

impl Linter<'_> {
    /// Looks over every play.
    pub fn plays(&mut self) {
        for index in 0..self.plan.playbook.plays.len() {
            self.opening(index);
            self.verification(index);
            self.deciders(index);
            self.confirming(index);
        }
    }

    /// All that could open it is out of reach.
    fn opening(&mut self, index: usize) {
        let play = &self.plan.playbook.plays[index];
        let follows = self.plan.playbook.plays.iter().any(|play| {
            play.otherwise == Some(PlayId::from(index)) || is_instead(play, PlayId::from(index))
        });
        if play.when.is_empty() || follows {
            return;
        }
        let reasons: Option<Vec<String>> = play.when.iter().map(|when| self.dead(when)).collect();
        let Some(reasons) = reasons else { return };
        let (name, written) = &self.document.plays.as_ref().expect("the plan has plays").0[index];
        let when = written.as_ref().and_then(|play| play.when.as_ref());
        let place = when.and_then(|OneOrMany(when)| match when.first()? {
            WrittenTrigger::Rule(rule) => Some(rule.place),
            WrittenTrigger::State(state) => Some(state.place),
        });
        let reasons = reasons.join(", and ");
        let message = format!("nobody can open play {}: {reasons}", quoted(&name.value));
        let hint = "name a rule that can fire, or this play in another's `otherwise:`";
        self.warning(place.unwrap_or(name.place), message, hint);
    }

    /// Whoever is asked for a yes may say neither yes nor no, for ever.
    fn deciders(&mut self, index: usize) {
        let steps = &self.plan.playbook.plays[index].steps;
        let open = |(at, step): (usize, &Step)| match step {
            Step::Ask(ask) if ask.is_never_decided() && !ask.asks_nobody() => Some(at),
            _ => None,
        };
        let open: Vec<usize> = steps.iter().enumerate().filter_map(open).collect();
        let (name, written) = &self.document.plays.as_ref().expect("the plan has plays").0[index];
        let steps = written.as_ref().and_then(|play| play.steps.as_ref());
        let answers = |at: usize| Some(steps?.get(at)?.0.answers.as_ref()?.place);
        let places: Vec<Place> =
            open.into_iter().map(|at| answers(at).unwrap_or(name.place)).collect();
        let name = quoted(&name.value);
        for place in places {
            let message = format!("in {name} nobody ever says yes or no: it is always put off");
            let hint = "add one of them: answers: {yes: 80%, not yet 5m: 15%, no: 5%}";
            self.warning(place, message, hint);
        }
    }

    /// Why a trigger never comes; `None` if it may.
    fn dead(&self, trigger: &Trigger) -> Option<String> {
        match *trigger {
            Trigger::Fires(rule) => {
                let name = quoted(&self.names().rules[rule.index()]);
                let open = self.plan.playbook.rules[rule.index()].is_open();
                if open {
                    return Some(format!("{name} is not filled in"));
                }
                self.never_fires(rule.index()).map(|_| format!("{name} can never fire"))
            }
            Trigger::Lasts { change, time, .. } => {
                let name = quoted(&self.names().changes[change.index()]);
                if time >= self.plan.lasts {
                    return Some(format!("{name} cannot last {time} in a shorter scenario"));
                }
                (!self.is_made(change)).then(|| format!("no play and no step makes {name}"))
            }
            Trigger::Failed(_) | Trigger::Stalled(_) | Trigger::Refused(_) => None,
        }
    }

    /// The time to verify against the clocks of the rules that must resolve in it.
    fn verification(&mut self, index: usize) {
        let playbook = &self.plan.playbook;
        let Some(verify) = playbook.plays[index].verify else { return };
        let telemetry = &self.plan.telemetry;
        let known = telemetry.every + telemetry.delay;
        let clocks = |rule: &Rule| {
            let held = match rule.hold {
                Hold::For(held) => held,
                Hold::Of { of, .. } => telemetry.every * u64::from(of),
            };
            (rule.longest_window() + rule.keep_firing_for + known).max(held)
        };
        let rules = self.judged_by(index);
        let slowest = rules.into_iter().max_by_key(|rule| clocks(&playbook.rules[*rule]));
        let Some(slowest) = slowest else { return };
        let rule = &playbook.rules[slowest];
        let needs = clocks(rule);
        if verify >= needs {
            return;
        }
        let (play, written) = &self.document.plays.as_ref().expect("the plan has plays").0[index];
        let written = written.as_ref();
        let place = written.and_then(|play| {
            key(&play.written, "confirm").or_else(|| key(&play.written, "verify"))
        });
        let place = place.unwrap_or(play.place);
        let rule_name = quoted(&self.names().rules[slowest]);
        let whole = rule.longest_window() + rule.keep_firing_for + known;
        let (what, hint) = if verify < rule.keep_firing_for + known {
            let what = format!("even a change that helps fails: {rule_name} cannot resolve in it");
            (what, resolving(rule, known))
        } else if whole >= needs {
            let what = format!("{rule_name} may still see the time before the change");
            (what, resolving(rule, known))
        } else {
            let what = format!("it is shorter than the `for` of {rule_name}");
            (what, "a change that does not help may look good for that long".to_string())
        };
        let message = format!("{verify} to verify {} is too short: {what}", quoted(&play.value));
        self.warning(place, message, format!("write {} or more; {hint}", in_minutes(needs)));
    }

    /// A step that confirms behind a maintenance page, where nothing sees behind it.
    fn confirming(&mut self, index: usize) {
        let playbook = &self.plan.playbook;
        let steps = &playbook.plays[index].steps;
        let Some(number) = steps.iter().position(|step| matches!(step, Step::Confirm(_))) else {
            return;
        };
        let (play, written) = &self.document.plays.as_ref().expect("the plan has plays").0[index];
        let written = written.iter().flat_map(|play| play.steps.iter().flatten()).nth(number);
        let place = written.map_or(play.place, |step| step.0.place);
        let pages = playbook.changes.changes.iter().any(|change| change.maintenance);
        let mut probing = playbook.rules.iter().filter(|rule| rule.probe.is_some());
        let Step::Confirm(within) = steps[number] else { return };
        if pages && probing.clone().next().is_none() {
            let message = "behind a maintenance page this step waits for nothing: no rule has a \
                           `probe`, and there are no visitors to judge by";
            self.warning(
                place,
                message,
                "give a rule `probe: 30s`, one that looks behind the page",
            );
        }
        let telemetry = &self.plan.telemetry;
        let known = telemetry.every + telemetry.delay;
        let needs = |rule: &Rule| rule.longest_window() + rule.keep_firing_for + known;
        let slow = probing.find(|rule| needs(rule) > within).map(needs);
        if let Some(needs) = slow {
            let message =
                format!("{within} to confirm is too short: a probe may still see the time before");
            self.warning(place, message, format!("write {} or more", in_minutes(needs)));
        }
    }

    /// The rules of the incidents that a play takes part in.
    fn judged_by(&self, index: usize) -> Vec<usize> {
        let plays = &self.plan.playbook.plays;
        let mut chain = vec![index];
        let mut next = 0;
        while next < chain.len() {
            let id = PlayId::from(chain[next]);
            let opened_by = |play: usize| {
                let when = &plays[chain[next]].when;
                let play = PlayId::from(play);
                let states =
                    [Trigger::Failed(play), Trigger::Stalled(play), Trigger::Refused(play)];
                states.iter().any(|state| when.contains(state))
            };
            let before = |play: &usize| {
                plays[*play].otherwise == Some(id)
                    || is_instead(&plays[*play], id)
                    || opened_by(*play)
            };
            let before = (0..plays.len()).filter(before).filter(|play| !chain.contains(play));
            let new: Vec<usize> = before.collect();
            chain.extend(new);
            next += 1;
        }
        let when = chain.into_iter().flat_map(|play| &plays[play].when);
        let rules = when.filter_map(|when| match when {
            Trigger::Fires(rule) => Some(rule.index()),
            _ => None,
        });
        rules.filter(|rule| self.never_fires(*rule).is_none()).collect()
    }
}

/// Whether a play takes the place of another one where nobody says yes to that.
fn is_instead(play: &Play, other: PlayId) -> bool {
    let leads = |step: &Step| matches!(step, Step::Ask(ask) if ask.leads_to(Instead::Play(other)));
    play.steps.iter().any(leads)
}

fn resolving(rule: &Rule, known: Span) -> String {
    let (window, keep) = (rule.longest_window(), rule.keep_firing_for);
    format!("its window is {window}, it keeps firing for {keep}, readings are known after {known}")
}

/// Rounded up to whole half minutes, as people write it.
fn in_minutes(span: Span) -> Span {
    let half = Span::MINUTE.0 / 2;
    Span(span.0.div_ceil(half) * half)
}
