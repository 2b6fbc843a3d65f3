//! What authority and wallet write to their logs, at the finest level, while a driver's life runs
//! through them. A separate process: the capture is global.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use support::{DRIVER, Office, Phone, reader};
use tracing_subscriber::fmt::MakeWriter;
use vidimus_credential::LicenseStatus;
use vidimus_wallet::refresh::Refresh;

#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Capture {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_capture_holds_no_name_number_key_or_token() {
    let capture = Capture::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(capture.clone())
        .init();

    let office = Office::open().await;
    let phone = Phone::new(&office, None).await;
    let added = office.register().await;
    let license = phone.enroll(&added).await;
    let frame = phone.show(&license).await;
    reader(&office, &phone).check(&frame.text, office.now());
    office
        .set_status(&added.license_id, LicenseStatus::Suspended)
        .await;
    phone.refresh(Refresh::Now).await;
    drop(
        phone
            .wallet
            .read_offer("openid-credential-offer://?credential_offer=%7B%7D")
            .await,
    );
    phone.wallet.remove(&license).await.unwrap();

    let log = String::from_utf8_lossy(&capture.0.lock().unwrap()).into_owned();
    assert!(log.contains("serving"), "the capture works: {log}");
    let driver: Vec<&str> = DRIVER.split('"').skip(1).step_by(2).collect();
    let personal = driver
        .iter()
        .filter(|text| text.len() > 4 && !text.contains('_') && **text != "categories");
    let token = frame.text.get(4..24).unwrap();
    let code = added
        .offer
        .rsplit("pre-authorized_code%22%3A%22")
        .next()
        .unwrap_or_default();
    let code = code.split("%22").next().unwrap_or_default();
    for secret in personal
        .copied()
        .chain([token, code, added.tx_code.as_str(), "Bearer "])
    {
        assert!(
            !secret.is_empty() && !log.contains(secret),
            "the log holds {secret}"
        );
    }
}
