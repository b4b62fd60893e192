//! Numbers with a comma inside `{ }`, where the comma ends the value and the rest becomes a key.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, quoted};

/// Puts the halves of such numbers together again, each with the one problem that it is.
pub fn join_numbers(node: &mut Node, problems: &mut Problems) {
    match &mut node.kind {
        NodeKind::List(items) => items.iter_mut().for_each(|item| join_numbers(item, problems)),
        NodeKind::Map(entries) => {
            let mut at = 1;
            while at < entries.len() {
                let (before, behind) = entries.split_at_mut(at);
                match join(&mut before[at - 1].1, &behind[0]) {
                    Some(problem) => {
                        problems.push(problem);
                        entries.remove(at);
                    }
                    None => at += 1,
                }
            }
            entries.iter_mut().for_each(|(_, value)| join_numbers(value, problems));
        }
        NodeKind::Null | NodeKind::Scalar(_) => {}
    }
}

/// The value with the key behind it as the second half of its number.
fn join(value: &mut Node, (key, nothing): &(Key, Node)) -> Option<Problem> {
    let NodeKind::Scalar(scalar) = &mut value.kind else { return None };
    let last = scalar.text.split_whitespace().last()?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let beside = value.place.source == key.place.source && value.place.end + 1 == key.place.start;
    let second = key.text.bytes().take_while(u8::is_ascii_digit).count();
    let halves = beside && digits(last) && second > 0 && nothing.kind == NodeKind::Null;
    if scalar.quoted || !halves {
        return None;
    }
    let mut place = key.place;
    place.start = value.place.end - last.len();
    place.column = place.column.saturating_sub(last.len() as u32 + 1);
    let (point, plain) = (format!("{last}.{}", key.text), format!("{last}{}", key.text));
    let message = format!("{} has a comma", quoted(&format!("{last},{}", key.text)));
    let (hint, meant) = match second == 3 && last != "0" && last.len() <= 3 {
        false => (format!("a fraction is written with a point: {point}"), point),
        true => (format!("a number has no comma: {plain} (or {point}, if that is meant)"), plain),
    };
    // What is read on is the number that was probably meant, so that nothing else is wrong.
    let kept = scalar.text.len() - last.len();
    scalar.text.replace_range(kept.., &meant);
    Some(Problem::error(place, message).hint(hint))
}
