//! Names typed in a hurry, names with spaces, and names that are words of commands.

use super::{DAY, at, input, stage, stage_of};
use crate::names::{ChangeId, ChannelId, Names, PersonId, PlayId, RoleId};
use crate::rehearsal::{
    Answer, Asker, Command, FutureMoment, GoAheadAnswer, Improvisation, RehearsalSetup, complete,
    how_to_answer,
};
use crate::units::Span;
use proptest::prelude::*;

#[test]
fn names_are_forgiven() {
    let plan = stage("").written().clone();
    let written = |line: &str| {
        let command = Command::parse(line, &plan.names).unwrap_or_else(|e| panic!("{line}: {e}"));
        let written = command.written(&plan.names);
        assert_eq!(Command::parse(&written, &plan.names).as_ref(), Ok(&command), "{written}");
        written
    };
    for (line, full) in [
        ("ack wy sl", "ack wyatt slack"),
        ("acknowledge WYATT by Phone", "ack wyatt phone"),
        ("ack slak wyat no", "ack wyatt slack no"),
        ("decl yes", "declare yes"),
        ("decide chris OK via phone", "decide yes chris phone"),
        ("decide chris, no, instead proxy-reb", "decide no chris instead proxy-rebuild"),
        ("decide not yet, ask me again in 5", "decide not yet again in 5m"),
        (
            "decide not-yet chris, wants the graph",
            "decide not yet chris again in 5m wants the graph",
        ),
        ("decide no, ask again in 10m", "decide not yet again in 10m"),
        ("decide yes, if not better by 17:25", "decide yes if not better by 17:25:00"),
        ("decide yes unless better in 10m", "decide yes if not better in 10m"),
        ("decide wyatt decides", "decide wyatt decides"),
        ("chris: not yet", "not yet chris again in 5m"),
        ("chris says yes", "yes chris"),
        ("no, instead proxy-rebuild", "no instead proxy-rebuild"),
        ("choose proxy-up", "choose proxy-update"),
        ("choose wyatt proxy_rebuild", "choose proxy-rebuild wyatt"),
        ("  skip   7m30s ", "skip 7m 30s"),
        ("speed 4", "speed 4x"),
        ("note  two   words", "note two   words"),
        ("?", "status"),
    ] {
        assert_eq!(written(line), full);
    }
    let people = ["ack w", "decide yes chr", "inject out", "choose proxy-u"].map(|line| {
        let (start, words) = complete(line, &plan.names);
        (start, words.join(" "))
    });
    let fault = plan.names.faults[0].clone();
    let expected = [(4, "wyatt"), (11, "chris"), (7, fault.as_str()), (7, "proxy-update")];
    assert_eq!(people, expected.map(|(start, words)| (start, words.to_string())));
    let all = ["start", "seat", "say", "skip", "speed", "status", "show"];
    assert_eq!(complete("s", &plan.names).1, all);
}

/// Commands that name the people at these positions.
fn commands_about(person: usize, channel: usize, change: usize, yes: bool) -> Vec<Command> {
    let (who, by) = (Some(PersonId::from(person)), Some(ChannelId::from(channel)));
    let change = ChangeId::from(change);
    let (soon, later) =
        (FutureMoment::In(Span::from_secs(90)), FutureMoment::By(jiff::civil::time(18, 25, 0, 0)));
    let decide = |decision, wants: Option<&str>| {
        let wants = wants.map(str::to_string);
        Command::Decide(Answer { person: who, channel: by, decision, wants })
    };
    vec![
        decide(if yes { GoAheadAnswer::Yes } else { GoAheadAnswer::No }, None),
        decide(GoAheadAnswer::Instead(change), None),
        decide(GoAheadAnswer::NotYet(soon), Some("to see chris's graph, and who wants what")),
        decide(GoAheadAnswer::NotYet(later), None),
        decide(GoAheadAnswer::IfNotBetter(later), None),
        decide(GoAheadAnswer::Refer(PersonId::from(0)), None),
        Command::Ack { person: who, channel: by, yes },
        Command::Ack { person: who, channel: None, yes },
        Command::Declare { person: who, yes },
        Command::Choose { change, person: who },
        Command::Start(Some(change)),
        Command::Improvise(Improvisation::Do { change, by: None, asked_by: None }),
        Command::Improvise(Improvisation::Do {
            change,
            by: who,
            asked_by: Some(Asker::Role(RoleId::from(0))),
        }),
        Command::Improvise(Improvisation::Do {
            change,
            by: None,
            asked_by: who.map(Asker::Person),
        }),
        Command::Improvise(Improvisation::Open(PlayId::from(0))),
        Command::Improvise(Improvisation::Assign(PersonId::from(person))),
        Command::Improvise(Improvisation::Handoff(PersonId::from(person))),
        Command::Improvise(Improvisation::Seat(PersonId::from(person))),
        Command::Improvise(Improvisation::Leave(PersonId::from(person))),
        Command::Improvise(Improvisation::Close),
        Command::Done(Some(change)),
        Command::Failed(Some(change)),
    ]
}

