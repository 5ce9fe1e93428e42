//! How a target knows that a request is from here and of now.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::server::hex::hex;

/// The value of `Skateboard-Signature`: the moment, and the HMAC-SHA256 of the moment, a dot and the body.
pub fn sign(secret: &str, at: i64, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    let mac = hex(&mac.finalize().into_bytes());
    format!("t={at},v1={mac}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_other_programs_reckon() {
        // printf '1700000000.{"id":1}' | openssl dgst -sha256 -hmac hush
        assert_eq!(
            sign("hush", 1_700_000_000, br#"{"id":1}"#),
            "t=1700000000,v1=e3bce6bd7f1e260dc827417401e6c3eeccf571d426a5e11de648ec1fab6fd879"
        );
        assert_ne!(
            sign("hush", 1, b"body"),
            sign("hush", 2, b"body"),
            "the moment is signed, too"
        );
    }
}
