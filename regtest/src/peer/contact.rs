//! Whom a node can connect to: a node id and an address, written `id@host:port` as everywhere in the field.

use std::fmt;
use std::str::FromStr;

use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;

/// A node as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its node id.
    pub id: PublicKey,
    /// Where it listens.
    pub address: SocketAddress,
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.address)
    }
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Contact, String> {
        let (id, address) = text.split_once('@').ok_or("a contact is written id@host:port")?;
        let id = id.parse().map_err(|error| format!("{id} is no node id: {error}"))?;
        let address =
            address.parse().map_err(|error| format!("{address} is no address: {error}"))?;
        Ok(Contact { id, address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_should_be_read_as_it_is_written() {
        let text =
            "02eec7245d6b7d2ccb30380bfbe2a3648cd7a942653f5aa340edcea1f283686619@127.0.0.1:9735";
        assert_eq!(text.parse::<Contact>().unwrap().to_string(), text);
        assert!("127.0.0.1:9735".parse::<Contact>().is_err());
    }
}
