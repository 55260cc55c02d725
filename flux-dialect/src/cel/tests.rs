use serde_json::json;

use super::*;

mod corners;

#[test]
fn fields_stand_between_back_quotes_where_that_is_allowed() {
    let data = json!({"m": {"a-b": 1, "a": 2}});
    let variables = Variables::of(&data);
    let mut options = Options::default();
    let source = "m.`a-b` + m.?`a`.orValue(0) + (has(m.`a-b`) ? 1 : 0)";
    assert_eq!(Program::parse(source).unwrap_err().kind(), ErrorKind::Parse);
    options.quoted_fields = true;
    let program = Program::parse_with(source, &options).unwrap();
    assert_eq!(program.evaluate(&variables).unwrap(), Value::Int(4));
    for source in ["`m`", "m.`a`()", "m.``"] {
        let error = Program::parse_with(source, &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parse, "{source}");
    }
}

#[test]
fn a_variable_with_a_dot_goes_before_a_field() {
    let (field, whole) = (json!({"b": {"c": 1}}), json!({"c": 2}));
    let variables = Variables::new().with("a", &field).with("a.b", &whole);
    let program = Program::parse("[a.b.c, a['b']['c'], a[true ? 'b' : ''].c]").unwrap();
    let value = program.evaluate(&variables).unwrap();
    assert_eq!(value.to_json(), json!([2, 2, 1]));
}

#[test]
fn errors_are_explained_in_the_words_of_the_controllers() {
    let parse = |text: &str| Program::parse(text).unwrap_err().explain(text);
    assert_eq!(
        parse("int('x')"),
        "failed to create CEL program: type conversion error from 'string' to 'int'"
    );
    assert_eq!(
        parse("\u{e9} +"),
        "failed to parse the CEL expression '\u{e9} +': ERROR: <input>:1:1: Syntax error: token \
         recognition error at: '\u{e9}'\n | \u{e9} +\n | \u{ff3e}"
    );
    assert_eq!(
        parse("'\u{e9}' +\n has(\tm)"),
        "failed to parse the CEL expression ''\u{e9}' +\n has(\tm)': ERROR: <input>:2:7: invalid \
         argument to has() macro\n |  has( m)\n | ......^"
    );
    assert!(
        parse(&"(".repeat(300)).contains(": ERROR: <input>:-1:0: max recursion depth exceeded")
    );
    let program = Program::parse("x").unwrap();
    let error = program.evaluate(&Variables::new()).unwrap_err();
    assert_eq!(
        error.explain("x"),
        "failed to evaluate the CEL expression 'x': no such attribute(s): x"
    );
    let program = Program::parse("'text'").unwrap();
    let error = program.evaluate_bool(&Variables::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        error.explain("'text'"),
        "failed to evaluate CEL expression as boolean: ''text''"
    );
}

#[test]
fn programs_values_and_errors_go_to_other_threads() {
    fn goes<T: Send + Sync>() {}
    goes::<Program>();
    goes::<Value<'_>>();
    goes::<Variables<'_>>();
    goes::<Error>();
    goes::<Options>();
}
