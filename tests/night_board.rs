//! The board of a real night: what it says by what was typed and by the plan.

use crate::live::DAY;
use crate::support::plan;
use sim::night::{BoardInputs, NightBoard, RehearsedTimes, Scribe};
use sim::report::{Style, columns_of, night_board};
use sim::scenario::Plan;
use sim::units::{Span, Time};

/// The board after these lines, each at its second.
fn board(
    plan: &Plan,
    lines: &[(u64, &str)],
    now: u64,
    rehearsed: Option<&RehearsedTimes>,
) -> String {
    let at = |seconds| Time::ZERO + Span::from_secs(seconds);
    let mut scribe = Scribe::new(plan, plan.calendar.clone());
    for (second, line) in lines {
        scribe.replay(at(*second), line).unwrap_or_else(|why| panic!("{line}: {why}"));
    }
    let close = Time::ZERO + plan.lasts;
    let board = NightBoard::new(&scribe, at(now), BoardInputs { close, rehearsed, watched: None });
    night_board(&board, Style { color: false, width: 100 })
}

#[test]
fn the_board_says_who_is_asked_and_who_is_next() {
    let plan = plan(DAY, &[]);
    let open = [(131, "alert Errors")];
    let text = board(&plan, &open, 150, None);
    assert!(text.contains("REAL  7 November 2018, 17:02:30"), "{text}");
    assert!(text.contains("Incident 1: Errors, open since 17:02:11 (19s)"), "{text}");
    assert!(text.contains("rollback, step 1 of 5: page until somebody takes it"), "{text}");
    assert!(text.contains("nobody yet; first: wyatt by slack"), "{text}");
    let asked = [open[0], (140, "ask wyatt slack")];
    let text = board(&plan, &asked, 150, None);
    let next = "wyatt by slack since 17:02:20 (10s); next: wyatt by phone at 17:04:20";
    assert!(text.contains(next) && !text.contains("! asked"), "{text}");
    let text = board(&plan, &asked, 260, None);
    assert!(text.contains("! asked"), "{text}");
    let taken = [asked[0], asked[1], (185, "ack wyatt")];
    let text = board(&plan, &taken, 190, None);
    assert!(text.contains("step 2 of 5: call it an incident, or not"), "{text}");
    assert!(text.contains("not declared since 17:03:05 (5s)"), "{text}");
    assert!(text.contains("responds   wyatt") && text.contains("no update yet, 59s"), "{text}");
}

#[test]
fn the_board_counts_the_table_from_now() {
    let plan = plan(DAY, &[("freezes", "[{from: \"17:09\", to: \"17:12\", tell: ops}]")]);
    let open = [(131, "alert Errors"), (185, "ack wyatt"), (217, "declare")];
    let text = board(&plan, &open, 240, None);
    assert!(text.contains("proxy-update: earliest back 17:05 if decided now"), "{text}");
    // In five minutes, at 17:09, a freeze begins; it goes on at 17:12.
    assert!(text.contains("17:13 in 5m"), "{text}");
    let fits = "before a freeze at 17:09: proxy-update for 4m, proxy-rebuild for 2m";
    assert!(text.contains(fits), "{text}");
    let made = [open[0], open[1], open[2], (250, "do proxy-update by wyatt")];
    let text = board(&plan, &made, 260, None);
    assert!(text.contains("being made since 17:04:10"), "{text}");
    assert!(text.contains("table 1m: earliest back 17:05:10"), "{text}");
    let text = board(&plan, &made, 330, None);
    assert!(text.contains("! change") && text.contains("20s over the table"), "{text}");
    let done = [made[0], made[1], made[2], made[3], (340, "done")];
    let text = board(&plan, &done, 350, None);
    assert!(text.contains("it must have helped by 17:08:40"), "{text}");
    let text = board(&plan, &[], 560, None);
    assert!(text.contains("No incident is open.") && text.contains("until 17:12"), "{text}");
}

#[test]
fn the_board_says_which_update_is_due_and_what_was_agreed() {
    let wanted = ["tell ops", "change chosen", "{tell: ops, to: decider, every: 2m}"];
    let wanted = wanted.map(|step| format!("      - {step}\n")).concat();
    let day = DAY.replace("      - change chosen\n", &wanted);
    let plan = plan(&day, &[]);
    let lines = [
        (131, "alert Errors"),
        (140, "ask wyatt slack"),
        (150, "yes"),
        (160, "yes"),
        (170, "choose proxy-update"),
        (180, "ask chris"),
        (190, "not yet, ask again in 2m"),
    ];
    let text = board(&plan, &lines, 200, None);
    assert!(text.contains("agreed     chris: not yet, ask again at 17:05:10"), "{text}");
    assert!(!text.contains("! agreed"), "{text}");
    assert!(board(&plan, &lines, 320, None).contains("! agreed"));
    let mut more = lines.to_vec();
    more.extend([(320, "yes chris"), (330, "start"), (400, "done")]);
    let text = board(&plan, &more, 410, None);
    // What was put off has been answered.
    assert!(!text.contains("agreed"), "{text}");
    assert!(text.contains("! update     to ops: DUE"), "{text}");
    assert!(text.contains("to decider, every 2m: DUE"), "{text}");
    more.extend([(420, "told ops"), (430, "told chris"), (440, "told decider it is made")]);
    let text = board(&plan, &more, 450, None);
    assert!(!text.contains("to ops"), "{text}");
    assert!(
        text.contains("to decider, every 2m, last 17:07:20: due 17:09:20, in 1m 50s"),
        "{text}"
    );
}

