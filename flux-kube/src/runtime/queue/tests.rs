use proptest::prelude::*;

use super::*;

fn key(name: &str) -> Key {
    Key::new("", name)
}

fn ended(after: Option<u64>, failures: u32) -> Queued {
    let after = after.map(|after| fluxcd_api::meta::Duration::from_secs(after.cast_signed()));
    Queued { after, failures }
}

struct Time(Instant);

impl Time {
    fn new() -> Self {
        Self(Instant::now())
    }

    fn at(&self, seconds: u64) -> Instant {
        self.0 + Duration::from_secs(seconds)
    }
}

#[test]
fn a_key_that_is_added_twice_is_handed_out_once() {
    let (mut queue, time) = (Queue::new(), Time::new());
    assert_eq!(queue.add(&key("a"), 1, Urgency::AtOnce), Added::Ready);
    assert_eq!(queue.add(&key("a"), 2, Urgency::AtOnce), Added::Waits);
    assert_eq!(queue.pop(time.at(0)), Some((key("a"), Some(1))));
    assert_eq!(queue.pop(time.at(0)), None);
}

#[test]
fn a_key_that_is_worked_on_is_handed_out_again_only_afterwards() {
    let (mut queue, time) = (Queue::new(), Time::new());
    queue.add(&key("a"), 1, Urgency::AtOnce);
    queue.pop(time.at(0));
    assert_eq!(queue.add(&key("a"), 2, Urgency::AtOnce), Added::Running);
    assert_eq!((queue.pop(time.at(9)), queue.running()), (None, 1));
    queue.done(&key("a"), ended(Some(60), 0), time.at(9));
    assert_eq!(queue.pop(time.at(9)), Some((key("a"), Some(2))));
    queue.done(&key("a"), ended(None, 0), time.at(9));
    assert_eq!((queue.pop(time.at(99)), queue.entries.len()), (None, 0));
}

#[test]
fn a_key_that_comes_back_at_once_does_not_starve_the_others() {
    let (mut queue, time) = (Queue::new(), Time::new());
    for name in ["a", "b", "c"] {
        queue.add(&key(name), 0, Urgency::AtOnce);
    }
    let mut order = Vec::new();
    for _ in 0..6 {
        let (popped, _) = queue.pop(time.at(0)).unwrap();
        queue.add(&popped, 0, Urgency::AtOnce);
        queue.done(&popped, ended(None, 0), time.at(0));
        order.push(popped.name);
    }
    assert_eq!(order, ["a", "b", "c", "a", "b", "c"]);
}

#[test]
fn what_a_failed_run_changed_does_not_shorten_its_back_off() {
    let (mut queue, time) = (Queue::new(), Time::new());
    queue.add(&key("a"), 0, Urgency::AtOnce);
    queue.pop(time.at(0));
    // Its own change is seen while it runs, and another one later.
    assert_eq!(queue.add(&key("a"), 1, Urgency::Gently), Added::Running);
    queue.done(&key("a"), ended(Some(8), 1), time.at(0));
    assert_eq!(queue.add(&key("a"), 2, Urgency::Gently), Added::Waits);
    assert_eq!(queue.next_timer(), Some(time.at(8)));
    assert_eq!(queue.pop(time.at(7)), None);
    assert_eq!(queue.pop(time.at(8)), Some((key("a"), None)));
}

#[test]
fn what_a_user_changed_ends_the_back_off() {
    let (mut queue, time) = (Queue::new(), Time::new());
    queue.add(&key("a"), 0, Urgency::AtOnce);
    queue.pop(time.at(0));
    queue.done(&key("a"), ended(Some(900), 7), time.at(0));
    assert_eq!(queue.add(&key("a"), 1, Urgency::AtOnce), Added::Ready);
    assert_eq!(queue.pop(time.at(1)), Some((key("a"), Some(1))));
    assert_eq!((queue.failures(&key("a")), queue.next_timer()), (7, None));
}

#[test]
fn a_gentle_addition_wakes_a_key_that_waits_for_its_interval() {
    let (mut queue, time) = (Queue::new(), Time::new());
    queue.add(&key("a"), 0, Urgency::AtOnce);
    queue.pop(time.at(0));
    queue.add(&key("a"), 1, Urgency::Gently);
    queue.done(&key("a"), ended(Some(600), 0), time.at(0));
    assert_eq!(queue.pop(time.at(1)), Some((key("a"), Some(1))));
    queue.done(&key("a"), ended(Some(600), 0), time.at(1));
    assert_eq!(queue.add(&key("a"), 2, Urgency::Gently), Added::Ready);
}

#[test]
fn what_was_not_finished_is_ready_again() {
    let (mut queue, time) = (Queue::new(), Time::new());
    for name in ["a", "b"] {
        queue.add(&key(name), 0, Urgency::AtOnce);
        queue.pop(time.at(0));
    }
    queue.add(&key("c"), 0, Urgency::AtOnce);
    assert_eq!(queue.give_back(), [key("a"), key("b")]);
    assert_eq!((queue.running(), queue.depth()), (0, 3));
    assert_eq!(queue.pop(time.at(0)).unwrap().0, key("c"));
}

