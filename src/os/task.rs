//! A task that ends with its owner: dropping a run leaves nothing behind.

use tokio::task::JoinHandle;

#[derive(Debug)]
pub(super) struct Task(JoinHandle<()>);

impl Task {
    pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_finished()
    }

    /// Waits for its end.
    pub(crate) async fn over(&mut self) {
        // A panic in it has been told by the panic hook; there is nothing left to wait for either way.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
