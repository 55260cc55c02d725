//! The set: ranges as people write them, and 100,000 tags each of two kinds, the same on every machine.

/// Tags of each kind.
const TAGS: u64 = 100_000;

/// Three blocks of lines with an empty line between: ranges, tags that are versions, tags of builds.
pub(crate) struct Set {
    pub(crate) ranges: Vec<String>,
    pub(crate) releases: Vec<String>,
    pub(crate) builds: Vec<String>,
}

impl Set {
    pub(crate) fn new() -> Self {
        Self {
            ranges: (0..1000).map(range).collect(),
            releases: (0..TAGS).map(release).collect(),
            builds: (0..TAGS).map(build).collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let blocks = [&self.ranges, &self.releases, &self.builds];
        blocks.map(|lines| lines.join("\n")).join("\n\n")
    }
}

/// Spreads an index over all bits (splitmix64).
fn mix(index: u64) -> u64 {
    let mut z = index.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn range(index: u64) -> String {
    let hash = mix(index);
    let (major, minor, patch) = (hash % 10, hash / 10 % 20, hash / 200 % 30);
    match index % 8 {
        0 => format!("^{major}.{minor}"),
        1 => format!(">={major}.{minor}.{patch} <{}.0.0", major + 1),
        2 => format!("~{major}.{minor}"),
        3 => format!("{major}.x"),
        4 => format!(">={major}.0.0-0"),
        5 => format!("{major}.{minor}.x || ^{}.1", major + 2),
        6 => format!("{major}.{minor} - {}.{minor}", major + 1),
        _ => format!(">={major}.{minor}, !={major}.{minor}.{patch}"),
    }
}

/// Versions of a long-lived project: three of ten are prereleases, one of twenty is no version.
fn release(index: u64) -> String {
    let hash = mix(index);
    let (major, minor, patch) = (hash % 10, hash / 10 % 60, hash / 600 % 200);
    let v = if hash & (1 << 40) == 0 { "v" } else { "" };
    match hash >> 48 & 63 {
        0..19 => format!("{v}{major}.{minor}.{patch}-rc.{}", hash / 120_000 % 9),
        19 => format!("sha-{:07x}", hash & 0xFFF_FFFF),
        20 => format!("{major}.{minor}"),
        21 => format!("{v}{major}.{minor}.{patch}-alpine3.{}", hash / 120_000 % 20),
        _ => format!("{v}{major}.{minor}.{patch}"),
    }
}

/// Builds of branches, with commit and time; half of them are of the main branch.
fn build(index: u64) -> String {
    let hash = mix(index);
    let branch = match hash % 4 {
        0 | 1 => "main",
        2 => "develop",
        _ => "feature-login",
    };
    let time = 1_700_000_000 + hash / 4 % 60_000_000;
    format!("{branch}-{:07x}-{time}", hash >> 36)
}
