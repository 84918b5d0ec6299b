//! `satback check-config`.

use crate::app::Fault;

use super::{Settings, print};

pub(super) fn run(settings: &Settings) -> Result<(), Fault> {
    print(&settings.load()?.effective());
    Ok(())
}
