//! What somebody says who is asked for a yes: the sentences of `answers:`, and the same back.

use crate::decision::{AskStep, Reply};
use crate::language::problem::{nearest, quoted};
use crate::language::written::Placed;
use crate::names::{Names, PersonId};
use crate::scenario::inputs::InputTable;
use crate::scenario::plays::written::StepKeys;
use crate::scenario::resolver::Resolver;
use crate::units::{Ratio, Span};

/// How long to wait before asking somebody again who says "not yet", unless given. Assumed;
/// `not yet 10m` says otherwise, and the room has the same default.
const AGAIN: Span = Span::from_secs(300);

/// Every way in which an answer may be written, for who has written another.
const SENTENCES: &str = "write yes, no, `not yet 5m`, `yes if not better in 10m`, \
                         `no instead CHANGE` or `PERSON decides`; or the plan's own words: \
                         pause, `pivot CHANGE`, continue";

/// What is said, with its chances; what they leave is a no.
pub struct Answers {
    pub agrees: Ratio,
    pub others: Vec<(Reply, Ratio)>,
}

impl Resolver<'_> {
    /// `answers:`, or `agrees:` as its short form. `asked` are those whom the step asks.
    pub fn answers(&mut self, keys: &StepKeys, asked: &[(PersonId, Span)]) -> Option<Answers> {
        let Some(written) = &keys.answers else {
            let agrees = keys.agrees.unwrap_or(Ratio(1.0));
            return Some(Answers { agrees, others: Vec::new() });
        };
        if keys.agrees.is_some() {
            let hint = "use one of them: `agrees: 95%` is short for `answers: {yes: 95%, no: 5%}`";
            self.error(written.place, "`agrees` and `answers` say the same", hint);
            return None;
        }
        let mut chances: Vec<(Reply, Ratio)> = Vec::with_capacity(written.shares.len());
        let mut whole = true;
        for (sentence, share) in &written.shares {
            let Some(reply) = self.answer(sentence, asked) else {
                whole = false;
                continue;
            };
            if chances.iter().any(|(other, _)| *other == reply) {
                let message = format!("{} is given twice", quoted(&sentence.value));
                self.error(sentence.place, message, "add its shares up, or give another time");
            }
            chances.push((reply, Ratio(*share)));
        }
        let find = |wanted: Reply| chances.iter().find(|(reply, _)| *reply == wanted);
        let agrees = find(Reply::Yes).map_or(Ratio(0.0), |(_, share)| *share);
        chances.retain(|(reply, share)| !matches!(reply, Reply::Yes | Reply::No) && share.0 > 0.0);
        whole.then_some(Answers { agrees, others: chances })
    }

    /// One sentence of `answers`; commas and little words may be there or not.
    fn answer(&mut self, sentence: &Placed<String>, asked: &[(PersonId, Span)]) -> Option<Reply> {
        let text = sentence.value.replace([',', '-'], " ").to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["yes"] => Some(Reply::Yes),
            // The launch goes on as it is.
            ["no"] | ["continue"] => Some(Reply::No),
            ["not", "yet"] | ["pause"] => Some(Reply::NotYet(AGAIN)),
            ["not", "yet", .., time] | ["pause", .., time] => {
                self.wait(sentence, time).map(Reply::NotYet)
            }
            ["yes", "if" | "unless", .., time] => self.wait(sentence, time).map(Reply::YesAfter),
            _ => self.answer_with_name(sentence, asked),
        }
    }

    /// `no instead CHANGE` or `PERSON decides`; names may have commas, dashes and capitals in them.
    fn answer_with_name(
        &mut self,
        sentence: &Placed<String>,
        asked: &[(PersonId, Span)],
    ) -> Option<Reply> {
        let (names, place) = (self.names, sentence.place);
        let text = sentence.value.trim();
        if let Some(name) = text.strip_suffix(" decides") {
            let name = Placed { value: name.trim().to_string(), place };
            let person: PersonId = self.find(&names.people, &name, "person")?;
            if let [(only, _)] = asked
                && *only == person
            {
                let message = format!("{} is already asked", quoted(&name.value));
                self.error(place, message, "name somebody else who decides then");
            }
            return Some(Reply::Refer(person));
        }
        let pivot = text.strip_prefix("pivot ").map(str::trim_start);
        let pivot = pivot.map(|rest| rest.strip_prefix("to ").unwrap_or(rest));
        let change = pivot.or_else(|| {
            text.strip_prefix("no")
                .map_or(text, |rest| rest.trim_start_matches([',', ' ']))
                .strip_prefix("instead ")
        });
        if let Some(name) = change {
            let name = Placed { value: name.trim().to_string(), place };
            return self.find(&names.changes, &name, "change").map(Reply::Instead);
        }
        let message = format!("{} is not an answer", quoted(text));
        let near = nearest(text, ["yes", "no", "not yet"]);
        let hint = near.map_or(SENTENCES.to_string(), |near| format!("did you mean `{near}`?"));
        self.error(place, message, &hint);
        None
    }

    /// How long to wait after an answer that is neither yes nor no.
    fn wait(&mut self, sentence: &Placed<String>, time: &str) -> Option<Span> {
        let place = sentence.place;
        let Ok(time) = time.parse::<Span>() else {
            let message = format!("{} does not end with a time", quoted(&sentence.value));
            self.error(place, message, "write how long: `not yet 5m`, `yes if not better in 10m`");
            return None;
        };
        let time = Placed { value: time, place };
        self.at_least(&time, Span::SECOND, "nobody is asked again within a second");
        Some(time.value)
    }
}

/// Everything that is said, with its chances.
pub fn answer_list(ask: &AskStep, names: &Names) -> String {
    let (yes, no) = ((Reply::Yes, ask.agrees), (Reply::No, ask.refuses()));
    let all = [yes].into_iter().chain(ask.others.iter().copied()).chain([no]);
    let all = all.filter(|(_, share)| share.0 > 0.0);
    let all: Vec<String> =
        all.map(|(reply, share)| format!("{} {share}", reply.in_words(names))).collect();
    all.join("; ")
}

impl InputTable<'_> {
    /// What is said, as `sim explain` lists it.
    pub fn answers(&mut self, keys: &StepKeys, ask: &AskStep, names: &Names) {
        match keys.answers {
            Some(_) => self.row(&keys.written, "answers", answer_list(ask, names)),
            None => self.row(&keys.written, "agrees", ask.agrees),
        }
    }
}
