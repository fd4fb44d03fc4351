//! A look at the pages in a browser before the public has them. For one person on one machine:
//! only addresses of the machine itself are served, whoever asks.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use super::pages::SitePath;
use super::pages::render::NOT_FOUND;
use crate::tr;

/// Why the preview does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not one of this machine alone.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The address is taken or may not be used.
    #[error("{0}")]
    Listen(String),
    /// There are no pages there.
    #[error("no pages in {}", .0.display())]
    NoPages(PathBuf),
}

impl ServeError {
    /// The sentence a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::NotLoopback(at) => tr!("pages-serve-loopback", address = at.to_string()),
            Self::Listen(cause) => tr!("pages-serve-listen", cause = cause.clone()),
            Self::NoPages(dir) => tr!(
                "pages-serve-nothing",
                dir = crate::report::inert::line(&dir.display().to_string())
            ),
        }
    }

    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLoopback(_) => "serve.loopback",
            Self::Listen(_) => "serve.listen",
            Self::NoPages(_) => "serve.nothing",
        }
    }
}

/// A preview of one directory.
pub struct Preview {
    server: Server,
    dir: PathBuf,
    at: SocketAddr,
}

impl Preview {
    /// Takes an address; port 0 takes any that is free.
    pub fn new(dir: &Path, at: SocketAddr) -> Result<Self, ServeError> {
        if !at.ip().is_loopback() {
            return Err(ServeError::NotLoopback(at));
        }
        let dir = dir
            .canonicalize()
            .map_err(|_| ServeError::NoPages(dir.to_owned()))?;
        if !dir.join("index.html").is_file() {
            return Err(ServeError::NoPages(dir));
        }
        let server = Server::http(at).map_err(|e| ServeError::Listen(e.to_string()))?;
        let at = server.server_addr().to_ip().unwrap_or(at);
        Ok(Self { server, dir, at })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://{}/", self.at)
    }

    /// Answers until the process ends.
    pub fn run(&self) {
        for request in self.server.incoming_requests() {
            self.answer(request);
        }
    }

    /// Answers one request.
    pub fn answer_one(&self) {
        if let Ok(request) = self.server.recv() {
            self.answer(request);
        }
    }

    fn answer(&self, request: Request) {
        if !self.is_for_us(&request) {
            // Another site's script that learned to call this machine by its own name.
            return send(request, 403, "text/plain; charset=utf-8", None);
        }
        if !matches!(request.method(), Method::Get | Method::Head) {
            return send(request, 405, "text/plain; charset=utf-8", None);
        }
        match self.find(request.url()) {
            Found::File(path, file) => send(request, 200, content_type(path.as_str()), Some(file)),
            Found::Directory(to) => redirect(request, &to),
            Found::Nothing => {
                let page = open(&self.dir, NOT_FOUND);
                send(request, 404, "text/html; charset=utf-8", page);
            }
        }
    }

    fn is_for_us(&self, request: &Request) -> bool {
        request.headers().iter().any(|header| {
            header.field.equiv("Host")
                && [format!("localhost:{}", self.at.port()), self.at.to_string()]
                    .contains(&header.value.as_str().to_ascii_lowercase())
        })
    }

    fn find(&self, url: &str) -> Found {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let Some(path) = decoded(path) else {
            return Found::Nothing;
        };
        let path = path.trim_start_matches('/');
        let wanted = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        // Nothing hidden, nothing above, nothing a page could not be called.
        let Ok(wanted) = SitePath::new(wanted) else {
            return Found::Nothing;
        };
        match open(&self.dir, wanted.as_str()) {
            Some(file) => Found::File(wanted, file),
            None if self.dir.join(wanted.as_str()).join("index.html").is_file() => {
                Found::Directory(format!("/{}/", wanted.href()))
            }
            None => Found::Nothing,
        }
    }
}

enum Found {
    File(SitePath, File),
    Directory(String),
    Nothing,
}

/// A plain file below the directory; a link anywhere on the way is none.
fn open(dir: &Path, path: &str) -> Option<File> {
    let mut at = dir.to_owned();
    for name in path.split('/') {
        at.push(name);
        if at.symlink_metadata().ok()?.is_symlink() {
            return None;
        }
    }
    at.is_file().then(|| File::open(at).ok()).flatten()
}

fn decoded(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let pair = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
            out.push(u8::from_str_radix(pair, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}

/// What a browser is told a file is.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ext)| ext) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" if path.ends_with("feed.json") => "application/feed+json; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" if path.ends_with("feed.xml") => "application/atom+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "note" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}

fn headers(pairs: &[(&str, &str)]) -> Vec<Header> {
    pairs
        .iter()
        .filter_map(|(name, value)| Header::from_bytes(*name, *value).ok())
        .collect()
}

fn send(request: Request, status: u16, kind: &str, file: Option<File>) {
    let common = headers(&[
        ("Content-Type", kind),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        ("Allow", "GET, HEAD"),
    ]);
    // A browser that went away is no failure of ours.
    let _ = match file {
        Some(file) => {
            let mut response = Response::from_file(file).with_status_code(StatusCode(status));
            // The library's own guess goes.
            for header in common {
                response.add_header(header);
            }
            request.respond(response)
        }
        None => {
            let mut response =
                Response::from_string(status.to_string()).with_status_code(StatusCode(status));
            for header in common {
                response.add_header(header);
            }
            request.respond(response)
        }
    };
}

fn redirect(request: Request, to: &str) {
    let mut response = Response::from_string("").with_status_code(StatusCode(301));
    for header in headers(&[("Location", to), ("Cache-Control", "no-store")]) {
        response.add_header(header);
    }
    let _ = request.respond(response);
}
