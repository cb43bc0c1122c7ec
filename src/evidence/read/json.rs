//! Records in JSON: of objects, pages and lists one after the other, nothing is kept but what is asked
//! for, and nothing is followed deeper than records lie.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::error::Category;

use super::Cause;
use super::collect::Collector;
use super::names::NameId;
use super::source::Source;

/// How deep lists and pages may lie within each other.
const DEEPEST_LIST: u8 = 4;

/// How deep a record is looked into.
const DEEPEST_OBJECT: u8 = 4;

/// Gives out what the rest of a text holds.
pub(super) fn read(source: &mut Source, collector: &mut Collector) {
    let mut last_end = 0;
    let mut has_lines = false;
    let mut is_by_line = false;
    while source.next_mark().is_some() {
        let start = source.mark();
        let begins_line = start.line > last_end;
        if begins_line {
            // Some have documents of one line before one of many, which opens with a bracket alone.
            is_by_line = has_lines && source.is_more_than_bracket();
            if is_by_line {
                source.narrow();
            }
        }
        let start = source.mark();
        let place = collector.place();
        let Err(cause) = document(source, collector) else {
            last_end = source.mark().line;
            has_lines = (begins_line || has_lines) && start.line == last_end;
            continue;
        };
        if is_by_line {
            source.report(cause);
            source.skip_line();
        } else if begins_line {
            let is_new = collector.place() == place;
            if !source.recover(start, cause, is_new) {
                return;
            }
        } else {
            return source.report(cause);
        }
        (has_lines, last_end) = (true, start.line);
    }
    source.report_failure();
}

fn document(source: &mut Source, collector: &mut Collector) -> Result<(), Cause> {
    collector.begin_document();
    collector.watch.keep();
    let what = What::Item {
        lists: 0,
        is_page: true,
    };
    let mut parser = Deserializer::from_reader(source);
    let result = Visit { collector, what }.deserialize(&mut parser);
    result.map(|_| ()).map_err(|error| match error.classify() {
        Category::Eof | Category::Io => Cause::NotFinished,
        Category::Syntax | Category::Data => {
            let text = error.to_string();
            let end = text.rfind(" at line ").unwrap_or(text.len());
            Cause::Syntax(text[..end].to_owned())
        }
    })
}

/// A value that is looked at, and where it is.
struct Visit<'v, 'a> {
    collector: &'v mut Collector<'a>,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// A record, a list of records or, where it may be, a page of them, in so many lists.
    Item { lists: u8, is_page: bool },
    /// What a name says in an object.
    Value { name: NameId, place: Place },
}

/// Where an object is.
#[derive(Clone, Copy)]
struct Place {
    /// How many objects of its record it is in.
    depth: u8,
    lists: u8,
    /// Whether it may be a page.
    is_page: bool,
}

