//! The ways to match that are under way at one place of the text, in order of preference.

use crate::regexp::slots::Slot;

/// Each instruction is in it once at most. Slots are kept for instructions that wait for a character only.
#[derive(Debug)]
pub(super) struct Threads {
    /// The round in which each instruction was met.
    met: Vec<u32>,
    round: u32,
    waiting: Vec<u32>,
    /// For each that waits, `width` slots.
    slots: Vec<Slot>,
    width: usize,
    ways: Vec<Way>,
    current: Vec<Slot>,
}

#[derive(Debug)]
enum Way {
    To(u32),
    Restore(usize, Slot),
}

impl Threads {
    pub(super) fn new(instructions: usize, width: usize) -> Self {
        Self {
            met: vec![0; instructions],
            round: 1,
            waiting: Vec::new(),
            slots: Vec::new(),
            width,
            ways: Vec::new(),
            current: vec![None; width],
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.slots.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.met.fill(0);
            self.round = 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[Slot])> {
        self.waiting.iter().enumerate().map(|(at, inst)| {
            let slots = self.slots.get(at * self.width..(at + 1) * self.width);
            (*inst as usize, slots.unwrap_or_default())
        })
    }

    /// Goes on from an instruction, with what the groups are there.
    pub(super) fn begin(&mut self, inst: u32, slots: &[Slot]) {
        self.current.copy_from_slice(slots);
        self.ways.clear();
        self.add_way(inst);
    }

    pub(super) fn add_way(&mut self, inst: u32) {
        self.ways.push(Way::To(inst));
    }

    /// Of the ways that are left, the last one added that leads to a new instruction.
    pub(super) fn next_way(&mut self) -> Option<u32> {
        loop {
            match self.ways.pop()? {
                Way::To(inst) => {
                    let met = self.met.get_mut(inst as usize)?;
                    if *met != self.round {
                        *met = self.round;
                        return Some(inst);
                    }
                }
                Way::Restore(slot, value) => {
                    if let Some(current) = self.current.get_mut(slot) {
                        *current = value;
                    }
                }
            }
        }
    }

    /// Holds for the ways that are added from now on.
    pub(super) fn set_slot(&mut self, slot: u32, value: Slot) {
        let slot = slot as usize;
        if let Some(current) = self.current.get_mut(slot) {
            self.ways
                .push(Way::Restore(slot, std::mem::replace(current, value)));
        }
    }

    pub(super) fn add_thread(&mut self, inst: u32) {
        self.waiting.push(inst);
        self.slots.extend_from_slice(&self.current);
    }
}
