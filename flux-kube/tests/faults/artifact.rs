//! What can go wrong when an artifact is fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fluxcd_api::meta::Artifact;
use fluxcd_api::source::v1::GitRepository;
use fluxcd_kube::Class;
use fluxcd_kube::artifact::{FetchError, FetchOptions, Fetcher, Tree};
use fluxcd_kube::runtime::{Ctx, Outcome, Reconciler, Runner};
use fluxcd_kube::testing::{ArtifactFault, Artifacts, FakeApi};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::in_no_time;

const PATH: &str = "gitrepository/flux-system/app/5394cb7f.tar.gz";

/// A server with one artifact, and a directory for it.
struct Ground {
    artifacts: Artifacts,
    artifact: Artifact,
    options: FetchOptions,
    scratch: TempDir,
    begun: Instant,
}

impl Ground {
    fn new(faults: impl IntoIterator<Item = ArtifactFault>) -> Self {
        let artifacts = Artifacts::new();
        let artifact = artifacts.publish(PATH, "main@sha1:5394cb7f", &[("a.yaml", "one")]);
        for fault in faults {
            artifacts.fault(fault);
        }
        Self {
            artifact: artifact.unwrap(),
            artifacts,
            options: FetchOptions::default(),
            scratch: tempfile::tempdir().unwrap(),
            begun: Instant::now(),
        }
    }

    fn directory(&self) -> PathBuf {
        self.scratch.path().join("source")
    }

    async fn fetch(&self) -> Result<Tree, FetchError> {
        let fetcher = Fetcher::new(self.artifacts.web(), self.options.clone());
        fetcher.fetch(&self.artifact, &self.directory()).await
    }

    /// Fetches, expects an error, and that nothing is left.
    async fn fail(&self) -> FetchError {
        let error = self.fetch().await.unwrap_err();
        assert_eq!(names(self.scratch.path()), [""; 0], "{error}");
        error
    }

    fn requests(&self) -> usize {
        self.artifacts.requests().len()
    }

