//! Limits that are not threads.

use crate::journal::{GIVEN, LimitKind, LimitUnit};
use crate::names::{Scope, TierId};
use crate::scenario::limits::amount::AmountKind;
use crate::units::{Span, grouped};
use serde::{Deserialize, Serialize};

/// Something that runs out and is not a thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub name: String,
    pub kind: LimitKind,
    pub measure: AmountKind,
    /// In its measure; `None`: nobody knows it.
    pub value: Option<f64>,
    /// Empty: the use is given, or nobody knows it.
    pub uses: Vec<LimitUse>,
    /// The use at the peak as given.
    pub at_peak: Option<f64>,
    pub checked_by: Option<String>,
    /// ISO 8601: `2018-11-01`.
    pub checked_on: Option<String>,
}

/// How much of a limit for each of something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitUse {
    /// Things, or bits.
    pub amount: f64,
    pub per: UsedPer,
    /// As written.
    pub text: String,
}

/// What uses a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsedPer {
    Visit,
    /// A request that this scope sees; retries are left out.
    Request(Scope),
    Instance(TierId),
    Thread(TierId),
    /// A thread that works or waits, by Little's law.
    BusyThread(TierId),
}

/// From this share on, of a limit or of a tier's threads, there is no room for a bad minute.
/// A choice, and a usual one for warnings: only findings and the word for a limit depend on it.
const TIGHT: f64 = 0.8;

/// Whether a use leaves no room for a bad minute.
pub fn is_tight(share: f64) -> bool {
    share >= TIGHT
}

impl Limit {
    /// An amount of it in words: `400`, `10,000/s`, `1.5 Gbit/s`.
    pub fn shown(&self, amount: f64) -> String {
        match self.measure {
            AmountKind::Held => number(amount),
            AmountKind::Within(_) => format!("{}{}", number(amount), self.unit().after_amount()),
            AmountKind::Data => {
                let units = [(1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")];
                let unit = units.into_iter().find(|(bits, _)| amount >= *bits);
                let (bits, word) = unit.unwrap_or((1.0, "bit/s"));
                format!("{} {word}", number(amount / bits))
            }
        }
    }

    /// What uses it, as written: `20 per instance of api, 2 per instance of worker`.
    pub fn used_by(&self) -> String {
        let texts: Vec<&str> = self.uses.iter().map(|one| one.text.as_str()).collect();
        match texts[..] {
            [] if self.at_peak.is_some() => GIVEN.to_string(),
            _ => texts.join(", "),
        }
    }

    /// Whether somebody has signed for its value, with a date.
    pub fn checked(&self) -> bool {
        self.checked_by.is_some() && self.checked_on.is_some()
    }

    /// In what it is counted.
    pub fn unit(&self) -> LimitUnit {
        match self.measure {
            AmountKind::Held => LimitUnit::Held,
            AmountKind::Within(window) => unit_of(window),
            AmountKind::Data => LimitUnit::Data,
        }
    }
}

fn unit_of(window: Span) -> LimitUnit {
    match window.0 / Span::SECOND.0 {
        1 => LimitUnit::EachSecond,
        60 => LimitUnit::EachMinute,
        3_600 => LimitUnit::EachHour,
        _ => LimitUnit::EachDay,
    }
}

/// At most three digits after the point, none of them for nothing.
fn number(amount: f64) -> String {
    if amount >= 100.0 || amount.fract() == 0.0 {
        return grouped(amount.round() as u64);
    }
    let text = if amount >= 1.0 { format!("{amount:.1}") } else { format!("{amount:.3}") };
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_fifths_of_a_limit_are_tight() {
        assert!(!is_tight(0.799_999) && is_tight(0.8) && is_tight(1.5));
    }
}
