//! Intervals, timeouts, jitter and back-off.

use std::collections::BTreeMap;

use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_conformance::ops::{integer, integer_result};
use fluxcd_core::schedule::{Rule, Timing};
use serde_json::{Value, json};

use crate::rng::Rng;
use crate::{agree, value};

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;

#[test]
fn kustomizations_have_the_times_of_their_accessors() {
    agree("schedule.kustomization", kustomization);
}

#[test]
fn errors_wait_as_in_the_queue_of_a_controller() {
    agree("schedule.backoff", backoff);
}

#[test]
fn intervals_are_spread_to_the_nanosecond() {
    agree("schedule.jitter", jitter);
}

fn kustomization(rng: &mut Rng) -> Value {
    let mut spec = json!({});
    for (key, chance) in [("interval", 90), ("timeout", 40), ("retryInterval", 40)] {
        if rng.percent(chance) {
            spec[key] = match rng.below(10) {
                0 => json!(value::duration(rng)),
                1 => json!("-2562047h47m16.854775808s"),
                _ => json!(
                    rng.word("5m 1h 59s 1m 60.5s 30s 30.000000001s 29.9s 31s 10s 0s 500ms -1m")
                ),
            };
        }
    }
    if rng.percent(40) {
        spec["deletionPolicy"] = json!(rng.pick(&[
            "",
            "MirrorPrune",
            "Delete",
            "WaitForTermination",
            "Orphan",
            "x"
        ]));
    }
    if rng.percent(40) {
        spec["postBuild"] =
            json!({"substituteStrategy": rng.pick(&["", "WithVariables", "Always", "x"])});
    }
    if rng.percent(3) {
        let key =
            rng.word("interval timeout retryInterval prune sourceRef postBuild deletionPolicy");
        spec[key] = match rng.below(3) {
            0 => Value::Null,
            1 => json!(5),
            _ => json!([]),
        };
    }
    json!({ "spec": spec })
}

fn backoff(rng: &mut Rng) -> Value {
    let failures = match rng.below(20) {
        0 => rng.between(60, 70),
        1 => rng.pick(&[1_023, 1_024, 1_100]),
        _ => rng.between(0, 40),
    };
    json!({"min": nanoseconds(rng), "max": nanoseconds(rng), "failures": failures})
}

fn jitter(rng: &mut Rng) -> Value {
    let percentage = match rng.below(20) {
        0 => rng.between(100, 255),
        1..8 => 5,
        _ => rng.below(100),
    };
    let unit = match rng.below(10) {
        0 => rng.pick(&[0, 1, 1 << 52, (1 << 53) - 1]),
        _ => (rng.next() >> 11) as i64,
    };
    json!({
        "percentage": percentage,
        "interval": nanoseconds(rng),
        "unit": integer_result(unit),
    })
}

/// Of any size; one in three is a length that a user would write.
fn nanoseconds(rng: &mut Rng) -> Value {
    let nanos = match rng.below(3) {
        0 => rng.between(0, 3_600) as i64 * rng.pick(&[1_000_000, 1_000_000_000, 60_000_000_000]),
        1 => rng.pick(&[0, 1, 750_000_000, 900_000_000_000, i64::MAX, i64::MIN, -1]),
        _ => (rng.next() as i64) >> rng.below(64),
    };
    integer_result(nanos)
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn the_generators_reach_every_rule() {
    let mut hits = BTreeMap::<&str, u64>::new();
    let mut hit =
        |what: &'static str, when: bool| *hits.entry(what).or_default() += u64::from(when);
    for case in 0..SAMPLE {
        let mut rng = Rng::new(1, case);
        let mut object = kustomization(&mut rng);
        object["spec"]["prune"] = json!(true);
        object["spec"]["sourceRef"] = json!({"kind": "Bucket", "name": "a"});
        match serde_json::from_value::<Kustomization>(object) {
            Ok(kustomization) => {
                let timing = Timing::from(&kustomization);
                let timeout = timing.timeout.map(|timeout| timeout.rule);
                hit("timeout written", timeout == Some(Rule::Written));
                hit(
                    "timeout shortest",
                    matches!(timeout, Some(Rule::Shortest { .. })),
                );
                hit(
                    "timeout derived",
                    matches!(timeout, Some(Rule::IntervalLess(_))),
                );
                let retry = timing.retry_interval.map(|retry| retry.rule);
                hit("retry written", retry == Some(Rule::Written));
                hit("retry derived", retry == Some(Rule::Interval));
            }
            Err(_) => hit("no duration", true),
        }
        let input = backoff(&mut rng);
        let of = |key| integer(&input, key).expect("a number") as f64;
        let wait = of("min") * of("failures").exp2();
        hit("back-off below the maximum", wait < of("max"));
        hit("back-off beyond the maximum", wait > of("max"));
        hit("back-off beyond all durations", wait > i64::MAX as f64);
        let input = jitter(&mut rng);
        let of = |key| integer(&input, key).expect("a number");
        hit("no percentage", of("percentage") > 99);
        hit("no jitter", of("percentage") == 0);
        hit("jitter of nothing", of("interval") == 0);
        hit("jitter of less than nothing", of("interval") < 0);
    }
    for (what, hits) in hits {
        assert!(hits > 20, "{what}: {hits}");
    }
}
