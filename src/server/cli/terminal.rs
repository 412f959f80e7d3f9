//! What a person types.

use std::io::{Write, stderr, stdin};
use std::os::fd::AsFd;

use anyhow::Result;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// A line from standard input.
pub fn read_line() -> Result<String> {
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A line from standard input that a terminal does not show while it is typed.
pub fn read_password(prompt: &str) -> Result<String> {
    let stdin = stdin();
    let hidden = Hidden::of(&stdin);
    write!(stderr(), "{prompt}")?;
    let line = read_line()?;
    if hidden.is_some() {
        // Nor was the end of the line shown.
        writeln!(stderr())?;
    }
    Ok(line)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden<T: AsFd> {
    terminal: T,
    before: Termios,
}

impl<T: AsFd> Hidden<T> {
    /// `None` if it is no terminal.
    fn of(terminal: T) -> Option<Self> {
        let before = tcgetattr(&terminal).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Now, &silent).ok()?;
        Some(Self { terminal, before })
    }
}

impl<T: AsFd> Drop for Hidden<T> {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    #[test]
    fn a_terminal_shows_no_password() {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).and_then(|()| unlockpt(&keyboard)).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let terminal = File::open(name.to_str().unwrap()).unwrap();
        let shows = || tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ECHO);
        assert!(shows());
        let hidden = Hidden::of(&terminal).expect("it is a terminal");
        assert!(!shows());
        drop(hidden);
        assert!(shows(), "it shows again what is typed");
        assert!(Hidden::of(File::open("/dev/null").unwrap()).is_none());
    }
}
