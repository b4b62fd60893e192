//! Many logs as one, by time.

use super::counts::{FileCounts, LogCounts};
use super::error::LogError;
use super::feed::Feed;
use super::moment::Moment;
use super::options::LogReadOptions;
use super::request::Request;
use super::source::LogSource;
use crate::units::Span;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

/// What is handed out while logs are read.
#[derive(Debug)]
pub enum LogItem<'a> {
    /// One request. Those of one log come as they stand in it, those of several by time as far as
    /// the logs themselves are in order.
    Request(&'a Request<'a>),
    /// No request before this moment will come any more.
    Complete(Moment),
}

/// How much is read of a log at a time.
const PIECE: usize = 1 << 16;
/// The first request of a log is looked for in this many bytes.
const MOST_LOOKED_AT: usize = 1 << 22;
/// How many bytes tell one log from another.
const COMPARED: usize = 4096;
/// A log with a longer silence than this is not one log: a month, so that a wrong year shows. The
/// length is a choice: with less, a site that was closed for weeks would be refused.
const LONGEST_SILENCE: Span = Span::from_secs(31 * 86_400);

/// One log among several.
struct MergeInput {
    source: LogSource,
    name: String,
    /// Its first bytes.
    beginning: Vec<u8>,
    reader: Option<Box<dyn Read + Send>>,
    /// The reader is past the beginning already: it could not have been opened twice.
    held: bool,
    feed: Feed,
}

