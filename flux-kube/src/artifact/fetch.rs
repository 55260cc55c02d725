//! From an address to a file whose digest is right.

use std::fs;
use std::io::{self, SeekFrom};
use std::path::Path;
use std::time::Duration;

use fluxcd_api::meta::{self, Artifact};
use fluxcd_core::schedule::Backoff;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderName, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout};
use tower::BoxError;

use super::demand::Demand;
use super::extract::extract;
use super::{Digest, ExtractError, ExtractOptions, FetchError, Tree, address};
use crate::client::{IdleBody, Web};
use crate::error::{Error, Verb};

/// How artifacts are fetched.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::artifact::FetchOptions;
///
/// let mut options = FetchOptions::default();
/// // With `kubectl port-forward -n flux-system svc/source-controller 8080:80` on the machine of a developer.
/// options.source_controller = Some("localhost:8080".to_owned());
/// assert_eq!(options.retries, 9);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchOptions {
    /// How often a request is repeated that failed; 9, as in the controllers.
    pub retries: u32,
    /// How long it waits before; 5 s to 30 s, if the server does not ask for another time.
    pub backoff: Backoff,
    /// How long the server may stay silent; 30 s.
    pub idle: Duration,
    /// How long all of it may take; 5 min.
    pub deadline: Duration,
    /// How many bytes the file may have; 100 MiB. [`u64::MAX`] is no limit.
    pub max_bytes: u64,
    /// Host and port that take the place of those in addresses of source-controller: `SOURCE_CONTROLLER_LOCALHOST` of the
    /// controllers. Other hosts are replaced as well, but that of source-watcher.
    pub source_controller: Option<String>,
    /// Host and port that take the place of those in addresses of source-watcher: `SOURCE_WATCHER_LOCALHOST`.
    pub source_watcher: Option<String>,
    /// How much an archive may hold.
    pub extract: ExtractOptions,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            retries: 9,
            backoff: Backoff {
                min: meta::Duration::from_secs(5),
                max: meta::Duration::from_secs(30),
            },
            idle: Duration::from_secs(30),
            deadline: Duration::from_secs(300),
            max_bytes: 100 << 20,
            source_controller: None,
            source_watcher: None,
            extract: ExtractOptions::default(),
        }
    }
}

/// Fetches artifacts.
#[derive(Debug, Clone)]
pub struct Fetcher {
    web: Web,
    options: FetchOptions,
}

/// A file that was fetched and has the digest of which its source speaks. It has no name, so nothing is left of it.
#[derive(Debug)]
pub struct Archive {
    file: fs::File,
    size: u64,
}

impl Fetcher {
    /// Fetches through these clients.
    #[must_use]
    pub fn new(web: Web, options: FetchOptions) -> Self {
        Self { web, options }
    }

    /// Fetches an artifact and puts what is in it in the place of `directory`, with what was there before deleted.
    ///
    /// The directory has its old content until the new one is whole: it must not be a mount point, but may lie in one.
    ///
    /// # Errors
    ///
    /// See [`FetchError`]. The directory is as it was then, as it is when the future is dropped.
    pub async fn fetch(&self, artifact: &Artifact, directory: &Path) -> Result<Tree, FetchError> {
        let scratch = directory.parent().filter(|parent| *parent != Path::new(""));
        let archive = self
            .download(artifact, scratch.unwrap_or(Path::new(".")))
            .await?;
        Ok(archive.extract(directory, &self.options.extract).await?)
    }

    /// Fetches the file of an artifact, such as the chart of a `HelmChart`, into a nameless file in `scratch`.
    ///
    /// # Errors
    ///
    /// See [`FetchError`].
    pub async fn download(
        &self,
        artifact: &Artifact,
        scratch: &Path,
    ) -> Result<Archive, FetchError> {
        let deadline = self.options.deadline;
        let elapsed = |_| FetchError::Deadline {
            url: artifact.url.clone(),
            deadline,
        };
        timeout(deadline, self.repeat(artifact, scratch))
            .await
            .map_err(elapsed)?
    }

    async fn repeat(&self, artifact: &Artifact, scratch: &Path) -> Result<Archive, FetchError> {
        let begun = Instant::now();
        if artifact.digest.is_empty() {
            return Err(FetchError::NoDigest);
        }
        let digest =
            Digest::parse(&artifact.digest).map_err(|source| FetchError::InvalidDigest {
                digest: artifact.digest.clone(),
                source,
            })?;
        let uri = self.address(&artifact.url)?;
        let mut failures = 0;
        loop {
            let error = match self.attempt(&uri, &digest, scratch).await {
                Err(error) if error.is_repeated() => error,
                done => return done,
            };
            let wait = match &error {
                FetchError::Status {
                    after: Some(after), ..
                } => *after,
                _ => {
                    let wait = self.options.backoff.delay(failures).as_nanos();
                    Duration::from_nanos(wait.unsigned_abs())
                }
            };
            failures += 1;
            let left = self.options.deadline.saturating_sub(begun.elapsed());
            if failures > self.options.retries || wait >= left {
                return Err(FetchError::GaveUp {
                    url: uri.to_string(),
                    attempts: failures,
                    last: Box::new(error),
                });
            }
            tracing::debug!(%uri, %error, ?wait, "fetching an artifact again");
            sleep(wait).await;
        }
    }

