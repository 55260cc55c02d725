//! What real connections do, which a service in the same program does not.

use std::sync::Mutex;

use kube::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::client::{Observer, connect};
use crate::error::{Class, classify};

/// A server that answers each request with these bytes, and then closes the connection. Without bytes, it says nothing.
async fn serving(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut answers = answers.iter().copied();
        let mut silent = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            match answers.next() {
                Some("") | None => silent.push(stream),
                Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            }
        }
    });
    address
}

/// What became of asking for the version, and in how many requests.
async fn ask(address: &str, attempt: Duration) -> (Option<Class>, u32) {
    let attempts = Arc::new(Mutex::new(0));
    let seen = Arc::clone(&attempts);
    let options = ClientOptions {
        attempt,
        min_delay: Duration::from_millis(20),
        observer: Some(Observer::new(move |call| {
            *seen.lock().unwrap() += call.attempts
        })),
        ..ClientOptions::default()
    };
    let client = connect(Config::new(address.parse().unwrap()), &options).unwrap();
    let result = client
        .request_text(Request::get("/version").body(Vec::new()).unwrap())
        .await;
    let attempts = *attempts.lock().unwrap();
    (result.err().map(|error| classify(&error)), attempts)
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
const SHORT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{";
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-";
const NOISE: &str = "\r\n\r\n hello";

#[tokio::test]
async fn a_connection_that_breaks_anywhere_is_tried_again() {
    let long = Duration::from_secs(20);
    let address = serving(&[SHORT, CHUNKED, HEAD, WHOLE]).await;
    assert_eq!(ask(&address, long).await, (None, 4));
    let address = serving(&[SHORT, NOISE, CHUNKED, HEAD, WHOLE]).await;
    assert_eq!(ask(&address, long).await, (Some(Class::Connection), 4));
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_given_up() {
    let address = serving(&[""]).await;
    let short = Duration::from_millis(200);
    assert_eq!(ask(&address, short).await, (Some(Class::Timeout), 1));
}
