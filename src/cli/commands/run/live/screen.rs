//! The screen for the players: a file that is replaced whole, or a page that is served.

use crate::journal::{Entry, Header};
use crate::report::PlayerScreen;
use crate::units::{Span, Time};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The page is made anew and loaded again as often.
const REFRESH: Duration = Duration::from_secs(2);

/// A browser that says nothing for so long, or more than this, is sent away.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST: usize = 16 << 10;

/// The page as it is now, for everybody who asks.
pub(super) type Served = Arc<Mutex<String>>;

/// Where the players look.
pub(super) struct Screen {
    file: Option<PathBuf>,
    served: Option<Served>,
    page: PlayerScreen,
    /// When the page was last made; `None`: never.
    made: Option<Instant>,
    /// What kept the last page from being written.
    problem: Option<String>,
}

impl Screen {
    /// A screen before anything has happened.
    pub(super) fn new(
        header: &Header,
        file: Option<&Path>,
        served: Option<Served>,
    ) -> io::Result<Screen> {
        let (page, file) = (PlayerScreen::new(header)?, file.map(Path::to_path_buf));
        Ok(Screen { file, served, page, made: None, problem: None })
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
        let news = problem.clone().filter(|_| problem != self.problem);
        self.problem = problem;
        news.map(|error| format!("cannot write the player screen {}: {error}", path.display()))
    }
}

/// A browser sees the page whole or not at all.
pub(super) fn replace(path: &Path, page: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".sim-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(page.as_bytes())?;
    crate::cli::shared::files::publish(file, path)
}

/// Waits for browsers at an address.
pub(super) async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Answers every browser with the page as it is then.
pub(super) async fn serve(listener: TcpListener, page: Served) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let page = page.clone();
                tokio::spawn(async move {
                    // A browser that goes away, or never asks, is none of our business.
                    drop(tokio::time::timeout(PATIENCE, answer(stream, page)).await);
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
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).into_owned();
    let body = page.lock().unwrap_or_else(|broken| broken.into_inner()).clone();
    stream.write_all(response(&line, &body).as_bytes()).await?;
    stream.shutdown().await
}

/// The answer to the first line of a request.
fn response(line: &str, page: &str) -> String {
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let (status, body) = match (method, path) {
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

    #[test]
    fn a_browser_gets_the_page_and_nothing_else() {
        let page = response("GET / HTTP/1.1", "<p>é");
        assert!(
            page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\n<p>é"),
            "{page}"
        );
        assert!(page.contains("Content-Length: 5\r\n"));
        assert!(response("GET /?again HTTP/1.1", "").starts_with("HTTP/1.1 200"));
        assert!(response("HEAD / HTTP/1.1", "<p>").ends_with(
            "Content-Length: 3\r\n\
            Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        ));
        assert!(response("GET /../etc/passwd HTTP/1.1", "").starts_with("HTTP/1.1 404"));
        assert!(response("POST / HTTP/1.1", "").starts_with("HTTP/1.1 405"));
        assert!(response("", "").starts_with("HTTP/1.1 405"));
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
