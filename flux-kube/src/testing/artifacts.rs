//! A server of artifacts for tests of consumers, with faults.
//!
//! [`Artifacts::new`] serves without a network and in virtual time, through [`Artifacts::web`]; [`Artifacts::listen`] serves
//! at a port of the loopback device, for whole programs.
//!
//! # Examples
//!
//! ```
//! use fluxcd_kube::testing::Artifacts;
//!
//! let artifacts = Artifacts::new();
//! let artifact = artifacts.publish("a/b.tar.gz", "main@sha1:5394cb7f", &[("app.yaml", "kind: Secret")])?;
//! assert_eq!(artifact.url, "http://artifacts.test/a/b.tar.gz");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use fluxcd_api::meta::Artifact;
use futures::stream::{self, BoxStream, StreamExt};
use http::header::{CONTENT_LENGTH, LOCATION, RETRY_AFTER};
use http::{HeaderName, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use kube::client::Body;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::artifact::Digest;
use crate::client::Web;

/// A server of artifacts.
#[derive(Debug, Clone)]
pub struct Artifacts {
    base: String,
    state: Arc<Mutex<State>>,
    _server: Option<Arc<JoinSet<()>>>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<String, Bytes>,
    faults: VecDeque<ArtifactFault>,
    requests: Vec<String>,
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtifactFault {
    /// Another status, without a body.
    Status(u16),
    /// Another status, and how many seconds to wait.
    RetryAfter(u16, u64),
    /// Another address, whatever it is.
    Redirect(String),
    /// There is no answer.
    Hang,
    /// Half of the file, then the connection breaks.
    Reset,
    /// Half of the file, then nothing.
    Stall,
    /// Half of the file, as if that were all, but for the length in the header.
    Truncate,
    /// A part of the file each time that so much has passed: eight of them.
    Drip(Duration),
    /// That length in the header.
    Lie(u64),
    /// Another byte in the middle of the file.
    Corrupt,
}

type Parts = BoxStream<'static, io::Result<Frame<Bytes>>>;

impl Artifacts {
    /// A server without a network. Its clients are those of [`Artifacts::web`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            base: "http://artifacts.test".to_owned(),
            state: Arc::default(),
            _server: None,
        }
    }

    /// A server at a free port of the loopback device. It ends with the last value that speaks of it.
    ///
    /// # Errors
    ///
    /// If there is no port.
    pub async fn listen() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let state = Arc::<Mutex<State>>::default();
        let served = Arc::clone(&state);
        let mut server = JoinSet::new();
        server.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&served)));
            }
        });
        Ok(Self {
            base,
            state,
            _server: Some(Arc::new(server)),
        })
    }

    /// Clients for which this server is the whole web.
    #[must_use]
    pub fn web(&self) -> Web {
        let state = Arc::clone(&self.state);
        Web::with(tower::service_fn(move |request: Request<Body>| {
            let state = Arc::clone(&state);
            async move {
                let answer = answer(&state, request.uri().path()).await;
                Ok::<_, Infallible>(answer.map(StreamBody::new))
            }
        }))
    }

    /// Serves an archive of files, given by path and content, and returns the artifact as a source would offer it.
    ///
    /// # Errors
    ///
    /// If a path cannot stand in an archive.
    pub fn publish(
        &self,
        path: &str,
        revision: &str,
        files: &[(&str, &str)],
    ) -> io::Result<Artifact> {
        Ok(self.put(path, revision, archive(files)?))
    }

    /// Serves a file, and returns the artifact as a source would offer it.
    pub fn put(&self, path: &str, revision: &str, file: impl Into<Bytes>) -> Artifact {
        let file = file.into();
        let artifact = Artifact {
            path: path.to_owned(),
            url: format!("{}/{path}", self.base),
            revision: revision.to_owned(),
            digest: Digest::of(&file).to_string(),
            size: i64::try_from(file.len()).ok(),
            ..Artifact::default()
        };
        lock(&self.state).files.insert(format!("/{path}"), file);
        artifact
    }

    /// Serves a file no longer.
    pub fn remove(&self, path: &str) {
        lock(&self.state).files.remove(&format!("/{path}"));
    }

    /// Spoils one answer. Faults are taken in the order in which they were given.
    pub fn fault(&self, fault: ArtifactFault) {
        lock(&self.state).faults.push_back(fault);
    }

    /// The paths that were asked for.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.state).requests.clone()
    }
}

