//! QR codes as somebody else reads them: zbar, on a picture.

use std::process::Command;

/// The texts of all QR codes in a PNG.
pub fn codes_in(png: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("picture.png");
    std::fs::write(&file, png).expect("a temporary file");
    let mut command = Command::new("zbarimg");
    command.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(&file);
    let output = command.output();
    let output = output.expect("zbarimg can be run (regtest/browser/setup.sh installs it)");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
