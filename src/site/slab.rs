//! Room for things that come and go by the million, each known by an id that is never reused.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The id of a thing in a [`Slab`]: its place, and which of those that were there it is.
pub(super) struct Id<T> {
    place: u32,
    /// Odd while the thing is there.
    generation: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

/// Things with ids; the id of one that has gone finds nothing.
#[derive(Debug, Clone)]
pub(super) struct Slab<T> {
    places: Vec<Place<T>>,
    vacant: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Place<T> {
    generation: u32,
    thing: T,
}

impl<T: Copy> Slab<T> {
    pub(super) fn new() -> Self {
        Slab { places: Vec::new(), vacant: Vec::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, thing: T) -> Id<T> {
        if let Some(number) = self.vacant.pop() {
            let place = &mut self.places[number as usize];
            place.generation = place.generation.wrapping_add(1);
            place.thing = thing;
            return Id { place: number, generation: place.generation, of: PhantomData };
        }
        let number = u32::try_from(self.places.len()).expect("fewer than 2³² at once");
        self.places.push(Place { generation: 1, thing });
        Id { place: number, generation: 1, of: PhantomData }
    }

    /// The thing behind an id, if it is still there.
    #[inline]
    pub(super) fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let place = &mut self.places[id.place as usize];
        (place.generation == id.generation).then_some(&mut place.thing)
    }

    /// Takes out a thing that is there.
    #[inline]
    pub(super) fn remove(&mut self, id: Id<T>) -> T {
        let place = &mut self.places[id.place as usize];
        assert!(place.generation == id.generation, "it has gone already");
        place.generation = place.generation.wrapping_add(1);
        self.vacant.push(id.place);
        place.thing
    }

    /// All that are there, in order of place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> + '_ {
        let there = self.places.iter().enumerate().filter(|(_, place)| place.generation % 2 == 1);
        there.map(|(number, place)| {
            let id = Id { place: number as u32, generation: place.generation, of: PhantomData };
            (id, &place.thing)
        })
    }
}

impl<T> Index<Id<T>> for Slab<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        let place = &self.places[id.place as usize];
        assert!(place.generation == id.generation, "it has gone");
        &place.thing
    }
}

impl<T> IndexMut<Id<T>> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        let place = &mut self.places[id.place as usize];
        assert!(place.generation == id.generation, "it has gone");
        &mut place.thing
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
