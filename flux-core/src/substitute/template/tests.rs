use std::borrow::Cow;

use super::*;
use crate::substitute::{ErrorKind, Layer};

fn variables(values: &[(&str, &str)]) -> Variables {
    Variables::from_iter([Layer::verbatim(values.iter().copied())])
}

#[track_caller]
fn lax(text: &str, values: &[(&str, &str)]) -> String {
    let template = Template::parse(text).unwrap();
    let rendered = template.render(&variables(values), Mode::Lax).unwrap();
    String::from_utf8_lossy(&rendered).into_owned()
}

#[track_caller]
fn refused(text: &str) -> (ErrorKind, Range<usize>) {
    let error = Template::parse(text).unwrap_err();
    (error.kind(), error.span().clone())
}

#[test]
fn a_text_without_expressions_is_borrowed() {
    for text in ["", "a: b\n", "$x $(x) $", "a $ {x}"] {
        let template = Template::parse(text).unwrap();
        let rendered = template.render(&Variables::default(), Mode::Strict);
        assert!(matches!(rendered, Ok(Cow::Borrowed(same)) if same == text.as_bytes()));
    }
}

#[test]
fn a_nul_ends_the_text_without_a_word() {
    assert_eq!(lax("pre\0post", &[]), "pre");
    assert_eq!(lax("${x}\0${", &[("x", "v")]), "v");
}

#[test]
fn a_syntax_error_anywhere_wins_over_an_unset_variable() {
    let error = Template::parse("${unset} ${}").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Name);
}

#[test]
fn a_syntax_error_tells_the_expression_and_where_reading_stopped() {
    assert_eq!(refused("a ${b-c} d"), (ErrorKind::Brace, 2..6));
    assert_eq!(refused("a ${"), (ErrorKind::Name, 2..4));
    assert_eq!(refused("a ${é.b}"), (ErrorKind::Brace, 2..7));
    assert_eq!(refused("a ${ é}"), (ErrorKind::Name, 2..5));
    // The inner expression is the broken one.
    assert_eq!(refused("${a:-${b.c}}"), (ErrorKind::Brace, 5..9));
    assert_eq!(refused("${a:-${b}"), (ErrorKind::Argument, 0..9));
    assert_eq!(refused("${a:1${b}}"), (ErrorKind::Bad, 0..6));
}

#[test]
fn every_undefined_variable_is_reported_in_order_of_evaluation() {
    let template = Template::parse("${a:-${b}} ${c/${d}/e} ${f:=g}").unwrap();
    let error = template
        .render(&Variables::default(), Mode::Strict)
        .unwrap_err();
    let found: Vec<_> = error
        .undefined()
        .iter()
        .map(|undefined| (undefined.name.as_str(), undefined.span.clone()))
        .collect();
    assert_eq!(found, [("b", 5..9), ("d", 15..19), ("c", 11..22)]);
    assert_eq!(error.explain(), "variable not set (strict mode): \"b\"");
    assert_eq!(
        error.to_string(),
        "undefined variable b at byte 5, variable d at byte 15, variable c at byte 11"
    );
}

#[test]
fn unset_variable_in_unused_default_fails_in_strict_mode() {
    let template = Template::parse("${a:-${b}}").unwrap();
    let set = variables(&[("a", "A")]);
    assert_eq!(
        template.render(&set, Mode::Strict).unwrap_err().kind(),
        ErrorKind::Unset
    );
    assert_eq!(template.render(&set, Mode::Lax).unwrap(), &b"A"[..]);
}

#[test]
fn a_crash_of_upstream_is_an_error_unless_strict_mode_failed_before() {
    let template = Template::parse("${x:1:9223372036854775807}${y}").unwrap();
    let kind = |values| {
        let rendered = template.render(&variables(values), Mode::Strict);
        rendered.unwrap_err().kind()
    };
    assert_eq!(kind(&[("x", "abc")]), ErrorKind::Panic);
    assert_eq!(kind(&[]), ErrorKind::Unset);
}

#[test]
fn values_are_not_looked_into() {
    assert_eq!(lax("${x}", &[("x", "${y} $$")]), "${y} $$");
}

#[test]
fn expressions_nest_as_deeply_as_memory_allows() {
    let depth = 200_000;
    let text = "${a:-".repeat(depth) + &"}".repeat(depth);
    let template = Template::parse(&text).unwrap();
    assert_eq!(template.references().count(), depth);
    assert_eq!(lax(&text, &[]), "");
    assert_eq!(refused(&"${a:-".repeat(depth)).0, ErrorKind::Argument);
}

#[test]
fn a_result_that_grows_without_measure_is_refused() {
    let long = "x".repeat(1 << 20);
    let template = Template::parse("${a//${empty}/${a}}").unwrap();
    let values = variables(&[("a", &long), ("empty", "")]);
    let error = template.render(&values, Mode::Strict).unwrap_err();
    assert_eq!(
        (error.kind(), error.span().clone()),
        (ErrorKind::Limit, 0..19)
    );
}

#[test]
fn a_pattern_that_takes_too_many_steps_is_refused() {
    let long = "x".repeat(1 << 20);
    let template = Template::parse("${a##*[y]*z}").unwrap();
    let error = template.render(&variables(&[("a", &long)]), Mode::Strict);
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Limit);
    // What people write takes one step for each byte.
    let name = long + "/app";
    assert_eq!(lax("${a##*/}", &[("a", &name)]), "app");
    assert_eq!(lax("${a%/*}", &[("a", &name)]).len(), 1 << 20);
}

#[test]
fn a_trace_tells_what_became_of_each_outermost_expression() {
    let template = Template::parse("$$ ${a} ${b:-${a}!} ${c}").unwrap();
    let trace = template
        .trace(&variables(&[("a", "one")]), Mode::Lax)
        .unwrap();
    assert_eq!(&trace.text[..], b"$ one one! ");
    let places: Vec<_> = trace
        .expressions
        .into_iter()
        .map(|traced| (traced.expression, traced.result))
        .collect();
    assert_eq!(places, [(3..7, 2..5), (8..19, 6..10), (20..24, 11..11)]);
}

#[test]
fn references_are_listed_without_rendering() {
    let template = Template::parse("${a:=x${b}y}${c^^}${#d}").unwrap();
    let found: Vec<_> = template
        .references()
        .map(|r| {
            (
                r.name(),
                r.operator(),
                r.default(),
                r.is_nested(),
                r.is_required(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("b", Operator::Value, None, true, true),
            ("a", Operator::Default, Some(&b"x${b}y"[..]), false, false),
            ("c", Operator::Upper, None, false, true),
            ("d", Operator::Length, None, false, true),
        ]
    );
}
