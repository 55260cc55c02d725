use std::ops::ControlFlow;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep_until};

use super::batch::Batch;
use crate::Error;

/// The shortest interval, and the longest.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(86_400));

/// Reads batches at once and then at every interval, until that is enough or no batch has a name left.
///
/// Each goes at its own pace, so that one that hangs holds up no other.
pub(super) async fn poll<T, F>(
    batches: Vec<Batch>,
    interval: Duration,
    read: impl Fn(Batch) -> F,
    mut take: impl FnMut(&mut Batch, T) -> ControlFlow<()>,
) -> Result<(), Error>
where
    F: Future<Output = (Batch, Result<T, Error>)>,
{
    let interval = interval.clamp(INTERVALS.0, INTERVALS.1);
    let turn = async |batch: Batch, at: Instant| {
        sleep_until(at).await;
        (read(batch).await, at)
    };
    let now = Instant::now();
    let mut turns: FuturesUnordered<_> =
        batches.into_iter().map(|batch| turn(batch, now)).collect();
    while let Some(((mut batch, news), at)) = turns.next().await {
        if take(&mut batch, news?).is_break() {
            return Ok(());
        }
        if !batch.names.is_empty() {
            turns.push(turn(batch, next(at, interval)));
        }
    }
    Ok(())
}

/// When the next poll begins. Polls that were missed because one took long are not made up for.
fn next(at: Instant, interval: Duration) -> Instant {
    let missed = at.elapsed().as_nanos() / interval.as_nanos();
    let intervals = u32::try_from(missed).unwrap_or(u32::MAX).saturating_add(1);
    at + interval.saturating_mul(intervals)
}
