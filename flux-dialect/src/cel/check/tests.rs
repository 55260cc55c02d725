use proptest::prelude::*;

use super::{Declarations, Type};
use crate::cel::{Error, ErrorKind, Program, Variables};

fn objects() -> Declarations {
    Declarations::objects(["self", "dep"])
}

fn check(text: &str) -> Result<Type, Error> {
    Program::parse(text).unwrap().check(&objects())
}

fn type_of(text: &str) -> String {
    match check(text) {
        Ok(of) => of.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Texts and columns are upstream's, of the first problem that it reports.
#[test]
fn problems_are_named_in_upstream_s_words_at_upstream_s_places() {
    for (text, column, message) in PROBLEMS {
        let error = match Program::compile(text, &objects(), &Type::Bool) {
            Ok(_) => panic!("{text}: accepted"),
            Err(error) => error,
        };
        assert_eq!(error.kind(), ErrorKind::Check, "{text}");
        assert_eq!(error.to_string(), *message, "{text}");
        let place = format!("ERROR: <input>:1:{column}: ");
        // The tree does not know where the colon behind a field of a message is.
        if !text.starts_with("google.protobuf.Duration{") && !text.starts_with("null_type{") {
            assert!(
                error.explain(text).contains(&place),
                "{text}: {}",
                error.explain(text)
            );
        }
    }
}

#[rustfmt::skip]
const PROBLEMS: &[(&str, u32, &str)] = &[
    ("other", 1, "undeclared reference to 'other' (in container '')"),
    ("self.x.y(1) + other.z", 9, "undeclared reference to 'y' (in container '')"),
    ("nope(1)", 5, "undeclared reference to 'nope' (in container '')"),
    ("self.nope()", 10, "undeclared reference to 'nope' (in container '')"),
    ("1 + 'a'", 3, "found no matching overload for '_+_' applied to '(int, string)'"),
    ("'a'.startsWith(1)", 15, "found no matching overload for 'startsWith' applied to 'string.(int)'"),
    ("!1", 1, "found no matching overload for '!_' applied to '(int)'"),
    ("1 ? true : false", 3, "found no matching overload for '_?_:_' applied to '(int, bool, bool)'"),
    ("true && 1", 9, "expected type 'bool' but found 'int'"),
    ("[1].a", 4, "type 'list(int)' does not support field selection"),
    ("'a'.?b", 4, "type 'string' does not support field selection"),
    ("1.all(x, x)", 1, "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"),
    ("google.protobuf.Timestamp.a", 26, "type 'type(timestamp)' does not support field selection"),
    ("self{}", 5, "'map' is not a type"),
    ("int{}", 4, "'int' is not a message type"),
    ("google.protobuf.Duration{nope: 1}", 30, "undefined field 'nope'"),
    ("google.protobuf.Duration{seconds: 'a'}", 33, "expected type of field 'seconds' is 'int' but provided type is 'string'"),
    ("google.protobuf.Empty{}.a", 24, "undefined field 'a'"),
    ("null_type{a: 1}", 12, "unexpected failed resolution of 'google.protobuf.NullValue'"),
    ("[?1]", 3, "expected type 'optional_type(int)' but found 'int'"),
    ("{?'a': 1}", 8, "expected type 'optional_type(int)' but found 'int'"),
    ("google.protobuf.Int64Value{?value: 1}", 36, "expected type 'optional_type(int)' but found 'int'"),
    ("[1, 'a']", 5, "expected type 'int' but found 'string'"),
    ("[self.x, 1]", 10, "expected type 'dyn' but found 'int'"),
    ("{'a': 1, 'b': null}", 15, "expected type 'int' but found 'null'"),
    ("{'a': 1, 2: 1}", 10, "expected type 'string' but found 'int'"),
    ("[[1], ['a']]", 7, "expected type 'list(int)' but found 'list(string)'"),
    ("[int, string]", 7, "expected type 'type(int)' but found 'type(string)'"),
    ("'%d'.format(['a'])", 14, "error during formatting: decimal clause can only be used on ints, uints, and doubles, was given string"),
    ("'%s'.format([optional.of(1)])", 25, "error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given optional_type"),
    ("'%s %s'.format([1])", 15, "index 1 out of range"),
    ("'%s'.format([1, 2])", 12, "too many arguments supplied to string.format (expected 1, got 2)"),
    ("'%'.format([1])", 11, "unexpected end of string"),
    ("'%v'.format([1])", 12, "could not parse formatting clause: unrecognized formatting clause \"v\""),
    ("'%.f'.format([1.0])", 13, "could not parse formatting clause: error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing \"\": invalid syntax"),
    ("'%.2'.format([1.0])", 13, "could not parse formatting clause: error while parsing precision: could not find end of precision specifier"),
    ("'%b'.format([1.0])", 14, "error during formatting: only ints, uints, and bools can be formatted as binary, was given double"),
    ("'%o'.format([true])", 14, "error during formatting: octal clause can only be used on ints and uints, was given bool"),
    ("'%x'.format([1.5])", 14, "error during formatting: only ints, uints, bytes, and strings can be formatted as hex, was given double"),
    ("'%e'.format([[1]])", 14, "error during formatting: scientific clause can only be used on ints, uints, and doubles, was given list"),
    ("'%f'.format([null])", 14, "error during formatting: fixed-point clause can only be used on ints, uints, and doubles, was given null_type"),
    ("[].map(x, x) + {}", 14, "found no matching overload for '_+_' applied to '(list(dyn), map(dyn, dyn))'"),
    ("size(1, 2)", 5, "found no matching overload for 'size' applied to '(int, int)'"),
    ("self.x.size(1)", 12, "found no matching overload for 'size' applied to 'dyn.(int)'"),
    ("[1][0u]", 4, "found no matching overload for '_[_]' applied to '(list(int), uint)'"),
    ("self[1]", 5, "found no matching overload for '_[_]' applied to '(map(string, dyn), int)'"),
    ("1 in 'a'", 3, "found no matching overload for '@in' applied to '(int, string)'"),
    ("timestamp('2024-01-01T00:00:00Z') + 1", 35, "found no matching overload for '_+_' applied to '(timestamp, int)'"),
    ("{}.b.c.d()", 9, "undeclared reference to 'd' (in container '')"),
];

#[test]
fn what_is_not_known_takes_the_type_of_what_it_meets() {
    for (text, expected) in [
        ("[]", "list(dyn)"),
        ("{}", "map(dyn, dyn)"),
        ("[] + [1]", "list(int)"),
        ("[[], [1]]", "list(list(int))"),
        ("[].map(x, x + 1)", "list(int)"),
        ("[].all(x, x < 1)", "bool"),
        ("[1, 2].map(x, string(x))", "list(string)"),
        ("{'a': 1}.map(k, k)", "list(string)"),
        ("self.map(k, self[k])", "list(dyn)"),
        ("self.x.filter(y, y)", "list(dyn)"),
        ("optional.none()", "optional_type(dyn)"),
        ("optional.of(1).or(optional.none())", "optional_type(int)"),
        ("optional.none().orValue('a')", "string"),
        ("self.?x.orValue(true)", "dyn"),
        ("{'a': [1]}.?a[0]", "optional_type(int)"),
        ("[1].first().optMap(x, [x])", "optional_type(list(int))"),
        (
            "true ? optional.none() : optional.of(1u)",
            "optional_type(uint)",
        ),
        ("self.x ? 1 : self.y", "dyn"),
        ("self.x + 1", "int"),
        ("self.x + self.y", "dyn"),
        ("type(1)", "type(int)"),
        ("type", "type(type)"),
        (
            "google.protobuf.Timestamp",
            "type(google.protobuf.Timestamp)",
        ),
        ("google.protobuf.BoolValue{value: true}", "wrapper(bool)"),
        ("google.protobuf.Struct{}", "map(string, dyn)"),
        ("google.protobuf.NullValue.NULL_VALUE", "int"),
        (".self.x == .dep", "bool"),
        ("null", "null_type"),
    ] {
        // A message is known to the checker before it is known to the planner.
        let found = match Program::parse(text) {
            Ok(_) => type_of(text),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn literals_in_arguments_of_format_may_be_mixed() {
    assert_eq!(type_of("'%s%s'.format([1, 'a'])"), "string");
    assert_eq!(type_of("'%s'.format([[1, 'a']])"), "string");
    assert_eq!(
        type_of("[1, 'a']"),
        "expected type 'int' but found 'string'"
    );
}

#[test]
fn a_program_is_compiled_for_exactly_one_type() {
    let compile = |text| Program::compile(text, &objects(), &Type::Bool);
    assert!(compile("[1].all(int, self.x[int] == 1)").is_ok());
    for (text, kind) in [
        ("(", ErrorKind::Parse),
        ("has(self)", ErrorKind::Parse),
        ("other", ErrorKind::Check),
        ("self.x", ErrorKind::Output),
        ("google.protobuf.BoolValue{value: true}", ErrorKind::Output),
        // The type is compared before constants are folded.
        ("duration('x')", ErrorKind::Output),
        ("duration('x') == duration('1s')", ErrorKind::Program),
        ("type(self.x) == google.protobuf.Struct", ErrorKind::Program),
        // Names of types are constants of a compiled program, and so folded.
        ("self.x[int] == 1", ErrorKind::Program),
        (
            "duration(google.protobuf.NullValue.NULL_VALUE) == self.x",
            ErrorKind::Program,
        ),
    ] {
        assert_eq!(compile(text).unwrap_err().kind(), kind, "{text}");
    }
    assert_eq!(
        compile("dep").unwrap_err().explain("dep"),
        "CEL expression output type mismatch: expected bool, got map(string, dyn)"
    );
}

#[test]
fn nothing_is_in_an_empty_list_and_a_compiled_program_does_not_even_look() {
    let text = "self.nope in []";
    let value = serde_json::json!({});
    let variables = Variables::new().with("self", &value);
    let compiled = Program::compile(text, &objects(), &Type::Bool).unwrap();
    assert_eq!(compiled.evaluate_bool(&variables), Ok(false));
    assert!(
        Program::parse(text)
            .unwrap()
            .evaluate_bool(&variables)
            .is_err()
    );
}

#[test]
fn variables_are_of_any_type_and_macros_shadow_them() {
    let declarations = Declarations::new()
        .with("n", Type::Int)
        .with("a.b", Type::List(Box::new(Type::String)));
    let check = |text| {
        Program::parse(text)
            .unwrap()
            .check(&declarations)
            .unwrap()
            .to_string()
    };
    assert_eq!(check("n + 1"), "int");
    assert_eq!(check("a.b[n]"), "string");
    assert_eq!(check("a.b.map(n, n)"), "list(string)");
}

#[test]
fn types_that_double_with_every_step_end_in_a_limit() {
    let steps = ".map(a, {a: a})".repeat(40);
    let error = check(&format!("[[]]{steps}")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = check(&format!("[1]{steps}")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = check(&format!("[1]{steps} + 1")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "found no matching overload for '_+_' applied to '(list(...), int)'"
    );
    // Types that are known stand once, however often they occur in one another.
    assert!(check(&format!("size([1]{steps}) > 0")).is_ok());
}

/// Expressions of which most parse.
fn expressions() -> impl Strategy<Value = String> {
    let atoms = prop::sample::select(vec![
        "self",
        "dep.x",
        "self.l[0]",
        "x",
        "1",
        "2u",
        "1.5",
        "'a'",
        "b'a'",
        "true",
        "null",
        "[]",
        "{}",
        "[1]",
        "{'a': 1}",
        "optional.none()",
        "duration('1s')",
        "int",
    ]);
    atoms
        .prop_map(str::to_owned)
        .prop_recursive(5, 40, 3, |inner| {
            let forms = prop::sample::select(vec![
                "A + B",
                "A == B",
                "A && B",
                "!A",
                "A ? B : C",
                "A in B",
                "A < B",
                "[A, B]",
                "{A: B}",
                "A.map(x, B)",
                "A.filter(x, B)",
                "A.all(x, B)",
                "A.?x",
                "A.x",
                "A[B]",
                "A[?B]",
                "A.orValue(B)",
                "optional.of(A)",
                "size(A)",
                "string(A)",
                "dyn(A)",
                "type(A)",
                "A.optMap(x, B)",
                "'%s'.format([A, B])",
                "A.first()",
                "[?A]",
                "has(A.x)",
            ]);
            (forms, inner.clone(), inner.clone(), inner).prop_map(|(form, a, b, c)| {
                let parts: Vec<String> = form
                    .split_inclusive(|c: char| c.is_ascii_uppercase())
                    .map(|part| match part.chars().last() {
                        Some('A') => part.replace('A', &format!("({a})")),
                        Some('B') => part.replace('B', &format!("({b})")),
                        Some('C') => part.replace('C', &format!("({c})")),
                        _ => part.to_owned(),
                    })
                    .collect();
                parts.concat()
            })
        })
}

/// Names of types are constants once they are checked, and not before.
#[test]
fn a_constant_map_with_a_key_of_bytes_has_a_type_but_does_not_compile() {
    let text = "{{b'a': int}: self}";
    let program = Program::parse(text).unwrap();
    assert!(program.check(&objects()).is_ok());
    let dynamic = format!("dyn({text}) == true");
    let error = Program::compile(&dynamic, &objects(), &Type::Bool).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Program);
}

proptest! {
    #[test]
    fn every_expression_has_a_type_or_a_problem(text in expressions()) {
        if let Ok(program) = Program::parse(&text) {
            let first = program.check(&objects());
            prop_assert_eq!(first, program.check(&objects()));
        }
    }

    #[test]
    fn a_program_of_type_bool_has_a_bool_or_no_value(text in expressions()) {
        let value = serde_json::json!({"x": 1, "l": ["a", true], "a": {"x": null}});
        let variables = Variables::new().with("self", &value).with("dep", &value);
        if let Ok(program) = Program::compile(&text, &objects(), &Type::Bool)
            && let Err(error) = program.evaluate_bool(&variables)
        {
            prop_assert_ne!(error.kind(), ErrorKind::Type);
        }
    }

    #[test]
    fn whatever_has_a_type_compiles_once_it_is_dynamic(text in expressions()) {
        if Program::parse(&text).is_ok_and(|program| program.check(&objects()).is_ok()) {
            let dynamic = format!("dyn({text}) == true");
            // Constants are computed on the way: with a key of bytes in a map, that fails, as it crashes upstream.
            if let Err(error) = Program::compile(&dynamic, &objects(), &Type::Bool) {
                prop_assert_eq!(error.kind(), ErrorKind::Program, "{}", dynamic);
            }
        }
    }
}
