//! Variables in 5 MB of manifests, two lines of each document: as texts, and as objects.
//!
//! `cargo bench --bench substitute` measures with criterion; `benches/compare substitute` holds it against Go.

use std::borrow::Cow;
use std::convert::Infallible;
use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use fluxcd::api::kustomize::v1::PostBuild;
use fluxcd::core::substitute::{Mode, Outcome, Substitution, Template, TemplateError};
use fluxcd_dialect::yaml::{self, Loader};
use serde_json::Value;

#[path = "substitute/data.rs"]
mod data;
#[path = "peers/lines.rs"]
mod lines;

fn main() -> Result<(), Box<dyn Error>> {
    let set = Set::new()?;
    if lines::wanted(&set.stream)? {
        return set.lines();
    }
    let mut criterion = Criterion::default().configure_from_args();
    set.bench(&mut criterion);
    criterion.final_summary();
    Ok(())
}

struct Set {
    stream: String,
    documents: Vec<String>,
    /// Loaded as kustomize loads them.
    objects: Vec<Value>,
    /// Strict, with inline variables.
    substitution: Substitution,
}

impl Set {
    fn new() -> Result<Self, yaml::Error> {
        let documents = data::documents();
        let stream = documents.join(data::SEPARATOR);
        let variables = data::VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let post_build = PostBuild {
            substitute: Some(variables.into()),
            ..PostBuild::default()
        };
        Ok(Self {
            objects: yaml::read_v3(stream.as_bytes(), &Loader::v3())?,
            stream,
            documents,
            substitution: Substitution::plan(&post_build, |_| None),
        })
    }

    /// The first MiB, as one text.
    fn first(&self) -> &str {
        &self.stream[..1 << 20]
    }

    /// Every document by itself; no result is kept.
    fn text(&self) -> Result<(), TemplateError> {
        for document in &self.documents {
            black_box(self.text_of(document)?);
        }
        Ok(())
    }

    fn text_of<'t>(&self, text: &'t str) -> Result<Cow<'t, [u8]>, TemplateError> {
        Template::parse(text)?.render(self.substitution.variables(), Mode::Strict)
    }

    /// Every object by itself: written as YAML, evaluated, read again.
    fn objects(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let mut objects = Vec::with_capacity(self.objects.len());
        for object in &self.objects {
            let Outcome::Substituted(done) = self.substitution.apply(object)? else {
                return Err("an object was left alone".into());
            };
            objects.push(done.into_object());
        }
        Ok(objects)
    }

    /// What finding every `$` costs.
    fn memchr(&self) -> Result<(), Infallible> {
        for document in &self.documents {
            for at in memchr::memchr_iter(b'$', document.as_bytes()) {
                black_box(at);
            }
        }
        Ok(())
    }

    /// What writing as many bytes costs.
    fn memcpy(&self) -> Result<(), Infallible> {
        for document in &self.documents {
            black_box(document.clone());
        }
        Ok(())
    }

    fn lines(&self) -> Result<(), Box<dyn Error>> {
        let (all, first) = (self.stream.len(), self.first());
        lines::time("text", all, || self.text())?;
        let texts = self.documents.iter().map(|text| self.text_of(text));
        lines::checksum("text", &texts.collect::<Result<Vec<_>, _>>()?);
        lines::time("text_1m", first.len(), || self.text_of(first))?;
        lines::checksum("text_1m", &[self.text_of(first)?]);
        lines::time("objects", all, || self.objects())?;
        let objects = self.objects()?;
        let json = objects.iter().map(serde_json::to_vec);
        lines::checksum("objects", &json.collect::<Result<Vec<_>, _>>()?);
        lines::time("memchr", all, || self.memchr())?;
        lines::time("memcpy", all, || self.memcpy())?;
        Ok(())
    }

    fn bench(&self, criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("substitute");
        group.throughput(Throughput::Bytes(self.stream.len() as u64));
        group.sample_size(20);
        group.bench_function("text", |b| b.iter(|| self.text()));
        group.bench_function("objects", |b| b.iter(|| self.objects()));
        group.bench_function("memchr", |b| b.iter(|| self.memchr()));
        group.bench_function("memcpy", |b| b.iter(|| self.memcpy()));
        group.throughput(Throughput::Bytes(self.first().len() as u64));
        group.bench_function("text_1m", |b| b.iter(|| self.text_of(self.first())));
        group.finish();
    }
}
