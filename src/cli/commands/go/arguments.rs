//! How statements are typed.

use super::record::{TypedMoment, moment, parse_day_or_moment};
use crate::language::value::when::DayOrMoment;
use crate::units::Span;
use std::path::PathBuf;

/// What can be said.
#[derive(clap::Subcommand)]
pub(super) enum Say {
    /// Record that a criterion is met or failed, or what was measured
    Set(Set),
    /// Record somebody's answer in the poll, or that they were asked
    Poll(Poll),
    /// Name who answers for a criterion, and by when it must be known
    Own(Own),
    /// Take back what somebody has said
    Withdraw(Withdraw),
    /// Record the decision of the person who decides
    Decide(Decide),
}

#[derive(clap::Args)]
pub(super) struct Set {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// The criterion, or one of those who must attest it: oit, "5000 users in beta"
    #[arg(value_name = "ROW")]
    pub(super) row: String,

    /// met, failed, or a measured number: 5210, 87%
    #[arg(value_name = "SAYS")]
    pub(super) says: String,

    /// The criterion, if ROW must attest several
    #[arg(long, value_name = "CRITERION")]
    pub(super) of: Option<String>,

    #[command(flatten)]
    pub(super) terms: Validity,

    #[command(flatten)]
    pub(super) speaker: Speaker,
}

#[derive(clap::Args)]
pub(super) struct Poll {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// Who is polled, as the scenario lists it
    #[arg(value_name = "SEAT")]
    pub(super) seat: String,

    /// go, no-go, pause, pivot, continue; asked while there is no answer
    #[arg(value_name = "SAYS")]
    pub(super) says: String,

    #[command(flatten)]
    pub(super) terms: Validity,

    #[command(flatten)]
    pub(super) speaker: Speaker,
}

#[derive(clap::Args)]
pub(super) struct Own {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// The criterion
    #[arg(value_name = "CRITERION")]
    pub(super) row: String,

    /// Who answers for it
    #[arg(value_name = "OWNER")]
    pub(super) owner: String,

    /// By when it must be known: a day, or a moment
    #[arg(long, value_name = "TIME", value_parser = parse_day_or_moment)]
    pub(super) due: Option<DayOrMoment>,

    #[command(flatten)]
    pub(super) speaker: Speaker,
}

#[derive(clap::Args)]
pub(super) struct Withdraw {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// What it was about: a criterion or one who must attest it; a seat with --poll; `decision`
    #[arg(value_name = "ROW")]
    pub(super) row: String,

    /// ROW is a seat of the poll
    #[arg(long)]
    pub(super) poll: bool,

    /// The criterion, if ROW must attest several
    #[arg(long, value_name = "CRITERION")]
    pub(super) of: Option<String>,

    /// Whose statement it is, if not that of --by
    #[arg(long, value_name = "NAME")]
    pub(super) whose: Option<String>,

    #[command(flatten)]
    pub(super) speaker: Speaker,
}

#[derive(clap::Args)]
pub(super) struct Decide {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// go, no-go, or hold
    #[arg(value_name = "DECISION")]
    pub(super) decision: String,

    #[command(flatten)]
    pub(super) speaker: Speaker,
}

/// How far it holds.
#[derive(clap::Args)]
pub(super) struct Validity {
    /// Until when it counts: a day, a moment, or how long after --as-of (48h)
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    pub(super) expires: Option<Expiry>,

    /// It counts on this condition, until --until
    #[arg(long = "if", value_name = "CONDITION", requires = "until")]
    pub(super) condition: Option<String>,

    /// By when the condition must be met; after that, the point is open again
    #[arg(long, value_name = "TIME", value_parser = parse_day_or_moment, requires = "condition")]
    pub(super) until: Option<DayOrMoment>,
}

/// Who says so, and when.
#[derive(clap::Args)]
pub(super) struct Speaker {
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub(super) by: String,

    /// As of when it is true: a day or a moment [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_day_or_moment)]
    pub(super) as_of: Option<DayOrMoment>,

    /// The source: a report, a call, a dashboard
    #[arg(long, value_name = "TEXT")]
    pub(super) source: Option<String>,

    /// In their own words
    #[arg(long, value_name = "TEXT")]
    pub(super) words: Option<String>,

    /// The moment at which it is said, instead of now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) now: Option<TypedMoment>,

    /// The record of what was said [default: go.yaml next to the scenario]
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
}

/// Until when something counts.
#[derive(Clone, Copy)]
pub(super) enum Expiry {
    At(DayOrMoment),
    After(Span),
}

fn expiry(text: &str) -> Result<Expiry, String> {
    match text.parse::<Span>() {
        Ok(span) if span > Span::ZERO => Ok(Expiry::After(span)),
        _ => parse_day_or_moment(text)
            .map(Expiry::At)
            .map_err(|why| format!("{why}, or how long: 48h")),
    }
}
