//! Files as they are read: from the beginning as often as needed, and within bounds.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    os::unix::fs::FileExt,
    sync::Arc,
};

/// The longest text in a file, in bytes.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;
/// How deep lists and objects may lie in each other.
const DEEPEST: usize = 100;

/// A file that several can read at once, each from its beginning.
#[derive(Clone, Debug)]
pub struct Stored(Arc<File>);

impl Stored {
    pub fn new(file: File) -> Self {
        Self(Arc::new(file))
    }

    /// Its bytes, without the mark that some programs begin a text with.
    pub fn open(&self) -> At {
        let mut mark = [0; 3];
        let marked = self.0.read_exact_at(&mut mark, 0).is_ok() && mark == *b"\xEF\xBB\xBF";
        At {
            file: self.0.clone(),
            place: if marked { 3 } else { 0 },
        }
    }

    /// The same, as JSON within bounds.
    pub fn open_json(&self) -> BufReader<Bounded<At>> {
        BufReader::with_capacity(64 * 1024, Bounded::new(self.open()))
    }
}

/// A place in a file.
pub struct At {
    file: Arc<File>,
    place: u64,
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.place)?;
        self.place += count as u64;
        Ok(count)
    }
}

/// JSON whose texts and depth have an end, which is seen before anything is kept of them.
pub struct Bounded<R> {
    inner: R,
    in_text: bool,
    escaped: bool,
    length: usize,
    depth: usize,
}

impl<R> Bounded<R> {
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            in_text: false,
            escaped: false,
            length: 0,
            depth: 0,
        }
    }

    fn see(&mut self, byte: u8) -> io::Result<()> {
        if self.in_text {
            self.length += 1;
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            if self.length > LONGEST_TEXT {
                return Err(refused("it has a text of more than 8 MB"));
            }
            return Ok(());
        }
        match byte {
            b'"' => {
                self.in_text = true;
                self.length = 0;
            }
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > DEEPEST {
            return Err(refused("it is nested more than 100 levels deep"));
        }
        Ok(())
    }
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in &buffer[..count] {
            self.see(*byte)?;
        }
        Ok(count)
    }
}
