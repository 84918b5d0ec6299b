//! `--wait`: an act that is answered long before it is over is followed to its end.

use std::time::Duration;

use super::operation::Operation;
use crate::app::Fault;
use crate::cli::client::{Ask, ask};
use crate::cli::output::{Json, plain};
use crate::cli::tell;
use crate::cli::watch::{Look, follow};
use crate::config::Config;

/// How often a new channel is looked at.
const CHANNEL_PAUSE: Duration = Duration::from_secs(2);

/// True of what is over long after it was answered.
pub(super) fn waits(operation: &Operation) -> bool {
    (operation.method.as_str(), operation.path.as_str()) == ("POST", "/node/channels")
}

/// Says how the channel gets on that this act opened, until it is usable.
pub(super) fn wait(config: &Config, act: &str) -> Result<(), Fault> {
    let opened = Json::parse(act).and_then(|act| act.text("result"));
    let Some(opened) = opened else {
        let text = "nobody knows yet which channel it is: `satback node channels --watch`";
        return Err(Fault::TryAgain(text.to_owned()));
    };
    let (mut usable, mut gone) = (false, false);
    let look = || {
        if usable {
            return Ok(Look::Over);
        }
        let channels = Ask { method: "GET", path: "/node/channels", body: None, headers: vec![] };
        let body = ask(config, &channels)?.granted()?;
        let rows = Json::parse(&body).and_then(|list| list.at("data")).map(Json::items);
        let is_it = |row: &Json<'_>| row.text("user_channel_id").as_ref() == Some(&opened);
        match rows.unwrap_or_default().into_iter().find(is_it) {
            None => {
                gone = true;
                Ok(Look::Over)
            }
            Some(channel) => {
                usable = channel.is("usable");
                Ok(Look::Seen(state(channel)))
            }
        }
    };
    follow(CHANNEL_PAUSE, look, |state| {
        tell(state);
        true
    })?;
    let text = "the channel is gone before it was usable: the daemon's log says why";
    if gone { Err(Fault::Unavailable(text.to_owned())) } else { Ok(()) }
}

fn state(channel: Json<'_>) -> String {
    if channel.is("usable") {
        return "the channel is usable".to_owned();
    }
    let confirmations = channel.text("confirmations").unwrap_or_default();
    let peer = if channel.is("ready") { "ready, the peer is away" } else { "not ready yet" };
    format!("the channel is {peer}, its funding has {} confirmations", plain::clean(&confirmations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_told_by_how_far_it_got() {
        for (ready, usable, expect) in [
            (false, false, "the channel is not ready yet, its funding has 3 confirmations"),
            (
                true,
                false,
                "the channel is ready, the peer is away, its funding has 3 confirmations",
            ),
            (true, true, "the channel is usable"),
        ] {
            let text = format!(r#"{{"ready":{ready},"usable":{usable},"confirmations":3}}"#);
            assert_eq!(state(Json::parse(&text).unwrap()), expect);
        }
    }
}
