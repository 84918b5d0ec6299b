//! The node's seed: 64 bytes in a file that only its owner reads. Whoever has it has the money.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use bitcoin::bip32::Xpriv;
use ldk_node::lightning::sign::{KeysManager, NodeSigner, Recipient};

use crate::domain::bytes::NodeId;
use crate::domain::network::Network;
use crate::ports::entropy::Entropy;

/// Bytes of a seed.
const LEN: usize = ldk_node::config::WALLET_KEYS_SEED_LEN;

/// The seed of the node.
#[derive(Clone)]
pub struct Seed([u8; LEN]);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(secret)")
    }
}

impl Seed {
    /// A seed that nobody has seen before.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; LEN];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// Reads the seed from its file.
    ///
    /// # Errors
    /// The file is not there, is not a seed, or can be read by others.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        if file.metadata()?.mode() & 0o077 != 0 {
            return Err(io::Error::other("others may read it (chmod 600)"));
        }
        let mut bytes = [0; LEN];
        file.read_exact(&mut bytes).map_err(|_| io::Error::other("it is shorter than a seed"))?;
        if file.read(&mut [0])? != 0 {
            return Err(io::Error::other("it is longer than a seed"));
        }
        Ok(Self(bytes))
    }

    /// Writes the seed into a new file, durably, for its owner alone.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn write_new(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&self.0)?;
        file.sync_all()?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; LEN] {
        &self.0
    }

    /// The node that this seed makes, as ldk-node derives it; known before any of the node's data is touched.
    ///
    /// # Errors
    /// The bytes make no key; one in 2^127 does not.
    pub fn node_id(&self, network: Network) -> io::Result<NodeId> {
        let master = Xpriv::new_master(to_bitcoin(network), &self.0).map_err(io::Error::other)?;
        let keys = KeysManager::new(&master.private_key.secret_bytes(), 0, 0, true);
        let id = keys.get_node_id(Recipient::Node).map_err(|()| io::Error::other("no node key"))?;
        Ok(NodeId(id.serialize()))
    }
}

/// The network in the library's words.
pub(super) const fn to_bitcoin(network: Network) -> bitcoin::Network {
    match network {
        Network::Bitcoin => bitcoin::Network::Bitcoin,
        Network::Testnet => bitcoin::Network::Testnet,
        Network::Signet => bitcoin::Network::Signet,
        Network::Regtest => bitcoin::Network::Regtest,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::sim::SimEntropy;

    #[test]
    fn a_seed_is_read_back_from_a_file_of_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seed");
        let seed = Seed::new(&SimEntropy::seeded(1));
        seed.write_new(&path).unwrap();
        assert_eq!(Seed::read(&path).unwrap().bytes(), seed.bytes());
        assert!(seed.write_new(&path).is_err(), "a seed is never overwritten");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Seed::read(&path).is_err());
    }

    #[test]
    fn the_node_is_known_from_the_seed_and_differs_by_network_never() {
        let seed = Seed::new(&SimEntropy::seeded(1));
        let id = seed.node_id(Network::Regtest).unwrap();
        assert_eq!(seed.node_id(Network::Bitcoin).unwrap(), id);
        let other = Seed::new(&SimEntropy::seeded(2));
        assert_ne!(other.node_id(Network::Regtest).unwrap(), id);
    }
}
