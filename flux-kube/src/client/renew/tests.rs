use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::DateTime;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use tower::service_fn;

use super::*;
use crate::client::{ClientOptions, Observer, over};
use crate::error::classify;

/// A client that a server refuses unless it holds the token; it expires at that second of the clock.
fn holding(token: u32, accepted: u32, until: Option<u32>) -> Client {
    let service = service_fn(move |_: Request<Body>| async move {
        let answer = Response::builder().status(if token == accepted { 200 } else { 401 });
        Ok::<_, Infallible>(answer.body(Body::from(b"{}".to_vec())).unwrap())
    });
    let until = until.map(|second| {
        let text = DateTime::from_timestamp(second.into(), 0)
            .unwrap()
            .to_rfc3339();
        serde_json::from_value::<Time>(text.into()).unwrap().0
    });
    Client::new(service, "default").with_valid_until(until)
}

/// A client that begins with token 0, and gets the next one each time it is built; and how often it was.
fn renewed(accepted: u32, until: Option<u32>, options: &ClientOptions) -> (Client, Arc<AtomicU32>) {
    let built = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&built);
    let build: Build = Arc::new(move || {
        let token = counter.fetch_add(1, Ordering::Relaxed) + 1;
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(holding(token, accepted, None))
        })
    });
    let client = holding(0, accepted, until);
    (
        over(client, Some(build), "default".to_owned(), options),
        built,
    )
}

async fn ask(client: &Client) -> Option<Class> {
    let request = Request::post("/a").body(Vec::new()).unwrap();
    let result = client.request_text(request).await;
    result.err().map(|error| classify(&error))
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_is_refused_is_renewed_once_and_the_request_is_sent_again() {
    let (client, built) = renewed(1, None, &ClientOptions::default());
    let asks = futures::future::join_all((0..20).map(|_| ask(&client))).await;
    assert!(asks.iter().all(Option::is_none));
    assert_eq!(built.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_every_identity_is_not_asked_over_and_over() {
    let (client, built) = renewed(99, None, &ClientOptions::default());
    for _ in 0..20 {
        assert_eq!(ask(&client).await, Some(Class::Unauthorized));
    }
    assert_eq!(built.load(Ordering::Relaxed), 1);
    tokio::time::advance(PAUSE).await;
    ask(&client).await;
    assert_eq!(built.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_has_expired_is_renewed_before_it_is_refused() {
    let requests = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&requests);
    let observer = Observer::new(move |call| {
        assert_eq!((call.path, call.status), ("/a", Some(200)));
        counter.fetch_add(call.attempts, Ordering::Relaxed);
    });
    let options = ClientOptions {
        clock: Clock::starting_at(DateTime::from_timestamp(1000, 0).unwrap()),
        observer: Some(observer),
        ..ClientOptions::default()
    };
    let (client, built) = renewed(0, Some(1010), &options);
    assert_eq!(ask(&client).await, None);
    assert_eq!(built.load(Ordering::Relaxed), 0);

    let (client, built) = renewed(1, Some(1010), &options);
    tokio::time::advance(Duration::from_secs(11)).await;
    assert_eq!(ask(&client).await, None);
    assert_eq!(built.load(Ordering::Relaxed), 1);
    assert_eq!(requests.load(Ordering::Relaxed), 2);
}
