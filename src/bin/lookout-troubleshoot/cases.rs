//! Cases as files of a folder, one each. A file is always whole: it is written beside its place and then
//! takes it, so that nothing that was written before is lost, whenever the program ends. Only one process
//! writes to a case, and what is no case is never touched.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use etcetera::BaseStrategy;
use jiff::{Unit, Zoned};
use lookout_troubleshoot::case::{Case, TreeVersion};
use lookout_troubleshoot::tree::{clean, nearest, ticked};
use lookout_troubleshoot::ui::Journal;

use crate::files::{read_bounded, shown};

/// The largest file that is read as a case, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// How much room there has to be when a case begins, in bytes: more than most cases take.
const ROOM: usize = 64 * 1024;

/// The folder of all cases.
pub(crate) struct Folder {
    path: PathBuf,
}

/// A case that this process alone writes to, for as long as this value lives.
pub(crate) struct Kept {
    path: PathBuf,
    /// Holds the lock, which the system takes back when the process ends, however it ends.
    _lock: File,
}

impl Folder {
    /// The folder that was asked for, or the one for the data of programs.
    ///
    /// # Errors
    ///
    /// Where nobody knows where that is.
    pub(crate) fn new(asked_for: Option<&Path>) -> anyhow::Result<Folder> {
        if let Some(path) = asked_for {
            return Ok(Folder {
                path: path.to_owned(),
            });
        }
        let folders = etcetera::base_strategy::choose_native_strategy()
            .context("there is no home folder to keep cases in: give a folder with `--cases`")?;
        let path = folders
            .data_dir()
            .join(env!("CARGO_PKG_NAME"))
            .join("cases");
        Ok(Folder { path })
    }

    fn file(&self, id: &str) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    fn lock_file(&self, id: &str) -> PathBuf {
        self.path.join("locks").join(id)
    }

    /// Begins a case, and makes sure that there is room for it.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written to.
    pub(crate) fn begin(&self, now: &Zoned, tree: TreeVersion) -> anyhow::Result<(Case, Kept)> {
        let begun = self.begin_numbered(now, tree);
        begun.with_context(|| format!("cannot write to `{}`", shown(&self.path)))
    }

    fn begin_numbered(&self, now: &Zoned, tree: TreeVersion) -> anyhow::Result<(Case, Kept)> {
        create_private(&self.path.join("locks"))?;
        let day = now.date().to_string();
        // Also the names of those that were deleted, or never answered.
        let locks = names(&self.path.join("locks"))?;
        let ids = self.ids()?;
        let taken = locks.iter().chain(&ids);
        let last = taken.filter_map(|id| number(id, &day)).max();
        for number in last.unwrap_or(0).saturating_add(1)..u32::MAX {
            let id = format!("{day}-{number}");
            let lock_path = self.lock_file(&id);
            let lock = match private(&lock_path, OpenOptions::create_new) {
                Ok(lock) => lock,
                // Another process begins a case, or began one that was never answered.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error.into()),
            };
            let Some(kept) = Kept::new(self.file(&id), lock) else {
                continue;
            };
            kept.make_sure_of_room()?;
            let case = Case::new(id, now.timestamp(), tree);
            return Ok((case, kept));
        }
        bail!("there are too many cases of today");
    }

    /// Opens a case to go on with it.
    ///
    /// # Errors
    ///
    /// Where there is none of that name, it cannot be read, or another process has it open.
    pub(crate) fn open(&self, id: &str) -> anyhow::Result<(Case, Kept)> {
        // What cannot be read is not touched, not even by a lock beside it.
        self.read(id)?;
        create_private(&self.path.join("locks"))?;
        let lock_path = self.lock_file(id);
        let lock = private(&lock_path, OpenOptions::create)
            .with_context(|| format!("cannot write to `{}`", shown(&self.path)))?;
        let Some(kept) = Kept::new(self.file(id), lock) else {
            bail!("case {id} is open in another window: close it there first");
        };
        // Between the first look and the lock somebody else may have written to it.
        Ok((self.load(id)?, kept))
    }

