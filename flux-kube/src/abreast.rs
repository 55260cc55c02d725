//! Work that is done side by side.

use futures::stream::{self, StreamExt};

/// Does so many pieces of work at once, at least one; one that takes long holds up no other. What they give comes in their
/// order.
pub(crate) fn abreast<T>(
    limit: usize,
    work: impl IntoIterator<Item = impl Future<Output = T>>,
) -> impl Future<Output = Vec<T>> {
    let work = work.into_iter().enumerate();
    // An iterator that is held while others work would keep a caller from being spawned.
    let work: Vec<_> = work
        .map(|(place, work)| async move { (place, work.await) })
        .collect();
    let done = stream::iter(work).buffer_unordered(limit.max(1));
    async move {
        let mut done: Vec<_> = done.collect().await;
        done.sort_unstable_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, given)| given).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::abreast;

    #[tokio::test(start_paused = true)]
    async fn one_that_takes_long_holds_up_no_other() {
        let begun = Instant::now();
        let work = [9, 1, 1, 1, 1, 1, 1, 1, 1].map(|seconds| async move {
            sleep(Duration::from_secs(seconds)).await;
            (seconds, begun.elapsed().as_secs())
        });
        let done = abreast(2, work).await;
        let ends: Vec<u64> = done.iter().map(|(_, end)| *end).collect();
        assert_eq!(ends, [9, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(done.first(), Some(&(9, 9)));
        assert!(abreast(0, [async {}]).await.len() == 1);
    }
}
