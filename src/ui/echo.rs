//! While a [`Silence`] lasts, the terminal shows nothing that it was not told to show, and when it
//! goes the terminal is as it was.
//!
//! Between two keys console gives the terminal back to its line mode. There a key that comes too
//! early, because an arrow is held down or the line is slow, is echoed into the list, and Ctrl-C
//! goes past the prompt that is waiting.

#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal on standard input, without echo and with Ctrl-C as a key.
#[derive(Debug)]
pub(super) struct Silence(());

/// How the terminal was before the silence that lasts. The program has one terminal, and a panic, which
/// drops nothing, has to find it, too.
#[cfg(unix)]
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

impl Silence {
    /// Begins a silence. Where the terminal does not let it, nothing changes.
    #[cfg(unix)]
    pub(super) fn begin() -> Silence {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok();
        if let Some(mut modes) = before.clone() {
            let loud = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
            modes.local_modes.remove(loud);
            let _ = tcsetattr(&stdin, OptionalActions::Drain, &modes);
        }
        if let Ok(mut kept) = BEFORE.lock() {
            *kept = before;
        }
        Silence(())
    }

    /// Begins a silence. A Windows console echoes only while it reads whole lines.
    #[cfg(not(unix))]
    pub(super) fn begin() -> Silence {
        Silence(())
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        end_silence();
    }
}

/// Makes the terminal what it was before the silence that lasts, if one does.
#[cfg(unix)]
pub fn end_silence() {
    // Whoever broke off while holding the lock has nothing left to do with it.
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(before) = before.take() {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &before);
    }
}

/// Makes the terminal what it was before the silence that lasts. On Windows nothing was changed.
#[cfg(not(unix))]
pub fn end_silence() {}

/// How long pasted text may pause, in milliseconds.
#[cfg(unix)]
const PAUSE: i64 = 50;

/// Whether more comes without anybody having had time to type it. A line without its end counts, which
/// a terminal gives away only outside its line mode; back in it, it is the next line.
#[cfg(unix)]
pub(super) fn more_is_pasted() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin).ok();
    if let Some(mut modes) = before.clone() {
        modes.local_modes.remove(LocalModes::ICANON);
        let _ = tcsetattr(&stdin, OptionalActions::Now, &modes);
    }
    let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
    let pause = Timespec {
        tv_sec: 0,
        tv_nsec: PAUSE * 1_000_000,
    };
    let more = poll(&mut wanted, Some(&pause)).is_ok_and(|ready| ready > 0);
    if let Some(before) = &before {
        let _ = tcsetattr(&stdin, OptionalActions::Now, before);
    }
    more
}

/// Whether more lines come. A Windows console does not say so without being read; there the first empty
/// line ends what is pasted.
#[cfg(not(unix))]
pub(super) fn more_is_pasted() -> bool {
    false
}