/// Reads all sources, from the earliest request to the latest, and says what was seen. Holds one
/// piece of every log whose time has come, and opens no log before that.
pub fn read(
    sources: &[LogSource],
    options: &LogReadOptions,
    each: &mut impl FnMut(LogItem<'_>),
) -> Result<LogCounts, LogError> {
    let mut inputs = Vec::with_capacity(sources.len());
    let mut turns = BinaryHeap::new();
    let mut empty = Vec::new();
    for source in sources {
        let (input, first) = match MergeInput::look(source, options) {
            // An empty file beside full ones is what rotation leaves.
            Err(LogError::Empty { name }) if sources.len() > 1 => {
                empty.push((name, FileCounts::default()));
                continue;
            }
            looked => looked?,
        };
        if let Some(twin) = inputs.iter().find(|other: &&MergeInput| other.begins_like(&input)) {
            return Err(LogError::Twice { first: twin.name.clone(), second: input.name });
        }
        turns.push(Reverse((first, inputs.len())));
        inputs.push(input);
    }
    if inputs.is_empty()
        && let Some((name, _)) = empty.first()
    {
        return Err(LogError::Empty { name: name.clone() });
    }
    let mut silence = Silence { newest: None, longest: None };
    while let Some(Reverse((_, turn))) = turns.pop() {
        let next = turns.peek().map_or(Moment::MAX, |Reverse((moment, _))| *moment);
        let more = inputs[turn].advance(next, &mut |step| {
            if let LogItem::Request(request) = &step {
                silence.heard(request.at);
            }
            if silence.longest.is_some() {
                return;
            }
            if let LogItem::Complete(until) = step {
                let disorder = options.disorder.unwrap_or_default();
                each(LogItem::Complete(until.min(next.minus(disorder))));
            } else {
                each(step);
            }
        });
        if let Some((from, to)) = silence.longest {
            return Err(LogError::Silent { name: inputs[turn].name.clone(), from, to });
        }
        if more {
            turns.push(Reverse((inputs[turn].feed.newest(), turn)));
        }
    }
    let files = inputs.into_iter().map(|input| (input.name, input.feed.counts().clone()));
    let counts = LogCounts { files: files.chain(empty).collect() };
    verdict(counts, options)
}

/// Whether what was read can be used.
fn verdict(counts: LogCounts, options: &LogReadOptions) -> Result<LogCounts, LogError> {
    if counts.bad_share() > options.max_bad.0 {
        return Err(LogError::Bad { counts: Box::new(counts), most: options.max_bad });
    }
    if counts.requests() == 0 {
        return Err(LogError::Nothing { counts: Box::new(counts) });
    }
    Ok(counts)
}

/// The longest that nothing was heard, if it was too long.
struct Silence {
    newest: Option<Moment>,
    longest: Option<(Moment, Moment)>,
}

impl Silence {
    fn heard(&mut self, at: Moment) {
        let before = self.newest.unwrap_or(at);
        if at.since(before) > LONGEST_SILENCE && self.longest.is_none() {
            self.longest = Some((before, at));
        }
        self.newest = Some(before.max(at));
    }
}

impl MergeInput {
    /// Opens a source and looks at its beginning: its format, and when it begins.
    fn look(
        source: &LogSource,
        options: &LogReadOptions,
    ) -> Result<(MergeInput, Moment), LogError> {
        let name = source.name();
        let unreadable = |error| LogError::Unreadable { name: name.clone(), error };
        let mut reader = source.open().map_err(unreadable)?;
        let everything =
            LogReadOptions { since: Moment::MIN, until: Moment::MAX, ..options.clone() };
        let mut trial = Feed::new(everything);
        let (mut beginning, mut piece, mut first) = (Vec::new(), vec![0; PIECE], None);
        while first.is_none() && !trial.is_finished() {
            let (read, result) = fill(&mut reader, &mut piece);
            if let (0, true, Err(error)) = (read, beginning.is_empty(), result) {
                return Err(unreadable(error));
            }
            beginning.extend_from_slice(&piece[..read]);
            trial.push(&piece[..read]);
            if read < PIECE || beginning.len() >= MOST_LOOKED_AT {
                trial.finish();
            }
            while first.is_none() && trial.step(&mut |request| first = Some(request.at)) {}
        }
        if trial.counts().lines == 0 {
            return Err(LogError::Empty { name });
        }
        if trial.counts().format.is_none() {
            let why = trial.counts().why.clone().unwrap_or_default();
            return Err(LogError::Unknown { name, why });
        }
        let again = matches!(source, LogSource::File(path) if path.is_file());
        if again {
            beginning.truncate(COMPARED);
        }
        let input = MergeInput {
            source: source.clone(),
            name,
            beginning,
            reader: (!again).then_some(reader),
            held: !again,
            feed: Feed::new(options.clone()),
        };
        Ok((input, first.unwrap_or(Moment::MIN)))
    }

    fn begins_like(&self, other: &MergeInput) -> bool {
        let (mine, others) = (&self.beginning, &other.beginning);
        let n = mine.len().min(others.len()).min(COMPARED);
        // A log that has only just begun proves nothing, unless it is all there is.
        (n == COMPARED || mine.len() == others.len()) && mine[..n] == others[..n]
    }

    /// Reads on until this log is ahead of `next`; false once it has ended.
    fn advance(&mut self, next: Moment, each: &mut impl FnMut(LogItem<'_>)) -> bool {
        let mut piece = Vec::new();
        loop {
            let before = self.feed.newest();
            if self.feed.step(&mut |request| each(LogItem::Request(request))) {
                if self.feed.newest() > before {
                    each(LogItem::Complete(self.feed.complete_until()));
                    if self.feed.newest() > next {
                        return true;
                    }
                }
                continue;
            }
            if self.feed.is_finished() {
                self.reader = None;
                return false;
            }
            piece.resize(PIECE, 0);
            if self.reader.is_none() {
                match self.source.open() {
                    Ok(reader) => self.reader = Some(reader),
                    Err(error) => self.feed.cut(error.to_string()),
                }
            } else if self.held {
                self.held = false;
                self.feed.push(&self.beginning);
                continue;
            }
            let Some(reader) = &mut self.reader else { continue };
            match fill(reader, &mut piece) {
                (read, Ok(())) => {
                    self.feed.push(&piece[..read]);
                    if read < PIECE {
                        self.feed.finish();
                    }
                }
                (read, Err(error)) => {
                    self.feed.push(&piece[..read]);
                    self.feed.cut(error.to_string());
                }
            }
        }
    }
}

/// Reads until the piece is full or there is no more; how much, and what went wrong after it.
fn fill(reader: &mut dyn Read, piece: &mut [u8]) -> (usize, io::Result<()>) {
    let mut read = 0;
    while read < piece.len() {
        match reader.read(&mut piece[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (read, Err(error)),
        }
    }
    (read, Ok(()))
}
