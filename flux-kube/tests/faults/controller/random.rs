//! Whatever happens, and in which order: when it is over, every object was run as it is.

use fluxcd_kube::testing::{Fault, On};
use proptest::prelude::*;

use super::*;
use crate::{in_no_time, lost};

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8),
    Remove(u8),
    Fault(bool, u8, Fault),
    Interrupt(Fault),
    Compact,
    Sleep(u16),
}

fn fault() -> impl Strategy<Value = Fault> {
    let mut faults = vec![
        Fault::status(500, "InternalError", "m"),
        Fault::Plain(401),
        Fault::Plain(404),
        Fault::Plain(409),
        Fault::Plain(410),
        Fault::Plain(429),
        Fault::Plain(502),
        Fault::Plain(503),
        Fault::RetryAfter {
            code: 429,
            seconds: 20,
        },
        Fault::Delay(Duration::from_secs(7)),
        Fault::Forbidden,
        Fault::WatchGone,
        Fault::WatchHttpGone,
        Fault::WatchEnd,
    ];
    faults.extend(lost());
    proptest::sample::select(faults)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..4, 0_u8..4).prop_map(|(name, path)| Step::Put(name, path)),
        1 => (0_u8..4).prop_map(Step::Remove),
        3 => (any::<bool>(), 1_u8..4, fault()).prop_map(|(is_list, times, fault)| Step::Fault(is_list, times, fault)),
        2 => fault().prop_map(Step::Interrupt),
        1 => Just(Step::Compact),
        4 => (0_u16..400).prop_map(Step::Sleep),
    ]
}

async fn holds(steps: Vec<Step>) {
    let api = FakeApi::new();
    let world = World::start(&api, |runner| runner.finalizer(FINALIZER), |_| Act::Rest);
    for step in steps {
        match step {
            Step::Put(name, path) => {
                api.put(object(&format!("app-{name}"), &path.to_string()));
            }
            Step::Remove(name) => remove(&api, &format!("app-{name}")),
            Step::Fault(is_list, times, fault) => {
                let on = if is_list { Verb::List } else { Verb::Watch };
                api.fault(On::any().verb(on).times(times.into()), fault.clone());
                api.fault(On::any().verb(Verb::Patch).times(times.into()), fault);
            }
            Step::Interrupt(fault) => api.interrupt(On::any(), fault),
            Step::Compact => api.compact(),
            Step::Sleep(seconds) => sleep(Duration::from_secs(seconds.into())).await,
        }
    }
    api.clear_faults();
    // A silent connection, a list that hangs, and the longest back-off of a finalizer.
    let begun = Instant::now();
    sleep(Duration::from_secs(1800)).await;
    for object in api.objects() {
        if object["kind"] != "Kustomization" {
            continue;
        }
        let name = object["metadata"]["name"].as_str().unwrap();
        let run = world.generations(name).last().copied();
        assert_eq!(run, object["metadata"]["generation"].as_i64(), "{object}");
        assert_eq!(
            object["metadata"]["finalizers"],
            json!([FINALIZER]),
            "{object}"
        );
    }
    let requests = api.requests();
    let after = requests
        .iter()
        .filter(|request| request.at >= begun)
        .count();
    assert!(
        after < 60,
        "{after} requests in half an hour without faults"
    );
    let _ = world.stop().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn when_faults_are_over_every_object_was_run_as_it_is(steps in proptest::collection::vec(step(), 0..40)) {
        in_no_time(holds(steps));
    }
}
