//! What opens plays: none that leads back to itself, and none that nothing opens; and what a play
//! waits for in its middle.

use crate::decision::{AskStep, Instead, Play, Step, Trigger};
use crate::language::problem::{Problem, quoted};
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::names::PlayId;
use crate::scenario::plan::Plan;
use crate::scenario::plays::written::WrittenPlay;
use crate::scenario::resolver::Resolver;
use crate::units::Span;

/// The plays that a play leads to by itself: by `otherwise`, `silent` and `refused`, and those that
/// open when it fails, stalls or is refused.
fn leads_to(plays: &[Play], play: PlayId) -> Vec<PlayId> {
    let states = [Trigger::Failed(play), Trigger::Stalled(play), Trigger::Refused(play)];
    let opens = |other: &Play| states.iter().any(|state| other.when.contains(state));
    let mut next: Vec<PlayId> = plays[play.index()].otherwise.into_iter().collect();
    for step in &plays[play.index()].steps {
        let Step::Ask(AskStep { silent, refused, .. }) = step else { continue };
        next.extend([*silent, Some(*refused)].into_iter().filter_map(|instead| match instead {
            Some(Instead::Play(play)) => Some(play),
            _ => None,
        }));
    }
    let opened = plays.iter().enumerate().filter(|(_, other)| opens(other));
    next.extend(opened.map(|(index, _)| PlayId::from(index)));
    next
}

impl Resolver<'_> {
    /// A play that leads back to itself would never end.
    pub fn play_cycles(
        &mut self,
        entries: &[(Placed<String>, Option<WrittenPlay>)],
        plays: &[Play],
    ) {
        for start in (0..plays.len()).map(PlayId::from) {
            let mut seen = vec![start];
            let mut reached = 0;
            while reached < seen.len() {
                for play in leads_to(plays, seen[reached]) {
                    if play == start {
                        let (name, _) = &entries[start.index()];
                        let message = format!("play {} leads back to itself", quoted(&name.value));
                        self.error(
                            name.place,
                            message,
                            "what plays lead to one another must come to an end",
                        );
                        return;
                    }
                    if !seen.contains(&play) {
                        seen.push(play);
                    }
                }
                reached += 1;
            }
        }
    }

    /// Warns of plays that nothing triggers and that follow no other play.
    pub fn plays_that_nothing_opens(
        &mut self,
        entries: &[(Placed<String>, Option<WrittenPlay>)],
        plays: &[Play],
    ) {
        for (index, (name, _)) in entries.iter().enumerate() {
            let id = PlayId::from(index);
            let others = (0..plays.len()).map(PlayId::from);
            let follows = others.into_iter().any(|other| leads_to(plays, other).contains(&id));
            if plays[index].when.is_empty() && !follows {
                let says = "nothing opens play";
                let message = Wording::ending(says, &format!("{says}s"), quoted(&name.value));
                let problem = Problem::warning(name.place, message);
                self.problems.push(problem.hint("add `when:`, or name it in an `otherwise:`"));
            }
        }
    }
}

/// What is waited for, and who can tell behind a maintenance page.
pub fn confirmed(plan: &Plan, within: Span) -> String {
    let probed = plan.playbook.rules.iter().any(|rule| rule.probe.is_some());
    let behind = if probed { "; behind a page, those that send probes" } else { "" };
    format!("wait until every rule has resolved, {within} at most{behind}")
}
