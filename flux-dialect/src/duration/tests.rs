use std::time;

use proptest::prelude::*;
use serde_json::json;

use super::{Duration, ErrorKind};

fn parsed(text: &str) -> i64 {
    Duration::parse(text).unwrap().as_nanos()
}

fn refused(text: &str) -> (ErrorKind, std::ops::Range<usize>, String) {
    let error = Duration::parse(text).unwrap_err();
    assert_eq!(error.text(), text);
    (error.kind(), error.span(), error.to_string())
}

#[test]
fn terms_add_up_in_any_order_and_may_repeat() {
    assert_eq!(parsed("30m1h"), parsed("1h30m"));
    assert_eq!(parsed("1s1s"), 2_000_000_000);
    assert_eq!(parsed("1h1m1s1ms1us1ns"), 3_661_001_001_001);
}

#[test]
fn both_micro_signs_are_units_and_only_the_first_is_written() {
    assert_eq!(parsed("1\u{b5}s"), 1_000);
    assert_eq!(parsed("1\u{3bc}s"), 1_000);
    assert_eq!(Duration::from_nanos(1_000).to_string(), "1\u{b5}s");
}

#[test]
fn a_zero_without_a_unit_is_the_only_number_without_a_unit() {
    for text in ["0", "+0", "-0"] {
        assert_eq!(parsed(text), 0);
    }
    for text in ["00", "0.0", "1", "1m1"] {
        assert_eq!(refused(text).0, ErrorKind::MissingUnit, "{text}");
    }
}

#[test]
fn the_fraction_is_cut_at_the_nanosecond_and_computed_in_floats() {
    assert_eq!(parsed("1.0000000005s"), 1_000_000_000);
    assert_eq!(parsed("0.000000001h"), 3_600);
    assert_eq!(parsed("3.3333333333333333333s"), 3_333_333_333);
    assert_eq!(parsed(".5s"), 500_000_000);
    assert_eq!(parsed("5.s"), 5_000_000_000);
}

#[test]
fn the_range_ends_where_64_bits_end() {
    assert_eq!(parsed("2562047h47m16.854775807s"), i64::MAX);
    assert_eq!(parsed("-2562047h47m16.854775808s"), i64::MIN);
    assert_eq!(parsed("-9223372036854775808ns"), i64::MIN);
    for text in [
        "9223372036854775808ns",
        "-9223372036854775809ns",
        "99999999999h",
        "9223372036854775807.9ns1ns",
        "184467440737095516160s",
    ] {
        assert_eq!(refused(text).0, ErrorKind::Invalid, "{text}");
    }
}

#[test]
fn two_terms_at_the_limit_cancel_out_as_they_do_in_go() {
    assert_eq!(parsed("9223372036854775808ns9223372036854775808ns"), 0);
    assert_eq!(
        parsed("-9223372036854775808ns9223372036854775808ns5s"),
        -5_000_000_000
    );
}

#[test]
fn an_error_points_at_the_unit_the_number_or_the_missing_start() {
    assert_eq!(refused("1h5d").1, 3..4);
    assert_eq!(refused("1h55").1, 2..4);
    assert_eq!(refused(" 1m").1, 0..0);
    assert_eq!(refused("1m.s").1, 2..3);
    assert_eq!(refused("1m99999999999h").1, 2..14);
    assert_eq!(refused("").1, 0..0);
    assert_eq!(refused("-").1, 0..1);
}

