use super::clock::{Jump, NightClock, calendar};
use super::typed::TypedLine;
use super::watched::FollowedLog;
use crate::names::Names;
use crate::units::{Calendar, Span, Time};

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

fn second(n: u64) -> Span {
    Span::from_secs(n)
}

#[test]
fn the_clock_never_goes_back_and_says_once_that_it_would() {
    let mut clock = NightClock::new(at(600));
    assert_eq!(clock.shows(at(601), second(1)), None);
    assert_eq!(clock.shows(at(301), second(1)), Some(Jump::Back(second(300))));
    assert_eq!(clock.now(), at(601));
    assert_eq!(clock.shows(at(302), second(1)), None, "it was said");
    assert_eq!(clock.now(), at(601));
    assert_eq!(clock.shows(at(602), second(300)), None, "it has caught up");
    assert_eq!(clock.now(), at(602));
    assert_eq!(clock.shows(at(4_203), second(1)), Some(Jump::Ahead(second(3_600))));
    assert_eq!(clock.now(), at(4_203));
    assert_eq!(clock.shows(at(4_200), second(1)), None, "a few seconds are no jump");
    assert_eq!(clock.now(), at(4_203));
    assert_eq!(clock.shows(at(3_000), second(1)), None, "it is behind already");
}

#[test]
fn whole_seconds_are_told() {
    let mut clock = NightClock::new(Time::ZERO);
    clock.shows(Time(1_999_999_999), Span(1_999_999_999));
    assert_eq!(clock.now(), at(1));
}

#[test]
fn a_plan_of_another_day_is_taken_for_tonight() {
    let plan = Calendar::new("2018-11-07T17:00[America/New_York]".parse().expect("a moment"));
    let lasts = second(3 * 3600);
    let on = |now: &str| {
        let now = now.parse().expect("a moment");
        calendar(&plan, lasts, &now).map(|calendar| calendar.starts().datetime().to_string())
    };
    for (now, begins) in [
        ("2018-11-07T18:00[America/New_York]", "2018-11-07T17:00:00"),
        ("2018-11-08T07:59[America/New_York]", "2018-11-07T17:00:00"),
        ("2026-11-29T17:00[America/New_York]", "2026-11-29T17:00:00"),
        ("2026-11-30T01:00[America/New_York]", "2026-11-29T17:00:00"),
        ("2026-11-30T00:30[Europe/Berlin]", "2026-11-29T17:00:00"),
    ] {
        assert_eq!(on(now).as_deref(), Ok(begins), "{now}");
    }
    let early = on("2018-11-07T16:00[America/New_York]").expect_err("it has not begun");
    assert!(early.contains("the plan begins on 7 November 2018, 17:00"), "{early}");
}

fn names() -> Names {
    let mut names = Names::default();
    let set = |set: &mut indexmap::IndexSet<String>, words: &[&str]| {
        set.extend(words.iter().map(|word| word.to_string()));
    };
    set(&mut names.people, &["wyatt", "chris", "anna l"]);
    set(&mut names.channels, &["slack", "phone"]);
    set(&mut names.roles, &["oit", "decider"]);
    set(&mut names.rules, &["Errors", "SlowPages"]);
    set(&mut names.plays, &["rollback"]);
    set(&mut names.changes, &["backend-revert", "backend-rebuild"]);
    names
}

/// The line in full, or what is said of it.
fn full(line: &str) -> Result<String, String> {
    TypedLine::read(line, &names()).map(|typed| match typed {
        TypedLine::Entry(entry) => entry.written(&names()),
        other => format!("{other:?}"),
    })
}

