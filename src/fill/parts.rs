//! What is said of which item of a list, in one line: `1 done, 2 to 4 Josh, the rest Ann Lee`. It
//! is read whole, or refused whole.

use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

use super::day::until;
use super::names::{self, bare};
use super::which::{ItemSelection, about, split};

/// What becomes of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ItemResult {
    Done {
        on: Option<Date>,
        by: Option<String>,
    },
    Owner {
        name: String,
        due: Option<Date>,
    },
    /// It stays in the hands that it is in.
    Kept,
    /// It is not a task.
    Dropped,
}

/// What days are read by that do not say all.
#[derive(Clone, Copy)]
pub(super) struct DateContext {
    pub year: i16,
    pub today: Date,
}

/// What is said of which item, in their order. What names no number is said of all that no other
/// part names.
pub(super) fn parts(
    words: &str,
    count: usize,
    when: DateContext,
) -> Result<Vec<(usize, ItemResult)>, String> {
    let mut found: Vec<Option<ItemResult>> = vec![None; count];
    let mut left_out = vec![false; count];
    let mut of_rest = None;
    for (part, except) in split(words, count) {
        let (of, rest) = about(&part, count)?;
        match (of, rest.is_empty()) {
            (ItemSelection::These(numbers), true) if except => {
                numbers.iter().for_each(|number| left_out[number - 1] = true);
            }
            (ItemSelection::These(_), true) => {
                return Err(format!("say whose: {} ann", part.trim()));
            }
            (ItemSelection::Rest, true) => {
                return Err("say whose the rest is: the rest ann".to_string());
            }
            (ItemSelection::Rest, false) => {
                if of_rest.replace(settled(&rest, when)?).is_some() {
                    return Err("two parts are for all of them: begin one with its numbers".into());
                }
            }
            (ItemSelection::These(numbers), false) => {
                let settled = settled(&rest, when)?;
                for number in numbers {
                    if found[number - 1].replace(settled.clone()).is_some() {
                        return Err(format!("{number} is answered twice"));
                    }
                }
            }
        }
    }
    let all = found.into_iter().enumerate();
    let about = |(at, own): (usize, Option<ItemResult>)| {
        let rest = of_rest.clone().filter(|_| !left_out[at]);
        Some((at, own.or(rest)?))
    };
    Ok(all.filter_map(about).collect())
}

/// How people say that it is done.
const DONE: [&str; 17] = [
    "both are done",
    "all are done",
    "done already",
    "it's done already",
    "it is done already",
    "both done already",
    "is done",
    "are done",
    "done",
    "it is done",
    "they are done",
    "all done",
    "already done",
    "finished",
    "completed",
    "it's done",
    "both done",
];

/// And that it stays with whom it is.
const KEEP: [&str; 29] = [
    "it stays so",
    "it stays",
    "they stay so",
    "they stay",
    "stays so",
    "stays",
    "stay so",
    "keep both",
    "keep all",
    "keep so",
    "both stay",
    "stays as it is",
    "keep",
    "keep it",
    "keep them",
    "keep as it is",
    "keep the owner",
    "leave",
    "leave it",
    "leave them",
    "leave it as it is",
    "leave them as they are",
    "leave as is",
    "as it is",
    "as they are",
    "as is",
    "unchanged",
    "ok",
    "no change",
];

/// And that it is not a task.
const DROP: [&str; 10] = [
    "drop",
    "drop it",
    "drop them",
    "delete",
    "delete it",
    "remove",
    "remove it",
    "no task",
    "not a task",
    "we don't need",
];

static DONE_BY: LazyLock<Regex> = LazyLock::new(|| {
    let done = r"(?:(?:it is |they are |already )?done(?:,? by |, |: | )|by )?";
    let did = "did|has done|has|already did|finished";
    let what = "it|that|this|them|those|both|all of them";
    let when = "(?:already|yesterday|today|last week|this week|last month)";
    let pattern = format!(r"(?i)^{done}(.+?),? (?:{did}) (?:{what})(?: {when})?$");
    Regex::new(&pattern).expect("a pattern")
});

/// Whether more is said than that something is not needed.
fn strange(lower: &str) -> bool {
    lower.contains(|letter: char| letter.is_ascii_digit() || letter == ',')
        || lower.split(' ').count() > 6
}

