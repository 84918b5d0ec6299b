//! Reads what strace saw a process do to its files: every call that changes or syncs something, in the order in which the
//! kernel finished them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What strace is asked for: everything that can change a file or make a change durable. Calls that
/// the model of the disk does not know are in it too, so that their use is noticed.
pub(crate) const CALLS: &str = "open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,\
     fallocate,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,fsync,\
     fdatasync,sync,syncfs,copy_file_range,sendfile,splice,mmap,io_uring_setup";

/// One thing that happened to the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A file was opened; `fd`'s writes begin at its beginning, or at its end.
    Open {
        path: PathBuf,
        fd: u32,
        create: bool,
        truncate: bool,
        append: bool,
    },
    /// Bytes were written at an offset, or, without one, where `fd` stands.
    Write {
        path: PathBuf,
        fd: u32,
        at: Option<u64>,
        bytes: Vec<u8>,
    },
    /// `fd` was set to an offset.
    Seek {
        fd: u32,
        at: u64,
    },
    /// A file was given a length.
    Resize {
        path: PathBuf,
        len: u64,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    MakeFolder {
        path: PathBuf,
    },
    /// A sync was asked for by this thread: it covers what has been done until here.
    SyncBegins {
        path: PathBuf,
        thread: u32,
    },
    /// It has returned.
    SyncEnds {
        thread: u32,
    },
}

/// An act, and where in the trace it was complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// The trace's length when this was about to be written: whoever saw the trace no longer than that saw it not done.
    pub(crate) offset: u64,
    pub(crate) act: Act,
}

/// What happened below `folder` according to a trace.
pub(crate) fn read(trace: &Path, folder: &Path) -> Vec<Event> {
    let mut lines = BufReader::new(File::open(trace).unwrap());
    let mut reader = Reader { folder: folder.to_owned(), unfinished: HashMap::new() };
    let (mut events, mut offset) = (vec![], 0);
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        let acts = reader.line(line.trim_end());
        events.extend(acts.into_iter().map(|act| Event { offset, act }));
        offset += u64::try_from(line.len()).unwrap();
        line.clear();
    }
    events
}

