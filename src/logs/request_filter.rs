//! Handing out requests: filters by time, sets apart what is not a visitor and what stays open.

use super::counts::FileCounts;
use super::moment::Moment;
use super::options::LogReadOptions;
use super::request::Request;
use super::visitors::VisitorClassifier;

/// What handing out needs besides the line.
pub(super) struct RequestFilter<'f> {
    pub counts: &'f mut FileCounts,
    pub newest: &'f mut Moment,
    pub visitors: &'f mut VisitorClassifier,
    pub options: &'f LogReadOptions,
}

/// Whether a request waits for something to happen, whatever the site.
fn listens(target: &[u8]) -> bool {
    let holds = |text: &[u8]| memchr::memmem::find(target, text).is_some();
    // Few targets have a query or that path: the others are told by a single byte.
    memchr::memchr(b'?', target).is_some()
        && (holds(b"transport=polling") || holds(b"transport=websocket"))
        || target.len() > 8 && memchr::memchr(b'k', target).is_some() && holds(b"/sockjs/")
}

impl RequestFilter<'_> {
    /// Hands a request out, if it counts.
    pub fn out(self, mut request: Request<'_>, each: &mut impl FnMut(&Request<'_>)) {
        let RequestFilter { counts, newest, visitors, options } = self;
        let at = request.at;
        *newest = at.max(*newest);
        if at < options.since || at >= options.until {
            counts.outside += 1;
            return;
        }
        if let Some(other) = visitors.other(&request, &options.ignore) {
            counts.count_non_visitor(other.name, other.ignored);
            if other.ignored {
                return;
            }
        }
        if options.streams.iter().any(|path| path.holds_target(&request.target))
            || listens(&request.target)
        {
            (request.stream, request.elapsed) = (true, None);
        }
        counts.requests += 1;
        counts.untimed += u64::from(request.elapsed.is_none() && !request.stream);
        counts.streams += u64::from(request.stream);
        counts.span = match counts.span {
            Some((from, to)) => Some((from.min(at), to.max(at))),
            None => Some((at, at)),
        };
        each(&request);
    }
}
