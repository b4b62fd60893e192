//! Formats of text lines that are known by name, described as anybody could describe them.

use super::layout::{LineLayout, Spans};
use super::template::{self, Described};
use std::sync::OnceLock;

/// A format of text lines.
#[derive(Debug)]
pub(super) struct KnownFormat {
    /// The word for `--format`.
    pub word: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// How its lines are written.
    pub template: &'static str,
    /// It is found by looking; the others must be said, because their lines look like others'.
    pub found: bool,
}

/// The most particular first.
pub(super) const KNOWN: [KnownFormat; 20] = [
    KnownFormat {
        word: "alb",
        title: "AWS Application Load Balancer",
        template: "$kind $time $elb $remote_addr:$port $target $elapsed_s $elapsed_s $elapsed_s \
                   $status $target_status $received $sent \"$request\" \"$agent\" $cipher \
                   $protocol $group \"$trace\" \"$domain\" \"$certificate\" $priority $began",
        found: true,
    },
    KnownFormat {
        word: "elb",
        title: "AWS classic load balancer",
        template: "$time $elb $remote_addr:$port $backend $elapsed_s $elapsed_s $elapsed_s \
                   $status $backend_status $received $sent \"$request\" \"$agent\"",
        found: true,
    },
    KnownFormat {
        word: "s3",
        title: "Amazon S3 server access log",
        template: "$owner $bucket [$time] $remote_addr $requester $id $operation $key \
                   \"$request\" $status $error $sent $size $elapsed_ms $turnaround \"$referer\" \
                   \"$agent\"",
        found: true,
    },
    KnownFormat {
        word: "haproxy",
        title: "HAProxy",
        template: "$remote_addr:$port [$time] $frontend $backend/$server \
                   $wait/$queue/$connect/$response/$elapsed_ms $status $bytes $_ $_ $termination \
                   $_ $_ \"$request\"",
        found: true,
    },
    KnownFormat {
        word: "envoy",
        title: "Envoy",
        template: "[$time] \"$request\" $status $flags $received $sent $elapsed_ms $upstream \
                   \"$forwarded\" \"$agent\"",
        found: true,
    },
    KnownFormat {
        word: "istio",
        title: "Istio",
        template: "[$time] \"$request\" $status $flags $details $termination \"$reason\" \
                   $received $sent $elapsed_ms $upstream \"$forwarded\" \"$agent\"",
        found: true,
    },
    KnownFormat {
        word: "gorouter",
        title: "Cloud Foundry gorouter",
        template: "$host - [$time] \"$request\" $status $received $sent \"$referer\" \"$agent\" \
                   $_ response_time:$elapsed_s",
        found: true,
    },
    KnownFormat {
        word: "nginx-proxy-manager",
        title: "Nginx Proxy Manager",
        template: "[$time] $cache $upstream_status $status - $method $scheme $host \"$path\" \
                   [Client $remote_addr] [Length $length] [Gzip $gzip] [Sent-to $server] \
                   \"$agent\" \"$referer\"",
        found: true,
    },
    KnownFormat {
        word: "ingress-nginx",
        title: "ingress-nginx",
        template: "$remote_addr - $remote_user [$time] \"$request\" $status $sent \"$referer\" \
                   \"$agent\" $length $request_time [$upstream]",
        found: true,
    },
    KnownFormat {
        word: "traefik",
        title: "Traefik",
        template: "$remote_addr - $remote_user [$time] \"$request\" $status $sent \"$referer\" \
                   \"$agent\" $count \"$router\" \"$server\" $elapsed",
        found: true,
    },
    KnownFormat {
        word: "gerrit",
        title: "Gerrit",
        template: "$remote_addr [$thread] $_ [$time] \"$request\" $status $sent $elapsed_ms $_ \
                   \"$agent\"",
        found: true,
    },
    KnownFormat {
        word: "squid",
        title: "Squid",
        template: "$time $elapsed_ms $remote_addr $result/$status $bytes $method $path $user \
                   $hierarchy/$server $type",
        found: true,
    },
    KnownFormat {
        word: "uwsgi",
        title: "uWSGI",
        template: "[pid: $pid|$_] $remote_addr ($_) {$_} [$time] $method $path => generated \
                   $bytes bytes in $elapsed_ms msecs ($protocol $status)",
        found: true,
    },
    KnownFormat {
        word: "gin",
        title: "Gin",
        template: "[GIN] $time | $status | $elapsed | $remote_addr | $method \"$path\"",
        found: true,
    },
    KnownFormat {
        word: "combined-us",
        title: "combined with microseconds at the end (Apache's %D)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes \"$referer\" \
                   \"$agent\" $elapsed_us",
        found: false,
    },
    KnownFormat {
        word: "combined-ms",
        title: "combined with milliseconds at the end (Apache's %{ms}T)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes \"$referer\" \
                   \"$agent\" $elapsed_ms",
        found: false,
    },
    KnownFormat {
        word: "combined-s",
        title: "combined with seconds at the end (Apache's %T, nginx's $request_time)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes \"$referer\" \
                   \"$agent\" $elapsed_s",
        found: false,
    },
    KnownFormat {
        word: "common-us",
        title: "common with microseconds at the end (Apache's %D)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes $elapsed_us",
        found: false,
    },
    KnownFormat {
        word: "common-ms",
        title: "common with milliseconds at the end (Apache's %{ms}T)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes $elapsed_ms",
        found: false,
    },
    KnownFormat {
        word: "common-s",
        title: "common with seconds at the end (Apache's %T)",
        template: "$remote_addr $ident $user [$time] \"$request\" $status $bytes $elapsed_s",
        found: false,
    },
];

