//! What 10,000 HelmReleases cost in memory, in kube's store and in the lean one: bytes on the heap when all are in, and the
//! time that filling takes.
//!
//! `cargo bench --bench cache` prints a table; nothing else runs beside it.

#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

use std::alloc::System;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use cap::Cap;
use fluxcd::api::helm::v2::HelmRelease;
use fluxcd::kube::cache::Cache;
use kube::api::DynamicObject;
use kube::core::ApiResource;
use kube::runtime::reflector::Lookup;
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher::Event;
use kube::{Resource, ResourceExt as _};
use serde::de::DeserializeOwned;

#[path = "cache/data.rs"]
mod data;

#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> Result<(), Box<dyn Error>> {
    let texts = data::objects();
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "{} HelmReleases, {} bytes of JSON each",
        texts.len(),
        bytes / texts.len()
    );
    println!();
    println!("| store | bytes each | of kube's | fill, ms |");
    println!("|---|---|---|---|");

    let of_release = || Writer::<HelmRelease>::new(());
    let kinds = ApiResource::erase::<HelmRelease>(&());
    let whole = row("kube `Store<HelmRelease>`", None, || {
        fill(of_release(), &texts, |_| ())
    })?;
    let clear = |object: &mut HelmRelease| object.managed_fields_mut().clear();
    row("the same without managed fields", Some(whole), || {
        fill(of_release(), &texts, clear)
    })?;
    let of_any = || Writer::<DynamicObject>::new(kinds.clone());
    row("kube `Store<DynamicObject>`", Some(whole), || {
        fill(of_any(), &texts, |_| ())
    })?;
    row("`fluxcd::kube::Cache<HelmRelease>`", Some(whole), || {
        let cache = Cache::<HelmRelease>::new();
        for text in &texts {
            cache.insert(serde_json::from_str(text)?);
        }
        Ok(cache)
    })?;
    Ok(())
}

/// Builds a store, prints what it holds, and returns that.
fn row<T>(
    name: &str,
    whole: Option<usize>,
    build: impl Fn() -> Result<T, Box<dyn Error>>,
) -> Result<usize, Box<dyn Error>> {
    let (before, start) = (HEAP.allocated(), Instant::now());
    let store = black_box(build()?);
    let (held, time) = (HEAP.allocated() - before, start.elapsed());
    drop(store);
    let share = whole.map_or(100, |whole| held * 100 / whole);
    println!(
        "| {name} | {} | {share} % | {} |",
        held / data::OBJECTS,
        time.as_millis()
    );
    Ok(held)
}

/// Fills a store of kube as a reflector does after a list.
fn fill<K>(
    mut writer: Writer<K>,
    texts: &[String],
    modify: impl Fn(&mut K),
) -> Result<Writer<K>, Box<dyn Error>>
where
    K: Lookup + Resource + DeserializeOwned + Clone + 'static,
    <K as Lookup>::DynamicType: Eq + std::hash::Hash + Clone,
{
    writer.apply_watcher_event(&Event::Init);
    for text in texts {
        let mut object: K = serde_json::from_str(text)?;
        modify(&mut object);
        writer.apply_watcher_event(&Event::InitApply(object));
    }
    writer.apply_watcher_event(&Event::InitDone);
    Ok(writer)
}
