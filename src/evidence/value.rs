//! What a value means where it is compared: a moment, a version or a number. What cannot be read as one
//! is none, and never taken for another.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A moment, as Microsoft Graph, Lookout, Intune's CSV files and Windows PowerShell 5 (`/Date(0)/`)
/// write it. Without an offset it is in UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    if let Some(date) = text.strip_prefix("/Date(") {
        let milliseconds = date.strip_suffix(")/")?;
        let sign = usize::from(milliseconds.starts_with('-'));
        let end = milliseconds[sign..].find(['+', '-']);
        let end = end.map_or(milliseconds.len(), |end| sign + end);
        return Timestamp::from_millisecond(milliseconds[..end].parse().ok()?).ok();
    }
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// How two versions follow each other; `None` where one is none. What one leaves out is 0, and words
/// before the first digit say nothing.
pub(super) fn compare_versions(one: &str, other: &str) -> Option<Ordering> {
    let (mut one, mut other) = (version(one)?, version(other)?);
    let length = one.len().max(other.len());
    one.resize(length, 0);
    other.resize(length, 0);
    Some(one.cmp(&other))
}

fn version(text: &str) -> Option<Vec<u64>> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
    let rest = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
    rest.split('.').map(|part| part.parse().ok()).collect()
}

/// A number that is not negative.
pub(super) fn number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_every_way_it_is_written() {
        for text in [
            "2026-11-24T10:30:00Z",
            "2026-11-24T02:30:00.0000000-08:00",
            "2026-11-24T10:30:00.000+00:00",
            "2026-11-24 10:30:00.0000000",
            "/Date(1795516200000)/",
            "/Date(1795516200000+0100)/",
        ] {
            let expected = "2026-11-24T10:30:00Z".parse().ok();
            assert_eq!(moment(text), expected, "{text}");
        }
        for text in [
            "",
            "yesterday",
            "11/24/2026 10:30:00 AM",
            "/Date(x)/",
            "/Date(",
            "1",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn versions_follow_each_other_by_their_numbers() {
        for (one, other, order) in [
            ("4.4.2", "5.0", Some(Ordering::Less)),
            ("10", "9.1", Some(Ordering::Greater)),
            ("13", "13.0.0", Some(Ordering::Equal)),
            ("iOS 18.3.1 (22D72)", "12", Some(Ordering::Greater)),
            ("unknown", "5", None),
            ("", "5", None),
            ("99999999999999999999", "5", None),
        ] {
            assert_eq!(compare_versions(one, other), order, "{one} {other}");
        }
    }
}
