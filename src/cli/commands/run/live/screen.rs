//! The screen for the players: a file that is replaced whole, or a page that is served.
//!
//! Served by hand: it is one page without input, and a web framework would bring more code that
//! strangers can reach than it replaces.

use crate::cli::shared::draft::Draft;
use crate::journal::{Entry, Header};
use crate::report::PlayerScreen;
use crate::units::{Span, Time};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How often browsers load the page again; it is made again after half of it, so that what they
/// show is at most three seconds old. A choice.
const REFRESH: Duration = Duration::from_secs(2);

/// A browser whose request and answer take longer than this, or whose request has more bytes than
/// this, is disconnected. A choice: browsers send a few hundred bytes at once.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST: usize = 16 << 10;

/// The most browsers that are served at a time, and the most from one address. A choice: each is
/// served for a moment every two seconds, so that a room of people behind one address fits.
const MOST: usize = 64;
const MOST_OF_ONE: usize = 16;

/// The page as it is now, for everybody who asks.
pub(super) type Served = Arc<Mutex<String>>;

/// Where the players look.
pub(super) struct PlayersView {
    file: Option<PathBuf>,
    served: Option<Served>,
    page: PlayerScreen,
    /// When the page was last made; `None`: never.
    made: Option<Instant>,
    /// What kept the last page from being written.
    problem: Option<String>,
}

impl PlayersView {
    /// A screen before anything has happened.
    pub(super) fn new(
        header: &Header,
        code_name: &str,
        file: Option<&Path>,
        served: Option<Served>,
    ) -> io::Result<PlayersView> {
        let (page, file) = (PlayerScreen::new(header, code_name), file.map(Path::to_path_buf));
        Ok(PlayersView { file, served, page, made: None, problem: None })
    }

    /// What kept the last page from being written.
    pub(super) fn problem(&self) -> Option<String> {
        let (path, error) = (self.file.as_ref()?, self.problem.as_ref()?);
        Some(format!("cannot write the player screen {}: {error}", path.display()))
    }

    pub(super) fn add(&mut self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.page.add(entry));
    }

    /// Shows what there is, if it is time to. Says what is wrong with the file, once.
    pub(super) fn show(&mut self, now: Time, paused: bool, at_once: bool) -> Option<String> {
        let due = self.made.is_none_or(|made| made.elapsed() >= REFRESH / 2) || at_once;
        if !due || (self.file.is_none() && self.served.is_none()) {
            return None;
        }
        self.made = Some(Instant::now());
        let page = self.page.page(now, paused, Span::from_secs(REFRESH.as_secs()));
        if let Some(served) = &self.served {
            served.lock().unwrap_or_else(|broken| broken.into_inner()).clone_from(&page);
        }
        let path = self.file.as_ref()?;
        let problem = replace(path, &page).err().map(|error| error.to_string());
        let news = problem != self.problem;
        self.problem = problem;
        self.problem().filter(|_| news)
    }
}

/// A browser sees the page whole or not at all.
pub(super) fn replace(path: &Path, page: &str) -> io::Result<()> {
    let mut draft = Draft::at(path)?;
    draft.attempt(|to| to.write_all(page.as_bytes()));
    draft.publish()
}

