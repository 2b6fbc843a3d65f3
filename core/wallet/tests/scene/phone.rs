//! A phone with a license of the scene's authority, and an officer who looks at its screen.

use std::sync::Arc;

use vidimus_credential::verify::{Policy, Verdict, Verifier};
use vidimus_credential::{Algorithm, Signer, UnixTime};
use vidimus_wallet::Error;
use vidimus_wallet::ports::{Clock, SystemRandom};
use vidimus_wallet::present::{Frame, Presentation, ReaderRequest};
use vidimus_wallet::testing::records::ONLY;
use vidimus_wallet::testing::vault::{Tx, Vault, Weight};
use vidimus_wallet::testing::{MemoryKeyStore, TestClock};
use vidimus_wallet::timekeeper::{Evidence, Timekeeper};

use super::{Authority, LICENSE, license, noon};

pub(crate) struct Phone {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) keys: MemoryKeyStore,
    pub(crate) vault: Vault,
    pub(crate) authority: Authority,
    pub(crate) clock: TestClock,
}

impl Phone {
    pub(crate) async fn new(hardware: Option<Algorithm>) -> Self {
        Self::with(hardware, Authority::new(), license()).await
    }

    pub(crate) async fn with(
        hardware: Option<Algorithm>,
        authority: Authority,
        license: vidimus_credential::License,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = MemoryKeyStore::new(hardware, Arc::new(SystemRandom));
        let algorithm = hardware.unwrap_or(Algorithm::Ed25519);
        let store = Arc::new(keys.clone());
        let vault = authority
            .enroll_license(folder.path(), store, algorithm, license)
            .await;
        Self {
            folder,
            keys,
            vault,
            authority,
            clock: TestClock::at(noon()),
        }
    }

    pub(crate) fn show(&self, request: Option<ReaderRequest>) -> Presentation {
        let keys = Arc::new(self.keys.clone());
        Presentation::start(&self.vault, keys, LICENSE, request, self.clock.read()).unwrap()
    }

    pub(crate) async fn frame(&self, presentation: &mut Presentation) -> Frame {
        presentation.frame(self.clock.read()).await.unwrap()
    }

    pub(crate) fn asked(&self, text: &str) -> Result<ReaderRequest, Error> {
        ReaderRequest::read(&self.vault, text, self.clock.read())
    }

    /// Nothing is known of the time but this.
    pub(crate) async fn learn(&self, time: UnixTime, evidence: Evidence) {
        let reading = self.clock.read();
        let change = move |tx: &mut Tx<'_>| {
            let mut keeper = Timekeeper::default();
            keeper.learn(reading, time, evidence);
            tx.put(ONLY, &keeper)
        };
        self.vault.write(Weight::Anchored, change).await.unwrap();
    }

    pub(crate) fn verifier(&self) -> Verifier {
        let mut verifier = Verifier::new(
            self.authority.root.verifying_key().clone(),
            Policy::default(),
        );
        verifier
            .set_trust_list(&self.authority.trust_list())
            .unwrap();
        verifier
    }

    /// A new officer, whose clock is right.
    pub(crate) fn check(&self, frame: &Frame) -> Verdict {
        self.verifier().check(&frame.text, self.clock.read().wall)
    }
}
