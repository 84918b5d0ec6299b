//! `satback init`: a new folder with a commented configuration, the seed and the operator's key.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::app::Fault;
use crate::config::{Sources, render_example};
use crate::domain::bytes::Digest;
use crate::domain::network::Network;
use crate::node::seed::Seed;
use crate::ports::entropy::Entropy;
use crate::system::OsEntropy;

use super::print;

/// What a folder that holds satback's data has.
const OURS: [&str; 7] =
    ["satback.toml", "seed", "operator.key", "books", "books.restoring", "ldk", "lock"];

/// Arguments of `satback init`.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder to be made
    #[arg(long, default_value = "./satback-data")]
    dir: PathBuf,
    /// The Bitcoin network: regtest, signet, testnet or bitcoin
    #[arg(long, default_value = "regtest", value_parser = network)]
    network: Network,
    /// A setting to be written into the configuration, as section.key=value
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

fn network(name: &str) -> Result<Network, String> {
    Network::parse(name).ok_or_else(|| "one of regtest, signet, testnet, bitcoin".to_owned())
}

pub(super) fn run(init: &Init) -> Result<(), Fault> {
    let internal =
        |error: std::io::Error| Fault::Internal(format!("{}: {error}", init.dir.display()));
    refuse_used_folder(&init.dir)?;
    let configuration = configuration(init)?;
    make_folder(&init.dir).map_err(internal)?;
    let seed = Seed::new(&OsEntropy);
    let node_id = seed.node_id(init.network).map_err(internal)?;
    seed.write_new(&init.dir.join("seed")).map_err(internal)?;
    write_new(&init.dir.join("operator.key"), &format!("{}\n", operator_key()))
        .map_err(internal)?;
    write_new(&init.dir.join("satback.toml"), &configuration).map_err(internal)?;
    print(&format!(
        "Made in {dir}:\n  \
         satback.toml   the configuration; say in [bitcoind] where bitcoind answers\n  \
         seed           the seed of the node {node_id}: keep a copy where nobody else finds it\n  \
         operator.key   the operator's key for the admin API\n\
         Next: satback serve --config {dir}/satback.toml\n",
        dir = init.dir.display(),
    ));
    Ok(())
}

fn refuse_used_folder(dir: &Path) -> Result<(), Fault> {
    match OURS.iter().find(|name| dir.join(name).exists()) {
        None => Ok(()),
        Some(name) => Err(Fault::Configuration(format!(
            "{} holds satback's data already ({name}); a seed is never overwritten",
            dir.display()
        ))),
    }
}

/// The configuration with what was asked for, checked before anything is written.
fn configuration(init: &Init) -> Result<String, Fault> {
    let network = format!("\"{}\"", init.network);
    let mut set = vec![
        ("network", network.as_str()),
        ("data_dir", "\".\""),
        ("node.seed_file", "\"seed\""),
        ("admin.operator_key", "\"file:operator.key\""),
    ];
    for setting in &init.set {
        match setting.split_once('=') {
            Some(pair) => set.push(pair),
            None => {
                let text = format!("{setting:?} is not section.key=value");
                return Err(Fault::Configuration(text));
            }
        }
    }
    let quoted: Vec<(&str, String)> = set.iter().map(|(key, value)| (*key, quote(value))).collect();
    let flags = quoted.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let checked = Sources { flags, ..Sources::default() }.load();
    checked.map_err(|problems| Fault::Configuration(problems.to_string()))?;
    let set: Vec<_> = quoted.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Ok(render_example(&set))
}

/// A value as TOML: what is none is a text.
fn quote(value: &str) -> String {
    if format!("v = {value}").parse::<toml::Table>().is_ok() {
        value.to_owned()
    } else {
        toml::Value::String(value.to_owned()).to_string()
    }
}

fn operator_key() -> String {
    let mut bytes = [0; 32];
    OsEntropy.fill(&mut bytes);
    format!("ok_{}", Digest(bytes).to_hex())
}

/// Makes the folder and what is missing above it. A folder's name is durable only after a sync of the folder that it is in:
/// a power cut must not take the seed with it.
fn make_folder(dir: &Path) -> std::io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|above| !above.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    for above in missing.into_iter().filter_map(Path::parent) {
        let here = above.as_os_str().is_empty();
        File::open(if here { Path::new(".") } else { above })?.sync_all()?;
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn init(dir: &Path, set: &[&str]) -> Init {
        let set = set.iter().map(|text| (*text).to_owned()).collect();
        Init { dir: dir.join("data"), network: Network::Signet, set }
    }

    #[test]
    fn a_folder_is_made_whole_and_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let init = init(dir.path(), &["bitcoind.port=38332", "node.alias=shop"]);
        run(&init).unwrap();
        for name in ["satback.toml", "seed", "operator.key"] {
            let metadata = std::fs::metadata(init.dir.join(name)).unwrap();
            assert_eq!(metadata.mode() & 0o777, 0o600, "{name}");
        }
        let file = Some(init.dir.join("satback.toml"));
        let config = Sources { file, ..Sources::default() }.load().unwrap().config;
        assert_eq!(config.network, Network::Signet);
        assert_eq!(config.node.alias, "shop");
        assert!(Seed::read(&config.node.seed_file).is_ok());
        assert!(config.admin.operator_key.unwrap().read().unwrap().starts_with("ok_"));
    }

    #[test]
    fn a_folder_that_holds_data_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let init = init(dir.path(), &[]);
        run(&init).unwrap();
        let seed = std::fs::read(init.dir.join("seed")).unwrap();
        assert_eq!(run(&init).unwrap_err().exit_code(), 64);
        assert_eq!(std::fs::read(init.dir.join("seed")).unwrap(), seed);
    }

    #[test]
    fn a_wrong_setting_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let init = init(dir.path(), &["node.aliass=shop"]);
        assert_eq!(run(&init).unwrap_err().exit_code(), 64);
        assert!(!init.dir.exists());
    }
}