/// Names that are easily taken for something else, and any others.
fn name() -> impl Strategy<Value = String> {
    let odd = [
        "no",
        "y",
        "by",
        "via",
        "yes",
        "anna lee",
        "Anna Lee",
        "anna_lee",
        "anna-lee",
        "o'brien",
        "#ops",
        "\"",
        "\\",
        "a\\ b",
        "person=no",
        "channel=",
        "=",
        " a ",
        "undo",
        "a: b",
        "日本 語",
        "it's #1",
        "'quoted'",
        "\"quoted\"",
        "two  spaces",
        "not yet",
        "instead",
        "decides",
        "x wants y",
        "wants ",
        "5m",
        "18:25",
        "in",
        "for",
        "to",
        "do",
        "it",
        "at",
        "wants",
        "if",
        "nb\u{a0}sp",
        "- x",
        "{x}",
        "$HOME `ls` !",
    ];
    prop_oneof![
        proptest::sample::select(odd.to_vec()).prop_map(String::from),
        "[a-c =#'\"\\\\\t\n]{1,6}",
        "\\PC{1,12}",
    ]
}

fn names() -> impl Strategy<Value = indexmap::IndexSet<String>> {
    proptest::collection::vec(name(), 1..6).prop_map(|names| names.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_written_of_a_command_is_read_as_the_same(
        (people, channels, changes, faults) in (names(), names(), names(), names()),
        picks in (0..6_usize, 0..6_usize, 0..6_usize),
        yes: bool,
    ) {
        let mut names = Names::default();
        let at = (picks.0 % people.len(), picks.1 % channels.len(), picks.2 % changes.len());
        let fault = faults[picks.0 % faults.len()].clone();
        (names.roles, names.plays) = (channels.clone(), changes.clone());
        (names.people, names.channels) = (people, channels);
        (names.changes, names.faults) = (changes, faults);
        let mut commands = commands_about(at.0, at.1, at.2, yes);
        commands.push(Command::Inject(fault.clone()));
        for command in commands {
            let written = command.written(&names);
            prop_assert_eq!(Command::parse(&written, &names), Ok(command), "{}", written);
        }
        prop_assert!(super::super::command::fault(&fault, &names).is_ok());
        let seated: Vec<PersonId> = (0..names.people.len()).map(PersonId::from).collect();
        let record: Vec<String> = names.people.iter().cloned().collect();
        prop_assert_eq!(super::super::seated(&record, &names), Ok(seated));
    }
}

/// The small day with other names, everybody in the room.
fn renamed(renames: &[(&str, &str)]) -> RehearsalSetup {
    let day = renames.iter().fold(DAY.to_string(), |day, (from, to)| day.replace(from, to));
    stage_of(&day, |plan| (0..plan.names.people.len()).map(PersonId::from).collect())
}

#[test]
fn somebody_may_be_called_as_a_word_of_an_answer() {
    let day = renamed(&[("wyatt", "do")]);
    let names = &day.written().names;
    let written = |line: &str| Command::parse(line, names).map(|command| command.written(names));
    assert_eq!(written("decide do decides"), Ok("decide do decides".to_string()));
    assert_eq!(written("do: yes"), Ok("yes do".to_string()));
    assert_eq!(written("do proxy-update by do"), Ok("do proxy-update by do".to_string()));
    assert_eq!(written("yes, do it"), Ok("yes do".to_string()));
}

#[test]
fn a_rehearsal_with_odd_names_is_played_again() {
    for (person, channel, typed) in [
        ("anna lee", "slack", "ack \"anna lee\" slack"),
        ("anna lee", "slack", "ack anna-lee"),
        ("no", "by", "ack"),
        ("o'brien", "#ops", "ack o'brien #ops"),
        ("slack", "slack", "ack person=slack"),
        ("y", "via", "ack person=y channel=via"),
    ] {
        let quoted = |name: &str| format!("\"{name}\"");
        let day = renamed(&[("slack", &quoted(channel)), ("wyatt", &quoted(person))]);
        let (plan, header) = day.set(&[]).expect("a day");
        let mut room = day.replay(&plan, &header, &[]).expect("nothing yet");
        room.run_to(at(420));
        let command = Command::parse(typed, &plan.names);
        let command = command.unwrap_or_else(|error| panic!("{typed}: {error}"));
        let prepared = room.prepare(&command);
        let written = prepared.unwrap_or_else(|error| panic!("{typed}: {error}")).written;
        let again = day.replay(&plan, &header, &[input(420, &written), input(421, "note x")]);
        assert!(again.is_ok(), "{written}: {}", again.err().unwrap_or_default());
        let asked = how_to_answer(room.awaited()[0], &plan);
        assert_eq!(asked, written, "what is proposed is what is kept");
    }
}
