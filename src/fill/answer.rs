//! An answer as a change of the scenario's text.

use crate::language::edit::{Editor, joined, scalar};
use crate::scenario::{self, SourceText};

use super::asked::{AnswerKind, key_of};
use super::clock::{PlanHours, time_of_day};
use super::items::{self, meaning, settle};
use super::known;
use super::names::{self, bare};
use super::parked;
use super::people::{self, attesting, certain, deputy, first, person};
use super::questions::FillQuestion;
use super::said::{Answerer, GivenAnswer, Refusal, one_line, starts};
use super::sentence::filled;
use super::settings::{expected, in_turn, limit, looked_up, quieter};
use super::silence;
use super::spoken;
use super::start;

/// A text with an answer in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The new text.
    pub text: String,
    /// What it settles, each as [`FillQuestion::about`] has it.
    pub settled: Vec<String>,
    /// What was understood, in words; empty where the new line says it all.
    pub told: Vec<String>,
}

/// The text with the answer in it; what is wrong with the answer otherwise, or what is asked once
/// more, unless somebody is `sure` of it. Whether the scenario can be read with it is for the
/// caller to see.
pub fn answered(
    source: &SourceText,
    question: &FillQuestion,
    answer: &GivenAnswer,
    said: &Answerer,
    sure: bool,
) -> Result<Answered, Refusal> {
    let settled: Vec<String> = question.about.lines().map(str::to_string).collect();
    let words = match answer {
        GivenAnswer::Parked { owner, due } => {
            let owner = one_line(owner);
            let note =
                parked::note((&owner, due.as_deref()), key_of(&question.asked), &said.words());
            let text = put_aside(&source.text, question, &note);
            return Ok(Answered { text, settled, told: Vec::new() });
        }
        GivenAnswer::Words(words) => one_line(words),
    };
    if words.is_empty() {
        return Err("write an answer, `park OWNER DATE`, or `skip`".to_string().into());
    }
    let of_value = matches!(
        &question.asked,
        AnswerKind::Value { .. } | AnswerKind::Number { .. } | AnswerKind::Expect
    );
    if of_value && names::leaves_open(&words) {
        return Err(format!("`{words}` leaves it open: `park OWNER DATE`, or `skip`").into());
    }
    let below = words.starts_with(['-', '−']) || words.to_lowercase().starts_with("minus ");
    if of_value && below {
        return Err(format!("`{words}` is below 0: write a value from 0 on").into());
    }
    if !sure && let Some(unsure) = unsure(source, question, &words, said) {
        return Err(unsure);
    }
    let (text, told) = match &question.asked {
        AnswerKind::Silence(asking) => (
            in_turn(
                source,
                &silence::sets(asking, &with_names_of_file(source, asking, &words))?,
                said,
            )?,
            vec![],
        ),
        AnswerKind::Limit { path } => {
            (in_turn(source, &looked_up(path, &words, said), said)?, vec![])
        }
        AnswerKind::Quieter { path, key, value } => {
            (quieter(source, (question.line, path), (key, value), &words, said)?, vec![])
        }
        AnswerKind::Expect => {
            let (time, share) = limit(&words)?;
            let often = share.as_deref().unwrap_or("nearly all");
            let told = format!("users are served again within {time}, in {often} of the runs");
            (expected(source, (&time, share), said)?, vec![told])
        }
        AnswerKind::Items { items } => {
            let mut editor = Editor::new(&source.text);
            let (done, told) = settle(&mut editor, items, &words, said)?;
            let settled = done.into_iter().map(|at| settled[at].clone()).collect();
            return Ok(Answered { text: editor.finish(), settled, told });
        }
        _ => in_place(source, question, words, said)?,
    };
    Ok(Answered { text: without_parking_note(&text, question), settled, told })
}

