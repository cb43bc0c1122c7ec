//! What a tree says about evidence: which kinds of files there are, and what in them answers which
//! question. Every field, kind and fact that a test names is one that the tree declares.

use super::Text;

/// What a tree knows about files that can answer its questions; nothing where it names no kinds.
#[derive(Debug, Default)]
pub struct Evidence {
    pub(super) pages: Vec<String>,
    pub(super) platforms: Vec<Vec<String>>,
    pub(super) kinds: Vec<EvidenceKind>,
    pub(super) facts: Vec<Fact>,
    pub(super) healthy: Vec<Tests>,
    pub(super) doubtful: Vec<Tests>,
    pub(super) fresh_days: Option<u32>,
    /// The words that tests compare fields with, and whether a value need only begin so.
    pub(super) words: Vec<(FieldId, String, bool)>,
}

/// A kind of evidence of the tree that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub(super) u16);

/// A field of a kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldId {
    /// The kind.
    pub kind: KindId,
    /// The place among the [fields](EvidenceKind::fields) of the kind.
    pub index: usize,
}

/// A fact of the tree that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactId(pub(super) u16);

/// A kind of record that files hold, and how it is told from others. Names are compared as [`plain`]
/// makes them.
#[derive(Debug)]
pub struct EvidenceKind {
    /// The stable name, which tests and the command line use.
    pub id: String,
    /// What it is, in a few words.
    pub title: Text,
    /// What a record of it is about.
    pub about: About,
    /// Names of which a record of this kind has at least one.
    pub known_by: Vec<String>,
    /// What a record or its page calls itself, as `@odata.type` and `@odata.context` have it.
    pub types: Vec<String>,
    /// What the name of a file holds that has this kind, where its records look like those of another.
    pub named: Option<String>,
    /// Whether its records count only in a file that has no other kind.
    pub is_alone: bool,
    /// The names of the objects in a record that are looked into.
    pub within: Vec<String>,
    /// What is read of a record.
    pub fields: Vec<Field>,
    /// What a field can say besides what tests compare it with, by the place of the field.
    pub values: Vec<(usize, Vec<String>)>,
    /// The fields that name the record where it comes from, and nowhere else.
    pub own_ids: Vec<usize>,
    /// The fields that name the device, or the person, most surely.
    pub ids: Vec<usize>,
    /// The fields that name the device where none of the others is known elsewhere.
    pub other_ids: Vec<usize>,
    /// The fields that name the person who uses the device.
    pub person: Vec<usize>,
    /// The fields by which people know the device.
    pub shown: Vec<usize>,
    /// The field that says what sort of device it is.
    pub platform: Option<usize>,
    /// The field that says when the record was true: of two about the same device, the later one counts.
    pub dated: Option<usize>,
    /// Whether a record makes a device known, and does not only add to what is known of one.
    pub adds_devices: bool,
    /// Whether a file of it is about one person without saying whom, so that it says nothing about
    /// others.
    pub is_of_one_person: bool,
    /// Which records count: all for which these do not fail.
    pub only: Option<Tests>,
    /// By what a record shows that its file does not list all there are.
    pub partial: Option<Tests>,
    /// How many records a full page has: a file with just as many may lack the next page.
    pub page: Option<u32>,
    /// Which record is meant where there are several.
    pub prefers: Option<Tests>,
    /// The least permission that is needed to get it.
    pub permission: Option<String>,
    /// The commands that get it.
    pub commands: Vec<HowTo>,
}

/// What the records of a kind are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The whole organization.
    Everyone,
    /// One device each.
    Device,
    /// One person each.
    Person,
}

impl About {
    /// Everything that a record can be about.
    pub const ALL: [About; 3] = [About::Everyone, About::Device, About::Person];

    /// The name in the tree file.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            About::Everyone => "everyone",
            About::Device => "device",
            About::Person => "person",
        }
    }
}

/// Something that is read of a record.
#[derive(Debug)]
pub struct Field {
    /// The stable name, which tests use.
    pub id: String,
    /// What files call it, the usual name first.
    pub names: Vec<String>,
}

/// A command that gets a kind of evidence.
#[derive(Debug)]
pub struct HowTo {
    /// The program that it is for.
    pub with: String,
    /// The command.
    pub run: String,
}

/// Something that no file holds, and that a person can say beforehand.
#[derive(Debug)]
pub struct Fact {
    /// The stable name, which tests and the command line use.
    pub id: String,
    /// What it is, in a few words.
    pub title: Text,
}

