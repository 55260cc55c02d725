//! Laws of the evaluation of one text, on random texts and variables.
#![allow(clippy::unwrap_used)]

use std::borrow::Cow;

use fluxcd_core::substitute::{Layer, Mode, Template, TemplateError, Variables};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Pieces that make expressions likely, among others.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "${", "}", "${a}", "${b}", "${c:-", "${a:=x}", "${a/b/", "${b//", "/", "#", "##", "%", "^^", ",", ":", ":1",
            ":-2}", "$$", "$", "\\", "*", "?", "[a-c]", "[", "a", "b", "é", "日", "\n", " ", "0", "9223372036854775807",
        ]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..4),
    ];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn variables() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let value = prop_oneof![
        "[abcé/.*-]{0,6}".prop_map(String::into_bytes),
        vec(any::<u8>(), 0..6),
    ];
    btree_map("[abc]", value, 0..3).prop_map(|map| map.into_iter().collect())
}

fn render<'t>(
    text: &'t [u8],
    variables: &Variables,
    mode: Mode,
) -> Result<Cow<'t, [u8]>, TemplateError> {
    Template::parse(text)?.render(variables, mode)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_text_panics_and_every_place_lies_within_it(text in text(), values in variables()) {
        let variables = Variables::from_iter([Layer::inline(values)]);
        for mode in [Mode::Strict, Mode::Lax] {
            let Err(error) = render(&text, &variables, mode) else { continue };
            prop_assert!(error.span().start < error.span().end && error.span().end <= text.len());
            for undefined in error.undefined() {
                let place = &text[undefined.span.clone()];
                prop_assert_eq!((&place[..2], &place[place.len() - 1..]), (&b"${"[..], &b"}"[..]));
            }
        }
    }

    #[test]
    fn a_text_without_dollar_is_its_own_result(text in vec(any::<u8>(), 0..40)) {
        let text: Vec<u8> = text.into_iter().filter(|byte| !matches!(byte, b'$' | 0)).collect();
        let rendered = render(&text, &Variables::default(), Mode::Strict).unwrap();
        prop_assert!(matches!(rendered, Cow::Borrowed(_)));
        prop_assert_eq!(&rendered[..], &text[..]);
    }

    #[test]
    fn the_order_of_variables_in_a_layer_does_not_matter(text in text(), values in variables()) {
        let backwards = values.iter().rev().cloned().collect::<Vec<_>>();
        let [one, other] = [values, backwards].map(|values| Variables::from_iter([Layer::inline(values)]));
        for mode in [Mode::Strict, Mode::Lax] {
            prop_assert_eq!(render(&text, &one, mode), render(&text, &other, mode));
        }
    }

    #[test]
    fn what_strict_mode_renders_lax_mode_renders_alike(text in text(), values in variables()) {
        let variables = Variables::from_iter([Layer::inline(values)]);
        if let Ok(strict) = render(&text, &variables, Mode::Strict) {
            prop_assert_eq!(render(&text, &variables, Mode::Lax).unwrap(), strict);
        }
    }

    #[test]
    fn strict_mode_fails_exactly_where_a_required_reference_is_unset(text in text(), values in variables()) {
        let variables = Variables::from_iter([Layer::inline(values)]);
        let Ok(template) = Template::parse(&text) else { return Ok(()) };
        let missing: Vec<_> = template
            .references()
            .filter(|reference| reference.is_required() && variables.value(reference.name()).is_none())
            .map(|reference| reference.span().clone())
            .collect();
        if let Err(error) = template.render(&variables, Mode::Strict) {
            // A crash of upstream, or a limit, ends the evaluation before the first of them.
            if !error.undefined().is_empty() {
                let reported: Vec<_> = error.undefined().iter().map(|undefined| undefined.span.clone()).collect();
                prop_assert!(missing.starts_with(&reported));
            }
        } else {
            prop_assert!(missing.is_empty());
        }
    }

    #[test]
    fn a_trace_covers_what_is_not_copied(text in text(), values in variables()) {
        let variables = Variables::from_iter([Layer::inline(values)]);
        let Ok(template) = Template::parse(&text) else { return Ok(()) };
        let Ok(trace) = template.trace(&variables, Mode::Lax) else { return Ok(()) };
        prop_assert_eq!(&trace.text, &template.render(&variables, Mode::Lax).unwrap());
        let mut end = 0;
        for traced in &trace.expressions {
            prop_assert!(end <= traced.result.start && traced.result.end <= trace.text.len());
            end = traced.result.end;
            let expression = Template::parse(&text[traced.expression.clone()]).unwrap();
            let alone = expression.render(&variables, Mode::Lax).unwrap();
            prop_assert_eq!(&alone[..], &trace.text[traced.result.clone()]);
        }
    }
}
