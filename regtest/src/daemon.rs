//! The daemon under test: the real `satback` program as a child process, with a real folder and a real configuration,
//! reached over real HTTP.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use ldk_node::ChannelDetails;

use crate::api::{Answer, Api};
use crate::children::Child;
use crate::peer::Contact;
use crate::ports::free_port;
use crate::until::{PATIENCE, eventually};
use crate::world::World;

/// How the daemon is to be.
#[derive(Clone, Debug, Default)]
pub struct DaemonSpec {
    /// Settings beside those that the world decides, as `section.key=value`.
    pub settings: Vec<String>,
    /// Variables of its environment.
    pub env: Vec<(String, String)>,
    /// A program with arguments that starts it (and `satback init` before) and goes on as it: a tracer, a limit.
    pub under: Vec<String>,
}

impl DaemonSpec {
    /// The daemon with this setting too.
    pub fn set(mut self, setting: &str) -> DaemonSpec {
        self.settings.push(setting.into());
        self
    }

    /// The daemon with this variable too.
    pub fn env(mut self, name: &str, value: &str) -> DaemonSpec {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The daemon started by this command; the process id must become the daemon's.
    pub fn under(mut self, command: &[&str]) -> DaemonSpec {
        self.under = command.iter().map(|&word| word.into()).collect();
        self
    }
}

/// `exe`, started by `under` if that is not empty.
fn started_by(under: &[String], exe: &Path) -> Command {
    match under {
        [] => Command::new(exe),
        [program, args @ ..] => {
            let mut command = Command::new(program);
            command.args(args).arg(exe);
            command
        }
    }
}

/// A daemon in a world; running, or not at the moment.
#[derive(Debug)]
pub struct Daemon {
    /// The program.
    pub exe: PathBuf,
    /// Its folder.
    pub dir: PathBuf,
    /// Variables of its environment at the next start.
    pub env: Vec<(String, String)>,
    /// What starts it the next time (see [`DaemonSpec::under`]).
    pub under: Vec<String>,
    public: SocketAddr,
    admin: SocketAddr,
    lightning: SocketAddr,
    operator_key: String,
    child: Option<Child>,
}

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()))
}

impl Daemon {
    /// Makes a folder as an operator would (`satback init`), and starts the daemon on it.
    pub fn start(world: &World, exe: &Path, spec: &DaemonSpec) -> Daemon {
        let mut daemon = Daemon::init(world, exe, spec);
        daemon.boot();
        daemon.wait_ready();
        daemon
    }