    /// How many seconds it took.
    fn took(&self) -> u64 {
        self.begun.elapsed().as_secs()
    }
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_tried_again() {
    for fault in [
        ArtifactFault::Reset,
        ArtifactFault::Truncate,
        ArtifactFault::Lie(1 << 20),
    ] {
        let ground = Ground::new([fault.clone()]);
        assert_eq!(ground.fetch().await.unwrap().files, 1, "{fault:?}");
        assert_eq!((ground.requests(), ground.took()), (2, 5), "{fault:?}");
        assert_eq!(names(&ground.directory()), ["a.yaml"]);
        assert_eq!(names(ground.scratch.path()), ["source"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_is_asked_ten_times_with_growing_waits() {
    let ground = Ground::new(vec![ArtifactFault::Status(503); 9]);
    ground.fetch().await.unwrap();
    assert_eq!(
        (ground.requests(), ground.took()),
        (10, 5 + 10 + 20 + 6 * 30)
    );

    let ground = Ground::new(vec![ArtifactFault::Status(500); 10]);
    let error = ground.fail().await;
    assert_eq!(ground.requests(), 10);
    assert_eq!(error.class(), Class::ServerTransient);
    let text = format!(
        "failed to download archive: GET http://artifacts.test/{PATH} giving up after 10 attempt(s)"
    );
    assert_eq!(error.to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn an_artifact_that_is_gone_is_a_reason_to_wait() {
    let ground = Ground::new([]);
    ground.artifacts.remove(PATH);
    let error = ground.fail().await;
    assert!(matches!(error, FetchError::NotFound));
    assert_eq!((error.class(), ground.requests()), (Class::NotFound, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stays_as_it_is_is_not_asked_for_again() {
    for (code, text) in [
        (204, "204 No Content"),
        (206, "206 Partial Content"),
        (403, "403 Forbidden"),
        (501, "501 Not Implemented"),
    ] {
        let ground = Ground::new([ArtifactFault::Status(code)]);
        let text = format!(
            "failed to download archive from http://artifacts.test/{PATH} (status: {text})"
        );
        assert_eq!(ground.fail().await.to_string(), text);
        assert_eq!(ground.requests(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_says_when_to_come_back() {
    let ground = Ground::new([
        ArtifactFault::RetryAfter(429, 7),
        ArtifactFault::RetryAfter(503, 11),
    ]);
    ground.fetch().await.unwrap();
    assert_eq!((ground.requests(), ground.took()), (3, 18));

    // Nobody waits for what would come after the deadline.
    for seconds in [3_600, u64::MAX] {
        let ground = Ground::new([ArtifactFault::RetryAfter(429, seconds)]);
        let error = ground.fail().await;
        let after = Some(Duration::from_secs(seconds));
        assert_eq!(error.class(), Class::Throttled { after });
        assert_eq!(ground.took(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_silent_is_asked_again_and_given_up_in_time() {
    for fault in [ArtifactFault::Hang, ArtifactFault::Stall] {
        let ground = Ground::new([fault.clone()]);
        ground.fetch().await.unwrap();
        assert_eq!((ground.requests(), ground.took()), (2, 35), "{fault:?}");

        let ground = Ground::new(vec![fault; 20]);
        let error = ground.fail().await;
        assert_eq!(error.class(), Class::Timeout);
        assert!(ground.took() <= 300);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_may_take_its_time_until_the_deadline() {
    let ground = Ground::new([ArtifactFault::Drip(Duration::from_secs(29))]);
    ground.fetch().await.unwrap();
    assert_eq!((ground.requests(), ground.took()), (1, 8 * 29));

    let mut ground = Ground::new([ArtifactFault::Drip(Duration::from_secs(29))]);
    ground.options.deadline = Duration::from_secs(60);
    assert!(matches!(ground.fail().await, FetchError::Deadline { .. }));
    assert_eq!(ground.took(), 60);
}

#[tokio::test(start_paused = true)]
async fn bytes_that_are_not_those_of_the_source_are_not_extracted() {
    let ground = Ground::new([]);
    ground.fetch().await.unwrap();
    ground.artifacts.fault(ArtifactFault::Corrupt);
    let error = ground.fetch().await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    let text = format!(
        "failed to verify archive: computed digest doesn't match provided '{}' \
         (check whether file size exceeds max download size)",
        ground.artifact.digest
    );
    assert_eq!(error.to_string(), text);
    assert_eq!(
        fs::read_to_string(ground.directory().join("a.yaml")).unwrap(),
        "one"
    );
    assert_eq!(names(ground.scratch.path()), ["source"]);
    assert_eq!(ground.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_artifact_without_a_digest_is_not_asked_for() {
    let mut ground = Ground::new([]);
    for (digest, text) in [
        ("", "failed to verify archive: empty digest"),
        (
            "x",
            "failed to verify archive: failed to parse digest 'x': invalid checksum digest length",
        ),
        (
            "sha1:x",
            "failed to verify archive: failed to parse digest 'sha1:x': unsupported digest algorithm",
        ),
    ] {
        digest.clone_into(&mut ground.artifact.digest);
        assert_eq!(ground.fail().await.to_string(), text);
    }
    assert_eq!(ground.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_too_large_is_not_read_to_its_end() {
    let mut ground = Ground::new([ArtifactFault::Lie(1), ArtifactFault::Lie(u64::MAX)]);
    ground.options.max_bytes = 50;
    for _ in 0..2 {
        let error = ground.fail().await;
        assert!(
            matches!(error, FetchError::TooLarge { limit: 50 }),
            "{error}"
        );
        assert_eq!(error.class(), Class::Invalid);
    }
}

#[tokio::test(start_paused = true)]
async fn redirects_are_followed_but_not_without_end_and_not_into_the_open() {
    let elsewhere = |to: &str| ArtifactFault::Redirect(to.to_owned());
    let ground = Ground::new([
        elsewhere("/other?from=http://artifacts.test"),
        elsewhere("?signature=a/b"),
        elsewhere(&format!("//mirror.test/{PATH}")),
    ]);
    ground.fetch().await.unwrap();
    let asked = [
        format!("/{PATH}"),
        "/other".into(),
        "/other".into(),
        format!("/{PATH}"),
    ];
    assert_eq!(
        (ground.artifacts.requests(), ground.took()),
        (asked.to_vec(), 0)
    );

    let ground = Ground::new(vec![elsewhere("again"); 20]);
    let error = ground.fail().await;
    assert!(
        error.to_string().ends_with("more than 10 redirections"),
        "{error}"
    );
    assert_eq!((error.class(), ground.requests()), (Class::Invalid, 11));

    let open = [
        elsewhere("https://mirror.test/a"),
        elsewhere("http://mirror.test/a"),
    ];
    let error = Ground::new(open).fail().await;
    assert!(
        error
            .to_string()
            .ends_with("a redirection from https to an open connection"),
        "{error}"
    );
    for to in ["file:///etc/passwd", "http://", "ftp://mirror.test/a"] {
        let error = Ground::new([elsewhere(to)]).fail().await;
        assert!(matches!(error, FetchError::Connection { .. }), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_leads_nowhere_is_refused() {
    let mut ground = Ground::new([]);
    for url in [
        "",
        "x",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://a/b",
        "http:///a",
    ] {
        url.clone_into(&mut ground.artifact.url);
        assert!(
            matches!(ground.fail().await, FetchError::Address { .. }),
            "{url}"
        );
    }
    assert_eq!(ground.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_archive_that_leads_out_of_the_directory_is_verified_but_not_extracted() {
    let mut ground = Ground::new([]);
    ground.artifact = ground.artifacts.put(PATH, "r", b"no archive".to_vec());
    let error = ground.fail().await;
    assert_eq!(
        error.to_string(),
        "failed to extract archive (check whether file size exceeds max download size): \
         requires gzip-compressed body: gzip: invalid header"
    );
    assert_eq!((error.class(), ground.requests()), (Class::Invalid, 1));
}

#[tokio::test]
async fn a_fetch_that_is_given_up_leaves_nothing() {
    let ground = Ground::new([ArtifactFault::Stall]);
    timeout(Duration::from_millis(20), ground.fetch())
        .await
        .unwrap_err();
    assert_eq!(names(ground.scratch.path()), [""; 0]);
    // While it is being extracted, it ends a moment later.
    let files: Vec<_> = (0..2_000).map(|n| (format!("{n}"), "x")).collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let artifact = ground.artifacts.publish("many", "r", &files).unwrap();
    let fetcher = Fetcher::new(ground.artifacts.web(), FetchOptions::default());
    let archive = fetcher
        .download(&artifact, ground.scratch.path())
        .await
        .unwrap();
    let directory = ground.directory();
    let options = FetchOptions::default().extract;
    let extraction = archive.extract(&directory, &options);
    let _ = timeout(Duration::from_millis(2), extraction).await;
    let ended = async {
        while names(ground.scratch.path())
            .iter()
            .any(|name| name != "source")
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(30), ended).await.unwrap();
    if let Ok(entries) = fs::read_dir(&directory) {
        assert_eq!(entries.count(), 2_000);
    }
}

#[tokio::test]
async fn an_artifact_is_fetched_over_a_connection() {
    let artifacts = Artifacts::listen().await.unwrap();
    let artifact = artifacts
        .publish("a.tar.gz", "r", &[("a", "one"), ("b/c", "two")])
        .unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let directory = scratch.path().join("source");
    let web = fluxcd_kube::client::Web::new(&fluxcd_kube::client::ClientOptions::default());
    let mut options = FetchOptions::default();
    options.backoff.min = fluxcd_api::meta::Duration::from_millis(1);
    let fetcher = Fetcher::new(web, options);
    for fault in [
        ArtifactFault::Truncate,
        ArtifactFault::Lie(1 << 20),
        ArtifactFault::Reset,
    ] {
        artifacts.fault(fault);
    }
    let tree = fetcher.fetch(&artifact, &directory).await.unwrap();
    assert_eq!((tree.files, tree.bytes), (2, 6));
    assert_eq!(fs::read_to_string(directory.join("b/c")).unwrap(), "two");
    assert_eq!(artifacts.requests().len(), 4);
}

/// Writes down each digest that it sees.
struct Consumer(Arc<Mutex<Vec<Option<String>>>>);

impl Reconciler<GitRepository> for Consumer {
    async fn reconcile(&self, source: Arc<GitRepository>, _: &Ctx<GitRepository>) -> Outcome {
        let digest = offered(&source).map(|artifact| artifact.digest.clone());
        self.0.lock().unwrap().push(digest);
        Outcome::done()
    }
}

fn offered(source: &GitRepository) -> Option<&Artifact> {
    source.status.as_ref()?.artifact.as_ref()
}

#[tokio::test(start_paused = true)]
async fn a_source_wakes_its_consumer_when_it_offers_something_new() {
    let api = FakeApi::new();
    let put = |status: Value| {
        api.put(json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": {"name": "app", "namespace": "apps"},
            "spec": {"interval": "10m", "url": "https://git.test/app"},
            "status": status,
        }));
    };
    let artifact = |revision: &str, digest: &str| {
        let artifact = Artifact {
            revision: revision.to_owned(),
            digest: digest.to_owned(),
            ..Artifact::default()
        };
        json!({"artifact": artifact})
    };
    put(json!({}));
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let runner = Runner::<GitRepository>::new(api.client()).wakes_on(|source| {
        let artifact = offered(source)?;
        Some(format!("{} {}", artifact.revision, artifact.digest))
    });
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(runner.run(Consumer(Arc::clone(&seen)), shutdown.clone()));
    for status in [
        artifact("main@sha1:1", "sha256:1"),
        artifact("main@sha1:1", "sha256:2"),
        json!({"artifact": artifact("main@sha1:1", "sha256:2")["artifact"], "observedGeneration": 1}),
        json!({}),
        artifact("main@sha1:2", "sha256:2"),
    ] {
        tokio::time::sleep(Duration::from_secs(1)).await;
        put(status);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    shutdown.cancel();
    assert_eq!(running.await.unwrap().failed, 0);
    let seen = seen.lock().unwrap().clone();
    let digests: Vec<_> = seen.iter().map(Option::as_deref).collect();
    assert_eq!(
        digests,
        [None, Some("sha256:1"), Some("sha256:2"), Some("sha256:2")]
    );
}

fn faults() -> impl Strategy<Value = ArtifactFault> {
    prop_oneof![
        prop::sample::select(vec![204, 301, 403, 429, 500, 501, 503])
            .prop_map(ArtifactFault::Status),
        (0_u64..100).prop_map(|seconds| ArtifactFault::RetryAfter(429, seconds)),
        prop::sample::select(vec!["again", "//x/y", "", "file:///x"])
            .prop_map(|to| ArtifactFault::Redirect(to.to_owned())),
        Just(ArtifactFault::Hang),
        Just(ArtifactFault::Reset),
        Just(ArtifactFault::Stall),
        Just(ArtifactFault::Truncate),
        (0_u64..100).prop_map(|seconds| ArtifactFault::Drip(Duration::from_secs(seconds))),
        (0_u64..200).prop_map(ArtifactFault::Lie),
        Just(ArtifactFault::Corrupt),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_the_tree_is_whole_or_absent_within_the_deadline(faults in prop::collection::vec(faults(), 0..14)) {
        in_no_time(async {
            let ground = Ground::new(faults);
            match ground.fetch().await {
                Ok(tree) => {
                    assert_eq!((tree.files, names(ground.scratch.path())), (1, vec!["source".to_owned()]));
                    assert_eq!(fs::read_to_string(ground.directory().join("a.yaml")).unwrap(), "one");
                }
                Err(error) => assert_eq!(names(ground.scratch.path()), [""; 0], "{error}"),
            }
            assert!(ground.took() <= 300);
            assert!(ground.requests() <= 10 * 11);
        });
    }
}
