//! Arguments, read as pflag reads them.

use std::collections::BTreeMap;

use super::table::{Flag, FlagKind, Gate, OBJECT_LEVEL_WORKLOAD_IDENTITY};
use super::value::{FlagValue, boolean};
use super::{Controller, Flags, Given, Origin, Problem, ProblemKind};
use crate::FluxVersion;

impl Flags {
    /// Reads the arguments of a controller.
    ///
    /// The last of several occurrences counts; those of lists and gates add up. A boolean takes its value behind `=` only.
    /// Words without a hyphen, and all behind `--`, are ignored.
    ///
    /// Where the controller would not start, the problems say why, in the order in which it would meet them, and the rest
    /// is read nevertheless: what follows an unknown flag and has no hyphen counts as its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::FluxVersion;
    /// use fluxcd_core::flags::{Controller, Flags, Origin};
    ///
    /// let flags = Flags::parse(Controller::Kustomize, FluxVersion::V2_9, &["--log-level=info", "--no-cross-namespace-refs"]);
    /// let refs = flags.no_cross_namespace_refs().unwrap();
    /// assert!(refs.value && refs.origin == Origin::Argument(1));
    /// assert_eq!(flags.default_service_account().unwrap().origin, Origin::Default);
    /// assert!(flags.gate("StrictPostBuildSubstitutions").unwrap().value);
    ///
    /// let flags = Flags::parse(Controller::Source, FluxVersion::V2_9, &["--no-cross-namespace-refs"]);
    /// assert_eq!(flags.problems[0].to_string(), "unknown flag: --no-cross-namespace-refs");
    /// ```
    pub fn parse<T: AsRef<str>>(
        controller: Controller,
        version: FluxVersion,
        arguments: &[T],
    ) -> Self {
        let known: BTreeMap<&str, &Flag> = Flag::all(controller, version)
            .map(|flag| (flag.name, flag))
            .collect();
        let mut reader = Reader {
            known,
            settings: BTreeMap::new(),
            gates: BTreeMap::new(),
            problems: Vec::new(),
        };
        reader.read(arguments);
        reader.finish(controller, version)
    }
}

struct Reader {
    known: BTreeMap<&'static str, &'static Flag>,
    settings: BTreeMap<&'static str, Given<FlagValue>>,
    /// As they are given, known or not.
    gates: BTreeMap<String, Given<bool>>,
    problems: Vec<Problem>,
}

impl Reader {
    /// pflag: flag.go (parseArgs, parseLongArg, parseSingleShortArg).
    fn read<T: AsRef<str>>(&mut self, arguments: &[T]) {
        let mut rest = arguments.iter().map(AsRef::as_ref).enumerate().peekable();
        while let Some((at, argument)) = rest.next() {
            let Some(named) = argument.strip_prefix('-').filter(|named| !named.is_empty()) else {
                continue;
            };
            let Some(long) = named.strip_prefix('-') else {
                // There are no flags of one letter.
                match named.chars().next() {
                    _ if named.starts_with("test.") => continue,
                    Some('h') => self.problem(at, ProblemKind::Help),
                    _ => self.problem(
                        at,
                        ProblemKind::UnknownFlag {
                            name: argument.to_owned(),
                        },
                    ),
                }
                continue;
            };
            if long.is_empty() {
                break;
            }
            if long.starts_with(['-', '=']) {
                self.problem(
                    at,
                    ProblemKind::Syntax {
                        argument: argument.to_owned(),
                    },
                );
                continue;
            }
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let Some(flag) = self.known.get(name).copied() else {
                self.problem(
                    at,
                    match name {
                        "help" => ProblemKind::Help,
                        name => ProblemKind::UnknownFlag {
                            name: format!("--{name}"),
                        },
                    },
                );
                if value.is_none() {
                    let _ = rest.next_if(|(_, next)| !next.starts_with('-'));
                }
                continue;
            };
            let value = match value {
                None if flag.kind == FlagKind::Bool => Some("true"),
                None => rest.next().map(|(_, next)| next),
                value => value,
            };
            match value {
                Some(value) => self.set(flag, value, at),
                None => self.problem(at, ProblemKind::MissingValue { flag: flag.name }),
            }
        }
    }

