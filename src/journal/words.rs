//! The words that a journal uses for states, so that its writers and readers agree.

/// Of an incident, a play: it was opened.
pub const OPENED: &str = "opened";
/// Of an incident: a further rule fired.
pub const JOINED: &str = "joined";
/// Of an incident: a rule fired again soon after all was clear.
pub const REOPENED: &str = "reopened";
/// Of an incident: a maintenance page stands in between.
pub const CONTAINED: &str = "contained";
/// Of an incident: every rule has resolved.
pub const RECOVERED: &str = "recovered";

/// Of a change: it waits for its pipeline.
pub const ORDERED: &str = "ordered";
/// Of a change: its pipeline works on it.
pub const DEPLOYING: &str = "deploying";
/// Of a change: done, not yet everywhere.
pub const DEPLOYED: &str = "deployed";
/// Of a change: it has its effect.
pub const LIVE: &str = "live";
/// Of a change: done without effect.
pub const FAILED: &str = "failed";
/// Of a change, a launch step: stopped by a freeze.
pub const FROZEN: &str = "frozen";

/// Of a play: somebody answered the page.
pub const ACKNOWLEDGED: &str = "acknowledged";
/// Of a play: it is an incident.
pub const DECLARED: &str = "declared";
/// Of a play: the responder said that it is no incident.
pub const NOT_DECLARED: &str = "not-declared";
/// Of a play: a change was chosen.
pub const CHOSEN: &str = "chosen";
/// Of a play: the decider said yes.
pub const DECIDED: &str = "decided";
/// Of a play: the decider said no.
pub const REFUSED: &str = "refused";
/// Of a play, a launch step: nobody answered, or nobody could be asked.
pub const STALLED: &str = "stalled";
/// A change is live and did not help in time.
pub const NOT_VERIFIED: &str = "not-verified";

/// Of a launch step: its time has come.
pub const DUE: &str = "due";
/// Of a launch step: its change is live, its message is sent.
pub const DONE: &str = "done";
/// Of a launch step: nobody can time it, so it does not run.
pub const UNTIMED: &str = "untimed";