/// The pattern of each known format.
pub(super) fn layouts() -> &'static [LineLayout] {
    static LAYOUTS: OnceLock<Vec<LineLayout>> = OnceLock::new();
    LAYOUTS.get_or_init(|| {
        let layout = |known: &KnownFormat| match template::parse(known.template) {
            Ok(Described::Text(layout)) => layout,
            other => panic!("{}: {other:?}", known.word),
        };
        KNOWN.iter().map(layout).collect()
    })
}

/// The known format of most of these lines, if at least half of them are exactly of it.
pub(super) fn find(lines: &[&[u8]]) -> Option<(&'static KnownFormat, &'static LineLayout)> {
    let mut spans = Spans::new();
    let mut best: Option<(usize, usize)> = None;
    for (index, (known, layout)) in KNOWN.iter().zip(layouts()).enumerate() {
        if !known.found {
            continue;
        }
        let fits = lines.iter().filter(|line| layout.fits_exactly(line, &mut spans)).count();
        if 2 * fits >= lines.len().max(1) && best.is_none_or(|(most, _)| fits > most) {
            best = Some((fits, index));
        }
    }
    best.map(|(_, index)| (&KNOWN[index], &layouts()[index]))
}

/// The known format of a word.
pub(super) fn of_word(word: &str) -> Option<(&'static KnownFormat, &'static LineLayout)> {
    let index = KNOWN.iter().position(|known| known.word == word)?;
    Some((&KNOWN[index], &layouts()[index]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_format_is_a_pattern_and_has_its_own_word() {
        assert_eq!(layouts().len(), KNOWN.len());
        for (index, known) in KNOWN.iter().enumerate() {
            assert!(KNOWN[..index].iter().all(|other| other.word != known.word), "{}", known.word);
        }
    }

    #[test]
    fn lines_are_known_by_their_shape() {
        let cases = [
            (
                "envoy",
                "[2018-11-07T22:00:02.479Z] \"GET /a HTTP/1.1\" 200 - 0 17585 69 68 \
                 \"198.51.100.29\" \"curl\" \"x\" \"www\" \"10.0.2.1:80\"",
            ),
            (
                "haproxy",
                "198.51.100.29:21552 \
                 [07/Nov/2018:22:00:02.479] https-in~ be/<NOSRV> 0/-1/-1/-1/0 503 212 - - SC-- \
                 18/18/0/1/0 0/0 {www|Mozilla} \"GET /a HTTP/1.1\"",
            ),
            (
                "squid",
                "1541628002.479     69 198.51.100.29 TCP_MISS/200 17585 GET \
                 http://www.example.org/a - HIER_DIRECT/192.0.2.7 text/html",
            ),
            (
                "gin",
                "[GIN] 2018/11/07 - 22:00:02 | 200 |     69.1ms |   198.51.100.29 | GET      \
                 \"/a\"",
            ),
            (
                "uwsgi",
                "[pid: 7|app: 0|req: 1/1] 198.51.100.29 () {30 vars in 400 bytes} [Wed Nov  7 \
                 22:00:02 2018] GET /a => generated 17585 bytes in 69 msecs (HTTP/1.1 200) 2 \
                 headers in 79 bytes (1 switches on core 0)",
            ),
        ];
        for (word, line) in cases {
            let found = find(&[line.as_bytes()]).map(|(known, _)| known.word);
            assert_eq!(found, Some(word), "{line}");
        }
        let combined = "198.51.100.29 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 5 \
         \"-\" \"curl\" 0.069";
        assert!(find(&[combined.as_bytes()]).is_none(), "that is for whoever infers");
    }
}
