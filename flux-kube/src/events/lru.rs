use std::collections::{BTreeMap, HashMap};

/// A map that forgets what was not used for longest.
#[derive(Debug)]
pub(super) struct Lru<V> {
    capacity: usize,
    entries: HashMap<String, (u64, V)>,
    /// Keys by their last use.
    uses: BTreeMap<u64, String>,
    count: u64,
}

impl<V> Lru<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: HashMap::new(),
            uses: BTreeMap::new(),
            count: 0,
        }
    }

    /// The value of a key, which counts as used.
    pub(super) fn entry(&mut self, key: String, new: impl FnOnce() -> V) -> &mut V {
        self.count += 1;
        let used = self.count;
        if let Some((last, _)) = self.entries.get(&key) {
            self.uses.remove(last);
        } else if self.entries.len() >= self.capacity
            && let Some((_, oldest)) = self.uses.pop_first()
        {
            self.entries.remove(&oldest);
        }
        self.uses.insert(used, key.clone());
        let entry = self.entries.entry(key).or_insert_with(|| (used, new()));
        entry.0 = used;
        &mut entry.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_is_forgotten() {
        let mut lru = Lru::new(2);
        for key in ["a", "b", "a", "c"] {
            *lru.entry(key.to_owned(), || 0) += 1;
        }
        assert_eq!(*lru.entry("a".to_owned(), || 0), 2);
        assert_eq!(*lru.entry("b".to_owned(), || 0), 0);
        assert_eq!((lru.entries.len(), lru.uses.len()), (2, 2));
    }
}
