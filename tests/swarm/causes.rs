//! What must hold for what a run says of causes.

use super::support::Run;
use sim::decision::Phase;
use sim::journal::{CauseRecord, Credit, Event, Expectation, Verdict, check_expectations};
use sim::telemetry::Cause;
use sim::units::{Span, Time};

/// The charges that the journal carries, with what is charged to nobody, are the bad requests of
/// the reading of the same interval; where it carries none, nothing went wrong but quiet errors.
pub fn charges_are_the_bad_requests(run: &Run) {
    let readings = run.entries.iter().filter_map(|entry| match &entry.event {
        Event::Reading { from, missing: false, scopes, .. } => Some((*from, scopes)),
        _ => None,
    });
    let readings: Vec<_> = readings.collect();
    for entry in &run.entries {
        let Event::Charges(of) = &entry.event else { continue };
        let Some((_, scopes)) = readings.iter().find(|(from, _)| *from == of.from) else {
            continue;
        };
        for (position, row) in scopes.iter().enumerate() {
            let own = of.rows.iter().filter(|charge| charge.scope == position);
            let nobody = of.nobody.iter().filter(|charge| charge.scope == position);
            let own = own.map(|charge| (charge.failed, charge.rejected, charge.given_up));
            let nobody = nobody.map(|charge| (charge.failed, charge.rejected, charge.given_up));
            let sums = own.chain(nobody).fold((0, 0, 0), |sum, counts| {
                (sum.0 + counts.0, sum.1 + counts.1, sum.2 + counts.2)
            });
            assert_eq!(sums, (row.failed, row.rejected, row.abandoned), "{position}: {entry:?}");
        }
    }
}

/// A change has the credit only if the journal says that it ended the cause.
pub fn credit_is_the_end_of_the_cause(run: &Run) {
    for trouble in run.story.cause_records(&run.header) {
        let name = trouble.cause.name();
        let live = |change: &str, at: Time| {
            run.entries.iter().any(|entry| match &entry.event {
                Event::Change { change: made, stage, .. } => {
                    made == change && stage.word() == "live" && entry.at <= at
                }
                _ => false,
            })
        };
        match run.story.credit_of(&trouble) {
            Some(Credit::Change(change)) => {
                let (at, by) = trouble.ended.as_ref().expect("it has ended");
                assert_eq!(by.as_deref(), Some(change), "{trouble:?}");
                assert!(live(change, *at), "{change} was not in effect: {trouble:?}");
            }
            Some(Credit::OwnTime | Credit::OwnTimeDuring(_) | Credit::Behind(_)) => {
                assert_eq!(trouble.ended.as_ref().map(|(_, by)| by.is_none()), Some(true));
            }
            Some(Credit::After(..) | Credit::Unknown) => assert!(trouble.ended.is_none()),
            None => assert!(trouble.restored.is_none(), "{trouble:?}"),
        }
        let ends = run.story.faults().into_iter().find(|span| span.fault == name);
        if let (Some((at, by)), Some(span)) = (&trouble.ended, ends)
            && span.to == Some(*at)
        {
            assert_eq!(by.as_deref(), span.by, "{trouble:?}");
        }
    }
}

/// Each expectation of one cause is met or missed by that cause's own times, which come from
/// alerts and incidents that are put down to it.
pub fn expectations_keep_to_their_cause(run: &Run) {
    let troubles: Vec<CauseRecord> = run.story.cause_records(&run.header);
    for trouble in troubles.iter().filter(|trouble| trouble.is_relevant()) {
        let name = trouble.cause.name();
        let told = |entry: &&sim::journal::Entry| match &entry.event {
            Event::Cause(told) => told.cause.name() == name && Some(entry.at) == trouble.detected,
            _ => false,
        };
        let shown = run.entries.iter().find(told).is_some();
        assert_eq!(shown, trouble.detected.is_some(), "{trouble:?}");
        let one_of_its_name =
            troubles.iter().filter(|t| t.is_relevant() && t.cause.name() == name).count();
        if one_of_its_name > 1 {
            continue;
        }
        let within = Span::from_secs(120);
        let expect = [Expectation::Detected { within, of: Some(name) }];
        let verdict = check_expectations(&expect, &run.header, &run.story)[0].verdict;
        let met = trouble.detected().is_some_and(|took| took < within);
        assert_eq!(verdict, if met { Verdict::Met } else { Verdict::Missed }, "{trouble:?}");
    }
    if troubles.iter().all(|trouble| !trouble.is_relevant()) {
        let expect = [Expectation::Detected { within: Span::from_secs(120), of: None }];
        let verdict = check_expectations(&expect, &run.header, &run.story)[0].verdict;
        assert_eq!(verdict, Verdict::NotJudged);
    }
}

/// The words of an incident follow each other without gap or overlap, from the cause to the all
/// clear, and the journal shows each step under way. Gives the number of incidents.
pub fn every_moment_carries_one_word(run: &Run) -> usize {
    let incidents = run.story.incidents();
    for incident in &incidents {
        let spans = run.story.phases(incident);
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { continue };
        assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].from), "{spans:#?}");
        assert!(spans.iter().all(|span| span.from < span.until), "{spans:#?}");
        assert_eq!(first.from, incident.first().start.started_at.min(first.from));
        let clear = run.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Incident { incident: number, state, .. }
                if *number == incident.number && state.word() == "recovered" =>
            {
                Some(entry.at)
            }
            _ => None,
        });
        let over = clear.is_some_and(|clear| clear == last.until);
        let end = Time::ZERO + run.header.lasts;
        assert!(over || last.until == end, "until {:?}: {spans:#?}", last.until);
        let recorded: Vec<_> = run
            .entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Phase(span) if span.incident == incident.number => Some(span),
                _ => None,
            })
            .collect();
        for span in &spans {
            let shown = recorded.iter().any(|own| {
                own.phase == span.phase && own.from <= span.from && span.until <= own.until
            });
            match span.phase {
                Phase::Detect => assert_eq!(span.from, first.from),
                Phase::Clear => {}
                _ => assert!(shown, "{span:?} is not in the journal: {recorded:#?}"),
            }
        }
    }
    incidents.len()
}

/// Every user is in the worst column only, so that the columns add up, in whichever way users are
/// told apart.
pub fn columns_of_users_add_up(run: &Run) {
    let totals = run.story.totals().expect("a whole run");
    let affected = totals.site.affected.total();
    assert!(affected <= totals.site.users);
    for kind in ["browser", "login", "account", "tool"] {
        let of_kind = totals.segments.iter().filter(|row| row.kind.word() == kind);
        assert_eq!(of_kind.map(|row| row.affected.total()).sum::<u64>(), affected, "{kind}");
    }
    let overload = |cause: &Cause<String, String>| matches!(cause, Cause::Overload { .. });
    let harmed = run.story.cause_records(&run.header).into_iter().filter(|t| t.harmed.is_some());
    for trouble in harmed.filter(|trouble| !overload(&trouble.cause)) {
        assert!(run.header.faults.iter().any(|(name, _)| *name == trouble.cause.name()));
    }
}
