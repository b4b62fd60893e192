//! What is to come and when, as it lies in memory.

/// A coming event that may have to be told apart from others of the same moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueuedEvent<E: Copy> {
    pub at: u64,
    /// Its turn among all that are entered.
    pub turn: u32,
    pub event: E,
}

/// A coming event, without the padding that the alignment of its time would ask for: there are as
/// many of these as there are calls that may still time out, and all of them are moved through
/// memory.
#[derive(Debug, Clone, Copy)]
#[repr(C, packed(4))]
pub(super) struct CompactEntry<E: Copy> {
    pub at: u64,
    pub event: E,
}

// Sorting moves them, so their size is what the agenda costs.
const _: () = assert!(size_of::<QueuedEvent<[u32; 3]>>() == 24);
const _: () = assert!(size_of::<CompactEntry<[u32; 3]>>() == 20);
