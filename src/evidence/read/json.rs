//! The records of JSON: one object, a page of them, a list of objects or of pages, and any of these one
//! after the other. It is read as it comes; of a record no more is kept than what the tree asks for.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::names::{About, Meaning};
use super::text::Text;
use super::{Cause, Sink, Values};
use crate::evidence::kinds::Kinds;
use crate::tree::KindId;

/// How deep lists and pages are looked into, and objects in a record.
const DEEPEST: u8 = 4;

/// Reads all that follows.
pub(super) fn read(text: &mut Text, sink: &mut Sink) {
    let mut unfinished = Kinds::default();
    loop {
        match text.peek_past_blanks() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                let (line, column) = text.place();
                sink.summary
                    .note(line, column, Cause::Input(error.to_string()));
                break;
            }
        }
        let (line, column) = text.place();
        let slots = sink.names.slots;
        let mut walker = Walker {
            sink,
            values: Values::with_room(slots),
            page: Page::default(),
            unfinished,
        };
        let mut deserializer = serde_json::Deserializer::from_reader(&mut *text);
        let read = Item {
            walker: &mut walker,
            depth: 0,
        }
        .deserialize(&mut deserializer);
        unfinished = walker.unfinished;
        let Err(error) = read else {
            continue;
        };
        let at = (
            line + (error.line() as u64).saturating_sub(1),
            if error.line() <= 1 {
                column + (error.column() as u64).saturating_sub(1)
            } else {
                error.column() as u64
            },
        );
        let cause = match error.classify() {
            Category::Eof => Cause::Unfinished,
            Category::Io => Cause::Input(error.to_string()),
            Category::Syntax | Category::Data => Cause::Syntax(without_place(&error)),
        };
        let goes_on = column == 1 && matches!(cause, Cause::Syntax(_));
        sink.summary.note(at.0, at.1, cause);
        // A document that has a line of its own says nothing about the next line.
        if !goes_on || error.line() > 1 || text.skip_line().is_err() {
            break;
        }
    }
    let ids = sink.names.ids.iter().copied();
    sink.summary.unfinished = ids.filter(|id| unfinished.holds(*id)).collect();
}

/// What an error says, without the place, which counts from where the reading began.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place)
        .map_or(text.clone(), str::to_owned)
}

/// What is known about the page that is read.
#[derive(Clone, Copy, Debug, Default)]
struct Page {
    /// The kinds that its address speaks for, and those that it names.
    context: Kinds,
    named: Kinds,
    /// The kinds of its records.
    held: Kinds,
    has_next: bool,
}

struct Walker<'w, 's> {
    sink: &'w mut Sink<'s>,
    /// What the names of the object that is read say.
    values: Values,
    page: Page,
    unfinished: Kinds,
}

/// What is known about an object when it has been read.
#[derive(Default)]
struct Object {
    known_by: Kinds,
    /// The kinds of its type, where it says one.
    of_type: Option<Kinds>,
    is_page: bool,
}

impl Walker<'_, '_> {
    /// Takes an object that was read to its end.
    fn take(&mut self, object: &Object) {
        let names = &self.sink.names;
        let kind = match (self.sink.kind, object.of_type) {
            (Some(kind), _) => Some(kind),
            (None, Some(kinds)) => names.one_of(kinds, self.page.named),
            (None, None) => {
                let known = object.known_by;
                let both = known.and(self.page.context);
                let candidates = match (known.is_empty(), both.is_empty()) {
                    (_, false) => both,
                    (false, true) => known,
                    (true, true) => self.page.context,
                };
                names.one_of(candidates, self.page.named)
            }
        };
        match kind {
            Some(kind) => {
                self.page.held.add(kind);
                self.sink.take(kind, &self.values);
            }
            None => self.sink.summary.unknown += 1,
        }
    }

    /// Notes of which kinds there are more than were read.
    fn end_page(&mut self) {
        let ids: Vec<KindId> = self.sink.names.ids.clone();
        let mut unfinished = Kinds::default();
        for id in ids {
            let was = self.unfinished.holds(id);
            let is = if self.page.held.holds(id) {
                self.page.has_next
            } else {
                was
            };
            if is {
                unfinished.add(id);
            }
        }
        self.unfinished = unfinished;
    }
}

