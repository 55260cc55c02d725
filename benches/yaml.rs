//! Reading and writing 5 MB of manifests, as a repository of 4,000 documents has them.
//!
//! `cargo bench --bench yaml` measures with criterion. The script `benches/compare` holds it against Go: it sets
//! `FLUXCD_BENCH_DATA` to a file, which then gets the bytes that the peer in `benches/peers` reads, and asks for one
//! line per measurement instead.

#![allow(clippy::print_stdout, reason = "benches/compare reads it")]

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use fluxcd_dialect::yaml::{self, Loader};
use serde_json::Value;

#[path = "yaml/data.rs"]
mod data;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stream = data::stream();
    let values = yaml::read(stream.as_bytes(), &Loader::v2())?;
    if let Ok(path) = env::var("FLUXCD_BENCH_DATA") {
        std::fs::write(path, &stream)?;
        return lines(&stream, &values);
    }
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion, &stream, &values);
    criterion.final_summary();
    Ok(())
}

fn bench(criterion: &mut Criterion, stream: &str, values: &[Value]) {
    let mut group = criterion.benchmark_group("yaml");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.sample_size(20);
    group.bench_function("read", |b| {
        b.iter(|| yaml::read(stream.as_bytes(), &Loader::v2()))
    });
    group.bench_function("read_v3", |b| {
        b.iter(|| yaml::read_v3(stream.as_bytes(), &Loader::v3()))
    });
    group.bench_function("write", |b| b.iter(|| write(values)));
    group.finish();
}

fn write(values: &[Value]) -> Result<Vec<String>, yaml::Error> {
    values.iter().map(yaml::to_string).collect()
}

/// Prints `<what> <nanoseconds>` for the fastest of a few runs, and a checksum of the written text.
fn lines(stream: &str, values: &[Value]) -> Result<(), Box<dyn std::error::Error>> {
    let read = fastest(|| yaml::read(stream.as_bytes(), &Loader::v2()))?;
    let read_v3 = fastest(|| yaml::read_v3(stream.as_bytes(), &Loader::v3()))?;
    let written = fastest(|| write(values))?;
    let text = write(values)?.concat();
    for (what, time) in [("read", read), ("read_v3", read_v3), ("write", written)] {
        println!("{what} {}", time.as_nanos());
    }
    println!(
        "checksum {:016x} of {} bytes",
        fnv(text.as_bytes()),
        text.len()
    );
    Ok(())
}

fn fastest<T, E>(work: impl Fn() -> Result<T, E>) -> Result<Duration, E> {
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let result = black_box(work()?);
        fastest = fastest.min(start.elapsed());
        drop(result);
    }
    Ok(fastest)
}

/// 64-bit FNV-1a, which both languages have in a few lines.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
