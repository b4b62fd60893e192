//! What `help` says in the room.

/// What `help` says.
pub const HELP: &str = "\
  ack WHO [CHANNEL] [no]       somebody answers a page (no: does not take it)
  declare yes|no [WHO]         the responder: is this an incident?
  choose CHANGE [WHO]          the responder: which change?
  decide ANSWER [WHO] [CHANNEL]   the decider: do we do it? ANSWER is one of
                               yes · no · no, instead CHANGE · RACHAEL decides ·
                               not yet, ask again in 5m, wants WHAT ·
                               yes, if not better by 18:25 (or: in 10m) · and the plan's own:
                               pause (not yet) · pivot CHANGE (no, instead) · continue (no: the
                               launch goes on as it is), after `decide` or the name
  yes, no, not yet …           the same without `decide`, of whoever is asked
  start [CHANGE]               somebody makes the change by hand: it ends at `done`
  done [CHANGE], failed [CHANGE]  the change is done, or did not work
  do CHANGE [for WHO] [by WHO] any change of the table, whatever the plays say: who asked
                               for it, who makes it
  open PLAY, close             a play replaces the running one, which ends. Where
                               no rule has fired, `open PLAY` makes it an incident
  clear                        gives the all clear for what was opened by hand
  assign WHO, handoff WHO      who responds from now on
  seat WHO, leave WHO          who answers for themselves from now on, or no longer
  say WHO CHANNEL \"TEXT\"       a message comes: before the text also from \"help desk\",
                               and expect decider within 10m
  told WHO [by WHO] [\"TEXT\"]   somebody is told: what a message asked for, or news of the
                               incident
  note TEXT                    goes into the journal and the timeline
  park TEXT                    for the hot wash: it is listed at the end
  guess WHO back 25m longest diagnose missing WHAT
                               before the start: sealed, and shown beside the outcome
  odds [CHANGE]                what deciding now, in 5 or in 15 minutes comes to, in runs that
                               begin here: the pending approval, or a change
  what if PATH=VALUE           in a pause or at the end: the same runs with that change and
                               without it, as `--set` takes it: what if changes.fix.takes=5m
  keep, owner WHO, due DAY     the change asked for last goes into the scenario once the
                               exercise is over, and into the improvement plan
  inject FAULT                 a fault begins now: by its name in the scenario, or as written
                               there: inject slow: evss, by: 8s, for: 10m
  pause, resume, speed 4x      the clock
  discuss [WHAT]               the clock is stopped while you talk, until `resume`
  next, >, or Enter alone      the clock runs ahead until somebody in the room is asked
  skip 10m                     the clock runs ahead, until somebody in the room is asked
  undo                         removes the last input
  status                       the clock, who is asked what since when, what is under way and
                               in effect, what comes next
  hide, show                   what only the controller may know: faults, steps of the plan
  abort [WHY]                  ends the exercise for good; Ctrl-C leaves it to be resumed
Names may be short (`ack jam sl`) or slightly misspelt; `undo` is there for slips.
A name with spaces is typed in full, or goes in quotes: ack \"anna l\" slack
";
