//! The signature of a message (Standard Webhooks, and Speed's).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha256};

/// The value of `webhook-signature`: HMAC-SHA256 over id, timestamp (Unix seconds) and body.
pub fn signature(key: &[u8], id: &str, timestamp: u64, body: &[u8]) -> String {
    let mut engine = HmacEngine::<sha256::Hash>::new(key);
    engine.input(format!("{id}.{timestamp}.").as_bytes());
    engine.input(body);
    let mac = Hmac::<sha256::Hash>::from_engine(engine);
    format!("v1,{}", STANDARD.encode(mac.to_byte_array()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standards_example() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
