//! What lies in the folder of the private Postgres.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use postgresql_embedded::VersionReq;
use rand::{Rng as _, distr::Alphanumeric};
use rustix::process::{Pid, test_kill_process};
use tokio::time::sleep;

use super::{Error, POLL};

/// Longest path of a socket that every system takes, without the socket's own name.
const LONGEST_SOCKET_FOLDER: usize = 103 - "/.s.PGSQL.5432".len();
const LARGEST_LOG: u64 = 1024 * 1024;

/// Where things lie below SKATEBOARD_DATA.
#[derive(Debug)]
pub(super) struct Folders {
    pub root: PathBuf,
    pub database: PathBuf,
    pub socket: PathBuf,
    pub password: PathBuf,
}

impl Folders {
    pub fn at(root: &Path) -> Result<Self, Error> {
        let in_folder = |error| Error::Folder(root.to_owned(), error);
        let private = |path: &Path| DirBuilder::new().recursive(true).mode(0o700).create(path);
        private(root).map_err(in_folder)?;
        let root = root.canonicalize().map_err(in_folder)?;
        let socket = root.join("socket");
        if let Some(excess) = socket
            .as_os_str()
            .len()
            .checked_sub(LONGEST_SOCKET_FOLDER)
            .filter(|excess| *excess > 0)
        {
            return Err(Error::LongPath(root, excess));
        }
        private(&socket).map_err(in_folder)?;
        Ok(Self {
            database: root.join("postgres"),
            socket,
            password: root.join("postgres.password"),
            root,
        })
    }

    /// Waits for the lock that is held while Postgres is started or stopped. It asks again and again: a thread that
    /// waits for a lock cannot be told to stop, and would hold up the end of the program.
    pub async fn take_turn(&self) -> Result<File, Error> {
        let in_folder = |error| Error::Folder(self.root.clone(), error);
        let file = self.private_file("turn.lock").map_err(in_folder)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => sleep(POLL).await,
                Err(TryLockError::Error(error)) => return Err(in_folder(error)),
            }
        }
    }

    /// Shared by every process that uses Postgres.
    pub fn users(&self) -> io::Result<File> {
        self.private_file("users.lock")
    }

    fn private_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(self.root.join(name))
    }

    pub fn stored_password(&self) -> io::Result<String> {
        match fs::read_to_string(&self.password) {
            Ok(password) => return Ok(password.trim_end().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let password: String = rand::rng()
            .sample_iter(&Alphanumeric)
            .take(32)
            .map(char::from)
            .collect();
        // Renamed when it is whole: half a password would lock us out for ever.
        let draft = self.password.with_extension("draft");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(password.as_bytes())?;
        file.sync_all()?;
        fs::rename(draft, &self.password)?;
        Ok(password)
    }

    /// The major version that wrote the data, if there is any.
    pub fn version(&self) -> Option<u32> {
        fs::read_to_string(self.database.join("PG_VERSION"))
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    pub fn version_to_download(&self) -> VersionReq {
        let newest = VersionReq::STAR;
        self.version().map_or(newest.clone(), |major| {
            VersionReq::parse(&format!("={major}")).unwrap_or(newest)
        })
    }

    /// Whether a Postgres runs on this data.
    pub fn running(&self) -> bool {
        self.postmaster().is_some()
    }

    /// The Postgres that runs on this data. The file that says so outlives a crash, and its number may by now
    /// belong to another process, in which case Postgres would refuse to start: then the file goes.
    pub fn postmaster(&self) -> Option<Pid> {
        let file = self.database.join("postmaster.pid");
        let pid = fs::read_to_string(&file)
            .ok()?
            .lines()
            .next()?
            .trim()
            .parse::<i32>()
            .ok()
            // initdb's own processes write theirs below zero.
            .filter(|pid| *pid > 0)?;
        let postmaster = Pid::from_raw(pid).filter(|pid| test_kill_process(*pid).is_ok())?;
        // Postgres works in its data folder. A process that has died but is not buried yet works nowhere; where the
        // system does not tell, the number alone has to do.
        let is_ours = match fs::read_link(format!("/proc/{pid}/cwd")) {
            Ok(folder) => folder == self.database,
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && Path::new("/proc/self").exists() =>
            {
                return None;
            }
            Err(_) => true,
        };
        if !is_ours {
            tracing::warn!(
                pid,
                "Removing what a crashed Postgres left behind: its number is another program's now"
            );
            let _ = fs::remove_file(file);
        }
        is_ours.then_some(postmaster)
    }

    pub fn log(&self) -> PathBuf {
        self.database.join("start.log")
    }

    pub fn keep_log_small(&self) {
        if fs::metadata(self.log()).is_ok_and(|log| log.len() > LARGEST_LOG) {
            let _ = fs::rename(self.log(), self.log().with_extension("log.old"));
        }
    }

    pub fn end_of_log(&self) -> String {
        let read = || {
            let mut file = File::open(self.log())?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(2_000)))?;
            let mut end = Vec::new();
            file.read_to_end(&mut end)?;
            io::Result::Ok(String::from_utf8_lossy(&end).into_owned())
        };
        read().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_password_is_kept_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders::at(folder.path()).expect("folders");
        let password = folders.stored_password().expect("a password");
        assert_eq!(folders.stored_password().expect("the same"), password);
        assert!(password.len() >= 32);
        let mode = fs::metadata(&folders.password)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_path_that_is_too_long_for_a_socket_is_refused_with_advice() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = Folders::at(&folder.path().join("x".repeat(100)))
            .expect_err("too long")
            .to_string();
        assert!(
            said.contains("SKATEBOARD_DATA") && said.contains("shorter"),
            "{said}"
        );
    }

    #[test]
    fn a_number_that_belongs_to_another_program_does_not_count_as_running() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders::at(folder.path()).expect("folders");
        fs::create_dir(&folders.database).expect("a folder");
        let file = folders.database.join("postmaster.pid");
        fs::write(&file, format!("{}\n/elsewhere\n", std::process::id())).expect("a file");
        assert!(!folders.running());
        assert!(!file.exists());
    }

    #[test]
    fn what_initdb_runs_for_itself_does_not_count_as_running() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders::at(folder.path()).expect("folders");
        fs::create_dir(&folders.database).expect("a folder");
        let file = folders.database.join("postmaster.pid");
        fs::write(&file, format!("-{}\n", std::process::id())).expect("a file");
        assert!(!folders.running());
        assert!(file.exists());
    }
}
