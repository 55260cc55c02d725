//! A real API server for tests: `etcd` and `kube-apiserver`, started and stopped by the test.
//!
//! Some answers only the API server itself has: what it does with field managers, defaults, validation rules and
//! preconditions. [`ApiServer`] starts one from the programs in the directory that the environment variable
//! `KUBEBUILDER_ASSETS` names, as tests of controllers do elsewhere. Where it is unset there is no server, and a test says
//! so and returns.
//!
//! The server listens on the loopback device at ports that were free, keeps certificates and data in a directory of its
//! own, and is gone with its value. No controller runs beside it: no Deployment ever becomes ready, no namespace is ever
//! gone, nobody collects what an owner left behind. A test writes such a status by hand.
//!
//! [`ApiServer::kill`] and [`ApiServer::restart`] take the server away and bring it back with the same address,
//! certificates and objects, which is how a program meets an upgrade of a control plane.
//!
//! # Traps
//!
//! - A test program that is killed, and does not end, leaves its server and the directory behind.
//! - A client belongs to the runtime in which it was made: a server may be shared by tests, a client may not.
//!
//! # Examples
//!
//! ```no_run
//! use fluxcd_kube::testing::ApiServer;
//! use k8s_openapi::api::core::v1::Namespace;
//! use kube::Api;
//!
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! let Some(mut server) = ApiServer::start().await? else {
//!     return Ok(()); // no KUBEBUILDER_ASSETS
//! };
//! let namespaces: Api<Namespace> = Api::all(server.client());
//! namespaces.get("default").await?;
//!
//! server.kill();
//! assert!(namespaces.get("default").await.is_err());
//! server.restart().await?;
//! namespaces.get("default").await?;
//! # Ok(())
//! # }
//! ```

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::core::v1::Namespace;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};
use tower::service_fn;

use crate::client::{self, ClientOptions};
use crate::error::{Class, Error, Verb};

/// The environment variable that names the directory with the programs.
const ASSETS: &str = "KUBEBUILDER_ASSETS";
/// How long a server may take until it is ready.
const START: Duration = Duration::from_secs(60);
/// How often a server that is starting is asked.
const POLL: Duration = Duration::from_millis(50);
/// How much of a log stands in an error, in lines.
const TAIL: usize = 20;
/// What stands before the point of a P-256 key in a public key: its algorithm, in DER.
const P256_PUBLIC_KEY: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// An API server with its own store, stopped when it is dropped.
#[derive(Debug)]
pub struct ApiServer {
    // Fields are dropped in this order: the programs before their directory.
    apiserver: Option<Process>,
    etcd: Process,
    assets: PathBuf,
    etcd_url: String,
    port: u16,
    config: Config,
    dir: TempDir,
}

