/// A date and a time of day, as a calendar and a clock show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cel) struct Civil {
    pub(in crate::cel) year: i64,
    /// From 1.
    pub(in crate::cel) month: i64,
    /// From 1.
    pub(in crate::cel) day: i64,
    pub(in crate::cel) hour: i64,
    pub(in crate::cel) minute: i64,
    pub(in crate::cel) second: i64,
    days: i64,
}

pub(super) const DAY: i64 = 86_400;

impl Civil {
    /// What they show so many seconds after 1970 began.
    pub(super) fn new(seconds: i64) -> Self {
        let days = seconds.div_euclid(DAY);
        let rest = seconds.rem_euclid(DAY);
        // Eras of 400 years, and years that begin in March, so that the leap day is the last.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day = shifted.rem_euclid(146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let january = i64::from(month >= 10);
        Self {
            year: year + era * 400 + january,
            month: month + 3 - 12 * january,
            day: day_of_year - (153 * month + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: rest % 60,
            days,
        }
    }

    /// From 0, on the first of January.
    pub(in crate::cel) fn day_of_year(&self) -> i64 {
        self.days - days_before(self.year, 1, 1)
    }

    /// From 0, on Sundays.
    pub(in crate::cel) fn day_of_week(&self) -> i64 {
        (self.days + 4).rem_euclid(7)
    }

    /// Four digits at least.
    pub(super) fn year_text(&self) -> String {
        let sign = if self.year < 0 { "-" } else { "" };
        format!("{sign}{:04}", self.year.abs())
    }
}

/// The days from 1970 to a date.
pub(super) fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let in_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + day_of_year - 719_468
}

/// Seconds since 1970 of a date and a time of day; none where there is no such day.
pub(super) fn seconds(date: (i64, i64, i64), time: (i64, i64, i64)) -> Option<i64> {
    let (year, month, day) = date;
    let (hour, minute, second) = time;
    let before = days_before(year, month, day);
    let seconds = before * DAY + hour * 3_600 + minute * 60 + second;
    let civil = Civil::new(seconds);
    ((civil.year, civil.month, civil.day) == date).then_some(seconds)
}
