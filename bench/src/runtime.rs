//! What runs asynchronous work: two threads.

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    // The process speaks plain HTTP to loopback; the provider is for reqwest's builder.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?)
}
