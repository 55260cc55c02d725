//! Literals and the texts within them.

use crate::rng::Rng;

/// A literal of the type with that letter; see [`super::grammar`] for the letters. Four more are texts of a kind: `D`uration,
/// `F`ormat, `P`attern, `W`hen, `Z`one.
pub(super) fn literal(rng: &mut Rng, letter: u8) -> String {
    let words = match letter {
        b'b' => "true false",
        b'i' => return integer(rng),
        b'u' => {
            "0u 1u 2u 3U 0x1Fu 18446744073709551615u 18446744073709551616u 9223372036854775808u"
        }
        b'd' => {
            "0.0 1.0 2.5 -1.5 .5 1e3 1E-3 1.5e+2 1e308 1e400 -0.0 9223372036854775807.0 1e19 1e-7 123456789.0 0.1 100000000000000000000000.0"
        }
        b'n' => "null",
        b'l' => "[] [1] [1,2,3] [1,1,2] [1,2.0] [1,'a'] [[1],[2]]",
        b'L' => "[] ['a'] ['b','a'] ['a','a'] ['',1] ['é','x']",
        b'o' => "[] [{}] [{'a':1}] [{'s':'True','t':'A'},{'s':'False'}]",
        b'm' => {
            "{} {'a':1} {'a':'x'} {1:2} {1u:2} {true:1} {1.0:2} {'a':{'b':1}} {'a':1,'a':2} {null:1} {[1]:1}"
        }
        b'O' => {
            "optional.none() optional.of(1) optional.of('a') optional.of({'a':1}) optional.of([1])"
        }
        b'T' => {
            "int uint double bool string bytes list map null_type type google.protobuf.Timestamp google.protobuf.Duration \
             optional_type dyn timestamp google.protobuf.Struct"
        }
        b't' => return format!("timestamp({})", literal(rng, b'W')),
        b'r' => return format!("duration({})", literal(rng, b'D')),
        b'D' => {
            "'90s' '1h' '1m30s' '-5m' '1.5h' '100ms' '1us' '1ns' '0' '0s' '1d' '' 'x' '9223372036s' '9223372037s' '+1s' '1h-1m' \
             '.5s' '1.s' '2562047h47m16.854775807s' '1h1m1s1ms1us1ns'"
        }
        b'F' => {
            "'%s' '%d' '%f' '%.2f' '%e' '%.1e' '%x' '%X' '%o' '%b' '%%' '%s-%s' '%d%s%x' '%v' '%' '%.f' '%.99f' '' 'a%sb' '%s%%' \
             '%.3s' '%5d' '%.1000f' '%é'"
        }
        b'P' => {
            "'a' '^H.*d$' '[0-9]+' 'w.r' '(' '(?i)hello' 'ö' '' '\\\\d' r'\\w+' 'a{2,1}' '(?P<x>a)' '\\\\C' '(a|b)+$' '[[:alpha:]]' '\\\\pL'"
        }
        b'W' => {
            "'2024-01-01T12:30:00Z' '2024-02-29T23:59:59.999999999Z' '1970-01-01T00:00:00Z' '2024-01-01T12:30:00+02:00' \
             '0001-01-01T00:00:00Z' '9999-12-31T23:59:59Z' '2024-07-01T00:00:00.5-07:30' '2024-01-01' '2024-13-01T00:00:00Z' 'x' '' \
             '2024-01-01t00:00:00z' '2023-02-29T00:00:00Z' '0000-12-31T00:00:00Z' '2024-06-30T23:59:60Z' '2024-01-01T24:00:00Z' \
             '2024-01-01T1:00:00Z' '2024-01-01T00:00:00,5Z' '2024-12-30T00:00:00Z' '10000-01-01T00:00:00Z'"
        }
        b'Z' => {
            "'UTC' 'Europe/Berlin' '+02:00' '-07:30' '02:00' 'America/New_York' 'Nope/Zone' '' 'Local' '+2:00' '25:00' '+02:60' 'Asia/Kolkata' \
             'Z' '-00:30' 'EST' '+1' ':' 'x:y' 'utc' '../UTC' '+023:00'"
        }
        b'y' => return text(rng, "b"),
        _ => return text(rng, ""),
    };
    rng.word(words).to_owned()
}

fn integer(rng: &mut Rng) -> String {
    if rng.percent(80) {
        return rng.word("0 1 1 2 3 7 -1 -3 10").to_owned();
    }
    rng.word(
        "9223372036854775807 -9223372036854775808 9223372036854775808 -9223372036854775809 0x1F -0x1F 0xffffffffffffffffff 007 00 1_0 0x \
         4611686018427387904 1704067200 253402300800 -62135596801 1000000000 0X1F 1a 12abc",
    )
    .to_owned()
}

/// A text in quotes of any kind, with escapes that are legal or not.
fn text(rng: &mut Rng, prefix: &str) -> String {
    if rng.percent(70) {
        let content = rng.word("a b x Hello wörld True Ready  %s a,b 3 true aGk= o");
        return format!("{prefix}'{content}'");
    }
    let raw = rng.pick(&["", "", "", "r", "R"]);
    let quote = rng.pick(&["'", "'", "\"", "\"", "'''", "\"\"\""]);
    let pieces = [
        "a",
        "b",
        "é",
        "日",
        "😀",
        " ",
        "%s",
        "/",
        "{",
        "}",
        "$",
        ",",
        "\\n",
        "\\t",
        "\\\\",
        "\\'",
        "\\\"",
        "\\x41",
        "\\X42",
        "\\xff",
        "\\101",
        "\\377",
        "\\u00e9",
        "\\u65e5",
        "\\U0001F600",
        "\\a\\b\\f\\r\\v",
        "\\?",
        "\\`",
    ];
    let bad = [
        "\\q",
        "\\ud800",
        "\\U00110000",
        "\\x4",
        "\\400",
        "\\8",
        "\\u12",
        "\n",
        "\r",
        "'",
        "\"",
        "\\",
        "\u{0}",
        "\u{fffd}",
        "\\000",
        "\\uFFFE",
        "\\udfff\\ud800",
    ];
    let mut content = String::new();
    for _ in 0..rng.between(0, 4) {
        content += match rng.percent(8) {
            true => rng.pick(&bad),
            false => rng.pick(&pieces),
        };
    }
    let prefix = if prefix == "b" {
        rng.pick(&["b", "B"])
    } else {
        ""
    };
    format!("{prefix}{raw}{quote}{content}{quote}")
}