    /// Whether a process has a case open.
    pub(crate) fn is_open(&self, id: &str) -> bool {
        let lock = File::open(self.lock_file(id));
        lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Reads a case.
    ///
    /// # Errors
    ///
    /// Where there is none of that name, or it cannot be read.
    pub(crate) fn read(&self, id: &str) -> anyhow::Result<Case> {
        let known = self.ids().unwrap_or_default();
        if !known.iter().any(|known| known == id) {
            let near = nearest(id, known.iter().map(String::as_str));
            let hint = match &near[..] {
                [] => "`lookout-troubleshoot cases` prints them all".to_owned(),
                near => format!("did you mean {}?", ticked(near)),
            };
            bail!("there is no case `{}`: {hint}", clean(id));
        }
        self.load(id)
    }

    /// Reads the case of a file that is there.
    fn load(&self, id: &str) -> anyhow::Result<Case> {
        let path = self.file(id);
        let case = read(&path).with_context(|| format!("cannot read `{}`", shown(&path)))?;
        Ok(Case {
            // A copy goes by the name that it was given.
            id: id.to_owned(),
            ..case
        })
    }

    /// Every case, the one that was used last first, and what cannot be read.
    ///
    /// # Errors
    ///
    /// Where the folder is there and cannot be read.
    pub(crate) fn all(&self) -> anyhow::Result<(Vec<Case>, Vec<anyhow::Error>)> {
        let ids = self
            .ids()
            .with_context(|| format!("cannot read `{}`", shown(&self.path)))?;
        let mut cases = Vec::new();
        let mut errors = Vec::new();
        for id in ids {
            match self.load(&id) {
                Ok(case) => cases.push(case),
                Err(error) => errors.push(error),
            }
        }
        cases.sort_by_key(|case| std::cmp::Reverse(case.updated()));
        Ok((cases, errors))
    }

    /// Deletes a case.
    ///
    /// # Errors
    ///
    /// Where a process has it open, or it cannot be deleted.
    pub(crate) fn delete(&self, id: &str) -> anyhow::Result<()> {
        if self.is_open(id) {
            bail!("case {id} is open in another window: close it there first");
        }
        let path = self.file(id);
        fs::remove_file(&path).with_context(|| format!("cannot delete `{}`", shown(&path)))?;
        // What a write left behind that never came to its end has the same in it. The lock stays: a name
        // that stands in a ticket is not given again.
        let _ = fs::remove_file(path.with_extension("new"));
        Ok(())
    }

    /// The names of all files that may be cases, in order.
    fn ids(&self) -> io::Result<Vec<String>> {
        let names = match names(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            names => names?,
        };
        let ids = names.iter().filter_map(|name| name.strip_suffix(".json"));
        let mut ids: Vec<String> = ids.map(str::to_owned).collect();
        ids.sort();
        Ok(ids)
    }
}

impl Kept {
    /// Takes the lock of a case; `None` where another process has it.
    fn new(path: PathBuf, lock: File) -> Option<Kept> {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return None,
            // Some network drives know no locks; there the case is kept without one.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        Some(Kept { path, _lock: lock })
    }

    fn new_path(&self) -> PathBuf {
        self.path.with_extension("new")
    }

    fn make_sure_of_room(&self) -> io::Result<()> {
        let path = self.new_path();
        let written = write_private(&path, &vec![b' '; ROOM]);
        let removed = fs::remove_file(&path);
        written.and(removed)
    }

    fn write(&self, case: &Case) -> io::Result<()> {
        let text = case.to_text()?;
        let path = self.new_path();
        let written = write_private(&path, text.as_bytes());
        let kept = written.and_then(|()| fs::rename(&path, &self.path));
        if kept.is_err() {
            // It may be what fills the disk.
            let _ = fs::remove_file(&path);
        }
        kept
    }
}

/// Where a conversation is written down: a case, or nothing.
pub(crate) struct Notebook(pub(crate) Option<Kept>);

impl Journal for Notebook {
    fn now(&self) -> Zoned {
        now()
    }

    fn keeps(&self) -> bool {
        self.0.is_some()
    }

    fn keep(&mut self, case: &Case) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |kept| kept.write(case))
    }
}

/// The time, as finely as cases have to be told apart.
pub(crate) fn now() -> Zoned {
    let now = Zoned::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}

/// The names of what is in a folder; what is no text is no name of ours.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    Ok(names)
}

/// The number of a case of a day.
fn number(id: &str, day: &str) -> Option<u32> {
    id.strip_prefix(day)?.strip_prefix('-')?.parse().ok()
}

fn read(path: &Path) -> anyhow::Result<Case> {
    // To open a pipe that nobody writes to would wait for ever.
    if !fs::metadata(path)?.is_file() {
        bail!("it is not a file");
    }
    let bytes = read_bounded(File::open(path)?, LARGEST)?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("it is not text"))?;
    // Some editors put a byte order mark before it.
    Ok(Case::from_text(
        text.strip_prefix('\u{FEFF}').unwrap_or(&text),
    )?)
}

/// Makes a folder that only the user can look into, where it is not there yet.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Opens a file for writing that only the user can read. On Windows the folders of a user are.
fn private(
    path: &Path,
    create: fn(&mut OpenOptions, bool) -> &mut OpenOptions,
) -> io::Result<File> {
    let mut options = OpenOptions::new();
    create(options.write(true), true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private(path, OpenOptions::create)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    // A name must not come to stand for less than what was written, even where the power fails.
    file.sync_data()
}