fn settled(words: &str, when: DateContext) -> Result<ItemResult, String> {
    let (name, date) = until(words.trim(), when.year, when.today)?;
    if name.is_empty() {
        return Err("say whose it is as well: ann, 2018-11-05".to_string());
    }
    let lower = name.to_lowercase();
    let lower = lower.trim_end_matches(['.', '!']);
    if DONE.contains(&lower) {
        return Ok(ItemResult::Done { on: date, by: None });
    }
    let by = DONE_BY.captures(name).map(|found| found.get(1).map_or("", |by| by.as_str()));
    let by = by.filter(|_| !lower.ends_with(" has it") && !lower.ends_with(" has them"));
    let by = by.or_else(|| {
        ["done by ", "done, by "]
            .iter()
            .find_map(|head| lower.starts_with(head).then(|| &name[head.len()..]))
    });
    if let Some(by) = by {
        let by = names::name(by)?.to_string();
        return Ok(ItemResult::Done { on: date, by: Some(by) });
    }
    if KEEP.contains(&lower) {
        return Ok(ItemResult::Kept);
    }
    if DROP.contains(&lower) || (lower != "none" && names::is_not_needed(lower) && !strange(lower))
    {
        return Ok(ItemResult::Dropped);
    }
    if ["yes", "no", "done"].contains(&lower.split([',', ' ']).next().unwrap_or_default()) {
        return Err("write done, `done, ann did it`, keep, not needed, or whose it is".to_string());
    }
    if lower.contains(" and ") || lower.contains(" & ") {
        return Err(format!("`{name}` are several: an item has one owner"));
    }
    let name = names::name(bare(name))?.to_string();
    Ok(ItemResult::Owner { name, due: date })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHEN: DateContext = DateContext { year: 2018, today: jiff::civil::date(2018, 10, 31) };

    /// As `1 done; 2 bo; 3 ann until 2018-11-05`.
    fn read(words: &str, count: usize) -> String {
        let all = parts(words, count, WHEN).unwrap_or_else(|why| panic!("{words}: {why}"));
        let shown = |(at, settled): (usize, ItemResult)| {
            let what = match settled {
                ItemResult::Done { on, by } => {
                    let on = on.map_or(String::new(), |on| format!(" on {on}"));
                    format!("done{on}{}", by.map_or(String::new(), |by| format!(" by {by}")))
                }
                ItemResult::Owner { name, due } => {
                    name + &due.map_or(String::new(), |due| format!(" until {due}"))
                }
                ItemResult::Kept => "kept".to_string(),
                ItemResult::Dropped => "dropped".to_string(),
            };
            format!("{} {what}", at + 1)
        };
        all.into_iter().map(shown).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn several_items_are_settled_in_one_line() {
        for (words, count, settled) in [
            ("ann", 2, "1 ann; 2 ann"),
            (
                "1-2 ann; 4 done 2018-11-02; bo lee",
                4,
                "1 ann; 2 ann; 3 bo lee; 4 done on 2018-11-02",
            ),
            ("1 done, 2 to 3 bo, the rest ann", 5, "1 done; 2 bo; 3 bo; 4 ann; 5 ann"),
            ("ann, 5 November", 2, "1 ann until 2018-11-05; 2 ann until 2018-11-05"),
            ("2, 3 cy, 2018-11-05", 3, "2 cy until 2018-11-05; 3 cy until 2018-11-05"),
            (
                "1 done, 2 to 4 Josh, 5 Chris, the rest Marcy Jacobs",
                6,
                "1 done; 2 Josh; 3 Josh; 4 Josh; 5 Chris; 6 Marcy Jacobs",
            ),
            (
                "1 done, Wyatt did it; 2-4 Josh by Friday; 5 Chris; rest Marcy Jacobs",
                6,
                "1 done by Wyatt; 2 Josh until 2018-11-02; 3 Josh until 2018-11-02; \
              4 Josh until 2018-11-02; 5 Chris; 6 Marcy Jacobs",
            ),
            ("done, Wyatt did it", 2, "1 done by Wyatt; 2 done by Wyatt"),
            ("2 and 3 done; keep the others", 4, "1 kept; 2 done; 3 done; 4 kept"),
            (
                "Mina takes all, except 5 which is Chris",
                5,
                "1 Mina; 2 Mina; 3 Mina; 4 Mina; 5 Chris",
            ),
            ("all ann except 2", 3, "1 ann; 3 ann"),
            ("Josh takes 1 to 2 and the rest is done", 3, "1 Josh; 2 Josh; 3 done"),
            ("Wyatt does the first, the others are done", 3, "1 Wyatt; 2 done; 3 done"),
            ("1 and 3 Wyatt, we don't need 2", 3, "1 Wyatt; 2 dropped; 3 Wyatt"),
            ("1 Wyatt; 2 not needed; 3 Mina Farzad", 3, "1 Wyatt; 2 dropped; 3 Mina Farzad"),
            ("all done", 2, "1 done; 2 done"),
            ("both are done", 2, "1 done; 2 done"),
            ("it stays so", 1, "1 kept"),
            ("done, Demian did it last week", 1, "1 done by Demian"),
            ("Kam does it instead", 1, "1 Kam"),
            ("1: ann, Nov 5, 2: bo", 2, "1 ann until 2018-11-05; 2 bo"),
            ("Curtis does both", 2, "1 Curtis; 2 Curtis"),
            ("Amy does it, by Nov 3", 1, "1 Amy until 2018-11-03"),
            ("keep", 2, "1 kept; 2 kept"),
            ("we don't need that one", 1, "1 dropped"),
            (
                "the first is done, we don't need 2, Wyatt does the third",
                3,
                "1 done; 2 dropped; 3 Wyatt",
            ),
            (
                "Wyatt does 1 to 2, James 3 and 4, we don't need 5, the rest Elizabeth",
                6,
                "1 Wyatt; 2 Wyatt; 3 James; 4 James; 5 dropped; 6 Elizabeth",
            ),
            ("Wyatt 1, James 2 and 3, 4 not needed", 4, "1 Wyatt; 2 James; 3 James; 4 dropped"),
        ] {
            assert_eq!(read(words, count), settled, "{words}");
        }
    }

    #[test]
    fn what_is_none_of_the_list_is_refused() {
        for (words, why) in [
            ("5 ann", "not a number"),
            ("0 ann", "not a number"),
            ("3-1 ann", "backwards"),
            ("1-2", "say whose"),
            ("the rest", "say whose the rest is"),
            ("1 ann; 1-2 bo", "answered twice"),
            ("ann; bo", "two parts"),
            ("ann 2018-13-40", "not a day"),
            ("ann?", "leaves it open"),
            ("nobody", "names nobody"),
            ("done by nobody", "names nobody"),
            ("done, I think", "write done"),
            ("1 Wyatt and Sean", "one owner"),
            ("Curtis is coming, keep", "more than a name"),
            ("yes", "write done"),
            ("ann, 1 bo, 9 cy", "not a number"),
        ] {
            let told = parts(words, 4, WHEN).expect_err(words);
            assert!(told.contains(why), "{words}: {told}");
        }
    }
}