impl ApiServer {
    /// Starts a server from the programs in the directory that `KUBEBUILDER_ASSETS` names. `None` where it is unset.
    ///
    /// # Errors
    ///
    /// A program is not there or did not start, or the server was not ready within a minute; the message ends with what
    /// the program said last.
    pub async fn start() -> Result<Option<Self>, Error> {
        match env::var_os(ASSETS) {
            Some(assets) if !assets.is_empty() => {
                Self::start_from(Path::new(&assets)).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Starts a server from `etcd` and `kube-apiserver` in a directory.
    ///
    /// # Errors
    ///
    /// As [`ApiServer::start`].
    pub async fn start_from(assets: &Path) -> Result<Self, Error> {
        // Between the moment when a port was found free and that when a program takes it, another may have.
        let mut attempts = 3;
        loop {
            attempts -= 1;
            match Self::launch(assets).await {
                Err(error) if attempts > 0 && error.to_string().contains("already in use") => {}
                done => return done,
            }
        }
    }

    async fn launch(assets: &Path) -> Result<Self, Error> {
        for program in ["etcd", "kube-apiserver"] {
            let path = assets.join(program);
            if !path.is_file() {
                let text = format!("{ASSETS}: no program {}", path.display());
                return Err(failed(program, text));
            }
        }
        let io = |error| failed("directory", error);
        let dir = TempDir::with_prefix("fluxcd-apiserver-").map_err(io)?;
        let [etcd_port, port] = free_ports().map_err(|error| failed("port", error))?;
        let etcd_url = format!("http://127.0.0.1:{etcd_port}");
        let token = write_secrets(dir.path())?;

        let mut command = Command::new(assets.join("etcd"));
        command
            .arg("--data-dir")
            .arg(dir.path().join("etcd"))
            .args(["--listen-client-urls", &etcd_url])
            .args(["--advertise-client-urls", &etcd_url])
            .args(["--listen-peer-urls", "http://127.0.0.1:0"])
            .args(["--log-level", "warn", "--unsafe-no-fsync"]);
        let etcd = Process::spawn("etcd", command, &dir.path().join("etcd.log"))?;

        let mut server = Self {
            apiserver: None,
            etcd,
            assets: assets.to_owned(),
            etcd_url,
            port,
            config: Config::new(http::Uri::from_static("https://127.0.0.1")),
            dir,
        };
        server.spawn()?;
        server.write_kubeconfig(&token)?;
        server.ready().await?;
        Ok(server)
    }

    /// How to reach the server, as a member of `system:masters`.
    #[must_use]
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// A client as in production ([`client::connect`]), for the runtime that calls.
    #[must_use]
    pub fn client(&self) -> Client {
        connect(self.config())
    }

    /// A client that acts as somebody else, who may do nothing that no role allows.
    #[must_use]
    pub fn client_for(&self, user: &str, groups: &[&str]) -> Client {
        let mut config = self.config();
        config.auth_info.impersonate = Some(user.to_owned());
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        config.auth_info.impersonate_groups = Some(groups);
        connect(config)
    }

    /// The path of a kubeconfig with the same rights, for other programs.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.dir.path().join("kubeconfig")
    }

    /// `kubectl` of the same directory, at this server.
    #[must_use]
    pub fn kubectl(&self) -> Command {
        let mut command = Command::new(self.assets.join("kubectl"));
        command
            .env("KUBECONFIG", self.kubeconfig())
            .env("HOME", self.dir.path());
        command
    }

    /// What the API server wrote so far.
    #[must_use]
    pub fn log(&self) -> String {
        read_log(&self.log_path())
    }

    /// Ends the API server at once, in the middle of whatever it does. Its store stays.
    pub fn kill(&mut self) {
        self.apiserver = None;
    }

    /// Starts the API server again, at the same address with the same certificates and objects, and waits until it is
    /// ready.
    ///
    /// # Errors
    ///
    /// As [`ApiServer::start`].
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.kill();
        self.spawn()?;
        self.ready().await
    }

    fn spawn(&mut self) -> Result<(), Error> {
        let dir = self.dir.path();
        let mut command = Command::new(self.assets.join("kube-apiserver"));
        command
            .args(["--etcd-servers", &self.etcd_url])
            .args(["--bind-address", "127.0.0.1"])
            .args(["--advertise-address", "127.0.0.1"])
            .args(["--endpoint-reconciler-type", "none"])
            .args(["--secure-port", &self.port.to_string()])
            .args(["--service-cluster-ip-range", "10.0.0.0/16"])
            .args(["--authorization-mode", "RBAC"])
            .args(["--disable-admission-plugins", "ServiceAccount"])
            .args(["--allow-privileged=true", "--profiling=false"])
            .args([
                "--service-account-issuer",
                "https://kubernetes.default.svc.cluster.local",
            ])
            .arg("--service-account-signing-key-file")
            .arg(dir.join("signing.pem"))
            .arg("--service-account-key-file")
            .arg(dir.join("verifying.pem"))
            .arg("--token-auth-file")
            .arg(dir.join("tokens.csv"))
            .arg("--cert-dir")
            .arg(dir.join("certificates"));
        self.apiserver = Some(Process::spawn("kube-apiserver", command, &self.log_path())?);
        Ok(())
    }

    /// The server makes its certificate when it first starts; the kubeconfig names it.
    fn write_kubeconfig(&self, token: &str) -> Result<(), Error> {
        let certificate = self.dir.path().join("certificates").join("apiserver.crt");
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": {
                "server": format!("https://127.0.0.1:{}", self.port),
                "certificate-authority": certificate,
            }}],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
        });
        fs::write(self.kubeconfig(), kubeconfig.to_string())
            .map_err(|error| failed("kubeconfig", error))
    }

    /// Waits for the API server and for what it creates by itself.
    async fn ready(&mut self) -> Result<(), Error> {
        let start = Instant::now();
        loop {
            if let Some(process) = &mut self.apiserver {
                process.check()?;
            }
            self.etcd.check()?;
            let left = START.saturating_sub(start.elapsed());
            let asked = timeout(left.max(POLL), self.ask()).await;
            match asked {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(_)) if start.elapsed() < START => sleep(POLL).await,
                Ok(Err(error)) => return Err(self.late(&error.to_string())),
                Err(elapsed) => return Err(self.late(&elapsed.to_string())),
            }
        }
    }

    async fn ask(&mut self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let kubeconfig = Kubeconfig::read_from(self.kubeconfig())?;
        let mut config =
            Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
        config.default_retry = false;
        let client = Client::try_from(config.clone())?;
        client
            .request_text(http::Request::get("/readyz").body(Vec::new())?)
            .await?;
        Api::<Namespace>::all(client).get("default").await?;
        self.config = config;
        Ok(())
    }

    fn late(&self, error: &str) -> Error {
        let text = format!("not ready after {START:?}: {error}{}", tail(&self.log()));
        Error::other(Verb::Connect, "kube-apiserver", Class::Timeout, text)
    }

    fn log_path(&self) -> PathBuf {
        self.dir.path().join("kube-apiserver.log")
    }
}

