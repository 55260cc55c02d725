//! Whatever goes wrong, in whatever order.

use std::time::Duration;

use fluxcd_kube::error::Verb;
use fluxcd_kube::testing::{Fault, On};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Scene, elapsed, foreign, scene};
use crate::{in_no_time, lost};

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        prop::sample::select(vec![
            400u16, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504
        ])
        .prop_map(Fault::Plain),
        prop::sample::select(vec![
            (409, "Conflict"),
            (500, "InternalError"),
            (504, "Timeout")
        ])
        .prop_map(|(code, reason)| Fault::status(code, reason, "no")),
        (1..20u32).prop_map(|seconds| Fault::RetryAfter { code: 429, seconds }),
        Just(Fault::Forbidden),
        prop::sample::select(lost()),
        (1..40u64).prop_map(|seconds| Fault::Delay(Duration::from_secs(seconds))),
    ]
}

/// Which requests: to read, to the object, to its status; after how many, and how often.
fn script() -> impl Strategy<Value = Vec<(On, Fault)>> {
    let on = (0..3usize, 0..3usize, 1..4usize).prop_map(|(part, skip, times)| {
        let on = match part {
            0 => On::any().verb(Verb::Get),
            1 => On::any().verb(Verb::Patch).subresource(""),
            _ => On::any().verb(Verb::Patch).subresource("status"),
        };
        on.skip(skip).times(times)
    });
    prop::collection::vec((on, faults()), 0..6)
}

/// What holds at any moment.
fn holds(scene: &Scene) {
    let live = scene.live();
    assert_eq!(scene.live_condition("Audited"), Some(foreign()));
    assert_eq!(live["status"]["ofTheFuture"], json!({"kept": [1, 2]}));
    let ready = scene.live_condition("Ready");
    let is_ready = ready.is_some_and(|ready| ready["status"] == "True");
    let observed = live["status"]["observedGeneration"] == 1;
    assert_eq!(is_ready, observed, "{live}");
}

fn kinds(scene: &Scene) -> Value {
    let requests = scene.api.requests();
    requests
        .iter()
        .map(|it| format!("{} {}", it.verb, it.subresource))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_fault_loses_what_others_wrote_and_the_next_write_repairs_the_rest(script in script()) {
        in_no_time(async {
            let mut scene = scene();
            for (on, fault) in script {
                scene.api.fault(on, fault);
            }
            let (written, time) = elapsed(scene.writer.write(&scene.after)).await;
            holds(&scene);
            assert!(time <= Duration::from_secs(121), "{time:?}");
            let sent = scene.api.requests().len();
            assert!(sent <= 60, "{sent}: {}", kinds(&scene));
            if written.is_ok() {
                scene.is_written();
            }
            scene.api.clear_faults();
            scene.writer.write(&scene.after).await.unwrap();
            scene.is_written();
            holds(&scene);
        });
    }
}
