//! The fixed-length byte strings of Lightning and of our indexes, printed as lower-case hex.

use std::fmt;

/// A text that is not the hex of the bytes that were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHex;

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads exactly `N` bytes of hex in either case.
fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], NotHex> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return Err(NotHex);
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| NotHex)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| NotHex)?;
        // `from_str_radix` would take a sign.
        if pair.starts_with('+') {
            return Err(NotHex);
        }
    }
    Ok(bytes)
}

macro_rules! byte_types {
    ($($(#[$doc:meta])* $name:ident: $len:literal, $debug:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Reads hex in either case.
            pub fn parse(text: &str) -> Result<Self, NotHex> {
                parse_hex(text).map(Self)
            }

            /// The bytes as lower-case hex.
            pub fn to_hex(&self) -> String {
                byte_types!(@hex self.0)
            }
        }

        byte_types!(@$debug $name);
    )+};
    (@hex $bytes:expr) => {
        $bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    (@shown $name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
    };
    // A secret has no `Display`, and its `Debug` says only that it is there: logs are read by many.
    (@secret $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }
    };
}

byte_types! {
    /// The payment hash of a BOLT11 invoice.
    PaymentHash: 32, shown;
    /// The preimage of a payment hash: who shows it has been paid.
    Preimage: 32, secret;
    /// A SHA-256 of something of ours: a token, a key, a ledger row.
    Digest: 32, shown;
    /// A Lightning node's public key.
    NodeId: 33, shown;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_in_either_case_and_written_in_lower_case() {
        let hash = PaymentHash::parse(&"aB".repeat(32)).unwrap();
        assert_eq!(hash.to_string(), "ab".repeat(32));
        assert_eq!(hash.to_hex(), "ab".repeat(32));
    }

    #[test]
    fn what_is_not_hex_of_that_length_is_refused() {
        for text in
            ["", "ab", &"ab".repeat(33), &"zz".repeat(32), &"+1".repeat(32), &"é".repeat(32)]
        {
            assert_eq!(PaymentHash::parse(text), Err(NotHex), "{text}");
        }
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Preimage([7; 32])), "Preimage(secret)");
    }
}
