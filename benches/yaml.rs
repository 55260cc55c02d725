//! Reading and writing 5 MB of manifests, as a repository of 4,000 documents has them.
//!
//! `cargo bench --bench yaml` measures with criterion; `benches/compare yaml` holds it against Go.

use criterion::{Criterion, Throughput};
use fluxcd_dialect::yaml::{self, Loader};
use serde_json::Value;

#[path = "yaml/data.rs"]
mod data;
#[path = "peers/lines.rs"]
mod lines;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stream = data::stream();
    let values = read(&stream)?;
    if lines::wanted(&stream)? {
        lines::time("read", stream.len(), || read(&stream))?;
        lines::time("read_v3", stream.len(), || read_v3(&stream))?;
        lines::time("write", stream.len(), || write(&values))?;
        lines::checksum("write", &write(&values)?);
        return Ok(());
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
    group.bench_function("read", |b| b.iter(|| read(stream)));
    group.bench_function("read_v3", |b| b.iter(|| read_v3(stream)));
    group.bench_function("write", |b| b.iter(|| write(values)));
    group.finish();
}

fn read(stream: &str) -> Result<Vec<Value>, yaml::Error> {
    yaml::read(stream.as_bytes(), &Loader::v2())
}

fn read_v3(stream: &str) -> Result<Vec<Value>, yaml::Error> {
    yaml::read_v3(stream.as_bytes(), &Loader::v3())
}

fn write(values: &[Value]) -> Result<Vec<String>, yaml::Error> {
    values.iter().map(yaml::to_string).collect()
}