/// The answer with the people of the file as it calls them.
fn with_names_of_file(source: &SourceText, asking: &silence::SilentAsk, words: &str) -> String {
    let editor = Editor::new(&source.text);
    let parts = words.split([',', ';']).flat_map(|part| part.split(" then "));
    let called = parts.map(|part| {
        let part = part.trim();
        let heads = ["then ", "ask ", "and "];
        let part = heads.iter().find_map(|head| part.strip_prefix(head)).unwrap_or(part).trim();
        let known = known::known(&editor, bare(part)).map(|(key, _)| key.text);
        known.filter(|known| asking.people.contains(known)).unwrap_or(part.to_string())
    });
    called.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What may not be meant as it is typed: a name that may be none, a value among other words.
fn unsure(
    source: &SourceText,
    question: &FillQuestion,
    words: &str,
    said: &Answerer,
) -> Option<Refusal> {
    let editor = Editor::new(&source.text);
    let sure = |asks: String| {
        Some(Refusal::Unsure { asks, answer: GivenAnswer::Words(words.to_string()) })
    };
    match &question.asked {
        AnswerKind::Person { .. } | AnswerKind::Deputy { .. } => {
            people::unsure(&editor, words, attests(question)).and_then(sure)
        }
        AnswerKind::First { .. } => known::odd(&editor, bare(words)).and_then(sure),
        AnswerKind::Tentative { .. } if !names::is_yes(words) && !names::is_not_needed(words) => {
            known::odd(&editor, bare(words)).and_then(sure)
        }
        AnswerKind::Value { .. } if attests(question) => {
            people::unsure(&editor, words, attests(question)).and_then(sure)
        }
        AnswerKind::Items { items } => {
            items::unsure(&editor, items.len(), words, said).and_then(sure)
        }
        AnswerKind::Number { .. } | AnswerKind::Value { .. } if takes_a_number(question) => {
            let found = spoken::amounts(words);
            let [one] = found.as_slice() else { return None };
            let more = spoken::value(words) == words && words.contains(' ');
            let more = more && !words.to_lowercase().contains("minus");
            // Only what could be written at all is asked for.
            let more = more && !words.starts_with(['{', '[']);
            let written = in_place(source, question, one.clone(), said).ok().filter(|_| more)?;
            let next = SourceText { text: written.0, ..source.clone() };
            scenario::load(&next, &[]).is_ok().then(|| Refusal::Unsure {
                asks: format!("Is {one} the answer? Type yes, or the value alone."),
                answer: GivenAnswer::Words(one.clone()),
            })
        }
        _ => None,
    }
}

/// Whether somebody is to say that a criterion is met.
fn attests(question: &FillQuestion) -> bool {
    question.path.as_ref().is_some_and(|path| path.starts_with("go_no_go."))
}

/// Whether somebody is to be told something in a step of the launch.
fn tells_somebody(question: &FillQuestion) -> bool {
    let path = question.path.as_deref().unwrap_or_default();
    path.starts_with("launch.") && path.ends_with(".to")
}

/// Whether a number or a time is asked for that is not a time of day.
fn takes_a_number(question: &FillQuestion) -> bool {
    let sections = ["traffic.", "site.", "channels.", "changes.", "baseline."];
    let is_below = |path: &String| sections.iter().any(|section| path.starts_with(section));
    match &question.asked {
        AnswerKind::Number { .. } => true,
        AnswerKind::Value { text, .. } => {
            text == "?" && question.path.as_ref().is_some_and(is_below)
        }
        _ => false,
    }
}

/// Without the note that somebody had it parked: it is answered now.
fn without_parking_note(text: &str, question: &FillQuestion) -> String {
    let mut editor = Editor::new(text);
    let key = key_of(&question.asked);
    editor.comment_if_any(question.line, |old| parked::taken_out(old, key));
    editor.finish()
}

/// What is parked, on every line that is asked about.
fn put_aside(text: &str, question: &FillQuestion, note: &str) -> String {
    let mut editor = Editor::new(text);
    let mut lines = match &question.asked {
        AnswerKind::Items { items } | AnswerKind::Meaning { items, .. } => {
            items.iter().map(|item| item.line).collect()
        }
        _ => vec![question.line],
    };
    lines.dedup();
    let key = key_of(&question.asked);
    for line in lines {
        editor.comment(line, |old| joined(&parked::taken_out(old, key), note));
    }
    editor.finish()
}

/// What is answered by a change at the place that is asked about, and what was understood.
fn in_place(
    source: &SourceText,
    question: &FillQuestion,
    words: String,
    said: &Answerer,
) -> Result<(String, Vec<String>), String> {
    let mut editor = Editor::new(&source.text);
    let told = match &question.asked {
        AnswerKind::Value { place, .. } if attests(question) => {
            let named = attesting(&editor, &words)?;
            editor.replace(
                *place,
                named.iter().map(|name| scalar(name)).collect::<Vec<_>>().join(", "),
            );
            editor.mark_owner(*place, "", &said.words());
            let names: Vec<&str> = named.iter().map(|name| name.trim_end_matches('?')).collect();
            let say = if names.len() == 1 { "says" } else { "say" };
            vec![format!("{} {say} so", names.join(" and "))]
        }
        AnswerKind::Value { place, .. } if tells_somebody(question) => {
            editor.replace(*place, scalar(&people::audience(&editor, &words)?));
            editor.mark_owner(*place, "", &said.words());
            vec![]
        }
        AnswerKind::Value { place, text } => {
            let hours = || PlanHours::new(&starts(&editor), lasts(source));
            let path = question.path.as_deref().unwrap_or_default();
            let (value, told) = value((text, path), &words, hours)?;
            editor.replace(*place, value);
            editor.mark_owner(*place, expr_of(text), &said.words());
            told.into_iter().collect()
        }
        AnswerKind::Number { place, key } => {
            editor.replace(*place, whole(&spoken::value(&words)));
            editor.mark_owner(*place, key, &said.words());
            vec![]
        }
        AnswerKind::Person { key, role } => vec![person(&mut editor, *key, role, &words, said)?],
        AnswerKind::Tentative { name } => {
            vec![certain(&mut editor, question.line, name, &words, said)?]
        }
        AnswerKind::Deputy { holder, role } => {
            vec![deputy(&mut editor, *holder, role, &words, said)?]
        }
        AnswerKind::First { ladder, instead } => {
            vec![first(&mut editor, (ladder, instead), &words, said)?]
        }
        AnswerKind::Meaning { .. } | AnswerKind::Strikes { .. } | AnswerKind::Starts { .. } => {
            of_draft(source, &mut editor, &question.asked, &words, said)?
        }
        AnswerKind::Silence(_)
        | AnswerKind::Limit { .. }
        | AnswerKind::Quieter { .. }
        | AnswerKind::Expect
        | AnswerKind::Items { .. }
        | AnswerKind::Other => {
            return Err("no single value settles this: change the file, or park it".to_string());
        }
    };
    Ok((editor.finish(), told))
}

/// What only a draft leaves open: what a hole in its text is, when it begins, when it fails.
fn of_draft(
    source: &SourceText,
    editor: &mut Editor,
    asked: &AnswerKind,
    words: &str,
    said: &Answerer,
) -> Result<Vec<String>, String> {
    Ok(match asked {
        AnswerKind::Meaning { what, items } => {
            if names::leaves_open(words) {
                return Err(format!("`{words}` leaves it open: `park OWNER DATE`, or `skip`"));
            }
            meaning(editor, items, (what, words), said)?
        }
        AnswerKind::Strikes { place } => {
            let right = names::is_yes(words) || words.eq_ignore_ascii_case("keep");
            let told = if right {
                None
            } else {
                let hours = || PlanHours::new(&starts(editor), lasts(source));
                let (value, told) = value(("?", "launch.0.at"), words, hours)?;
                editor.replace(*place, value);
                told
            };
            editor.mark_owner(*place, "at", &said.words());
            told.into_iter().collect()
        }
        AnswerKind::Starts { place, text } => {
            vec![start::starts(editor, (*place, text), words, said)?]
        }
        _ => Vec::new(),
    })
}

/// How long the day of the scenario lasts, in seconds.
fn lasts(source: &SourceText) -> f64 {
    scenario::load(source, &[]).map_or(0.0, |loaded| loaded.plan.lasts.seconds())
}

/// A value as it is written; a list or a mapping stays one.
fn whole(words: &str) -> String {
    // The fields of a template begin with two.
    let listed = words.starts_with(['[', '{']) && !words.starts_with("{{");
    if listed { words.to_string() } else { scalar(words) }
}

/// A value in the place of `"?"`, with what has to be said of it; in a sentence, a value for every
/// question mark, or a sentence.
fn value(
    (text, path): (&str, &str),
    words: &str,
    hours: impl Fn() -> PlanHours,
) -> Result<(String, Option<String>), String> {
    if text == "?" {
        let moment = path.starts_with("launch.") && path.ends_with(".at");
        if !moment {
            return Ok((whole(&spoken::value(words)), None));
        }
        if let Some((time, told)) = time_of_day(words, &hours())? {
            return Ok((scalar(&time), told));
        }
        let value = spoken::value(words);
        let digits = value.starts_with(|letter: char| letter.is_ascii_digit());
        return match digits && !value.contains(' ') {
            true => Ok((whole(&value), None)),
            false => Err(format!(
                "`{words}` is not a time of day: write 1 PM or 13:30, or a time after the start, \
                 such as 30m"
            )),
        };
    }
    rule(text, words).map(|value| (value, None))
}

/// A rule with a value for every question mark, or a rule as somebody writes it.
fn rule(text: &str, words: &str) -> Result<String, String> {
    if words.contains(['>', '<']) && words.contains(' ') {
        return Ok(scalar(words));
    }
    let mut parts = spoken::amounts(words);
    let holes = text.matches('?').count();
    // "3x for 2m": how long it must last may be said with it.
    let lasts = parts.len() == holes + 1 && !text.contains(" for ") && words.contains(" for ");
    let lasts = if lasts { parts.pop() } else { None };
    if parts.len() != holes {
        let (given, holes) = (values(parts.len()), values(holes));
        return Err(format!("{holes} open in `{text}`, and {given} given in `{words}`"));
    }
    let filled = filled(text, parts);
    let lasts = lasts.map_or(String::new(), |lasts| format!(" for {lasts}"));
    Ok(scalar(&format!("{filled}{lasts}")))
}

/// `1 value is`, `3 values are`.
fn values(count: usize) -> String {
    if count == 1 { "1 value is".to_string() } else { format!("{count} values are") }
}

/// What a mark on the line names, where it is about one of several values.
fn expr_of(text: &str) -> &str {
    if text == "?" { "" } else { "expr" }
}