    fn address(&self, url: &str) -> Result<Uri, FetchError> {
        let refused = || FetchError::Address {
            url: url.to_owned(),
        };
        let uri = url
            .parse()
            .ok()
            .filter(address::is_http)
            .ok_or_else(refused)?;
        let host = match url.contains("//source-watcher") {
            true => &self.options.source_watcher,
            false => &self.options.source_controller,
        };
        match host.as_deref().filter(|host| !host.is_empty()) {
            Some(host) => address::with_host(&uri, host).ok_or_else(refused),
            None => Ok(uri),
        }
    }

    async fn attempt(
        &self,
        uri: &Uri,
        digest: &Digest,
        scratch: &Path,
    ) -> Result<Archive, FetchError> {
        let response = self.ask(uri).await?;
        let length = number(&response, CONTENT_LENGTH);
        let limit = self.options.max_bytes;
        if length.is_some_and(|length| length > limit) {
            return Err(FetchError::TooLarge { limit });
        }
        let mut file = temporary(scratch).await.map_err(FetchError::File)?;
        let mut hasher = digest.hasher();
        let mut body = response.into_body();
        let mut size = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken(uri, error))?;
            let Ok(bytes) = frame.into_data() else {
                continue;
            };
            size += bytes.len() as u64;
            if size > limit {
                return Err(FetchError::TooLarge { limit });
            }
            hasher.update(&bytes);
            file.write_all(&bytes).await.map_err(FetchError::File)?;
        }
        if length.is_some_and(|length| size < length) {
            let error = io::Error::from(io::ErrorKind::UnexpectedEof);
            return Err(broken(uri, error.into()));
        }
        let found = hasher.finish();
        if found != *digest {
            let expected = digest.clone();
            return Err(FetchError::Mismatch { expected, found });
        }
        file.seek(SeekFrom::Start(0))
            .await
            .map_err(FetchError::File)?;
        Ok(Archive {
            file: file.into_std().await,
            size,
        })
    }

    async fn ask(&self, uri: &Uri) -> Result<Response<IdleBody>, FetchError> {
        let request = Request::get(uri).header(ACCEPT_ENCODING, "identity");
        let request = request.body(()).map_err(|_| FetchError::Address {
            url: uri.to_string(),
        })?;
        let sent = self.web.fetch(request, self.options.idle).await;
        let response = sent.map_err(|source| FetchError::Connection { source })?;
        match response.status() {
            StatusCode::OK => Ok(response),
            StatusCode::NOT_FOUND => Err(FetchError::NotFound),
            status => Err(FetchError::Status {
                url: uri.to_string(),
                code: status.as_u16(),
                after: match status.as_u16() {
                    429 | 503 => number(&response, RETRY_AFTER).map(Duration::from_secs),
                    _ => None,
                },
            }),
        }
    }
}

impl Archive {
    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file, to be read from its beginning.
    #[must_use]
    pub fn into_file(self) -> fs::File {
        self.file
    }

    /// Extracts it and puts the tree in the place of `directory`. See [`Fetcher::fetch`].
    ///
    /// # Errors
    ///
    /// See [`ExtractError`].
    pub async fn extract(
        self,
        directory: &Path,
        options: &ExtractOptions,
    ) -> Result<Tree, ExtractError> {
        let demand = Demand::default();
        let (directory, options, served) = (directory.to_owned(), options.clone(), demand.served());
        let work = move || extract(self.file, &directory, &options, &served);
        let done = tokio::task::spawn_blocking(work).await;
        drop(demand);
        done.unwrap_or(Err(ExtractError::Cancelled))
    }
}

fn broken(uri: &Uri, error: BoxError) -> FetchError {
    let error = kube::Error::Service(error);
    FetchError::Connection {
        source: Error::new(Verb::Fetch, uri.to_string(), error),
    }
}

/// A file without a name.
async fn temporary(directory: &Path) -> io::Result<File> {
    let directory = directory.to_owned();
    let make = move || {
        fs::create_dir_all(&directory)?;
        tempfile::tempfile_in(&directory)
    };
    let file = tokio::task::spawn_blocking(make)
        .await
        .map_err(io::Error::other)??;
    Ok(File::from_std(file))
}

fn number(response: &Response<IdleBody>, name: HeaderName) -> Option<u64> {
    response.headers().get(name)?.to_str().ok()?.parse().ok()
}
