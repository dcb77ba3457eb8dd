//! How long somebody who keeps giving a wrong password has to wait.

use chrono::Duration;

/// Wrong passwords in a row that cost nothing: fingers slip.
const FREE: u32 = 5;
const FIRST_WAIT_SECONDS: i64 = 5;
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// The wait after so many wrong passwords in a row: none up to the fourth, 5 seconds
/// after the fifth, twice as long after each further one, 15 minutes at most.
pub fn wait_after(failures: u32) -> Duration {
    let Some(beyond) = failures.checked_sub(FREE) else { return Duration::zero() };
    let seconds = FIRST_WAIT_SECONDS.saturating_mul(1 << beyond.min(20));
    Duration::seconds(seconds.min(LONGEST_WAIT_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends_growing() {
        let cases = [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (u32::MAX, 900)];
        for (failures, seconds) in cases {
            assert_eq!(wait_after(failures).num_seconds(), seconds, "{failures}");
        }
    }
}