/// A program that ends with its value.
#[derive(Debug)]
struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Process {
    fn spawn(name: &'static str, mut command: Command, log: &Path) -> Result<Self, Error> {
        let io = |error| failed(name, error);
        let out = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(io)?;
        let err = out.try_clone().map_err(io)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .map_err(io)?;
        let log = log.to_owned();
        Ok(Self { name, child, log })
    }

    /// An error if the program ended.
    fn check(&mut self) -> Result<(), Error> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => {
                let text = format!("ended with {status}{}", tail(&read_log(&self.log)));
                Err(failed(self.name, text))
            }
            Err(error) => Err(failed(self.name, error)),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is left to do about a program that cannot be ended: it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failed(what: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::other(Verb::Connect, what, Class::Other, source)
}

/// The configuration has connected before, so a failure here is one of the runtime, and every request tells it.
fn connect(config: Config) -> Client {
    client::connect(config, &ClientOptions::default()).unwrap_or_else(|error| {
        let text = error.to_string();
        let refuse = move |_: http::Request<kube::client::Body>| {
            let error = io::Error::other(text.clone());
            async { Err::<http::Response<kube::client::Body>, _>(error) }
        };
        Client::new(service_fn(refuse), "default")
    })
}

/// Ports that were free a moment ago. All are held until all are found, so that they differ.
fn free_ports<const N: usize>() -> io::Result<[u16; N]> {
    let listeners: Vec<TcpListener> = (0..N)
        .map(|_| TcpListener::bind(("127.0.0.1", 0)))
        .collect::<io::Result<_>>()?;
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

/// Writes the key that signs tokens of service accounts and the file of users, and returns the token of the administrator.
fn write_secrets(dir: &Path) -> Result<String, Error> {
    let random = SystemRandom::new();
    let no_chance = |_| failed("random numbers", "the system has none");
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(no_chance)?;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random)
        .map_err(|error| failed("service account key", error.to_string()))?;
    let public = [P256_PUBLIC_KEY.as_slice(), pair.public_key().as_ref()].concat();
    let mut bytes = [0; 16];
    random.fill(&mut bytes).map_err(no_chance)?;
    let mut token = String::new();
    for byte in bytes {
        let _ = write!(token, "{byte:02x}");
    }
    let users = format!("{token},admin,admin,system:masters\n");
    fs::write(dir.join("signing.pem"), pem("PRIVATE KEY", pkcs8.as_ref()))
        .and_then(|()| fs::write(dir.join("verifying.pem"), pem("PUBLIC KEY", &public)))
        .and_then(|()| fs::write(dir.join("tokens.csv"), users))
        .map_err(|error| failed("directory", error))?;
    Ok(token)
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

fn read_log(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The end of a log, on lines of its own.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let skipped = lines.len().saturating_sub(TAIL);
    lines
        .iter()
        .skip(skipped)
        .fold(String::new(), |mut text, line| {
            text.push('\n');
            text.push_str(line);
            text
        })
}
