//! Ranges, versions, and the election among 100,000 tags: of versions, and of build times that a filter extracts.
//!
//! `cargo bench --bench image_policy` measures with criterion; `benches/compare image_policy` holds it against Go.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use fluxcd::policy::image::{NoWinner, TagPolicy};
use fluxcd_dialect::version::{self, Dialect, Range, Version};
use serde_json::json;

#[path = "image_policy/data.rs"]
mod data;
#[path = "peers/lines.rs"]
mod lines;

/// Ranges that every version is held against.
const ASKED: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let set = data::Set::new();
    let work = Work::new(&set)?;
    if lines::wanted(&set.text())? {
        return work.lines();
    }
    let mut criterion = Criterion::default().configure_from_args();
    work.bench(&mut criterion);
    criterion.final_summary();
    Ok(())
}

struct Work<'s> {
    set: &'s data::Set,
    ranges: Vec<Range>,
    versions: Vec<Version<'s>>,
    newest_release: TagPolicy,
    last_build: TagPolicy,
}

impl<'s> Work<'s> {
    fn new(set: &'s data::Set) -> Result<Self, Box<dyn Error>> {
        let policy = |spec| -> Result<TagPolicy, Box<dyn Error>> {
            Ok(TagPolicy::compile(&serde_json::from_value(spec)?)?)
        };
        let mut work = Self {
            set,
            ranges: Vec::new(),
            versions: Vec::new(),
            newest_release: policy(json!({
                "imageRepositoryRef": {"name": "app"},
                "policy": {"semver": {"range": ">=1.0.0 <8.0.0"}},
            }))?,
            last_build: policy(json!({
                "imageRepositoryRef": {"name": "app"},
                "filterTags": {"pattern": "^main-[a-f0-9]+-(?P<time>[0-9]+)$", "extract": "$time"},
                "policy": {"numerical": {"order": "asc"}},
            }))?,
        };
        work.ranges = work.parse_ranges()?;
        work.versions = work.parse_versions();
        Ok(work)
    }

    fn parse_ranges(&self) -> Result<Vec<Range>, version::Error> {
        self.set
            .ranges
            .iter()
            .map(|range| Range::parse(range))
            .collect()
    }

    fn parse_versions(&self) -> Vec<Version<'s>> {
        let tags = self.set.releases.iter();
        tags.filter_map(|tag| Version::parse(tag, Dialect::Flux).ok())
            .collect()
    }

    /// How many versions each of the first ranges admits.
    fn admitted(&self) -> Vec<usize> {
        let ranges = self.ranges.iter().take(ASKED);
        let versions = black_box(&self.versions);
        ranges
            .map(|range| {
                versions
                    .iter()
                    .filter(|version| range.matches(version))
                    .count()
            })
            .collect()
    }

    fn newest_release(&self) -> Result<&str, NoWinner> {
        Ok(self.newest_release.select(&self.set.releases)?.tag())
    }

    fn last_build(&self) -> Result<&str, NoWinner> {
        Ok(self.last_build.select(&self.set.builds)?.tag())
    }

    fn lines(&self) -> Result<(), Box<dyn Error>> {
        let bytes = |lines: &[String]| lines.iter().map(|line| line.len() + 1).sum::<usize>();
        let (ranges, releases) = (bytes(&self.set.ranges), bytes(&self.set.releases));
        lines::time("range_parse", ranges, || self.parse_ranges())?;
        lines::time("version_parse", releases, || {
            Ok::<_, NoWinner>(self.parse_versions())
        })?;
        lines::time("range_match", ASKED * releases, || {
            Ok::<_, NoWinner>(self.admitted())
        })?;
        let admitted = self.admitted();
        let admitted: Vec<String> = admitted.iter().map(ToString::to_string).collect();
        lines::checksum("range_match", &admitted);
        lines::time("select_semver", releases, || self.newest_release())?;
        lines::checksum("select_semver", &[self.newest_release()?]);
        lines::time("select_numerical", bytes(&self.set.builds), || {
            self.last_build()
        })?;
        lines::checksum("select_numerical", &[self.last_build()?]);
        Ok(())
    }

    fn bench(&self, criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("image_policy");
        group.sample_size(20);
        group.throughput(Throughput::Elements(self.ranges.len() as u64));
        group.bench_function("range_parse", |b| b.iter(|| self.parse_ranges()));
        group.throughput(Throughput::Elements((ASKED * self.versions.len()) as u64));
        group.bench_function("range_match", |b| b.iter(|| self.admitted()));
        group.throughput(Throughput::Elements(self.set.releases.len() as u64));
        group.bench_function("version_parse", |b| b.iter(|| self.parse_versions()));
        group.bench_function("select_semver", |b| {
            b.iter(|| self.newest_release().map(str::len))
        });
        group.bench_function("select_numerical", |b| {
            b.iter(|| self.last_build().map(str::len))
        });
        group.finish();
    }
}
