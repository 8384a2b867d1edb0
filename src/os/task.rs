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

    /// Waits until the task has ended.
    pub(crate) async fn over(&mut self) {
        // A panic was reported by the panic hook; either way the task has ended.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