#[test]
fn the_message_is_that_of_go_with_its_quoting() {
    for (text, message) in [
        ("1h0", r#"time: missing unit in duration "1h0""#),
        ("1h-1m", r#"time: unknown unit "h-" in duration "1h-1m""#),
        (
            "1\u{b5}",
            r#"time: unknown unit "\xc2\xb5" in duration "1\xc2\xb5""#,
        ),
        ("\n\"\\\x7f", "time: invalid duration \"\\x0a\\\"\\\\\x7f\""),
        ("\u{fffd}", r#"time: invalid duration "\xef\xbf\xbd""#),
    ] {
        assert_eq!(refused(text).2, message);
    }
}

#[test]
fn display_honours_a_width() {
    assert_eq!(format!("[{:>8}]", Duration::from_mins(1)), "[    1m0s]");
    assert_eq!(format!("{:?}", Duration::from_hours(1)), "1h0m0s");
}

#[test]
fn serde_knows_strings_and_null_only() {
    let read = |value| serde_json::from_value::<Option<Duration>>(value);
    assert_eq!(read(json!("90m")).unwrap(), Some(Duration::from_mins(90)));
    assert_eq!(read(json!(null)).unwrap(), None);
    for value in [json!(60), json!(1.5), json!(true), json!(["1m"]), json!({})] {
        assert!(read(value).is_err());
    }
    let message = read(json!("1d")).unwrap_err().to_string();
    assert_eq!(message, r#"time: unknown unit "d" in duration "1d""#);
    assert_eq!(
        serde_json::to_value(Duration::from_mins(90)).unwrap(),
        json!("1h30m0s")
    );
}

#[test]
fn constructors_saturate() {
    assert_eq!(Duration::from_hours(i64::MAX), Duration::MAX);
    assert_eq!(Duration::from_mins(i64::MIN), Duration::MIN);
    assert_eq!(Duration::from_secs(1), Duration::from_millis(1_000));
    assert_eq!(Duration::default(), Duration::ZERO);
    assert!(Duration::ZERO.is_zero() && !Duration::MIN.is_zero());
}

#[test]
fn arithmetic_is_checked_or_saturates() {
    let second = Duration::from_secs(1);
    assert_eq!(second.checked_add(second), Some(Duration::from_secs(2)));
    assert_eq!(second.checked_sub(second), Some(Duration::ZERO));
    assert_eq!(second.checked_mul(-60), Some(Duration::from_mins(-1)));
    assert_eq!(Duration::MAX.checked_add(second), None);
    assert_eq!(Duration::MIN.checked_sub(second), None);
    assert_eq!(Duration::MAX.checked_mul(2), None);
    assert_eq!(Duration::MAX.saturating_add(second), Duration::MAX);
    assert_eq!(Duration::MIN.saturating_sub(second), Duration::MIN);
    assert_eq!(Duration::MAX.saturating_mul(-2), Duration::MIN);
}

#[test]
fn the_standard_library_is_reached_where_it_can_hold_the_value() {
    let std = time::Duration::from_millis(1_500);
    let ours = Duration::try_from(std).unwrap();
    assert_eq!(ours.to_string(), "1.5s");
    assert_eq!(time::Duration::try_from(ours).unwrap(), std);
    assert!(time::Duration::try_from(Duration::from_secs(-1)).is_err());
    assert!(Duration::try_from(time::Duration::MAX).is_err());
    assert_eq!(Duration::from_millis(-1_500).as_secs_f64(), -1.5);
}

proptest! {
    #[test]
    fn every_value_survives_its_text(nanos: i64) {
        let duration = Duration::from_nanos(nanos);
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        let json = serde_json::to_string(&duration).unwrap();
        prop_assert_eq!(serde_json::from_str::<Duration>(&json).unwrap(), duration);
    }

    #[test]
    fn values_near_a_unit_survive_their_text(power in 0_u32..19, offset in -2_i64..3) {
        let duration = Duration::from_nanos(10_i64.pow(power).saturating_add(offset));
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn no_text_panics_and_every_span_lies_in_the_text(text in any::<String>()) {
        if let Err(error) = Duration::parse(&text) {
            prop_assert!(text.get(error.span()).is_some());
            prop_assert!(error.to_string().starts_with("time: "));
        }
    }

    #[test]
    fn near_misses_of_the_grammar_are_read_or_refused_without_a_panic(
        text in "[-+]?([0-9]{0,22}(\\.[0-9]{0,24})?(ns|us|µs|μs|ms|s|m|h|d| )?){0,5}",
    ) {
        match Duration::parse(&text) {
            Ok(duration) => prop_assert_eq!(duration.to_string().parse(), Ok(duration)),
            Err(error) => prop_assert!(text.get(error.span()).is_some()),
        }
    }

    #[test]
    fn whole_terms_agree_with_wide_arithmetic(hours in 0_u32..3_000_000, mins: u16, secs: u32, nanos: u32) {
        let wide = (i128::from(hours) * 3_600 + i128::from(mins) * 60 + i128::from(secs)) * 1_000_000_000
            + i128::from(nanos);
        let read = Duration::parse(&format!("{nanos}ns{hours}h{secs}s{mins}m"));
        match i64::try_from(wide) {
            Ok(wide) => prop_assert_eq!(read, Ok(Duration::from_nanos(wide))),
            Err(_) => prop_assert_eq!(read.unwrap_err().kind(), ErrorKind::Invalid),
        }
    }

    #[test]
    fn more_nanoseconds_are_a_longer_duration(a: i64, b: i64) {
        prop_assert_eq!(Duration::from_nanos(a).cmp(&Duration::from_nanos(b)), a.cmp(&b));
    }
}