#[test]
fn what_changed_does_not_wait_for_what_was_there_at_the_start() {
    let (mut queue, time) = (Queue::new(), Time::new());
    for name in ["a", "b", "c", "d"] {
        queue.add(&key(name), 0, Urgency::Listed);
    }
    let (first, _) = queue.pop(time.at(0)).unwrap();
    assert_eq!(queue.add(&key("d"), 1, Urgency::AtOnce), Added::Ready);
    assert_eq!(queue.add(&key("d"), 2, Urgency::Listed), Added::Waits);
    queue.add(&key("e"), 1, Urgency::AtOnce);
    // The interval of what was there at the start does not push it forward either.
    queue.done(&first, ended(Some(1), 0), time.at(0));
    let order: Vec<_> = std::iter::from_fn(|| queue.pop(time.at(9))).collect();
    let order: Vec<_> = order
        .iter()
        .map(|(key, cause)| (key.name.as_str(), *cause))
        .collect();
    let expected = [
        ("d", Some(1)),
        ("e", Some(1)),
        ("b", Some(0)),
        ("c", Some(0)),
        ("a", None),
    ];
    assert_eq!(order, expected);
}

/// The same, as slowly and as plainly as it can be said.
#[derive(Default)]
struct Model {
    now: u64,
    /// In the order in which they became ready.
    ready: Vec<usize>,
    running: Vec<usize>,
    again: [Option<Urgency>; KEYS],
    timer: [Option<u64>; KEYS],
    failures: [u32; KEYS],
    is_late: [bool; KEYS],
}

const KEYS: usize = 4;

impl Model {
    fn wake(&mut self, key: usize, urgency: Urgency) {
        let is_late = urgency == Urgency::Listed;
        if self.running.contains(&key) {
            let is_new = self.again[key].is_none() || urgency != Urgency::Gently;
            self.again[key] = if is_new {
                Some(urgency)
            } else {
                self.again[key]
            };
        } else if self.ready.contains(&key) {
            if self.is_late[key] && !is_late {
                self.ready.retain(|ready| *ready != key);
                self.ready.push(key);
                self.is_late[key] = false;
            }
        } else {
            let backs_off = self.timer[key].is_some() && self.failures[key] > 0;
            if !(urgency == Urgency::Gently && backs_off) {
                self.timer[key] = None;
                self.ready.push(key);
                self.is_late[key] = is_late;
            }
        }
    }

    fn pop(&mut self) -> Option<usize> {
        let mut due: Vec<_> = (0..KEYS)
            .filter(|key| self.timer[*key].is_some_and(|at| at <= self.now))
            .collect();
        due.sort_by_key(|key| self.timer[*key]);
        for key in due {
            self.timer[key] = None;
            self.ready.push(key);
        }
        let early = self.ready.iter().position(|key| !self.is_late[*key]);
        let next = early.or((!self.ready.is_empty()).then_some(0))?;
        let key = self.ready.remove(next);
        self.running.push(key);
        Some(key)
    }

    fn done(&mut self, key: usize, after: Option<u64>, failures: u32) {
        self.running.retain(|running| *running != key);
        self.failures[key] = failures;
        let backs_off = after.is_some() && failures > 0;
        match self.again[key].take() {
            Some(urgency) if urgency != Urgency::Gently || !backs_off => {
                self.ready.push(key);
                self.is_late[key] = false;
            }
            _ => self.timer[key] = after.map(|after| self.now + after),
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Add(usize, Urgency),
    Pop,
    Done(usize, Option<u64>, u32),
    Sleep(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let urgency = proptest::sample::select(vec![Urgency::AtOnce, Urgency::Gently, Urgency::Listed]);
    prop_oneof![
        3 => (0..KEYS, urgency).prop_map(|(index, urgency)| Step::Add(index, urgency)),
        2 => Just(Step::Pop),
        1 => (0..KEYS, proptest::option::of(0_u64..9), 0_u32..3)
            .prop_map(|(nth, after, failures)| Step::Done(nth, after, failures)),
        1 => (0_u64..9).prop_map(Step::Sleep),
    ]
}

proptest! {
    #[test]
    fn the_queue_does_what_a_naive_one_does(steps in proptest::collection::vec(step(), 0..80)) {
        let (mut queue, mut model, time) = (Queue::new(), Model::default(), Time::new());
        let name = |index: usize| key(&index.to_string());
        for step in steps {
            match step {
                Step::Add(index, urgency) => {
                    queue.add(&name(index), (), urgency);
                    model.wake(index, urgency);
                }
                Step::Pop => {
                    let popped = queue.pop(time.at(model.now)).map(|(key, _)| key);
                    prop_assert_eq!(popped, model.pop().map(name));
                }
                Step::Done(nth, after, failures) => {
                    if let Some(index) = model.running.get(nth).copied() {
                        queue.done(&name(index), ended(after, failures), time.at(model.now));
                        model.done(index, after, failures);
                    }
                }
                Step::Sleep(seconds) => model.now += seconds,
            }
            prop_assert_eq!(queue.running(), model.running.len());
            prop_assert_eq!(queue.depth(), model.ready.len());
            let timer = model.timer.iter().flatten().min().map(|at| time.at(*at));
            prop_assert_eq!(queue.next_timer(), timer);
        }
    }
}
