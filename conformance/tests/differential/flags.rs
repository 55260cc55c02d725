//! Arguments of controllers.

use std::collections::BTreeSet;

use fluxcd_core::FluxVersion;
use fluxcd_core::flags::{Controller, Flag, FlagKind, Flags, Gate};
use serde_json::json;

use crate::agree;
use crate::rng::Rng;

#[test]
fn arguments_are_read_as_the_controllers_read_them() {
    agree("flags.parse", |rng| {
        let (controller, version, arguments) = case(rng);
        json!({"controller": controller.name(), "version": version.to_string(), "args": arguments})
    });
}

fn case(rng: &mut Rng) -> (Controller, FluxVersion, Vec<String>) {
    let controller = rng.pick(&Controller::ALL);
    let version = rng.pick(&[FluxVersion::V2_9, FluxVersion::V2_10]);
    let known: Vec<&Flag> = Flag::all(controller, version).collect();
    let is_right = rng.percent(60);
    let mut arguments = Vec::new();
    for _ in 0..rng.below(6) {
        if !is_right && rng.percent(10) {
            let odd = "-- - -x -h -x=1 -test.v --help --help=1 --=a ---a word --no-such --no-such=1 --no-remote-bases --Concurrent=1 -concurrent=1 --spiffe-broker-id=a";
            arguments.push(rng.word(odd).to_owned());
            continue;
        }
        let flag = rng.pick(&known);
        let value = value(rng, flag, controller, is_right);
        match rng.below(10) {
            0 if flag.kind == FlagKind::Bool || !is_right => {
                arguments.push(format!("--{}", flag.name))
            }
            1..4 if flag.kind != FlagKind::Bool => {
                arguments.extend([format!("--{}", flag.name), value])
            }
            _ => arguments.push(format!("--{}={value}", flag.name)),
        }
    }
    (controller, version, arguments)
}

fn value(rng: &mut Rng, flag: &Flag, controller: Controller, is_right: bool) -> String {
    if !is_right && rng.percent(20) {
        return rng
            .word(" x -1 1e3 0x 08 1_ 300 70000 true 1h a=b \"a NaN 9223372036854775808")
            .to_owned();
    }
    match flag.kind {
        FlagKind::Bool => rng.word("true false 1 0 t F True FALSE").to_owned(),
        FlagKind::Integer => rng
            .word(
                "0 1 -5 +7 0x1F 0b11 0o17 017 1_000 0x_a 9223372036854775807 -9223372036854775808",
            )
            .to_owned(),
        FlagKind::Byte => rng.word("0 5 50 99 100 0x10 255").to_owned(),
        FlagKind::Short => rng.word("0 10 0xff 65535").to_owned(),
        FlagKind::Float => rng.word("0 50 0.1 1e3 -2.5 100.25 0x1p4 1e38").to_owned(),
        FlagKind::Duration => rng.word("0 30s 1m 1h30m -5s 1.5h 100ms 10us").to_owned(),
        FlagKind::Text => rng.word("a info  -b --c a=b sha256").to_owned(),
        FlagKind::List => rng.word("a a,b  c \"d").to_owned(),
        FlagKind::CommaList => {
            let pieces = [
                "a", "b", ",", ",", "\"", "\"c\"", "\"\"", "\"d,e\"", "\n", "\r\n", "\r", " ",
            ];
            let count = if is_right { 2 } else { rng.below(7) };
            let from = if is_right { &pieces[..4] } else { &pieces[..] };
            (0..count).map(|_| rng.pick(from)).collect()
        }
        FlagKind::Gates => {
            let known: Vec<&Gate> = Gate::all(controller).collect();
            let pairs: Vec<String> = (0..rng.below(4))
                .map(|_| match rng.below(20) {
                    0 if !is_right => rng.word("Nothing=true DetectDrift=true ObjectLevelWorkloadIdentity=true x = =true").to_owned(),
                    1 => String::new(),
                    2 => format!(" {} = true ", rng.pick(&known).name),
                    _ => format!("{}={}", rng.pick(&known).name, rng.word("true false 1 F")),
                })
                .collect();
            pairs.join(",")
        }
    }
}

#[test]
fn the_generator_reaches_every_flag_and_every_problem() {
    let (mut flags, mut problems) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..20_000 {
        let (controller, version, arguments) = case(&mut Rng::new(1, number));
        let read = Flags::parse(controller, version, &arguments);
        let given = read
            .settings()
            .filter(|(_, given)| given.origin.argument().is_some());
        flags.extend(given.map(|(name, _)| (controller, name)));
        let first = read
            .problems
            .first()
            .map(|problem| format!("{:?}", problem.kind));
        problems.insert(first.map_or("none".to_owned(), |kind| {
            kind.split([' ', '{']).next().unwrap_or_default().to_owned()
        }));
    }
    let known = Controller::ALL
        .into_iter()
        .flat_map(|controller| Flag::all(controller, FluxVersion::V2_10));
    assert_eq!(
        flags.len(),
        known.filter(|flag| flag.kind != FlagKind::Gates).count()
    );
    let all = [
        "AccountWithoutGate",
        "Help",
        "InvalidValue",
        "Jitter",
        "MissingValue",
        "Syntax",
        "UnknownFlag",
        "UnknownGate",
        "none",
    ];
    assert_eq!(problems.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
