//! The node's log lines in ours, under the target `ldk`. Called under the node's locks, so it never blocks on anything
//! but the log itself.

use ldk_node::logger::{LogLevel, LogRecord, LogWriter};

/// Words of at least this length that begin as an invoice does are not printed.
const MIN_INVOICE_LEN: usize = 60;

/// Writes the node's log lines with `tracing`.
#[derive(Debug)]
pub(super) struct Bridge;

impl LogWriter for Bridge {
    fn log<'a>(&self, record: LogRecord<'a>) {
        // `tracing` wants the level of a line to be known when it is compiled.
        macro_rules! line {
            ($level:ident) => {
                if tracing::enabled!(target: "ldk", tracing::Level::$level) {
                    let text = without_invoices(&record.args.to_string());
                    tracing::event!(
                        target: "ldk",
                        tracing::Level::$level,
                        module = record.module_path,
                        line = record.line,
                        "{text}"
                    );
                }
            };
        }
        match record.level {
            LogLevel::Gossip | LogLevel::Trace => line!(TRACE),
            LogLevel::Debug => line!(DEBUG),
            LogLevel::Info => line!(INFO),
            LogLevel::Warn => line!(WARN),
            LogLevel::Error => line!(ERROR),
        }
    }
}

/// The library prints every invoice it makes; we print none.
fn without_invoices(text: &str) -> String {
    let hide = |word: &str| {
        let is_invoice = word.len() >= MIN_INVOICE_LEN
            && word.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("ln"));
        if is_invoice { "(invoice)".to_owned() } else { word.to_owned() }
    };
    text.split(' ').map(hide).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invoices_are_not_printed() {
        let invoice = format!("lnbcrt{}", "q".repeat(200));
        assert_eq!(
            without_invoices(&format!("Invoice created: {invoice}")),
            "Invoice created: (invoice)"
        );
        assert_eq!(without_invoices("lnd peers  are fine"), "lnd peers  are fine");
    }
}