struct Reader {
    folder: PathBuf,
    /// Calls that have begun and not returned, by thread.
    unfinished: HashMap<u32, String>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Vec<Act> {
        let (thread, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no line: {line}"));
        let thread: u32 = thread.parse().unwrap_or_else(|_| panic!("no thread: {line}"));
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            return vec![];
        }
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            self.unfinished.insert(thread, begun.to_owned());
            return self.sync_begins(begun, thread).into_iter().collect();
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let begun = self.unfinished.remove(&thread).unwrap_or_else(|| panic!("{line}"));
            let end = resumed.split_once(" resumed>").unwrap_or_else(|| panic!("{line}")).1;
            return self.call(&format!("{begun}{end}"), thread).into_iter().collect();
        }
        let mut acts: Vec<_> = self.sync_begins(rest, thread).into_iter().collect();
        acts.extend(self.call(rest, thread));
        acts
    }

    fn sync_begins(&self, call: &str, thread: u32) -> Option<Act> {
        let (name, args) = call.split_once('(')?;
        let path = self.of_fd(args).filter(|_| is_sync(name))?;
        Some(Act::SyncBegins { path, thread })
    }

    /// A call with its result; `None` if it failed, changed nothing, or was elsewhere.
    fn call(&self, call: &str, thread: u32) -> Option<Act> {
        let (name, rest) = call.split_once('(').unwrap_or_else(|| panic!("no call: {call}"));
        let (args, result) = rest.rsplit_once(" = ").unwrap_or_else(|| panic!("no result: {name}"));
        if result.starts_with('-') || result.starts_with('?') {
            return None;
        }
        let args = args.trim_end().strip_suffix(')').unwrap_or_else(|| panic!("{name}: {args}"));
        let args: Vec<&str> = args.split(", ").collect();
        match name {
            "open" | "openat" | "creat" => self.opened(name, &args, result),
            "write" | "pwrite64" => self.written(&args, number(result)),
            "lseek" => {
                self.of_fd(args[0]).map(|_| Act::Seek { fd: fd(args[0]), at: number(result) })
            }
            "ftruncate" => {
                self.of_fd(args[0]).map(|path| Act::Resize { path, len: number(args[1]) })
            }
            "rename" => self.renamed(self.path(args[0]), self.path(args[1])),
            "renameat" | "renameat2" => {
                self.renamed(self.path_at(args[0], args[1]), self.path_at(args[2], args[3]))
            }
            "unlink" | "rmdir" => self.path(args[0]).map(|path| Act::Remove { path }),
            "unlinkat" => self.path_at(args[0], args[1]).map(|path| Act::Remove { path }),
            "mkdir" => self.path(args[0]).map(|path| Act::MakeFolder { path }),
            "mkdirat" => self.path_at(args[0], args[1]).map(|path| Act::MakeFolder { path }),
            _ if is_sync(name) => self.of_fd(args[0]).map(|_| Act::SyncEnds { thread }),
            "mmap" => {
                // Reading through a map is nothing to us. SQLite's shared memory is made anew from its log.
                let writes = args[2].contains("PROT_WRITE") && args[3].contains("MAP_SHARED");
                let path = self.of_fd(args[4]).filter(|_| writes);
                let path = path.filter(|path| !is_shared_memory(path));
                assert_eq!(path, None, "written through a map, which no trace shows");
                None
            }
            _ => {
                let folder = hex(self.folder.to_str().unwrap());
                let is_ours = call.contains(&folder) || name == "io_uring_setup";
                assert!(!is_ours, "a call that the model of the disk does not know: {name}");
                None
            }
        }
    }

    fn opened(&self, name: &str, args: &[&str], result: &str) -> Option<Act> {
        let (path, flags) = match name {
            "openat" => (self.path_at(args[0], args[1])?, args[2]),
            "creat" => (self.path(args[0])?, "O_CREAT|O_TRUNC"),
            _ => (self.path(args[0])?, args[1]),
        };
        let has = |flag: &str| flags.split('|').any(|found| found == flag);
        let (create, truncate, append) = (has("O_CREAT"), has("O_TRUNC"), has("O_APPEND"));
        Some(Act::Open { path, fd: fd(result), create, truncate, append })
    }

    fn written(&self, args: &[&str], count: u64) -> Option<Act> {
        let path = self.of_fd(args[0])?;
        let mut bytes = unhex(args[1]);
        bytes.truncate(usize::try_from(count).unwrap());
        Some(Act::Write { path, fd: fd(args[0]), at: args.get(3).map(|at| number(at)), bytes })
    }

    fn renamed(&self, from: Option<PathBuf>, to: Option<PathBuf>) -> Option<Act> {
        match (from, to) {
            (Some(from), Some(to)) => Some(Act::Rename { from, to }),
            (None, None) => None,
            (from, to) => panic!("renamed into or out of the folder: {from:?} {to:?}"),
        }
    }

    /// The path behind `3<path>`, if it is ours and its file has a name.
    fn of_fd(&self, arg: &str) -> Option<PathBuf> {
        let (_, path) = arg.split_once('<')?;
        let (path, after) = path.split_once('>')?;
        // Sockets and pipes have no path.
        let named = path.starts_with(r"\x2f") && !after.starts_with("(deleted)");
        if named { self.ours(&text(path)) } else { None }
    }

    fn path(&self, arg: &str) -> Option<PathBuf> {
        self.ours(&text(arg))
    }

    /// A path below that of a file descriptor.
    fn path_at(&self, folder: &str, name: &str) -> Option<PathBuf> {
        let folder = folder.split_once('<').map_or("", |(_, path)| path);
        let folder = text(folder.split('>').next().unwrap_or(""));
        self.ours(&format!("{folder}/{}", text(name))).or_else(|| self.path(name))
    }

    fn ours(&self, path: &str) -> Option<PathBuf> {
        // `components` drops the dots of `./books`.
        let path: PathBuf = Path::new(path).components().collect();
        let is_log = path == self.folder.join("log");
        let is_above = Some(path.as_path()) == self.folder.parent();
        let is_ours = path.starts_with(&self.folder) && !is_log && !is_shared_memory(&path);
        (is_ours || is_above).then_some(path)
    }
}

