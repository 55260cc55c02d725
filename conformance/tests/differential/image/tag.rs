//! Tags as registries list them, and as none would; names of images.

use crate::rng::Rng;

/// What tags look like.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// `1.2.3`, `v1.2.3-rc.1+b`.
    Version,
    /// `main-4f2a-1700000000`.
    Branch,
    /// `build-12`.
    Build,
    /// `20240131`, `2024.01.31`.
    Date,
    /// What `strconv.ParseFloat` reads, and what it nearly reads.
    Number,
    /// Anything, beyond what a registry would take.
    Hostile,
    /// A bit of each.
    Mixed,
}

impl Shape {
    pub(crate) fn any(rng: &mut Rng) -> Self {
        match rng.below(14) {
            0..4 => Self::Version,
            4..7 => Self::Branch,
            7..9 => Self::Build,
            9 => Self::Date,
            10..12 => Self::Number,
            12 => Self::Hostile,
            _ => Self::Mixed,
        }
    }
}

pub(crate) fn tags(rng: &mut Rng, shape: Shape) -> Vec<String> {
    let count = rng.pick(&[0, 1, 1, 2, 3, 4, 6, 8, 12, 20, 40]);
    let mut tags: Vec<String> = (0..count).map(|_| tag(rng, shape)).collect();
    for _ in 0..rng.pick(&[0, 0, 0, 1, 2, 4]) {
        if count == 0 {
            break;
        }
        // Often of the same rank: the same version or number, in other words.
        let one = tags[rng.below(count)].clone();
        tags.push(match rng.below(5) {
            0 => one,
            1 => format!("v{one}"),
            2 => format!("{one}+b"),
            3 => format!("0{one}"),
            _ => one
                .replace("build-", "build-0")
                .trim_start_matches('v')
                .to_owned(),
        });
    }
    tags
}

fn tag(rng: &mut Rng, shape: Shape) -> String {
    let tag = match shape {
        Shape::Version => version(rng),
        Shape::Branch => {
            let branch = rng.word("main main main dev develop release");
            let commit: String = (0..rng.pick(&[2, 3, 7]))
                .map(|_| rng.pick(&['0', '1', '9', 'a', 'e', 'f']))
                .collect();
            let stamp = 1_700_000_000 + rng.below(6);
            format!("{branch}-{commit}-{stamp}")
        }
        Shape::Build => format!("build-{}{}", rng.pick(&["", "", "0", "00"]), rng.below(15)),
        Shape::Date => {
            let dot = rng.pick(&["", "", ".", "-"]);
            let (year, month, day) = (
                rng.between(2023, 2025),
                rng.between(1, 12),
                rng.between(1, 28),
            );
            format!("{year}{dot}{month:02}{dot}{day:02}")
        }
        Shape::Number => number(rng),
        Shape::Hostile => hostile(rng),
        Shape::Mixed => {
            let other = rng.pick(&[
                Shape::Version,
                Shape::Branch,
                Shape::Build,
                Shape::Date,
                Shape::Number,
                Shape::Hostile,
            ]);
            return tag(rng, other);
        }
    };
    match rng.below(60) {
        0 => rng.word("latest main dev stable nightly").to_owned(),
        1 => format!("sha256-{tag}.sig"),
        2 => tag + rng.pick(&["-dirty", ".att", "-amd64", "_1", " ", "\n"]),
        3 => hostile(rng),
        _ => tag,
    }
}

fn version(rng: &mut Rng) -> String {
    let numbers: Vec<&str> = (0..rng.pick(&[2, 3, 3, 3, 3, 3, 3, 3, 4]))
        .map(|_| rng.word("0 0 1 1 1 2 2 3 9 10 01"))
        .collect();
    let mut text = rng
        .pick(&["", "", "", "v", "v", "V", "release-"])
        .to_owned()
        + &numbers.join(".");
    if rng.percent(30) {
        text += rng.pick(&[
            "-rc.1",
            "-rc.2",
            "-rc.10",
            "-alpha",
            "-beta.1",
            "-0",
            "-01",
            "-alpine",
            "-alpine3.18",
            "-1a",
        ]);
    }
    if rng.percent(10) {
        text += rng.pick(&["+b", "+a", "+1.2", "_b"]);
    }
    text
}