impl Default for Artifacts {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes a compressed archive of files, as a source does.
///
/// # Errors
///
/// If a path cannot stand in an archive.
pub fn archive(files: &[(&str, &str)]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, path, content.as_bytes())?;
    }
    builder.into_inner()?.finish()
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(state: &Mutex<State>, path: &str) -> Response<Parts> {
    let (file, fault) = {
        let mut state = lock(state);
        state.requests.push(path.to_owned());
        (state.files.get(path).cloned(), state.faults.pop_front())
    };
    let status = match (&file, &fault) {
        (_, Some(ArtifactFault::Status(code) | ArtifactFault::RetryAfter(code, _))) => *code,
        (_, Some(ArtifactFault::Redirect(_))) => 302,
        (None, _) => 404,
        (Some(_), _) => 200,
    };
    let file = file.filter(|_| status == 200).unwrap_or_default();
    let mut second = file.clone();
    let first = second.split_to(file.len() / 2);
    let mut headers = vec![(CONTENT_LENGTH, file.len().to_string())];
    let half = stream::iter([Ok(Frame::data(first))]);
    let parts = match fault {
        Some(ArtifactFault::Hang) => std::future::pending().await,
        Some(ArtifactFault::Reset) => {
            let reset = io::ErrorKind::ConnectionReset;
            half.chain(stream::iter([Err(reset.into())])).boxed()
        }
        Some(ArtifactFault::Stall) => half.chain(stream::pending()).boxed(),
        Some(ArtifactFault::Truncate) => half.boxed(),
        Some(ArtifactFault::Drip(pause)) => {
            let parts = file.chunks(file.len().div_ceil(8).max(1));
            let parts: Vec<_> = parts.map(Bytes::copy_from_slice).collect();
            let part = move |part| async move {
                tokio::time::sleep(pause).await;
                Ok(Frame::data(part))
            };
            stream::iter(parts).then(part).boxed()
        }
        Some(ArtifactFault::Corrupt) => {
            let mut second = second.to_vec();
            second.iter_mut().take(1).for_each(|byte| *byte ^= 1);
            half.chain(stream::iter([Ok(Frame::data(second.into()))]))
                .boxed()
        }
        fault => {
            match fault {
                Some(ArtifactFault::Lie(length)) => {
                    headers = vec![(CONTENT_LENGTH, length.to_string())];
                }
                Some(ArtifactFault::RetryAfter(_, seconds)) => {
                    headers.push((RETRY_AFTER, seconds.to_string()));
                }
                Some(ArtifactFault::Redirect(to)) => headers.push((LOCATION, to)),
                _ => {}
            }
            half.chain(stream::iter([Ok(Frame::data(second))])).boxed()
        }
    };
    let mut response = Response::new(parts);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    response
        .headers_mut()
        .extend(headers.into_iter().filter_map(header));
    response
}

fn header((name, value): (HeaderName, String)) -> Option<(HeaderName, http::HeaderValue)> {
    Some((name, value.parse().ok()?))
}

/// Answers the one request of a connection; enough of HTTP for a `GET`.
async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") && request.len() < 1 << 16 {
        if stream.read_line(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (head, mut body) = answer(&state, path).await.into_parts();
    let mut text = format!("HTTP/1.1 {}\r\nconnection: close\r\n", head.status);
    for (name, value) in &head.headers {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    text += "\r\n";
    stream.write_all(text.as_bytes()).await?;
    while let Some(part) = body.next().await {
        if let Ok(bytes) = part?.into_data() {
            stream.write_all(&bytes).await?;
        }
    }
    stream.shutdown().await
}
