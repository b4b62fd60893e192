//! Storage for things that come and go by the million, each known by an id that is never reused.
//!
//! By hand, because the generations lie apart from the things: most ids that are looked up late are
//! those of timeouts whose request has gone, and they must not touch its cache line.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// The id of a thing in a [`Slab`]: its place, and which of those that were there it is.
pub(super) struct Id<T> {
    place: u32,
    /// Odd while the thing is there, so never zero, and `Option<Id>` is no larger.
    generation: NonZeroU32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> Id<T> {
    /// The id of a thing that is there.
    #[inline]
    fn new(place: u32, generation: u32) -> Self {
        // Generations of things that are there are odd; `| 1` spares the check for zero.
        Id { place, generation: NonZeroU32::MIN | generation, of: PhantomData }
    }
}

/// The place of a thing in a [`Pool`].
pub(super) struct PoolSlot<T> {
    place: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for PoolSlot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PoolSlot<T> {}

/// Things of which each place is known to one alone, who gives it back: nobody can come late, so
/// there are no generations to look up, which would cost a second cache line for every look.
#[derive(Debug, Clone)]
pub(super) struct Pool<T> {
    things: Vec<T>,
    vacant: Vec<u32>,
}

impl<T: Copy> Pool<T> {
    pub(super) fn new() -> Self {
        Pool { things: Vec::new(), vacant: Vec::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, thing: T) -> PoolSlot<T> {
        let place = match self.vacant.pop() {
            Some(place) => {
                self.things[place as usize] = thing;
                place
            }
            None => {
                let place = u32::try_from(self.things.len()).expect("fewer than 2³² at once");
                self.things.push(thing);
                place
            }
        };
        PoolSlot { place, of: PhantomData }
    }

    /// Takes out a thing; its place is not used again by whoever had it.
    #[inline]
    pub(super) fn remove(&mut self, place: PoolSlot<T>) -> T {
        self.vacant.push(place.place);
        self.things[place.place as usize]
    }
}

impl<T: Copy> Pool<T> {
    /// Has a thing fetched from memory that will be looked at soon, if many are there.
    #[inline]
    pub(super) fn fetch(&self, place: PoolSlot<T>) {
        fetch(&self.things, place.place);
    }
}

/// Many at once are as many as do not lie near the processor anyway.
const MANY: usize = 8_192;

/// The processor goes on while it waits for what nothing depends on, so that several at a time take
/// as long as one.
#[inline]
fn fetch<T: Copy>(things: &[T], place: u32) {
    if things.len() >= MANY
        && let Some(thing) = things.get(place as usize)
    {
        std::hint::black_box(*thing);
    }
}

impl<T> Index<PoolSlot<T>> for Pool<T> {
    type Output = T;
    #[inline]
    fn index(&self, place: PoolSlot<T>) -> &T {
        &self.things[place.place as usize]
    }
}

impl<T> IndexMut<PoolSlot<T>> for Pool<T> {
    #[inline]
    fn index_mut(&mut self, place: PoolSlot<T>) -> &mut T {
        &mut self.things[place.place as usize]
    }
}

/// Things with ids; the id of one that has gone finds nothing.
///
/// Generations lie apart from the things: most ids that are looked up late are those of timeouts
/// whose request has gone, and to see that they must not touch the things at all.
#[derive(Debug, Clone)]
pub(super) struct Slab<T> {
    generations: Vec<u32>,
    things: Vec<T>,
    vacant: Vec<u32>,
}

impl<T: Copy> Slab<T> {
    pub(super) fn new() -> Self {
        Slab { generations: Vec::new(), things: Vec::new(), vacant: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, thing: T) -> Id<T> {
        if let Some(place) = self.vacant.pop() {
            let generation = &mut self.generations[place as usize];
            *generation = generation.wrapping_add(1);
            self.things[place as usize] = thing;
            return Id::new(place, *generation);
        }
        let place = u32::try_from(self.things.len()).expect("fewer than 2³² at once");
        self.generations.push(1);
        self.things.push(thing);
        Id::new(place, 1)
    }

    /// Whether the thing behind an id is still there.
    #[inline]
    pub(super) fn holds(&self, id: Id<T>) -> bool {
        self.generations[id.place as usize] == id.generation.get()
    }

    /// Has a thing fetched from memory that will be looked at soon, if many are there.
    #[inline]
    pub(super) fn fetch(&self, id: Id<T>) {
        fetch(&self.things, id.place);
    }

    /// Whether there are enough of them to make it worth fetching them beforehand.
    pub(super) fn has_many(&self) -> bool {
        self.things.len() >= MANY
    }

    /// The thing behind an id, if it is still there.
    #[inline]
    pub(super) fn get(&self, id: Id<T>) -> Option<&T> {
        if self.holds(id) { Some(&self.things[id.place as usize]) } else { None }
    }

    /// The thing behind an id, if it is still there.
    #[inline]
    pub(super) fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let there = self.generations[id.place as usize] == id.generation.get();
        if there { Some(&mut self.things[id.place as usize]) } else { None }
    }

    /// Takes out a thing that is there.
    #[inline]
    pub(super) fn remove(&mut self, id: Id<T>) -> T {
        let generation = &mut self.generations[id.place as usize];
        assert!(*generation == id.generation.get(), "it has gone already");
        *generation = generation.wrapping_add(1);
        self.vacant.push(id.place);
        self.things[id.place as usize]
    }

    /// All that are there, in order of place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> + '_ {
        let places = self.generations.iter().zip(&self.things).enumerate();
        let there = places.filter(|(_, (generation, _))| *generation % 2 == 1);
        there.map(|(place, (generation, thing))| (Id::new(place as u32, *generation), thing))
    }
}

impl<T> Index<Id<T>> for Slab<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        assert!(self.generations[id.place as usize] == id.generation.get(), "it has gone");
        &self.things[id.place as usize]
    }
}

impl<T> IndexMut<Id<T>> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        assert!(self.generations[id.place as usize] == id.generation.get(), "it has gone");
        &mut self.things[id.place as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_id_does_not_find_the_new_tenant() {
        let mut slab = Slab::new();
        let old = slab.add('a');
        assert_eq!(slab.remove(old), 'a');
        let new = slab.add('b');
        assert_eq!(new.place, old.place);
        assert_eq!(slab.get_mut(old), None);
        assert_eq!(slab[new], 'b');
        assert_eq!(slab.iter().count(), 1);
    }

    #[test]
    #[should_panic(expected = "gone already")]
    fn nothing_is_taken_out_twice() {
        let mut slab = Slab::new();
        let id = slab.add(());
        slab.remove(id);
        slab.remove(id);
    }
}
