//! A reader of BOLT11 made from its text alone: the human part, and the tagged fields five bits at a time.

use crate::domain::network::Network;

use super::CHARSET;

/// Groups of five bits behind the tagged fields: the signature and the checksum.
const SIGNATURE: usize = 104;
const CHECKSUM: usize = 6;
/// Groups of the time, in front of the tagged fields.
const TIME: usize = 7;

/// The facts.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) network: Option<Network>,
    pub(super) amount_msat: Option<u64>,
    pub(super) hash: Option<[u8; 32]>,
    pub(super) payee: Option<[u8; 33]>,
    pub(super) expires_secs: u64,
    pub(super) final_cltv: u64,
}

impl Plain {
    /// Reads a lower-case invoice; `None` if it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (human, data) = text.rsplit_once('1')?;
        let (network, amount_msat) = human_part(human.strip_prefix("ln")?)?;
        let groups = data.bytes().map(|byte| {
            let at = CHARSET.iter().position(|legal| *legal == byte)?;
            u8::try_from(at).ok()
        });
        let groups: Vec<u8> = groups.collect::<Option<_>>()?;
        let fields = groups.len().checked_sub(SIGNATURE + CHECKSUM)?;
        let (time, mut fields) = groups.get(..fields)?.split_at_checked(TIME)?;
        let created = number(time)?;
        let (mut hash, mut payee, mut expiry, mut final_cltv) = (None, None, None, None);
        while let Some(([tag, high, low], rest)) = fields.split_first_chunk::<3>() {
            let len = usize::from(*high) * 32 + usize::from(*low);
            let (value, rest) = rest.split_at_checked(len)?;
            fields = rest;
            match (CHARSET[usize::from(*tag)], len) {
                (b'p', 52) => hash = hash.or_else(|| bytes(value)),
                (b'n', 53) => payee = payee.or_else(|| bytes(value)),
                (b'x', _) => expiry = expiry.or_else(|| number(value)),
                (b'c', _) => final_cltv = final_cltv.or_else(|| number(value)),
                _ => {}
            }
        }
        Some(Self {
            network,
            amount_msat,
            hash,
            payee,
            expires_secs: created.saturating_add(expiry.unwrap_or(3_600)),
            final_cltv: final_cltv.unwrap_or(18),
        })
    }
}

/// What stands between `ln` and the last `1`: whose money, and how much of it.
fn human_part(text: &str) -> Option<(Option<Network>, Option<u64>)> {
    let digit = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    let (currency, amount) = text.split_at(digit);
    let network = match currency {
        "bc" => Some(Network::Bitcoin),
        "tb" => Some(Network::Testnet),
        "tbs" => Some(Network::Signet),
        "bcrt" => Some(Network::Regtest),
        "sb" => None,
        _ => return None,
    };
    if amount.is_empty() {
        return Some((network, None));
    }
    let unit = amount.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(amount.len());
    let (number, unit) = amount.split_at(unit);
    let pico = match unit {
        "" => 1_000_000_000_000,
        "m" => 1_000_000_000,
        "u" => 1_000_000,
        "n" => 1_000,
        "p" => 1,
        _ => return None,
    };
    let pico = number.parse::<u128>().ok()?.checked_mul(pico)?;
    // A tenth of a millisatoshi cannot be paid.
    (pico % 10 == 0).then_some((network, Some(u64::try_from(pico / 10).ok()?)))
}

fn number(groups: &[u8]) -> Option<u64> {
    let add = |sum: u64, group: &u8| sum.checked_mul(32)?.checked_add(u64::from(*group));
    groups.iter().try_fold(0, add)
}

/// The first `N` bytes of groups of five bits.
fn bytes<const N: usize>(groups: &[u8]) -> Option<[u8; N]> {
    let bit = |at: usize| groups.get(at / 5).map(|group| (group >> (4 - at % 5)) & 1);
    let byte = |at: usize| (0..8).try_fold(0, |sum, of| Some(sum * 2 + bit(8 * at + of)?));
    let bytes: Option<Vec<u8>> = (0..N).map(byte).collect();
    <[u8; N]>::try_from(bytes?).ok()
}
