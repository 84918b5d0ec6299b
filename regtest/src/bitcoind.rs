//! The real Bitcoin Core on a private regtest chain: found or built, started, mined on, stopped and started again.
//! It has no wallet and no peers; coins are mined to an address of whoever needs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha256};
use bitcoin::{Address, Network, ScriptBuf};
use serde_json::{Value, json};

use crate::children::Child;
use crate::http;
use crate::ports::free_port;
use crate::until::{PATIENCE, eventually};

/// How many blocks must follow the one that paid a reward before the reward can be spent.
pub const COINBASE_MATURITY: u64 = 100;

const CALL_DEADLINE: Duration = Duration::from_secs(30);

const RPC_USER: &str = "satback";
const RPC_PASSWORD: &str = "regtest-only";
const RPC_SALT: &str = "73617462";

/// A bitcoind: `$BITCOIND_EXE`, else the one on PATH, else the cached build of the Core sources that this folder's
/// `bitcoin-core/` names, which is made first where it is missing (some minutes, with progress on stderr).
pub fn find_or_build() -> Result<PathBuf, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("bitcoin-core/build.sh");
    let output = Command::new("bash")
        .arg(&script)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run {}: {error}", script.display()))?;
    if !output.status.success() {
        return Err(format!("{} failed ({}), see above", script.display(), output.status));
    }
    let path = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    Ok(PathBuf::from(path.trim_end()))
}

/// A running bitcoind (or one in an outage, between [`Bitcoind::stop`] and [`Bitcoind::start_again`]).
#[derive(Debug)]
pub struct Bitcoind {
    exe: PathBuf,
    dir: PathBuf,
    rpc_port: u16,
    child: Mutex<Option<Child>>,
}

impl Bitcoind {
    /// Starts `exe` with its data in `dir` and waits until it answers.
    pub fn start(exe: &Path, dir: &Path) -> Bitcoind {
        fs::create_dir_all(dir).expect("bitcoind's folder can be made");
        let bitcoind = Bitcoind {
            exe: exe.into(),
            dir: dir.into(),
            rpc_port: free_port(),
            child: Mutex::new(None),
        };
        bitcoind.start_again();
        bitcoind
    }

    /// The port of its RPC, on loopback. The same after an outage.
    pub fn rpc_port(&self) -> u16 {
        self.rpc_port
    }

    /// A user name that it lets in. The same after an outage.
    pub fn rpc_user(&self) -> &str {
        RPC_USER
    }

    /// The password of [`Bitcoind::rpc_user`]. The same after an outage.
    pub fn rpc_password(&self) -> &str {
        RPC_PASSWORD
    }

    /// The file with the other user name and password that it lets in; they differ after every start.
    pub fn cookie_file(&self) -> PathBuf {
        self.dir.join("regtest/.cookie")
    }

    /// Calls a method; the error is bitcoind's own message, or why it could not be asked.
    pub fn rpc(&self, method: &str, params: Value) -> Result<Value, String> {
        let url = format!("http://{RPC_USER}:{RPC_PASSWORD}@127.0.0.1:{}/", self.rpc_port);
        let call = json!({ "jsonrpc": "2.0", "id": 0, "method": method, "params": params });
        let mut response = http::client(CALL_DEADLINE)
            .post(url)
            .send_json(&call)
            .map_err(|error| format!("{method}: {error}"))?;
        let status = response.status();
        let mut reply: Value = response
            .body_mut()
            .read_json()
            .map_err(|error| format!("{method}: HTTP {status}, {error}"))?;
        match reply.get("error") {
            None | Some(Value::Null) => Ok(reply["result"].take()),
            Some(error) => Err(format!("{method}: {error}")),
        }
    }

    /// Mines `blocks` blocks whose rewards go to `address`, spendable [`COINBASE_MATURITY`] blocks later.
    pub fn mine(&self, blocks: u64, address: &Address) {
        self.rpc("generatetoaddress", json!([blocks, address])).expect("bitcoind mines");
    }

    /// Mines `blocks` blocks whose rewards are lost.
    pub fn mine_to_nobody(&self, blocks: u64) {
        self.mine(blocks, &nobody());
    }

    /// The height of the best block.
    pub fn height(&self) -> u64 {
        let height = self.rpc("getblockcount", json!([])).expect("bitcoind tells its height");
        height.as_u64().expect("a height is a number")
    }

    /// Whether the transaction waits in the mempool.
    pub fn in_mempool(&self, txid: &str) -> bool {
        self.rpc("getmempoolentry", json!([txid])).is_ok()
    }

    /// Begins an outage: asks bitcoind to end, and waits until it has. What it knew is on disk.
    pub fn stop(&self) {
        let child = self.child.lock().expect("no holder panics").take();
        let mut child = child.expect("bitcoind runs");
        child.sigterm();
        child.wait(PATIENCE);
    }

    /// Ends an outage: the same folder, port and password; the cookie is a new one.
    pub fn start_again(&self) {
        let mut place = self.child.lock().expect("no holder panics");
        assert!(place.is_none(), "bitcoind runs already");
        let mut child = Child::start("bitcoind", &self.command(), &self.dir.join("output.log"));
        eventually("bitcoind to answer", PATIENCE, || {
            assert!(child.ended().is_none(), "bitcoind ended:\n{}", child.log_tail());
            self.rpc("getblockchaininfo", json!([]))
        });
        *place = Some(child);
    }

    /// Does something while it stands still: whoever asks it waits.
    pub fn while_it_stands_still<T>(&self, act: impl FnOnce() -> T) -> T {
        let place = self.child.lock().expect("no holder panics");
        let child = place.as_ref().expect("bitcoind runs");
        child.sigstop();
        let done = act();
        child.sigcont();
        done
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.exe);
        command
            .arg(format!("-datadir={}", self.dir.display()))
            .args(["-regtest", "-server", "-printtoconsole=0"])
            // An address of its own for RPC, and no p2p at all.
            .args(["-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1"])
            .arg(format!("-rpcport={}", self.rpc_port))
            .args(["-listen=0", "-networkactive=0", "-dnsseed=0"])
            // `rpcauth` lets the user in beside the cookie; `rpcpassword` would switch the cookie off.
            .arg(format!("-rpcauth={RPC_USER}:{RPC_SALT}${}", password_hash()))
            // Several nodes poll at once, a connection a call.
            .args(["-rpcthreads=8", "-rpcworkqueue=512"])
            .args(["-par=1", "-dbcache=32"]);
        command
    }
}

/// What `rpcauth` keeps of the password.
fn password_hash() -> Hmac<sha256::Hash> {
    let mut engine = HmacEngine::<sha256::Hash>::new(RPC_SALT.as_bytes());
    engine.input(RPC_PASSWORD.as_bytes());
    Hmac::from_engine(engine)
}

/// An address whose coins cannot be spent: its script fails whatever it is given.
fn nobody() -> Address {
    Address::p2wsh(&ScriptBuf::new_op_return(*b"nobody"), Network::Regtest)
}