/// Waits for browsers at an address.
pub(super) async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Answers every browser with the page as it is then, until this is dropped.
pub(super) async fn serve(listener: TcpListener, page: Served) {
    let mut browsers = JoinSet::new();
    let mut of_client: HashMap<IpAddr, usize> = HashMap::new();
    loop {
        let accepted = tokio::select! {
            Some(gone) = browsers.join_next() => {
                if let Ok(client) = gone
                    && let Some(open) = of_client.get_mut(&client)
                {
                    *open -= 1;
                    of_client.retain(|_, open| *open > 0);
                }
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, client)) => {
                let client = client.ip();
                let open = of_client.entry(client).or_default();
                if browsers.len() >= MOST || *open >= MOST_OF_ONE {
                    // It is closed, and may come again.
                    of_client.retain(|_, open| *open > 0);
                    continue;
                }
                *open += 1;
                let page = page.clone();
                browsers.spawn(async move {
                    // A browser that disconnects, or never sends a request, is ignored.
                    drop(tokio::time::timeout(PATIENCE, answer(stream, page)).await);
                    client
                });
            }
            // Out of descriptors, most likely: others will be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn answer(mut stream: TcpStream, page: Served) -> io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 2048];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await?;
        if read == 0 || request.len() > LONGEST {
            return Ok(());
        }
        request.extend(&buffer[..read]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let body = page.lock().unwrap_or_else(|broken| broken.into_inner()).clone();
    stream.write_all(response(&request, &body).as_bytes()).await?;
    stream.shutdown().await
}

/// Whether a request is for this server: by its address, or as `localhost`. Any other name may be
/// one that a page of somebody else has made point here.
fn meant_for_us(request: &str) -> bool {
    let mut hosts = request.split("\r\n").skip(1).filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    match (hosts.next(), hosts.next()) {
        // Before HTTP/1.1 nobody named the host; no browser does that.
        (None, _) => request.lines().next().is_some_and(|line| line.ends_with("HTTP/1.0")),
        (Some(host), None) => {
            let named = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let address = host.parse::<SocketAddr>().is_ok()
                || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
            address || named.eq_ignore_ascii_case("localhost")
        }
        (Some(_), Some(_)) => false,
    }
}

/// The answer to a request.
fn response(request: &str, page: &str) -> String {
    let line = request.split("\r\n").next().unwrap_or_default();
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let (status, body) = match (method, path) {
        ("GET" | "HEAD", _) if !meant_for_us(request) => (
            "421 Misdirected Request",
            "EXERCISE: ask for this page by the address of the server\n",
        ),
        ("GET" | "HEAD", "/") => ("200 OK", page),
        ("GET" | "HEAD", _) => ("404 Not Found", "EXERCISE: the player screen is at /\n"),
        _ => ("405 Method Not Allowed", "EXERCISE: this page can only be looked at\n"),
    };
    let kind = if status.starts_with("200") { "text/html" } else { "text/plain" };
    let length = body.len();
    let body = if method == "HEAD" { "" } else { body };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request of a browser.
    fn request(line: &str) -> String {
        format!("{line}\r\nHost: 127.0.0.1:8080\r\n\r\n")
    }

    #[test]
    fn a_browser_gets_the_page_and_nothing_else() {
        let page = response(&request("GET / HTTP/1.1"), "<p>é");
        assert!(
            page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\n<p>é"),
            "{page}"
        );
        assert!(page.contains("Content-Length: 5\r\n"));
        assert!(response(&request("GET /?again HTTP/1.1"), "").starts_with("HTTP/1.1 200"));
        assert!(response(&request("HEAD / HTTP/1.1"), "<p>").ends_with(
            "Content-Length: 3\r\n\
            Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        ));
        let missing = response(&request("GET /../etc/passwd HTTP/1.1"), "");
        assert!(missing.starts_with("HTTP/1.1 404"));
        assert!(response(&request("POST / HTTP/1.1"), "").starts_with("HTTP/1.1 405"));
        assert!(response("", "").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn only_who_asks_for_this_server_is_answered() {
        let asked = |host: &str| format!("GET / HTTP/1.1\r\n{host}\r\n\r\n");
        let ours =
            ["Host: 127.0.0.1:8080", "host: localhost", "Host: [::1]:8080", "Host: 10.0.0.7"];
        ours.iter().for_each(|host| assert!(meant_for_us(&asked(host)), "{host}"));
        let others = ["Host: evil.example:8080", "Accept: *", "Host:", "Host: a\r\nHost: 1.2.3.4"];
        others.iter().for_each(|host| assert!(!meant_for_us(&asked(host)), "{host}"));
        assert!(meant_for_us("GET / HTTP/1.0\r\n\r\n"));
        let refused = response(&asked("Host: evil.example"), "<p>secret");
        assert!(refused.starts_with("HTTP/1.1 421") && !refused.contains("secret"), "{refused}");
    }

    #[test]
    fn the_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("players.html");
        replace(&path, "one").expect("written");
        replace(&path, "two").expect("written again");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
        assert!(replace(&folder.path().join("none/players.html"), "").is_err());
    }
}
