//! The `satback` program.

fn main() -> std::process::ExitCode {
    satback::cli::main()
}