fn number(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..5 => rng.below(40).to_string(),
        5 => format!("{}.{}", rng.below(4), rng.below(4)),
        6 => format!("{}e{}", rng.below(4), rng.below(4)),
        7 => rng
            .word("NaN nan +nan -nan Inf -inf infinity +Infinity 0 -0 +0 0x10 0X1p4 0x1p-2 0x 1_000 0x_1p0 1__0 .5 5. . 1e 1e309 -1e309 4.9e-324 9007199254740993 9007199254740992 00010 10 1e1 +10 0b1 0o7 1f 1d 1.5p3")
            .to_owned(),
        8 => format!("-{}", rng.below(10)),
        _ => format!("0{}", rng.below(20)),
    }
}

fn hostile(rng: &mut Rng) -> String {
    let pieces = [
        "", "a", "b", "v", "1", "2", ".", "-", "_", "+", " ", "\n", "\t", "\"", "'", "\\", "<",
        ">", "&", "\u{2028}", "\u{7f}", "\0", "é", "日", "😀", "ﬀ", "$1", "(", "K", "\u{fffd}",
        "\u{feff}", "/", ":", "@", "\r\n", "0x1p4", "nan",
    ];
    let mut text: String = (0..rng.pick(&[0, 1, 2, 3, 5, 9]))
        .map(|_| rng.pick(&pieces))
        .collect();
    if rng.below(200) == 0 {
        text = text.repeat(rng.between(20, 200));
    }
    text
}

pub(crate) fn name(rng: &mut Rng) -> String {
    let mut name = String::new();
    if rng.percent(4) {
        name += rng.pick(&["https://", "oci://", "://", "a://b://"]);
    }
    if rng.percent(70) {
        name += rng.pick(&[
            "ghcr.io",
            "GHCR.io",
            "docker.io",
            "index.docker.io",
            "docker.io:443",
            "registry-1.docker.io",
            "localhost",
            "localhost:5000",
            "a.localhost",
            "a.localhost:5",
            "a.localhost:123456",
            "10.0.0.1",
            "10.0.0.1:5000",
            "172.16.0.1",
            "172.32.0.1",
            "192.168.1.1:80",
            "192.168.01.1",
            "127.0.0.1",
            "127.0.0.1:5000",
            "1.127.0.0.1",
            "[::1]",
            "[::1]:5000",
            "[fe80::2]",
            "[::ffff:10.0.0.1]",
            "myreg",
            "my.reg",
            "a:1:2",
            "a:",
            ":1",
            "my_reg.io",
            "é.io",
            "a%20.io",
            "a@b.io",
            "a b.io",
            "a?b.io",
            "a#b.io",
            "[a.io",
            "a].io",
            "[::1%25lo]",
            "~a.b",
            "a.b:x",
            "",
            ".",
            "docker.io.",
            "reg.io:0",
        ]);
        name.push('/');
    }
    for part in 0..rng.pick(&[0, 1, 1, 2, 2, 2, 3]) {
        if part > 0 {
            name += rng.pick(&["/", "/", "/", "/", "//", "_", "."]);
        }
        name += rng.pick(&[
            "app", "org", "a", "ab", "Org", "app+x", "a.b", "a_b", "a--b", "library", "-", "é",
            " ", "app.io",
        ]);
    }
    if rng.percent(12) {
        name += rng.pick(&[
            ":v1",
            ":",
            ":latest",
            ":1.0_x",
            ":a b",
            ":-",
            "@",
            "@sha256:abc",
            ":é",
        ]);
    }
    if rng.percent(4) {
        let digits = "0123456789abcdef".repeat(rng.pick(&[4, 4, 4, 3, 8]));
        name += rng.pick(&["@sha256:", "@sha512:", ":3@sha256:", "@sha256"]);
        name += &digits;
    }
    if rng.percent(1) {
        name += &"/abcdefghi".repeat(rng.between(23, 27));
    }
    name
}