/// What SQLite's connections share; the first one to open the database makes it anew.
pub(crate) fn is_shared_memory(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sqlite-shm")
}

fn is_sync(name: &str) -> bool {
    name == "fsync" || name == "fdatasync"
}

fn number(text: &str) -> u64 {
    let digits = text.split(|other: char| !other.is_ascii_digit()).next().unwrap_or("");
    digits.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

fn fd(text: &str) -> u32 {
    u32::try_from(number(text)).unwrap()
}

fn text(hexed: &str) -> String {
    String::from_utf8(unhex(hexed)).unwrap()
}

/// The bytes of `"\x41\x42"`, with its quotes or without.
fn unhex(hexed: &str) -> Vec<u8> {
    assert!(!hexed.ends_with("..."), "strace cut a buffer short");
    let digits = hexed.trim_matches('"').as_bytes();
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("no hexadecimal digit: {digit}"),
    };
    digits.chunks(4).map(|byte| nibble(byte[2]) << 4 | nibble(byte[3])).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

#[test]
fn a_trace_is_read_call_by_call() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let (d, x, deep) = (hex("/d"), hex("/d/x"), hex("/d/a/y"));
    let lines = [
        format!("7 openat(AT_FDCWD<{d}>, \"{}\", O_RDWR|O_CREAT|O_TRUNC, 0600) = 5<{x}>", hex("x")),
        format!("7 pwrite64(5<{x}>, \"{}\", 4, 9) = 2", hex(", a)")),
        format!("7 pwrite64(5<{x}>, \"{}\", 4, 0 <unfinished ...>", hex("late")),
        format!("8 fdatasync(5<{x}> <unfinished ...>"),
        "7 <... pwrite64 resumed>) = 4".to_owned(),
        "8 <... fdatasync resumed>) = 0".to_owned(),
        format!("7 fsync(6<{d}>) = 0"),
        format!("7 ftruncate(5<{x}>, 3) = 0"),
        format!("7 rename(\"{x}\", \"{deep}\") = 0"),
        format!("7 unlink(\"{deep}\") = -1 ENOENT (No such file or directory)"),
        format!("7 write(5<{deep}>(deleted), \"{}\", 1) = 1", hex("z")),
        format!("7 write(2<{}>, \"{}\", 1) = 1", hex("/elsewhere"), hex("z")),
        "7 +++ exited with 0 +++".to_owned(),
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let (x, deep) = (PathBuf::from("/d/x"), PathBuf::from("/d/a/y"));
    let write =
        |at, bytes: &[u8]| Act::Write { path: x.clone(), fd: 5, at: Some(at), bytes: bytes.into() };
    let events = read(&file, Path::new("/d"));
    let acts: Vec<_> = events.iter().map(|event| event.act.clone()).collect();
    assert_eq!(
        acts,
        [
            Act::Open { path: x.clone(), fd: 5, create: true, truncate: true, append: false },
            write(9, b", "),
            Act::SyncBegins { path: x.clone(), thread: 8 },
            write(0, b"late"),
            Act::SyncEnds { thread: 8 },
            Act::SyncBegins { path: "/d".into(), thread: 7 },
            Act::SyncEnds { thread: 7 },
            Act::Resize { path: x.clone(), len: 3 },
            Act::Rename { from: x, to: deep },
        ]
    );
    assert_eq!(events[0].offset, 0);
    assert_eq!(events[1].offset, u64::try_from(lines[0].len() + 1).unwrap());
}
