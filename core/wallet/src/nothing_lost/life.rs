//! A phone that is killed at a step that the test chooses: between any two calls of a port.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::sync::watch;
use vidimus_credential::{Algorithm, VerifyingKey};

use crate::ports::{
    DataKey, HttpRequest, HttpResponse, HttpTransport, KeyStore, KeyStoreError, NoRandomness,
    Random, SystemRandom, TransportError,
};
use crate::testing::MemoryKeyStore;

/// How many steps a process has left. Each call of a port is two, one before and one after; the
/// call that makes the last one never goes on.
pub(crate) struct Life {
    left: AtomicUsize,
    over: watch::Sender<bool>,
}

impl Life {
    pub(crate) fn of(steps: usize) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicUsize::new(steps),
            over: watch::Sender::new(false),
        })
    }

    /// Waits until it is over.
    pub(crate) async fn end(&self) {
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    /// Whether the process still lives.
    fn go(&self) -> bool {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if left.is_err() {
            self.over.send_replace(true);
        }
        left.is_ok()
    }

    async fn step(&self) {
        if !self.go() {
            pending::<()>().await;
        }
    }

    pub(crate) fn transport(
        self: &Arc<Self>,
        inner: Arc<dyn HttpTransport>,
    ) -> Arc<dyn HttpTransport> {
        Arc::new(Mortal(Arc::clone(self), inner))
    }

    pub(crate) fn keys(self: &Arc<Self>, inner: MemoryKeyStore) -> Arc<dyn KeyStore> {
        Arc::new(Mortal(Arc::clone(self), inner))
    }

    /// Each write of the vault draws before it is committed. A source cannot keep its caller
    /// waiting, so it fails, and nothing else works from then on.
    pub(crate) fn random(self: &Arc<Self>) -> Arc<dyn Random> {
        Arc::new(Mortal(Arc::clone(self), SystemRandom))
    }
}

struct Mortal<T>(Arc<Life>, T);

#[async_trait]
impl HttpTransport for Mortal<Arc<dyn HttpTransport>> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.0.step().await;
        let answer = self.1.send(request).await;
        self.0.step().await;
        answer
    }
}

impl Random for Mortal<SystemRandom> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if self.0.go() {
            self.1.fill(bytes)
        } else {
            Err(NoRandomness)
        }
    }
}

#[async_trait]
impl KeyStore for Mortal<MemoryKeyStore> {
    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        self.1.wrap(data_key).await
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
        self.1.unwrap(wrapped).await
    }

    fn holder_algorithm(&self) -> Option<Algorithm> {
        self.1.holder_algorithm()
    }

    async fn create_holder_key(&self, id: &str) -> Result<VerifyingKey, KeyStoreError> {
        self.0.step().await;
        let made = self.1.create_holder_key(id).await;
        self.0.step().await;
        made
    }

    async fn sign(&self, id: &str, message: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        self.0.step().await;
        self.1.sign(id, message).await
    }

    async fn delete_holder_key(&self, id: &str) -> Result<(), KeyStoreError> {
        self.0.step().await;
        let deleted = self.1.delete_holder_key(id).await;
        self.0.step().await;
        deleted
    }

    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        self.1.read_anchor().await
    }

    /// What was written is committed by then.
    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError> {
        self.0.step().await;
        let raised = self.1.raise_anchor(epoch).await;
        self.0.step().await;
        raised
    }
}
