use std::convert::Infallible;

use futures::StreamExt;
use http_body_util::StreamBody;
use tower::service_fn;

use super::*;

/// Answers with a status, and a `Location` that depends on the address.
fn redirecting(to: impl Fn(&Uri) -> Option<String> + Clone + Send + 'static) -> Web {
    Web::with(service_fn(move |request: Request<Body>| {
        let answer = match to(request.uri()) {
            None => {
                let seen = request.headers().contains_key(AUTHORIZATION);
                let text = format!("{} {seen}", request.uri());
                Response::new(Body::from(text.into_bytes()))
            }
            Some(location) => {
                let answer = Response::builder().status(302).header(LOCATION, location);
                answer.body(Body::empty()).unwrap()
            }
        };
        async move { Ok::<_, Infallible>(answer) }
    }))
}

async fn fetched(web: &Web, address: &str) -> Result<String, Error> {
    let request = Request::get(address)
        .header(AUTHORIZATION, "Bearer t")
        .body(())
        .unwrap();
    let answer = web.fetch(request, Duration::from_secs(5)).await?;
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn redirections_are_followed_and_credentials_stay_with_their_origin() {
    let web = redirecting(|uri| match uri.path() {
        "/a/b" => Some("c".to_owned()),
        "/a/c" => Some("/d".to_owned()),
        "/d" if uri.host() == Some("one") => Some("//two/d".to_owned()),
        _ => None,
    });
    assert_eq!(
        fetched(&web, "http://one/a/c").await.unwrap(),
        "http://two/d false"
    );
    assert_eq!(
        fetched(&web, "http://two/a/b").await.unwrap(),
        "http://two/d true"
    );
}

#[tokio::test(start_paused = true)]
async fn a_redirection_that_leads_astray_is_refused() {
    for (location, problem) in [
        ("http://other/", "open connection"),
        ("file:///etc/passwd", "no address"),
        ("/again", "more than 10"),
    ] {
        let web = redirecting(move |_| Some(location.to_owned()));
        let error = fetched(&web, "https://one/").await.unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
        assert_eq!(error.class(), Class::Invalid);
    }
    // A sender of requests sees the redirection itself.
    let web = redirecting(|_| Some("http://other/".to_owned()));
    let request = Request::post("https://one/").body(Vec::new()).unwrap();
    assert_eq!(web.send(request).await.unwrap().status(), 302);
}

#[tokio::test(start_paused = true)]
async fn a_large_body_is_left_to_the_caller_and_fails_only_when_it_stands_still() {
    let web = Web::with(service_fn(|_: Request<Body>| async {
        let frames = futures::stream::iter(0..20).then(|n| async move {
            tokio::time::sleep(Duration::from_secs(if n == 19 { 60 } else { 4 })).await;
            Ok::<_, Infallible>(Frame::data(Bytes::from(vec![0; 1 << 20])))
        });
        Ok::<_, Infallible>(Response::new(StreamBody::new(frames)))
    }));
    let request = Request::get("http://store/").body(()).unwrap();
    let body = web
        .fetch(request, Duration::from_secs(5))
        .await
        .unwrap()
        .into_body();
    let mut stream = body.into_data_stream();
    let mut whole = 0;
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(bytes) => whole += bytes.len(),
            Err(error) => break error,
        }
    };
    assert_eq!(whole, 19 << 20);
    let kind = error.downcast_ref::<std::io::Error>().unwrap().kind();
    assert_eq!(kind, std::io::ErrorKind::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_whole_has_a_time_and_a_size() {
    let endless = |wait| {
        Web::with(service_fn(move |_: Request<Body>| async move {
            let frames = futures::stream::repeat(()).then(move |()| async move {
                tokio::time::sleep(wait).await;
                Ok::<_, Infallible>(Frame::data(Bytes::from(vec![0; 1 << 10])))
            });
            Ok::<_, Infallible>(Response::new(StreamBody::new(frames)))
        }))
    };
    for (wait, class) in [
        (Duration::from_secs(1), Class::Timeout),
        (Duration::ZERO, Class::Decode),
    ] {
        let begun = Instant::now();
        let request = Request::get("http://hook/").body(Vec::new()).unwrap();
        let error = endless(wait).send(request).await.unwrap_err();
        assert_eq!(error.class(), class);
        assert!(begun.elapsed() <= Duration::from_secs(30));
    }
}

#[tokio::test]
async fn an_address_needs_a_host_and_no_password() {
    let web = Web::new(&ClientOptions::default());
    for address in ["/path", "http://user:word@host/"] {
        let request = Request::get(address).body(Vec::new()).unwrap();
        assert_eq!(web.send(request).await.unwrap_err().class(), Class::Invalid);
    }
}

#[tokio::test]
async fn a_refused_connection_is_no_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let web = Web::new(&ClientOptions::default());
    let request = Request::get(format!("http://{address}/"))
        .body(Vec::new())
        .unwrap();
    assert_eq!(
        web.send(request).await.unwrap_err().class(),
        Class::Connection
    );
}