#[test]
fn a_line_is_read_back_as_it_was_written() {
    for (typed, written) in [
        ("alert errors on every page", "alert Errors on every page"),
        ("alarm the phone rings", "alert the phone rings"),
        ("page wyat by slac for the site", "ask wyatt by slack for the site"),
        ("ask \"anna l\" phone", "ask 'anna l' by phone"),
        ("at 18:07 ack wyatt slack", "at 18:07:00 ack wyatt slack"),
        ("#2 at 18:07:30 declare", "at 18:07:30 #2 declare yes"),
        ("declare no", "declare no"),
        ("decide yes chris", "decide yes chris"),
        ("yes", "yes"),
        ("do backend-revert by wyatt", "do backend-revert by wyatt"),
        ("tell OIT the page is up", "told oit the page is up"),
        ("told customers by chris we look into it", "told public by chris we look into it"),
        ("live backend-rev", "live backend-revert"),
        ("no-effect", "no-effect"),
        ("clear", "recovered"),
        ("open rollback", "open rollback"),
        ("note it's odd", "note it's odd"),
        ("told oit ticket #4711 isn't closed", "told oit ticket #4711 isn't closed"),
        ("ask \"anna l\" \"it's odd\"", "ask 'anna l' \"it's odd\""),
        ("UNDO", "Undo"),
        ("end", "End"),
    ] {
        let once = full(typed);
        assert_eq!(once.as_deref(), Ok(written), "{typed}");
        if !["Undo", "End"].contains(&written) {
            assert_eq!(full(written).as_deref(), Ok(written));
        }
    }
}

#[test]
fn a_line_that_makes_no_sense_says_what_to_type() {
    for (typed, said) in [
        ("tld oit", "did you mean `told`?"),
        ("say hello", "`say` is not used on a real night: write a `note`"),
        ("guess wyatt back 5m", "`guess` is not used on a real night"),
        ("ask zoe", "there is no person `zoe`; there is wyatt, chris, anna l"),
        ("ask", "say who was asked"),
        ("ask wyatt by pigeon", "there is no channel `pigeon`; there is slack, phone"),
        ("told nobody-here", "there is nobody called `nobody-here`"),
        ("told", "say whom"),
        ("alert", "say what was noticed: a rule (Errors, SlowPages)"),
        ("choose nothing", "`nothing` is not a known name here"),
        ("live backend", "could be backend-revert or backend-rebuild"),
        ("at noon ack wyatt", "`noon` is not a time of day"),
        ("at 25:00 ack wyatt", "`25:00` is not a time of day"),
        ("at 18:07", "say what happened"),
        ("#0 declare", "`#0` is not an incident"),
        ("#two declare", "`#two` is not an incident"),
        ("at 18:07 undo", "takes neither"),
        ("undo that", "`undo` takes no arguments"),
        ("pause", "`pause` is not used on a real night: the clock keeps running"),
        ("inject slow: web, by: 8s", "write an `alert`"),
        ("abort", "`end` ends it"),
        ("note", "say what to note"),
        ("open runbook", "runbook"),
        ("xyzzy", "`help` lists them all"),
    ] {
        let told = full(typed).expect_err(typed);
        assert!(told.contains(said), "{typed}: {told}");
        let lower = told.to_lowercase();
        assert!(!lower.contains("exercise") && !lower.contains("simulat"), "{typed}: {told}");
    }
}

#[test]
fn whom_a_log_has_reached_since_a_moment() {
    let mut log = FollowedLog::default();
    // One bad answer to each of two addresses in every minute, and a good one.
    for minute in 0..20u64 {
        for (address, status) in [(minute, 200), (minute, 503), (100 + minute % 3, 500)] {
            let address = format!("10.0.0.{address}");
            log.request(Some(at(60 * minute + 7)), status, Some(address.as_bytes()));
        }
    }
    let all = log.reached(Time::ZERO, at(1_200));
    assert_eq!((all.failed, all.requests, all.addresses), (40, 60, Some(23)));
    assert_eq!(all.per_minute, 2.0);
    let late = log.reached(at(600), at(1_200));
    assert_eq!((late.failed, late.requests, late.addresses), (20, 30, Some(13)));
    let none = log.reached(at(6_000), at(6_060));
    assert_eq!((none.failed, none.requests, none.addresses, none.per_minute), (0, 0, None, 0.0));
    assert_eq!(log.doubt(), None);
    log.count(60, 31);
    let doubt = log.doubt().expect("most lead nowhere");
    assert!(doubt.contains("31 of 60 requests match no endpoint"), "{doubt}");
    log.breaks("it is gone".to_string());
    assert!(log.doubt().expect("it is gone").contains("can no longer be read"));
    // A wrong year does not fill the memory, and is reported.
    let mut old = FollowedLog::default();
    (0..30).for_each(|_| old.request(None, 200, None));
    old.request(Some(at(86_400 * 365 * 30)), 200, None);
    assert!(old.doubt().expect("of another day").contains("all 31 requests are before the plan"));
}
