//! A connection whose other side has to read what it asked for: whoever reads too slowly is not waited for.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// The slowest that an answer may be read, in bytes a second, once the patience is used up.
const SLOWEST: u32 = 1024;

/// A stream on which writing may stand still for a while only. What is read of an answer buys time for the rest.
pub(super) struct Patient<S> {
    stream: S,
    full: Duration,
    left: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Patient<S> {
    /// Lets `stream` stand still for `patience` in all.
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            full: patience,
            left: patience,
            waiting: None,
        }
    }

    /// Judges what came of an attempt to write.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            let waited = self.waiting.take().map(|(since, _)| since.elapsed());
            let bytes = u32::try_from(*written.as_ref().unwrap_or(&0)).unwrap_or(u32::MAX);
            let bought = Duration::from_secs(1) * bytes / SLOWEST;
            let left = self.left.saturating_sub(waited.unwrap_or_default());
            self.left = left.saturating_add(bought).min(self.full);
            return Poll::Ready(written);
        }
        let left = self.left;
        let (_, end) = self
            .waiting
            .get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(left))));
        ready!(end.as_mut().poll(context));
        metrics::counter!(crate::measure::names::STALLED_CONNECTIONS).increment(1);
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::Patient;
    use std::io::ErrorKind;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A connection with room for 4 KiB on the way.
    fn connection() -> (Patient<DuplexStream>, DuplexStream) {
        let (near, far) = duplex(4 * 1024);
        (Patient::new(near, PATIENCE), far)
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_on_one_who_reads_nothing() {
        let (mut near, _far) = connection();
        let started = Instant::now();
        let error = near.write_all(&[0; 8 * 1024]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(started.elapsed().as_secs(), PATIENCE.as_secs());
    }

    /// Reads `bytes` every `pause`, for ever.
    async fn read_slowly(mut far: DuplexStream, bytes: usize, pause: Duration) {
        let mut buffer = vec![0; bytes];
        loop {
            sleep(pause).await;
            far.read_exact(&mut buffer).await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_on_one_who_reads_just_enough_to_seem_alive() {
        let (mut near, far) = connection();
        tokio::spawn(read_slowly(far, 100, Duration::from_secs(5)));
        let error = near.write_all(&vec![0; 64 * 1024]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_one_who_reads_slowly_and_steadily_however_long_it_takes() {
        let (mut near, far) = connection();
        tokio::spawn(read_slowly(far, 2048, Duration::from_millis(1500)));
        let started = Instant::now();
        near.write_all(&vec![0; 256 * 1024]).await.unwrap();
        assert!(started.elapsed() > 5 * PATIENCE);
    }
}
