//! How long ago something was, in as few letters as kubectl takes.

use chrono::{DateTime, Utc};

/// `45s`, `4m10s`, `25m`, `3h7m`, `26h`, `5d3h`, `40d`, `3y12d`: two units where the first one alone would be too coarse.
/// Times that are still to come are `0s` for two seconds, which clocks may differ by, and nothing is said about later ones.
///
/// Source: `k8s.io/apimachinery: pkg/util/duration/duration.go (HumanDuration)` v0.36.2.
pub(crate) fn age(since: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let seconds = now.signed_duration_since(since).num_seconds();
    if seconds < 0 {
        return (seconds >= -1).then(|| "0s".to_owned());
    }
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let (days, years) = (hours / 24, hours / 24 / 365);
    let two = |large: i64, unit: &str, small: i64, part: &str| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit}{small}{part}"),
    };
    Some(match () {
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 192 => two(days, "d", hours % 24, "h"),
        () if days < 730 => format!("{days}d"),
        () if years < 8 => two(years, "y", days % 365, "d"),
        () => format!("{years}y"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_the_form_that_kubectl_gives_them() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ago =
            |seconds: i64| age(now - chrono::TimeDelta::seconds(seconds), now).unwrap_or_default();
        let (minute, hour, day) = (60, 3600, 86400);
        for (seconds, text) in [
            (-2, ""),
            (-1, "0s"),
            (0, "0s"),
            (119, "119s"),
            (2 * minute, "2m"),
            (4 * minute + 10, "4m10s"),
            (10 * minute + 59, "10m"),
            (179 * minute, "179m"),
            (3 * hour + 7 * minute, "3h7m"),
            (8 * hour, "8h"),
            (47 * hour, "47h"),
            (2 * day, "2d"),
            (5 * day + 3 * hour, "5d3h"),
            (8 * day, "8d"),
            (729 * day, "729d"),
            (730 * day, "2y"),
            (3 * 365 * day + 12 * day, "3y12d"),
            (8 * 365 * day, "8y"),
        ] {
            assert_eq!(ago(seconds), text, "{seconds}");
        }
    }
}
