//! Takes connections, as many as there are descriptors for, and ends those that keep the others waiting.
//!
//! Contract: some descriptors are always left for the store, the crawler and the control socket. A head must come within
//! [`Limits::head`], which ends idle connections too; an answer must be taken at a pace of [`Limits::stall`]. Where there is
//! no room for a newcomer, the connection that has been silent for longest without a request under way makes it.

mod limits;
mod stream;
mod table;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

pub(crate) use limits::Limits;
use stream::{Answer, Timed, Upload};
use table::{Connection, Table};

/// How often it is said what was refused.
const REPORT_EVERY: Duration = Duration::from_mins(1);
/// How long nothing is taken where the system has no descriptor or memory left.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// Serves until `stopped`, then for `drain` at most; `false` where requests were cut.
pub(crate) async fn serve(
    listener: TcpListener,
    site: Router,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    drain: Duration,
) -> bool {
    let table = Arc::new(Table::new(limits));
    let mut report = tokio::time::interval(REPORT_EVERY);
    report.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut tasks = JoinSet::new();
    let of_each = stopped.clone();
    loop {
        tokio::select! {
            () = stop(&mut stopped) => break,
            Some(_) = tasks.join_next() => {}
            _ = report.tick() => table.report(),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(connection) = table.admit(peer.ip()) {
                        tasks.spawn(answer(stream, peer, connection, site.clone(), of_each.clone()));
                    }
                }
                Err(error) if is_of_the_peer(&error) => {}
                Err(_) => {
                    table.out_of_descriptors();
                    tokio::time::sleep(OUT_OF_DESCRIPTORS).await;
                }
            }
        }
    }
    drop(listener);
    let drained = tokio::time::timeout(drain, async { while tasks.join_next().await.is_some() {} });
    let whole = drained.await.is_ok();
    tasks.abort_all();
    table.report();
    whole
}

/// Returns when the process is told to stop, or nobody is left who could tell it.
async fn stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// The peer went away before its connection was taken.
fn is_of_the_peer(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// Answers what comes on one connection.
async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    connection: Arc<Connection>,
    site: Router,
    mut stopped: watch::Receiver<bool>,
) {
    // Without it answers still go out, only later.
    let _ = stream.set_nodelay(true);
    let (head, age) = (connection.limits().head, connection.limits().age);
    let io = TokioIo::new(Timed::new(stream, Arc::clone(&connection)));
    let of_request = Arc::clone(&connection);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let busy = of_request.begin();
        let mut request = request.map(|body| Body::new(Upload::new(body, Arc::clone(&of_request))));
        request.extensions_mut().insert(ConnectInfo(peer));
        let site = site.clone();
        async move {
            let response = site.oneshot(request).await?;
            Ok::<_, Infallible>(response.map(|body| Answer::new(body, busy)))
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(64 * 1024)
        .serve_connection(io, service);
    let mut serving = pin!(serving);
    let old = tokio::time::sleep(age);
    tokio::select! {
        // A connection that breaks off is the reader's business, not ours.
        _ = serving.as_mut() => return,
        () = connection.closed() => return,
        () = old => {}
        () = stop(&mut stopped) => {}
    }
    serving.as_mut().graceful_shutdown();
    tokio::select! {
        _ = serving => {}
        () = connection.closed() => {}
    }
}
