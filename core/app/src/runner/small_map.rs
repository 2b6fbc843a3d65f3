//! A handful of values by their keys. There are never more than a few, and a hash map would add
//! more code than it saves.

/// Values by their keys, in no order.
pub(super) struct SmallMap<K, V>(Vec<(K, V)>);

impl<K: PartialEq, V> SmallMap<K, V> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Puts a value in; one that was there under this key is replaced.
    pub(super) fn insert(&mut self, key: K, value: V) {
        _ = self.remove(&key);
        self.0.push((key, value));
    }

    pub(super) fn get(&self, wanted: &K) -> Option<&V> {
        let found = self.0.iter().find(|(key, _)| key == wanted);
        found.map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, wanted: &K) -> Option<V> {
        let place = self.0.iter().position(|(key, _)| key == wanted)?;
        Some(self.0.swap_remove(place).1)
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.0.retain(|(key, _)| keep(key));
    }

    pub(super) fn retain_values(&mut self, keep: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| keep(value));
    }
}

impl<K: PartialEq, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> From<Vec<(K, V)>> for SmallMap<K, V> {
    fn from(values: Vec<(K, V)>) -> Self {
        Self(values)
    }
}

#[cfg(test)]
mod tests {
    use super::SmallMap;

    #[test]
    fn a_key_has_its_newest_value_and_none_after_it_was_removed() {
        let mut small_map = SmallMap::new();
        small_map.insert(1, "one");
        small_map.insert(2, "two");
        small_map.insert(1, "another");
        assert_eq!(small_map.get(&1), Some(&"another"));
        small_map.retain(|key| *key != 2);
        assert_eq!(small_map.get(&2), None);
        assert_eq!(small_map.remove(&1), Some("another"));
        assert_eq!(small_map.remove(&1), None);
    }
}
