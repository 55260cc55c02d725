//! What image policies elect from the tag lists of the repository, and what the ranges of sources mean.
//!
//! A tag list is a file `registry/<name of the ImageRepository>.txt` below the directory, one tag in a line.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use fluxcd::api::image::v1::{ImagePolicySpec, ImageRepositorySpec};
use fluxcd::api::object::FluxObject;
use fluxcd::api::resource::FluxResource;
use fluxcd::dialect::version::Range;
use fluxcd::policy::image::{Exclusions, TagPolicy};

use crate::report::{Election, Losers, Meaning, Place};
use crate::text::{BAD, DIM, NAME, WARN, at, count, heading};

/// How many losers of a group are named.
const SHOWN: usize = 5;

/// What was found so far.
#[derive(Default)]
pub(crate) struct Images {
    /// By name, the first of that name.
    repositories: BTreeMap<String, ImageRepositorySpec>,
    policies: Vec<(String, Place, ImagePolicySpec)>,
    ranges: Vec<Meaning>,
    lists: BTreeMap<String, String>,
}

impl Images {
    pub(crate) fn add(&mut self, object: &FluxObject, at: &Place) {
        let name = object.name().to_owned();
        let range = match object {
            FluxObject::ImageRepository(image) => {
                self.repositories
                    .entry(name)
                    .or_insert_with(|| image.spec.clone());
                return;
            }
            FluxObject::ImagePolicy(policy) => {
                self.policies.push((name, at.clone(), policy.spec.clone()));
                return;
            }
            FluxObject::GitRepository(git) => {
                let reference = git.spec.reference.as_ref();
                reference
                    .filter(|wanted| {
                        wanted.commit.is_none() && wanted.name.is_none() && wanted.tag.is_none()
                    })
                    .and_then(|wanted| wanted.semver.as_deref())
            }
            FluxObject::OCIRepository(oci) => {
                let reference = oci.spec.reference.as_ref();
                reference
                    .filter(|wanted| wanted.digest.is_none())
                    .and_then(|wanted| wanted.semver.as_deref())
            }
            _ => None,
        };
        if let Some(range) = range.filter(|range| !range.is_empty()) {
            let parsed = Range::parse(range);
            self.ranges.push(Meaning {
                object: format!("{} {name}", object.kind()),
                at: at.clone(),
                range: range.to_owned(),
                words: parsed.as_ref().map(Range::explain).ok(),
                error: parsed.err().map(|error| error.to_string()),
            });
        }
    }

    /// The files that hold tag lists, if they are there.
    pub(crate) fn wanted(&self) -> Vec<String> {
        self.repositories.keys().map(|name| list_of(name)).collect()
    }

    /// Takes in a file, if it is a tag list; tells whether it is.
    pub(crate) fn add_list(&mut self, file: &str, bytes: &[u8]) -> bool {
        let mut names = self.repositories.keys();
        let is_list = names.any(|name| list_of(name) == file);
        if is_list {
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.lists.insert(file.to_owned(), text);
        }
        is_list
    }

    /// Every policy whose repository has a list, and every range.
    pub(crate) fn finish(self) -> (Vec<Election>, Vec<Meaning>) {
        let elections = self.policies.iter();
        let elections = elections.filter_map(|(name, at, spec)| {
            let repository = &spec.image_repository_ref.name;
            let list = list_of(repository);
            let tags = self.lists.get(&list)?;
            let mut election = Election {
                object: name.clone(),
                at: at.clone(),
                list,
                ..Election::default()
            };
            match self.policy(spec) {
                Err(error) => election.error = Some(error),
                Ok(policy) => elect(&policy, tags, &mut election),
            }
            Some(election)
        });
        (elections.collect(), self.ranges)
    }

    fn policy(&self, spec: &ImagePolicySpec) -> std::result::Result<TagPolicy, String> {
        let repository = self.repositories.get(&spec.image_repository_ref.name);
        let list = repository.and_then(|repository| repository.exclusion_list.clone());
        let exclusions = Exclusions::compile(&list.unwrap_or_default());
        let exclusions = exclusions.map_err(|error| error.to_string())?;
        let policy = TagPolicy::compile(spec).map_err(|error| error.to_string())?;
        Ok(policy.excluding(exclusions))
    }
}

fn elect(policy: &TagPolicy, tags: &str, election: &mut Election) {
    let tags: Vec<&str> = tags
        .lines()
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .collect();
    let explanation = policy.explain(&tags);
    election.tags = tags.len();
    election.rule = policy.rule().to_string();
    match explanation.outcome() {
        Ok(elected) => {
            election.elected = Some(elected.tag().to_owned());
            let tied = elected.tied().iter();
            let others = tied.filter(|tag| **tag != elected.tag());
            election.tied = others.map(ToString::to_string).collect();
        }
        Err(error) => election.error = Some(error.to_string()),
    }
    let groups = explanation.groups().into_iter();
    election.losers = groups
        .map(|group| Losers {
            why: group.why.into_owned(),
            count: group.tags.len(),
            tags: group
                .tags
                .iter()
                .take(SHOWN)
                .map(ToString::to_string)
                .collect(),
        })
        .collect();
}

fn list_of(repository: &str) -> String {
    format!("registry/{repository}.txt")
}

/// Writes the part of the report for people.
pub(crate) fn write(out: &mut dyn Write, elections: &[Election], ranges: &[Meaning]) -> Result<()> {
    if !elections.is_empty() {
        heading(
            out,
            "Image policies: which tag is elected, and why the others lost",
        )?;
    }
    for one in elections {
        write!(
            out,
            "  {NAME}{}{NAME:#} {DIM}{}{DIM:#} ",
            one.object,
            at(&one.at)
        )?;
        match (&one.elected, &one.error) {
            (Some(tag), _) => write!(out, "elects {NAME}{tag}{NAME:#}")?,
            (None, error) => {
                let error = error.as_deref().unwrap_or_default();
                write!(out, "{BAD}elects nothing{BAD:#}: {error}")?;
            }
        }
        writeln!(
            out,
            " {DIM}by {} from {} in {}{DIM:#}",
            one.rule,
            count(one.tags, "tag"),
            one.list
        )?;
        if !one.tied.is_empty() {
            writeln!(
                out,
                "    {WARN}left to chance{WARN:#}, or {}",
                one.tied.join(", ")
            )?;
        }
        for losers in &one.losers {
            let verb = if losers.count == 1 { "is" } else { "are" };
            write!(
                out,
                "    {} {verb} {}: {DIM}{}",
                losers.count,
                losers.why,
                losers.tags.join(", ")
            )?;
            match losers.count - losers.tags.len() {
                0 => writeln!(out, "{DIM:#}")?,
                more => writeln!(out, " and {more} more{DIM:#}")?,
            }
        }
    }
    if !ranges.is_empty() {
        heading(out, "Version ranges of sources")?;
    }
    for one in ranges {
        write!(
            out,
            "  {NAME}{}{NAME:#} {DIM}{}{DIM:#} {}: ",
            one.object,
            at(&one.at),
            one.range
        )?;
        match (&one.words, &one.error) {
            (Some(words), _) => writeln!(out, "{words}")?,
            (None, error) => writeln!(out, "{BAD}{}{BAD:#}", error.as_deref().unwrap_or_default())?,
        }
    }
    Ok(())
}