    /// Makes a folder, and starts nothing.
    pub fn init(world: &World, exe: &Path, spec: &DaemonSpec) -> Daemon {
        let name = format!("satback-{}", free_port());
        let dir = world.folder().join(name);
        let (public, admin, lightning) = (loopback(), loopback(), loopback());
        let chain = &world.bitcoind;
        let mut settings = vec![
            format!("public.listen={public}"),
            format!("public.base_url=http://{public}"),
            "public.requests_per_minute=100000".into(),
            "public.request_burst=10000".into(),
            format!("admin.listen={admin}"),
            format!("node.listen=[\"{lightning}\"]"),
            "node.alias=satback".into(),
            // The world's daemon has nothing on chain until somebody gives it something.
            "node.anchor_reserve_sat=0".into(),
            format!("bitcoind.port={}", chain.rpc_port()),
            format!("bitcoind.cookie_file={}", chain.cookie_file().display()),
            "store.segment_mb=1".into(),
            "log.filter=debug,ldk=info,hyper=info,sled=info,ureq=info,ureq_proto=info".into(),
        ];
        settings.extend(spec.settings.iter().cloned());
        let mut init = started_by(&spec.under, exe);
        init.args(["init", "--network", "regtest", "--dir"]).arg(&dir);
        settings.iter().for_each(|setting| {
            init.args(["--set", setting]);
        });
        let done = init.output().expect("the program can be run");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "satback init: {said}");
        let operator_key = std::fs::read_to_string(dir.join("operator.key"));
        let operator_key = operator_key.expect("init writes the key").trim().into();
        let (exe, env, under) = (exe.into(), spec.env.clone(), spec.under.clone());
        let child = None;
        Daemon { exe, dir, env, under, public, admin, lightning, operator_key, child }
    }

    /// Starts the process, and waits for nothing.
    pub fn boot(&mut self) {
        assert!(self.child.is_none(), "the daemon runs already");
        let mut command = started_by(&self.under, &self.exe);
        command.args(["serve", "--config"]).arg(self.config());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        self.child = Some(Child::start("satback", &command, &self.dir.join("log")));
    }

    /// Waits until `/readyz` has nothing to complain about.
    pub fn wait_ready(&mut self) {
        self.wait_ready_or_ended().unwrap_or_else(|ended| panic!("{ended}"));
    }

    /// As [`Daemon::wait_ready`]; the error is how it ended, with its last words, if it did instead.
    pub fn wait_ready_or_ended(&mut self) -> Result<(), String> {
        let child = self.child.as_mut().expect("the daemon was started");
        let api = Api::new(self.admin, &self.operator_key);
        let ended = eventually("the daemon to be ready;", PATIENCE, || {
            if let Some(status) = child.ended() {
                return Ok(Some(format!("the daemon ended ({status}):\n{}", child.log_tail())));
            }
            let answer = api.try_get("/readyz")?;
            if answer.status == 200 { Ok(None) } else { Err(answer.json.to_string()) }
        });
        ended.map_or(Ok(()), |ended| {
            self.child = None;
            Err(ended)
        })
    }

    /// Waits until the admin listener answers, ready or not.
    pub fn wait_answers(&mut self) {
        let child = self.child.as_mut().expect("the daemon was started");
        let api = Api::new(self.admin, &self.operator_key);
        eventually("the daemon to answer;", PATIENCE, || {
            if let Some(status) = child.ended() {
                panic!("the daemon ended ({status}):\n{}", child.log_tail());
            }
            api.try_get("/healthz").map(drop)
        });
    }

    /// How it ended, if it did; then it can be started again.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut().and_then(Child::ended)?;
        self.child = None;
        Some(status)
    }

    /// Waits for its end, however it comes.
    pub fn wait_end(&mut self, deadline: Duration) -> ExitStatus {
        let mut child = self.child.take().expect("the daemon was started");
        child.wait(deadline)
    }

    /// Ends it in order, and waits for that.
    pub fn stop(&mut self) -> ExitStatus {
        self.child().sigterm();
        self.wait_end(PATIENCE)
    }

    /// Kills it where it stands.
    pub fn kill(&mut self) {
        self.child().sigkill();
        self.wait_end(PATIENCE);
    }

    /// Starts it again after an end, and waits until it is ready.
    pub fn restart(&mut self) {
        self.boot();
        self.wait_ready();
    }

    /// The process.
    pub fn child(&self) -> &Child {
        self.child.as_ref().expect("the daemon runs")
    }

    /// Its configuration file.
    pub fn config(&self) -> PathBuf {
        self.dir.join("satback.toml")
    }

    /// All that it has logged.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.dir.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Runs another command of the program on its folder.
    pub fn run(&self, args: &[&str]) -> std::process::Output {
        let mut command = Command::new(&self.exe);
        command.args(args).arg("--config").arg(self.config());
        command.output().expect("the program can be run")
    }

    /// Where wallets and customers find it.
    pub fn public(&self) -> SocketAddr {
        self.public
    }

    /// Where merchants and the operator find it.
    pub fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// The operator's key.
    pub fn operator_key(&self) -> &str {
        &self.operator_key
    }

    /// The admin API with the operator's key.
    pub fn operator(&self) -> Api {
        Api::new(self.admin, &self.operator_key)
    }

    /// The admin API with any key.
    pub fn api(&self, key: &str) -> Api {
        Api::new(self.admin, key)
    }

    /// A request to the public listener.
    pub fn get_public(&self, path: &str) -> Answer {
        Api::new(self.public, "").get(path)
    }

    /// The node as others see it.
    pub fn contact(&self) -> Contact {
        let node = self.operator().get("/node").granted();
        let id = node["node_id"].as_str().expect("a node has an id");
        format!("{id}@{}", self.lightning).parse().expect("a contact")
    }

    /// Opens a channel from the router to the daemon, of which the daemon holds `push_msat`, and waits until both sides
    /// can use it and the daemon can route to every customer.
    pub fn connect(&self, world: &World, sats: u64, push_msat: u64) -> ChannelDetails {
        let contact = self.contact();
        let channel = world.open_channel(&world.router, &contact, sats, push_msat);
        self.wait_usable(world);
        channel
    }

    /// Waits until some channel of the daemon is usable and it knows the whole world.
    pub fn wait_usable(&self, world: &World) {
        let contact = self.contact();
        let wanted = 2 * u64::try_from(world.router.channels().len()).expect("a small number");
        let mut looks = 0;
        eventually("the daemon to know all channels;", PATIENCE, || {
            let node = self.operator().get("/node").granted();
            let usable = node["usable_peers"].as_u64() != Some(0);
            if usable && node["graph_directions"].as_u64() >= Some(wanted) {
                return Ok(());
            }
            looks += 1;
            // Gossip gets lost (see `World::wait_gossip`); a new connection makes the router repeat it.
            if usable && looks % 40 == 0 {
                world.router.lose_connection(&contact.id);
            }
            Err(format!("{wanted} directions wanted: {node}"))
        });
        self.wait_ready_again();
    }

    /// As [`Daemon::wait_usable`], unless a kill has cost the channel.
    pub fn wait_usable_or_closed(&self, world: &World) {
        if self.channel_count() > 0 {
            self.wait_usable(world);
        }
    }

    /// Waits until it has seen every block.
    pub fn sync(&self, world: &World) {
        let height = world.bitcoind.height();
        eventually("the daemon to see every block;", PATIENCE, || {
            let node = self.operator().get("/node").granted();
            if node["height"] == height { Ok(()) } else { Err(node.to_string()) }
        });
    }

    /// How many channels it has, usable or not.
    pub fn channel_count(&self) -> usize {
        let channels = self.operator().get("/node/channels").granted();
        channels["data"].as_array().map_or(0, Vec::len)
    }

    fn wait_ready_again(&self) {
        eventually("the daemon to be ready again;", PATIENCE, || {
            let answer = self.operator().try_get("/readyz")?;
            if answer.status == 200 { Ok(()) } else { Err(answer.json.to_string()) }
        });
    }
}
