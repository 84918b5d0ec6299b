//! A few questions to bitcoind that ldk-node does not ask for us: is it there, is it the right network, and what time
//! does its best block carry (facts, section 5; DESIGN D23).

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::direct;
use crate::domain::network::Network;
use crate::domain::time::Timestamp;

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How to prove to bitcoind that we may ask.
#[derive(Clone)]
pub enum Credentials {
    /// A user and a password.
    Password {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// The file that bitcoind writes anew at each start.
    Cookie(PathBuf),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(secret)")
    }
}

/// Where bitcoind answers.
#[derive(Clone, Debug)]
pub struct Bitcoind {
    /// Host name or address.
    pub host: String,
    /// Port of its RPC.
    pub port: u16,
    /// How to prove that we may ask.
    pub credentials: Credentials,
}

/// Why bitcoind is of no use.
#[derive(Debug, PartialEq, Eq)]
pub enum BitcoindFault {
    /// It does not answer, or not what it should.
    Unavailable(String),
    /// It is on another network.
    OtherNetwork(String),
}

impl fmt::Display for BitcoindFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "bitcoind: {why}"),
            Self::OtherNetwork(network) => write!(f, "bitcoind is on the network \"{network}\""),
        }
    }
}

impl std::error::Error for BitcoindFault {}

/// The tip of bitcoind's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its height.
    pub height: u32,
    /// The time in its header.
    pub time: Timestamp,
}

impl Bitcoind {
    /// User and password, read anew from the cookie file if that is how.
    ///
    /// # Errors
    /// The cookie file cannot be read.
    pub fn user_and_password(&self) -> Result<(String, String), BitcoindFault> {
        match &self.credentials {
            Credentials::Password { user, password } => Ok((user.clone(), password.clone())),
            Credentials::Cookie(path) => {
                let unavailable = |why: String| BitcoindFault::Unavailable(why);
                let text = std::fs::read_to_string(path)
                    .map_err(|error| unavailable(format!("{}: {error}", path.display())))?;
                let (user, password) = text
                    .trim_end()
                    .split_once(':')
                    .ok_or_else(|| unavailable(format!("{} is no cookie", path.display())))?;
                Ok((user.to_owned(), password.to_owned()))
            }
        }
    }

    /// Asks for the tip, and makes sure that it is our network's.
    ///
    /// # Errors
    /// [`BitcoindFault`].
    pub fn tip(&self, network: Network) -> Result<Tip, BitcoindFault> {
        let info = self.call("getblockchaininfo", &[])?;
        let chain = info["chain"].as_str().unwrap_or("");
        if chain != chain_name(network) {
            return Err(BitcoindFault::OtherNetwork(chain.to_owned()));
        }
        let strange =
            || BitcoindFault::Unavailable("its answer has no height or no time".to_owned());
        let height = info["blocks"].as_u64().and_then(|height| u32::try_from(height).ok());
        let time = info["time"].as_u64().or_else(|| info["mediantime"].as_u64());
        Ok(Tip {
            height: height.ok_or_else(strange)?,
            time: Timestamp::from_secs(time.ok_or_else(strange)?),
        })
    }

    /// Whether a transaction waits to be mined.
    pub(super) fn has_in_mempool(&self, txid: &str) -> bool {
        self.call("getmempoolentry", &[txid]).is_ok()
    }

    fn call(&self, method: &str, params: &[&str]) -> Result<Value, BitcoindFault> {
        let unavailable = |error: &dyn fmt::Display| {
            BitcoindFault::Unavailable(format!("{}:{}: {error}", self.host, self.port))
        };
        let (user, password) = self.user_and_password()?;
        let mut response = direct::client(PATIENCE)
            .post(format!("http://{}:{}/", self.host, self.port))
            .header(
                "Authorization",
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))),
            )
            .send_json(
                json!({"jsonrpc": "1.0", "id": "satback", "method": method, "params": params}),
            )
            .map_err(|error| unavailable(&error))?;
        if response.status() == 401 {
            return Err(unavailable(&"it refuses our user and password"));
        }
        let answer: Value = response.body_mut().read_json().map_err(|error| unavailable(&error))?;
        match answer.get("error") {
            None | Some(Value::Null) => Ok(answer["result"].clone()),
            Some(error) => Err(unavailable(error)),
        }
    }
}

/// bitcoind's own names.
const fn chain_name(network: Network) -> &'static str {
    match network {
        Network::Bitcoin => "main",
        Network::Testnet => "test",
        Network::Signet => "signet",
        Network::Regtest => "regtest",
    }
}
