//! Names and phrases that have been replaced stay replaced. The lists only grow.

use super::check;

/// Names as they were, each with the better one.
const NAMES: &[(&str, &str)] = &[
    ("Beside", "Extras"),
    ("Teller", "Narrator"),
    ("Sheetless", "UndatedRow"),
    ("Manner", "ChangeKind"),
    ("Said", "ParsedArguments"),
    ("Complaint", "ValueError"),
    ("Knob", "Parameter"),
    ("Night", "FollowState"),
    ("Watching", "JudgeSession"),
    ("Ear", "InputChannel"),
    ("hush", "detach_prompt"),
    ("look_away", "reset_idle_clock"),
    ("Laid", "Overlaid"),
    ("Frost", "FreezeState"),
    ("kept_by", "awaited_by"),
    ("paper_min", "printed_min"),
    ("Doing", "NextAction"),
    ("Matter", "AskContext"),
    ("Hand", "RequestFilter"),
    ("Desk", "Dispatcher"),
    ("Deed", "Intervention"),
    ("Heard", "DecisionStatus"),
    ("Standing", "EffectiveStatement"),
    ("Trouble", "CauseRecord"),
    ("Upshot", "RunConclusion"),
    ("Pieces", "MappingReader"),
    ("Starters", "ConditionalFaults"),
    ("Lasted", "TriggeredPlay"),
    ("Slip", "RowError"),
    ("Beginning", "ShardPreamble"),
    ("Drilled", "RuleEvaluation"),
    ("Came", "ActualResult"),
    ("Weighed", "RankedInputs"),
    ("Strain", "OverloadSign"),
    ("Manners", "TerminalState"),
    ("Hands", "DeployControl"),
    ("Grounds", "AlertAttribution"),
    ("Mail", "QueuedMessage"),
    ("Hearing", "BoardBuilder"),
    ("CameTo", "LineOutcome"),
    ("RuleTold", "RuleExplanation"),
    ("PlayTold", "PlayExplanation"),
    ("StepTold", "StepExplanation"),
    ("GuessesTold", "GuessComparison"),
    ("WindowTold", "WindowReport"),
    ("Fate", "LineStatus"),
    ("Flaw", "LineError"),
    ("Passage", "BreakerDecision"),
    ("Blame", "DelayAttribution"),
    ("Humans", "SimulatedPeople"),
    ("OwedWord", "OwedMessage"),
    ("Informed", "AudienceTimeline"),
    ("Lasting", "EffectTrigger"),
    ("Sought", "SearchOptions"),
    ("Paid", "SegmentImpact"),
    ("Everything", "LoadedRecord"),
    ("Drill", "RuleEvaluator"),
    ("Likeliest", "MedianPerson"),
    ("Varied", "VariedPlan"),
    ("Varies", "VaryingValues"),
    ("Unjudged", "UnjudgedRule"),
    ("at_the_door", "begin_or_hold"),
    ("turn_waiting_room", "set_waiting_room"),
    ("behind_backlog", "backlog_cause"),
    ("behind_probes", "probe_cause"),
    ("pay_for", "tell_on_behalf"),
];

/// Phrases as people read them once, each with the better one; letter case does not matter.
const PHRASES: &[(&str, &str)] = &[
    ("relapse", "reopened"),
    ("runs backwards", "the range is reversed"),
    ("the year is absurd", "out of range"),
    ("who paid", "who was affected"),
    ("anew", "again"),
    ("so many times", "this many times"),
    ("cannot be meant", "is probably a mistake"),
    ("trial day", "run"),
    ("where it stands", "its place, or its state"),
    ("how it stands", "its status"),
    ("what stands", "what is"),
    ("stands here", "is here"),
    ("stands there", "is there"),
    ("everything stands", "the status of everything"),
    ("is no day", "is not a day"),
];

#[test]
fn replaced_names_stay_replaced() {
    check(|source| {
        let mut found = Vec::new();
        for (number, line) in super::numbered(&source.code) {
            for name in line.split(|c: char| !c.is_alphanumeric() && c != '_') {
                if let Some((old, new)) = NAMES.iter().find(|(old, _)| *old == name) {
                    found.push((number, format!("`{old}` is called `{new}` now")));
                }
            }
        }
        found
    });
}

#[test]
fn replaced_phrases_stay_replaced() {
    check(|source| {
        if !source.path.starts_with("src/") {
            return Vec::new();
        }
        let (text, starts) = joined(&source.text);
        let mut found = Vec::new();
        for (old, new) in PHRASES {
            for (at, _) in text.match_indices(*old) {
                let number = starts.partition_point(|start| *start <= at);
                found.push((number, format!("say `{new}`, not `{old}`")));
            }
        }
        found
    });
}

#[test]
fn phrases_are_found_across_lines() {
    let (text, starts) = joined("a\n    /// The year\n    /// is Absurd.\n\"Trial \\\n   day\"\n");
    assert_eq!(text, "a the year is absurd. \"trial day\" ");
    assert_eq!(starts, [0, 2, 11, 22, 29]);
}

/// The text in lower case as one line, without the signs of comments and of strings that go on in
/// the next line, and where in it each line starts.
fn joined(text: &str) -> (String, Vec<usize>) {
    let (mut whole, mut starts) = (String::new(), Vec::new());
    for line in text.lines() {
        starts.push(whole.len());
        let line = line.trim().trim_start_matches(['/', '!']).trim_end_matches('\\').trim();
        whole.push_str(&line.to_lowercase());
        whole.push(' ');
    }
    (whole, starts)
}
