//! Readiness of 10,000 live objects of mixed kinds, from parsed JSON values to status and message: `compute` of as many
//! different objects, which no cache holds; `hot` of a hundred, a hundred times each.
//!
//! `cargo bench --bench ready` measures with criterion; `benches/compare ready` holds it against Go.

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput};
use fluxcd::core::ready::{self, Error, Readiness};
use serde_json::Value;

#[path = "ready/data.rs"]
mod data;
#[path = "peers/lines.rs"]
mod lines;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let objects = data::objects();
    let texts: Vec<String> = objects.iter().map(Value::to_string).collect();
    let stream = texts.join("\n");
    // As they come from a server: parsed, not built.
    let objects: Vec<Value> = texts
        .iter()
        .map(|text| serde_json::from_str(text))
        .collect::<Result<_, _>>()?;
    // No Pod of the set is unschedulable, so any time will do.
    let now = DateTime::UNIX_EPOCH;
    if lines::wanted(&stream)? {
        lines::time("compute", stream.len(), || judge(&objects, now))?;
        let hot = objects.get(..HOT).unwrap_or_default();
        let bytes: usize = texts.iter().take(HOT).map(String::len).sum();
        lines::time("hot", bytes * TIMES, || judge_hot(hot, now))?;
        let (judged, _) = judge(&objects, now)?;
        let text = |one: &Readiness| format!("{} {}\n", one.status, one.message());
        let judged: Vec<String> = judged.iter().map(text).collect();
        lines::checksum("compute", &judged);
        return Ok(());
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("ready");
    group.throughput(Throughput::Elements(data::OBJECTS));
    group.sample_size(20);
    group.bench_function("compute", |b| b.iter(|| judge(&objects, now)));
    let hot = objects.get(..HOT).unwrap_or_default();
    group.bench_function("hot", |b| b.iter(|| judge_hot(hot, now)));
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// Objects that stay in the cache.
const HOT: usize = 100;
/// How often each of them is judged.
const TIMES: usize = 100;

fn judge_hot(objects: &[Value], now: DateTime<Utc>) -> Result<usize, Error> {
    let mut size = 0;
    for _ in 0..TIMES {
        size += judge(objects, now)?.1;
    }
    Ok(size)
}

/// Upstream makes the message in any case, so it is made here, too.
fn judge(objects: &[Value], now: DateTime<Utc>) -> Result<(Vec<Readiness>, usize), Error> {
    let mut size = 0;
    let judged = objects.iter().map(|object| {
        let readiness = ready::compute(object, now)?;
        size += readiness.message().len();
        Ok(readiness)
    });
    let judged: Result<_, Error> = judged.collect();
    Ok((judged?, size))
}
