//! A connection to the mail server before it is encrypted, read a line at a time and bounded in all.
//!
//! Contract: no read gives more than the rest of one line. So nothing that was slipped in behind the answer to STARTTLS is
//! taken for words said within the encryption: it is left for the handshake, which fails of it (RFC 3207, section 6).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::net::TcpStream;

/// Bytes that one conversation may take from the server; certificates are some kilobytes.
const LIMIT: usize = 128 * 1024;

#[derive(Debug)]
pub(super) struct LineStream {
    connection: BufReader<TcpStream>,
    left: usize,
}

impl LineStream {
    pub(super) fn new(connection: TcpStream) -> Self {
        Self {
            connection: BufReader::new(connection),
            left: LIMIT,
        }
    }
}

impl AsyncRead for LineStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let waiting = ready!(Pin::new(&mut this.connection).poll_fill_buf(cx))?;
        let line = waiting
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(waiting.len(), |end| end + 1);
        let size = line.min(buf.remaining());
        let Some(left) = this.left.checked_sub(size) else {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        };
        buf.put_slice(&waiting[..size]);
        this.left = left;
        Pin::new(&mut this.connection).consume(size);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().connection).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for LineStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.connection.get_ref().peer_addr()
    }
}
