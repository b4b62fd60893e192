//! The least busy instance of a tier, found without looking at all of them.

/// What an instance counts as that no caller may pick.
const NEVER: u32 = u32::MAX;

/// Requests per instance as a tree of minima: a change and a look cost the depth of the tree.
#[derive(Debug, Clone, Default)]
pub(super) struct LeastBusy {
    /// A power of two, at least the number of instances.
    leaves: usize,
    /// The root at 1, the two below `n` at `2n` and `2n + 1`.
    least: Vec<u32>,
}

impl LeastBusy {
    /// Enters what an instance has to do now; `None`: no caller may pick it.
    #[inline]
    pub(super) fn set(&mut self, instance: usize, requests: Option<usize>) {
        if instance >= self.leaves {
            self.grow(instance + 1);
        }
        let requests = requests.map_or(NEVER, |requests| (requests as u32).min(NEVER - 1));
        let mut node = self.leaves + instance;
        self.least[node] = requests;
        while node > 1 {
            node /= 2;
            let least = self.least[2 * node].min(self.least[2 * node + 1]);
            if self.least[node] == least {
                return;
            }
            self.least[node] = least;
        }
    }

    /// The instance with the fewest requests, the first of equals.
    #[inline]
    pub(super) fn pick(&self) -> Option<usize> {
        if self.least.get(1).is_none_or(|least| *least == NEVER) {
            return None;
        }
        let mut node = 1;
        while node < self.leaves {
            node *= 2;
            // Among equals the first: a draw would cost more than the search, and say nothing more.
            node += usize::from(self.least[node + 1] < self.least[node]);
        }
        Some(node - self.leaves)
    }

    fn grow(&mut self, instances: usize) {
        let old = self.least.split_off(self.leaves.min(self.least.len()));
        self.leaves = instances.next_power_of_two().max(2);
        self.least = vec![NEVER; 2 * self.leaves];
        for (instance, requests) in old.into_iter().enumerate() {
            self.set(instance, (requests != NEVER).then_some(requests as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_first_of_the_least(
            changes in prop::collection::vec((0usize..70, prop::option::of(0usize..5)), 0..300),
        ) {
            let (mut tree, mut list) = (LeastBusy::default(), Vec::new());
            for (instance, requests) in changes {
                list.resize(list.len().max(instance + 1), None);
                list[instance] = requests;
                tree.set(instance, requests);
                let there = list.iter().enumerate().filter_map(|(n, r)| r.map(|r| (r, n)));
                prop_assert_eq!(tree.pick(), there.min().map(|(_, instance)| instance));
            }
        }
    }
}