    fn set(&mut self, flag: &'static Flag, text: &str, at: usize) {
        let origin = Origin::Argument(at);
        if flag.kind == FlagKind::Gates {
            for pair in text.split(',').filter(|pair| !pair.is_empty()) {
                let on = pair
                    .split_once('=')
                    .and_then(|(name, on)| Some((name.trim(), boolean(on.trim())?)));
                let Some((name, value)) = on else {
                    return self.invalid(flag, text, at);
                };
                self.gates.insert(name.to_owned(), Given { value, origin });
            }
            return;
        }
        let Some(mut value) = FlagValue::parse(flag.kind, text) else {
            return self.invalid(flag, text, at);
        };
        if let (
            FlagValue::List(items),
            Some(Given {
                value: FlagValue::List(before),
                ..
            }),
        ) = (&mut value, self.settings.get(flag.name))
        {
            items.splice(0..0, before.iter().cloned());
        }
        self.settings.insert(flag.name, Given { value, origin });
    }

    fn invalid(&mut self, flag: &'static Flag, text: &str, at: usize) {
        let value = text.to_owned();
        self.problem(
            at,
            ProblemKind::InvalidValue {
                flag: flag.name,
                value,
            },
        );
    }

    fn problem(&mut self, argument: usize, kind: ProblemKind) {
        self.problems.push(Problem {
            argument: Some(argument),
            kind,
        });
    }

    /// What the main functions of the controllers check, in their order; and the defaults.
    fn finish(mut self, controller: Controller, version: FluxVersion) -> Flags {
        let mut gates = BTreeMap::new();
        let mut retired = Vec::new();
        for gate in Gate::all(controller) {
            let given = self.gates.remove(gate.name);
            if gate.is_retired(version) {
                retired.extend(given.map(|_| gate.name));
            } else {
                gates.insert(
                    gate.name,
                    given.unwrap_or(Given::default_value(gate.default)),
                );
            }
        }
        let unknown = std::mem::take(&mut self.gates);
        self.problems
            .extend(unknown.into_iter().map(|(name, given)| Problem {
                argument: given.origin.argument(),
                kind: ProblemKind::UnknownGate { name },
            }));
        for (name, flag) in &self.known {
            if let Some(value) = FlagValue::default_of(flag.kind, flag.default) {
                self.settings
                    .entry(name)
                    .or_insert(Given::default_value(value));
            }
        }
        let mut flags = Flags {
            controller,
            version,
            settings: self.settings,
            gates,
            retired,
            problems: self.problems,
        };
        flags.problems.extend(flags.inconsistent_account());
        flags.problems.extend(flags.too_much_jitter());
        flags
    }
}

impl Flags {
    /// auth: controller_options.go (InconsistentObjectLevelConfiguration). Two of the controllers impersonate the default
    /// account and do not authenticate as it.
    fn inconsistent_account(&self) -> Option<Problem> {
        if self.gates.get(OBJECT_LEVEL_WORKLOAD_IDENTITY)?.value {
            return None;
        }
        let impersonates = matches!(self.controller, Controller::Helm | Controller::Kustomize);
        let default = (!impersonates).then_some("default-service-account");
        let accounts = [
            "default-decryption-service-account",
            "default-kubeconfig-service-account",
        ];
        let mut accounts = default.into_iter().chain(accounts);
        accounts.find_map(|flag| {
            let given = self.text(flag).filter(|given| !given.value.is_empty())?;
            Some(Problem {
                argument: given.origin.argument(),
                kind: ProblemKind::AccountWithoutGate { flag },
            })
        })
    }

    /// jitter: interval.go (SetGlobalJitter).
    fn too_much_jitter(&self) -> Option<Problem> {
        let jitter = self
            .interval_jitter_percentage()
            .filter(|jitter| jitter.value >= 100)?;
        Some(Problem {
            argument: jitter.origin.argument(),
            kind: ProblemKind::Jitter {
                percentage: jitter.value,
            },
        })
    }
}
