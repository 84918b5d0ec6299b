//! A node's log: a file in its folder, from level info up. ldk-node's own file logger writes every gossip message and
//! opens the file for each.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use ldk_node::logger::{LogLevel, LogRecord, LogWriter};

/// Writes a node's log lines to `node.log`.
pub(super) struct LogFile(Mutex<File>);

impl LogFile {
    pub(super) fn in_folder(dir: &Path) -> LogFile {
        let path = dir.join("node.log");
        let file = OpenOptions::new().create(true).append(true).open(path);
        LogFile(Mutex::new(file.expect("the node's log can be opened")))
    }
}

impl LogWriter for LogFile {
    fn log<'a>(&self, record: LogRecord<'a>) {
        if record.level < LogLevel::Info {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (secs, millis) = (now.as_secs(), now.subsec_millis());
        let LogRecord { level, args, module_path, line } = record;
        let text = format!("{secs}.{millis:03} {level:5} {module_path}:{line} {args}\n");
        // Called under LDK's locks: a log that cannot be written must not take the node with it.
        if let Ok(mut file) = self.0.lock() {
            let _ = file.write_all(text.as_bytes());
        }
    }
}

impl fmt::Debug for LogFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogFile")
    }
}
