//! What somebody has taken with them, as a comment says it: `parked: bo, 2018-11-01; by ann,
//! 2018-10-30`, or `; rate: by ann, …` where a line has several things that can be parked.

use crate::scenario::PARKED;
use jiff::civil::Date;

/// Something that somebody has taken with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parked {
    /// With whom it is.
    pub owner: String,
    /// Until when; `None`: without a day.
    pub due: Option<Date>,
    /// When it was parked, as it is written.
    since: String,
}

impl Parked {
    /// Whether its day is over.
    pub(super) fn is_over(&self, today: Date) -> bool {
        self.due.is_some_and(|due| due < today)
    }

    /// With whom it is, and until when.
    pub(super) fn words(&self) -> String {
        match self.due {
            Some(due) => format!("{}, until {due}", self.owner),
            None => format!("{}, without a day", self.owner),
        }
    }

    /// Why it is asked again.
    pub(super) fn again(&self) -> String {
        let since =
            if self.since.is_empty() { String::new() } else { format!(" since {}", self.since) };
        let until = self.due.map_or(String::new(), |due| format!(", until {due}"));
        format!("It was parked with {}{since}{until}: that day is over.", self.owner)
    }
}

/// Words for a comment that say who has it.
pub(super) fn note((owner, due): (&str, Option<&str>), key: &str, said: &str) -> String {
    let due = due.map_or(String::new(), |due| format!(", {due}"));
    let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
    // `ann, 2018-10-30`, or the day alone.
    let by = if said.contains(", ") { "by" } else { "on" };
    format!("{PARKED}{owner}{due}; {key}{by} {said}")
}

/// Who has taken this key of a line with them; an empty key is the line itself.
pub(super) fn from_comment(comment: &str, key: &str) -> Option<Parked> {
    let parts: Vec<&str> = comment.split("; ").collect();
    let at = (0..parts.len()).find(|at| is_of(&parts, *at, key))?;
    let whose = parts[at].strip_prefix(PARKED)?.trim();
    let dated = whose.rsplit_once(", ").and_then(|(who, day)| Some((who, day.parse().ok()?)));
    let (owner, due) = dated.map_or((whose, None), |(who, day)| (who, Some(day)));
    let since = parts.get(at + 1).and_then(|said| said.rsplit([' ', ':']).next());
    let since = since.filter(|day| day.parse::<Date>().is_ok()).unwrap_or_default();
    Some(Parked { owner: owner.to_string(), due, since: since.to_string() })
}

/// The comment without what says who has this key of the line.
pub(super) fn taken_out(comment: &str, key: &str) -> String {
    let parts: Vec<&str> = comment.split("; ").collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        match is_of(&parts, at, key) {
            true => at += if goes_on(parts.get(at + 1)) { 2 } else { 1 },
            false => {
                kept.push(parts[at]);
                at += 1;
            }
        }
    }
    kept.join("; ")
}

/// Whether what says who has it begins here, and is of this key.
fn is_of(parts: &[&str], at: usize, key: &str) -> bool {
    if !parts[at].starts_with(PARKED) {
        return false;
    }
    let next = parts.get(at + 1).filter(|next| goes_on(Some(next)));
    let named = next.and_then(|next| next.split_once(": ")).map_or("", |(key, _)| key);
    named == key
}

/// Whether this part of a comment says who has parked what comes before it.
fn goes_on(part: Option<&&str>) -> bool {
    part.is_some_and(|part| !part.starts_with(['[', '(']) && !part.starts_with(PARKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parked_is_found_and_taken_out_again() {
        let said = "ann, 2018-10-30";
        let whole = note(("bo", Some("2018-11-01")), "", said);
        assert_eq!(whole, "parked: bo, 2018-11-01; by ann, 2018-10-30");
        let key = note(("cy lee", None), "rate", said);
        let comment = format!("[a]; {whole}; {key}; [o] at: ann, 2018-10-29");
        let day: Date = "2018-11-01".parse().expect("a day");
        let bo = from_comment(&comment, "").expect("parked");
        assert_eq!((bo.owner.as_str(), bo.due), ("bo", Some(day)));
        assert!(!bo.is_over(day) && bo.is_over(day.tomorrow().expect("a day")));
        assert!(bo.again().contains("with bo since 2018-10-30, until 2018-11-01"), "{bo:?}");
        let cy = from_comment(&comment, "rate").expect("parked");
        assert_eq!((cy.words(), cy.is_over(day)), ("cy lee, without a day".to_string(), false));
        assert_eq!(from_comment(&comment, "at"), None);
        assert_eq!(taken_out(&comment, ""), format!("[a]; {key}; [o] at: ann, 2018-10-29"));
        assert_eq!(taken_out("parked: bo", ""), "");
    }
}