/// Tests that all have to hold.
#[derive(Clone, Debug)]
pub struct Tests(pub Vec<Test>);

/// Something that can be found out from evidence.
#[derive(Clone, Debug)]
pub enum Test {
    /// What there is of this kind.
    Record(KindId, Presence),
    /// A field of a record says this.
    Field(FieldId, Says),
}

/// What there can be of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A record.
    Present,
    /// No record, though every one of this kind was read.
    Absent,
    /// Nothing of this kind was read.
    Unread,
}

impl Presence {
    /// Everything that there can be.
    pub const ALL: [Presence; 3] = [Presence::Present, Presence::Absent, Presence::Unread];

    /// The name in the tree file.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Presence::Present => "present",
            Presence::Absent => "absent",
            Presence::Unread => "unread",
        }
    }
}

/// What a field can say.
#[derive(Clone, Debug)]
pub enum Says {
    /// One of these.
    Is(Vec<Operand>),
    /// None of these, in any record of the kind.
    NoneOf(Vec<Operand>),
    /// One of these, or nothing, in every record of the kind, if there are any.
    NothingBut(Vec<Operand>),
    /// Something that begins with one of these.
    BeginsWith(Vec<Operand>),
    /// Nothing, or something.
    Empty(bool),
    /// A moment that lies further back than so many days, or not so far.
    OlderThan(Operand),
    /// The opposite.
    NewerThan(Operand),
    /// A version before this one.
    Below(Operand),
    /// The opposite.
    AtLeast(Operand),
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// What the tree says: a number, a version, or a word as [`plain`] makes it.
    Literal(String),
    /// What another field says.
    Field(FieldId),
    /// What a person said, letter by letter.
    Fact(FactId),
}

/// What is enough for one answer to a question.
#[derive(Clone, Debug)]
pub struct EvidenceRule {
    /// The place of the choice in its question.
    pub choice: usize,
    /// Tests of which one list is enough.
    pub any: Vec<Tests>,
}

impl Evidence {
    /// What the list of records is called in an object that is a page of them.
    #[must_use]
    pub fn pages(&self) -> &[String] {
        &self.pages
    }

    /// Every kind, in the order of the file.
    pub fn kinds(&self) -> impl Iterator<Item = (KindId, &EvidenceKind)> {
        (0..).map(KindId).zip(&self.kinds)
    }

    /// The number of the sort of devices that a record of a kind is about; nothing where it does not say, or
    /// the tree does not know it.
    pub fn platform<'v>(
        &self,
        kind: &EvidenceKind,
        value: impl FnOnce(usize) -> Option<&'v str>,
    ) -> Option<usize> {
        let value = plain(value(kind.platform?)?);
        let is_it = |begins: &Vec<String>| begins.iter().any(|own| value.starts_with(own));
        self.platforms.iter().position(is_it)
    }

    /// Whether the tree knows what it means that a field says this. Of a field that it compares with no word
    /// it knows everything.
    #[must_use]
    pub fn knows(&self, field: FieldId, value: &str) -> bool {
        let value = plain(value);
        let mut own = self
            .words
            .iter()
            .filter(|(own, ..)| *own == field)
            .peekable();
        let declared = self.kind(field.kind).values.iter();
        let mut declared = declared.filter(|(own, _)| *own == field.index);
        own.peek().is_none()
            || own.any(|(_, word, begins)| value == *word || *begins && value.starts_with(word))
            || declared.any(|(_, values)| values.contains(&value))
    }

    /// A kind.
    #[must_use]
    pub fn kind(&self, id: KindId) -> &EvidenceKind {
        &self.kinds[usize::from(id.0)]
    }

    /// A field.
    #[must_use]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.kind(id.kind).fields[id.index]
    }

    /// Every fact, in the order of the file.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        (0..).map(FactId).zip(&self.facts)
    }

    /// A fact.
    #[must_use]
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[usize::from(id.0)]
    }

    /// Tests of which one list is enough to call a device healthy.
    #[must_use]
    pub fn healthy(&self) -> &[Tests] {
        &self.healthy
    }

    /// Tests of which one list is enough not to call a device healthy, whatever else holds.
    #[must_use]
    pub fn doubtful(&self) -> &[Tests] {
        &self.doubtful
    }

    /// After how many days a file may no longer be true.
    #[must_use]
    pub fn fresh_days(&self) -> Option<u32> {
        self.fresh_days
    }
}

impl KindId {
    /// The place in the list of kinds.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl FactId {
    /// The place in the list of facts.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A name or a value without what programs write differently: case, blanks and punctuation.
#[must_use]
pub fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