impl Visit<'_, '_> {
    /// Reads an object name by name; `true` where it is a page.
    fn object<'de, A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        place: Place,
    ) -> Result<bool, A::Error> {
        let mut has_list = false;
        loop {
            let collector = &mut *self.collector;
            collector.watch.keep();
            let Some(name) = map.next_key_seed(Key(collector))? else {
                return Ok(has_list);
            };
            if let Some(name) = name.filter(|name| is_wanted(collector, *name, place)) {
                let what = What::Value { name, place };
                has_list |= map.next_value_seed(Visit { collector, what })?;
            } else {
                collector.watch.skip();
                map.next_value::<IgnoredAny>()?;
            }
        }
    }

    /// Reads an object that is a record or a page.
    fn item<'de, A: MapAccess<'de>>(
        &mut self,
        map: A,
        lists: u8,
        is_page: bool,
    ) -> Result<(), A::Error> {
        let outer = is_page.then(|| self.collector.begin_page());
        self.collector.begin_listed(lists > 0);
        let place = Place {
            depth: 0,
            lists,
            is_page,
        };
        if self.object(map, place)? {
            self.collector.end_page();
        } else {
            self.collector.end();
        }
        if let Some(outer) = outer {
            self.collector.leave_page(outer);
        }
        Ok(())
    }

    /// Reads a list of records.
    fn items<'de, A: SeqAccess<'de>>(
        &mut self,
        mut list: A,
        lists: u8,
        is_page: bool,
    ) -> Result<(), A::Error> {
        let what = What::Item { lists, is_page };
        loop {
            let collector = &mut *self.collector;
            collector.watch.keep();
            if list.next_element_seed(Visit { collector, what })?.is_none() {
                return Ok(());
            }
        }
    }

    /// Reads a list of anything; `true` where it makes a page of the object that it is in.
    fn list<'de, A: SeqAccess<'de>>(mut self, mut list: A) -> Result<bool, A::Error> {
        let (lists, is_page, is_list) = match self.what {
            What::Item { lists, is_page } => (lists, is_page, true),
            What::Value { name, place } => {
                let is_list = place.is_page && self.collector.meaning(name).is_page;
                (place.lists, false, is_list)
            }
        };
        if is_list && lists < DEEPEST_LIST {
            self.items(list, lists + 1, is_page)?;
        } else {
            self.collector.watch.skip();
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(is_list)
    }

    /// Reads an object of anything; `true` where it makes a page of the object that it is in.
    fn map<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<bool, A::Error> {
        match self.what {
            What::Item { lists, is_page } => {
                self.item(map, lists, is_page)?;
                return Ok(false);
            }
            What::Value { name, place } => {
                let meaning = self.collector.meaning(name);
                // What one record is got by has the record where a list would have its records.
                if place.is_page && meaning.is_page && place.lists < DEEPEST_LIST {
                    self.item(map, place.lists + 1, true)?;
                    return Ok(true);
                }
                if meaning.is_within && place.depth < DEEPEST_OBJECT {
                    let place = Place {
                        depth: place.depth + 1,
                        is_page: false,
                        ..place
                    };
                    self.object(map, place)?;
                    return Ok(false);
                }
            }
        }
        self.collector.watch.skip();
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    /// What a name says, where it is a text.
    fn say(self, text: &str) {
        if let What::Value { name, place } = self.what {
            if place.is_page {
                self.collector.say_of_page(name, text);
            }
            self.collector.say(name, place.depth, text);
        }
    }

    /// What a name says, where it is no text.
    fn print(self, what: &dyn fmt::Display) {
        if let What::Value { name, place } = self.what {
            self.collector.print(name, place.depth, what);
        }
    }
}

fn is_wanted(collector: &Collector, name: NameId, place: Place) -> bool {
    let meaning = collector.meaning(name);
    collector.wants(name, place.depth)
        || (meaning.is_within && place.depth < DEEPEST_OBJECT)
        || (place.is_page && (meaning.is_page || name.is_of_page()))
}

impl<'de> DeserializeSeed<'de> for Visit<'_, '_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

/// What comes of a value is whether it is a list of records.
impl<'de> Visitor<'de> for Visit<'_, '_> {
    type Value = bool;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        self.say(text);
        Ok(false)
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        self.print(&value);
        Ok(false)
    }

    fn visit_u64<E>(self, value: u64) -> Result<bool, E> {
        self.print(&value);
        Ok(false)
    }

    fn visit_i64<E>(self, value: i64) -> Result<bool, E> {
        self.print(&value);
        Ok(false)
    }

    fn visit_f64<E>(self, value: f64) -> Result<bool, E> {
        self.print(&value);
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<bool, A::Error> {
        let watch = self.collector.watch;
        self.list(list).inspect_err(|_| watch.fail())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let watch = self.collector.watch;
        self.map(map).inspect_err(|_| watch.fail())
    }
}

/// A name in an object.
struct Key<'v, 'a>(&'v mut Collector<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<NameId>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<NameId>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.name(name))
    }
}