/// A play with work in it: two parts side by side before its change.
fn day_with_work() -> String {
    let parts =
        "{work: write the report, by: wyatt, takes: 3m}], [{work: look at the logs, takes: 2m}";
    DAY.replace(
        "      - change chosen\n",
        &format!("      - together: [[{parts}]]\n      - change chosen\n"),
    )
}

#[test]
fn what_was_put_off_stands_until_it_is_answered() {
    let plan = plan(DAY, &[]);
    let put_off = [
        (131, "alert Errors"),
        (140, "ack wyatt"),
        (150, "declare"),
        (160, "choose proxy-update"),
        (170, "decide not yet, ask again in 2m chris"),
    ];
    let with = |more: &[(u64, &str)]| board(&plan, &[&put_off[..], more].concat(), 400, None);
    assert!(with(&[]).contains("! agreed     chris: not yet, ask again at 17:04:50"));
    let again = with(&[(300, "decide not yet, ask again in 5m chris")]);
    assert!(again.contains("ask again at 17:10:00") && !again.contains("17:04:50"), "{again}");
    for answer in ["decide yes chris", "decide no chris", "do proxy-update by wyatt"] {
        let text = with(&[(310, answer)]);
        assert!(!text.contains("agreed"), "{answer}: {text}");
    }
}

#[test]
fn work_of_a_play_is_ticked_off_by_name_however_it_is_typed() {
    let day = day_with_work();
    let plan = plan(&day, &[]);
    let at = |seconds| Time::ZERO + Span::from_secs(seconds);
    let chosen = [
        (131, "alert Errors"),
        (140, "ack wyatt"),
        (150, "declare"),
        (160, "choose proxy-update"),
        (170, "decide yes chris"),
    ];
    let step = |more: &[(u64, &str)]| board(&plan, &[&chosen[..], more].concat(), 400, None);
    let text = step(&[]);
    assert!(text.contains("do: write the report, look at the logs"), "{text}");
    let text = step(&[(200, "done write the report")]);
    assert!(text.contains("do: look at the logs"), "{text}");
    // Nearly right, in quotes, the beginning of it, or alone where one part is left.
    let last = (220, "done");
    for line in ["done wriet the report", "done \"write the report\"", "done write"] {
        let text = step(&[(200, line), last]);
        assert!(text.contains("make proxy-update"), "{line}: {text}");
    }
    let mut scribe = Scribe::new(&plan, plan.calendar.clone());
    for (second, line) in chosen {
        scribe.replay(at(second), line).unwrap_or_else(|why| panic!("{line}: {why}"));
    }
    let mut taken = |second, line: &str| scribe.replay(at(second), line);
    let why = taken(200, "done paint the fence").expect_err("there is no such work");
    let left = "`paint the fence` is neither work of this play nor a change; still to do or under \
                way: write the report, look at the logs";
    assert_eq!(why, left);
    let why = taken(201, "done").expect_err("it may be either");
    assert!(why.starts_with("say what is done; still to do"), "{why}");
    let taken = taken(202, "done LOOK").expect("it is the beginning of one");
    assert_eq!(taken.written, "done look at the logs");
    let noted = scribe.cells().iter().any(|cells| cells[6] == "done: look at the logs");
    assert!(noted, "{:?}", scribe.cells());
}

#[test]
fn times_of_a_rehearsal_are_those_of_people() {
    let plan = plan(DAY, &[]);
    let mut scribe = Scribe::new(&plan, plan.calendar.clone());
    for (second, line) in [(131, "alert Errors"), (185, "ack wyatt"), (217, "declare")] {
        scribe.replay(Time::ZERO + Span::from_secs(second), line).expect(line);
    }
    let rehearsed = RehearsedTimes::from_story(scribe.story());
    let text = board(&plan, &[(10, "alert Errors")], 20, Some(&rehearsed));
    assert!(text.contains("rehearsed  this took people 54s (measured)"), "{text}");
    // How long it took from the yes to the start counts where it is decided.
    for (second, line) in [(230, "choose proxy-update"), (240, "yes chris"), (325, "start")] {
        scribe.replay(Time::ZERO + Span::from_secs(second), line).expect(line);
    }
    let rehearsed = RehearsedTimes::from_story(scribe.story());
    let text = board(&plan, &[(10, "alert Errors")], 20, Some(&rehearsed));
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(text.contains("proxy-update: earliest back 17:02 if decided now"), "{text}");
    assert!(text.contains("17:03 if it takes 1m 25s to start, as at the rehearsal"), "{text}");
    // What was only simulated of a rehearsal is nothing that people took.
    let run = crate::support::run(DAY, &[]);
    assert!(run.story.attempts().next().is_some());
    assert!(RehearsedTimes::from_story(&run.story).is_empty());
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let plan = plan(DAY, &[]);
    let at = |seconds| Time::ZERO + Span::from_secs(seconds);
    let mut scribe = Scribe::new(&plan, plan.calendar.clone());
    scribe.replay(at(131), "alert a very long thing that somebody has seen on a page").expect("ok");
    scribe.replay(at(140), "ask wyatt slack").expect("ok");
    for width in [40, 60, 80, 100] {
        for color in [false, true] {
            let board = NightBoard::new(
                &scribe,
                at(200),
                BoardInputs { close: at(720), rehearsed: None, watched: None },
            );
            let text = night_board(&board, Style { color, width });
            assert_eq!(text.contains("\x1b[1;97;44m"), color);
            let plain =
                String::from_utf8(anstream::adapter::strip_bytes(text.as_bytes()).into_vec());
            for line in plain.expect("text").lines() {
                assert!(columns_of(line) <= width, "{width}: {line:?}");
            }
        }
    }
}