/// An object that is a record or a page, or a list of them.
struct Item<'i, 'w, 's> {
    walker: &'i mut Walker<'w, 's>,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Item<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Item { walker, depth } = self;
        let before = walker.page;
        walker.values.clear();
        let mut object = Object::default();
        walk(walker, &mut object, &mut map, depth, 0)?;
        if object.is_page {
            walker.end_page();
            walker.page = before;
        } else {
            walker.take(&object);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Item { walker, depth } = self;
        if depth >= DEEPEST {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let depth = depth + 1;
        while list
            .next_element_seed(Item {
                walker: &mut *walker,
                depth,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.walker.sink.summary.unknown += 1;
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.visit_str("")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads the entries of an object. `outer` is how deep it is in lists, `inner` how deep in a record.
fn walk<'de, A: MapAccess<'de>>(
    walker: &mut Walker,
    object: &mut Object,
    map: &mut A,
    outer: u8,
    inner: u8,
) -> Result<(), A::Error> {
    while let Some(meaning) = map.next_key_seed(Name(walker))? {
        if meaning.slot.is_none()
            && meaning.about.is_none()
            && !meaning.is_within
            && !meaning.is_page
        {
            object.known_by = object.known_by.or(meaning.known_by);
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        map.next_value_seed(Content {
            walker: &mut *walker,
            object: &mut *object,
            meaning,
            outer,
            inner,
        })?;
    }
    Ok(())
}

/// A name in an object.
struct Name<'i, 'w, 's>(&'i mut Walker<'w, 's>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_, '_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Meaning, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_, '_> {
    type Value = Meaning;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Meaning, E> {
        Ok(self.0.sink.names.meaning(name))
    }
}

/// What a name stands for that the tree asks for.
struct Content<'i, 'w, 's> {
    walker: &'i mut Walker<'w, 's>,
    object: &'i mut Object,
    meaning: Meaning,
    outer: u8,
    inner: u8,
}

impl<'de> DeserializeSeed<'de> for Content<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'w, 's> Content<'_, 'w, 's> {
    /// Whether what it holds are records.
    fn is_page(&self) -> bool {
        self.meaning.is_page && self.inner == 0 && self.outer < DEEPEST
    }

    /// Reads records inside of an object, which goes on after them.
    fn within_page<E>(self, read: impl FnOnce(Item<'_, 'w, 's>) -> Result<(), E>) -> Result<(), E> {
        let Content { walker, object, .. } = self;
        object.is_page = true;
        let (before, slots) = (walker.page, walker.sink.names.slots);
        let values = std::mem::replace(&mut walker.values, Values::with_room(slots));
        walker.page.held = Kinds::default();
        read(Item {
            walker: &mut *walker,
            depth: self.outer + 1,
        })?;
        walker.values = values;
        // What follows in the object still belongs to the page.
        walker.page = Page {
            held: walker.page.held,
            ..before
        };
        Ok(())
    }

    /// Takes a value that stands by itself.
    fn take(self, text: &str) {
        self.object.known_by = self.object.known_by.or(self.meaning.known_by);
        if let Some(slot) = self.meaning.slot {
            self.walker.values.set(slot, text);
        }
        let names = &self.walker.sink.names;
        let page = &mut self.walker.page;
        match self.meaning.about {
            Some(About::Type) => self.object.of_type = Some(names.of_type(text)),
            Some(About::Context) if self.inner == 0 => {
                (page.context, page.named) = names.of_context(text);
            }
            Some(About::Next) if self.inner == 0 => page.has_next = !text.is_empty(),
            Some(_) | None => {}
        }
    }
}

impl<'de> Visitor<'de> for Content<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.take(text);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.take(&number.to_string());
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.take(&number.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.take(&number.to_string());
        Ok(())
    }

    fn visit_bool<E: Error>(self, is: bool) -> Result<(), E> {
        self.take(if is { "true" } else { "false" });
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.take("");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.is_page() {
            // A page of one record has it without a list around it.
            return self.within_page(|item| item.visit_map(map));
        }
        if !self.meaning.is_within || self.inner >= DEEPEST {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        walk(
            self.walker,
            self.object,
            &mut map,
            self.outer,
            self.inner + 1,
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.is_page() {
            return self.within_page(|item| item.visit_seq(list));
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
