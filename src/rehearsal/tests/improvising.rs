//! People in the room who do what no play says.

use super::{answers, at, input, played, response, stage};
use crate::decision::AttemptOutcome;
use crate::journal::{Entry, Event};
use crate::rehearsal::{Command, TypedCommand};

/// What is typed, second by second; the answer that it got, where it was refused.
fn typed(seats: &str, lines: &[(u64, &str)]) -> (Vec<TypedCommand>, Vec<String>, Vec<Entry>) {
    let stage = stage(seats);
    let (plan, header) = stage.set(&[]).expect("the scenario");
    let mut room = stage.replay(&plan, &header, &[]).expect("nothing to repeat");
    let (mut inputs, mut refused) = (Vec::new(), Vec::new());
    for (seconds, line) in lines {
        room.run_to(at(*seconds));
        let command = Command::parse(line, &plan.names);
        match command.and_then(|command| room.prepare(&command)) {
            Ok(prepared) => {
                inputs.push(TypedCommand { at: room.now(), text: prepared.written.clone() });
                room.act(prepared);
            }
            Err(why) => refused.push(why),
        }
    }
    room.run_to(room.end());
    let mut entries = room.drain();
    entries.extend(room.finish().entries);
    (inputs, refused, entries)
}

fn outcomes(entries: &[Entry]) -> Vec<(Option<String>, AttemptOutcome)> {
    let attempts = entries.iter().filter_map(|entry| match &entry.event {
        Event::Attempt(attempt) => Some((attempt.change.clone(), attempt.outcome)),
        _ => None,
    });
    attempts.collect()
}

#[test]
fn after_a_no_the_room_goes_on() {
    let mut lines: Vec<(u64, &str)> = vec![
        (420, "ack wyatt"),
        (480, "yes"),
        (600, "choose proxy-update"),
        (660, "no, wants the error graph"),
        (700, "do proxy-rebuild for chris by james"),
        (705, "do proxy-update"),
        (710, "done proxy-rebuild"),
    ];
    lines.push((720, "park who may say no?"));
    let (inputs, refused, entries) = typed("wyatt, chris", &lines);
    assert_eq!(refused, Vec::<String>::new());
    let update = || Some("proxy-update".to_string());
    let rebuild = || Some("proxy-rebuild".to_string());
    assert_eq!(outcomes(&entries)[0], (update(), AttemptOutcome::Refused));
    assert_eq!(outcomes(&entries)[1], (rebuild(), AttemptOutcome::Recovered));
    // What was written down is the same day, byte for byte.
    assert!(played(&stage("wyatt, chris"), &inputs) == entries, "the record is another day");
    assert_eq!(inputs[4].text, "do proxy-rebuild for chris by james");
    assert_eq!(inputs[1].text, "declare yes wyatt");
}

#[test]
fn whoever_takes_a_seat_answers_what_was_asked_and_whoever_leaves_is_simulated() {
    // James is simulated until he sits down; then Wyatt hands over to him.
    let lines = [
        (420, "ack wyatt"),
        (430, "seat james"),
        (440, "handoff james"),
        (450, "declare yes james"),
        (460, "leave james"),
        (470, "leave wyatt"),
    ];
    let (inputs, refused, entries) = typed("wyatt, chris", &lines);
    assert_eq!(refused, Vec::<String>::new());
    let james: Vec<_> = answers(&entries).into_iter().filter(|said| said.1 == "james").collect();
    assert_eq!((james[0].0, james[0].3.as_str()), (450, "measured"));
    // He was about to choose a change when he left: the simulation continues with that.
    assert_eq!(james[1].3, "simulated");
    assert!(james[1].0 > 460 && james[1].2.starts_with("proxy-"), "{james:?}");
    assert!(played(&stage("wyatt, chris"), &inputs) == entries);

    // A question that a simulated person has not answered is open to whoever takes the seat.
    let lines = [(400, "seat wyatt"), (401, "ack wyatt no"), (402, "ack wyatt")];
    let (_, refused, entries) = typed("", &lines);
    assert_eq!(answers(&entries)[0], (401, "wyatt".into(), "no".into(), "measured".into()));
    assert_eq!(refused.len(), 1, "{refused:?}");
}

#[test]
fn what_cannot_be_done_says_what_can() {
    let lines = [
        (100, "close", "no incident is open"),
        (100, "assign wyatt", "no incident is open"),
        (420, "open rollback", "rollback is already running"),
        (420, "open", "say one play: `open PLAY`; there is rollback"),
        (420, "close rollback", "`close` takes no arguments"),
        (420, "handoff james", "there is no responder to hand over; `assign james`"),
        (420, "handoff", "say who takes over"),
        (420, "assign wyatt james", "unexpected `james`"),
        (420, "do", "write `do CHANGE`"),
        (420, "do proxy-update now", "write `do CHANGE`"),
        (420, "do proxy-update for nobody", "`nobody` is not a known name"),
        (420, "do reboot", "`reboot` is not a known name"),
        (420, "seat wyatt", "wyatt is already in the room"),
        (420, "leave james", "james has no seat in the room"),
        (420, "leave", "Ctrl-C leaves the exercise"),
        (420, "park", "say what to talk about"),
        (420, "next week", "`next` takes no arguments"),
    ];
    let told: Vec<(u64, &str)> = lines.iter().map(|(at, line, _)| (*at, *line)).collect();
    let (inputs, refused, _) = typed("wyatt, chris", &told);
    assert_eq!(inputs, []);
    for ((_, line, part), why) in lines.iter().zip(refused) {
        assert!(why.contains(part), "{line}: {why}");
    }
    let twice = [(420, "do proxy-rebuild"), (430, "do proxy-rebuild")];
    let (_, refused, _) = typed("", &twice);
    assert!(refused[0].contains("proxy-rebuild is already being deployed, since"), "{refused:?}");
}

#[test]
fn what_is_taken_back_was_never_improvised() {
    let stage = stage("wyatt, chris");
    let mut inputs = response();
    inputs.insert(2, input(490, "do proxy-rebuild for chris by james"));
    let with = played(&stage, &inputs);
    inputs.remove(2);
    let without = played(&stage, &inputs);
    assert!(with != without);
    assert!(
        with.iter()
            .take_while(|entry| entry.at < at(490))
            .eq(without.iter().take_while(|entry| entry.at < at(490)))
    );
}
